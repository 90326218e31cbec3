//! One `ex`, `bt` or `vd`: its text, options, statements, short answer and solution.

use super::source::{Source, Span};
use super::tags;
use super::text::{Notes, rich_of};
use crate::model::{Answer, Choice, Entry, Question, QuestionType, Statement};
use crate::package::{label, small_label};
use crate::rich::Rich;

/// `\immini` in `\immini`.
const DEEPEST: usize = 8;

#[derive(Default)]
struct Parts {
    stem: Vec<Span>,
    options: Vec<Span>,
    statements: Vec<Span>,
    short: Option<Span>,
    solutions: Vec<Span>,
}

pub(super) fn read(source: &Source, name: &str, inside: Span, notes: &mut Notes) -> Question {
    let (words, skipped) = tags::split(source.slice(inside));
    let mut start = inside.0 + skipped;
    // An environment may have a name of its own in brackets.
    let mut title = None;
    if let Some((own, after)) = source.optional(source.skip_space(start, inside.1), inside.1) {
        title = Some(source.slice(own).trim().to_owned()).filter(|title| !title.is_empty());
        start = after;
    }
    let mut parts = Parts::default();
    collect(source, (start, inside.1), 0, &mut parts);
    let kind = match (&parts.options, &parts.statements, parts.short) {
        (options, _, _) if !options.is_empty() => QuestionType::SingleChoice,
        (_, statements, _) if !statements.is_empty() => QuestionType::TrueFalse,
        (_, _, Some(_)) => QuestionType::ShortAnswer,
        _ => QuestionType::Essay,
    };
    let mut question = Question { stem: rich_of(source, &parts.stem, notes), title, ..Question::new(kind) };
    let solution = rich_of(source, &parts.solutions, notes);
    options(source, &parts, &solution, &mut question, notes);
    statements(source, &parts, &mut question, notes);
    if let Some(short) = parts.short.filter(|_| kind == QuestionType::ShortAnswer) {
        question.answers = answers(&rich_of(source, &[short], notes));
    }
    question.explanation = (!solution.is_empty()).then_some(solution);
    tags::put_on(words, &mut question);
    if name == "vd" {
        question.tags.push("Ví dụ".to_owned());
    }
    question
}

/// Sorts a question's source into its parts.
fn collect(source: &Source, (start, end): Span, depth: usize, parts: &mut Parts) {
    let (mut at, mut from) = (start, start);
    while let Some(found) = source.slice((at, end)).find('\\') {
        at += found;
        if let Some(environment) = source.environment(at, end) {
            let name = source.slice(environment.name).trim();
            // Drawings and tables have commands of their own.
            if !matches!(name, "center" | "flushleft" | "flushright" | "minipage" | "multicols") {
                at = environment.end;
                continue;
            }
        }
        let Some((name, after)) = source.command(at, end) else { break };
        let groups = |most: usize| arguments(source, after, end, most);
        match name {
            "choice" | "choiceEX" | "choicew" | "motcot" | "haicot" | "boncot" if !groups(8).0.is_empty() => {
                let (options, after) = groups(8);
                parts.stem.push((from, at));
                parts.options.extend(options);
                (at, from) = (after, after);
            }
            "choiceTF" | "choiceTFt" | "choiceTFn" | "choiceTFS" if !groups(8).0.is_empty() => {
                let (statements, after) = groups(8);
                parts.stem.push((from, at));
                parts.statements.extend(statements);
                (at, from) = (after, after);
            }
            "shortans" | "shortansA" => {
                let (answer, after) = groups(1);
                parts.stem.push((from, at));
                parts.short = answer.first().copied().or(parts.short);
                (at, from) = (after, after);
            }
            "loigiai" | "huongdan" => {
                let (solution, after) = groups(1);
                parts.stem.push((from, at));
                parts.solutions.extend(solution);
                (at, from) = (after, after);
            }
            "immini" | "imminiL" | "imminiR" if depth < DEEPEST => {
                let (sides, after) = groups(2);
                parts.stem.push((from, at));
                for side in sides {
                    collect(source, side, depth + 1, parts);
                }
                (at, from) = (after, after);
            }
            _ => at = after,
        }
    }
    parts.stem.push((from, end));
}

