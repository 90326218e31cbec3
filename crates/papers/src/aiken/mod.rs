//! Aiken: a question, its options `A)` or `A.`, and a line `ANSWER: B`.

use exchange::decode::decode_text;

use crate::error::ReadError;
use crate::model::{Address, Choice, Entry, Key, Paper, Question, QuestionType};
use crate::moodle::letters_with_formulas;

/// More questions than any bank in one file.
const MOST_QUESTIONS: usize = 50_000;

/// Reads a file. What is no question is named with its line; the rest is read all the same.
///
/// # Errors
/// [`ReadError`] where no question was found.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    let text = decode_text(bytes);
    let mut reader = Reader::default();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        reader.line(line.trim(), number);
        if reader.paper.questions.len() > MOST_QUESTIONS {
            return Err(ReadError::too_large("quá nhiều câu hỏi"));
        }
    }
    reader.end(Said::Nothing);
    let paper = reader.paper;
    if paper.questions.is_empty() {
        return Err(match paper.report.first() {
            Some(first) => ReadError::new("no-questions", format!("Không đọc được câu hỏi nào trong tệp. {}", first.message)),
            None => ReadError::no_questions(),
        });
    }
    Ok(paper)
}

/// What the line of the key says.
enum Said<'a> {
    /// There was none.
    Nothing,
    /// Letters.
    Answer(&'a str),
}

#[derive(Default)]
struct Reader {
    paper: Paper,
    /// The line the question begins at.
    start: u32,
    stem: Vec<String>,
    options: Vec<(char, Vec<String>)>,
    after_gap: bool,
}

impl Reader {
    fn line(&mut self, line: &str, number: u32) {
        if line.is_empty() {
            self.after_gap = true;
            return;
        }
        let after_gap = std::mem::take(&mut self.after_gap);
        if let Some(answer) = answer_line(line) {
            self.end(Said::Answer(answer));
            return;
        }
        if let Some((label, text)) = option_line(line).filter(|(label, _)| self.is_next(*label)) {
            self.options.push((label, vec![text.to_owned()]));
            return;
        }
        if after_gap && !self.options.is_empty() {
            self.end(Said::Nothing);
        }
        match self.options.last_mut() {
            Some((_, lines)) => lines.push(line.to_owned()),
            None => {
                if self.stem.is_empty() {
                    self.start = number;
                }
                self.stem.push(line.to_owned());
            }
        }
    }

    /// Options go on by the alphabet; one letter may have been forgotten. The first line is the question.
    fn is_next(&self, label: char) -> bool {
        match self.options.last() {
            Some((last, _)) => (1..=2).contains(&(u32::from(label)).saturating_sub(u32::from(*last))),
            None => label == 'A' && !self.stem.is_empty(),
        }
    }

