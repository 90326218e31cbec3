//! A file cut at its blank lines, comments taken out and their ids and tags read.

use super::lenient::mended;

/// The lines of one question, and what the comments among them said.
#[derive(Clone, Debug, Default)]
pub(super) struct GiftBlock {
    /// GIFT proper, line ends as `\n`.
    pub text: String,
    /// The number in the file of each line of the text.
    pub lines: Vec<u32>,
    /// Of `[id:…]`.
    pub id: Option<String>,
    /// Of `[tag:…]`.
    pub tags: Vec<String>,
    /// Of our own comment.
    pub note: Option<String>,
    /// Whether formulas got backslashes.
    pub lenient: bool,
}

impl GiftBlock {
    /// The number in the file of the line a byte of the text stands in.
    pub fn line_at(&self, at: usize) -> u32 {
        let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        self.lines.get(line).or(self.lines.last()).copied().unwrap_or(1)
    }

    fn add(&mut self, line: &str, number: u32) {
        if !self.lines.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.lines.push(number);
    }

    fn comment(&mut self, comment: &str) {
        if let Some(note) = comment.trim_start().strip_prefix("lopmo ") {
            self.note = Some(note.to_owned());
            return;
        }
        for (name, value) in bracketed(comment) {
            match name {
                "id" => self.id = Some(value),
                _ => self.tags.push(value),
            }
        }
    }

    fn join(&mut self, other: Self) {
        // The blank line that parted them.
        self.add("", other.lines.first().map_or(0, |line| line.saturating_sub(1)));
        self.text.push('\n');
        self.text.push_str(&other.text);
        self.lines.extend(other.lines);
        self.id = other.id.or(self.id.take());
        self.tags.extend(other.tags);
        self.note = other.note.or(self.note.take());
        self.lenient |= other.lenient;
    }
}

/// `[id:…]` and `[tag:…]`; a bracket inside has a backslash.
fn bracketed(comment: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut rest = comment;
    while let Some(at) = rest.find('[') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some(name) = ["id", "tag"].into_iter().find(|name| rest.strip_prefix(name).is_some_and(|value| value.starts_with(':'))) else {
            continue;
        };
        let mut text = String::new();
        let mut letters = rest.get(name.len() + 1..).unwrap_or_default().chars();
        let mut closed = false;
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => text.extend(letters.next()),
                ']' => {
                    closed = true;
                    break;
                }
                other => text.push(other),
            }
        }
        rest = letters.as_str();
        let text = text.trim().to_owned();
        if closed && !text.is_empty() {
            found.push((name, text));
        }
    }
    found
}

/// The blocks of a file.
pub(super) fn blocks(text: &str) -> Vec<GiftBlock> {
    let mut chunks: Vec<GiftBlock> = Vec::new();
    let mut open = GiftBlock::default();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if let Some(comment) = line.trim_start().strip_prefix("//") {
            open.comment(comment);
        } else if !line.trim().is_empty() {
            open.add(line, number);
        } else if !open.lines.is_empty() {
            // Comments alone wait for the question that follows.
            chunks.push(std::mem::take(&mut open));
        }
    }
    if !open.lines.is_empty() {
        chunks.push(open);
    }
    for chunk in &mut chunks {
        let proper = mended(&chunk.text);
        chunk.lenient = proper.formulas;
        chunk.text = proper.text.into_owned();
    }
    joined(chunks)
}

/// A blank line inside braces does not end a question, if the next brace closes them.
fn joined(chunks: Vec<GiftBlock>) -> Vec<GiftBlock> {
    let braces: Vec<Braces> = chunks.iter().map(|chunk| Braces::of(&chunk.text)).collect();
    // For each chunk, the nearest at or after it that has a brace.
    let mut next_braced = vec![None; chunks.len() + 1];
    for (at, brace) in braces.iter().enumerate().rev() {
        let later = next_braced.get(at + 1).copied().flatten();
        if let Some(slot) = next_braced.get_mut(at) {
            *slot = if brace.first.is_some() { Some(at) } else { later };
        }
    }
    let mut out: Vec<GiftBlock> = Vec::new();
    let mut taken_up_to = 0;
    let mut is_open = false;
    for (at, (chunk, brace)) in chunks.into_iter().zip(&braces).enumerate() {
        if at < taken_up_to {
            if let Some(last) = out.last_mut() {
                last.join(chunk);
            }
        } else {
            out.push(chunk);
        }
        if brace.first.is_some() || at >= taken_up_to {
            is_open = brace.ends_open;
        }
        if is_open && at + 1 >= taken_up_to {
            let closing = next_braced.get(at + 1).copied().flatten();
            if let Some(end) = closing.filter(|end| braces.get(*end).is_some_and(|brace| brace.first == Some(b'}'))) {
                taken_up_to = end + 1;
            }
        }
    }
    out
}

struct Braces {
    first: Option<u8>,
    ends_open: bool,
}

impl Braces {
    fn of(text: &str) -> Self {
        let (mut first, mut depth, mut escaped) = (None, 0_usize, false);
        for byte in text.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'{' => {
                    depth += 1;
                    first.get_or_insert(byte);
                }
                b'}' => {
                    depth = depth.saturating_sub(1);
                    first.get_or_insert(byte);
                }
                _ => {}
            }
        }
        Self { first, ends_open: depth > 0 }
    }
}
