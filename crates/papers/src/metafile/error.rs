/// Why a metafile could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetafileError {
    /// Neither WMF nor EMF.
    #[error("không phải hình WMF hay EMF")]
    Foreign,
    /// It ends too early or contradicts itself.
    #[error("hình bị hỏng: {0}")]
    Broken(&'static str),
    /// Larger than any drawing of a paper.
    #[error("hình quá lớn")]
    TooLarge,
    /// Nothing in it is drawn with records that are known.
    #[error("không vẽ được nội dung của hình ({0})")]
    Nothing(String),
}
