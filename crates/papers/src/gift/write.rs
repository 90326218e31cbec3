use crate::error::{WriteError, Written};
use crate::model::Paper;
/// x
pub fn write(_paper: &Paper) -> Result<Written, WriteError> {
    Err(WriteError(String::new()))
}
