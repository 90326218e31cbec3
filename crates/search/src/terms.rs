//! Our terms, handed to tantivy ready made.
//!
//! Analysis runs once a document and feeds four fields, so tantivy only has to
//! split the result again: terms by spaces, parts of a document by line ends.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::analysis::{Syllable, syllables};

/// Name the tokenizer is registered under.
pub(crate) const TOKENIZER: &str = "lopmo_terms";
/// Places left free between parts of a document, so that no phrase runs across.
const PART_GAP: usize = 100;

/// Splits prepared terms; never sees text as people write it.
#[derive(Clone, Default)]
pub(crate) struct TermSplitter {
    token: Token,
}

pub(crate) struct TermStream<'a> {
    text: &'a str,
    at: usize,
    next_position: usize,
    token: &'a mut Token,
}

impl Tokenizer for TermSplitter {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        self.token.reset();
        TermStream { text, at: 0, next_position: 0, token: &mut self.token }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        while let Some(gap @ (b' ' | b'\n')) = bytes.get(self.at).copied() {
            if gap == b'\n' {
                self.next_position += PART_GAP;
            }
            self.at += 1;
        }
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return false;
        }
        let end = rest.find([' ', '\n']).map_or(self.text.len(), |end| self.at + end);
        self.token.text.clear();
        self.token.text.push_str(&self.text[self.at..end]);
        self.token.offset_from = self.at;
        self.token.offset_to = end;
        self.token.position = self.next_position;
        self.token.position_length = 1;
        self.next_position += 1;
        self.at = end;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// The four term texts of one zone of a document.
#[derive(Default)]
pub(crate) struct ZoneTerms {
    pub exact: String,
    pub folded: String,
    pub exact_pairs: String,
    pub folded_pairs: String,
}

impl ZoneTerms {
    /// Adds one part (title, text, a tag); phrases and pairs never cross parts.
    pub(crate) fn push_part(&mut self, nfc: &str) {
        let words = syllables(nfc);
        if words.is_empty() {
            return;
        }
        for out in [&mut self.exact, &mut self.folded, &mut self.exact_pairs, &mut self.folded_pairs] {
            if !out.is_empty() {
                out.push('\n');
            }
        }
        for word in &words {
            push_term(&mut self.exact, &word.exact);
            push_term(&mut self.folded, &word.folded);
        }
        for pair in words.windows(2) {
            push_term(&mut self.exact_pairs, &exact_pair(&pair[0], &pair[1]));
            push_term(&mut self.folded_pairs, &folded_pair(&pair[0], &pair[1]));
        }
    }
}

fn push_term(out: &mut String, term: &str) {
    out.push_str(term);
    out.push(' ');
}

/// Two neighbours as one term: most Vietnamese words have two syllables.
pub(crate) fn exact_pair(first: &Syllable, second: &Syllable) -> String {
    format!("{}_{}", first.exact, second.exact)
}

pub(crate) fn folded_pair(first: &Syllable, second: &Syllable) -> String {
    format!("{}_{}", first.folded, second.folded)
}
