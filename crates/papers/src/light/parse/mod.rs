//! Light text as a paper.

mod question;
mod values;

use crate::model::{Entry, Level, Media, Paper, Passage, Question, QuestionType};
use crate::rich::{Block, Cell, CellKind, ListKind, Rich};

use super::inline::Reader;
use super::lines::{Line, Mark, TYPES, line};
use values::{exact, settle, tag, unescaped_bar};

/// Where lines of content go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Nothing,
    Passage,
    Stem,
    Option,
    Statement,
    BlankOption,
    Explanation,
    Rubric,
    Hint,
}

struct Parser<'a> {
    reader: Reader<'a>,
    paper: Paper,
    target: Target,
    part: Option<u32>,
    passage: Option<String>,
    /// A type said in words, of the open question.
    said: Option<QuestionType>,
    /// Marks of the open question's statements.
    marks: Vec<Mark>,
    fenced: Option<String>,
    /// Lines that are nowhere, with their numbers.
    lost: Vec<(u32, String)>,
    /// Whether the last line was a row of a table.
    row: Last,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Row,
    Other,
}

/// Reads light text. `media` are the pictures and sounds it may name.
#[must_use]
pub fn parse(text: &str, media: Vec<Media>) -> Paper {
    let mut parser = Parser {
        reader: Reader::new(&media),
        paper: Paper::default(),
        target: Target::Nothing,
        part: None,
        passage: None,
        said: None,
        marks: Vec::new(),
        fenced: None,
        lost: Vec::new(),
        row: Last::Other,
    };
    for (at, text) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        parser.line(text.trim_end(), number);
    }
    parser.close();
    let lost = std::mem::take(&mut parser.lost);
    let mut paper = parser.paper;
    if let Some((first, _)) = lost.first() {
        let text: Vec<&str> = lost.iter().map(|(_, text)| text.as_str()).collect();
        let place = crate::model::Address { part: None, number: None, paragraph: Some(*first) };
        let message = format!(
            "Dòng {first}: có {} dòng đứng trước câu đầu tiên nên không thuộc câu nào. Hãy thêm “Câu 1.” ở đầu hoặc xoá đi.",
            lost.len()
        );
        paper.report.push(Entry::warning("text-left-out", message).at(place).with("text", text.join("\n")));
    }
    unknown_media(&mut paper, &media);
    paper.media = media;
    paper
}

/// Pictures named but not there.
fn unknown_media(paper: &mut Paper, media: &[Media]) {
    let mut entries = Vec::new();
    for question in &paper.questions {
        let mut see = |rich: &Rich| {
            rich.each_inline(&mut |inline| {
                if let crate::rich::Inline::Media { id, .. } = inline
                    && !media.iter().any(|media| media.id == *id)
                {
                    let message = format!("Câu {}: không có hình hay âm thanh tên “{id}”.", question.address.number.unwrap_or_default());
                    entries.push(Entry::warning("media-unknown", message).at(question.address).with("id", id));
                }
            });
        };
        see(&question.stem);
        question.options.iter().for_each(|option| see(&option.content));
        question.statements.iter().for_each(|statement| see(&statement.content));
        question.explanation.iter().for_each(see);
    }
    paper.report.extend(entries);
}

