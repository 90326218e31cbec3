//! LaTeX with the ex_test package, which teachers of maths and physics share.

mod letters;
mod macros;
mod question;
mod source;
mod table;
mod tags;
mod text;

use exchange::decode::decode_text;

use crate::error::ReadError;
use crate::model::{Address, Entry, Paper};
use crate::package::tell_missing_key;
use crate::roman;
use macros::Expansion;
use source::{Environment, Source, Span};
use text::Notes;

/// Environments that are questions: of options, written, examples.
const ENVIRONMENTS: [&str; 3] = ["ex", "bt", "vd"];
/// The longest source read.
const LONGEST: usize = 20 << 20;

/// Reads a LaTeX source.
///
/// # Errors
/// [`ReadError`] where there is no question in it.
pub fn read(bytes: &[u8]) -> Result<Paper, ReadError> {
    if bytes.len() > LONGEST {
        return Err(ReadError::too_large("LaTeX"));
    }
    let text = decode_text(bytes).replace('\u{b}', " ");
    let (text, expansion) = macros::expanded(&source::without_comments(&text));
    let source = Source::new(text);
    let mut reading = Reading { source: &source, paper: Paper::default(), part: None, number: 0, category: None };
    if expansion == Expansion::GaveUp {
        reading.paper.note(Entry::warning(
            "macro-endless",
            "Lệnh tự định nghĩa trong tệp gọi lẫn nhau không dứt nên chưa được thay hết. Hãy kiểm tra các lệnh \\newcommand.",
        ));
    }
    let body = source.text.find("\\begin{document}").map_or(0, |at| at + "\\begin{document}".len());
    let end = source.text.find("\\end{document}").filter(|end| *end > body).unwrap_or(source.text.len());
    reading.walk((body, end));
    if reading.paper.questions.is_empty() {
        return Err(ReadError::no_questions());
    }
    Ok(reading.paper)
}

struct Reading<'s> {
    source: &'s Source,
    paper: Paper,
    part: Option<u32>,
    number: u32,
    category: Option<String>,
}

impl Reading<'_> {
    /// From question to question, looking at what stands between.
    fn walk(&mut self, (start, end): Span) {
        let (mut at, mut between) = (start, start);
        while let Some(found) = self.source.slice((at, end)).find('\\') {
            at += found;
            if let Some(environment) = self.source.environment(at, end) {
                let name = self.source.slice(environment.name).trim();
                if ENVIRONMENTS.contains(&name) {
                    self.outside((between, at));
                    self.question(name, environment);
                    (at, between) = (environment.end, environment.end);
                    continue;
                }
                if name == "tikzpicture" {
                    at = environment.end;
                    continue;
                }
            } else if let Some(name) =
                ENVIRONMENTS.iter().find(|name| self.source.slice((at, end)).starts_with(&format!("\\begin{{{name}}}")))
            {
                self.outside((between, at));
                let after = self.unclosed(name, at, end);
                (at, between) = (after, after);
                continue;
            }
            at = self.source.command(at, end).map_or(at + 1, |(_, after)| after);
        }
        self.outside((between, end));
    }

    /// A question whose end is missing reaches to the next.
    fn unclosed(&mut self, name: &'static str, at: usize, end: usize) -> usize {
        let inside = at + "\\begin{}".len() + name.len();
        let stop = self.next_question(inside, end);
        self.paper.note(
            Entry::warning("tex-unclosed", format!("Câu hỏi bắt đầu ở dòng {} thiếu \\end{{{name}}}. Hãy kiểm tra.", self.source.line(at)))
                .at(Address { part: self.part, number: Some(self.number + 1), paragraph: Some(self.source.line(at)) }),
        );
        self.question(name, Environment { name: (at, at), inside: (inside, stop), end: stop });
        stop
    }

    /// Where the next question begins.
    fn next_question(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        while let Some(found) = self.source.slice((at, end)).find("\\begin{") {
            at += found;
            let name = self.source.slice((at + "\\begin{".len(), end));
            if ENVIRONMENTS.iter().any(|own| name.strip_prefix(own).is_some_and(|rest| rest.starts_with('}'))) {
                return at;
            }
            at += 1;
        }
        end
    }

    fn question(&mut self, name: &str, environment: Environment) {
        self.number = self.number.saturating_add(1);
        let address = Address { part: self.part, number: Some(self.number), paragraph: Some(self.source.line(environment.inside.0)) };
        let mut notes = Notes::default();
        let mut question = question::read(self.source, name, environment.inside, &mut notes);
        question.address = address;
        question.category.clone_from(&self.category);
        question.settle_key();
        notes.tell(address, &mut self.paper);
        tell_missing_key(&question, &mut self.paper);
        self.paper.questions.push(question);
    }

    /// Headings start parts; other text is told about.
    fn outside(&mut self, span: Span) {
        let mut notes = Notes::default();
        let mut heading = None;
        let mut at = span.0;
        while let Some(found) = self.source.slice((at, span.1)).find('\\') {
            at += found;
            let Some((name, after)) = self.source.command(at, span.1) else { break };
            if matches!(name, "section" | "subsection" | "chapter" | "part") {
                let after = self.source.optional(after, span.1).map_or(after, |(_, after)| after);
                if let Some((title, after)) = self.source.group(self.source.skip_space(after, span.1), span.1) {
                    heading = Some(text::rich(self.source, title, &mut notes).to_text().replace('\n', " "));
                    at = after;
                    continue;
                }
            }
            at = after;
        }
        let text = text::rich(self.source, span, &mut Notes::default()).to_text();
        for line in text.lines() {
            if let Some(part) = part_of(line) {
                (self.part, self.number) = (Some(part), 0);
            }
        }
        if let Some(heading) = heading.filter(|heading| !heading.is_empty()) {
            match part_of(&heading) {
                Some(part) => {
                    if self.part != Some(part) {
                        (self.part, self.number) = (Some(part), 0);
                    }
                }
                None => self.category = Some(heading),
            }
        } else if let Some(words) = told(&text) {
            self.paper.note(
                Entry::info("text-outside-question", format!("Phần chữ “{words}” nằm ngoài các câu hỏi nên không được nhập."))
                    .with("text", &words)
                    .at(Address { part: self.part, number: None, paragraph: Some(self.source.line(span.0)) }),
            );
        }
    }
}

/// Text between questions that somebody may miss: more than a heading or settings.
fn told(text: &str) -> Option<String> {
    let text = text.lines().filter(|line| part_of(line).is_none()).collect::<Vec<_>>().join(" ");
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count();
    (words >= 3).then(|| text.chars().take(120).collect())
}

/// `PHẦN I`, `Phần 2`: the number of a part.
fn part_of(line: &str) -> Option<u32> {
    let line = line.trim().to_lowercase();
    let rest = line.strip_prefix("phần ").or_else(|| line.strip_prefix("part "))?;
    let word: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    roman::read(&word.to_ascii_uppercase(), 6).or_else(|| word.parse().ok().filter(|part| (1..=20).contains(part)))
}
