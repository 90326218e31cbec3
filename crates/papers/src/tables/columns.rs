//! A question a row: what each column holds, by its heading or, where there is none, by its cells.

use crate::document::{DocumentBlock, Look, Table, TableCell};
use crate::layout::keys::{Value, plain_of, value};
use crate::layout::{level_word, options_in, question_number};
use crate::model::Level;

use super::{Unfolded, labelled, line, number_of, text_of};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Number,
    Question,
    /// The option of a letter, from 0.
    Option(u8),
    Key,
    Explanation,
    Level,
    Points,
    /// A picture of the question, or of the solution.
    Figure,
    Solution,
    /// Kept apart: ids, topics.
    Other,
}

/// The columns of a table of questions.
pub(crate) struct Columns {
    columns: Vec<Column>,
    /// Rows of headings.
    heads: usize,
}

/// Finds the columns of a table with a question a row.
pub(crate) fn of(table: &Table) -> Option<Columns> {
    if table.rows.len() < 2 {
        return None;
    }
    by_heading(table).or_else(|| by_cells(table))
}

fn by_heading(table: &Table) -> Option<Columns> {
    // A title may stand above the headings.
    for (at, row) in table.rows.iter().take(3).enumerate() {
        let columns: Vec<Column> = row.iter().map(|cell| of_heading(&plain_of(&text_of(cell)))).collect();
        let has = |wanted: Column| columns.contains(&wanted);
        let options = columns.iter().filter(|column| matches!(column, Column::Option(_))).count();
        let asked = has(Column::Question) && (options >= 2 || has(Column::Key) || has(Column::Explanation));
        if asked && columns.len() >= 3 || asked && options == 0 && columns.len() == 2 {
            let longest = table.rows.iter().skip(at + 1).flatten().map(|cell| text_of(cell).len()).max().unwrap_or_default();
            return (longest > 8 || options >= 2).then_some(Columns { columns, heads: at + 1 });
        }
    }
    None
}

fn of_heading(plain: &str) -> Column {
    if plain.len() > 40 || question_number(plain).is_some() {
        return Column::Other;
    }
    let words = plain.to_ascii_lowercase();
    let words = words.trim().trim_end_matches([':', '.', '*']).trim();
    let option = ["phuong an", "dap an", "lua chon", "option", "answer", "choice", "pa", "da", "opt", "cau tra loi", "tra loi", "y"]
        .iter()
        .find_map(|word| words.strip_prefix(word))
        .map_or(words, str::trim)
        .trim_matches(['(', ')', '_', '-', ' ']);
    match option.as_bytes() {
        [letter @ b'a'..=b'h'] => return Column::Option(letter - b'a'),
        [digit @ b'1'..=b'8'] if option.len() < words.len() => return Column::Option(digit - b'1'),
        _ => {}
    }
    let is = |list: &[&str]| list.contains(&words);
    let begins = |list: &[&str]| list.iter().any(|word| words.starts_with(word));
    if is(&["stt", "tt", "cau", "no", "#", "so thu tu", "cau so", "so cau", "num", "number", "id cau"]) {
        Column::Number
    } else if begins(&["cau hoi", "noi dung", "question", "de bai", "stem", "phan dan", "cau dan"])
        && !words.contains("type")
        && !words.contains("id")
    {
        Column::Question
    } else if begins(&["dap an", "key", "correct", "answer", "dap so", "phuong an dung", "ket qua", "lua chon dung", "right"]) {
        Column::Key
    } else if begins(&["loi giai", "giai thich", "huong dan", "explanation", "solution", "hdg", "feedback", "giai", "ghi chu dap an"]) {
        Column::Explanation
    } else if begins(&["muc do", "level", "difficulty", "do kho", "muc nhan thuc", "cap do"]) {
        Column::Level
    } else if is(&["diem", "points", "point", "score", "mark", "marks"]) {
        Column::Points
    } else if begins(&["hinh", "image", "picture", "anh", "figure"]) {
        if words.contains("answer") || words.contains("dap an") || words.contains("giai") { Column::Solution } else { Column::Figure }
    } else {
        Column::Other
    }
}

