use std::collections::BTreeSet;

use kernel::AssetId;

use super::formula;
use super::node::{Block, Cell, Doc, Inline};

/// The words of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words {
    /// To be read: formulas in plain letters, the cells of a row apart.
    pub read: String,
    /// As typed: two formulas that read alike can differ here.
    pub typed: String,
}

impl Words {
    fn plain(text: String) -> Self {
        Self { read: text.clone(), typed: text }
    }

    fn math(latex: &str) -> Self {
        Self { read: formula::readable(latex), typed: format!("${latex}$") }
    }

    fn push(&mut self, more: &Self, between: &str) {
        for (all, more) in [(&mut self.read, &more.read), (&mut self.typed, &more.typed)] {
            if !all.is_empty() && !more.is_empty() {
                all.push_str(between);
            }
            all.push_str(more);
        }
    }
}

/// A line of a lesson, or a file in its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What one reads.
    Words(Words),
    /// A picture, video, sound or other file.
    File(AssetId),
}

impl Doc {
    /// The words, one block a line, for search and for comparing versions.
    pub fn plain_text(&self) -> String {
        self.lines().join("\n")
    }

    /// The words of each smallest block, from top to bottom; a file is named by its caption.
    pub fn lines(&self) -> Vec<String> {
        self.parts()
            .into_iter()
            .filter_map(|part| match part {
                Part::Words(words) => Some(words.read),
                Part::File(_) => None,
            })
            .collect()
    }

    /// Its words and its files in reading order: what two versions are compared by.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        for block in &self.blocks {
            push_parts(block, &mut parts);
        }
        parts
    }

    /// The files it refers to, each once.
    pub fn assets(&self) -> BTreeSet<AssetId> {
        let mut found = BTreeSet::new();
        self.visit(&mut |block| {
            if let Block::Media(media) = block {
                found.insert(media.asset);
            }
        });
        found
    }

    /// The same text without the files for which `keep` says no.
    #[must_use]
    pub fn without_assets(mut self, keep: impl Fn(AssetId) -> bool) -> Self {
        retain(&mut self.blocks, &keep);
        if self.blocks.is_empty() {
            self.blocks.push(Block::Paragraph(Vec::new()));
        }
        self
    }

    fn visit(&self, see: &mut impl FnMut(&Block)) {
        fn walk(blocks: &[Block], see: &mut impl FnMut(&Block)) {
            for block in blocks {
                see(block);
                match block {
                    Block::BulletList(items) | Block::OrderedList(_, items) => items.iter().for_each(|item| walk(item, see)),
                    Block::Blockquote(inner) | Block::Callout(_, inner) => walk(inner, see),
                    Block::Table(rows) => rows.iter().flatten().for_each(|cell| walk(&cell.blocks, see)),
                    _ => {}
                }
            }
        }
        walk(&self.blocks, see);
    }
}

fn retain(blocks: &mut Vec<Block>, keep: &impl Fn(AssetId) -> bool) {
    blocks.retain(|block| !matches!(block, Block::Media(media) if !keep(media.asset)));
    let refill = |inner: &mut Vec<Block>| {
        retain(inner, keep);
        if inner.is_empty() {
            inner.push(Block::Paragraph(Vec::new()));
        }
    };
    for block in blocks {
        match block {
            Block::BulletList(items) | Block::OrderedList(_, items) => items.iter_mut().for_each(refill),
            Block::Blockquote(inner) | Block::Callout(_, inner) => refill(inner),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(|cell| refill(&mut cell.blocks)),
            _ => {}
        }
    }
}

fn push_parts(block: &Block, parts: &mut Vec<Part>) {
    let mut push = |line: Words| {
        if !line.typed.trim().is_empty() {
            parts.push(Part::Words(line));
        }
    };
    match block {
        Block::Paragraph(text) | Block::Heading(_, text) => push(words(text)),
        Block::CodeBlock(_, code) => push(Words::plain(code.clone())),
        Block::Math(latex) => push(Words::math(latex)),
        Block::Rule => {}
        Block::Media(media) => {
            parts.push(Part::File(media.asset));
            let said = [&media.caption, &media.alt].into_iter().flatten().filter(|line| !line.trim().is_empty());
            parts.extend(said.cloned().map(|line| Part::Words(Words::plain(line))));
        }
        Block::BulletList(items) | Block::OrderedList(_, items) => items.iter().flatten().for_each(|inner| push_parts(inner, parts)),
        Block::Blockquote(inner) | Block::Callout(_, inner) => inner.iter().for_each(|inner| push_parts(inner, parts)),
        Block::Table(rows) => rows.iter().for_each(|row| push_row(row, parts)),
    }
}

/// A row of a table is one line; files in its cells follow it.
fn push_row(row: &[Cell], parts: &mut Vec<Part>) {
    let mut line = Words::default();
    let mut files = Vec::new();
    for cell in row {
        let mut inner = Vec::new();
        cell.blocks.iter().for_each(|block| push_parts(block, &mut inner));
        let mut words = Words::default();
        for part in inner {
            match part {
                Part::Words(more) => words.push(&more, " "),
                file @ Part::File(_) => files.push(file),
            }
        }
        line.push(&words, " · ");
    }
    if !line.typed.trim().is_empty() {
        parts.push(Part::Words(line));
    }
    parts.append(&mut files);
}

fn words(text: &[Inline]) -> Words {
    let mut all = Words::default();
    for inline in text {
        let next = match inline {
            Inline::Text(text, _) => Words::plain(text.clone()),
            Inline::Math(latex) => Words::math(latex),
            Inline::Break => Words::plain("\n".to_owned()),
        };
        all.push(&next, "");
    }
    all
}
