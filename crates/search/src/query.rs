//! From what somebody typed to a tantivy query.
//!
//! Every number here was measured on XQuAD-vi (`benches/search.rs` prints the
//! outcome); they were chosen from coarse steps, not fitted.

use exchange::vietnamese::nfc;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query as TantivyQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::analysis::{Syllable, syllables};
use crate::fields::{Fields, Zone, tag_key};
use crate::formula;
use crate::model::{Filter, MAX_QUERY};
use crate::terms::{exact_pair, folded_pair};

type Boxed = Box<dyn TantivyQuery>;

/// Most distinct syllables of a query that are looked up.
const MAX_SYLLABLES: usize = 48;
/// Endings tried for an unfinished last word.
const MAX_EXPANSIONS: usize = 40;
/// Terms looked at to find the commonest endings.
const MAX_EXPANSIONS_SEEN: usize = 2_000;

/// What each kind of agreement adds, times its BM25.
struct Weights {
    exact: f32,
    exact_pair: f32,
    folded: f32,
    folded_pair: f32,
}

/// Typed with diacritics: they decide, but a document typed without still counts.
const WITH_DIACRITICS: Weights = Weights { exact: 1.0, exact_pair: 0.5, folded: 0.3, folded_pair: 0.2 };
/// Typed without: pairs do what diacritics would have done.
const WITHOUT_DIACRITICS: Weights = Weights { exact: 0.0, exact_pair: 0.0, folded: 1.0, folded_pair: 0.5 };
const TITLE_BOOST: f32 = 0.5;
const MORE_BOOST: f32 = 0.5;
/// Whoever types a formula wants that formula.
const FORMULA_BOOST: f32 = 2.0;
/// Most formulas of a query.
const MOST_FORMULAS: usize = 4;
/// Function and question words of Vietnamese weigh this much of the others.
const STOP_WEIGHT: f32 = 0.6;

/// Syllables that carry little by themselves, folded.
const STOP: &[&str] = &[
    "la", "gi", "nao", "bao", "nhieu", "ai", "dau", "sao", "the", "khi", "va", "cua", "cac", "nhung", "cho", "co", "duoc", "bi", "trong",
    "o", "tai", "tu", "voi", "mot", "nay", "do", "da", "dang", "se", "cung", "nhu", "de", "theo", "ve", "ra", "vao", "ma", "thi", "ngoai",
];

fn is_stop(word: &Syllable) -> bool {
    STOP.contains(&word.folded.as_str())
}

/// Whether the last word may still be being typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastWord {
    Finished,
    Unfinished,
}

/// A query in words.
pub(crate) struct Parsed {
    /// Every syllable, in order, phrases included.
    pub words: Vec<Syllable>,
    /// Quoted phrases; each must occur.
    phrases: Vec<Vec<Syllable>>,
    /// Start of a word, kept out of `words`.
    pub prefix: Option<Syllable>,
    /// Whether any diacritic was typed.
    pub accented: bool,
    /// Formulas, each as its signs.
    formulas: Vec<Vec<String>>,
    /// The words of those that stood between dollars, which must occur: as formulas, or with all their
    /// words where a text has them as plain letters (`H₂SO₄`).
    required: Vec<(Vec<String>, Vec<Syllable>)>,
}

impl Parsed {
    pub(crate) fn new(typed: &str, last: LastWord) -> Self {
        let typed = &typed[..typed.floor_char_boundary(MAX_QUERY)];
        let text = nfc(typed).replace(['“', '”', '„', '«', '»'], "\"");
        let mut phrases = Vec::new();
        // Parts at odd places are between quotes; a last quote that never closes quotes nothing.
        let parts: Vec<&str> = text.split('"').collect();
        for (index, part) in parts.iter().enumerate() {
            if index % 2 == 1 && index + 1 < parts.len() {
                let words = syllables(part);
                if !words.is_empty() && phrases.len() < 8 {
                    phrases.push(words);
                }
            }
        }
        let mut words = syllables(&text);
        let mut prefix = None;
        if last == LastWord::Unfinished && text.ends_with(char::is_alphanumeric) {
            prefix = words.pop();
        }
        words.truncate(MAX_SYLLABLES);
        let accented = words.iter().chain(&prefix).any(Syllable::has_diacritics);
        let between = if text.matches('$').count() >= 2 { formula::formulas(&text) } else { Vec::new() };
        let required = between.into_iter().take(MOST_FORMULAS).map(|latex| (formula::signs(latex), syllables(latex))).collect();
        Self { words, phrases, prefix, accented, formulas: formula::typed(&text), required }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.prefix.is_none() && self.formulas.is_empty()
    }
}

