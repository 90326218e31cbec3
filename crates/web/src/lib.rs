//! HTTP: the route table, the OpenAPI description, sessions, errors and the embedded frontend.
//! Handlers are short: they parse, call one use case, and reply.

pub mod app;
mod http;
pub mod routes;

pub use app::{App, Origin, Sessions};
pub use http::client_address::is_trusted;
pub use http::problem::{ApiError, FieldProblem, Problem};
pub use routes::{openapi, router};
