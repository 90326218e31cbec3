use std::io;

use crate::protocol::Reason;

/// Why an old document could not be made a new one. Its text is Vietnamese, for a teacher.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// This machine has no LibreOffice.
    #[error(
        "Máy chủ chưa cài LibreOffice nên không đọc được tệp Word cũ. Hãy mở tệp bằng Word, chọn “Lưu thành” loại .docx rồi tải lên lại."
    )]
    NoLibreOffice,
    /// Something is wrong with the document, or it is too much.
    #[error("{}", words(*.reason))]
    Refused {
        /// What.
        reason: Reason,
        /// For the log.
        detail: String,
    },
    /// The machine failed; trying again may help.
    #[error("Máy chủ gặp trục trặc khi chuyển tệp Word cũ. Hãy thử lại.")]
    Machine(#[source] io::Error),
}

impl OfficeError {
    /// Stable, lower case with hyphens: the screen's message key `paper.<code>`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoLibreOffice => "no-libreoffice",
            Self::Refused { reason: Reason::Encrypted, .. } => "file-locked",
            Self::Refused { reason: Reason::Empty, .. } => "file-empty",
            Self::Refused { reason: Reason::NotMedia, .. } => "not-a-paper",
            Self::Refused { reason: Reason::OutOfTime, .. } => "file-too-slow",
            Self::Refused { reason: Reason::OutOfMemory | Reason::TooLarge, .. } => "file-too-large",
            Self::Refused { .. } => "file-broken",
            Self::Machine(_) => "internal",
        }
    }

    pub(super) fn of(reason: Reason, detail: String) -> Self {
        match reason {
            Reason::Internal | Reason::DiskFull => Self::Machine(io::Error::other(detail)),
            reason => Self::Refused { reason, detail },
        }
    }
}

fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::Encrypted => "Tệp được đặt mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi lưu lại.",
        Reason::Empty => "Tệp rỗng, không có dữ liệu nào bên trong.",
        Reason::NotMedia => "Tệp này không phải tệp Word. Hãy mở nó bằng Word rồi lưu thành loại .docx.",
        Reason::OutOfTime => {
            "Tệp Word cũ này mất quá nhiều thời gian để chuyển. Hãy mở nó bằng Word, lưu thành loại .docx rồi tải lên lại."
        }
        Reason::OutOfMemory | Reason::TooLarge => {
            "Tệp Word cũ này quá lớn để chuyển. Hãy mở nó bằng Word, lưu thành loại .docx hoặc chia nhỏ rồi tải lên lại."
        }
        _ => "Tệp Word cũ này bị hỏng nên không mở được. Hãy mở nó bằng Word, lưu thành loại .docx rồi tải lên lại.",
    }
}
