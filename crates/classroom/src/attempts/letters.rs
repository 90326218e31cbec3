//! An explanation that says "chọn B" means the author's B. Where each pupil has another order, the letters are
//! told as she saw them if every one of them surely names an option; else they stay, and it is said whose they are.

use papers::rich::{Block, Inline, Rich};
use scoring::{Form, Shape};
use serde::Serialize;
use utoipa::ToSchema;

use crate::tests::LoadedPaper;

/// Whose letters an explanation uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExplanationLetters)]
pub enum Letters {
    /// Those of the form that the pupil saw.
    AsSeen,
    /// Those of the author's paper: what stood first there is the first here, by the letter the pupil saw.
    AsWritten(Vec<char>),
}

/// Whether a letter stands alone in it, which may name an option.
pub(super) fn may_name(text: &Rich) -> bool {
    let mut lines = Vec::new();
    let mut text = text.clone();
    paragraphs(&mut text, &mut lines);
    let alone = |piece: &Piece| piece.text.len() == 1 && piece.text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    lines.into_iter().any(|line| pieces(line).iter().any(alone))
}

/// An explanation with the letters of a form where they can be told, and whose letters stand there now.
pub(super) fn as_seen(text: &Rich, paper: &LoadedPaper, form: &Form, item: u16) -> (Option<Rich>, Option<Letters>) {
    let Some((permutation, inner)) = paper.keyed.permutation(item).zip(form.inner.get(usize::from(item))) else { return (None, None) };
    let (first, words): (char, &[&str]) = match paper.shape(item) {
        Some(Shape::Choice { .. } | Shape::Choices { .. }) => ('A', &["chọn", "án", "khoanh", "option", "answer", "choose"]),
        Some(Shape::Statements { .. }) => ('a', &["ý", "đề", "biểu", "định", "statement"]),
        _ => return (None, None),
    };
    let letter = |place: usize| char::from_u32(first as u32 + u32::try_from(place).unwrap_or(0)).unwrap_or(first);
    let place_of = |neutral: u8| inner.iter().position(|shown| *shown == neutral).unwrap_or(0);
    let seen: Vec<char> = permutation.as_written(0).into_iter().map(|neutral| letter(place_of(neutral))).collect();
    if seen.len() > 26 || seen.iter().enumerate().all(|(place, seen)| *seen == letter(place)) {
        return (None, None);
    }
    rewrite(text, first, &seen, words)
}

fn rewrite(text: &Rich, first: char, seen: &[char], words: &[&str]) -> (Option<Rich>, Option<Letters>) {
    let mut changed = text.clone();
    let mut found = Found::default();
    let mut lines = Vec::new();
    paragraphs(&mut changed, &mut lines);
    for line in lines {
        found.read(line, first, seen, words);
    }
    match found {
        Found { sure: 0, unsure: 0 } => (None, None),
        Found { unsure: 0, .. } => (Some(changed), Some(Letters::AsSeen)),
        _ => (None, Some(Letters::AsWritten(seen.to_vec()))),
    }
}

fn paragraphs<'a>(text: &'a mut Rich, lines: &mut Vec<&'a mut Vec<Inline>>) {
    for block in &mut text.blocks {
        match block {
            Block::Paragraph(inlines) => lines.push(inlines),
            Block::List { items, .. } => items.iter_mut().for_each(|item| paragraphs(item, lines)),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(|cell| paragraphs(&mut cell.content, lines)),
            Block::Code(_) => {}
        }
    }
}

/// Letters that name options surely, and letters that might.
#[derive(Default)]
struct Found {
    sure: usize,
    unsure: usize,
}

/// A word or a sign of a line. A formula is a sign.
struct Piece {
    text: String,
    /// Which inline it begins in, and at which byte of its text.
    at: Option<(usize, usize)>,
}

/// Words that stand between a word for an option and its letter.
const BETWEEN: [&str; 9] = ["đúng", "là", "sai", "is", "the", "correct", ":", "“", "\""];
/// Words and signs between two letters of one list.
const JOINS: [&str; 7] = ["và", "hoặc", "and", "or", ",", "/", ";"];
/// Words that say of a letter that it is no option.
const OTHER: [&str; 16] =
    ["điểm", "đỉnh", "tâm", "góc", "tập", "hợp", "cố", "vitamin", "nhóm", "hình", "bảng", "cạnh", "đội", "phẳng", "lớp", "máu"];
/// Words after a letter that say what it is.
const JUDGED: [&str; 5] = ["đúng", "sai", "loại", "right", "wrong"];

