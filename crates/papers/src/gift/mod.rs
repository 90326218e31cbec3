//! GIFT, the text format of Moodle: questions parted by blank lines, answers in braces.

mod answers;
mod blocks;
mod body;
mod build;
mod lenient;
mod letters;
mod parse;
#[cfg(test)]
mod samples;
mod scan;
mod syntax;
mod write;

pub use write::write;

use exchange::decode::decode_text;

use crate::error::ReadError;
use crate::model::{Address, Entry, Paper};
use crate::moodle::{category, extras};
use syntax::Item;

/// More questions than any bank in one file.
const MOST_QUESTIONS: usize = 50_000;

/// Reads a file. A block that is no GIFT is named with its line; the others are read all the same.
///
/// # Errors
/// [`ReadError`] where no question was found.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    let text = decode_text(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let mut paper = Paper::default();
    let mut folder: Option<String> = None;
    for block in blocks::blocks(&text) {
        for parsed in parse::parse(&block) {
            let address = Address { part: None, number: None, paragraph: Some(parsed.line) };
            match parsed.result {
                Ok(Item::Category(path)) => folder = category::from_moodle(&path),
                Ok(Item::Question(question)) => {
                    if paper.questions.len() >= MOST_QUESTIONS {
                        return Err(ReadError::too_large("quá nhiều câu hỏi"));
                    }
                    if parsed.run_on {
                        let message = format!("Dòng {}: câu này không cách câu trước bằng một dòng trống; đã tách ra.", parsed.line);
                        paper.note(Entry::warning("gift-no-blank-line", message).at(address).with("line", parsed.line));
                    }
                    build::add(*question, folder.as_deref(), &mut paper);
                }
                Err(fault) => {
                    let message = format!("Dòng {}: {}", parsed.line, fault.message);
                    paper.note(Entry::error(fault.code, message).at(address).with("line", parsed.line));
                }
            }
        }
    }
    if paper.questions.is_empty() {
        return Err(match paper.report.first() {
            Some(first) => ReadError::new("no-questions", format!("Không đọc được câu hỏi nào trong tệp. {}", first.message)),
            None => ReadError::no_questions(),
        });
    }
    extras::drop_unknown_passages(&mut paper);
    Ok(paper)
}
