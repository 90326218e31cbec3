//! Files that are none of the formats: each kind gets its own sentence, with the remedy.

use exchange::archive::{ArchiveLimits, LimitedArchive};
use exchange::kind::{FileKind, sniff};

use crate::error::ReadError;
use crate::package::Package;

/// Why a file that [`super::Format::recognise`] knows nothing of can't be read.
#[must_use]
pub fn unknown(bytes: &[u8], file_name: Option<&str>) -> ReadError {
    let kind = sniff(bytes);
    if matches!(kind, FileKind::Zip | FileKind::Epub)
        && let Err(error) = refused(bytes)
    {
        return error;
    }
    let (code, message) = match kind {
        FileKind::Empty => ("file-empty", "Tệp rỗng (0 byte). Hãy sao chép hoặc tải lại tệp rồi thử lại."),
        FileKind::OleDoc => {
            ("file-legacy-doc", "Đây là tệp Word đời cũ (.doc). Hãy mở bằng Word, chọn “Lưu dưới dạng” .docx rồi nhập lại.")
        }
        FileKind::OleXls => {
            ("file-legacy-xls", "Đây là bảng tính Excel đời cũ (.xls). Hãy mở bằng Excel, chọn “Lưu dưới dạng” .xlsx rồi nhập lại.")
        }
        FileKind::Pptx | FileKind::OlePpt | FileKind::Odp => {
            ("file-pptx", "Đây là bài trình chiếu, không phải đề. Hãy chép các câu hỏi sang Word rồi lưu dưới dạng .docx.")
        }
        FileKind::Odt => ("file-odt", "Đây là tệp OpenDocument (.odt). Hãy mở bằng LibreOffice hoặc Word rồi lưu dưới dạng .docx."),
        FileKind::Ods => ("file-ods", "Đây là bảng tính OpenDocument (.ods). Hãy mở bằng LibreOffice hoặc Excel rồi lưu dưới dạng .xlsx."),
        FileKind::Rtf => ("file-rtf", "Đây là tệp RTF. Hãy mở bằng Word, chọn “Lưu dưới dạng” .docx rồi nhập lại."),
        FileKind::Html => ("file-html", "Đây là trang web (HTML). Hãy mở bằng Word, chọn “Lưu dưới dạng” .docx rồi nhập lại."),
        FileKind::Png | FileKind::Jpeg | FileKind::Gif | FileKind::Webp | FileKind::Svg => {
            ("file-picture", "Đây là tệp hình, không có chữ để đọc. Hãy dùng tệp Word hoặc PDF gốc của đề.")
        }
        kind if kind.is_audio_or_video() && kind != FileKind::Mpeg => {
            ("file-media", "Đây là tệp âm thanh hoặc video, không phải đề. Hãy chọn tệp Word, Excel, PDF hoặc tệp câu hỏi.")
        }
        FileKind::Zip | FileKind::Epub => (
            "file-not-package",
            "Tệp nén này không phải tài liệu Word, bảng tính Excel, gói QTI hay Common Cartridge. Hãy giải nén rồi chọn từng tệp đề.",
        ),
        _ if is_lock(bytes, file_name) => {
            ("file-lock", "Đây là tệp khóa tạm mà Word tạo khi đang mở đề (tên bắt đầu bằng “~$”). Hãy chọn tệp cùng tên không có “~$”.")
        }
        _ if bytes.iter().all(|byte| *byte == 0) => {
            ("file-empty", "Tệp chỉ chứa các byte 0 (thường do lỗi khi chép từ USB). Hãy lấy lại bản gốc của tệp.")
        }
        FileKind::Text | FileKind::Srt | FileKind::Vtt => (
            "file-unknown-text",
            "Tệp chữ này không theo dạng nào đọc được (GIFT, Aiken, Moodle XML, QTI, LaTeX ex_test, JSON của Lớp Mở). Nếu là đề gõ tay, hãy dán vào Word và lưu dưới dạng .docx.",
        ),
        _ => ("file-unknown", "Không nhận ra loại tệp này, hoặc tệp đã hỏng phần đầu. Hãy mở bằng chương trình đã tạo ra nó rồi lưu lại."),
    };
    ReadError::new(code, message)
}

/// What is wrong with a zip before anybody asks what it holds: bombs, paths that lead out, a broken manifest.
fn refused(bytes: &[u8]) -> Result<(), ReadError> {
    let mut package = Package::open(bytes)?;
    let manifests: Vec<String> =
        package.paths().into_iter().filter(|path| path.to_lowercase().ends_with("imsmanifest.xml")).take(4).collect();
    for manifest in manifests {
        package.xml(&manifest)?;
    }
    drop(package);
    LimitedArchive::open(bytes, ArchiveLimits::OFFICE)?.prove_harmless()?;
    Ok(())
}

/// Word's owner file: 162 bytes, the length of the user's name first, then the name and zeros.
fn is_lock(bytes: &[u8], file_name: Option<&str>) -> bool {
    let named = file_name.is_some_and(|name| name.rsplit(['/', '\\']).next().unwrap_or(name).starts_with("~$"));
    let shaped = bytes.first().is_some_and(|length| (1..=54).contains(length)) && bytes.contains(&0);
    bytes.len() <= 1024 && (named || (bytes.len() <= 200 && shaped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_stranger_gets_its_own_sentence() {
        let lock: Vec<u8> = [&[4][..], b"Minh", &[0; 157]].concat();
        for (bytes, name, code) in [
            (&b""[..], "a.docx", "file-empty"),
            (&[0; 4000], "a.docx", "file-empty"),
            (&lock, "~$de.docx", "file-lock"),
            (&lock, "de.docx", "file-lock"),
            (b"\x89PNG\r\n\x1a\n", "a.docx", "file-picture"),
            (b"{\\rtf1 x", "a.doc", "file-rtf"),
            (b"<html><body>x</body></html>", "a.doc", "file-html"),
            (b"xin ch\xc3\xa0o", "a.txt", "file-unknown-text"),
            (b"MZ\x90\0\x03\0\0", "a.exe", "file-unknown"),
        ] {
            assert_eq!(unknown(bytes, Some(name)).code, code, "{name}");
        }
    }
}
