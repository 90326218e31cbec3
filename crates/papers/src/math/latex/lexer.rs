//! LaTeX cut into pieces.

use super::symbols::is_word_letter;

/// A piece of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A command, without its backslash: `frac`, `,`, `{`.
    Command(&'a str),
    /// Words with letters that only words have, typed without `\\text`.
    Words(&'a str),
    /// Any other character.
    Letter(char),
    /// `{`
    Open,
    /// `}`
    Close,
    /// `_`
    Sub,
    /// `^`
    Sup,
    /// `&`
    Align,
    /// `\\`
    NewLine,
}

/// What is left of the source.
#[derive(Clone, Copy, Debug)]
pub struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    /// From its beginning.
    pub fn new(source: &'a str) -> Self {
        Self { rest: source }
    }

    /// The next piece, left where it is. Spaces and comments are passed over.
    pub fn peek(&self) -> Option<Token<'a>> {
        self.clone().next()
    }

    /// Takes the next piece.
    pub fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix('%') {
                Some(comment) => self.rest = comment.split_once('\n').map_or("", |(_, after)| after),
                None => break,
            }
        }
        let letter = self.rest.chars().next()?;
        let after = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        let (token, rest) = match letter {
            '{' => (Token::Open, after),
            '}' => (Token::Close, after),
            '_' => (Token::Sub, after),
            '^' => (Token::Sup, after),
            '&' => (Token::Align, after),
            '\\' => {
                let word = after.bytes().take_while(u8::is_ascii_alphabetic).count();
                let length = if word > 0 { word } else { after.chars().next().map_or(0, char::len_utf8) };
                let (name, rest) = after.split_at_checked(length).unwrap_or((after, ""));
                (if name == "\\" { Token::NewLine } else { Token::Command(name) }, rest)
            }
            other if other.is_alphabetic() => match words(self.rest) {
                0 => (Token::Letter(other), after),
                length => {
                    self.rest.split_at_checked(length).map_or((Token::Letter(other), after), |(words, rest)| (Token::Words(words), rest))
                }
            },
            other => (Token::Letter(other), after),
        };
        self.rest = rest;
        Some(token)
    }

    /// Takes a `*` that follows a command's name at once.
    pub fn star(&mut self) {
        self.rest = self.rest.strip_prefix('*').unwrap_or(self.rest);
    }

    /// Takes what stands between `{` and its `}` as it is written, spaces and all.
    pub fn raw_group(&mut self) -> Option<&'a str> {
        self.raw('{', '}')
    }

    /// Takes what stands between `[` and `]` as it is written.
    pub fn raw_option(&mut self) -> Option<&'a str> {
        self.raw('[', ']')
    }

    fn raw(&mut self, open: char, close: char) -> Option<&'a str> {
        let inner = self.rest.trim_start().strip_prefix(open)?;
        let mut depth = 0_usize;
        let mut escaped = false;
        for (at, letter) in inner.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if letter == close && depth == 0 => {
                    self.rest = inner.get(at + close.len_utf8()..).unwrap_or_default();
                    return inner.get(..at);
                }
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }
}

/// How many bytes of words a text begins with; 0 where its first word could be letters of a formula.
fn words(text: &str) -> usize {
    // Longer than any word of Vietnamese.
    const LONGEST: usize = 24;
    let mut length = 0;
    loop {
        let rest = text.get(length..).unwrap_or_default();
        let spaces = if length == 0 { 0 } else { rest.len() - rest.trim_start_matches(' ').len() };
        let word = rest.get(spaces..).unwrap_or_default();
        let (mut bytes, mut told) = (0, false);
        for letter in word.chars().take(LONGEST).take_while(|letter| letter.is_alphabetic()) {
            bytes += letter.len_utf8();
            told |= is_word_letter(letter);
        }
        if !told || (length > 0 && spaces == 0) {
            return length;
        }
        length += spaces + bytes;
    }
}
