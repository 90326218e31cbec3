//! Uploads by tus 1.0 (<https://tus.io/protocols/resumable-upload>): creation, creation-with-upload,
//! expiration, checksum, termination.

mod headers;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use content::uploads::{self, Checksum, NewUpload, ReceiveBody, UploadError, UploadStatus};
use futures::StreamExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use identity::access::Caller;
use kernel::UploadId;

use self::headers::{TUS_RESUMABLE, UPLOAD_ASSET, UPLOAD_EXPIRES, UPLOAD_LENGTH, UPLOAD_OFFSET};
use crate::app::App;
use crate::http::extract::InPath;
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(describe_uploads, create_upload)).routes(routes!(upload_status, continue_upload, terminate_upload))
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Denied(denied) => denied.into(),
            UploadError::Db(error) => error.into(),
            UploadError::Blob(error) => error.into(),
            UploadError::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            UploadError::Quota => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "quota"),
            UploadError::DiskFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full"),
            UploadError::WrongOffset(at) => Self::new(StatusCode::CONFLICT, "conflict").with_detail(format!("the upload is at {at}")),
            // 460 is the protocol's own.
            UploadError::Checksum => Self::new(StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST), "checksum-mismatch"),
            UploadError::Gone => Self::new(StatusCode::GONE, "upload-gone"),
            UploadError::Stalled => Self::new(StatusCode::REQUEST_TIMEOUT, "stalled"),
            UploadError::Broken => Self::new(StatusCode::BAD_REQUEST, "bad-request"),
        }
    }
}

/// Every reply names the protocol's version, refusals too.
fn tus(reply: Result<Response, ApiError>) -> Response {
    let mut response = reply.unwrap_or_else(axum::response::IntoResponse::into_response);
    response.headers_mut().insert(TUS_RESUMABLE, HeaderValue::from_static("1.0.0"));
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn reply(status: StatusCode, upload: &UploadStatus) -> Response {
    let mut response = status.into_response();
    put(&mut response, UPLOAD_OFFSET, &upload.received.to_string());
    if upload.asset.is_none() {
        put(&mut response, UPLOAD_EXPIRES, &headers::http_date(upload.expires_at));
    }
    if let Some(asset) = upload.asset {
        put(&mut response, UPLOAD_ASSET, &asset.to_string());
    }
    put(&mut response, header::CACHE_CONTROL, "no-store");
    response
}

/// What of the protocol this server speaks.
#[utoipa::path(options, path = "/api/uploads", operation_id = "describe_uploads", tag = "uploads", responses((status = 204)))]
async fn describe_uploads(State(app): State<App>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    put(&mut response, HeaderName::from_static("tus-version"), "1.0.0");
    put(&mut response, HeaderName::from_static("tus-extension"), "creation,creation-with-upload,expiration,checksum,termination");
    put(&mut response, HeaderName::from_static("tus-checksum-algorithm"), "sha1,sha256");
    put(&mut response, HeaderName::from_static("tus-max-size"), &app.content.limits.file_bytes.to_string());
    tus(Ok(response))
}

/// Begins an upload. `Upload-Metadata` names the file and the organisation; the body may bring the first bytes.
#[utoipa::path(post, path = "/api/uploads", operation_id = "create_upload", tag = "uploads",
    responses((status = 201, description = "`Location` is where to send the bytes; `Upload-Asset` when it is whole already"),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem),
        (status = 413, body = Problem), (status = 422, body = Problem), (status = 507, body = Problem)))]
async fn create_upload(State(app): State<App>, By(caller): By, headers: HeaderMap, body: Body) -> Response {
    tus(create(app, caller, &headers, body).await)
}

async fn create(app: App, caller: Caller, headers: &HeaderMap, body: Body) -> Result<Response, ApiError> {
    if matches!(caller, Caller::Anonymous { .. }) {
        return Err(identity::access::Denied::SignInNeeded.into());
    }
    headers::check_version(headers)?;
    let length = headers::number(headers, &UPLOAD_LENGTH)?;
    let (filename, organisation) = headers::metadata(headers)?;
    let length = u64::try_from(length).map_err(|_| ApiError::invalid_field("Upload-Length", "wrong-shape"))?;
    let mut upload = uploads::create(&app.content, &caller, &NewUpload { organisation, filename, length }).await?;
    if headers::brings_bytes(headers) && upload.asset.is_none() {
        let checksum = headers::checksum(headers)?;
        upload = take(app, caller, upload.id, 0, body, checksum).await?;
    }
    let mut response = reply(StatusCode::CREATED, &upload);
    put(&mut response, header::LOCATION, &format!("/api/uploads/{}", upload.id));
    Ok(response)
}

/// How far an upload is.
#[utoipa::path(head, path = "/api/uploads/{id}", operation_id = "upload_status", tag = "uploads", params(("id" = UploadId, Path)),
    responses((status = 200, description = "`Upload-Offset`, `Upload-Length`, `Upload-Asset` when whole"),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
async fn upload_status(State(app): State<App>, By(caller): By, InPath(id): InPath<UploadId>) -> Response {
    let found = uploads::status(&app.content, &caller, id).await.map_err(ApiError::from);
    tus(found.map(|upload| {
        let mut response = reply(StatusCode::OK, &upload);
        put(&mut response, UPLOAD_LENGTH, &upload.length.to_string());
        response
    }))
}

/// Brings the next bytes.
#[utoipa::path(patch, path = "/api/uploads/{id}", operation_id = "continue_upload", tag = "uploads", params(("id" = UploadId, Path)),
    responses((status = 204, description = "`Upload-Offset`; `Upload-Asset` when whole"), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem), (status = 412, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 460, body = Problem), (status = 507, body = Problem)))]
async fn continue_upload(State(app): State<App>, By(caller): By, InPath(id): InPath<UploadId>, headers: HeaderMap, body: Body) -> Response {
    tus(proceed(app, caller, id, &headers, body).await)
}

async fn proceed(app: App, caller: Caller, id: UploadId, headers: &HeaderMap, body: Body) -> Result<Response, ApiError> {
    if matches!(caller, Caller::Anonymous { .. }) {
        return Err(identity::access::Denied::SignInNeeded.into());
    }
    headers::check_version(headers)?;
    if !headers::brings_bytes(headers) {
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"));
    }
    let offset = headers::number(headers, &UPLOAD_OFFSET)?;
    let checksum = headers::checksum(headers)?;
    let upload = take(app, caller, id, offset, body, checksum).await?;
    Ok(reply(StatusCode::NO_CONTENT, &upload))
}

/// In a task of its own: when the connection breaks, this handler is dropped, and what came must
/// still be kept.
async fn take(
    app: App,
    caller: Caller,
    id: UploadId,
    offset: i64,
    body: Body,
    checksum: Option<Checksum>,
) -> Result<UploadStatus, ApiError> {
    let body: ReceiveBody = Box::pin(body.into_data_stream().map(|bytes| bytes.map_err(std::io::Error::other)));
    let task = tokio::spawn(async move { uploads::receive(&app.content, &caller, id, offset, body, checksum).await });
    task.await.map_err(ApiError::internal)?.map_err(ApiError::from)
}

/// Gives an upload up.
#[utoipa::path(delete, path = "/api/uploads/{id}", operation_id = "terminate_upload", tag = "uploads", params(("id" = UploadId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 410, body = Problem)))]
async fn terminate_upload(State(app): State<App>, By(caller): By, InPath(id): InPath<UploadId>) -> Response {
    let done = uploads::terminate(&app.content, &caller, id).await.map_err(ApiError::from);
    tus(done.map(|()| StatusCode::NO_CONTENT.into_response()))
}
