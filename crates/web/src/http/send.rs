//! Objects on their way out: ranges, conditions, caching.

use std::ops::Range;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use blobs::{BlobError, Blobs, HotObjects};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::problem::ApiError;

/// An object and what is said about it.
#[derive(Debug)]
pub struct Sending<'a> {
    /// Where it is.
    pub object_key: &'a str,
    /// Media type.
    pub mime: &'a str,
    /// Names its bytes.
    pub etag: &'a str,
    /// How long it may be kept.
    pub cache: &'static str,
    /// `Content-Disposition`, where it matters.
    pub disposition: Option<String>,
}

/// What never changes under its address.
pub const FOR_GOOD: &str = "private, max-age=31536000, immutable";
/// What is asked for again each time, and mostly not sent again.
pub const REVALIDATED: &str = "private, no-cache";

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NotFound(_) => Self::not_found(),
            BlobError::DiskFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full"),
            other => Self::internal(other),
        }
    }
}

/// Sends an object, or the part asked for. Small ones come from memory.
///
/// # Errors
/// [`ApiError`] when the store fails or the range lies outside.
pub async fn send(objects: &HotObjects, what: &Sending<'_>, request: &HeaderMap) -> Result<Response, ApiError> {
    let etag = format!("\"{}\"", what.etag);
    if is_known(request, &etag) {
        return Ok(with(StatusCode::NOT_MODIFIED.into_response(), what, &etag));
    }
    let source = match objects.lookup(what.object_key).await {
        Some(bytes) => Source::Memory(bytes),
        None => Source::Store(objects.blobs(), what.object_key),
    };
    let asked = request.get(header::RANGE).and_then(|range| range.to_str().ok()).filter(|_| same_as_before(request, &etag));
    let Some(asked) = asked else { return Ok(with(source.whole().await?, what, &etag)) };
    let size = source.size().await?;
    match parse_range(asked, size) {
        Asked::Everything => Ok(with(source.whole().await?, what, &etag)),
        Asked::Part(range) => {
            let mut response = source.part(range.clone()).await?;
            put(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{}/{size}", range.start, range.end - 1));
            Ok(with(response, what, &etag))
        }
        Asked::Outside => {
            let mut response = ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, "range-not-satisfiable").into_response();
            put(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
            Ok(response)
        }
    }
}

/// Where the bytes come from.
enum Source<'a> {
    Memory(Bytes),
    Store(&'a Blobs, &'a str),
}

impl Source<'_> {
    async fn size(&self) -> Result<u64, ApiError> {
        match self {
            Self::Memory(bytes) => Ok(bytes.len() as u64),
            Self::Store(blobs, key) => blobs.size(key).await?.ok_or_else(ApiError::not_found),
        }
    }

    async fn whole(self) -> Result<Response, ApiError> {
        match self {
            Self::Memory(bytes) => Ok(reply(StatusCode::OK, bytes.len() as u64, Body::from(bytes))),
            Self::Store(blobs, key) => {
                let whole = blobs.get(key, None).await?;
                Ok(reply(StatusCode::OK, whole.size, Body::from_stream(whole.stream)))
            }
        }
    }

    /// `range` lies inside and is not empty.
    async fn part(self, range: Range<u64>) -> Result<Response, ApiError> {
        let length = range.end - range.start;
        let body = match self {
            Self::Memory(bytes) => Body::from(bytes.slice(usize_of(range.start)..usize_of(range.end))),
            Self::Store(blobs, key) => Body::from_stream(blobs.get(key, Some(range)).await?.stream),
        };
        Ok(reply(StatusCode::PARTIAL_CONTENT, length, body))
    }
}

/// Of a place in something that is in memory.
fn usize_of(place: u64) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// Sends a text that was made for this request.
pub fn send_text(text: String, mime: &'static str, cache: &'static str, etag: Option<&str>, request: &HeaderMap) -> Response {
    let etag = etag.map(|etag| format!("\"{etag}\""));
    let known = etag.as_deref().is_some_and(|etag| is_known(request, etag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(text)) };
    put(&mut response, header::CONTENT_TYPE, mime);
    put(&mut response, header::CACHE_CONTROL, cache);
    if let Some(etag) = etag {
        put(&mut response, header::ETAG, &etag);
    }
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn reply(status: StatusCode, length: u64, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn with(mut response: Response, what: &Sending<'_>, etag: &str) -> Response {
    put(&mut response, header::ETAG, etag);
    put(&mut response, header::CACHE_CONTROL, what.cache);
    put(&mut response, header::CONTENT_TYPE, what.mime);
    put(&mut response, header::ACCEPT_RANGES, "bytes");
    put(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(disposition) = &what.disposition {
        put(&mut response, header::CONTENT_DISPOSITION, disposition);
    }
    response
}

fn is_known(request: &HeaderMap, etag: &str) -> bool {
    let lines = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
}

/// A part is only of use to a client that has the rest of the same bytes.
fn same_as_before(request: &HeaderMap, etag: &str) -> bool {
    request.get(header::IF_RANGE).is_none_or(|tag| tag.as_bytes() == etag.as_bytes())
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Everything,
    Part(Range<u64>),
    Outside,
}

/// One range of bytes (RFC 9110, 14.1.2). Several, and what does not parse, are answered with everything.
fn parse_range(text: &str, size: u64) -> Asked {
    let Some((from, to)) = text.strip_prefix("bytes=").filter(|list| !list.contains(',')).and_then(|range| range.trim().split_once('-'))
    else {
        return Asked::Everything;
    };
    let range = match (from.trim(), to.trim()) {
        ("", last) => match last.parse::<u64>() {
            Ok(0) => return Asked::Outside,
            Ok(last) => size.saturating_sub(last)..size,
            Err(_) => return Asked::Everything,
        },
        (from, "") => match from.parse::<u64>() {
            Ok(from) => from..size,
            Err(_) => return Asked::Everything,
        },
        (from, to) => match (from.parse::<u64>(), to.parse::<u64>()) {
            (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(size),
            _ => return Asked::Everything,
        },
    };
    if range.start >= size { Asked::Outside } else { Asked::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let table = [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=0-", Asked::Part(0..10)),
            ("bytes=3-99", Asked::Part(3..10)),
            ("bytes=-4", Asked::Part(6..10)),
            ("bytes=-99", Asked::Part(0..10)),
            ("bytes=10-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=5-3", Asked::Everything),
            ("bytes=0-1,4-5", Asked::Everything),
            ("bytes=18446744073709551615-", Asked::Outside),
            ("bytes=0-18446744073709551615", Asked::Part(0..10)),
            ("pages=1-2", Asked::Everything),
            ("bytes=", Asked::Everything),
            ("bytes=-", Asked::Everything),
        ];
        for (text, expected) in table {
            assert_eq!(parse_range(text, 10), expected, "{text}");
        }
    }
}
