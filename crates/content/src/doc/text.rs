use std::collections::BTreeSet;

use kernel::AssetId;

use super::node::{Block, Cell, Doc, Inline};

/// A line of a lesson, or a file in its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What one reads.
    Words(String),
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
                Part::Words(words) => Some(words),
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
    let mut push = |line: String| {
        if !line.trim().is_empty() {
            parts.push(Part::Words(line));
        }
    };
    match block {
        Block::Paragraph(text) | Block::Heading(_, text) => push(words(text)),
        Block::CodeBlock(_, code) => push(code.clone()),
        Block::Math(latex) => push(format!("${latex}$")),
        Block::Rule => {}
        Block::Media(media) => {
            parts.push(Part::File(media.asset));
            let said = [&media.caption, &media.alt].into_iter().flatten().filter(|line| !line.trim().is_empty());
            parts.extend(said.cloned().map(Part::Words));
        }
        Block::BulletList(items) | Block::OrderedList(_, items) => items.iter().flatten().for_each(|inner| push_parts(inner, parts)),
        Block::Blockquote(inner) | Block::Callout(_, inner) => inner.iter().for_each(|inner| push_parts(inner, parts)),
        Block::Table(rows) => rows.iter().for_each(|row| push_row(row, parts)),
    }
}

/// A row of a table is one line; files in its cells follow it.
fn push_row(row: &[Cell], parts: &mut Vec<Part>) {
    let mut cells = Vec::new();
    let mut files = Vec::new();
    for cell in row {
        let mut inner = Vec::new();
        cell.blocks.iter().for_each(|block| push_parts(block, &mut inner));
        let mut lines = Vec::new();
        for part in inner {
            match part {
                Part::Words(line) => lines.push(line),
                file @ Part::File(_) => files.push(file),
            }
        }
        cells.push(lines.join(" "));
    }
    let line = cells.join(" | ");
    if !line.trim_matches([' ', '|']).is_empty() {
        parts.push(Part::Words(line));
    }
    parts.append(&mut files);
}

fn words(text: &[Inline]) -> String {
    text.iter()
        .map(|inline| match inline {
            Inline::Text(text, _) => text.clone(),
            Inline::Math(latex) => format!("${latex}$"),
            Inline::Break => "\n".to_owned(),
        })
        .collect()
}
