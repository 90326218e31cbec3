//! `lopmo demo`, and `lopmo serve --demo`.

use super::execute::Telling;
use crate::context::Context;

pub(super) async fn load(_context: &Context, _telling: &Telling) -> Result<(), String> {
    Err("not yet".to_owned())
}
