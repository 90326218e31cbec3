/// Why a formula could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MtefError {
    /// The object, or the picture, holds no formula.
    #[error("không có công thức MathType trong đối tượng")]
    NoEquation,
    /// The container or the formula ends too early.
    #[error("dữ liệu công thức bị hỏng: {0}")]
    Broken(String),
    /// A version other than 3 and 5.
    #[error("phiên bản MTEF {0} không được hỗ trợ")]
    Version(u8),
    /// A record that is not known.
    #[error("bản ghi MTEF {0} không được hỗ trợ")]
    Record(u8),
    /// A template that is not known.
    #[error("mẫu MTEF {selector} (biến thể {variation}) không được hỗ trợ")]
    Template {
        /// Its selector.
        selector: u8,
        /// Its variation.
        variation: u16,
    },
    /// A character of MathType's own that has no Unicode.
    #[error("ký tự MTEF {code:#06x} (kiểu chữ {typeface}) không được hỗ trợ")]
    Character {
        /// Its code.
        code: u16,
        /// Its typeface.
        typeface: i16,
    },
    /// A mark on a character that is not known.
    #[error("dấu trang trí MTEF {0} không được hỗ trợ")]
    Embellishment(u8),
    /// Deeper or larger than anybody writes.
    #[error("công thức quá lớn hoặc quá nhiều lớp")]
    TooLarge,
    /// There is nothing in it.
    #[error("công thức rỗng")]
    Empty,
}
