//! LaTeX source made ready to be read: comments gone, braces and environments paired once, so that no
//! later step has to search for an end.

use std::collections::HashMap;

/// Stands where a comment ended its line: the line is counted, but parts no words and no paragraphs.
pub(super) const JOINED: char = '\u{b}';
/// Around what a comment right behind `\begin{ex}` says in brackets.
pub(super) const TAGS: (char, char) = ('\u{2}', '\u{3}');

/// A text with its pairs, by byte offsets.
pub(super) struct Source {
    pub(super) text: String,
    /// From `{` to its `}`.
    braces: HashMap<usize, usize>,
    /// From the backslash of `\begin` to its environment.
    environments: HashMap<usize, Environment>,
    /// Where lines end, in order.
    line_ends: Vec<usize>,
}

/// An environment, by byte offsets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment {
    pub(super) name: (usize, usize),
    pub(super) inside: (usize, usize),
    pub(super) end: usize,
}

/// A piece of the source: from, to.
pub(super) type Span = (usize, usize);

/// The text without comments.
pub(super) fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let Some(at) = comment_start(line) else {
            out.push_str(line);
            continue;
        };
        let (kept, comment) = line.split_at(at);
        out.push_str(kept);
        let said = comment.trim_start_matches('%').trim();
        if said.starts_with('[') && opens_question(&out) {
            out.push(TAGS.0);
            out.extend(said.chars().filter(|letter| !matches!(letter, '{' | '}' | '\\' | '$')));
            out.push(TAGS.1);
        }
        if line.ends_with('\n') {
            out.push(JOINED);
        }
    }
    out
}

fn comment_start(line: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'\\' => escaped = !escaped,
            b'%' if !escaped => return Some(at),
            _ => escaped = false,
        }
    }
    None
}

fn opens_question(before: &str) -> bool {
    let near = before.floor_char_boundary(before.len().saturating_sub(400));
    let before = before.get(near..).unwrap_or_default().trim_end_matches([' ', '\t', JOINED]);
    before.ends_with(TAGS.1) || super::ENVIRONMENTS.iter().any(|name| before.ends_with(&format!("\\begin{{{name}}}")))
}

impl Source {
    /// Pairs what belongs together.
    pub(super) fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let (mut braces, mut open) = (HashMap::new(), Vec::new());
        let mut begins = Vec::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' => {
                    if text.get(at..).is_some_and(|rest| rest.starts_with("\\begin") || rest.starts_with("\\end")) {
                        begins.push(at);
                    }
                    // Whatever is escaped is no brace.
                    at += 2;
                    continue;
                }
                b'{' => open.push(at),
                b'}' => {
                    if let Some(start) = open.pop() {
                        braces.insert(start, at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        let line_ends = text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'\n' | 0xb)).map(|(at, _)| at).collect();
        let mut source = Self { text, braces, environments: HashMap::new(), line_ends };
        source.pair_environments(&begins);
        source
    }

    fn pair_environments(&mut self, places: &[usize]) {
        // The open ones, each with how many open ones of its name lie below it.
        let mut open: Vec<(usize, Span, usize)> = Vec::new();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for at in places {
            let begins = self.text.get(*at..).is_some_and(|rest| rest.starts_with("\\begin"));
            let after = at + if begins { 6 } else { 4 };
            let Some((name, after)) = self.group(self.skip_space(after, self.text.len()), self.text.len()) else { continue };
            let word = self.slice(name).trim().to_owned();
            let count = counts.entry(word.clone()).or_default();
            if begins {
                *count += 1;
                open.push((*at, name, after));
            } else if *count > 0 {
                // What was not closed before it ends here too.
                while let Some((start, own, inside)) = open.pop() {
                    let own_word = self.slice(own).trim().to_owned();
                    if let Some(count) = counts.get_mut(&own_word) {
                        *count = count.saturating_sub(1);
                    }
                    if own_word == word {
                        self.environments.insert(start, Environment { name: own, inside: (inside, *at), end: after });
                        break;
                    }
                }
            }
        }
    }

    /// A piece of the text.
    pub(super) fn slice(&self, span: Span) -> &str {
        self.text.get(span.0..span.1).unwrap_or_default()
    }

    /// The group that begins at a place, and where it ends.
    pub(super) fn group(&self, at: usize, end: usize) -> Option<(Span, usize)> {
        let close = *self.braces.get(&at)?;
        (close < end).then_some(((at + 1, close), close + 1))
    }

    /// The environment that begins at a place.
    pub(super) fn environment(&self, at: usize, end: usize) -> Option<Environment> {
        self.environments.get(&at).copied().filter(|found| found.end <= end)
    }

    /// The place behind spaces and one line end.
    pub(super) fn skip_space(&self, at: usize, end: usize) -> usize {
        let mut lines = 0;
        for (offset, letter) in self.slice((at, end)).char_indices() {
            match letter {
                '\n' if lines == 1 => return at + offset,
                '\n' => lines += 1,
                ' ' | '\t' | '\r' | JOINED => {}
                _ => return at + offset,
            }
        }
        end
    }

    /// The `[…]` that begins at a place, and where it ends.
    pub(super) fn optional(&self, at: usize, end: usize) -> Option<(Span, usize)> {
        if !self.slice((at, end)).starts_with('[') {
            return None;
        }
        let mut place = at + 1;
        while place < end.min(at + 2000) {
            match self.text.as_bytes().get(place)? {
                b']' => return Some(((at + 1, place), place + 1)),
                b'{' => place = self.group(place, end).map_or(place + 1, |(_, after)| after),
                b'\\' => place += 2,
                _ => place += 1,
            }
        }
        None
    }

    /// The command that begins at a place: its name without the backslash, and where it ends.
    pub(super) fn command(&self, at: usize, end: usize) -> Option<(&str, usize)> {
        let rest = self.slice((at, end)).strip_prefix('\\')?;
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let length = if letters > 0 { letters } else { rest.chars().next()?.len_utf8() };
        let name = rest.get(..length)?;
        // A star belongs to the name of no command that matters here.
        let starred = letters > 0 && rest.get(length..).is_some_and(|after| after.starts_with('*'));
        Some((name, at + 1 + length + usize::from(starred)))
    }

    /// The line of a place, from 1.
    pub(super) fn line(&self, at: usize) -> u32 {
        let lines = self.line_ends.partition_point(|end| *end < at);
        u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// The place behind a command's brackets and so many groups.
pub(super) fn skip_arguments(source: &Source, after: usize, end: usize, count: usize) -> usize {
    let mut at = after;
    while let Some((_, after)) = source.optional(at, end) {
        at = after;
    }
    for _ in 0..count {
        match source.group(source.skip_space(at, end), end) {
            Some((_, after)) => at = after,
            None => break,
        }
    }
    at
}

/// Cuts a piece at a command, leaving groups and environments in it whole.
pub(super) fn pieces(source: &Source, (start, end): Span, command: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let (mut at, mut from) = (start, start);
    while at < end {
        let Some(found) = source.slice((at, end)).find(['\\', '{']) else { break };
        at += found;
        if let Some((_, after)) = source.group(at, end) {
            at = after;
        } else if let Some(environment) = source.environment(at, end) {
            at = environment.end;
        } else if let Some((name, after)) = source.command(at, end) {
            if name == command {
                out.push((from, at));
                from = after;
            }
            at = after;
        } else {
            at += 1;
        }
    }
    out.push((from, end));
    out
}
