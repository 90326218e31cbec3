//! LaTeX cut into pieces.

/// A piece of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A command, without its backslash: `frac`, `,`, `{`.
    Command(&'a str),
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