    fn end(&mut self, said: Said<'_>) {
        let stem = std::mem::take(&mut self.stem);
        let options = std::mem::take(&mut self.options);
        let number = u32::try_from(self.paper.questions.len() + 1).ok();
        let address = Address { part: None, number, paragraph: Some(self.start) };
        let line = self.start;
        if stem.is_empty() && options.is_empty() {
            return;
        }
        if stem.is_empty() || options.len() < 2 {
            let message = format!("Dòng {line}: câu hỏi không có đủ phương án A), B)… ở các dòng sau nên bị bỏ qua.");
            self.paper.note(Entry::error("aiken-options", message).at(Address { number: None, ..address }).with("line", line));
            return;
        }
        let mut question = Question::new(QuestionType::SingleChoice);
        question.address = address;
        question.stem = letters_with_formulas(&stem.join("\n"));
        let rights = match said {
            Said::Nothing => Vec::new(),
            Said::Answer(answer) => {
                let rights = letters_of(answer);
                let known = |right: &char| options.iter().any(|(label, _)| label == right);
                if rights.is_empty() || !rights.iter().all(known) {
                    let message = format!("Dòng {line}: đáp án “{}” không phải một phương án của câu.", short(answer));
                    self.paper.note(Entry::warning("aiken-answer", message).at(address).with("answer", short(answer)));
                    Vec::new()
                } else {
                    rights
                }
            }
        };
        if rights.len() > 1 {
            question.kind = QuestionType::MultipleChoice;
        }
        question.options = options
            .into_iter()
            .map(|(label, lines)| Choice {
                label: label.to_string(),
                content: letters_with_formulas(&lines.join("\n")),
                correct: (!rights.is_empty()).then(|| rights.contains(&label)),
                ..Choice::default()
            })
            .collect();
        question.settle_key();
        if question.key == Key::Missing {
            let message = format!("Dòng {line}: câu chưa có đáp án (dòng ANSWER). Hãy đánh dấu đáp án đúng.");
            self.paper.note(Entry::warning("key-missing", message).at(address));
        }
        self.paper.questions.push(question);
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// What stands after `ANSWER:`.
pub(crate) fn answer_line(line: &str) -> Option<&str> {
    let (word, rest) = line.split_once(':')?;
    matches!(word.trim().to_uppercase().as_str(), "ANSWER" | "ĐÁP ÁN").then(|| rest.trim())
}

/// `B`, `B) because`, `A, C`.
fn letters_of(answer: &str) -> Vec<char> {
    let words = answer.split([',', ';', ' ']).filter(|word| !word.is_empty());
    let mut found = Vec::new();
    for word in words {
        let mut letters = word.trim_end_matches([')', '.']).chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.is_ascii_alphabetic() => found.push(letter.to_ascii_uppercase()),
            _ => break,
        }
        // `B) because` says no more than `B`.
        if word.ends_with([')', '.']) {
            break;
        }
    }
    found.dedup();
    found
}

/// `A) text`, `A. text`.
pub(crate) fn option_line(line: &str) -> Option<(char, &str)> {
    let label = line.chars().next().filter(char::is_ascii_uppercase)?;
    let rest = line.get(1..)?.strip_prefix([')', '.'])?;
    (rest.starts_with(char::is_whitespace) || rest.is_empty()).then(|| (label, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_with_and_without_a_key_are_read() {
        let text = "Thủ đô của Việt Nam?\nA) Huế\nB. Hà Nội\nC) Đà Nẵng\nANSWER: B\n\nSố nào chẵn\nvà nhỏ hơn 5?\nA. 2\nB. 3\nC. 4\nANSWER: A, C\n\n\
                    Không có đáp án\nA) $x^2$\n   đúng\nB) 2\n\nThừa\nANSWER: A\nSai nhãn\nA) 1\nB) 2\nanswer: E\n";
        let paper = read(text.as_bytes()).unwrap();
        let shown: Vec<_> = paper
            .questions
            .iter()
            .map(|question| {
                (
                    question.stem.to_text(),
                    question.options.iter().map(|option| option.correct).collect::<Vec<_>>(),
                    question.address.paragraph,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("Thủ đô của Việt Nam?".to_owned(), vec![Some(false), Some(true), Some(false)], Some(1)),
                ("Số nào chẵn\nvà nhỏ hơn 5?".to_owned(), vec![Some(true), Some(false), Some(true)], Some(7)),
                ("Không có đáp án".to_owned(), vec![None, None], Some(14)),
                ("Sai nhãn".to_owned(), vec![None, None], Some(21)),
            ]
        );
        assert_eq!(paper.questions[1].kind, QuestionType::MultipleChoice);
        assert_eq!(paper.questions[2].options[0].content.to_text(), "$x^2$\nđúng");
        let codes: Vec<_> = paper.report.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes, ["key-missing", "aiken-options", "aiken-answer", "key-missing"]);
        assert!(paper.report[1].message.contains("Dòng 19"), "{}", paper.report[1].message);
    }

    #[test]
    fn a_file_without_a_question_says_so() {
        assert_eq!(read(b"").unwrap_err().code, "no-questions");
        assert!(read("xin chào".as_bytes()).unwrap_err().message.contains("Dòng 1"));
    }
}
