//! What all handlers share: errors, bodies, the caller.

pub mod author;
pub mod client_address;
pub mod compression;
pub mod extract;
mod faults;
pub mod headers;
pub mod list;
pub mod problem;
pub mod refusals;
pub mod request_id;
pub mod same_origin;
pub mod send;
pub mod session_store;
pub mod signed_in;
pub mod stream_cache;
