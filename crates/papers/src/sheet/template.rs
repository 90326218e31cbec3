//! The workbook that teachers download, with a sheet of instructions, choices in the cells and an
//! example of each type.

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Format, Worksheet, XlsxError};

use super::headings::Column;
use super::write::{columns, fill, kind_word, new_workbook};
use crate::model::QuestionType;

/// Rows that have choices in their cells.
const READY_ROWS: u32 = 500;

const INSTRUCTIONS: [&str; 16] = [
    "HƯỚNG DẪN NHẬP CÂU HỎI",
    "Mỗi câu hỏi một dòng trong trang “Câu hỏi”. Có thể xóa các dòng ví dụ và các cột không dùng; không đổi tên tiêu đề cột.",
    "Câu hỏi: nội dung câu hỏi. Công thức viết giữa hai dấu đô-la: $x^2+1$. Muốn có dấu đô-la thật, viết \\$.",
    "A, B, C, D, …: các phương án; với câu “Đúng – Sai” là các ý a, b, c, d; với câu “Ghép cặp” là các cặp “vế trái => vế phải”; với câu “Sắp thứ tự” là các mục theo đúng thứ tự.",
    "Đáp án của câu “Một lựa chọn”: B. Của câu “Nhiều đáp án”: A,C.",
    "Đáp án của câu “Đúng – Sai”: mỗi ý một chữ, ví dụ ĐSSĐ (hoặc DSSD, hoặc Đ,S,S,Đ).",
    "Đáp án của câu “Trả lời ngắn”: 12,5. Nhiều cách viết được chấp nhận thì ngăn bằng dấu gạch đứng: 12,5|25/2.",
    "Câu “Số có sai số”: một số, cột Sai số cho biết được lệch bao nhiêu; hoặc một khoảng 4..7.",
    "Câu “Điền chỗ trống”: trong câu hỏi viết [blank:1], [blank:2] ở chỗ trống; cột A ghi đáp án chỗ trống 1, cột B chỗ trống 2. Chỗ trống chọn từ danh sách ghi {=đúng ~sai ~sai}.",
    "Câu “Tự luận”: để trống cột Đáp án; hướng dẫn chấm ghi ở cột Hướng dẫn chấm (có thể thêm cột này).",
    "Mức độ: NB, TH, VD, VDC.",
    "Phần: 1, 2, 3, 4 nếu đề chia phần; số câu bắt đầu lại từ 1 trong mỗi phần.",
    "Chủ đề: thư mục của câu hỏi, ví dụ “Đại số/Hàm số”. Có thể thêm các cột Nhãn, Nguồn, Ngữ liệu, Gợi ý, Yêu cầu cần đạt.",
    "Các câu dùng chung đoạn văn: ghi cùng một nội dung vào cột Ngữ liệu của từng câu.",
    "Chữ đậm, nghiêng, chỉ số dưới, chỉ số trên: <b>đậm</b>, <i>nghiêng</i>, H<sub>2</sub>O, m<sup>2</sup>.",
    "Để trống đáp án nếu chưa có: hệ thống sẽ nhắc, không bao giờ tự đoán.",
];

