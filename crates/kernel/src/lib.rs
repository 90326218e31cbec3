//! Pure values shared by every crate: time, ids, secrets and the vocabulary of the domain.
//! Nothing here does I/O except reading the clock and the system's randomness, and both are
//! passed in, so that a test can fix them.

mod clock;
mod ids;
mod licence;
mod page;
mod people;
mod secret;
mod words;

pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use ids::*;
pub use licence::Licence;
pub use page::{Cursor, Page, PageLimit};
pub use people::{Locale, OrganisationKind, Role};
pub use secret::{Secret, SecretHash};
pub use words::UnknownWord;
