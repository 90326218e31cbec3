use std::collections::BTreeSet;

use exchange::vietnamese::nfc;
use kernel::AssetId;
use serde_json::Value;

use super::link::is_safe_link;
use super::node::{Block, CalloutKind, Cell, CellKind, Doc, Inline, Mark, Media, MediaKind};
use super::words::PLAIN_MARKS;

/// Deepest nesting of blocks; what is deeper is dropped.
const DEEPEST: usize = 24;
/// Most nodes of a lesson.
const MOST_NODES: usize = 50_000;
/// Most bytes of text and attributes of a lesson.
const MOST_TEXT: usize = 1 << 20;
/// Longest formula, in bytes.
const LONGEST_FORMULA: usize = 10_000;
/// Longest caption or description, in characters.
const LONGEST_CAPTION: usize = 1_000;
/// Commands of KaTeX that make links, load pictures or write HTML.
const LATEX_COMMANDS: [&str; 9] =
    ["\\href", "\\url", "\\includegraphics", "\\htmlClass", "\\htmlId", "\\htmlStyle", "\\htmlData", "\\html", "\\def"];

/// Why a text cannot be stored at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocError {
    /// The root is not a `doc`.
    #[error("not a document")]
    NotADoc,
    /// Over a limit of nodes or text.
    #[error("the text is too long")]
    TooLarge,
}

/// A text as it can be stored, and what was left out of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sanitised {
    /// The text.
    pub doc: Doc,
    /// Names of nodes, marks and attributes left out, each once, such as `script`, `mark:font`, `link:javascript`.
    pub dropped: Vec<String>,
}

/// Reads whatever a client sent. What the tree cannot say is left out and listed.
///
/// # Errors
/// [`DocError`] when it is no document, or larger than a lesson may be.
pub fn read(value: &Value) -> Result<Sanitised, DocError> {
    if value.get("type").and_then(Value::as_str) != Some("doc") {
        return Err(DocError::NotADoc);
    }
    let mut reader = Reader { dropped: BTreeSet::new(), nodes: 0, text: 0 };
    reader.attributes(value, "doc", &[]);
    let mut blocks = reader.blocks(value, 0);
    if reader.nodes > MOST_NODES || reader.text > MOST_TEXT {
        return Err(DocError::TooLarge);
    }
    if blocks.is_empty() {
        // The editor's own schema wants one block at least.
        blocks.push(Block::Paragraph(Vec::new()));
    }
    Ok(Sanitised { doc: Doc { blocks }, dropped: reader.dropped.into_iter().take(100).collect() })
}

struct Reader {
    dropped: BTreeSet<String>,
    nodes: usize,
    text: usize,
}

fn children(node: &Value) -> &[Value] {
    node.get("content").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn kind_of(node: &Value) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or("")
}

impl Reader {
    fn drop(&mut self, prefix: &str, name: &str) {
        if self.dropped.len() < 200 {
            let name: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
            self.dropped.insert(format!("{prefix}{name}"));
        }
    }

    fn full(&self) -> bool {
        self.nodes > MOST_NODES || self.text > MOST_TEXT
    }

    /// Notes attributes that are not kept. Editors always send some as null: those say nothing.
    fn attributes(&mut self, node: &Value, kind: &str, kept: &[&str]) {
        let Some(attributes) = node.get("attrs").and_then(Value::as_object) else { return };
        for (name, value) in attributes {
            if !kept.contains(&name.as_str()) && !value.is_null() {
                self.drop(&format!("{kind}."), name);
            }
        }
    }

    fn blocks(&mut self, parent: &Value, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        // Text found where a block belongs is not lost: it becomes a paragraph.
        let mut loose = Vec::new();
        for node in children(parent) {
            if self.full() {
                break;
            }
            let kind = kind_of(node);
            if matches!(kind, "text" | "hardBreak" | "mathInline") {
                loose.extend(self.inline(node));
                continue;
            }
            if !loose.is_empty() {
                blocks.push(Block::Paragraph(std::mem::take(&mut loose)));
            }
            self.nodes += 1;
            if depth >= DEEPEST {
                self.drop("", "too-deep");
                continue;
            }
            self.block(node, kind, depth, &mut blocks);
        }
        if !loose.is_empty() {
            blocks.push(Block::Paragraph(loose));
        }
        blocks
    }

