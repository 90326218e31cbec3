//! Pictures and sounds of questions. Their bytes are blobs like those of lessons; who may read a
//! question may read what is in it.

use bytes::Bytes;
use content::processing::{FinishError, Kept, keep_bytes};
use content::uploads::over_quota;
use db::{Conn, DbError, WriteTx, sql};
use identity::access::{Caller, Capability, Decision, Denied, Grant, authorise};
use kernel::{OrganisationId, PersonId, QuestionFileId};
use papers::package_media::{MediaType, recognised};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Questions;
use crate::access::EditFolder;
use crate::space;

/// Most bytes of one picture or sound.
pub const LARGEST_FILE: usize = 20 << 20;

/// What every browser shows or plays.
const SHOWN: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/svg+xml",
    "image/bmp",
    "image/avif",
    "audio/mpeg",
    "audio/m4a",
    "audio/ogg",
    "audio/opus",
    "audio/x-wav",
    "audio/x-flac",
    "audio/aac",
];

/// May read a picture or sound.
#[derive(Debug)]
pub struct ReadFile;

impl Capability for ReadFile {
    type Scope = QuestionFileId;

    async fn decide(conn: &mut Conn, caller: &Caller, file: &QuestionFileId) -> Result<Decision, DbError> {
        let Some(person) = caller.person_id() else { return Ok(Decision::Hide) };
        let own: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM question_file WHERE id = $1 AND created_by = $2")
            .bind(*file)
            .bind(person)
            .fetch_optional(conn)
            .await?;
        if own.is_some() {
            return Ok(Decision::Allow);
        }
        let shown: Option<(i64,)> = sql!(
            "SELECT CAST(1 AS BIGINT) FROM question_version_file v JOIN question q ON q.id = v.question_id
             JOIN question_folder_access a ON a.folder_id = q.folder_id
             WHERE v.file_id = $1 AND a.person_id = $2 AND (q.deleted_at IS NULL OR a.can_edit = 1) LIMIT 1"
        )
        .bind(*file)
        .bind(person)
        .fetch_optional(conn)
        .await?;
        Ok(if shown.is_some() { Decision::Allow } else { Decision::Hide })
    }
}

/// Why a picture or sound was refused.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] FinishError),
    /// It is neither a picture nor a sound that browsers show.
    #[error("neither a picture nor a sound")]
    NotMedia,
    /// The organisation, or one above it, has no space left.
    #[error("over quota")]
    Quota,
}

/// A picture or sound as stored.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionFile {
    /// Which.
    pub file_id: QuestionFileId,
    /// Media type.
    pub mime: String,
    /// Its size.
    pub bytes: i64,
    /// Where it is read.
    pub url: String,
}

impl QuestionFile {
    fn new(file_id: QuestionFileId, mime: String, bytes: i64) -> Self {
        Self { file_id, mime, bytes, url: url(file_id) }
    }
}

/// Where a picture or sound is read.
pub fn url(file: QuestionFileId) -> String {
    format!("/api/question-files/{file}")
}

/// An object that is on disk and a media type that its bytes show; still to be recorded.
#[derive(Debug)]
pub struct KeptMedia {
    kept: Kept,
    mime: &'static str,
}

impl KeptMedia {
    /// Heard, not seen.
    pub fn is_sound(&self) -> bool {
        self.mime.starts_with("audio/")
    }
}

/// Keeps the bytes of a picture or sound, outside of any transaction.
///
/// # Errors
/// [`FileError::NotMedia`] or [`FileError::Store`].
pub async fn keep(questions: &Questions, bytes: Bytes) -> Result<KeptMedia, FileError> {
    let MediaType { mime, .. } = recognised(&bytes).ok_or(FileError::NotMedia)?;
    Ok(KeptMedia { kept: keep_bytes(&questions.content, bytes).await?, mime })
}

/// Keeps what somebody chose to be shown: of what [`keep`] takes only what every browser shows, since a
/// photograph that only its telephone understands would be a hole in the question.
///
/// # Errors
/// [`FileError::NotMedia`] or [`FileError::Store`].
pub async fn keep_shown(questions: &Questions, bytes: Bytes) -> Result<KeptMedia, FileError> {
    match recognised(&bytes) {
        Some(found) if SHOWN.contains(&found.mime) => keep(questions, bytes).await,
        _ => Err(FileError::NotMedia),
    }
}

/// Names what was kept by a row, and counts it where it takes space.
///
/// # Errors
/// [`FileError`].
pub async fn record(
    tx: &mut WriteTx,
    questions: &Questions,
    kept: &KeptMedia,
    by: PersonId,
    organisation: OrganisationId,
) -> Result<QuestionFile, FileError> {
    if !space::take(tx, organisation, kept.kept.size).await? {
        return Err(FileError::Quota);
    }
    let (blob, _) = kept.kept.record(tx, &questions.content).await?;
    let id: QuestionFileId = questions.content.env.ids.make();
    sql!(
        "INSERT INTO question_file (id, blob_id, mime, size, created_by, created_at, organisation_id) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(blob)
    .bind(kept.mime)
    .bind(kept.kept.size)
    .bind(by)
    .bind(questions.content.env.now())
    .bind(organisation)
    .execute(tx)
    .await?;
    Ok(QuestionFile::new(id, kept.mime.to_owned(), kept.kept.size))
}

/// Takes a picture or sound for a question of a folder the caller writes in.
///
/// # Errors
/// [`FileError`].
pub async fn upload(
    questions: &Questions,
    caller: &Caller,
    folder: kernel::QuestionFolderId,
    bytes: Bytes,
) -> Result<QuestionFile, FileError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<EditFolder>(&mut tx, caller, folder).await?;
    let Some(person) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    let organisation = space::of_folder(&mut tx, folder, person).await?.ok_or(Denied::Forbidden)?;
    // Told before anything is stored; what counts is asked again with the row.
    if over_quota(&mut tx, organisation, i64::try_from(bytes.len()).unwrap_or(i64::MAX)).await? {
        return Err(FileError::Quota);
    }
    drop(tx);
    let kept = keep_shown(questions, bytes).await?;
    let mut tx = questions.content.env.db.write().await?;
    authorise::<EditFolder>(&mut tx, caller, folder).await?;
    let file = record(&mut tx, questions, &kept, person, organisation).await?;
    tx.commit().await?;
    Ok(file)
}

/// Where the bytes of a file are, for whoever sends them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FileSource {
    /// In the store.
    pub object_key: String,
    /// Media type.
    pub mime: String,
    /// Names the bytes.
    pub sha256: String,
}

/// Finds a file the caller may read.
///
/// # Errors
/// [`FileError`].
pub async fn get_source(questions: &Questions, caller: &Caller, file: QuestionFileId) -> Result<FileSource, FileError> {
    let mut tx = questions.content.env.db.read().await?;
    let grant: Grant<ReadFile> = authorise(&mut tx, caller, file).await?;
    Ok(source(&mut tx, *grant.scope()).await?)
}

/// Where the bytes of a file are; the caller has shown that she may.
pub(crate) async fn source(conn: &mut Conn, file: QuestionFileId) -> Result<FileSource, DbError> {
    sql!("SELECT b.object_key, f.mime, b.sha256 FROM question_file f JOIN blob b ON b.id = f.blob_id WHERE f.id = $1")
        .bind(file)
        .fetch_one(conn)
        .await
}
