use db::DbError;
use papers::model::{Key, Paper, Severity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QuestionImportState)]
pub enum ImportState {
    /// For a worker.
    Waiting,
    /// An old Word file is being made a new one.
    Converting,
    /// The file is being read.
    Reading,
    /// There is a paper to look at.
    Ready,
    /// Nothing could be read.
    Failed,
    /// Questions of it are in the bank.
    Saved,
}

impl ImportState {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Converting => "converting",
            Self::Reading => "reading",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Saved => "saved",
        }
    }

    /// Whether there is a paper.
    pub fn has_paper(self) -> bool {
        matches!(self, Self::Ready | Self::Saved)
    }
}

impl TryFrom<String> for ImportState {
    type Error = DbError;

    fn try_from(word: String) -> Result<Self, DbError> {
        [Self::Waiting, Self::Converting, Self::Reading, Self::Ready, Self::Failed, Self::Saved]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| DbError::Stored(format!("question_import.state {word:?}")))
    }
}

/// Why nothing could be read of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportFailure {
    /// Stable; the screen's message key `paper.<code>`.
    pub code: String,
    /// In Vietnamese, for a teacher, with the remedy.
    pub message: String,
}

impl ImportFailure {
    /// A reason and its words.
    pub fn new(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned() }
    }

    /// Reading it needed more memory than a file may.
    #[must_use]
    pub fn too_large() -> Self {
        Self::new("file-too-large", "Tệp quá lớn hoặc quá phức tạp để đọc. Hãy chia đề thành vài tệp nhỏ hơn rồi thử lại.")
    }

    /// Reading it took too long.
    #[must_use]
    pub fn too_slow() -> Self {
        Self::new("file-too-slow", "Tệp mất quá nhiều thời gian để đọc. Hãy chia đề thành vài tệp nhỏ hơn rồi thử lại.")
    }

    /// It brought its reader down.
    #[must_use]
    pub fn broken() -> Self {
        Self::new("file-broken", "Tệp bị hỏng nên không đọc được. Hãy mở lại bằng chương trình đã tạo ra nó rồi lưu lại.")
    }

    /// Its pictures would not fit into the space of its organisation.
    #[must_use]
    pub fn over_quota() -> Self {
        Self::new(
            "quota",
            "Đơn vị đã dùng hết dung lượng nên không giữ được hình của đề. Hãy xoá bớt tệp hoặc nhờ người quản trị tăng hạn mức, rồi bấm thử lại.",
        )
    }

    /// Our fault.
    #[must_use]
    pub fn internal() -> Self {
        Self::new("internal", "Máy chủ gặp trục trặc khi đọc tệp. Tệp vẫn còn; hãy bấm thử lại.")
    }
}

/// What a paper holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportCounts {
    /// Questions.
    pub questions: i64,
    /// Entries of the report that somebody should look at.
    pub doubts: i64,
    /// Questions whose key is not said.
    pub missing_keys: i64,
}

impl ImportCounts {
    pub(super) fn of(paper: &Paper) -> Self {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            questions: count(paper.questions.len()),
            doubts: count(paper.report.iter().filter(|entry| entry.severity != Severity::Info).count()),
            missing_keys: count(paper.questions.iter().filter(|question| question.key == Key::Missing).count()),
        }
    }
}
