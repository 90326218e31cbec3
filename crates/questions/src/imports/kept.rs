//! A paper as its row holds it: `lopmo.questions/1` in one line.

use db::{Conn, DbError, sql};
use kernel::{QuestionFileId, QuestionImportId};
use papers::model::{Entry, Media, Paper, Passage, Question, SCHEMA, from_json};
use serde::Serialize;

use super::{ImportError, ImportState};
use crate::bank::MediaUse;
use crate::files;

#[derive(Serialize)]
struct Out<'a> {
    schema: &'static str,
    questions: &'a [Question],
    passages: &'a [Passage],
    media: &'a [Media],
    report: &'a [Entry],
}

/// As the column holds it.
pub(super) fn to_text(paper: &Paper) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Out {
        schema: SCHEMA,
        questions: &paper.questions,
        passages: &paper.passages,
        media: &paper.media,
        report: &paper.report,
    })
}

/// Back from the column.
pub(super) fn from_text(text: &str) -> Result<Paper, DbError> {
    from_json(text).map_err(|error| DbError::Stored(format!("question_import.paper: {error}")))
}

/// What an import holds now.
pub(super) struct KeptPaper {
    pub revision: i64,
    pub paper: Paper,
}

/// The paper of an import that the caller has shown to be hers.
pub(super) async fn load(conn: &mut Conn, import: QuestionImportId) -> Result<KeptPaper, ImportError> {
    let (revision, text) = load_text(conn, import).await?;
    Ok(KeptPaper { revision, paper: from_text(&text)? })
}

/// Its revision, and the paper as the row holds it.
pub(super) async fn load_text(conn: &mut Conn, import: QuestionImportId) -> Result<(i64, String), ImportError> {
    let (state, revision, text): (String, i64, Option<String>) =
        sql!("SELECT state, revision, paper FROM question_import WHERE id = $1").bind(import).fetch_one(conn).await?;
    let text = text.filter(|_| ImportState::try_from(state).is_ok_and(ImportState::has_paper));
    text.map(|text| (revision, text)).ok_or(ImportError::NotReady)
}

/// The stored files of an import by the ids its texts name.
pub(super) async fn media(conn: &mut Conn, import: QuestionImportId) -> Result<Vec<MediaUse>, DbError> {
    let rows: Vec<(String, QuestionFileId, String, i64)> = sql!(
        "SELECT m.media_id, f.id, f.mime, f.size FROM question_import_file m JOIN question_file f ON f.id = m.file_id
         WHERE m.import_id = $1 ORDER BY m.media_id"
    )
    .bind(import)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, file_id, mime, bytes)| MediaUse { id, file_id, mime, bytes, url: files::url(file_id) }).collect())
}
