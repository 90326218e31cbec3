//! The names of the JSON form.

use super::node::{CalloutKind, CellKind, MediaKind};

/// Marks without attributes.
pub(super) const PLAIN_MARKS: [&str; 8] = ["bold", "italic", "underline", "strike", "code", "subscript", "superscript", "highlight"];

impl CalloutKind {
    pub(super) const ALL: [(Self, &'static str); 4] =
        [(Self::Note, "note"), (Self::Tip, "tip"), (Self::Warning, "warning"), (Self::Example, "example")];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Warning => "warning",
            Self::Example => "example",
        }
    }
}

impl CellKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Header => "tableHeader",
            Self::Data => "tableCell",
        }
    }
}

impl MediaKind {
    /// By the node's name.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "image" => Self::Image,
            "video" => Self::Video,
            "audio" => Self::Audio,
            "file" => Self::File,
            "pdf" => Self::Pdf,
            _ => return None,
        })
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
            Self::Pdf => "pdf",
        }
    }

    /// The attribute that holds the line below or the title.
    pub(super) fn caption_word(self) -> &'static str {
        match self {
            Self::Image | Self::Video | Self::Audio => "caption",
            Self::File | Self::Pdf => "title",
        }
    }
}
