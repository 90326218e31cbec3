use exchange::archive::ArchiveError;

/// Why nothing of a file could be read: one clear sentence, with the place where there is one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// Stable, lower case with hyphens: the screen's message key `paper.<code>`.
    pub code: &'static str,
    /// In Vietnamese, for a teacher.
    pub message: String,
}

impl ReadError {
    /// A reason of one format.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The file, or a part of it, is not well formed.
    #[must_use]
    pub fn broken(part: &str, detail: &str) -> Self {
        Self::new("file-broken", format!("Tệp bị hỏng ở phần “{part}” ({detail}). Hãy mở lại bằng chương trình đã tạo ra nó rồi lưu lại."))
    }

    /// More than the limits allow.
    #[must_use]
    pub fn too_large(what: &str) -> Self {
        Self::new("file-too-large", format!("Tệp quá lớn hoặc phình ra bất thường khi giải nén: {what}."))
    }

    /// It needs a password.
    #[must_use]
    pub fn locked() -> Self {
        Self::new("file-locked", "Tệp được đặt mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi lưu lại.")
    }

    /// It was read and has no question in it.
    #[must_use]
    pub fn no_questions() -> Self {
        Self::new("no-questions", "Không tìm thấy câu hỏi nào trong tệp.")
    }
}

impl From<ArchiveError> for ReadError {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Broken(detail) => Self::broken("zip", &detail),
            ArchiveError::TooManyEntries { limit } => Self::too_large(&format!("hơn {limit} tệp con")),
            ArchiveError::TooLarge { name } => Self::too_large(&name),
            ArchiveError::Encrypted { .. } => Self::locked(),
        }
    }
}

/// What a writer made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// What the format could not hold; empty where everything came over.
    pub report: Vec<crate::model::Entry>,
}

/// Why nothing could be written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WriteError(pub String);
