//! One row becomes one question.

use super::answers::{KeyShape, lone, numbers, shape, variants};
use super::figures::{self, Figure};
use super::grid::{Cell, CellKind};
use super::headings::Column;
use super::{gaps, markup};
use crate::model::{Address, Choice, Entry, Level, Pair, Paper, Question, QuestionType, Statement};
use crate::package::{exact, label, small_label};
use crate::rich::{Block, Rich};

/// The cells of a row by what they are.
pub(super) struct Row<'g> {
    pub(super) columns: &'g [Option<Column>],
    pub(super) cells: &'g [Cell],
    /// Pictures over it.
    pub(super) figures: &'g [Figure],
    pub(super) address: Address,
}

impl Row<'_> {
    fn cell(&self, column: Column) -> Option<&Cell> {
        let at = self.columns.iter().position(|own| *own == Some(column))?;
        self.cells.get(at).filter(|cell| !cell.text.is_empty())
    }

    pub(super) fn text(&self, column: Column) -> &str {
        self.cell(column).map(|cell| cell.text.as_str()).unwrap_or_default()
    }

    /// What stands in the option columns, up to the last that is filled.
    fn options(&self) -> Vec<&str> {
        let last = self.columns.iter().zip(self.cells).filter_map(|(column, cell)| match column {
            Some(Column::Option(at)) if !cell.text.is_empty() => Some(*at),
            _ => None,
        });
        let shown = self.figures.iter().filter_map(|figure| match self.columns.get(figure.column) {
            Some(Some(Column::Option(at))) => Some(*at),
            _ => None,
        });
        last.chain(shown).max().map(|last| (0..=last).map(|at| self.text(Column::Option(at))).collect()).unwrap_or_default()
    }
}

/// Types by the words teachers and programs write.
fn kind(word: &str) -> Option<QuestionType> {
    let folded = exchange::vietnamese::fold(word);
    let plain: String = folded.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    Some(match plain.split_whitespace().collect::<Vec<_>>().join(" ").as_str() {
        "trac nghiem"
        | "mot lua chon"
        | "tn"
        | "single choice"
        | "multiple choice"
        | "mc"
        | "mcq"
        | "trac nghiem 4 lua chon"
        | "nhieu lua chon"
        | "mot dap an" => QuestionType::SingleChoice,
        "nhieu dap an" | "multiple answers" | "multiple response" | "chon nhieu" | "ma" | "chon nhieu dap an" => {
            QuestionType::MultipleChoice
        }
        "dung sai" | "ds" | "true false" | "tf" => QuestionType::TrueFalse,
        "tra loi ngan" | "tln" | "short answer" | "sa" | "dien dap an" => QuestionType::ShortAnswer,
        "so" | "numeric" | "numerical" | "dap an so" | "so co sai so" => QuestionType::Numeric,
        "ghep noi" | "noi" | "ghep doi" | "matching" | "ghep cot" | "ghep cap" => QuestionType::Matching,
        "sap xep" | "ordering" | "thu tu" | "sap thu tu" => QuestionType::Ordering,
        "dien khuyet" | "dien cho trong" | "cloze" | "dien tu" => QuestionType::Cloze,
        "tu luan" | "essay" | "tl" => QuestionType::Essay,
        "van ban" | "van ban khong hoi" | "description" | "mo ta" => QuestionType::Description,
        _ => return None,
    })
}

/// Reads a row into the paper.
pub(super) fn question(row: &Row<'_>, paper: &mut Paper) -> Question {
    let word = row.text(Column::Kind);
    let declared = kind(word);
    if declared.is_none() && !word.is_empty() {
        paper.note(
            Entry::warning(
                "sheet-type-unknown",
                format!("Không hiểu loại câu hỏi “{word}”; loại được đoán theo cột đáp án. Hãy kiểm tra."),
            )
            .with("text", word)
            .at(row.address),
        );
    }
    let options = row.options();
    let key = key(row, paper);
    let stem = markup::rich(row.text(Column::Stem), paper);
    let kind = declared.unwrap_or_else(|| by_shape(&options, &key));
    let mut question = Question { stem, ..Question::new(kind) };
    match kind {
        QuestionType::SingleChoice | QuestionType::MultipleChoice => choices(&mut question, row, &options, &key, declared, paper),
        QuestionType::TrueFalse => statements(&mut question, row, &options, &key, paper),
        QuestionType::ShortAnswer => question.answers = variants(&key),
        QuestionType::Numeric => question.answers = numbers(&key, row.text(Column::Tolerance)),
        QuestionType::Matching => pairs(&mut question, row, &options, paper),
        QuestionType::Ordering => {
            question.items = options.iter().filter(|item| !item.is_empty()).map(|item| markup::rich(item, paper)).collect()
        }
        QuestionType::Cloze => question.blanks = options.iter().map(|text| gaps::blank(text, paper)).collect(),
        QuestionType::Essay | QuestionType::Description => {}
    }
    more(&mut question, row, paper);
    for figure in row.figures {
        place(figure, row.columns.get(figure.column).copied().flatten(), &mut question);
    }
    question
}

