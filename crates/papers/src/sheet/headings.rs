//! What the columns of a sheet of questions are called, in Vietnamese and English.

use exchange::vietnamese::fold;

use super::grid::Cell;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Number,
    Part,
    Kind,
    Stem,
    /// An option, a statement, a pair or an item, by its place.
    Option(usize),
    Key,
    Tolerance,
    Points,
    Level,
    Explanation,
    Topic,
    Tags,
    Passage,
    Title,
    Hints,
    Rubric,
    Source,
    Requirement,
    Language,
    Pinned,
    Shuffle,
    Id,
    Correct,
    Partial,
    Incorrect,
    Case,
}

/// The names of each column; the first is the one we write.
pub(super) const NAMES: [(Column, &[&str]); 25] = [
    (Column::Number, &["STT", "Số", "Câu số", "Số câu", "No", "Number", "#", "TT", "Câu"]),
    (Column::Part, &["Phần", "Part"]),
    (Column::Kind, &["Loại", "Dạng", "Loại câu hỏi", "Dạng câu hỏi", "Kiểu câu hỏi", "Type", "Question type", "Kiểu"]),
    (
        Column::Stem,
        &["Câu hỏi", "Nội dung", "Nội dung câu hỏi", "Đề bài", "Câu dẫn", "Question", "Question text", "Stem", "Nội dung câu dẫn"],
    ),
    (
        Column::Key,
        &[
            "Đáp án",
            "Đáp án đúng",
            "Key",
            "Answer",
            "Correct answer",
            "Correct",
            "Phương án đúng",
            "Đ/A",
            "ĐA",
            "Answers",
            "Đáp án chính xác",
            "Câu trả lời đúng",
        ],
    ),
    (Column::Tolerance, &["Sai số", "Tolerance"]),
    (Column::Points, &["Điểm", "Số điểm", "Points", "Score", "Point", "Marks"]),
    (Column::Level, &["Mức độ", "Level", "Độ khó", "Mức", "Difficulty", "Cấp độ", "Mức độ nhận thức"]),
    (
        Column::Explanation,
        &["Lời giải", "Giải thích", "Hướng dẫn giải", "Explanation", "Solution", "Lời giải chi tiết", "Giải thích đáp án"],
    ),
    (Column::Topic, &["Chủ đề", "Topic", "Chương", "Category", "Bài", "Thư mục", "Chuyên đề"]),
    (Column::Tags, &["Nhãn", "Tags", "Thẻ", "Từ khóa", "Tag", "Keywords"]),
    (Column::Passage, &["Ngữ liệu", "Đoạn văn", "Passage", "Ngữ liệu chung"]),
    (Column::Title, &["Tiêu đề", "Tên câu hỏi", "Title", "Name"]),
    (Column::Hints, &["Gợi ý", "Hint", "Hints"]),
    (Column::Rubric, &["Hướng dẫn chấm", "Rubric"]),
    (Column::Source, &["Nguồn", "Source"]),
    (Column::Requirement, &["Yêu cầu cần đạt", "Mã YCCĐ", "YCCĐ", "Requirement"]),
    (Column::Language, &["Ngôn ngữ", "Language"]),
    (Column::Pinned, &["Cố định", "Pinned"]),
    (Column::Shuffle, &["Trộn", "Shuffle", "Trộn phương án"]),
    (Column::Id, &["Mã câu", "Mã câu hỏi", "Id", "Code"]),
    (Column::Correct, &["Phản hồi khi đúng", "Correct feedback"]),
    (Column::Partial, &["Phản hồi khi đúng một phần", "Partial feedback"]),
    (Column::Incorrect, &["Phản hồi khi sai", "Incorrect feedback"]),
    (Column::Case, &["Phân biệt hoa thường", "Case sensitive"]),
];

/// Words before an option's letter or number.
const OPTION_WORDS: [&str; 9] = ["phuong an", "dap an", "lua chon", "option", "answer", "choice", "y", "cau tra loi", "tra loi"];

fn plain(heading: &str) -> String {
    let folded = fold(heading);
    let kept: String =
        folded.chars().map(|letter| if letter.is_alphanumeric() || letter == '#' || letter == '/' { letter } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a heading names.
pub(super) fn column(heading: &str) -> Option<Column> {
    if heading.chars().count() > 60 {
        return None;
    }
    let heading = plain(heading);
    option(&heading)
        .map(Column::Option)
        .or_else(|| NAMES.iter().find(|(_, names)| names.iter().any(|name| plain(name) == heading)).map(|(column, _)| *column))
}

fn option(heading: &str) -> Option<usize> {
    let word = OPTION_WORDS.iter().find_map(|word| heading.strip_prefix(word)?.strip_prefix(' '));
    let named = word.unwrap_or(heading);
    let mut letters = named.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_lowercase() => ('a'..='z').position(|own| own == letter),
        // A bare number is no heading; `Phương án 1` is.
        (Some(digit), None) if word.is_some() => digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1)),
        _ => None,
    }
}

/// The columns of a row of headings; `None` for a row that is none.
pub(super) fn columns(row: &[Cell]) -> Option<Vec<Option<Column>>> {
    let mut found: Vec<Option<Column>> = Vec::with_capacity(row.len());
    for cell in row {
        let own = column(&cell.text).filter(|own| !found.contains(&Some(*own)));
        found.push(own);
    }
    // `Câu` alone names the question where nothing else does.
    if !found.contains(&Some(Column::Stem))
        && let Some(at) = row.iter().position(|cell| plain(&cell.text) == "cau")
        && let Some(slot) = found.get_mut(at)
    {
        *slot = Some(Column::Stem);
    }
    let has_stem = found.contains(&Some(Column::Stem));
    let more = found.iter().flatten().filter(|own| matches!(own, Column::Option(_) | Column::Key | Column::Kind)).count();
    (has_stem && more > 0).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_in_both_languages_are_known() {
        for (heading, expected) in [
            ("Câu hỏi", Some(Column::Stem)),
            ("NỘI DUNG CÂU HỎI:", Some(Column::Stem)),
            ("A", Some(Column::Option(0))),
            ("Đáp án C", Some(Column::Option(2))),
            ("Phương án 4", Some(Column::Option(3))),
            ("đáp án đúng", Some(Column::Key)),
            ("Đáp án", Some(Column::Key)),
            ("Mức độ", Some(Column::Level)),
            ("Explanation", Some(Column::Explanation)),
            ("Ngày", None),
        ] {
            assert_eq!(column(heading), expected, "{heading}");
        }
    }
}
