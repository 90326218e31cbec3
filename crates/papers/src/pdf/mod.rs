//! PDF as far as it goes: its letters, line by line, for the grammar of papers. What a PDF cannot
//! give is said plainly.

mod bars;
mod fonts;
mod lines;
mod runs;

use exchange::fence::without_panic;
use lopdf::{Document as Pdf, LoadOptions};

use crate::document::Document;
use crate::error::ReadError;
use crate::model::Entry;

/// Inflated bytes of one stream or one page's drawing.
const MOST_STREAM: usize = 32 << 20;
/// Objects in one file; a textbook of 500 pages has some ten thousand.
const MOST_OBJECTS: usize = 500_000;
/// Pages; a paper has ten.
const MOST_PAGES: usize = 500;

/// The letters of a PDF in reading order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PdfText {
    /// As lines and paragraphs.
    pub document: Document,
    /// What a PDF cannot give, and what was lost of this one.
    pub report: Vec<Entry>,
}

/// Reads the text layer of a PDF.
///
/// # Errors
/// [`ReadError`] for damaged, locked and scanned files.
pub fn document(bytes: &[u8]) -> Result<PdfText, ReadError> {
    without_panic(|| read(bytes)).unwrap_or_else(|| Err(ReadError::broken("PDF", "không đọc được")))
}

fn read(bytes: &[u8]) -> Result<PdfText, ReadError> {
    let options = LoadOptions { max_decompressed_size: Some(MOST_STREAM), ..LoadOptions::default() };
    let pdf = Pdf::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => ReadError::locked(),
        other => ReadError::broken("PDF", &other.to_string()),
    })?;
    if pdf.objects.len() > MOST_OBJECTS {
        return Err(ReadError::too_large("PDF"));
    }
    if pdf.is_encrypted() && pdf.encryption_state.is_none() {
        return Err(ReadError::locked());
    }
    let mut pages = Vec::new();
    let mut budget = runs::Budget::default();
    let (mut pictures, mut unread, mut count) = (0_usize, 0_usize, 0_usize);
    for (number, id) in pdf.get_pages() {
        if pages.len() >= MOST_PAGES {
            break;
        }
        count += 1;
        let page = runs::page(&pdf, id, budget);
        budget = page.budget;
        pictures = pictures.saturating_add(page.pictures);
        unread = unread.saturating_add(page.unread);
        pages.push((number, page.runs));
    }
    let document = lines::document(pages);
    if document.blocks.is_empty() {
        return Err(if pictures > 0 {
            ReadError::new(
                "pdf-scanned",
                "Tệp PDF này là ảnh quét, không có chữ để đọc. Hãy dùng tệp Word gốc, hoặc nhận dạng chữ (OCR) rồi lưu thành Word.",
            )
        } else {
            ReadError::new("pdf-empty", "Tệp PDF này không có chữ nào đọc được. Hãy dùng tệp Word gốc.")
        });
    }
    Ok(PdfText { document, report: report(pictures, unread, count) })
}

fn report(pictures: usize, unread: usize, pages: usize) -> Vec<Entry> {
    let mut report = vec![Entry::warning(
        "pdf-limits",
        "PDF chỉ cho biết các chữ trên trang: hình vẽ, bảng, công thức nhiều tầng và kiểu trình bày không lấy được đầy đủ. Hãy đối chiếu từng câu với bản gốc; nếu có tệp Word, nên nhập tệp Word.",
    )];
    if pictures > 0 {
        report.push(
            Entry::warning(
                "missing-figure",
                format!("Tệp PDF có {pictures} hình không mang sang được. Hãy thêm hình vào các câu hỏi cần hình."),
            )
            .with("count", pictures),
        );
    }
    if unread > 0 {
        report.push(
            Entry::warning(
                "pdf-letters-unread",
                format!("{unread} chữ dùng phông không cho biết là chữ gì nên được ghi là “�”. Hãy sửa lại các chỗ đó."),
            )
            .with("count", unread),
        );
    }
    if pages >= MOST_PAGES {
        report.push(Entry::warning("pdf-cut", format!("Chỉ đọc {MOST_PAGES} trang đầu của tệp PDF.")));
    }
    report
}
