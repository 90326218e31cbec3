//! LaTeX text as rich text.

use std::collections::BTreeSet;

use super::letters;
use super::source::{Source, Span, pieces, skip_arguments};
use super::table;
use crate::model::{Address, Entry, Paper};
use crate::rich::{Block, Inline, ListKind, Marks, MathDisplay, Rich, Script};

/// Groups and environments in one another past which only letters are kept.
const DEEPEST: usize = 40;
/// Longest formula, in bytes: past that a dollar is a dollar.
const LONGEST_FORMULA: usize = 8000;

/// What could not be carried over, for one question.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) entries: Vec<Entry>,
    unknown: BTreeSet<String>,
}

impl Notes {
    /// Puts them into the report.
    pub(super) fn tell(self, address: Address, paper: &mut Paper) {
        for entry in self.entries {
            paper.note(entry.at(address));
        }
        if !self.unknown.is_empty() {
            let names = self.unknown.into_iter().map(|name| format!("\\{name}")).collect::<Vec<_>>().join(", ");
            paper.note(
                Entry::warning(
                    "tex-command-unknown",
                    format!("Lệnh LaTeX {names} không hiểu được, chỉ giữ phần chữ bên trong. Hãy xem lại câu hỏi."),
                )
                .with("names", &names)
                .at(address),
            );
        }
    }
}

/// Rich text of a piece of source.
pub(super) fn rich(source: &Source, span: Span, notes: &mut Notes) -> Rich {
    rich_of(source, &[span], notes)
}

/// Rich text of several pieces, one behind the other.
pub(super) fn rich_of(source: &Source, spans: &[Span], notes: &mut Notes) -> Rich {
    inside(source, spans, notes, 0)
}

pub(super) fn inside(source: &Source, spans: &[Span], notes: &mut Notes, depth: usize) -> Rich {
    let mut builder = Builder { source, notes, blocks: Vec::new(), line: Vec::new() };
    for span in spans {
        builder.walk(*span, Marks::default(), depth);
    }
    builder.flush();
    Rich { blocks: builder.blocks }
}

struct Builder<'s, 'n> {
    source: &'s Source,
    notes: &'n mut Notes,
    blocks: Vec<Block>,
    line: Vec<Inline>,
}

impl Builder<'_, '_> {
    fn walk(&mut self, (start, end): Span, marks: Marks, depth: usize) {
        let source = self.source;
        let mut marks = marks;
        let (mut at, mut from) = (start, start);
        while at < end {
            let Some(found) = source.slice((at, end)).find(['\\', '$', '{', '}', '\n', '~']) else { break };
            at += found;
            self.letters((from, at), marks);
            at = self.special(at, end, &mut marks, depth);
            from = at;
        }
        self.letters((from.min(end), end), marks);
    }

    /// What stands at a special letter; returns where it ends.
    fn special(&mut self, at: usize, end: usize, marks: &mut Marks, depth: usize) -> usize {
        let source = self.source;
        let rest = source.slice((at, end));
        match rest.as_bytes().first() {
            Some(b'$') => self.dollar(at, end, *marks),
            Some(b'{') => match source.group(at, end) {
                Some((inside, after)) if depth < DEEPEST => {
                    self.walk(inside, *marks, depth + 1);
                    after
                }
                _ => at + 1,
            },
            Some(b'\n') => {
                let blank = rest.get(1..).unwrap_or_default();
                let spaces = blank.len() - blank.trim_start_matches([' ', '\t', '\r']).len();
                if blank.get(spaces..).is_some_and(|after| after.starts_with('\n')) {
                    self.flush();
                } else {
                    self.push(" ", *marks);
                }
                at + 1 + spaces
            }
            Some(b'~') => {
                self.push("\u{a0}", *marks);
                at + 1
            }
            Some(b'\\') => self.command(at, end, marks, depth),
            _ => at + 1,
        }
    }

    fn dollar(&mut self, at: usize, end: usize, marks: Marks) -> usize {
        let double = self.source.slice((at, end)).starts_with("$$");
        let close = if double { "$$" } else { "$" };
        match self.formula_end(at + close.len(), end, close) {
            Some(stop) => {
                let display = if double { MathDisplay::Block } else { MathDisplay::Inline };
                self.formula((at + close.len(), stop), display);
                stop + close.len()
            }
            None => {
                self.push("$", marks);
                at + 1
            }
        }
    }

