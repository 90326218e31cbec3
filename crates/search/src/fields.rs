//! The schema, and documents written into it.

use exchange::vietnamese::{collapse_whitespace, fold, nfc};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

use crate::formula::signs;
use crate::model::Document;
use crate::terms::{TOKENIZER, ZoneTerms};

/// Raised with any change to the schema or to the analysis: older indexes are then rebuilt.
pub(crate) const SCHEMA_VERSION: u32 = 2;
/// Text of each kind kept for snippets, in bytes; all of it is searchable.
const STORED_TEXT: usize = 64 << 10;

/// One zone of a document under four analyses.
#[derive(Clone, Copy)]
pub(crate) struct Zone {
    pub exact: Field,
    pub folded: Field,
    pub exact_pairs: Field,
    pub folded_pairs: Field,
}

#[derive(Clone)]
pub(crate) struct Fields {
    pub schema: Schema,
    pub id: Field,
    pub kind: Field,
    pub external_id: Field,
    pub title: Field,
    pub text: Field,
    pub captions: Field,
    pub attached: Field,
    pub tag: Field,
    pub facet: Field,
    /// Signs of formulas, one after another.
    pub formula: Field,
    pub subject: Field,
    pub grade: Field,
    pub language: Field,
    pub owner: Field,
    pub reader: Field,
    pub published_at: Field,
    pub version: Field,
    /// Title alone, for its extra weight.
    pub title_zone: Zone,
    /// Title, text and tags as one, so that a query may meet half of itself in each.
    pub body_zone: Zone,
    /// Captions and attachments.
    pub more_zone: Zone,
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut builder = Schema::builder();
        let mut zone = |name: &str| {
            let mut field = |analysis: &str, record| {
                let indexing = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(record);
                builder.add_text_field(&format!("{name}_{analysis}"), TextOptions::default().set_indexing_options(indexing))
            };
            Zone {
                exact: field("exact", IndexRecordOption::WithFreqsAndPositions),
                folded: field("folded", IndexRecordOption::WithFreqsAndPositions),
                exact_pairs: field("exact_pairs", IndexRecordOption::WithFreqs),
                folded_pairs: field("folded_pairs", IndexRecordOption::WithFreqs),
            }
        };
        let (title_zone, body_zone, more_zone) = (zone("title"), zone("body"), zone("more"));
        Self {
            title_zone,
            body_zone,
            more_zone,
            id: builder.add_text_field("id", STRING | STORED),
            kind: builder.add_text_field("kind", STRING | STORED),
            external_id: builder.add_text_field("external_id", STRING | STORED),
            title: builder.add_text_field("title", STORED),
            text: builder.add_text_field("text", STORED),
            captions: builder.add_text_field("captions", STORED),
            attached: builder.add_text_field("attached", STORED),
            tag: builder.add_text_field("tag", STRING),
            facet: builder.add_text_field("facet", STRING),
            formula: builder.add_text_field(
                "formula",
                TextOptions::default().set_indexing_options(
                    TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(IndexRecordOption::WithFreqsAndPositions),
                ),
            ),
            subject: builder.add_text_field("subject", STRING | STORED),
            grade: builder.add_u64_field("grade", INDEXED | STORED),
            language: builder.add_text_field("language", STRING | STORED),
            owner: builder.add_text_field("owner", STRING),
            reader: builder.add_text_field("reader", STRING),
            published_at: builder.add_i64_field("published_at", STORED | FAST),
            version: builder.add_i64_field("version", STORED),
            schema: builder.build(),
        }
    }

    pub(crate) fn document(&self, source: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        let title = collapse_whitespace(&source.title);
        let (text, captions, attached) = (nfc(&source.text), nfc(&source.captions), nfc(&source.attached));

        let mut zone = ZoneTerms::default();
        zone.push_part(&title);
        add_zone(&mut out, self.title_zone, &zone);
        zone.push_part(&text);
        for tag in &source.tags {
            zone.push_part(&nfc(tag));
            out.add_text(self.tag, tag_key(tag));
        }
        add_zone(&mut out, self.body_zone, &zone);
        let mut more = ZoneTerms::default();
        more.push_part(&captions);
        more.push_part(&attached);
        add_zone(&mut out, self.more_zone, &more);

        out.add_text(self.id, &source.id);
        out.add_text(self.kind, &source.kind);
        out.add_text(self.title, &title);
        for (field, value) in [(self.text, &text), (self.captions, &captions), (self.attached, &attached)] {
            if !value.is_empty() {
                out.add_text(field, &value[..value.floor_char_boundary(STORED_TEXT)]);
            }
        }
        for (field, value) in [
            (self.external_id, &source.external_id),
            (self.subject, &source.subject),
            (self.language, &source.language),
            (self.owner, &source.owner),
        ] {
            if let Some(value) = value {
                out.add_text(field, value);
            }
        }
        if let Some(grade) = source.grade {
            out.add_u64(self.grade, u64::from(grade));
        }
        for facet in &source.facets {
            out.add_text(self.facet, facet);
        }
        // A value of its own for each formula: a phrase never goes over from one into the next.
        for formula in &source.formulas {
            out.add_text(self.formula, signs(formula).join(" "));
        }
        for token in &source.readable_by {
            out.add_text(self.reader, token);
        }
        out.add_i64(self.published_at, source.published_at);
        out.add_i64(self.version, source.version);
        out
    }
}

fn add_zone(out: &mut TantivyDocument, zone: Zone, terms: &ZoneTerms) {
    for (field, text) in [
        (zone.exact, &terms.exact),
        (zone.folded, &terms.folded),
        (zone.exact_pairs, &terms.exact_pairs),
        (zone.folded_pairs, &terms.folded_pairs),
    ] {
        if !text.is_empty() {
            out.add_text(field, text);
        }
    }
}

/// Tags are compared folded, whatever spelling the filter comes in.
pub(crate) fn tag_key(tag: &str) -> String {
    fold(&collapse_whitespace(tag))
}