    fn block(&mut self, node: &Value, kind: &str, depth: usize, out: &mut Vec<Block>) {
        match kind {
            "paragraph" => {
                self.attributes(node, kind, &[]);
                out.push(Block::Paragraph(self.inlines(node)));
            }
            "heading" => {
                self.attributes(node, kind, &["level"]);
                let level = node["attrs"]["level"].as_i64().unwrap_or(2).clamp(2, 4);
                out.push(Block::Heading(u8::try_from(level).unwrap_or(2), self.inlines(node)));
            }
            "bulletList" | "orderedList" => {
                self.attributes(node, kind, &["start", "type", "tight"]);
                let items = self.items(node, depth);
                if !items.is_empty() {
                    let start = node["attrs"]["start"].as_i64().unwrap_or(1).clamp(0, 1_000_000);
                    out.push(if kind == "bulletList" { Block::BulletList(items) } else { Block::OrderedList(start, items) });
                }
            }
            "blockquote" => {
                self.attributes(node, kind, &[]);
                out.push(Block::Blockquote(self.filled(node, depth)));
            }
            "callout" => {
                self.attributes(node, kind, &["kind"]);
                let word = node["attrs"]["kind"].as_str().unwrap_or("");
                let found = CalloutKind::ALL.into_iter().find(|(_, name)| *name == word).map_or(CalloutKind::Note, |(kind, _)| kind);
                out.push(Block::Callout(found, self.filled(node, depth)));
            }
            "codeBlock" => {
                self.attributes(node, kind, &["language"]);
                let language = node["attrs"]["language"].as_str().filter(|word| is_language(word)).map(str::to_owned);
                let mut code = String::new();
                for child in children(node) {
                    code.push_str(&self.plain(child["text"].as_str().unwrap_or("")));
                }
                out.push(Block::CodeBlock(language, code));
            }
            "horizontalRule" => out.push(Block::Rule),
            "mathBlock" => {
                self.attributes(node, kind, &["latex"]);
                out.extend(self.formula(node).map(Block::Math));
            }
            "table" => {
                self.attributes(node, kind, &[]);
                let rows = self.rows(node, depth);
                if !rows.is_empty() {
                    out.push(Block::Table(rows));
                }
            }
            _ => match MediaKind::of(kind) {
                Some(media) => out.extend(self.media(node, kind, media).map(Block::Media)),
                None => {
                    // The container goes, its words stay: unless it is one whose words are code.
                    self.drop("", if kind.is_empty() { "nameless" } else { kind });
                    if !matches!(kind.to_ascii_lowercase().as_str(), "script" | "style" | "iframe" | "object" | "embed" | "html") {
                        out.extend(self.blocks(node, depth + 1));
                    }
                }
            },
        }
    }

    /// Blocks of a container that must hold one at least.
    fn filled(&mut self, node: &Value, depth: usize) -> Vec<Block> {
        let mut blocks = self.blocks(node, depth + 1);
        if blocks.is_empty() {
            blocks.push(Block::Paragraph(Vec::new()));
        }
        blocks
    }

