/// Why a formula could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LatexError {
    /// A command that is not known; with its backslash.
    #[error("lệnh {0} không được hỗ trợ")]
    UnknownCommand(String),
    /// An environment that is not known.
    #[error("môi trường {0} không được hỗ trợ")]
    UnknownEnvironment(String),
    /// Something is missing: a closing brace, an argument.
    #[error("thiếu {0}")]
    Missing(&'static str),
    /// Something stands where it can't.
    #[error("thừa {0}")]
    Unexpected(String),
    /// Longer or deeper than anybody writes.
    #[error("công thức quá dài hoặc quá nhiều lớp")]
    TooLarge,
}
