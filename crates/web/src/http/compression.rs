//! Answers made of text are compressed. Media are compressed already, the pages come with compressed
//! copies beside them, and a part of a file must stay the part that was asked for.

use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::Predicate;

/// Answers shorter than this fit one packet anyway.
const WORTHWHILE: u64 = 1000;
/// Brotli at 4 takes about as long as gzip and is a fifth smaller.
const LEVEL: i32 = 4;

/// The layer.
pub fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().quality(CompressionLevel::Precise(LEVEL)).compress_when(is_text)
}

fn is_text(status: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let word = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let text = word(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        matches!(kind, "application/json" | "application/vnd.apple.mpegurl" | "text/vtt")
    });
    let long = word(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()).is_none_or(|length| length >= WORTHWHILE);
    // A file that somebody takes away is sent as it is, so that it can be gone on with.
    text && long && status != StatusCode::PARTIAL_CONTENT && !headers.contains_key(header::CONTENT_DISPOSITION)
}