    fn items(&mut self, list: &Value, depth: usize) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        for item in children(list) {
            if self.full() {
                break;
            }
            self.nodes += 1;
            if kind_of(item) == "listItem" {
                let mut blocks = self.filled(item, depth);
                if !matches!(blocks.first(), Some(Block::Paragraph(_))) {
                    blocks.insert(0, Block::Paragraph(Vec::new()));
                }
                items.push(blocks);
            } else {
                self.drop("", kind_of(item));
            }
        }
        items
    }

    fn rows(&mut self, table: &Value, depth: usize) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for row in children(table) {
            if kind_of(row) != "tableRow" {
                self.drop("", kind_of(row));
                continue;
            }
            let mut cells = Vec::new();
            for cell in children(row) {
                if self.full() {
                    return rows;
                }
                self.nodes += 1;
                let kind = match kind_of(cell) {
                    "tableHeader" => CellKind::Header,
                    "tableCell" => CellKind::Data,
                    other => {
                        self.drop("", other);
                        continue;
                    }
                };
                self.attributes(cell, "tableCell", &["colspan", "rowspan", "colwidth"]);
                let span = |name: &str| cell["attrs"][name].as_i64().unwrap_or(1).clamp(1, 50);
                cells.push(Cell { kind, columns: span("colspan"), rows: span("rowspan"), blocks: self.filled(cell, depth) });
            }
            if !cells.is_empty() {
                rows.push(cells);
            }
        }
        rows
    }

    fn media(&mut self, node: &Value, word: &str, kind: MediaKind) -> Option<Media> {
        self.attributes(node, word, &["asset", "alt", kind.caption_word()]);
        let Some(asset) = node["attrs"]["asset"].as_str().and_then(|id| id.parse::<AssetId>().ok()) else {
            self.drop(word, ".asset");
            return None;
        };
        let alt = if kind == MediaKind::Image { self.caption(&node["attrs"]["alt"]) } else { None };
        Some(Media { kind, asset, alt, caption: self.caption(&node["attrs"][kind.caption_word()]) })
    }

    fn caption(&mut self, value: &Value) -> Option<String> {
        let text: String = self.plain(value.as_str()?).replace('\n', " ").chars().take(LONGEST_CAPTION).collect();
        Some(text).filter(|text| !text.trim().is_empty())
    }

    fn inlines(&mut self, parent: &Value) -> Vec<Inline> {
        let mut out = Vec::new();
        for node in children(parent) {
            if self.full() {
                break;
            }
            out.extend(self.inline(node));
        }
        out
    }

    fn inline(&mut self, node: &Value) -> Vec<Inline> {
        self.nodes += 1;
        match kind_of(node) {
            "text" => {
                let text = self.plain(node["text"].as_str().unwrap_or(""));
                let marks = self.marks(node);
                if text.is_empty() { Vec::new() } else { vec![Inline::Text(text, marks)] }
            }
            "hardBreak" => vec![Inline::Break],
            "mathInline" => {
                self.attributes(node, "mathInline", &["latex"]);
                self.formula(node).map(Inline::Math).into_iter().collect()
            }
            other => {
                self.drop("", if other.is_empty() { "nameless" } else { other });
                Vec::new()
            }
        }
    }

    fn marks(&mut self, node: &Value) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for mark in node.get("marks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().take(20) {
            let kind = kind_of(mark);
            let found = if kind == "link" {
                self.attributes(mark, "link", &["href", "target", "rel", "class", "title"]);
                match mark["attrs"]["href"].as_str().map(str::trim) {
                    Some(href) if is_safe_link(href) => {
                        self.text += href.len();
                        Some(Mark::Link(nfc(href)))
                    }
                    other => {
                        let scheme: String = other.unwrap_or("").chars().take_while(|letter| *letter != ':').take(20).collect();
                        self.drop("link:", &scheme);
                        None
                    }
                }
            } else if let Some(plain) = PLAIN_MARKS.into_iter().find(|name| *name == kind) {
                self.attributes(mark, kind, &[]);
                Some(Mark::Plain(plain))
            } else {
                self.drop("mark:", kind);
                None
            };
            marks.extend(found.filter(|mark| !marks.contains(mark)));
        }
        marks
    }

    fn formula(&mut self, node: &Value) -> Option<String> {
        let mut latex = self.plain(node["attrs"]["latex"].as_str().unwrap_or(""));
        if latex.len() > LONGEST_FORMULA {
            self.drop("", "formula-too-long");
            return None;
        }
        // Again until nothing is found: taking one away may put another together.
        while let Some(command) = LATEX_COMMANDS.into_iter().find(|command| latex.contains(command)) {
            self.drop("latex:", command);
            latex = latex.replace(command, "");
        }
        Some(latex).filter(|latex| !latex.trim().is_empty())
    }

    /// NFC without control characters (line breaks and tabs stay).
    fn plain(&mut self, text: &str) -> String {
        self.text += text.len();
        nfc(text).chars().filter(|letter| matches!(letter, '\n' | '\t') || !letter.is_control()).collect()
    }
}

fn is_language(word: &str) -> bool {
    (1..=30).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-'))
}
