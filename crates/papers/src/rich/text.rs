use super::{Block, Inline, MediaKind, Rich};

/// As plain text: a line for each paragraph, item and row; cells parted by ` | `.
pub(super) fn text(rich: &Rich) -> String {
    let mut out = String::new();
    lines(rich, &mut out);
    out.trim_end().to_owned()
}

fn lines(rich: &Rich, out: &mut String) {
    for block in &rich.blocks {
        match block {
            Block::Paragraph(content) => {
                inlines(content, out);
                out.push('\n');
            }
            Block::List { items, .. } => items.iter().for_each(|item| lines(item, out)),
            Block::Table(rows) => {
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| text(&cell.content).replace('\n', " ")).collect();
                    out.push_str(&cells.join(" | "));
                    out.push('\n');
                }
            }
            Block::Code(code) => {
                out.push_str(code);
                out.push('\n');
            }
        }
    }
}

fn inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text, _) => out.push_str(text),
            Inline::Math { latex, .. } => {
                out.push('$');
                out.push_str(latex);
                out.push('$');
            }
            Inline::Media { id, kind, .. } => {
                out.push_str(match kind {
                    MediaKind::Picture => "[image:",
                    MediaKind::Sound => "[audio:",
                });
                out.push_str(id);
                out.push(']');
            }
            Inline::Blank(number) => out.push_str(&format!("[blank:{number}]")),
            Inline::Break => out.push('\n'),
            Inline::Link { content, .. } => self::inlines(content, out),
        }
    }
}
