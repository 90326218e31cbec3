//! Rich text in a cell: one line for each paragraph, formulas as `$…$`, and a few tags for what
//! letters cannot show. `\$` and `\<` are a dollar and a bracket.

use std::collections::VecDeque;
use std::mem;

use crate::model::Paper;
use crate::rich::{Block, Inline, Marks, MathDisplay, MediaKind, Rich, Script, tex_in_letters};

/// A cell's text as rich text. Pictures are known by their ids in the paper.
pub(super) fn rich(text: &str, paper: &Paper) -> Rich {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    Rich { blocks: lines.map(|line| Block::Paragraph(line_of(line, paper))).collect() }
}

const TAGS: [&str; 7] = ["b", "i", "u", "s", "code", "sub", "sup"];

fn worn(tag: &str, marks: Marks) -> Marks {
    match tag {
        "b" => Marks { bold: true, ..marks },
        "i" => Marks { italic: true, ..marks },
        "u" => Marks { underline: true, ..marks },
        "s" => Marks { strike: true, ..marks },
        "code" => Marks { code: true, ..marks },
        "sub" => Marks { script: Script::Sub, ..marks },
        _ => Marks { script: Script::Super, ..marks },
    }
}

fn line_of(line: &str, paper: &Paper) -> Vec<Inline> {
    // A tag may reach over a formula, and a formula may hold what looks like a tag: formulas first.
    let mut letters = String::with_capacity(line.len());
    let mut formulas = VecDeque::new();
    for inline in tex_in_letters(&protected(line), Marks::default()) {
        match inline {
            Inline::Text(text, _) => letters.push_str(&text),
            Inline::Math { latex, display } => {
                letters.push(FORMULA);
                formulas.push_back(Inline::Math { latex: latex.replace(HIDDEN, "\\<"), display });
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    tagged(&letters, Marks::default(), &mut Context { paper, formulas }, 0, &mut out);
    out
}

/// What letters refer to.
struct Context<'p> {
    paper: &'p Paper,
    formulas: VecDeque<Inline>,
}

/// Stands for `\<`, which is no tag.
const HIDDEN: char = '\u{1}';
/// Stands for a formula.
const FORMULA: char = '\u{2}';

fn protected(line: &str) -> String {
    line.replace([HIDDEN, FORMULA], "").replace("\\<", "\u{1}")
}

/// Letters with tags in them; a tag that is not closed is letters.
fn tagged(text: &str, marks: Marks, context: &mut Context<'_>, depth: usize, out: &mut Vec<Inline>) {
    let mut plain = String::new();
    let mut rest = text;
    // Tags found not to close any more: looked for once, however many open.
    let mut open_ended = Vec::new();
    while let Some(at) = rest.find(['<', '[', HIDDEN, FORMULA]) {
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix(HIDDEN) {
            plain.push('<');
            rest = after;
        } else if let Some(after) = rest.strip_prefix(FORMULA) {
            flush(&mut plain, marks, out);
            out.extend(context.formulas.pop_front());
            rest = after;
        } else if let Some((inline, after)) = reference(rest, context.paper) {
            flush(&mut plain, marks, out);
            out.push(inline);
            rest = after;
        } else if let Some((tag, inside, after)) = tag(rest, &mut open_ended).filter(|_| depth < TAGS.len()) {
            flush(&mut plain, marks, out);
            if tag == "br" {
                out.push(Inline::Break)
            } else {
                tagged(inside, worn(tag, marks), context, depth + 1, out)
            }
            rest = after;
        } else {
            plain.push_str(rest.get(..1).unwrap_or_default());
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    flush(&mut plain, marks, out);
}

fn flush(plain: &mut String, marks: Marks, out: &mut Vec<Inline>) {
    if !plain.is_empty() {
        out.push(Inline::Text(mem::take(plain), marks));
    }
}

/// The tag a text begins with, what is in it and what follows.
fn tag<'t>(text: &'t str, open_ended: &mut Vec<&'static str>) -> Option<(&'static str, &'t str, &'t str)> {
    if let Some(after) = text.strip_prefix("<br>") {
        return Some(("br", "", after));
    }
    TAGS.iter().find_map(|tag| {
        let inside = text.strip_prefix(&format!("<{tag}>")).filter(|_| !open_ended.contains(tag))?;
        let close = format!("</{tag}>");
        let Some(end) = inside.find(&close) else {
            open_ended.push(tag);
            return None;
        };
        Some((*tag, inside.get(..end)?, inside.get(end + close.len()..)?))
    })
}

/// `[image:img1]`, `[audio:aud1]` and `[blank:1]`.
fn reference<'t>(text: &'t str, paper: &Paper) -> Option<(Inline, &'t str)> {
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    let (word, id) = inside.split_once(':')?;
    let kind = match word {
        "blank" => return Some((Inline::Blank(id.parse().ok()?), after)),
        "image" => MediaKind::Picture,
        "audio" => MediaKind::Sound,
        _ => return None,
    };
    let known = paper.media.iter().any(|media| media.id == id);
    known.then(|| (Inline::Media { id: id.to_owned(), kind, alt: String::new(), width: None }, after))
}

/// What a cell could not hold of a rich text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// A table, a list, program text or a link.
    pub(super) layout: bool,
    /// A picture or a sound.
    pub(super) media: bool,
}

/// Rich text as a cell's text.
pub(super) fn cell(rich: &Rich, lost: &mut Lost) -> String {
    let mut out: Vec<String> = Vec::new();
    for block in &rich.blocks {
        match block {
            Block::Paragraph(inlines) => {
                let mut line = String::new();
                write(inlines, lost, &mut line);
                out.push(line);
            }
            other => {
                lost.layout = true;
                let mut before = Lost::default();
                other_block(other, &mut before, &mut out);
                lost.media |= before.media;
            }
        }
    }
    out.join("\n")
}

fn other_block(block: &Block, lost: &mut Lost, out: &mut Vec<String>) {
    match block {
        Block::Paragraph(_) => {}
        Block::List { items, .. } => out.extend(items.iter().map(|item| format!("- {}", cell(item, lost)))),
        Block::Table(rows) => {
            out.extend(
                rows.iter().map(|row| row.iter().map(|own| cell(&own.content, lost).replace('\n', " ")).collect::<Vec<_>>().join(" | ")),
            );
        }
        Block::Code(text) => out.push(escaped(text)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('$', "\\$").replace("\\(", "\\ (").replace("\\[", "\\ [").replace('<', "\\<")
}

fn write(inlines: &[Inline], lost: &mut Lost, out: &mut String) {
    for (at, inline) in inlines.iter().enumerate() {
        match inline {
            Inline::Text(text, marks) => {
                let tags = [
                    (marks.bold, "b"),
                    (marks.italic, "i"),
                    (marks.underline, "u"),
                    (marks.strike, "s"),
                    (marks.code, "code"),
                    (marks.script == Script::Sub, "sub"),
                    (marks.script == Script::Super, "sup"),
                ];
                let on = tags.iter().filter(|(on, _)| *on).map(|(_, tag)| *tag);
                on.clone().for_each(|tag| out.push_str(&format!("<{tag}>")));
                out.push_str(&escaped(text));
                on.rev().for_each(|tag| out.push_str(&format!("</{tag}>")));
            }
            Inline::Math { latex, display } => {
                // A dollar before a digit would open a price.
                let digit =
                    matches!(inlines.get(at + 1), Some(Inline::Text(next, _)) if next.starts_with(|first: char| first.is_ascii_digit()));
                let (open, close) = match display {
                    MathDisplay::Block if latex.contains('$') => ("\\[", "\\]"),
                    MathDisplay::Block => ("$$", "$$"),
                    MathDisplay::Inline if digit || latex.contains('$') => ("\\(", "\\)"),
                    MathDisplay::Inline => ("$", "$"),
                };
                out.push_str(&format!("{open}{latex}{close}"));
            }
            Inline::Media { id, kind, .. } => {
                lost.media = true;
                let word = if *kind == MediaKind::Picture { "image" } else { "audio" };
                out.push_str(&format!("[{word}:{id}]"));
            }
            Inline::Blank(number) => out.push_str(&format!("[blank:{number}]")),
            Inline::Break => out.push_str("<br>"),
            Inline::Link { content, .. } => {
                lost.layout = true;
                write(content, lost, out);
            }
        }
    }
}
