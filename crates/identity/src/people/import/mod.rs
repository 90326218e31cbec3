//! Lists of people from files: shown first with every faulty row, then taken as a whole or not at all.

mod applied;
mod apply;
mod guardians;
mod known;
mod plan;
mod recognise;
mod roster_out;

use db::{Conn, DbError, Env, sql};
use exchange::roster::{self, Field, Roster, RosterError};
use kernel::{OrganisationId, PeopleImportId, Role};
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::PeopleError;
use crate::access::{Caller, Denied, ManagePeople, authorise};
use crate::fault::Fault;

pub use apply::{Applied, apply};
pub use recognise::{Recognised, read_list, recognise};
pub use roster_out::export_xlsx;

/// Why a list is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Vec<Fault>),
    /// The file cannot be read as a list at all.
    #[error(transparent)]
    Unreadable(#[from] RosterError),
    /// There are faulty rows.
    #[error("faulty rows")]
    Faulty,
    /// It was applied before.
    #[error("applied already")]
    Applied,
    /// Something failed inside.
    #[error("{0}")]
    Inside(String),
}

impl From<PeopleError> for ImportError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Denied(denied) => Self::Denied(denied),
            PeopleError::Db(error) => Self::Db(error),
            PeopleError::Invalid(faults) => Self::Invalid(faults),
            other => Self::Inside(other.to_string()),
        }
    }
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Some rows cannot be taken.
    Faulty,
    /// It can be applied.
    Ready,
    /// It was applied.
    Applied,
}

/// What a row will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportAction {
    /// Add a person.
    Create,
    /// Change one who is there.
    Update,
}

impl ImportAction {
    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
        }
    }
}

/// A column of the file and what it was taken for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportColumn {
    /// As written.
    pub heading: String,
    /// Its meaning, such as `full-name`; null: not read.
    pub field: Option<String>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowProblem {
    /// The column's meaning.
    pub field: Option<String>,
    /// What is wrong, stable.
    pub code: String,
    /// The cell as found.
    pub value: Option<String>,
}

/// What is wrong with the file as a whole.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FileProblem {
    /// What is wrong, stable.
    pub code: String,
    /// The sheet or heading.
    pub value: Option<String>,
}

/// A row of the preview.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportRow {
    /// Its sheet; null for CSV.
    pub sheet: Option<String>,
    /// Its line, as spreadsheets count.
    pub line: u32,
    /// The name read.
    pub display_name: Option<String>,
    /// The date of birth read, `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// The class read.
    pub class_name: Option<String>,
    /// The code read.
    pub code: Option<String>,
    /// What she will sign in with.
    pub username: Option<String>,
    /// What the row will do.
    pub action: ImportAction,
    /// Why it cannot.
    pub problems: Vec<RowProblem>,
}

/// A list before it is taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportPreview {
    /// The import.
    pub id: PeopleImportId,
    /// The file's name.
    pub filename: String,
    /// Where it stands.
    pub state: ImportState,
    /// The columns read.
    pub columns: Vec<ImportColumn>,
    /// Rows with a person.
    pub total: usize,
    /// Of these, rows that cannot be taken.
    pub faulty: usize,
    /// The first 500 rows, faulty ones first; of a list that was taken, its people as they are now.
    pub rows: Vec<ImportRow>,
    /// What is wrong with the file as a whole.
    pub problems: Vec<FileProblem>,
}

/// Most rows shown.
const SHOWN: usize = 500;

struct Stored {
    organisation: OrganisationId,
    role: Role,
    filename: String,
    content: Vec<u8>,
    state: Kept,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Waiting,
    Applied,
}