    /// Where a formula closes; dollars in groups belong to text inside it.
    fn formula_end(&self, start: usize, end: usize, close: &str) -> Option<usize> {
        let end = end.min(start.saturating_add(LONGEST_FORMULA));
        let mut at = start;
        while at < end {
            let rest = self.source.text.get(at..end).unwrap_or_default();
            // The limit may fall into a letter.
            let letter = self.source.text.as_bytes().get(at)?;
            if rest.starts_with(close) {
                return Some(at);
            }
            match letter {
                b'{' => at = self.source.group(at, end).map_or(at + 1, |(_, after)| after),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        None
    }

    fn formula(&mut self, span: Span, display: MathDisplay) {
        let latex = letters::formula(self.source.slice(span));
        if !latex.is_empty() {
            self.line.push(Inline::Math { latex, display });
        }
    }

    fn command(&mut self, at: usize, end: usize, marks: &mut Marks, depth: usize) -> usize {
        let source = self.source;
        if let Some(environment) = source.environment(at, end) {
            let name = source.slice(environment.name).trim().trim_end_matches('*').to_owned();
            self.environment(&name, (at, environment.end), environment.inside, *marks, depth);
            return environment.end;
        }
        let Some((name, after)) = source.command(at, end) else { return at + 1 };
        let argument = |from: usize| source.group(source.skip_space(from, end), end);
        match name {
            "(" | "[" => {
                let (close, display) = if name == "(" { ("\\)", MathDisplay::Inline) } else { ("\\]", MathDisplay::Block) };
                let near = source.slice((after, end));
                let limit = near.get(..near.floor_char_boundary(LONGEST_FORMULA)).and_then(|near| near.find(close));
                if let Some(length) = limit {
                    self.formula((after, after + length), display);
                    return after + length + close.len();
                }
                after
            }
            "\\" | "newline" | "linebreak" => {
                self.line.push(Inline::Break);
                source.optional(after, end).map_or(after, |(_, after)| after)
            }
            "par" | "medskip" | "bigskip" | "smallskip" | "newpage" | "clearpage" => {
                self.flush();
                after
            }
            "begin" | "end" => argument(after).map_or(after, |(_, after)| after),
            "includegraphics" => {
                let from = source.optional(after, end).map_or(after, |(_, after)| after);
                let Some((file, after)) = argument(from) else { return after };
                let name = source.slice(file).trim().to_owned();
                self.notes.entries.push(
                    Entry::warning("missing-figure", format!("Hình “{name}” không đi kèm tệp LaTeX. Hãy thêm hình vào câu hỏi."))
                        .with("name", name),
                );
                after
            }
            "ce" | "pu" => match argument(after) {
                Some((_, stop)) => {
                    self.line.push(Inline::math(letters::formula(source.slice((at, stop)))));
                    stop
                }
                None => after,
            },
            "href" => {
                let Some((address, from)) = argument(after) else { return after };
                let Some((words, after)) = argument(from) else { return from };
                self.link(source.slice(address).trim(), words, *marks, depth);
                after
            }
            "url" => {
                let Some((address, after)) = argument(after) else { return after };
                self.link(source.slice(address).trim(), address, *marks, depth);
                after
            }
            "bf" | "bfseries" => switch(after, || marks.bold = true),
            "it" | "itshape" | "em" | "sl" | "slshape" => switch(after, || marks.italic = true),
            "tt" | "ttfamily" => switch(after, || marks.code = true),
            "item" => {
                self.flush();
                self.push("– ", *marks);
                after
            }
            _ => {
                if let Some(letters) = letters::symbol(name) {
                    self.push(letters, *marks);
                    return letters::swallowed_space(source.slice((after, end)), name) + after;
                }
                if let Some((worn, count)) = letters::styled(name, *marks) {
                    return self.with_arguments(after, end, count, worn, depth);
                }
                if let Some(count) = letters::silent(name) {
                    return skip_arguments(source, after, end, count);
                }
                self.notes.unknown.insert(name.chars().take(40).collect());
                after
            }
        }
    }

    /// Looks only at the last of a command's arguments: `\textcolor{red}{words}`.
    fn with_arguments(&mut self, after: usize, end: usize, count: usize, marks: Marks, depth: usize) -> usize {
        let source = self.source;
        let at = skip_arguments(source, after, end, count - 1);
        match source.group(source.skip_space(at, end), end) {
            Some((words, after)) => {
                if depth < DEEPEST {
                    self.walk(words, marks, depth + 1);
                }
                after
            }
            None => at,
        }
    }

    fn link(&mut self, address: &str, words: Span, marks: Marks, depth: usize) {
        let outer = std::mem::take(&mut self.line);
        if depth < DEEPEST {
            self.walk(words, marks, depth + 1);
        }
        let content = std::mem::replace(&mut self.line, outer);
        let lower = address.to_ascii_lowercase();
        let harmless = (lower.starts_with("https://") || lower.starts_with("http://")) && !address.contains(char::is_whitespace);
        if harmless {
            self.line.push(Inline::Link { href: address.to_owned(), content });
        } else {
            self.line.extend(content);
        }
    }

    fn environment(&mut self, name: &str, whole: Span, inside: Span, marks: Marks, depth: usize) {
        let source = self.source;
        if depth >= DEEPEST {
            return self.push(source.slice(inside), marks);
        }
        match name {
            "itemize" | "enumerate" | "listEX" | "enumEX" | "itemchoice" | "itemEX" | "description" | "tasks" | "enumchoice" => {
                let kind = if matches!(name, "itemize" | "itemEX" | "description") { ListKind::Bullets } else { ListKind::Numbers };
                self.list(kind, inside, depth);
            }
            "tabular" | "tabularx" | "tabulary" | "longtable" | "tabu" => {
                self.flush();
                let rows = table::rows(source, name, inside, self.notes, depth + 1);
                if !rows.is_empty() {
                    self.blocks.push(Block::Table(rows));
                }
            }
            "verbatim" | "lstlisting" | "minted" | "Verbatim" => {
                self.flush();
                self.blocks.push(Block::Code(source.slice(inside).trim_matches('\n').replace(super::source::JOINED, "\n")));
            }
            "equation" | "displaymath" | "math" => self.formula(inside, MathDisplay::Block),
            "align" | "gather" | "eqnarray" | "multline" | "alignat" | "flalign" => {
                let latex = letters::formula(source.slice(inside));
                let kind = if name == "gather" || name == "multline" { "gathered" } else { "aligned" };
                self.line.push(Inline::Math { latex: format!("\\begin{{{kind}}}{latex}\\end{{{kind}}}"), display: MathDisplay::Block });
            }
            "array" | "cases" | "aligned" | "matrix" | "pmatrix" | "bmatrix" => self.formula(whole, MathDisplay::Block),
            "tikzpicture" | "tikz" | "asy" | "pspicture" | "axis" => {
                self.flush();
                self.blocks.push(Block::Code(source.slice(whole).replace(super::source::JOINED, "\n")));
                self.notes.entries.push(Entry::warning(
                    "tikz-not-drawn",
                    "Hình vẽ TikZ không vẽ được ở đây, mã nguồn được giữ trong câu hỏi. Hãy thay bằng ảnh của hình.",
                ));
            }
            "center" | "flushleft" | "flushright" | "figure" | "table" | "minipage" | "multicols" | "wrapfigure" | "quote" | "document"
            | "name" | "tcolorbox" => {
                self.flush();
                let from = if matches!(name, "minipage" | "multicols" | "wrapfigure" | "tcolorbox" | "figure" | "table") {
                    let groups = usize::from(matches!(name, "minipage" | "multicols")) + 2 * usize::from(name == "wrapfigure");
                    skip_arguments(source, inside.0, inside.1, groups)
                } else {
                    inside.0
                };
                self.walk((from, inside.1), marks, depth + 1);
                self.flush();
            }
            other => {
                self.notes.unknown.insert(format!("begin{{{}}}", other.chars().take(40).collect::<String>()));
                self.walk(inside, marks, depth + 1);
            }
        }
    }

    fn list(&mut self, kind: ListKind, inside: Span, depth: usize) {
        self.flush();
        let mut items = Vec::new();
        for (at, span) in pieces(self.source, inside, "item").into_iter().enumerate() {
            // What stands before the first item are the settings of the list.
            if at == 0 {
                continue;
            }
            let start = self.source.optional(self.source.skip_space(span.0, span.1), span.1).map_or(span.0, |(_, after)| after);
            items.push(self::inside(self.source, &[(start, span.1)], self.notes, depth + 1));
        }
        if !items.is_empty() {
            self.blocks.push(Block::List { kind, items });
        }
    }

    fn letters(&mut self, span: Span, marks: Marks) {
        let text = letters::plain(self.source.slice(span));
        if !text.is_empty() {
            self.push(&text, marks);
        }
    }

    fn push(&mut self, text: &str, marks: Marks) {
        letters::push(&mut self.line, text, marks);
    }

    fn flush(&mut self) {
        let line = letters::trimmed(std::mem::take(&mut self.line));
        if !line.is_empty() {
            self.blocks.push(Block::Paragraph(line));
        }
    }
}

fn switch(after: usize, set: impl FnOnce()) -> usize {
    set();
    after
}

/// Raised or lowered marks.
pub(super) fn scripted(marks: Marks, script: Script) -> Marks {
    Marks { script, ..marks }
}