/// Puts a picture behind the words of its column; over all other columns it belongs to the question.
fn place(figure: &Figure, column: Option<Column>, question: &mut Question) {
    let content = match column {
        Some(Column::Option(at)) => {
            let option = question.options.get_mut(at).map(|option| &mut option.content);
            option.or_else(|| question.statements.get_mut(at).map(|statement| &mut statement.content))
        }
        Some(Column::Explanation) => Some(question.explanation.get_or_insert_default()),
        _ => None,
    };
    figures::put(content.unwrap_or(&mut question.stem), &figure.id);
}

/// Options or statements with letters, else a typed answer; nothing at all is an essay.
fn by_shape(options: &[&str], key: &str) -> QuestionType {
    if options.len() >= 2 {
        match shape(key, options.len()) {
            KeyShape::Statements(_) => QuestionType::TrueFalse,
            KeyShape::Options(places) if places.len() > 1 => QuestionType::MultipleChoice,
            _ => QuestionType::SingleChoice,
        }
    } else if key.is_empty() {
        QuestionType::Essay
    } else if lone(key).is_some() {
        QuestionType::TrueFalse
    } else {
        QuestionType::ShortAnswer
    }
}

/// The key's cell; a number of a Vietnamese sheet has a comma, as it is shown there.
fn key(row: &Row<'_>, paper: &mut Paper) -> String {
    let Some(cell) = row.cell(Column::Key) else { return String::new() };
    match cell.kind {
        CellKind::Text => cell.text.clone(),
        CellKind::Number => cell.text.replace('.', ","),
        CellKind::Date | CellKind::Error => {
            paper.note(
                Entry::warning(
                    "sheet-cell-changed",
                    format!(
                        "Ô đáp án bị chương trình bảng tính đổi thành “{}”. Hãy định dạng cột đáp án là Văn bản rồi nhập lại đáp án.",
                        cell.text
                    ),
                )
                .with("text", &cell.text)
                .at(row.address),
            );
            String::new()
        }
    }
}

fn choices(question: &mut Question, row: &Row<'_>, options: &[&str], key: &str, declared: Option<QuestionType>, paper: &mut Paper) {
    let right = right_options(options, key);
    if right.is_none() && !key.is_empty() {
        paper.note(
            Entry::warning("sheet-key-unread", format!("Không hiểu đáp án “{key}” của câu hỏi. Hãy chọn lại đáp án."))
                .with("text", key)
                .at(row.address),
        );
    }
    if declared != Some(QuestionType::MultipleChoice) && right.as_ref().is_some_and(|right| right.len() > 1) {
        question.kind = QuestionType::MultipleChoice;
    }
    let pinned = match shape(row.text(Column::Pinned), options.len()) {
        KeyShape::Options(places) => places,
        _ => Vec::new(),
    };
    for (at, text) in options.iter().enumerate() {
        question.options.push(Choice {
            label: label(at),
            content: markup::rich(text, paper),
            correct: right.as_ref().map(|right| right.contains(&at)),
            pinned: pinned.contains(&at),
            ..Choice::default()
        });
    }
}

/// By letters, by the option's own words, or by its number where no option is that number.
fn right_options(options: &[&str], key: &str) -> Option<Vec<usize>> {
    if let KeyShape::Options(places) = shape(key, options.len()) {
        return Some(places);
    }
    let same: Vec<usize> = options.iter().enumerate().filter(|(_, text)| !key.is_empty() && **text == key).map(|(at, _)| at).collect();
    let by_number = key.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|at| *at < options.len());
    match (same.as_slice(), by_number) {
        ([only], None) => Some(vec![*only]),
        ([], Some(at)) => Some(vec![at]),
        ([only], Some(at)) if *only == at => Some(vec![at]),
        _ => None,
    }
}

