//! What could not be carried over, in words: one entry a paragraph for what a reader would miss, one
//! a file for what is only worth knowing.

use std::collections::{BTreeMap, HashSet};

use crate::model::{Address, Entry};

/// Entries past this are counted, not listed.
const MOST_ENTRIES: usize = 1_000;

/// Something a paragraph lost, or that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Loss {
    Chart,
    SmartArt,
    Ink,
    /// A drawing made of lines and shapes; the words in it.
    Shapes(String),
    /// A lone line or arrow.
    Line,
    /// A picture that lies outside of the file: where.
    ExternalPicture(String),
    MissingPicture,
    UnreadablePicture,
    /// A format no browser shows: which.
    UnshownPicture(&'static str),
    CroppedPicture,
    FormulaAsPicture,
    FormulaLost,
    /// An object of another program, kept as a picture: the program's word for it.
    ObjectAsPicture(String),
    ObjectLost(String),
    UnknownFormula(String),
    UnknownSymbol(String, String),
    UnknownField(String),
    UnfinishedField,
    EmbeddedDocument,
}

/// Something worth knowing of the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Remark {
    Macros,
    HiddenText,
    Revisions,
    Comments,
    OldFonts,
}

/// The report while a file is read.
#[derive(Debug, Default)]
pub(super) struct Notebook {
    entries: Vec<Entry>,
    seen: HashSet<(u32, Loss)>,
    remarks: BTreeMap<Remark, (u32, u32)>,
    left_out: usize,
}

impl Notebook {
    /// Tells a loss of a paragraph, once.
    pub(super) fn lost(&mut self, paragraph: u32, loss: Loss) {
        if self.entries.len() >= MOST_ENTRIES {
            self.left_out += 1;
        } else if self.seen.insert((paragraph, loss.clone())) {
            self.entries.push(loss.entry(paragraph).at(at(paragraph)));
        }
    }

    /// Counts something worth knowing.
    pub(super) fn remark(&mut self, paragraph: u32, remark: Remark) {
        let (_, count) = self.remarks.entry(remark).or_insert((paragraph, 0));
        *count = count.saturating_add(1);
    }

    pub(super) fn finish(self) -> Vec<Entry> {
        let mut entries = self.entries;
        for (remark, (paragraph, count)) in self.remarks {
            let entry = remark.entry(count).with("count", count);
            entries.push(if paragraph > 0 { entry.at(at(paragraph)) } else { entry });
        }
        if self.left_out > 0 {
            let message = format!("Còn {} cảnh báo tương tự không được liệt kê.", self.left_out);
            entries.push(Entry::warning("more-entries", message).with("count", self.left_out));
        }
        entries
    }
}

fn at(paragraph: u32) -> Address {
    Address { paragraph: Some(paragraph), ..Address::default() }
}

