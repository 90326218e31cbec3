//! The best place of a text for a query, with the matching words marked.

use std::collections::HashMap;

use crate::analysis::{Syllable, syllables};
use crate::model::{Highlight, Segment, Snippet};

/// Syllables of an excerpt: two to three lines on a phone.
const WINDOW: usize = 40;
/// Syllables shown before the first match.
const LEAD: usize = 6;

/// A query's words and how much each says.
pub(crate) struct Marker {
    words: HashMap<String, Word>,
    prefix: Option<String>,
}

struct Word {
    /// Spellings typed with diacritics; empty: any spelling will do.
    exact: Vec<String>,
    weight: f32,
}

impl Marker {
    pub(crate) fn new(words: &[(Syllable, f32)], prefix: Option<&Syllable>, accented: bool) -> Self {
        let mut map: HashMap<String, Word> = HashMap::new();
        for (word, weight) in words {
            let entry = map.entry(word.folded.clone()).or_insert(Word { exact: Vec::new(), weight: *weight });
            if accented && !entry.exact.contains(&word.exact) {
                entry.exact.push(word.exact.clone());
            }
        }
        Self { words: map, prefix: prefix.map(|prefix| prefix.folded.clone()) }
    }

    /// Weight of each syllable of the text, 0 where it is none of the query's.
    /// A spelling that differs in diacritics counts where the text never has the right one.
    fn weigh(&self, text: &[Syllable]) -> Vec<f32> {
        let mut has_exact: HashMap<&str, bool> = HashMap::new();
        for syllable in text {
            if let Some(word) = self.words.get(&syllable.folded)
                && (word.exact.is_empty() || word.exact.contains(&syllable.exact))
            {
                has_exact.insert(syllable.folded.as_str(), true);
            }
        }
        text.iter()
            .map(|syllable| {
                if let Some(word) = self.words.get(&syllable.folded) {
                    let exact = word.exact.is_empty() || word.exact.contains(&syllable.exact);
                    return match (exact, has_exact.contains_key(syllable.folded.as_str())) {
                        (true, _) => word.weight,
                        (false, false) => word.weight * 0.5,
                        (false, true) => 0.0,
                    };
                }
                match &self.prefix {
                    Some(prefix) if syllable.folded.starts_with(prefix.as_str()) => 2.0,
                    _ => 0.0,
                }
            })
            .collect()
    }

    /// How well a text serves as an excerpt, and the excerpt.
    pub(crate) fn excerpt(&self, text: &str) -> (f32, Snippet) {
        let words = syllables(text);
        if words.is_empty() {
            return (0.0, Snippet::default());
        }
        let weights = self.weigh(&words);
        let (score, first) = best_window(&words, &weights);
        let start = first.saturating_sub(LEAD);
        let end = (start + WINDOW).min(words.len());
        let from = if start == 0 { 0 } else { words[start].start };
        let to = if end == words.len() { text.len() } else { words[end - 1].end };
        let mut segments = Segments::default();
        if from > 0 {
            segments.push("… ", Highlight::Plain);
        }
        mark(text, from, to, &words[start..end], &weights[start..end], &mut segments);
        if to < text.len() {
            segments.push(" …", Highlight::Plain);
        }
        (score, segments.finish())
    }

    /// The whole text with marks.
    pub(crate) fn whole(&self, text: &str) -> Snippet {
        let words = syllables(text);
        let weights = self.weigh(&words);
        let mut segments = Segments::default();
        mark(text, 0, text.len(), &words, &weights, &mut segments);
        segments.finish()
    }
}

/// Distinct words count fully, repeats a little; ties go to the earlier place.
fn best_window(words: &[Syllable], weights: &[f32]) -> (f32, usize) {
    let mut best = (0.0_f32, 0_usize);
    for first in (0..words.len()).filter(|at| weights[*at] > 0.0) {
        let end = (first + WINDOW - LEAD).min(words.len());
        let mut seen: Vec<&str> = Vec::new();
        let mut score = 0.0;
        for at in first..end {
            if weights[at] <= 0.0 {
                continue;
            }
            if seen.contains(&words[at].folded.as_str()) {
                score += weights[at] * 0.1;
            } else {
                seen.push(&words[at].folded);
                score += weights[at];
            }
            // Neighbours that both match are likely the word that was meant.
            if at > first && weights[at - 1] > 0.0 {
                score += weights[at].min(weights[at - 1]) * 0.5;
            }
        }
        if score > best.0 {
            best = (score, first);
        }
    }
    best
}

fn mark(text: &str, from: usize, to: usize, words: &[Syllable], weights: &[f32], out: &mut Segments) {
    let mut at = from;
    for (word, weight) in words.iter().zip(weights) {
        if *weight > 0.0 {
            out.push(&text[at..word.start], Highlight::Plain);
            out.push(&text[word.start..word.end], Highlight::Match);
            at = word.end;
        }
    }
    out.push(&text[at..to], Highlight::Plain);
}

/// Segments, matches joined over single spaces, other white space made one space.
#[derive(Default)]
struct Segments {
    out: Vec<Segment>,
}

impl Segments {
    fn push(&mut self, text: &str, highlight: Highlight) {
        let mut tidy = String::with_capacity(text.len());
        for letter in text.chars() {
            if !letter.is_whitespace() {
                tidy.push(letter);
            } else if !tidy.ends_with(' ') {
                tidy.push(' ');
            }
        }
        if tidy.is_empty() {
            return;
        }
        match self.out.last_mut() {
            Some(last) if last.highlight == highlight => last.text.push_str(&tidy),
            _ => self.out.push(Segment { text: tidy, highlight }),
        }
    }

    fn finish(self) -> Snippet {
        let mut segments: Vec<Segment> = Vec::with_capacity(self.out.len());
        let mut rest = self.out.into_iter().peekable();
        while let Some(part) = rest.next() {
            let is_space = part.text == " " && part.highlight == Highlight::Plain;
            match segments.last_mut() {
                Some(last) if last.highlight == Highlight::Match && is_space && rest.peek().is_some() => {
                    last.text.push(' ');
                    if let Some(next) = rest.next() {
                        last.text.push_str(&next.text);
                    }
                }
                _ => segments.push(part),
            }
        }
        Snippet { segments }
    }
}