/// An example: type, question, what stands under the letters, key, tolerance, level.
type Example = (QuestionType, &'static str, &'static [&'static str], &'static str, &'static str, &'static str);

const EXAMPLES: [Example; 9] = [
    (QuestionType::SingleChoice, "Đạo hàm của hàm số $y=x^2$ là", &["$y'=x$", "$y'=2x$", "$y'=x^2$", "$y'=2$"], "B", "", "NB"),
    (QuestionType::MultipleChoice, "Những số nào sau đây là số nguyên tố?", &["2", "4", "7", "9"], "A,C", "", "NB"),
    (
        QuestionType::TrueFalse,
        "Cho hàm số $y=x^3-3x$.",
        &["Hàm số có hai điểm cực trị.", "Hàm số đồng biến trên $\\mathbb{R}$.", "Đồ thị đi qua gốc tọa độ.", "Giá trị cực đại bằng $-2$."],
        "ĐSĐS",
        "",
        "TH",
    ),
    (QuestionType::ShortAnswer, "Tính giá trị của biểu thức $\\dfrac{25}{2}$.", &[], "12,5|25/2", "", "TH"),
    (QuestionType::Numeric, "Gia tốc trọng trường ở mặt đất bằng bao nhiêu m/s<sup>2</sup>?", &[], "9.8", "0.1", "NB"),
    (
        QuestionType::Matching,
        "Ghép mỗi nước với thủ đô của nước đó.",
        &["Việt Nam => Hà Nội", "Lào => Viêng Chăn", "Thái Lan => Băng Cốc"],
        "",
        "",
        "NB",
    ),
    (QuestionType::Ordering, "Sắp xếp các số theo thứ tự tăng dần.", &["1", "2", "3"], "", "", "NB"),
    (QuestionType::Cloze, "Nước sôi ở [blank:1] °C và là chất [blank:2].", &["100", "{=lỏng ~rắn ~khí}"], "", "", "NB"),
    (QuestionType::Essay, "Chứng minh rằng $\\sqrt{2}$ là số vô tỉ.", &[], "", "", "VD"),
];

/// The template's bytes; empty only if the writer fails in memory, which it has no reason to.
#[must_use]
pub fn template() -> Vec<u8> {
    workbook().unwrap_or_default()
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let rows: Vec<Vec<(Column, String)>> = EXAMPLES.iter().enumerate().map(|(at, example)| row(at, example)).collect();
    let columns = columns(6, &rows);
    let mut book = new_workbook()?;
    let sheet = book.add_worksheet();
    sheet.set_name("Câu hỏi")?;
    fill(sheet, &columns, &rows)?;
    choices(sheet, &columns)?;
    let guide = book.add_worksheet();
    guide.set_name("Hướng dẫn")?;
    guide.set_column_width(0, 110.0)?;
    let text = Format::new().set_text_wrap();
    for (at, line) in INSTRUCTIONS.iter().enumerate() {
        let format = if at == 0 { Format::new().set_bold().set_font_size(14) } else { text.clone() };
        guide.write_string_with_format(u32::try_from(at).unwrap_or_default(), 0, *line, &format)?;
    }
    book.save_to_buffer()
}

fn row(at: usize, (kind, stem, options, key, tolerance, level): &Example) -> Vec<(Column, String)> {
    let mut out = vec![
        (Column::Number, (at + 1).to_string()),
        (Column::Kind, kind_word(*kind).to_owned()),
        (Column::Stem, (*stem).to_owned()),
        (Column::Key, (*key).to_owned()),
        (Column::Tolerance, (*tolerance).to_owned()),
        (Column::Level, (*level).to_owned()),
        (Column::Topic, "Ví dụ".to_owned()),
    ];
    out.extend(options.iter().enumerate().map(|(at, text)| (Column::Option(at), (*text).to_owned())));
    out
}

fn choices(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    let kinds: Vec<&str> = [
        QuestionType::SingleChoice,
        QuestionType::MultipleChoice,
        QuestionType::TrueFalse,
        QuestionType::ShortAnswer,
        QuestionType::Numeric,
        QuestionType::Matching,
        QuestionType::Ordering,
        QuestionType::Cloze,
        QuestionType::Essay,
        QuestionType::Description,
    ]
    .map(kind_word)
    .to_vec();
    let lists: [(Column, Vec<&str>, &str); 2] = [
        (Column::Kind, kinds, "Chọn một loại trong danh sách, hoặc để trống để nhận theo đáp án."),
        (Column::Level, vec!["NB", "TH", "VD", "VDC"], "NB: nhận biết, TH: thông hiểu, VD: vận dụng, VDC: vận dụng cao."),
    ];
    for (column, words, message) in lists {
        let Some(at) = columns.iter().position(|own| *own == column) else { continue };
        let at = u16::try_from(at).unwrap_or_default();
        let validation = DataValidation::new()
            .allow_list_strings(&words)?
            .set_input_message(message)?
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_message("Giá trị không có trong danh sách.")?;
        sheet.add_data_validation(1, at, READY_ROWS, at, &validation)?;
    }
    Ok(())
}