impl Loss {
    fn entry(self, paragraph: u32) -> Entry {
        let here = format!("ở đoạn {paragraph}");
        match self {
            Self::Chart => Entry::error(
                "chart-lost",
                format!("Biểu đồ {here} không chuyển được. Hãy chép nó thành hình (Dán đặc biệt → Picture) rồi nhập lại."),
            ),
            Self::SmartArt => {
                Entry::error("smartart-lost", format!("Sơ đồ SmartArt {here} không chuyển được. Hãy chép nó thành hình rồi nhập lại."))
            }
            Self::Ink => Entry::error("ink-lost", format!("Nét vẽ tay {here} không chuyển được. Hãy chép nó thành hình rồi nhập lại.")),
            Self::Shapes(words) => {
                let with = if words.is_empty() { String::new() } else { format!(" (có chữ: {words})") };
                Entry::error(
                    "drawing-lost",
                    format!("Hình vẽ bằng công cụ Shapes {here}{with} không chuyển được. Hãy nhóm lại, chép thành hình rồi nhập lại."),
                )
                .with("words", words)
            }
            Self::Line => Entry::info("line-lost", format!("Một đường kẻ hoặc mũi tên vẽ rời {here} được bỏ qua.")),
            Self::ExternalPicture(place) => Entry::error(
                "picture-external",
                format!("Hình {here} không nằm trong tệp mà ở “{place}”; chương trình không tải từ bên ngoài. Hãy chèn hẳn hình vào tệp."),
            )
            .with("place", place),
            Self::MissingPicture => Entry::error("picture-missing", format!("Hình {here} không có trong tệp. Hãy chèn lại hình.")),
            Self::UnreadablePicture => Entry::error(
                "picture-unreadable",
                format!("Hình {here} ở dạng không nhận ra hoặc đã hỏng. Hãy chèn lại hình dưới dạng PNG."),
            ),
            Self::UnshownPicture(mime) => Entry::warning(
                "picture-format",
                format!("Hình {here} ở dạng {mime} mà trình duyệt có thể không hiện. Hãy lưu lại thành PNG."),
            )
            .with("mime", mime),
            Self::CroppedPicture => Entry::info("picture-cropped", format!("Hình {here} bị cắt bớt trong Word; ở đây nó hiện đầy đủ.")),
            Self::FormulaAsPicture => Entry::warning(
                "formula-as-picture",
                format!("Công thức {here} chỉ lấy được dưới dạng hình. Hãy gõ lại nếu cần sửa hoặc tìm kiếm."),
            ),
            Self::FormulaLost => Entry::error("formula-lost", format!("Công thức {here} không đọc được. Hãy gõ lại công thức.")),
            Self::ObjectAsPicture(program) if program.is_empty() => {
                Entry::info("object-as-picture", format!("Một đối tượng nhúng {here} được giữ dưới dạng hình."))
            }
            Self::ObjectAsPicture(program) => {
                Entry::info("object-as-picture", format!("Đối tượng “{program}” {here} được giữ dưới dạng hình.")).of_type(program)
            }
            Self::ObjectLost(program) if program.is_empty() => {
                Entry::error("object-lost", format!("Một đối tượng nhúng {here} không chuyển được. Hãy thay bằng hình."))
            }
            Self::ObjectLost(program) => {
                Entry::error("object-lost", format!("Đối tượng “{program}” {here} không chuyển được. Hãy thay bằng hình.")).of_type(program)
            }
            Self::UnknownFormula(names) => Entry::warning(
                "formula-doubtful",
                format!("Công thức {here} có phần chưa hiểu ({names}); các chữ vẫn được giữ. Hãy kiểm tra lại."),
            )
            .of_type(names),
            Self::UnknownSymbol(font, code) => Entry::warning(
                "symbol-unknown",
                format!("Ký hiệu {code} của phông “{font}” {here} không nhận ra. Hãy thay bằng ký hiệu thường."),
            )
            .with("font", font)
            .with("symbol", code),
            Self::UnknownField(code) => Entry::warning(
                "field-unknown",
                format!("Trường tự động “{code}” {here} không có kết quả trong tệp. Hãy gõ thẳng nội dung vào."),
            )
            .with("field", code),
            Self::UnfinishedField => Entry::warning(
                "field-unfinished",
                format!("Trường tự động {here} không kết thúc; chữ sau nó được giữ lại. Hãy kiểm tra đoạn này."),
            ),
            Self::EmbeddedDocument => Entry::error(
                "embedded-document",
                format!("Một tài liệu được chèn nguyên tệp {here} không đọc được. Hãy mở bằng Word, lưu lại rồi nhập."),
            ),
        }
    }
}

impl Remark {
    fn entry(self, count: u32) -> Entry {
        match self {
            Self::Macros => Entry::info("macros-ignored", "Tệp có macro; macro được bỏ qua và không bao giờ chạy."),
            Self::HiddenText => Entry::info(
                "hidden-text",
                format!("Có {count} chỗ chữ ẩn (Hidden) không được lấy. Nếu cần, hãy bỏ định dạng ẩn rồi nhập lại."),
            ),
            Self::Revisions => {
                Entry::info("revisions", format!("Tệp có {count} thay đổi được theo dõi: phần thêm được giữ, phần xóa được bỏ."))
            }
            Self::Comments => Entry::info("comments-ignored", format!("Tệp có {count} chú thích bên lề (Comment) không được lấy.")),
            Self::OldFonts => Entry::info(
                "old-fonts",
                format!("Có {count} đoạn gõ bằng phông cũ (VNI hoặc .VnTime) đã được đổi sang Unicode. Hãy xem lại dấu."),
            ),
        }
    }
}
