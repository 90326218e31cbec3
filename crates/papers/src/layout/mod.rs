//! From how a paper looks to its questions.
//!
//! The stream of lines ([`flow`]) is cut into blocks at question signs ([`sheets`], [`signs`]); each
//! block becomes a draft with its options found ([`choices`], [`draft`]); every source of keys adds its
//! claim (label looks, stars, answer lines, key tables, solutions); a question is built where the
//! claims agree and a doubt is told where they do not ([`build`]). A key nobody says stays unsaid.

mod answers;
mod apply;
mod build;
mod choices;
mod doubts;
mod draft;
mod flow;
pub(crate) mod keys;
mod line;
mod looks;
mod missing;
mod parts;
mod pictures;
mod points;
mod sheets;
mod signs;
mod solutions;
mod statements;
mod truths;
mod words;
pub(crate) mod writing;

pub(crate) use signs::pattern;

use std::collections::{HashMap, HashSet};

use crate::document::{Document, DocumentBlock};
use crate::model::{Address, Entry, Level, Paper, Passage, QuestionType};
use crate::rich::Rich;

use doubts::doubt;
pub(crate) use doubts::place;
use draft::Draft;
use sheets::{Lenient, Sheets};
use solutions::OnePaper;

/// Reads the questions of a document into a paper that already holds its media.
pub fn interpret(document: &Document, paper: &mut Paper) {
    let unfolded = crate::tables::unfold(document);
    let document = unfolded.as_ref().map_or(document, |unfolded| &unfolded.document);
    let items = flow::items(document);
    let mut cut = sheets::cut(&items, Lenient::No);
    if cut.blocks.is_empty() {
        cut = sheets::cut(&items, Lenient::Yes);
    }
    cut.keys_before();
    let mut papers = vec![OnePaper::new(drafts(&cut), 0)];
    let later = solutions::give(&cut, &mut papers);
    let mut report = apply::to_papers(&cut, &later.solved, &mut papers);
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let mut unclear: Vec<usize> = Vec::new();
    for mut one in papers {
        words::claim(&mut one.drafts);
        settle_kinds(&mut one.drafts);
        unclear.extend(one.unclear.iter().map(|at| at + drafts.len()));
        drafts.append(&mut one.drafts);
    }
    let passages = passages(&cut, &drafts, paper);
    for draft in &drafts {
        let passage = draft.block.passage.and_then(|at| passages.get(&at));
        let question = build::question(draft, passage, paper);
        paper.questions.push(question);
    }
    paper.report.append(&mut report);
    points::give(&cut, &drafts, paper);
    fewer_options(paper);
    paper.report.extend(unclear_looks(&unclear, &drafts, paper));
    number_doubts(&drafts, &mut paper.report);
    missing_keys(paper);
    let columns = unfolded.as_ref().map(|unfolded| unfolded.left.as_slice()).unwrap_or_default();
    left_out(&cut, &drafts, &later.left, columns, paper);
    crate::bare::to_formulas(paper);
}

/// The number a text begins with as a question (`Câu 5:`).
pub(crate) fn question_number(text: &str) -> Option<u32> {
    signs::question(&keys::plain_of(text)).filter(|sign| sign.style > signs::Style::Bare).map(|sign| sign.number)
}

/// Takes `Câu 5:` from the beginning of a paragraph; the level it said is returned.
pub(crate) fn drop_question_sign(paragraph: &mut crate::document::Paragraph) -> Option<Level> {
    use crate::document::Part;
    if paragraph.label.as_ref().is_some_and(|label| question_number(&format!("{} x", label.text)).is_some()) {
        paragraph.label = None;
        return None;
    }
    let lines = line::lines(paragraph);
    let sign = signs::question(&lines.first()?.plain).filter(|sign| sign.style > signs::Style::Bare)?;
    let mut left = sign.body.saturating_sub(lines.first()?.automatic);
    for part in &mut paragraph.parts {
        match part {
            Part::Text(text, _) => {
                let length = text.chars().count();
                *text = text.chars().skip(left).collect();
                left = left.saturating_sub(length);
            }
            Part::Tab => left = left.saturating_sub(1),
            _ => break,
        }
        if left == 0 {
            break;
        }
    }
    sign.level
}

/// The level a word says.
pub(crate) fn level_word(text: &str) -> Option<Level> {
    let plain = keys::plain_of(text);
    signs::level_of(plain.trim().trim_matches(['[', ']', '(', ')']))
}

/// Whether a cell holds a question's options.
pub(crate) fn options_in(cell: &crate::document::TableCell) -> bool {
    let paragraphs = cell.blocks.iter().filter_map(|block| match block {
        DocumentBlock::Paragraph(paragraph) => Some(paragraph),
        DocumentBlock::Table(_) => None,
    });
    let lines: Vec<line::Line> = paragraphs.flat_map(line::lines).collect();
    let bits: Vec<writing::Bit<'_>> = lines.iter().map(|line| writing::Bit::Text(line.whole())).collect();
    choices::chain(&bits, choices::Case::Upper).is_some_and(|chain| chain.labels.len() >= 3)
}

