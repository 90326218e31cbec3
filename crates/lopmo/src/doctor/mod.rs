//! `lopmo doctor`: says what is missing or misconfigured, and changes nothing but a file it removes again.

mod checks;

use std::fmt;
use std::process::ExitCode;

use crate::config::{Config, ConfigError};
use crate::words::say;

/// What a check found.
#[derive(Debug)]
enum Finding {
    /// As it should be.
    Good(String),
    /// The server works, but less well.
    Note(String),
    /// The server does not work so.
    Bad(String),
}

/// Looks at everything and says what it found. Fails when something must be mended.
pub async fn run(config: Result<Config, ConfigError>) -> ExitCode {
    let mut findings = vec![("Cấu hình · configuration", configuration(&config))];
    if let Ok(config) = &config {
        let (database, storage) = tokio::join!(checks::database(config), checks::storage(config));
        findings.extend([
            ("Thư mục dữ liệu · data folder", checks::data_folder(config)),
            ("Cơ sở dữ liệu · database", database),
            ("Kho tệp · storage", storage),
            ("Cổng mạng · port", checks::port(config)),
            ("HTTPS", checks::https(config)),
        ]);
    }
    findings.extend([
        ("Xử lý video · video", checks::encoders()),
        ("Hộp cát · sandbox", checks::sandbox()),
        ("Đồng hồ · clock", checks::clock()),
        ("LibreOffice", checks::libreoffice()),
    ]);
    for (what, finding) in &findings {
        say(format_args!("{}", Line { what, finding }));
    }
    let bad = findings.iter().filter(|(_, finding)| matches!(finding, Finding::Bad(_))).count();
    if bad == 0 {
        say("Mọi thứ sẵn sàng. · Everything is ready.");
        return ExitCode::SUCCESS;
    }
    say(format_args!("Cần sửa {bad} mục. · {bad} to be mended."));
    ExitCode::FAILURE
}

struct Line<'a> {
    what: &'a str,
    finding: &'a Finding,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, text) = match self.finding {
            Finding::Good(text) => ("ok", text),
            Finding::Note(text) => ("note", text),
            Finding::Bad(text) => ("BAD", text),
        };
        write!(f, "{mark:<5} {}: {text}", self.what)
    }
}

fn configuration(config: &Result<Config, ConfigError>) -> Finding {
    match config {
        Ok(config) => Finding::Good(format!("{} · {}", config.data_folder.display(), config.address())),
        Err(error) => Finding::Bad(error.to_string()),
    }
}
