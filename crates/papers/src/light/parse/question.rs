//! Lines that belong to the open question.

use crate::model::{Answer, Blank, BlankType, Choice, Entry, Exact, Level, Pair, QuestionType, Statement};
use crate::rich::Rich;

use super::super::fields::FIELDS;
use super::super::lines::{Line, Mark};
use super::values::{answer, exact, tag, variants};
use super::{Parser, Target};

impl Parser<'_> {
    /// A line that belongs to the open question.
    pub(super) fn of_question(&mut self, found: Line<'_>, number: u32) {
        match found {
            Line::Option { mark, letter, rest } => self.option(mark, letter, rest, number),
            Line::Statement { mark, letter, rest } => {
                let mut statement = Statement { label: letter.to_string(), ..Statement::default() };
                let mut rest = rest;
                if let Some((level, behind)) = tag(rest, '[', ']').and_then(|(tag, behind)| Some((Level::parse(tag)?, behind))) {
                    statement.level = Some(level);
                    rest = behind;
                }
                self.marks.push(mark);
                if let Some(question) = self.paper.questions.last_mut() {
                    question.statements.push(statement);
                }
                self.target = Target::Statement;
                self.paragraph(rest, number);
            }
            Line::Answer(rest) => self.answers(rest, QuestionType::ShortAnswer, number),
            Line::Number(rest) => self.answers(rest, QuestionType::Numeric, number),
            Line::Explanation(rest) => {
                self.target = Target::Explanation;
                if let Some(question) = self.paper.questions.last_mut() {
                    question.explanation.get_or_insert_default();
                }
                self.paragraph(rest, number);
            }
            Line::Rubric(rest) => {
                self.target = Target::Rubric;
                if let Some(question) = self.paper.questions.last_mut() {
                    question.rubric.get_or_insert_default();
                }
                self.paragraph(rest, number);
            }
            Line::Hint(rest) => {
                self.target = Target::Hint;
                if let Some(question) = self.paper.questions.last_mut() {
                    question.hints.push(Rich::default());
                }
                self.paragraph(rest, number);
            }
            Line::Pair(rest) => {
                let (left, right) = rest.split_once("<=>").unwrap_or(("", rest));
                let pair = Pair { left: self.cell(left.trim()), right: self.cell(right.trim()) };
                if let Some(question) = self.paper.questions.last_mut() {
                    question.pairs.push(pair);
                }
            }
            Line::Item(rest) => {
                let item = self.cell(rest);
                if let Some(question) = self.paper.questions.last_mut() {
                    question.items.push(item);
                }
            }
            Line::Feedback(rest) => {
                let said = self.cell(rest);
                let Some(question) = self.paper.questions.last_mut() else { return };
                let target = match self.target {
                    Target::BlankOption => {
                        question.blanks.last_mut().and_then(|blank| blank.options.last_mut()).map(|option| &mut option.feedback)
                    }
                    Target::Statement => question.statements.last_mut().map(|statement| &mut statement.feedback),
                    _ => question.options.last_mut().map(|option| &mut option.feedback),
                };
                match target {
                    Some(feedback) => *feedback = Some(said),
                    None => self.lost.push((number, rest.to_owned())),
                }
            }
            Line::AnswerFeedback(at, rest) => {
                let said = self.cell(rest);
                let Some(question) = self.paper.questions.last_mut() else { return };
                let answers = match question.blanks.last_mut() {
                    Some(blank) => &mut blank.answers,
                    None => &mut question.answers,
                };
                match at.checked_sub(1).and_then(|at| answers.get_mut(at)) {
                    Some(answer) => answer.feedback = Some(said),
                    None => self.lost.push((number, rest.to_owned())),
                }
            }
            Line::Occasion(occasion, rest) => {
                let said = self.cell(rest);
                if let Some(question) = self.paper.questions.last_mut() {
                    question.feedback.insert(occasion.to_owned(), said);
                }
            }
            Line::Blank(rest) => {
                let word = rest.split([' ', '(', '[']).next().unwrap_or_default();
                let points = rest.split_once('(').and_then(|(_, points)| exact(points.split_once("điểm")?.0));
                let case_sensitive = match rest.split_once('[').and_then(|(_, said)| said.split_once(']')) {
                    Some(("phân biệt hoa thường", _)) => Some(true),
                    Some(("không phân biệt hoa thường", _)) => Some(false),
                    _ => None,
                };
                let kind = match word {
                    "một" => BlankType::SingleChoice,
                    "nhiều" => BlankType::MultipleChoice,
                    "số" => BlankType::Numeric,
                    _ => BlankType::ShortAnswer,
                };
                if let Some(question) = self.paper.questions.last_mut() {
                    question.blanks.push(Blank { kind, options: Vec::new(), answers: Vec::new(), points, case_sensitive });
                }
                self.target = Target::BlankOption;
            }
            Line::Field(at, rest) => {
                if let (Some(field), Some(question)) = (FIELDS.get(at), self.paper.questions.last_mut()) {
                    field.set(question, rest);
                }
            }
            _ => {}
        }
    }

    pub(super) fn option(&mut self, mark: Mark, letter: char, rest: &str, number: u32) {
        let mut option = Choice { label: letter.to_string(), ..Choice::default() };
        let mut rest = rest;
        if let Some((credit, behind)) = tag(rest, '[', ']').and_then(|(tag, behind)| Some((exact(tag.strip_suffix('%')?)?, behind))) {
            option.credit = credit.checked_div(Exact::from(100)).map(|credit| credit.normalize());
            rest = behind;
        }
        if let Some((_, behind)) = tag(rest, '[', ']').filter(|(tag, _)| *tag == "cố định") {
            option.pinned = true;
            rest = behind;
        }
        // Stars are settled when the question is done: without any, nothing is said.
        option.correct = (mark == Mark::Right).then_some(true);
        let Some(question) = self.paper.questions.last_mut() else { return };
        let blank = question.blanks.last_mut().filter(|_| self.target == Target::BlankOption);
        match blank {
            Some(blank) => blank.options.push(option),
            None => {
                question.options.push(option);
                self.target = Target::Option;
            }
        }
        self.paragraph(rest, number);
    }

    pub(super) fn answers(&mut self, rest: &str, kind: QuestionType, number: u32) {
        let variants: Vec<Answer> = variants(rest).iter().filter_map(|text| answer(text, kind)).collect();
        let Some(question) = self.paper.questions.last_mut() else { return };
        if let Some(blank) = question.blanks.last_mut() {
            blank.answers.extend(variants);
            return;
        }
        // `Đáp án: B` of a question with options marks its option.
        let letters: Vec<char> = rest.chars().filter(|letter| !matches!(letter, ',' | ' ')).collect();
        let known = |letter: &char| question.options.iter().any(|option| option.label.starts_with(*letter));
        if !question.options.is_empty() && !letters.is_empty() && letters.iter().all(known) {
            for option in &mut question.options {
                if option.label.chars().next().is_some_and(|label| letters.contains(&label)) {
                    option.correct = Some(true);
                }
            }
            return;
        }
        if !question.options.is_empty() || !question.statements.is_empty() {
            let message =
                format!("Dòng {number}: “Đáp án: {rest}” không phải là một phương án của câu. Hãy đánh dấu * trước phương án đúng.");
            self.paper.report.push(Entry::warning("key-letter-unknown", message).at(question.address));
            return;
        }
        self.said.get_or_insert(kind);
        question.answers.extend(variants);
    }
}
