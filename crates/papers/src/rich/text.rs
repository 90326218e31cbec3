use super::{Block, Inline, Marks, MediaKind, Rich, Script};

/// How letters are written that stand lower or higher.
#[derive(Clone, Copy)]
pub(super) enum Scripts {
    /// As letters: `H2O`, for finding and comparing.
    Letters,
    /// As their own signs where there are such: `H₂O`, for reading.
    Signs,
}

/// As plain text: a line for each paragraph, item and row; cells parted by ` | `.
pub(super) fn text(rich: &Rich, scripts: Scripts) -> String {
    let mut out = String::new();
    lines(rich, scripts, &mut out);
    out.trim_end().to_owned()
}

fn lines(rich: &Rich, scripts: Scripts, out: &mut String) {
    for block in &rich.blocks {
        match block {
            Block::Paragraph(content) => {
                inlines(content, scripts, out);
                out.push('\n');
            }
            Block::List { items, .. } => items.iter().for_each(|item| lines(item, scripts, out)),
            Block::Table(rows) => {
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| text(&cell.content, scripts).replace('\n', " ")).collect();
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

fn inlines(inlines: &[Inline], scripts: Scripts, out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text, marks) => match (scripts, signs(text, *marks)) {
                (Scripts::Signs, Some(signs)) => out.push_str(&signs),
                _ => out.push_str(text),
            },
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
            Inline::Link { content, .. } => self::inlines(content, scripts, out),
        }
    }
}

/// Digits and signs that stand lower or higher; `None` where one of the letters has no such sign.
fn signs(text: &str, marks: Marks) -> Option<String> {
    const PLAIN: &str = "0123456789+-=()";
    let row = match marks.script {
        Script::Normal => return None,
        Script::Sub => "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎",
        Script::Super => "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾",
    };
    let sign = |letter: char| {
        let letter = if letter == '−' { '-' } else { letter };
        row.chars().nth(PLAIN.chars().position(|plain| plain == letter)?)
    };
    text.chars().map(sign).collect()
}
