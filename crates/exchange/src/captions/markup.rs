//! Cue text: which tags and entities stay.

use unicode_normalization::UnicodeNormalization as _;

/// Keeps balanced `<i>`, `<b>`, `<u>` and `<v Name>`; other tags vanish, other signs are escaped.
pub(super) fn sanitise(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut open: Vec<char> = Vec::new();
    let mut rest = raw;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        match letter {
            '<' => match tag(after) {
                Some((inside, length)) => {
                    apply_tag(inside, &mut open, &mut out);
                    rest = &after[length..];
                    continue;
                }
                None => out.push_str("&lt;"),
            },
            // SubRip files carry ASS overrides such as {\an8}.
            '{' if after.starts_with('\\') => match after.find('}') {
                Some(end) => {
                    rest = &after[end + 1..];
                    continue;
                }
                None => out.push('{'),
            },
            // What remains must not become an override itself.
            '\\' if out.ends_with('{') => {}
            '>' => out.push_str("&gt;"),
            '&' => match entity(after) {
                Some((kept, length)) => {
                    out.push_str(kept);
                    rest = &after[length..];
                    continue;
                }
                None => out.push_str("&amp;"),
            },
            '\n' => {
                while out.ends_with(' ') {
                    out.pop();
                }
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            // A tag that vanished may leave spaces at the edge of a line.
            blank if blank.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(['\n', ' ']) {
                    out.push(' ');
                }
            }
            other if other.is_control() => {}
            other => out.push(other),
        }
        rest = after;
    }
    while out.ends_with(['\n', ' ']) {
        out.pop();
    }
    for name in open.iter().rev() {
        out.push_str(&format!("</{name}>"));
    }
    // Where a tag vanished two letters may have met that belong in one, or in another order.
    out.nfc().collect()
}

/// The inside of a tag and the bytes it takes, when what follows `<` is one.
fn tag(after: &str) -> Option<(&str, usize)> {
    let end = after.find('>')?;
    let inside = &after[..end];
    let begins = inside.strip_prefix('/').unwrap_or(inside).starts_with(|letter: char| letter.is_ascii_alphanumeric());
    (begins && !inside.contains('<')).then_some((inside, end + 1))
}

fn apply_tag(inside: &str, open: &mut Vec<char>, out: &mut String) {
    let (closing, name) = match inside.strip_prefix('/') {
        Some(name) => (true, name),
        None => (false, inside),
    };
    let word: String = name.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let mut letters = word.chars();
    let (Some(tag @ ('i' | 'b' | 'u' | 'v')), None) = (letters.next(), letters.next()) else {
        return;
    };
    if closing {
        if let Some(at) = open.iter().rposition(|name| *name == tag) {
            for name in open.drain(at..).rev() {
                out.push_str(&format!("</{name}>"));
            }
        }
    } else if open.len() < 8 {
        if tag == 'v' {
            let speaker: String = name
                .split_once(char::is_whitespace)
                .map(|(_, speaker)| speaker)
                .unwrap_or_default()
                .chars()
                .filter(|letter| !letter.is_control() && !matches!(letter, '&' | '<' | '>'))
                .take(60)
                .collect();
            if speaker.trim().is_empty() {
                return;
            }
            out.push_str(&format!("<v {}>", speaker.trim()));
        } else {
            out.push_str(&format!("<{tag}>"));
        }
        open.push(tag);
    }
}

/// Entities WebVTT knows stay as they are.
fn entity(after: &str) -> Option<(&'static str, usize)> {
    ["amp;", "lt;", "gt;", "nbsp;", "lrm;", "rlm;"]
        .into_iter()
        .zip(["&amp;", "&lt;", "&gt;", "&nbsp;", "&lrm;", "&rlm;"])
        .find(|(name, _)| after.starts_with(name))
        .map(|(name, kept)| (kept, name.len()))
}

/// The words alone.
pub(super) fn plain(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut inside = false;
    for letter in markup.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if inside => {}
            other => out.push(other),
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&lrm;", "").replace("&rlm;", "").replace("&amp;", "&")
}
