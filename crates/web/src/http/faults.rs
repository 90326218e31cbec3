//! Faults of fields, as the client sees them.

use identity::fault::Fault;

use super::problem::{ApiError, FieldProblem};

impl From<Vec<Fault>> for ApiError {
    fn from(faults: Vec<Fault>) -> Self {
        let field = |fault: Fault| FieldProblem { pointer: format!("/{}", fault.field), code: fault.code.to_owned(), value: None };
        Self::invalid(faults.into_iter().map(field).collect())
    }
}
