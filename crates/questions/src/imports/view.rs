use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use kernel::{Cursor, Page, PageLimit, PersonId, QuestionFolderId, QuestionImportId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ImportCounts, ImportError, ImportFailure, ImportState, OwnImport};
use crate::Questions;

/// A paper on its maker's desk.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionImport {
    /// Which.
    pub id: QuestionImportId,
    /// The file's name.
    pub filename: String,
    /// What the file was read as (`docx`, `gift`, … or `doc`), once it is known.
    pub format: Option<String>,
    /// The file's bytes.
    pub size: i64,
    /// Where it stands.
    pub state: ImportState,
    /// Why it failed, where it did.
    pub failure: Option<ImportFailure>,
    /// Counts saves of the paper; a save names the one it changes.
    pub revision: i64,
    /// What the paper holds.
    pub counts: ImportCounts,
    /// How many of its questions are in the bank.
    pub saved_count: i64,
    /// Where the last of them went.
    pub saved_folder_id: Option<QuestionFolderId>,
    /// When the file came.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: QuestionImportId,
    filename: String,
    format: Option<String>,
    size: i64,
    state: String,
    failure_code: Option<String>,
    failure_message: Option<String>,
    revision: i64,
    question_count: i64,
    doubt_count: i64,
    missing_key_count: i64,
    saved_count: i64,
    saved_folder_id: Option<QuestionFolderId>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for QuestionImport {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let failure = row.failure_code.map(|code| ImportFailure { code, message: row.failure_message.unwrap_or_default() });
        Ok(Self {
            id: row.id,
            filename: row.filename,
            format: row.format,
            size: row.size,
            state: ImportState::try_from(row.state)?,
            failure,
            revision: row.revision,
            counts: ImportCounts { questions: row.question_count, doubts: row.doubt_count, missing_keys: row.missing_key_count },
            saved_count: row.saved_count,
            saved_folder_id: row.saved_folder_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// One import as it stands.
pub(super) async fn load(conn: &mut Conn, import: QuestionImportId) -> Result<QuestionImport, DbError> {
    let row: Row = sql!(
        "SELECT id, filename, format, size, state, failure_code, failure_message, revision, question_count, doubt_count,
                missing_key_count, saved_count, saved_folder_id, created_at, updated_at
         FROM question_import WHERE id = $1"
    )
    .bind(import)
    .fetch_one(conn)
    .await?;
    row.try_into()
}

/// An import of the caller's.
///
/// # Errors
/// [`ImportError`].
pub async fn get(questions: &Questions, caller: &Caller, import: QuestionImportId) -> Result<QuestionImport, ImportError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    Ok(load(&mut tx, import).await?)
}

/// The caller's imports, the newest first.
///
/// # Errors
/// [`ImportError`].
pub async fn list(
    questions: &Questions,
    caller: &Caller,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<QuestionImport>, ImportError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let mut tx = questions.content.env.db.read().await?;
    let rows = rows(&mut tx, person, after.and_then(Cursor::key::<(Timestamp, QuestionImportId)>), limit).await?;
    let page = Page::from_surplus(rows, limit, |row| (row.created_at, row.id));
    let items = page.items.into_iter().map(QuestionImport::try_from).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

async fn rows(
    conn: &mut Conn,
    person: PersonId,
    after: Option<(Timestamp, QuestionImportId)>,
    limit: PageLimit,
) -> Result<Vec<Row>, DbError> {
    sql!(
        "SELECT id, filename, format, size, state, failure_code, failure_message, revision, question_count, doubt_count,
                missing_key_count, saved_count, saved_folder_id, created_at, updated_at
         FROM question_import
         WHERE owner_id = $1 AND (CAST($3 AS UUID) IS NULL OR (created_at, id) < ($2, $3))
         ORDER BY created_at DESC, id DESC LIMIT $4"
    )
    .bind(person)
    .bind(after.map_or(0, |(at, _)| at.0))
    .bind(after.map(|(_, id)| id))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}
