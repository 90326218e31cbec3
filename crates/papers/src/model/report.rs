use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Address;

/// How much a doubt matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReportSeverity)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Came over, but somebody should look.
    Warning,
    /// Did not come over.
    Error,
}

/// One doubt: what, where, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ReportEntry)]
pub struct Entry {
    /// How much it matters.
    pub severity: Severity,
    /// Stable, lower case with hyphens: the screen's message key `paper.<code>`.
    pub code: String,
    /// A sentence a teacher understands, in Vietnamese, with the remedy where there is one.
    pub message: String,
    /// The question, or the paragraph, it is about.
    pub address: Option<Address>,
    /// The source's own word for a type that could not be carried.
    pub source_type: Option<String>,
    /// What the message was made with, for the screen's other language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Entry {
    fn new(severity: Severity, code: &str, message: impl Into<String>) -> Self {
        Self { severity, code: code.to_owned(), message: message.into(), address: None, source_type: None, values: BTreeMap::new() }
    }

    /// Something did not come over.
    #[must_use]
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// Somebody should look.
    #[must_use]
    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Worth knowing.
    #[must_use]
    pub fn info(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// Where.
    #[must_use]
    pub fn at(self, address: Address) -> Self {
        Self { address: Some(address), ..self }
    }

    /// The source's word for what it is.
    #[must_use]
    pub fn of_type(self, source_type: impl Into<String>) -> Self {
        Self { source_type: Some(source_type.into()), ..self }
    }

    /// A value the message was made with.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }
}