/// Groups that follow a command and its brackets.
fn arguments(source: &Source, after: usize, end: usize, most: usize) -> (Vec<Span>, usize) {
    let mut at = after;
    while let Some((_, after)) = source.optional(source.skip_space(at, end), end) {
        at = after;
    }
    let mut out = Vec::new();
    while out.len() < most {
        let Some((inside, after)) = source.group(source.skip_space(at, end), end) else { break };
        out.push(inside);
        at = after;
    }
    (out, at)
}

/// Whether a piece is marked as right, and the piece without the mark.
fn marked(source: &Source, span: Span) -> (bool, Vec<Span>) {
    let found = source
        .slice(span)
        .match_indices("\\True")
        .find(|(at, word)| !source.slice((span.0 + at + word.len(), span.1)).starts_with(|next: char| next.is_ascii_alphabetic()));
    match found {
        Some((at, word)) => (true, vec![(span.0, span.0 + at), (span.0 + at + word.len(), span.1)]),
        None => (false, vec![span]),
    }
}

fn options(source: &Source, parts: &Parts, solution: &Rich, question: &mut Question, notes: &mut Notes) {
    let marks: Vec<(bool, Vec<Span>)> = parts.options.iter().map(|span| marked(source, *span)).collect();
    let right = marks.iter().filter(|(right, _)| *right).count();
    if right > 1 {
        question.kind = QuestionType::MultipleChoice;
    }
    // Without a mark the solution may name the option in so many words.
    let told = if right == 0 && !marks.is_empty() { chosen(&solution.to_text()).filter(|at| *at < marks.len()) } else { None };
    if told.is_some() {
        notes.entries.push(Entry::info("key-from-solution", "Đáp án được lấy từ lời giải (“Chọn …”) vì không có dấu \\True."));
    }
    for (at, (right_here, spans)) in marks.iter().enumerate() {
        let correct = if right > 0 { Some(*right_here) } else { told.map(|told| told == at) };
        question.options.push(Choice { label: label(at), content: rich_of(source, spans, notes), correct, ..Choice::default() });
    }
}

/// The option that `Chọn B`, `Đáp án: B`, `Chọn đáp án B` names; only where the letter stands alone and
/// no other is named.
fn chosen(text: &str) -> Option<usize> {
    let mut found = None;
    for line in text.lines() {
        for start in ["Chọn đáp án ", "Chọn phương án ", "chọn đáp án ", "Chọn ", "Đáp án: ", "Đáp án đúng là ", "Đáp án "]
        {
            let Some((_, rest)) = line.split_once(start) else { continue };
            let mut letters = rest.chars().skip_while(|letter| matches!(letter, ' ' | ':' | '(' | '$'));
            let (Some(letter), next) = (letters.next(), letters.next()) else { continue };
            let alone = next.is_none_or(|next| !next.is_alphanumeric());
            let Some(at) = ('A'..='H').position(|own| own == letter).filter(|_| alone) else { continue };
            if found.is_some_and(|before| before != at) {
                return None;
            }
            found = Some(at);
        }
    }
    found
}

fn statements(source: &Source, parts: &Parts, question: &mut Question, notes: &mut Notes) {
    let marks: Vec<(bool, Vec<Span>)> = parts.statements.iter().map(|span| marked(source, *span)).collect();
    let any = marks.iter().any(|(right, _)| *right);
    if !any && !marks.is_empty() && question.kind == QuestionType::TrueFalse {
        notes.entries.push(Entry::warning(
            "statements-unmarked",
            "Không có ý nào mang dấu \\True: chưa rõ là tất cả đều sai hay chưa có đáp án. Hãy chọn Đúng/Sai cho từng ý.",
        ));
    }
    for (at, (right, spans)) in marks.iter().enumerate() {
        question.statements.push(Statement {
            label: small_label(at),
            content: rich_of(source, spans, notes),
            correct: any.then_some(*right),
            ..Statement::default()
        });
    }
}

/// Variants of a short answer, with the dollars and braces of numbers gone.
fn answers(rich: &Rich) -> Vec<Answer> {
    let text = rich.to_text().replace('$', "").replace("{,}", ",").replace("\\,", "").replace("{.}", ".");
    let variants =
        text.split('|').map(|variant| variant.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|variant| !variant.is_empty());
    variants.map(|text| Answer { text, ..Answer::default() }).collect()
}