/// The kind of question the headings above each group announce.
fn announced(cut: &Sheets<'_>) -> Vec<Option<QuestionType>> {
    let mut over: Option<QuestionType> = None;
    let mut out = Vec::new();
    for group in &cut.groups {
        let Some(sign) = group.sign else {
            // Numbers that started again under no heading announce nothing.
            out.push(None);
            over = None;
            continue;
        };
        if sign.rank == signs::Rank::Exercise {
            out.push(sign.kind.or(over));
            continue;
        }
        // A heading below `PHẦN II` that announces nothing leaves what that announced.
        if sign.kind.is_some() || sign.rank == signs::Rank::High {
            over = sign.kind;
        }
        out.push(over);
    }
    out
}

fn drafts<'a>(cut: &Sheets<'a>) -> Vec<Draft<'a>> {
    let parts = parts::parts(&cut.groups, &cut.blocks, 0);
    let announced = announced(cut);
    let mut out = Vec::new();
    for block in cut.blocks.iter().filter(|block| block.sheet == 0) {
        let sign = cut.groups.get(block.group).and_then(|group| group.sign);
        let kind = announced.get(block.group).copied().flatten();
        let mut draft = draft::draft(block, kind, sign.and_then(|sign| sign.level));
        draft.part = parts.get(block.group).copied().flatten();
        out.push(draft);
    }
    out
}

