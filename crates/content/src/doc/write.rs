use serde_json::{Map, Value, json};

use super::node::{Block, Cell, Doc, Inline, Mark, Media, MediaKind};

impl Doc {
    /// The JSON form that the editor and the reading view take.
    pub fn to_json(&self) -> Value {
        json!({ "type": "doc", "content": blocks(&self.blocks) })
    }
}

fn blocks(list: &[Block]) -> Vec<Value> {
    list.iter().map(block).collect()
}

fn node(kind: &str, attributes: Value, content: Vec<Value>) -> Value {
    let mut node = Map::new();
    node.insert("type".to_owned(), kind.into());
    if attributes.as_object().is_some_and(|map| !map.is_empty()) {
        node.insert("attrs".to_owned(), attributes);
    }
    if !content.is_empty() {
        node.insert("content".to_owned(), content.into());
    }
    Value::Object(node)
}

fn block(block: &Block) -> Value {
    match block {
        Block::Paragraph(text) => node("paragraph", json!({}), inlines(text)),
        Block::Heading(level, text) => node("heading", json!({ "level": level }), inlines(text)),
        Block::BulletList(list) => node("bulletList", json!({}), items(list)),
        Block::OrderedList(start, list) => node("orderedList", json!({ "start": start }), items(list)),
        Block::Blockquote(list) => node("blockquote", json!({}), blocks(list)),
        Block::CodeBlock(language, code) => {
            let text = if code.is_empty() { vec![] } else { vec![json!({ "type": "text", "text": code })] };
            node("codeBlock", json!({ "language": language }), text)
        }
        Block::Rule => node("horizontalRule", json!({}), vec![]),
        Block::Table(rows) => {
            let rows = rows.iter().map(|cells| node("tableRow", json!({}), cells.iter().map(cell).collect()));
            node("table", json!({}), rows.collect())
        }
        Block::Callout(kind, list) => node("callout", json!({ "kind": kind.word() }), blocks(list)),
        Block::Math(latex) => node("mathBlock", json!({ "latex": latex }), vec![]),
        Block::Media(media) => file(media),
    }
}

fn items(list: &[Vec<Block>]) -> Vec<Value> {
    list.iter().map(|item| node("listItem", json!({}), blocks(item))).collect()
}

fn cell(cell: &Cell) -> Value {
    node(cell.kind.word(), json!({ "colspan": cell.columns, "rowspan": cell.rows }), blocks(&cell.blocks))
}

fn file(media: &Media) -> Value {
    let mut attributes = Map::new();
    attributes.insert("asset".to_owned(), media.asset.to_string().into());
    if media.kind == MediaKind::Image {
        attributes.insert("alt".to_owned(), json!(media.alt));
    }
    attributes.insert(media.kind.caption_word().to_owned(), json!(media.caption));
    node(media.kind.word(), Value::Object(attributes), vec![])
}

fn inlines(list: &[Inline]) -> Vec<Value> {
    list.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> Value {
    match inline {
        Inline::Text(text, marks) if marks.is_empty() => json!({ "type": "text", "text": text }),
        Inline::Text(text, marks) => json!({ "type": "text", "text": text, "marks": marks.iter().map(mark).collect::<Vec<_>>() }),
        Inline::Math(latex) => json!({ "type": "mathInline", "attrs": { "latex": latex } }),
        Inline::Break => json!({ "type": "hardBreak" }),
    }
}

fn mark(mark: &Mark) -> Value {
    match mark {
        Mark::Plain(name) => json!({ "type": name }),
        Mark::Link(href) => json!({ "type": "link", "attrs": { "href": href } }),
    }
}