impl Found {
    fn read(&mut self, line: &mut [Inline], first: char, seen: &[char], words: &[&str]) {
        let pieces = pieces(line);
        let mut named = vec![false; pieces.len()];
        for at in 0..pieces.len() {
            let mut letters = pieces[at].text.chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else { continue };
            let Some(place) = (letter as u32).checked_sub(first as u32).and_then(|place| usize::try_from(place).ok()) else { continue };
            let (Some(new), Some((inline, byte))) = (seen.get(place), pieces[at].at) else { continue };
            let word = |index: usize| pieces.get(index).map_or(String::new(), |piece| piece.text.to_lowercase());
            let before = (0..at).rev().find(|index| !BETWEEN.contains(&word(*index).as_str()));
            let joined = before.filter(|index| JOINS.contains(&word(*index).as_str())).and_then(|join| join.checked_sub(1));
            let opens = at == 0 || word(at - 1) == "\n";
            let is_named = before.is_some_and(|index| words.contains(&word(index).as_str()))
                || joined.is_some_and(|index| named[index])
                || opens && matches!(word(at + 1).as_str(), "." | ")" | ":")
                || JUDGED.contains(&word(at + 1).as_str()) && (opens || !OTHER.contains(&word(at - 1).as_str()));
            if is_named {
                named[at] = true;
                self.sure += 1;
                if let Some(Inline::Text(text, _)) = line.get_mut(inline) {
                    text.replace_range(byte..byte + letter.len_utf8(), &new.to_string());
                }
            } else if before.is_none_or(|index| !OTHER.contains(&word(index).as_str())) {
                self.unsure += 1;
            }
        }
    }
}

/// The words and signs of a line, white space left out. Letters of one word may lie in several looks.
fn pieces(line: &[Inline]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut goes_on = false;
    for (inline, piece) in line.iter().enumerate() {
        match piece {
            Inline::Text(text, _) => {
                for (byte, letter) in text.char_indices() {
                    if letter.is_alphanumeric() && goes_on {
                        if let Some(word) = pieces.last_mut() {
                            word.text.push(letter);
                        }
                    } else if !letter.is_whitespace() {
                        pieces.push(Piece { text: letter.to_string(), at: Some((inline, byte)) });
                    }
                    goes_on = letter.is_alphanumeric();
                }
            }
            Inline::Break => {
                pieces.push(Piece { text: "\n".to_owned(), at: None });
                goes_on = false;
            }
            // Letters in a link are left alone: they are not reached by the place of an inline.
            _ => {
                pieces.push(Piece { text: "\u{fffc}".to_owned(), at: None });
                goes_on = false;
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use papers::rich::Marks;

    use super::*;

    /// A is shown as C, B as A, C as B.
    fn told(text: &str) -> (String, Option<Letters>) {
        let words = ["chọn", "án", "khoanh"];
        let text = Rich::plain(text);
        let (changed, letters) = rewrite(&text, 'A', &['C', 'A', 'B', 'D'], &words);
        assert!(letters.is_none() || may_name(&text));
        (changed.unwrap_or(text).to_text(), letters)
    }

    #[test]
    fn letters_that_surely_name_options_are_told_as_the_pupil_saw_them() {
        for (written, seen) in [
            ("Vì 2 + 2 = 4. Chọn B.", "Vì 2 + 2 = 4. Chọn A."),
            ("Đáp án đúng là C", "Đáp án đúng là B"),
            ("Chọn đáp án: A", "Chọn đáp án: C"),
            ("Phương án A và C sai, chọn B", "Phương án C và B sai, chọn A"),
            ("A. Sai vì thiếu dấu\nB. Đúng", "C. Sai vì thiếu dấu\nA. Đúng"),
            ("Loại phương án A. Tam giác ABC có đỉnh A, chọn D", "Loại phương án C. Tam giác ABC có đỉnh A, chọn D"),
        ] {
            assert_eq!(told(written), (seen.to_owned(), Some(Letters::AsSeen)), "{written}");
        }
    }

    #[test]
    fn where_a_letter_may_be_something_else_all_stay_and_it_is_said_whose_they_are() {
        for text in ["Xét B rồi suy ra. Chọn C", "Giao của A với đường thẳng"] {
            assert_eq!(told(text), (text.to_owned(), Some(Letters::AsWritten(vec!['C', 'A', 'B', 'D']))), "{text}");
        }
        assert_eq!(told("Chu kì tỉ lệ với căn bậc hai của chiều dài."), (told("Chu kì tỉ lệ với căn bậc hai của chiều dài.").0, None));
    }

    #[test]
    fn a_letter_in_another_look_is_the_same_letter() {
        let bold = Marks { bold: true, ..Marks::default() };
        let text = Rich::paragraph(vec![Inline::text("Chọn "), Inline::Text("B".to_owned(), bold), Inline::math("x^2")]);
        let (text, letters) = rewrite(&text, 'A', &['C', 'A', 'B', 'D'], &["chọn"]);
        assert_eq!(
            (text.map(|text| text.to_html()).as_deref(), letters),
            (Some("<p>Chọn <strong>A</strong><span data-math=\"x^2\"></span></p>"), Some(Letters::AsSeen))
        );
    }
}