/// A question without options among questions that have some lost them; it is no essay.
fn settle_kinds(drafts: &mut [Draft<'_>]) {
    let mut by_part: HashMap<Option<u32>, (usize, usize)> = HashMap::new();
    for draft in drafts.iter() {
        let counts = by_part.entry(draft.part).or_default();
        counts.1 += 1;
        if !draft.choices.is_empty() {
            counts.0 += 1;
        }
    }
    // Where nothing has options and no question of its part has, they are written ones.
    for draft in drafts.iter_mut() {
        let (with, all) = by_part.get(&draft.part).copied().unwrap_or_default();
        if draft.kind.is_none() && draft.announced.is_none() && draft.claims.is_empty() && with == 0 && all > 0 && draft.is_written() {
            draft.announced = Some(QuestionType::Essay);
        }
    }
    // At the end of a part there may be essays under a heading nobody understood.
    let last: HashMap<Option<u32>, usize> =
        drafts.iter().enumerate().filter(|(_, draft)| !draft.choices.is_empty()).map(|(at, draft)| (draft.part, at)).collect();
    for (at, draft) in drafts.iter_mut().enumerate() {
        if draft.shown == draft::Shown::ByLetters && draft.asks_one() {
            draft.become_options();
        }
        let (with, all) = by_part.get(&draft.part).copied().unwrap_or_default();
        let among = last.get(&draft.part).is_some_and(|last| at < *last);
        if draft.kind.is_none() && draft.announced.is_none() && draft.claims.is_empty() && with * 2 > all && among {
            draft.kind = Some(QuestionType::SingleChoice);
        }
    }
}

/// Where nearly every question has as many options, one with fewer has lost some.
fn fewer_options(paper: &mut Paper) {
    let mut entries = Vec::new();
    for kind in [QuestionType::SingleChoice, QuestionType::TrueFalse] {
        let count = |question: &crate::model::Question| question.options.len() + question.statements.len();
        let counts: Vec<(Address, usize)> =
            paper.questions.iter().filter(|question| question.kind == kind).map(|question| (question.address, count(question))).collect();
        let four = counts.iter().filter(|(_, count)| *count == 4).count();
        if four < 4 || four * 10 < counts.len() * 8 {
            continue;
        }
        for (address, count) in counts.iter().filter(|(_, count)| (1..4).contains(count)) {
            let rest = format!("chỉ có {count} phương án hoặc ý, các câu khác có 4. Hãy kiểm tra có thiếu không.");
            entries.push(doubt("options-fewer", *address, &rest).with("count", count));
        }
    }
    paper.report.extend(entries);
}

fn address(draft: &Draft<'_>) -> Address {
    Address { part: draft.part, number: Some(draft.number()), paragraph: Some(draft.block.paragraph) }
}

fn unclear_looks(unclear: &[usize], drafts: &[Draft<'_>], paper: &Paper) -> Vec<Entry> {
    let first = paper.questions.len().saturating_sub(drafts.len());
    // Statements another source says all of need no marks: all of them may be false.
    let said = |at: usize| {
        paper
            .questions
            .get(first + at)
            .is_some_and(|question| question.kind == QuestionType::TrueFalse && question.key == crate::model::Key::Known)
    };
    let mut seen: Vec<usize> = unclear.to_vec();
    seen.sort_unstable();
    seen.dedup();
    seen.into_iter()
        .filter(|at| !said(*at))
        .filter_map(|at| drafts.get(at))
        .map(|draft| {
            let rest =
                "nhãn phương án hoặc ý có gạch chân, tô màu khác thường nhưng không đủ rõ để là đáp án. Hãy kiểm tra đáp án của câu.";
            doubt("key-look-unclear", address(draft), rest)
        })
        .collect()
}

/// Passages that questions use become the paper's; the rest stays with what was left out.
fn passages(cut: &Sheets<'_>, drafts: &[Draft<'_>], paper: &mut Paper) -> HashMap<usize, (String, Rich)> {
    let mut out = HashMap::new();
    let mut users: HashMap<usize, usize> = HashMap::new();
    let mut firsts: HashMap<usize, Address> = HashMap::new();
    for draft in drafts {
        if let Some(at) = draft.block.passage {
            *users.entry(at).or_default() += 1;
            firsts.entry(at).or_insert_with(|| address(draft));
        }
    }
    for (at, shared) in cut.passages.iter().enumerate() {
        let users = users.get(&at).copied().unwrap_or_default();
        // The line our own writer puts above a shared text is no part of it.
        let ours = matches!(shared.bits.first(), Some(writing::Bit::Text(slice)) if crate::write_docx::is_passage_heading(&slice.text()));
        let content = writing::rich(shared.bits.get(usize::from(ours)..).unwrap_or_default());
        if users == 0 || content.is_empty() {
            continue;
        }
        let id = format!("p{}", paper.passages.len() + 1);
        paper.passages.push(Passage { id: id.clone(), content: content.clone() });
        out.insert(at, (id, content));
        if let Some((first, last)) = shared.range {
            let wanted = usize::try_from(last - first + 1).unwrap_or_default();
            if users < wanted {
                let message =
                    format!("Đoạn dùng chung cho câu {first} đến {last} nhưng chỉ tìm thấy {users} câu. Hãy kiểm tra các câu của đoạn.");
                let place = firsts.get(&at).copied().unwrap_or_default();
                paper.report.push(Entry::warning("passage-questions", message).at(place).with("first", first).with("last", last));
            }
        }
    }
    out
}

/// Numbers that are missing or stand twice.
fn number_doubts(drafts: &[Draft<'_>], report: &mut Vec<Entry>) {
    let mut before: Option<&Draft<'_>> = None;
    for draft in drafts {
        if let Some(before) = before.filter(|before| before.part == draft.part) {
            let (last, now) = (before.number(), draft.number());
            if now == last {
                report.push(doubt("number-repeated", address(draft), "số câu bị lặp. Hãy kiểm tra số thứ tự."));
            } else if now > last + 1 {
                let rest = format!(
                    "trước câu này thiếu câu {}. Hãy kiểm tra trong đề.",
                    if now == last + 2 { (last + 1).to_string() } else { format!("{}–{}", last + 1, now - 1) }
                );
                report.push(doubt("number-gap", address(draft), &rest).with("after", last));
            } else if now < last {
                report.push(
                    doubt("number-order", address(draft), &format!("đứng sau câu {last}. Hãy kiểm tra số thứ tự.")).with("after", last),
                );
            }
        }
        before = Some(draft);
    }
}

/// Each question whose key nobody said.
fn missing_keys(paper: &mut Paper) {
    let mut entries = Vec::new();
    let told: HashSet<Address> =
        paper.report.iter().filter(|entry| entry.code == "key-conflict").filter_map(|entry| entry.address).collect();
    for question in &paper.questions {
        if question.key == crate::model::Key::Missing && !told.contains(&question.address) {
            entries.push(doubt("key-missing", question.address, "chưa có đáp án. Hãy chọn hoặc ghi đáp án đúng."));
        }
    }
    paper.report.extend(entries);
}

/// What is in no question and no passage, word for word.
fn left_out(cut: &Sheets<'_>, drafts: &[Draft<'_>], later: &[writing::Bit<'_>], columns: &[String], paper: &mut Paper) {
    let mut lines: Vec<String> = cut.left.iter().map(|run| build::text_of(run)).collect();
    lines.extend(drafts.iter().filter(|draft| !draft.left.is_empty()).map(|draft| build::text_of(&draft.left)));
    let used: HashSet<usize> = drafts.iter().filter_map(|draft| draft.block.passage).collect();
    for (at, shared) in cut.passages.iter().enumerate() {
        if !used.contains(&at) {
            lines.push(build::text_of(&shared.bits));
        }
    }
    lines.extend(columns.iter().cloned());
    lines.retain(|line| !line.trim().is_empty());
    if !lines.is_empty() {
        let message =
            "Những dòng không thuộc câu hỏi nào (đầu đề, tiêu đề, chân trang) không được đưa vào câu hỏi. Hãy xem lại nếu thiếu nội dung.";
        paper.report.push(Entry::info("text-left-out", message).with("text", lines.join("\n")));
    }
    if !cut.key_texts.is_empty() {
        let text = build::text_of(&cut.key_texts);
        paper.report.push(Entry::info("key-table-read", "Đáp án được đọc từ bảng hoặc dòng đáp án trong tệp.").with("text", text));
    }
    if !later.is_empty() {
        let message = "Có lời giải ở cuối tệp không khớp với câu nào trong đề. Hãy kiểm tra số câu.";
        paper.report.push(Entry::warning("solution-unplaced", message).with("text", build::text_of(later)));
    }
}