impl Parser<'_> {
    fn line(&mut self, text: &str, number: u32) {
        if let Some(code) = &mut self.fenced {
            if text.trim() == "```" {
                let code = std::mem::take(code);
                self.fenced = None;
                self.block(Block::Code(code), number, text);
            } else {
                if !code.is_empty() {
                    code.push('\n');
                }
                code.push_str(text);
            }
            return;
        }
        let last = std::mem::replace(&mut self.row, Last::Other);
        if text.trim().is_empty() {
            return;
        }
        let found = line(text);
        // A solution may hold lines that look like options; only larger signs end it.
        let inside = matches!(self.target, Target::Explanation | Target::Rubric | Target::Hint | Target::Passage);
        match found {
            Line::Part(part, rest) => {
                self.close();
                self.part = Some(part).filter(|part| *part > 0);
                self.passage = None;
                self.target = Target::Nothing;
                if !rest.is_empty() {
                    self.note(number, rest);
                }
            }
            Line::Question(at, rest) => self.question(at, rest, number),
            Line::Passage(id, rest) => self.begin_passage(id, rest, number),
            Line::PassageEnd => {
                self.close();
                self.passage = None;
                self.target = Target::Nothing;
            }
            Line::Row(row) => {
                let cells = self.cells(row);
                self.row = Last::Row;
                let rich = if last == Last::Row { self.content() } else { None };
                match rich.and_then(|rich| rich.blocks.last_mut()) {
                    Some(Block::Table(rows)) => rows.push(cells),
                    _ => self.block(Block::Table(vec![cells]), number, text),
                }
            }
            Line::Fence => self.fenced = Some(String::new()),
            Line::Bullet(rest) => self.item(ListKind::Bullets, rest, number),
            Line::Numbered(rest) => self.item(ListKind::Numbers, rest, number),
            Line::Text(text) => self.paragraph(text, number),
            _ if inside && matches!(found, Line::Option { .. } | Line::Statement { .. }) => self.paragraph(text, number),
            _ if self.paper.questions.is_empty() || self.target == Target::Passage || self.target == Target::Nothing => {
                self.paragraph(text, number)
            }
            other => self.of_question(other, number),
        }
    }

    fn note(&mut self, number: u32, rest: &str) {
        let place = crate::model::Address { part: self.part, number: None, paragraph: Some(number) };
        let message = format!("Dòng {number}: chữ sau tên phần không được đưa vào câu hỏi.");
        self.paper.report.push(Entry::info("text-left-out", message).at(place).with("text", rest));
    }

    fn question(&mut self, at: u32, rest: &str, number: u32) {
        self.close();
        let mut question = Question::new(QuestionType::Essay);
        question.address = crate::model::Address { part: self.part, number: Some(at), paragraph: Some(number) };
        question.passage = self.passage.clone();
        let mut rest = rest;
        loop {
            if let Some((tag, behind)) = tag(rest, '[', ']') {
                if let Some(level) = Level::parse(tag) {
                    question.level = Some(level);
                    rest = behind;
                    continue;
                }
                if let Some((_, kind)) = TYPES.iter().find(|(word, _)| *word == tag) {
                    self.said = Some(*kind);
                    rest = behind;
                    continue;
                }
            }
            let points = tag(rest, '(', ')').and_then(|(tag, behind)| Some((exact(tag.strip_suffix("điểm")?)?, behind)));
            match points {
                Some((points, behind)) => {
                    question.points = Some(points);
                    rest = behind;
                }
                None => break,
            }
        }
        self.paper.questions.push(question);
        self.target = Target::Stem;
        self.paragraph(rest.strip_prefix("\\(").map_or(rest.to_owned(), |rest| format!("({rest}")).as_str(), number);
    }

    fn begin_passage(&mut self, id: &str, rest: &str, number: u32) {
        self.close();
        let id = if id.is_empty() { format!("p{}", self.paper.passages.len() + 1) } else { id.to_owned() };
        if !self.paper.passages.iter().any(|passage| passage.id == id) {
            self.paper.passages.push(Passage { id: id.clone(), content: Rich::default() });
            self.target = Target::Passage;
            self.passage = Some(id);
            self.paragraph(rest, number);
        } else {
            self.target = Target::Nothing;
            self.passage = Some(id);
        }
    }

    /// The rich text the next line of content belongs to.
    fn content(&mut self) -> Option<&mut Rich> {
        if self.target == Target::Passage {
            return self.paper.passages.last_mut().map(|passage| &mut passage.content);
        }
        let question = self.paper.questions.last_mut()?;
        match self.target {
            Target::Nothing | Target::Passage => None,
            Target::Stem => Some(&mut question.stem),
            Target::Option => question.options.last_mut().map(|option| &mut option.content),
            Target::BlankOption => question.blanks.last_mut().and_then(|blank| blank.options.last_mut()).map(|option| &mut option.content),
            Target::Statement => question.statements.last_mut().map(|statement| &mut statement.content),
            Target::Explanation => Some(question.explanation.get_or_insert_default()),
            Target::Rubric => Some(question.rubric.get_or_insert_default()),
            Target::Hint => question.hints.last_mut(),
        }
    }

    fn block(&mut self, block: Block, number: u32, text: &str) {
        match self.content() {
            Some(rich) => rich.blocks.push(block),
            None => self.lost.push((number, text.to_owned())),
        }
    }

    fn paragraph(&mut self, text: &str, number: u32) {
        if text.is_empty() {
            return;
        }
        // A backslash before a sign makes it letters.
        let inner =
            text.strip_prefix('\\').filter(|inner| super::lines::is_signed(inner.trim_start_matches('\\')) || inner.trim().is_empty());
        let inlines = self.reader.read(inner.unwrap_or(text));
        if !inlines.is_empty() {
            self.block(Block::Paragraph(inlines), number, text);
        }
    }

    fn item(&mut self, kind: ListKind, rest: &str, number: u32) {
        let item = self.cell(rest);
        match self.content().and_then(|rich| rich.blocks.last_mut()) {
            Some(Block::List { kind: same, items }) if *same == kind => items.push(item),
            _ => self.block(Block::List { kind, items: vec![item] }, number, rest),
        }
    }

    fn cells(&self, row: &str) -> Vec<Cell> {
        let mut rest = row.strip_prefix('|').unwrap_or(row);
        let mut out = Vec::new();
        while !rest.trim().is_empty() {
            let end = unescaped_bar(rest);
            let mut text = rest.get(..end).unwrap_or_default().trim();
            rest = rest.get(end + 1..).unwrap_or_default();
            let mut cell = Cell { content: Rich::default(), kind: CellKind::Data, columns: 1, rows: 1 };
            let span = text.strip_prefix('<').and_then(|inner| inner.split_once('>')).and_then(|(span, behind)| {
                let (columns, rows) = span.split_once('x')?;
                Some((columns.parse().ok()?, rows.parse().ok()?, behind))
            });
            if let Some((columns, rows, behind)) = span {
                (cell.columns, cell.rows) = (std::cmp::max(columns, 1), std::cmp::max(rows, 1));
                text = behind;
            }
            if let Some(behind) = text.strip_prefix("<th>") {
                cell.kind = CellKind::Heading;
                text = behind;
            }
            cell.content = self.cell(text);
            out.push(cell);
        }
        out
    }

    /// One line as rich text; `<p>` parts paragraphs.
    fn cell(&self, text: &str) -> Rich {
        let blocks = text.split("<p>").map(|part| self.reader.read(part)).filter(|inlines| !inlines.is_empty());
        Rich { blocks: blocks.map(Block::Paragraph).collect() }
    }

    /// Settles the open question.
    fn close(&mut self) {
        let said = self.said.take();
        let marks = std::mem::take(&mut self.marks);
        let Some(question) = self.paper.questions.last_mut().filter(|_| !matches!(self.target, Target::Nothing | Target::Passage)) else {
            return;
        };
        let right = settle(&mut question.options);
        for blank in &mut question.blanks {
            settle(&mut blank.options);
        }
        let marked = marks.iter().any(|mark| matches!(mark, Mark::Right | Mark::Wrong));
        for (statement, mark) in question.statements.iter_mut().zip(&marks) {
            statement.correct = match mark {
                Mark::Right => Some(true),
                Mark::Wrong => Some(false),
                Mark::None if marked => Some(false),
                Mark::None | Mark::Unsaid => None,
            };
        }
        question.kind = said.unwrap_or(if !question.blanks.is_empty() {
            QuestionType::Cloze
        } else if !question.statements.is_empty() {
            QuestionType::TrueFalse
        } else if !question.options.is_empty() {
            if right > 1 { QuestionType::MultipleChoice } else { QuestionType::SingleChoice }
        } else if !question.pairs.is_empty() {
            QuestionType::Matching
        } else if !question.items.is_empty() {
            QuestionType::Ordering
        } else {
            QuestionType::Essay
        });
        if question.explanation.as_ref().is_some_and(Rich::is_empty) {
            question.explanation = None;
        }
        question.settle_key();
    }
}
