use axum::response::{IntoResponse, Response};
use db::DbError;
use http::{HeaderValue, StatusCode, header};
use identity::access::Denied;
use serde::Serialize;
use utoipa::ToSchema;

/// An error as the client sees it (RFC 9457). `code` is stable and the frontend's message key.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` tells the kind.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable name of the error.
    pub code: String,
    /// More about this occurrence, never a cause from inside the server.
    pub detail: Option<String>,
    /// Under which the server's log keeps the cause.
    pub request_id: Option<String>,
    /// Which parts of the request were wrong.
    pub fields: Vec<FieldProblem>,
}

/// One wrong part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer or parameter name.
    pub pointer: String,
    /// What is wrong, stable.
    pub code: String,
    /// The value found, where it helps and is not secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// An error on its way to the client. The cause goes to the log.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: Option<String>,
    fields: Vec<FieldProblem>,
    retry_after_seconds: Option<u64>,
    cause: Option<String>,
}

impl ApiError {
    /// An error with a status and a stable code.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, detail: None, fields: Vec::new(), retry_after_seconds: None, cause: None }
    }

    /// There is no such thing, or the caller may not know.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// Parts of the request are wrong.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// One part of the request is wrong.
    pub fn invalid_field(pointer: impl Into<String>, code: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem { pointer: pointer.into(), code: code.into(), value: None }])
    }

    /// Something failed inside; the client learns only that.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal") }
    }

    /// Says more exactly what is wrong.
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// Adds words about this occurrence.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Tells when to come back.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// The status to be sent.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unique | DbError::Reference => Self::new(StatusCode::CONFLICT, "conflict"),
            DbError::DiskFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full"),
            // PostgreSQL's text holds no NUL (22021): a value with one names nothing and cannot be kept.
            DbError::Sql(cause) if cause.as_database_error().is_some_and(|error| error.code().as_deref() == Some("22021")) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            }
            other => Self::internal(other),
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::SignInNeeded => Self::new(StatusCode::UNAUTHORIZED, "sign-in-needed"),
            Denied::NotFound => Self::not_found(),
            Denied::Forbidden => Self::new(StatusCode::FORBIDDEN, "forbidden"),
            Denied::Db(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code, %cause, "request failed");
        }
        let problem = Problem {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail,
            request_id: super::request_id::current(),
            fields: self.fields,
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
