//! Chemistry as mhchem takes it, in plain letters.

use super::formula::{subscript, superscript};

/// `SO4^2-` reads `SO₄²⁻`, `A <=> B` reads `A ⇌ B`.
pub(super) fn readable(source: &str) -> String {
    let mut words = Vec::new();
    for word in source.split_whitespace() {
        words.push(match word {
            "^" => "↑".to_owned(),
            "v" => "↓".to_owned(),
            _ => arrow(word).unwrap_or_else(|| species(word)),
        });
    }
    words.join(" ")
}

/// An arrow, with what stands above and below it as it is.
fn arrow(word: &str) -> Option<String> {
    [("<=>", "⇌"), ("<->", "↔"), ("->", "→"), ("<-", "←")]
        .into_iter()
        .find_map(|(typed, sign)| word.strip_prefix(typed).map(|rest| format!("{sign}{rest}")))
}

fn species(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < letters.len() {
        let letter = letters[at];
        let before = at.checked_sub(1).map(|before| letters[before]);
        // Digits after a symbol count its atoms; before one they count the whole.
        let bound = before.is_some_and(|before| before.is_alphabetic() || matches!(before, ')' | ']' | '}'));
        match letter {
            '^' | '_' => {
                let (inner, next) = marked(&letters, at + 1);
                out.push_str(&if letter == '^' { superscript(&inner) } else { subscript(&inner) });
                at = next;
                continue;
            }
            '0'..='9' if bound => {
                let end = letters[at..].iter().position(|letter| !letter.is_ascii_digit()).map_or(letters.len(), |count| at + count);
                out.push_str(&subscript(&letters[at..end].iter().collect::<String>()));
                at = end;
                continue;
            }
            // A charge ends its particle; a sign that stands alone adds.
            '+' | '-' if before.is_some() && at + 1 == letters.len() => out.push_str(&superscript(&letter.to_string())),
            '.' | '*' if before.is_some() => out.push('·'),
            '{' | '}' | '$' | '\\' => {}
            other => out.push(other),
        }
        at += 1;
    }
    out
}

/// What follows `^` or `_`: a group, or digits with their sign.
fn marked(letters: &[char], from: usize) -> (String, usize) {
    if letters.get(from) == Some(&'{') {
        let end = letters[from..].iter().position(|letter| *letter == '}').map_or(letters.len(), |count| from + count);
        return (letters[from + 1..end].iter().collect(), (end + 1).min(letters.len().max(end)));
    }
    let rest = letters.get(from..).unwrap_or_default();
    let end = rest.iter().position(|letter| !(letter.is_ascii_digit() || matches!(letter, '+' | '-'))).unwrap_or(rest.len());
    (rest[..end].iter().collect(), from + end)
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn reactions_read_as_they_are_printed() {
        let table = [
            ("H2SO4", "H₂SO₄"),
            ("SO4^2- + Ba^{2+} -> BaSO4 v", "SO₄²⁻ + Ba²⁺ → BaSO₄ ↓"),
            ("Fe2(SO4)3", "Fe₂(SO₄)₃"),
            ("N2 + 3H2 <=>[t, p] 2NH3", "N₂ + 3H₂ ⇌[t, p] 2NH₃"),
            ("CuSO4.5H2O", "CuSO₄·5H₂O"),
            ("Na+ + Cl-", "Na⁺ + Cl⁻"),
            ("^{14}_{6}C", "¹⁴₆C"),
            ("^", "↑"),
            ("^{", ""),
        ];
        for (typed, printed) in table {
            assert_eq!(readable(typed), printed, "{typed}");
        }
    }
}
