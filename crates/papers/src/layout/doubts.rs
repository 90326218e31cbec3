//! The sentences of the report.

use crate::model::{Address, Entry};

/// The place as a teacher says it.
pub(crate) fn place(address: Address) -> String {
    match (address.part, address.number) {
        (Some(part), Some(number)) => format!("Phần {part}, câu {number}"),
        (None, Some(number)) => format!("Câu {number}"),
        _ => "Đề".to_owned(),
    }
}

/// A doubt about a question; the sentence goes on from its place.
pub(crate) fn doubt(code: &str, address: Address, rest: &str) -> Entry {
    Entry::warning(code, format!("{}: {rest}", place(address))).at(address)
}

/// Something worth knowing about a question.
pub(crate) fn hint(code: &str, address: Address, rest: &str) -> Entry {
    Entry::info(code, format!("{}: {rest}", place(address))).at(address)
}
