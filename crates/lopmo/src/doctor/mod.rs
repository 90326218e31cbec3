//! `lopmo doctor`: says what is missing or misconfigured.

use std::process::ExitCode;

use crate::config::{Config, ConfigError};
use crate::words::{complain, say};

/// Looks at everything and says what it found.
pub async fn run(config: Result<Config, ConfigError>) -> ExitCode {
    match config {
        Ok(config) => {
            say(format_args!("configuration: {}", config.data_folder.display()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(error);
            ExitCode::FAILURE
        }
    }
}