pub(crate) struct Builder<'a> {
    pub fields: &'a Fields,
    pub searcher: &'a Searcher,
}

impl Builder<'_> {
    /// The scored query under its filter. Visibility is a clause of the query:
    /// what may not be seen is neither counted nor scored.
    pub(crate) fn build(&self, parsed: &Parsed, filter: &Filter) -> tantivy::Result<Boxed> {
        let mut clauses = match self.filter(filter) {
            Some(clauses) => clauses,
            None => return Ok(Box::new(EmptyQuery)),
        };
        if parsed.is_empty() {
            return Ok(Box::new(BooleanQuery::new(clauses)));
        }
        for phrase in &parsed.phrases {
            clauses.push((Occur::Must, self.phrase(phrase)));
        }
        for (signs, words) in &parsed.required {
            clauses.push((Occur::Must, self.as_formula_or_words(signs, words)));
        }
        let weights = if parsed.accented { &WITH_DIACRITICS } else { &WITHOUT_DIACRITICS };
        self.push_required(parsed, weights, &mut clauses)?;
        self.push_optional(parsed, weights, &mut clauses);
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Which documents count as found: those with a word that carries meaning.
    ///
    /// Asking for two such words or more was tried and lost passages that answer
    /// a question in other words (nDCG@10 lower by 0.002); the ranking puts the
    /// fuller matches first anyway.
    fn push_required(&self, parsed: &Parsed, weights: &Weights, clauses: &mut Vec<(Occur, Boxed)>) -> tantivy::Result<()> {
        let distinct = distinct(&parsed.words);
        let only_stops = parsed.prefix.is_none() && distinct.iter().all(|(word, _)| is_stop(word));
        let mut any_of: Vec<Boxed> = Vec::new();
        for (word, count) in distinct {
            if is_stop(word) && !only_stops {
                continue;
            }
            let weight = weights.folded * count * weight_of(word);
            any_of.push(self.term(self.fields.body_zone.folded, &word.folded, weight));
            any_of.push(self.term(self.fields.more_zone.folded, &word.folded, weight * MORE_BOOST));
        }
        if let Some(prefix) = &parsed.prefix {
            any_of.push(self.prefix(prefix, weights)?);
        }
        any_of.extend(parsed.formulas.iter().map(|signs| self.formula(signs)));
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(any_of))));
        Ok(())
    }

    fn push_optional(&self, parsed: &Parsed, weights: &Weights, clauses: &mut Vec<(Occur, Boxed)>) {
        let mut add = |field: Field, term: &str, weight: f32| {
            if weight > 0.0 {
                clauses.push((Occur::Should, self.term(field, term, weight)));
            }
        };
        let zones: [(Zone, f32); 3] =
            [(self.fields.body_zone, 1.0), (self.fields.title_zone, TITLE_BOOST), (self.fields.more_zone, MORE_BOOST)];
        for (word, count) in distinct(&parsed.words) {
            let weight = weight_of(word) * count;
            for (zone, boost) in zones {
                add(zone.exact, &word.exact, weights.exact * weight * boost);
                // The folded body and the rest are in the required part but for stop words.
                if zone.folded == self.fields.title_zone.folded || is_stop(word) {
                    add(zone.folded, &word.folded, weights.folded * weight * boost);
                }
            }
        }
        for pair in parsed.words.windows(2) {
            let [first, second] = pair else { continue };
            let weight = if is_stop(first) && is_stop(second) { STOP_WEIGHT } else { 1.0 };
            for (zone, boost) in zones {
                add(zone.exact_pairs, &exact_pair(first, second), weights.exact_pair * weight * boost);
                add(zone.folded_pairs, &folded_pair(first, second), weights.folded_pair * weight * boost);
            }
        }
    }

    fn term(&self, field: Field, text: &str, weight: f32) -> Boxed {
        let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
        Box::new(BoostQuery::new(Box::new(query), weight))
    }

    /// A phrase must stand somewhere: with its diacritics if it was typed with any
    /// and then counting more, else folded.
    fn phrase(&self, words: &[Syllable]) -> Boxed {
        let accented = words.iter().any(Syllable::has_diacritics);
        let mut choices = Vec::new();
        for zone in [self.fields.body_zone, self.fields.more_zone] {
            choices.push(phrase_in(zone.folded, words.iter().map(|word| word.folded.as_str())));
            if accented {
                let exact = phrase_in(zone.exact, words.iter().map(|word| word.exact.as_str()));
                choices.push(Box::new(BoostQuery::new(exact, 2.0)));
            }
        }
        Box::new(DisjunctionMaxQuery::new(choices))
    }

    fn as_formula_or_words(&self, signs: &[String], words: &[Syllable]) -> Boxed {
        let mut choices = Vec::new();
        if !signs.is_empty() {
            choices.push(self.formula(signs));
        }
        if !words.is_empty() {
            let all = words.iter().map(|word| self.term(self.fields.body_zone.folded, &word.folded, 1.0)).map(|term| (Occur::Must, term));
            choices.push(Box::new(BooleanQuery::new(all.collect())));
        }
        Box::new(BooleanQuery::union(choices))
    }

    /// The signs of a formula, one after another.
    fn formula(&self, signs: &[String]) -> Boxed {
        Box::new(BoostQuery::new(phrase_in(self.fields.formula, signs.iter().map(String::as_str)), FORMULA_BOOST))
    }

    /// The commonest words that begin as typed.
    fn prefix(&self, prefix: &Syllable, weights: &Weights) -> tantivy::Result<Boxed> {
        let mut choices = Vec::new();
        for zone in [self.fields.body_zone, self.fields.more_zone, self.fields.title_zone] {
            for term in self.expansions(zone.folded, &prefix.folded)? {
                choices.push(self.term(zone.folded, &term, weights.folded));
            }
            if prefix.has_diacritics() {
                for term in self.expansions(zone.exact, &prefix.exact)? {
                    choices.push(self.term(zone.exact, &term, weights.exact));
                }
            }
        }
        Ok(Box::new(DisjunctionMaxQuery::new(choices)))
    }

    fn expansions(&self, field: Field, prefix: &str) -> tantivy::Result<Vec<String>> {
        let mut counts = std::collections::BTreeMap::<String, u64>::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().range().ge(prefix).into_stream()?;
            let mut seen = 0;
            while stream.advance() && seen < MAX_EXPANSIONS_SEEN {
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                if !term.starts_with(prefix) {
                    break;
                }
                seen += 1;
                *counts.entry(term.to_owned()).or_default() += u64::from(stream.value().doc_freq);
            }
        }
        let mut found: Vec<(String, u64)> = counts.into_iter().collect();
        found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(found.into_iter().take(MAX_EXPANSIONS).map(|(term, _)| term).collect())
    }

    /// `None` when nothing may be seen.
    fn filter(&self, filter: &Filter) -> Option<Vec<(Occur, Boxed)>> {
        if filter.any_of_readers.is_empty() {
            return None;
        }
        let readers = filter.any_of_readers.iter().map(|token| Term::from_field_text(self.fields.reader, token));
        let mut clauses: Vec<(Occur, Boxed)> = vec![must(TermSetQuery::new(readers))];
        for (field, value) in [
            (self.fields.subject, &filter.subject),
            (self.fields.language, &filter.language),
            (self.fields.kind, &filter.kind),
            (self.fields.owner, &filter.owner),
        ] {
            if let Some(value) = value {
                clauses.push(must(basic(Term::from_field_text(field, value))));
            }
        }
        if let Some(grade) = filter.grade {
            clauses.push(must(basic(Term::from_field_u64(self.fields.grade, u64::from(grade)))));
        }
        for tag in filter.tags.iter().take(20) {
            clauses.push(must(basic(Term::from_field_text(self.fields.tag, &tag_key(tag)))));
        }
        for facet in filter.facets.iter().take(20) {
            clauses.push(must(basic(Term::from_field_text(self.fields.facet, facet))));
        }
        Some(clauses)
    }
}

fn basic(term: Term) -> TermQuery {
    TermQuery::new(term, IndexRecordOption::Basic)
}

/// Must match, adds nothing to the score.
fn must(query: impl TantivyQuery) -> (Occur, Boxed) {
    (Occur::Must, Box::new(ConstScoreQuery::new(Box::new(query), 0.0)))
}

fn phrase_in<'a>(field: Field, words: impl Iterator<Item = &'a str>) -> Boxed {
    let mut terms: Vec<Term> = words.map(|word| Term::from_field_text(field, word)).collect();
    match terms.len() {
        0 => Box::new(AllQuery),
        1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new(terms)),
    }
}

fn weight_of(word: &Syllable) -> f32 {
    if is_stop(word) { STOP_WEIGHT } else { 1.0 }
}

/// Each syllable once, with how often it was typed.
fn distinct(words: &[Syllable]) -> Vec<(&Syllable, f32)> {
    let mut out: Vec<(&Syllable, f32)> = Vec::new();
    for word in words {
        match out.iter_mut().find(|(known, _)| known.exact == word.exact) {
            Some((_, count)) => *count += 1.0,
            None => out.push((word, 1.0)),
        }
    }
    out
}
