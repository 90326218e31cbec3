use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use content::processing::FinishError;
use db::{DbError, sql};
use kernel::{OrganisationId, PersonId, QuestionImportId};

use super::super::{ImportCounts, ImportFailure, kept};
use super::result::{self, Found, leave_out};
use super::{Source, fail};
use crate::Questions;
use crate::files::{self, FileError, KeptMedia};

/// Why what a child wrote could not be kept; trying again may help.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The store.
    #[error(transparent)]
    Store(#[from] FinishError),
    /// The machine's files.
    #[error("files of the machine: {0}")]
    Io(#[from] std::io::Error),
}

/// Keeps what the child left in its folder: the paper with its pictures, or why there is none. When the
/// import is gone, or was read meanwhile, nothing is kept.
///
/// # Errors
/// [`StoreError`].
pub async fn store(questions: &Questions, import: QuestionImportId, out_dir: &Path, source: Source) -> Result<(), StoreError> {
    let folder: PathBuf = out_dir.to_owned();
    let read = tokio::task::spawn_blocking(move || result::read(&folder)).await.map_err(std::io::Error::other)??;
    match read {
        Ok(found) => keep(questions, import, found, source).await,
        Err(failure) => Ok(refuse(questions, import, &failure).await?),
    }
}

async fn refuse(questions: &Questions, import: QuestionImportId, failure: &ImportFailure) -> Result<(), DbError> {
    let mut tx = questions.content.env.db.write().await?;
    fail(&mut tx, import, failure, questions.content.env.now()).await?;
    tx.commit().await
}

async fn keep(questions: &Questions, import: QuestionImportId, mut found: Found, source: Source) -> Result<(), StoreError> {
    let mut objects: BTreeMap<String, KeptMedia> = BTreeMap::new();
    for media in std::mem::take(&mut found.paper.media) {
        match files::keep(questions, media.content.clone()).await {
            Ok(object) => {
                objects.insert(media.id.clone(), object);
                found.paper.media.push(media);
            }
            Err(FileError::NotMedia) => leave_out(&mut found.paper, &media.id),
            Err(FileError::Store(error)) => return Err(error.into()),
            Err(FileError::Db(error)) => return Err(error.into()),
            Err(FileError::Denied(_) | FileError::Quota) => {}
        }
    }
    let mut tx = questions.content.env.db.write().await?;
    let maker: Option<(PersonId, OrganisationId)> =
        sql!("SELECT owner_id, organisation_id FROM question_import WHERE id = $1").bind(import).fetch_optional(&mut tx).await?;
    let Some((owner, organisation)) = maker else { return Ok(()) };
    for (id, object) in &objects {
        let file = match files::record(&mut tx, questions, object, owner, organisation).await {
            Ok(file) => file,
            // All of it or nothing: a paper without its pictures would be a loss that nobody asked for.
            Err(FileError::Quota) => {
                drop(tx);
                return Ok(refuse(questions, import, &ImportFailure::over_quota()).await?);
            }
            Err(FileError::Store(error)) => return Err(error.into()),
            Err(FileError::Db(error)) => return Err(error.into()),
            Err(error) => return Err(std::io::Error::other(error).into()),
        };
        if let Some(media) = found.paper.media.iter_mut().find(|media| media.id == *id) {
            media.mime.clone_from(&file.mime);
        }
        sql!("INSERT INTO question_import_file (import_id, media_id, file_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(import)
            .bind(id)
            .bind(file.file_id)
            .execute(&mut tx)
            .await?;
    }
    let (text, counts) = (kept::to_text(&found.paper).map_err(DbError::from)?, ImportCounts::of(&found.paper));
    let format = if source == Source::OldWord { "doc" } else { found.format.source_name() };
    let kept = sql!(
        "UPDATE question_import SET state = 'ready', format = $2, paper = $3, document = $4, question_count = $5, doubt_count = $6,
                                    missing_key_count = $7, failure_code = NULL, failure_message = NULL, updated_at = $8
         WHERE id = $1 AND state IN ('waiting', 'converting', 'reading')"
    )
    .bind(import)
    .bind(format)
    .bind(text)
    .bind(found.document)
    .bind(counts.questions)
    .bind(counts.doubts)
    .bind(counts.missing_keys)
    .bind(questions.content.env.now())
    .execute(&mut tx)
    .await?;
    if kept == 1 {
        tx.commit().await?;
    }
    // Else another run was first: the transaction goes, and garbage collection takes its objects.
    Ok(())
}
