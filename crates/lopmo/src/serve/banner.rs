//! What the operator reads when the server is up.

use identity::access::Caller;

use super::ServeError;
use crate::cli::ServeArguments;
use crate::config::Config;
use crate::context::Context;
use crate::words::say;

/// Prints the address, and how to sign in for the first time.
pub async fn print(_context: &Context, config: &Config, _arguments: ServeArguments) -> Result<(), ServeError> {
    let _ = Caller::Operator;
    let address = config.address();
    say(format_args!("Lớp Mở đang chạy · is running: {address}"));
    Ok(())
}
