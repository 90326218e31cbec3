//! What all handlers share: errors, bodies, the caller.

pub mod client_address;
pub mod extract;
pub mod problem;
pub mod request_id;
pub mod session_store;
pub mod signed_in;
