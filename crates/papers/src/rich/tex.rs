use super::{Inline, Marks, MathDisplay};

/// Longest formula looked for, in bytes: past that a dollar is a dollar.
const LONGEST: usize = 4000;

/// Letters with formulas between `$…$`, `$$…$$`, `\(…\)` or `\[…\]`. A single dollar opens a formula
/// only where no space follows it and closes it only where none stands before and no digit follows
/// (the rule of Pandoc), so that prices stay prices; between spaces only what is plainly TeX is one.
pub fn tex_in_letters(text: &str, marks: Marks) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '\\']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match formula(rest) {
            Some((latex, display, length)) => {
                if !plain.is_empty() {
                    out.push(Inline::Text(std::mem::take(&mut plain), marks));
                }
                out.push(Inline::Math { latex: latex.trim().to_owned(), display });
                rest = &rest[length..];
            }
            None => {
                // `\$` is a dollar.
                let escaped = rest.starts_with("\\$");
                plain.push_str(if escaped { "$" } else { &rest[..1] });
                rest = &rest[if escaped { 2 } else { 1 }..];
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        out.push(Inline::Text(plain, marks));
    }
    out
}

/// The formula a text begins with, and how many bytes it takes.
fn formula(text: &str) -> Option<(&str, MathDisplay, usize)> {
    let between = |open: &str, close: &str, display| {
        let inner = text.strip_prefix(open)?;
        // Only so far as a formula may reach: each opening would search the whole text else.
        let near = &inner[..inner.floor_char_boundary(LONGEST + close.len())];
        let end = near.find(close).filter(|end| !inner[..*end].trim().is_empty())?;
        Some((&inner[..end], display, open.len() + end + close.len()))
    };
    between("$$", "$$", MathDisplay::Block)
        .or_else(|| between("\\[", "\\]", MathDisplay::Block))
        .or_else(|| between("\\(", "\\)", MathDisplay::Inline))
        .or_else(|| single(text))
}

fn single(text: &str) -> Option<(&str, MathDisplay, usize)> {
    let inner = text.strip_prefix('$').filter(|inner| !inner.starts_with('$'))?;
    let mut from = 0;
    loop {
        let end = from + inner[from..].find('$')?;
        if end > LONGEST {
            return None;
        }
        let escaped = inner[..end].ends_with('\\');
        if !escaped {
            let found = &inner[..end];
            let is_tight = !found.starts_with(' ') && !found.ends_with(' ');
            let closes = (is_tight || is_typed_as_tex(found)) && !inner[end + 1..].starts_with(|letter: char| letter.is_ascii_digit());
            return (closes && end > 0).then_some((found, MathDisplay::Inline, end + 2));
        }
        from = end + 1;
    }
}

/// Whether letters between spaces and dollars can be nothing else than a formula: teachers type `$\omega $`.
fn is_typed_as_tex(letters: &str) -> bool {
    let has_command = letters.split('\\').skip(1).any(|after| after.starts_with(|letter: char| letter.is_ascii_alphabetic()));
    has_command || letters.contains(['^', '_'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_prices_are_told_apart() {
        let shown = |text: &str| {
            let shown = |part: &Inline| match part {
                Inline::Text(text, _) => text.clone(),
                Inline::Math { latex, .. } => format!("<{latex}>"),
                _ => String::new(),
            };
            tex_in_letters(text, Marks::default()).iter().map(shown).collect::<String>()
        };
        for (text, expected) in [
            ("Cho $x^2$ và $y$.", "Cho <x^2> và <y>."),
            ("giá 5$ hay 6$", "giá 5$ hay 6$"),
            ("$ 5 và $ 6", "$ 5 và $ 6"),
            ("\\(a\\) \\[b\\] $$c$$", "<a> <b> <c>"),
            ("\\$5 và $a\\$b$", "$5 và <a\\$b>"),
            ("$a", "$a"),
            ("$$$$", "$$$$"),
            ("\\frac", "\\frac"),
            ("góc $\\omega $ và $ x^2 $.", "góc <\\omega> và <x^2>."),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