/// No headings: a column of questions with their options in them, beside a column of single letters.
fn by_cells(table: &Table) -> Option<Columns> {
    let width = table.rows.iter().map(Vec::len).max()?;
    let rows = table.rows.len();
    if !(2..=12).contains(&width) {
        return None;
    }
    let share = |column: usize, test: &dyn Fn(&TableCell) -> bool| {
        let found = table.rows.iter().filter(|row| row.get(column).is_some_and(test)).count();
        found * 10 >= rows * 8
    };
    let question = (0..width).find(|column| share(*column, &|cell| options_in(cell)))?;
    let key = (0..width).find(|column| {
        *column != question && share(*column, &|cell| matches!(value(&text_of(cell)), Some(Value::Letters(letters)) if letters.len() == 1))
    })?;
    let columns = (0..width)
        .map(|column| {
            if column == question {
                return Column::Question;
            }
            if column == key {
                return Column::Key;
            }
            let numbers = |cell: &TableCell| {
                let text = plain_of(text_of(cell).trim());
                question_number(&format!("{text} X")).is_some() && text.len() <= 12
                    || text.trim_end_matches(['.', ')', ':']).parse::<u32>().is_ok()
            };
            if share(column, &numbers) {
                return Column::Number;
            }
            let cells = || table.rows.iter().filter_map(|row| row.get(column));
            let texts: Vec<String> = cells().map(text_of).collect();
            let pictures = texts.iter().filter(|text| text.trim_start().starts_with("[image:")).count();
            let worded = texts.iter().filter(|text| text.trim().contains(' ')).count();
            let empty = texts.iter().filter(|text| text.trim().is_empty()).count();
            if pictures + empty == rows && pictures > 0 {
                if column < key { Column::Figure } else { Column::Solution }
            } else if worded * 2 > rows - empty {
                Column::Explanation
            } else {
                Column::Other
            }
        })
        .collect();
    Some(Columns { columns, heads: 0 })
}

/// Writes a table's questions as lines.
pub(crate) fn unfold(table: &Table, columns: &Columns, count: &mut u32, out: &mut Unfolded) {
    for row in table.rows.iter().take(columns.heads) {
        let text: Vec<String> = row.iter().map(text_of).filter(|text| !text.trim().is_empty()).collect();
        out.left.push(text.join(" | "));
    }
    for row in table.rows.iter().skip(columns.heads) {
        let of = |wanted: Column| columns.columns.iter().zip(row).filter(move |(column, _)| **column == wanted).map(|(_, cell)| cell);
        let Some(question) = of(Column::Question).next().filter(|cell| !text_of(cell).trim().is_empty()) else {
            let text: Vec<String> = row.iter().map(text_of).filter(|text| !text.trim().is_empty()).collect();
            // A heading across the table.
            if let [only] = text.as_slice() {
                out.document.blocks.push(line(only.replace('\n', " "), row.first().map_or(0, number_of)));
            } else if !text.is_empty() {
                out.left.push(text.join(" | "));
            }
            continue;
        };
        let place = number_of(question);
        let text = text_of(question);
        let own = question_number(&text).or_else(|| sign_within(question).map(|(_, number)| number));
        *count += 1;
        let numbered = of(Column::Number).find_map(|cell| number_in(&text_of(cell)));
        let number = own.or(numbered).unwrap_or(*count);
        *count = number;
        // The picture of a question stands before it in a paragraph of its own: behind its options it
        // would belong to the last one.
        let figures: Vec<&TableCell> = of(Column::Figure).filter(|cell| !text_of(cell).trim().is_empty()).collect();
        let (blocks, own_level) = without_number(question);
        let level = of(Column::Level).find_map(|cell| level_word(&text_of(cell))).or(own_level);
        let level = level.map_or(String::new(), |level| format!(" [{}]", level.word()));
        if own.is_none() && figures.is_empty() {
            labelled(&format!("Câu {number}.{level}"), Look::default(), question, &mut out.document.blocks);
        } else {
            out.document.blocks.push(line(format!("Câu {number}.{level}"), place));
            figures.iter().for_each(|cell| out.document.blocks.extend(cell.blocks.iter().cloned()));
            out.document.blocks.extend(blocks);
        }
        for (column, cell) in columns.columns.iter().zip(row) {
            if let Column::Option(letter) = column
                && !text_of(cell).trim().is_empty()
            {
                let text = text_of(cell);
                // The cell may say its letter itself.
                if question_option(&text, *letter) {
                    out.document.blocks.extend(cell.blocks.iter().cloned());
                } else {
                    labelled(&format!("{}.", char::from(b'A' + letter.min(&7))), look_of(cell), cell, &mut out.document.blocks);
                }
            }
        }
        for cell in of(Column::Key) {
            let text = key_text(&text_of(cell), columns, row);
            if !text.is_empty() {
                out.document.blocks.push(line(format!("Đáp án: {text}"), number_of(cell)));
            }
        }
        for cell in of(Column::Explanation).chain(of(Column::Solution)).filter(|cell| !text_of(cell).trim().is_empty()) {
            out.document.blocks.push(line("Lời giải:".to_owned(), number_of(cell)));
            out.document.blocks.extend(cell.blocks.iter().cloned());
        }
        let other: Vec<String> = of(Column::Other).chain(of(Column::Points)).map(text_of).filter(|text| !text.trim().is_empty()).collect();
        if !other.is_empty() {
            out.left.push(other.join(" | "));
        }
    }
}