async fn stored(conn: &mut Conn, id: PeopleImportId) -> Result<Stored, ImportError> {
    let row: Option<(OrganisationId, String, String, Vec<u8>, String)> =
        sql!("SELECT organisation_id, role, filename, content, state FROM people_import WHERE id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await?;
    let (organisation, role, filename, content, state) = row.ok_or(Denied::NotFound)?;
    let state = if state == "applied" { Kept::Applied } else { Kept::Waiting };
    Ok(Stored { organisation, role: Role::try_from(role).map_err(DbError::from)?, filename, content, state })
}

/// Reads a file off the async threads: it may be large, and is not to be trusted. Two at once at
/// most, since each may take a hundred megabytes for a moment.
async fn read(content: Vec<u8>) -> Result<Roster, ImportError> {
    static TURNS: Semaphore = Semaphore::const_new(2);
    let _turn = TURNS.acquire().await.map_err(|error| ImportError::Inside(error.to_string()))?;
    tokio::task::spawn_blocking(move || roster::read(&content))
        .await
        .map_err(|error| ImportError::Inside(error.to_string()))?
        .map_err(ImportError::from)
}

fn word(field: Field) -> Option<String> {
    serde_json::to_value(field).ok()?.as_str().map(str::to_owned)
}

/// Keeps a file and shows what it would do.
///
/// # Errors
/// [`ImportError::Unreadable`] when nothing can be shown.
pub async fn create(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    role: Role,
    filename: &str,
    content: Vec<u8>,
) -> Result<ImportPreview, ImportError> {
    let mut tx = env.db.read().await?;
    authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    drop(tx);
    let filename = crate::fault::optional_line(Some(filename), 200)
        .map_err(|code| ImportError::Invalid(vec![Fault { field: "filename", code }]))?
        .unwrap_or_else(|| "list".to_owned());
    let roster = read(content.clone()).await?;
    let creator = caller.person_id().ok_or(Denied::SignInNeeded)?;
    let id: PeopleImportId = env.ids.make();
    let mut tx = env.db.write().await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let plan = plan::make(&mut tx, &grant, role, &roster).await?;
    sql!(
        "INSERT INTO people_import (id, organisation_id, created_by, role, filename, content, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(id)
    .bind(organisation)
    .bind(creator)
    .bind(role)
    .bind(&filename)
    .bind(content)
    .bind(if plan.is_ready(&roster) { "ready" } else { "faulty" })
    .bind(env.now())
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(preview(id, filename, &roster, &plan))
}

/// Shows again what a kept file would do now.
///
/// # Errors
/// [`ImportError`].
pub async fn get(env: &Env, caller: &Caller, id: PeopleImportId) -> Result<ImportPreview, ImportError> {
    let mut tx = env.db.read().await?;
    let stored = open(&mut tx, caller, id).await?;
    drop(tx);
    if stored.state == Kept::Applied {
        let mut tx = env.db.read().await?;
        return applied::preview(&mut tx, id, stored).await;
    }
    let roster = read(stored.content).await?;
    let mut tx = env.db.read().await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, stored.organisation).await?;
    let plan = plan::make(&mut tx, &grant, stored.role, &roster).await?;
    Ok(preview(id, stored.filename, &roster, &plan))
}

/// An import whose organisation's people the caller manages; others are not there for her.
async fn open(conn: &mut Conn, caller: &Caller, id: PeopleImportId) -> Result<Stored, ImportError> {
    if matches!(caller, Caller::Anonymous { .. }) {
        return Err(Denied::SignInNeeded.into());
    }
    let stored = stored(conn, id).await?;
    match authorise::<ManagePeople>(conn, caller, stored.organisation).await {
        Ok(_) => Ok(stored),
        Err(Denied::Forbidden) => Err(Denied::NotFound.into()),
        Err(other) => Err(other.into()),
    }
}

/// Throws a kept file away.
///
/// # Errors
/// [`ImportError`].
pub async fn delete(env: &Env, caller: &Caller, id: PeopleImportId) -> Result<(), ImportError> {
    let mut tx = env.db.write().await?;
    open(&mut tx, caller, id).await?;
    sql!("DELETE FROM people_import WHERE id = $1").bind(id).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

fn preview(id: PeopleImportId, filename: String, roster: &Roster, plan: &plan::Plan) -> ImportPreview {
    let mut rows: Vec<ImportRow> = plan.rows.iter().zip(&roster.rows).map(|(planned, row)| planned.shown(row)).collect();
    let faulty = rows.iter().filter(|row| !row.problems.is_empty()).count();
    rows.sort_by_key(|row| row.problems.is_empty());
    let total = rows.len();
    rows.truncate(SHOWN);
    ImportPreview {
        id,
        filename,
        state: if plan.is_ready(roster) { ImportState::Ready } else { ImportState::Faulty },
        columns: roster
            .columns
            .iter()
            .map(|column| ImportColumn { heading: column.heading.clone(), field: column.field.and_then(word) })
            .collect(),
        total,
        faulty,
        rows,
        problems: roster
            .problems
            .iter()
            .map(|problem| FileProblem {
                code: problem.code.as_str().to_owned(),
                value: Some(problem.value.clone()).filter(|value| !value.is_empty()),
            })
            .collect(),
    }
}

/// The role a row names, as we know it.
fn role_of(role: roster::RosterRole) -> Role {
    match role {
        roster::RosterRole::Pupil => Role::Pupil,
        roster::RosterRole::Teacher => Role::Teacher,
        roster::RosterRole::Reviewer => Role::Reviewer,
        roster::RosterRole::SchoolHead => Role::SchoolHead,
        roster::RosterRole::Administrator => Role::Administrator,
        roster::RosterRole::Parent => Role::Parent,
    }
}