fn statements(question: &mut Question, row: &Row<'_>, options: &[&str], key: &str, paper: &mut Paper) {
    if options.is_empty() {
        question.statements = vec![Statement { label: small_label(0), correct: lone(key), ..Statement::default() }];
        return;
    }
    let said = match (shape(key, options.len()), options) {
        (KeyShape::Statements(said), _) => said,
        (_, [_]) => vec![lone(key)],
        _ => Vec::new(),
    };
    if said.is_empty() && !key.is_empty() {
        paper.note(
            Entry::warning("sheet-key-unread", format!("Đáp án “{key}” không khớp với số ý của câu hỏi. Hãy chọn Đúng/Sai cho từng ý."))
                .with("text", key)
                .at(row.address),
        );
    }
    for (at, text) in options.iter().enumerate() {
        question.statements.push(Statement {
            label: small_label(at),
            content: markup::rich(text, paper),
            correct: said.get(at).copied().flatten(),
            ..Statement::default()
        });
    }
}

/// `trái => phải`; a right side alone is a distractor.
fn pairs(question: &mut Question, row: &Row<'_>, options: &[&str], paper: &mut Paper) {
    for text in options.iter().filter(|text| !text.is_empty()) {
        match text.split_once("=>") {
            Some((left, right)) => {
                let (left, right) = (markup::rich(left.trim(), paper), markup::rich(right.trim(), paper));
                question.pairs.push(Pair { left, right });
            }
            None => {
                paper.note(
                    Entry::warning(
                        "sheet-pair-unread",
                        format!("Ô “{text}” không có dấu “=>” giữa hai vế nên không thành cặp ghép; nội dung được giữ trong phần đề."),
                    )
                    .with("text", text)
                    .at(row.address),
                );
                question.stem.append(markup::rich(text, paper));
            }
        }
    }
}

/// What every kind may have.
fn more(question: &mut Question, row: &Row<'_>, paper: &mut Paper) {
    let rich = |column| Some(markup::rich(row.text(column), paper)).filter(|rich: &Rich| !rich.is_empty());
    let text = |column| Some(row.text(column).to_owned()).filter(|text| !text.is_empty());
    question.explanation = rich(Column::Explanation);
    question.rubric = rich(Column::Rubric);
    question.hints =
        row.text(Column::Hints).split("\n---\n").map(|hint| markup::rich(hint, paper)).filter(|hint| !hint.is_empty()).collect();
    for (column, occasion) in [(Column::Correct, "correct"), (Column::Partial, "partial"), (Column::Incorrect, "incorrect")] {
        if let Some(text) = rich(column) {
            question.feedback.insert(occasion.to_owned(), text);
        }
    }
    (question.title, question.category) = (text(Column::Title), text(Column::Topic));
    (question.source, question.requirement) = (text(Column::Source), text(Column::Requirement));
    (question.language, question.external_id) = (text(Column::Language), text(Column::Id));
    question.tags = row.text(Column::Tags).split([';', '\n']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    (question.shuffle, question.case_sensitive) = (yes(row.text(Column::Shuffle)), yes(row.text(Column::Case)));
    question.points = exact(&row.text(Column::Points).replace(',', "."));
    question.level = level(row.text(Column::Level));
    let untold = [(Column::Points, question.points.is_none(), "điểm"), (Column::Level, question.level.is_none(), "mức độ")];
    for (column, unread, name) in untold {
        let said = row.text(column);
        if unread && !said.is_empty() {
            paper.note(
                Entry::warning("sheet-value-unread", format!("Không hiểu {name} “{said}” của câu hỏi.")).with("text", said).at(row.address),
            );
        }
    }
    if let Some(content) = Some(markup::rich(row.text(Column::Passage), paper)).filter(|content| !content.is_empty()) {
        question.passage = Some(super::passage(content, paper));
    }
    // A picture that a sheet only speaks of is not in it.
    let mentions = |rich: &Rich| rich.blocks.iter().any(|block| matches!(block, Block::Paragraph(_))) && rich.to_text().contains("[image:");
    if mentions(&question.stem) || question.options.iter().any(|option| mentions(&option.content)) {
        paper.note(
            Entry::warning("missing-figure", "Câu hỏi nhắc đến hình không đi kèm bảng tính. Hãy thêm hình vào câu hỏi.").at(row.address),
        );
    }
}

fn yes(word: &str) -> Option<bool> {
    match exchange::vietnamese::fold(word.trim()).as_str() {
        "co" | "x" | "yes" | "true" | "1" | "dung" => Some(true),
        "khong" | "no" | "false" | "0" | "sai" => Some(false),
        _ => None,
    }
}

fn level(word: &str) -> Option<Level> {
    let word = word.trim().trim_matches(['[', ']']);
    Level::parse(word).or_else(|| {
        Some(match exchange::vietnamese::fold(word).as_str() {
            "nhan biet" | "biet" | "de" => Level::Nb,
            "thong hieu" | "hieu" | "trung binh" => Level::Th,
            "van dung" | "van dung thap" | "kha" => Level::Vd,
            "van dung cao" | "kho" => Level::Vdc,
            _ => return None,
        })
    })
}