/// The paragraph of a cell that begins its question, and the number it says; a text to read may stand
/// above it.
fn sign_within(cell: &TableCell) -> Option<(usize, u32)> {
    cell.blocks.iter().enumerate().find_map(|(at, block)| match block {
        DocumentBlock::Paragraph(paragraph) => {
            let one = TableCell { blocks: vec![DocumentBlock::Paragraph(paragraph.clone())], ..TableCell::default() };
            Some((at, question_number(&text_of(&one))?))
        }
        DocumentBlock::Table(_) => None,
    })
}

/// A question's blocks without `Câu 5:` at their beginning.
fn without_number(cell: &TableCell) -> (Vec<DocumentBlock>, Option<Level>) {
    let mut blocks = cell.blocks.clone();
    if let Some((at, _)) = sign_within(cell).filter(|(at, _)| *at > 0)
        && let Some(DocumentBlock::Paragraph(signed)) = blocks.get_mut(at)
    {
        let level = crate::layout::drop_question_sign(signed);
        return (blocks, level);
    }
    if let Some(DocumentBlock::Paragraph(first)) =
        blocks.iter_mut().find(|block| !matches!(block, DocumentBlock::Paragraph(empty) if empty.parts.is_empty()))
    {
        let level = crate::layout::drop_question_sign(first);
        return (blocks, level);
    }
    (blocks, None)
}

fn question_option(text: &str, letter: u8) -> bool {
    let plain = plain_of(text);
    let mut bytes = plain.trim_start().bytes();
    bytes.next() == Some(b'A' + letter) && matches!(bytes.next(), Some(b'.' | b')'))
}

/// How the letters of an option's cell look, as the look of the label it gets.
fn look_of(cell: &TableCell) -> Look {
    let mut looks = cell.blocks.iter().filter_map(|block| match block {
        DocumentBlock::Paragraph(paragraph) => Some(paragraph),
        DocumentBlock::Table(_) => None,
    });
    let first = looks.next().and_then(|paragraph| {
        paragraph.parts.iter().find_map(|part| match part {
            crate::document::Part::Text(text, look) if !text.trim().is_empty() => Some(*look),
            _ => None,
        })
    });
    // Bold and underlined words of an option are what it says, not a key.
    let look = first.unwrap_or_default();
    Look { colour: look.colour, highlighted: look.highlighted || cell.shaded, ..Look::default() }
}

fn number_in(text: &str) -> Option<u32> {
    let digits: String = text.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| *number > 0 && *number < 10_000)
}

/// The key as a letter where it is the number or the words of an option.
fn key_text(text: &str, columns: &Columns, row: &[TableCell]) -> String {
    let text = text.trim();
    let options: Vec<(u8, String)> = columns
        .columns
        .iter()
        .zip(row)
        .filter_map(|(column, cell)| if let Column::Option(letter) = column { Some((*letter, text_of(cell))) } else { None })
        .filter(|(_, text)| !text.trim().is_empty())
        .collect();
    if options.len() < 2 || matches!(value(text), Some(Value::Letters(_))) {
        return text.to_owned();
    }
    let same: Vec<u8> = options.iter().filter(|(_, option)| option.trim() == text).map(|(letter, _)| *letter).collect();
    if let [only] = same.as_slice() {
        return char::from(b'A' + only).to_string();
    }
    // `1` to `4` name options only where no option says the same number.
    match text.parse::<u8>() {
        Ok(number)
            if same.is_empty()
                && (1..=8).contains(&number)
                && options.iter().any(|(letter, _)| *letter == number - 1)
                && options.iter().all(|(_, option)| option.trim().parse::<f64>().is_err()) =>
        {
            char::from(b'A' + number - 1).to_string()
        }
        _ => text.to_owned(),
    }
}
