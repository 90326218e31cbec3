//! The library: what is published, browsed and found by those who may read it.

mod browse;
mod facets;
mod find;

pub use browse::{Browse, Sort, browse};
pub use facets::{GradeCount, LibraryFacets, SubjectCount, facets};
pub use find::{Find, FindError, SearchHit, SearchResults, find, marked};
