//! Pictures and sounds of a paper on the desk: those that came with the file, and those its maker adds.

use bytes::Bytes;
use content::uploads::over_quota;
use db::{DbError, WriteTx, sql};
use identity::access::{Caller, Denied, authorise};
use identity::fault::Fault;
use kernel::{OrganisationId, QuestionFileId, QuestionImportId};

use super::paper::{PaperMedia, used};
use super::{ImportError, OwnImport, kept};
use crate::Questions;
use crate::files::{self, FileSource};

/// Most pictures and sounds of one paper.
const MOST_MEDIA: usize = 5000;

/// Takes a picture or sound that the paper lacks; its texts name it by the id that is answered.
///
/// # Errors
/// [`ImportError::File`] when it is none that browsers show, [`ImportError::Quota`],
/// [`ImportError::NotReady`] before the paper was read.
pub async fn add_media(questions: &Questions, caller: &Caller, import: QuestionImportId, bytes: Bytes) -> Result<PaperMedia, ImportError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    kept::load(&mut tx, import).await?;
    let organisation = space_of(&mut tx, import).await?;
    // Told before anything is stored; what counts is asked again with the row.
    if over_quota(&mut tx, organisation, i64::try_from(bytes.len()).unwrap_or(i64::MAX)).await? {
        return Err(ImportError::Quota);
    }
    drop(tx);
    let object = files::keep_shown(questions, bytes).await?;
    let mut tx = questions.content.env.db.write().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let id = free_id(&mut tx, import, if object.is_sound() { "aud" } else { "img" }).await?;
    let file = files::record(&mut tx, questions, &object, person, organisation).await?;
    sql!("INSERT INTO question_import_file (import_id, media_id, file_id) VALUES ($1, $2, $3)")
        .bind(import)
        .bind(&id)
        .bind(file.file_id)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(PaperMedia::new(import, id.clone(), id, file.mime, file.bytes))
}

/// An id that neither a file of the paper nor a text of it has; of two that ask at once each gets another.
async fn free_id(tx: &mut WriteTx, import: QuestionImportId, stem: &str) -> Result<String, ImportError> {
    // Holds the paper's row: also on PostgreSQL the other waits here until this one is done.
    sql!("UPDATE question_import SET revision = revision WHERE id = $1").bind(import).execute(tx).await?;
    let stored = kept::media(tx, import).await?;
    if stored.len() >= MOST_MEDIA {
        return Err(ImportError::Invalid(vec![Fault { field: "media", code: "too-many" }]));
    }
    let paper = kept::load(tx, import).await?.paper;
    let named = used(&paper).chain(stored.into_iter().map(|media| media.id));
    let last = named.filter_map(|id| id.strip_prefix(stem)?.parse::<u64>().ok()).max().unwrap_or(0);
    Ok(format!("{stem}{}", last.saturating_add(1)))
}

async fn space_of(conn: &mut db::Conn, import: QuestionImportId) -> Result<OrganisationId, DbError> {
    let (organisation,): (OrganisationId,) =
        sql!("SELECT organisation_id FROM question_import WHERE id = $1").bind(import).fetch_one(conn).await?;
    Ok(organisation)
}

/// Where the bytes of a picture or sound of the paper are; `None` when it has none of that id.
///
/// # Errors
/// [`ImportError`].
pub async fn get_media(
    questions: &Questions,
    caller: &Caller,
    import: QuestionImportId,
    media: &str,
) -> Result<Option<FileSource>, ImportError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<OwnImport>(&mut tx, caller, import).await?;
    let file: Option<(QuestionFileId,)> = sql!("SELECT file_id FROM question_import_file WHERE import_id = $1 AND media_id = $2")
        .bind(import)
        .bind(media)
        .fetch_optional(&mut tx)
        .await?;
    Ok(match file {
        Some((file,)) => Some(files::source(&mut tx, file).await?),
        None => None,
    })
}
