//! Files that call themselves `.docx` and are something else: each gets its own sentence.

use crate::error::ReadError;

/// Why the bytes are no Word package, where their beginning tells.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), ReadError> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    if bytes.is_empty() {
        return Err(ReadError::new("file-empty", "Tệp rỗng (0 byte). Hãy sao chép hoặc tải lại tệp rồi thử lại."));
    }
    if head.starts_with(b"PK") {
        return Ok(());
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return Err(compound(bytes));
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(ReadError::new("file-empty", "Tệp chỉ chứa các byte 0 (thường do lỗi khi chép từ USB). Hãy lấy lại bản gốc của tệp."));
    }
    // Word's owner file: the length of the name, the name, zeros; 162 bytes in all.
    if bytes.len() <= 200 && bytes.first().is_some_and(|length| (1..=54).contains(length)) && bytes.contains(&0) {
        return Err(ReadError::new(
            "file-lock",
            "Đây là tệp khóa tạm của Word (tên bắt đầu bằng “~$”), không phải bài làm. Hãy chọn tệp cùng tên không có “~$”.",
        ));
    }
    let text = String::from_utf8_lossy(head).trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']).to_ascii_lowercase();
    if text.starts_with("{\\rtf") {
        return Err(ReadError::new("file-rtf", "Đây là tệp RTF đổi đuôi thành .docx. Hãy mở bằng Word rồi chọn “Lưu dưới dạng” .docx."));
    }
    if text.starts_with("%pdf") {
        return Err(ReadError::new("file-pdf", "Đây là tệp PDF đổi đuôi thành .docx. Hãy đổi lại đuôi .pdf rồi nhập."));
    }
    if ["<!doctype html", "<html", "mime-version:"].iter().any(|start| text.starts_with(start)) || text.contains("<html") {
        return Err(ReadError::new(
            "file-html",
            "Đây là trang web (HTML) đổi đuôi thành .docx. Hãy mở bằng Word rồi chọn “Lưu dưới dạng” .docx.",
        ));
    }
    if text.starts_with("<?xml") || text.starts_with('<') {
        return Err(ReadError::new("file-word-xml", "Đây là tệp XML, không phải .docx. Hãy mở bằng Word rồi chọn “Lưu dưới dạng” .docx."));
    }
    Err(ReadError::new(
        "file-not-docx",
        "Tệp không phải là tài liệu Word (.docx) hoặc đã hỏng phần đầu. Hãy mở bằng Word rồi lưu lại dưới dạng .docx.",
    ))
}

/// An OLE2 container: a locked document, or one of before 2007.
fn compound(bytes: &[u8]) -> ReadError {
    // Directory entries are 128 bytes and aligned; they begin with the name in UTF-16.
    let named = |name: &str| {
        let wanted: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]).collect();
        bytes.chunks_exact(128).any(|entry| entry.starts_with(&wanted))
    };
    if named("EncryptedPackage") {
        ReadError::locked()
    } else if named("WordDocument") {
        ReadError::new(
            "file-legacy-doc",
            "Đây là tệp Word đời cũ (.doc) mang đuôi .docx. Hãy đổi lại đuôi .doc rồi nhập, hoặc mở bằng Word và lưu thành .docx.",
        )
    } else if named("Workbook") || named("Book") {
        ReadError::new("file-legacy-xls", "Đây là bảng tính Excel đời cũ (.xls), không phải tài liệu Word.")
    } else {
        ReadError::new("file-not-docx", "Tệp không phải là tài liệu Word (.docx). Hãy mở bằng Word rồi lưu lại dưới dạng .docx.")
    }
}
