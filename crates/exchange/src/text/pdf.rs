//! PDF: the text layer, page by page.

use lopdf::{Document, LoadOptions};

use crate::fence::without_panic;

use super::{Collector, ExtractError, ExtractedText, MAX_SECTIONS};

/// Inflated bytes of one stream or one page's drawing.
const MAX_STREAM: usize = 32 << 20;
/// Objects in one file; a textbook of 500 pages has some ten thousand.
const MAX_OBJECTS: usize = 500_000;

pub(super) fn extract(bytes: &[u8]) -> Result<ExtractedText, ExtractError> {
    without_panic(|| read(bytes))
        .unwrap_or_else(|| Err(ExtractError::Damaged { place: "pdf".to_owned(), message: "the parser gave up".to_owned() }))
}

fn read(bytes: &[u8]) -> Result<ExtractedText, ExtractError> {
    let options = LoadOptions { max_decompressed_size: Some(MAX_STREAM), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => ExtractError::Encrypted,
        other => ExtractError::Damaged { place: "pdf".to_owned(), message: other.to_string() },
    })?;
    if document.objects.len() > MAX_OBJECTS {
        return Err(ExtractError::TooLarge(format!("{} objects", document.objects.len())));
    }
    if document.is_encrypted() && document.encryption_state.is_none() {
        return Err(ExtractError::Encrypted);
    }
    let mut collector = Collector::default();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    for page in pages.iter().take(MAX_SECTIONS) {
        if collector.is_full() {
            break;
        }
        let mut text = String::new();
        // One strange font costs its own words only.
        for chunk in document.extract_text_chunks_with_limit(&[*page], MAX_STREAM).into_iter().flatten() {
            text.push_str(&chunk);
        }
        collector.push_section(&text);
    }
    if collector.is_full() || pages.len() > MAX_SECTIONS {
        collector.out.truncated = true;
    }
    Ok(collector.finish())
}
