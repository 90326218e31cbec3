//! The two shapes of a list.

use kernel::Page;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A whole list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The rows.
    pub items: Vec<T>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; null at the end.
    pub next: Option<String>,
}

impl<T> From<Page<T>> for Paged<T> {
    fn from(page: Page<T>) -> Self {
        Self { items: page.items, next: page.next.map(|cursor| cursor.as_str().to_owned()) }
    }
}

/// Which page is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows of a page: 50 unless asked, 200 at most.
    pub limit: Option<u32>,
}

impl PageQuery {
    /// Where the page starts.
    pub fn cursor(&self) -> Option<kernel::Cursor> {
        self.after.as_deref().map(kernel::Cursor::from_client)
    }

    /// How long it is.
    pub fn limit(&self) -> kernel::PageLimit {
        kernel::PageLimit::asked(self.limit)
    }
}

/// Tells a field that is null from one that is absent: `#[serde(default, deserialize_with = "present")]`.
///
/// # Errors
/// Those of the field's own type.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
