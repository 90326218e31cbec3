//! The light text the import desk edits: what a teacher would type, one line for each thing.
//!
//! ```text
//! PHẦN 1
//! Đoạn chung p1:
//! Đọc đoạn văn sau …
//! Câu 1. [TH] (0,25 điểm) Cho $x^2$ và ![img1]. Hỏi?
//! A. một
//! *B. hai
//! Lời giải: Vì thế.
//! Hết đoạn chung
//! Câu 2. Xét các mệnh đề:
//! *a) [NB] đúng
//! b) sai
//! Câu 3. Bao nhiêu?
//! Đáp án: 12,5|12.5
//! ```
//!
//! A star before a label makes it right. Without any star nothing is said: the key is missing, never
//! guessed; `-a)` says Sai and `?a)` that one statement is not said. Tables are rows between bars,
//! letters look by `<b> <i> <u> <s> <code>`, `H_{2}O` and `x^{2}` are lowered and raised, `↵` is a new line of the
//! paragraph (`<sub> <sup> <br>` are read too), and a backslash takes a sign its meaning.
//! What [`print()`] writes, [`parse`] reads back the same.

mod fields;
mod inline;
mod lines;
mod parse;
mod print;

pub use parse::parse;
pub use print::print;
