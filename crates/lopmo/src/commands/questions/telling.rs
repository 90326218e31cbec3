//! The report, for formats that can't carry it.

use std::io::Write as _;

use papers::Format;
use papers::model::{Address, Entry, Severity};

use crate::words::complain;

/// A line on standard error: severity, code, place, sentence.
pub(super) fn tell(entry: &Entry) {
    let place = entry.address.map(place).filter(|place| !place.is_empty()).map(|place| format!(" ({place})")).unwrap_or_default();
    let severity = severity(entry.severity);
    let _ = writeln!(std::io::stderr().lock(), "{severity} [{}]{place}: {}", entry.code, entry.message);
}

/// How many things did not come over.
pub(super) fn lost<'a>(report: impl Iterator<Item = &'a Entry>, to: Format) {
    let count = report.filter(|entry| entry.severity == Severity::Error).count();
    let place = if to == Format::Json { "xem “report” trong tệp JSON" } else { "xem các dòng trên" };
    complain(format_args!("{count} mục không mang sang được ({place})."));
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn place(address: Address) -> String {
    let words = [("phần", address.part), ("câu", address.number), ("đoạn", address.paragraph)];
    let said: Vec<String> = words.iter().filter_map(|(word, number)| number.map(|number| format!("{word} {number}"))).collect();
    said.join(", ")
}
