//! The demo school of `content/demo`: invented people, lessons of our own. `content/README.md`
//! describes the files.

mod lessons;
mod people;
mod shape;

use db::{DbError, sql};
use kernel::OrganisationId;

use crate::Content;
use crate::lessons::LessonError;
use crate::uploads::UploadError;

pub use shape::{Accounts, DemoAccount};

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../content/demo"]
#[include = "*.json"]
#[include = "lessons/*.json"]
#[include = "media/*"]
struct Files;

/// Why the demo school cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file is not built in.
    #[error("content/demo/{0} is missing")]
    Missing(String),
    /// A file is not what its description says.
    #[error("content/demo/{file}: {cause}")]
    Shape {
        /// Which.
        file: String,
        /// What is wrong.
        cause: String,
    },
    /// People are here already: a school with real people never gets invented ones.
    #[error("there are people on this server already")]
    NotEmpty,
    /// An organisation or a person was refused.
    #[error("{what}: {cause}")]
    Refused {
        /// Which.
        what: String,
        /// Why.
        cause: String,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A lesson.
    #[error(transparent)]
    Lesson(#[from] LessonError),
    /// A file.
    #[error(transparent)]
    Upload(#[from] UploadError),
}

fn read(file: &str) -> Result<std::borrow::Cow<'static, [u8]>, DemoError> {
    Files::get(file).map(|found| found.data).ok_or_else(|| DemoError::Missing(file.to_owned()))
}

fn parse<T: serde::de::DeserializeOwned>(file: &str) -> Result<T, DemoError> {
    serde_json::from_slice(&read(file)?).map_err(|error| DemoError::Shape { file: file.to_owned(), cause: error.to_string() })
}

fn refused(what: &str) -> impl Fn(&dyn std::fmt::Debug) -> DemoError + '_ {
    move |cause| DemoError::Refused { what: what.to_owned(), cause: format!("{cause:?}") }
}

/// The accounts a visitor may try, for whoever prints them.
///
/// # Errors
/// [`DemoError`].
pub fn accounts() -> Result<Accounts, DemoError> {
    Ok(parse::<shape::School>("school.json")?.accounts())
}

/// Whether the demo school is here.
///
/// # Errors
/// [`DbError`].
pub async fn is_loaded(content: &Content) -> Result<bool, DbError> {
    let mut tx = content.env.db.read().await?;
    let found: Option<(String,)> = sql!("SELECT value FROM setting WHERE name = 'demo'").fetch_optional(&mut tx).await?;
    Ok(found.is_some())
}

/// Loads organisations, people and lessons; what is here already stays as it is. The files of the
/// lessons are processed by the worker, like everybody's.
///
/// # Errors
/// [`DemoError`].
pub async fn load(content: &Content) -> Result<Accounts, DemoError> {
    let school: shape::School = parse("school.json")?;
    if !is_loaded(content).await? {
        let mut tx = content.env.db.read().await?;
        let (people,): (i64,) = sql!("SELECT COUNT(*) FROM person").fetch_one(&mut tx).await?;
        drop(tx);
        if people > 0 {
            return Err(DemoError::NotEmpty);
        }
        people::load(content, &school).await?;
    }
    let mut files: Vec<_> = Files::iter().filter(|file| file.starts_with("lessons/") && file.ends_with(".json")).collect();
    files.sort();
    for file in files {
        lessons::load(content, &file, &parse(&file)?).await?;
    }
    Ok(school.accounts())
}

async fn organisation_of(content: &Content, code: &str) -> Result<OrganisationId, DemoError> {
    let mut tx = content.env.db.read().await?;
    let found = identity::organisations::lookup_by_code(&mut tx, code).await?;
    found.ok_or_else(|| DemoError::Refused { what: code.to_owned(), cause: "no such organisation".to_owned() })
}
