//! The protocol's headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use content::uploads::{Algorithm, Checksum};
use http::{HeaderMap, HeaderName, StatusCode, header};
use kernel::{OrganisationId, Timestamp};

use crate::http::problem::ApiError;

pub(super) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
pub(super) const UPLOAD_ASSET: HeaderName = HeaderName::from_static("upload-asset");

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(super) fn check_version(headers: &HeaderMap) -> Result<(), ApiError> {
    match text(headers, "tus-resumable") {
        Some("1.0.0") => Ok(()),
        _ => Err(ApiError::new(StatusCode::PRECONDITION_FAILED, "bad-request").with_detail("Tus-Resumable must be 1.0.0")),
    }
}

pub(super) fn brings_bytes(headers: &HeaderMap) -> bool {
    text(headers, header::CONTENT_TYPE.as_str()) == Some("application/offset+octet-stream")
}

/// A number of bytes: digits only.
pub(super) fn number(headers: &HeaderMap, name: &HeaderName) -> Result<i64, ApiError> {
    let digits = text(headers, name.as_str()).filter(|value| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.map(str::parse) {
        Some(Ok(number)) => Ok(number),
        // More digits than bytes anywhere.
        Some(Err(_)) => Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")),
        None => Err(ApiError::invalid_field(format!("/{name}"), "missing")),
    }
}

/// `filename` and `organisation` of `Upload-Metadata`: pairs of a key and base64, comma between.
pub(super) fn metadata(headers: &HeaderMap) -> Result<(String, OrganisationId), ApiError> {
    let line = text(headers, "upload-metadata").unwrap_or_default();
    let (mut filename, mut organisation) = (String::new(), None);
    for pair in line.split(',') {
        let (key, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
        let read = || STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match key {
            "filename" => filename = read().ok_or_else(|| ApiError::invalid_field("/filename", "wrong-shape"))?,
            "organisation" => {
                let id = read().and_then(|text| text.parse::<OrganisationId>().ok());
                organisation = Some(id.ok_or_else(|| ApiError::invalid_field("/organisation", "wrong-shape"))?);
            }
            _ => {}
        }
    }
    Ok((filename, organisation.ok_or_else(|| ApiError::invalid_field("/organisation", "missing"))?))
}

pub(super) fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, ApiError> {
    let Some(line) = text(headers, "upload-checksum") else { return Ok(None) };
    let wrong = || ApiError::new(StatusCode::BAD_REQUEST, "bad-request").with_detail("Upload-Checksum is not understood");
    let (algorithm, digest) = line.trim().split_once(' ').ok_or_else(wrong)?;
    let algorithm = match algorithm {
        "sha1" => Algorithm::Sha1,
        "sha256" => Algorithm::Sha256,
        _ => return Err(wrong()),
    };
    Ok(Some(Checksum { algorithm, digest: STANDARD.decode(digest.trim()).map_err(|_| wrong())? }))
}

/// An instant as HTTP writes it.
pub(super) fn http_date(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0).map(|at| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).unwrap_or_default()
}
