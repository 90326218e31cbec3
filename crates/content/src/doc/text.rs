use std::collections::BTreeSet;

use kernel::AssetId;

use super::node::{Block, Doc, Inline};

impl Doc {
    /// The words, one block a line, for search and for comparing versions.
    pub fn plain_text(&self) -> String {
        self.lines().join("\n")
    }

    /// The words of each smallest block, from top to bottom; a file is named by its caption.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for block in &self.blocks {
            push_lines(block, &mut lines);
        }
        lines
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

fn push_lines(block: &Block, lines: &mut Vec<String>) {
    let mut push = |line: String| {
        if !line.trim().is_empty() {
            lines.push(line);
        }
    };
    match block {
        Block::Paragraph(text) | Block::Heading(_, text) => push(words(text)),
        Block::CodeBlock(_, code) => push(code.clone()),
        Block::Math(latex) => push(format!("${latex}$")),
        Block::Rule => {}
        Block::Media(media) => {
            push(media.caption.clone().unwrap_or_default());
            push(media.alt.clone().unwrap_or_default());
        }
        Block::BulletList(items) | Block::OrderedList(_, items) => items.iter().flatten().for_each(|inner| push_lines(inner, lines)),
        Block::Blockquote(inner) | Block::Callout(_, inner) => inner.iter().for_each(|inner| push_lines(inner, lines)),
        Block::Table(rows) => {
            for row in rows {
                let mut cells = Vec::new();
                for cell in row {
                    let mut inner = Vec::new();
                    cell.blocks.iter().for_each(|block| push_lines(block, &mut inner));
                    cells.push(inner.join(" "));
                }
                let line = cells.join(" | ");
                if !line.trim_matches([' ', '|']).is_empty() {
                    lines.push(line);
                }
            }
        }
    }
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
