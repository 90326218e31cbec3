//! Documents as text, to be looked at and compared.

use papers::document::{Document, DocumentBlock, Look, Paragraph, Part};
use papers::rich::{MathDisplay, Script};

/// One line a paragraph; labels in `‹›`, looks in braces, formulas in dollars, cells in brackets.
pub fn shown(document: &Document) -> String {
    document.blocks.iter().map(block).collect::<Vec<_>>().join("\n")
}

fn block(block: &DocumentBlock) -> String {
    match block {
        DocumentBlock::Paragraph(own) => paragraph(own),
        DocumentBlock::Table(table) => {
            let rows = table.rows.iter().map(|row| {
                let cells = row.iter().map(|cell| {
                    let spans =
                        if (cell.columns, cell.rows) == (1, 1) { String::new() } else { format!("{}x{}:", cell.columns, cell.rows) };
                    let shaded = if cell.shaded { "#" } else { "" };
                    format!("[{spans}{shaded}{}]", cell.blocks.iter().map(self::block).collect::<Vec<_>>().join("/"))
                });
                cells.collect::<String>()
            });
            rows.collect::<Vec<_>>().join("\n")
        }
    }
}

fn paragraph(own: &Paragraph) -> String {
    let label = own.label.as_ref().map(|label| format!("‹{}›", looking(&label.text, label.look))).unwrap_or_default();
    label + &own.parts.iter().map(part).collect::<String>()
}

fn part(part: &Part) -> String {
    match part {
        Part::Text(text, look) => looking(text, *look),
        Part::Math { latex, display: MathDisplay::Inline } => format!("${latex}$"),
        Part::Math { latex, display: MathDisplay::Block } => format!("$${latex}$$"),
        Part::Media { id, alt, width, .. } => format!(
            "[{id}{}{}]",
            width.map(|width| format!(" {width}")).unwrap_or_default(),
            if alt.is_empty() { String::new() } else { format!(" “{alt}”") }
        ),
        Part::Tab => "⇥".to_owned(),
        Part::Break => "↵".to_owned(),
    }
}

fn looking(text: &str, look: Look) -> String {
    let mut marks = String::new();
    for (on, mark) in [
        (look.marks.bold, "b"),
        (look.marks.italic, "i"),
        (look.marks.underline, "u"),
        (look.marks.strike, "s"),
        (look.marks.code, "c"),
        (look.marks.script == Script::Sub, "_"),
        (look.marks.script == Script::Super, "^"),
        (look.highlighted, "h"),
    ] {
        if on {
            marks.push_str(mark);
        }
    }
    if let Some([red, green, blue]) = look.colour {
        marks.push_str(&format!("#{red:02x}{green:02x}{blue:02x}"));
    }
    if marks.is_empty() { text.to_owned() } else { format!("{{{marks}:{text}}}") }
}
