use std::collections::HashMap;

use content::lessons::PersonRef;
use content::sets::{GROUP, bind_group};
use db::{Conn, DbError, sql};
use identity::access::Caller;
use kernel::{PersonId, QuestionFolderId, QuestionId, Timestamp};
use papers::model::{Key, Level, Question, QuestionType};
use serde::Serialize;
use utoipa::ToSchema;

/// A folder as shown beside a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuestionFolderRef {
    /// Which.
    pub id: QuestionFolderId,
    /// Its name; empty for the root of a bank, which the screen names.
    pub name: String,
}

/// A question in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionRow {
    /// Which.
    pub id: QuestionId,
    /// The version shown.
    pub version: i64,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// What is known of the key.
    pub key: Key,
    /// How hard it is.
    pub level: Option<Level>,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// Requirement code.
    pub requirement: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// What it says, cut after some lines; formulas between dollars.
    pub text: String,
    /// The best place of a search.
    pub snippet: Option<String>,
    /// Marked ranges of the snippet, in UTF-16 units, end exclusive.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub highlights: Vec<(usize, usize)>,
    /// Where it is.
    pub folder: QuestionFolderRef,
    /// When it was last saved.
    pub updated_at: Timestamp,
    /// Who made it.
    pub author: PersonRef,
    /// How often it was given.
    pub use_count: i64,
    /// Reports nobody has resolved.
    pub open_reports: i64,
    /// Whether the caller may change it.
    pub can_edit: bool,
}

/// Most bytes of a question's text in a list.
const LONGEST_TEXT: usize = 600;

#[derive(sqlx::FromRow)]
struct Source {
    id: QuestionId,
    version: i64,
    kind: String,
    key_state: String,
    level: Option<String>,
    subject: Option<String>,
    grade: Option<i64>,
    requirement: Option<String>,
    plain_text: String,
    /// The whole question where it has lowered or raised letters, which its plain text does not show.
    scripted: Option<String>,
    folder_id: QuestionFolderId,
    folder_name: String,
    updated_at: Timestamp,
    author_id: PersonId,
    author_name: String,
    use_count: i64,
    open_reports: i64,
    can_edit: Option<i64>,
}

/// The stored word of one of the model's closed sets.
pub(crate) fn word<T: Serialize>(value: T) -> Result<String, DbError> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(DbError::Stored(format!("{other} is no word"))),
    }
}

/// A value of one of the model's closed sets from its stored word.
pub(crate) fn of_word<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, DbError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(DbError::from)
}

/// Rows of questions in the order asked for. Those the caller may not read, and those in the bin, are
/// left out.
///
/// # Errors
/// [`DbError`].
pub async fn rows_of(conn: &mut Conn, caller: &Caller, ids: &[QuestionId]) -> Result<Vec<QuestionRow>, DbError> {
    let mut sources: HashMap<QuestionId, Source> = HashMap::new();
    let mut tags: HashMap<QuestionId, Vec<String>> = HashMap::new();
    for group in ids.chunks(GROUP) {
        let found: Vec<Source> = bind_group(
            sql!(
                "SELECT q.id, q.version, q.kind, q.key_state, q.level, q.subject, q.grade, q.requirement, q.plain_text,
                        CASE WHEN v.body LIKE '%<su%' THEN v.body END AS scripted, q.folder_id,
                        f.name AS folder_name, q.updated_at, q.created_by AS author_id, p.display_name AS author_name, q.use_count,
                        (SELECT COUNT(*) FROM question_report r WHERE r.question_id = q.id AND r.resolved_at IS NULL) AS open_reports,
                        CAST((SELECT MAX(a.can_edit) FROM question_folder_access a WHERE a.folder_id = q.folder_id AND a.person_id = $33) AS BIGINT) AS can_edit
                 FROM question q JOIN question_folder f ON f.id = q.folder_id JOIN person p ON p.id = q.created_by
                 JOIN question_version v ON v.question_id = q.id AND v.version = q.version
                 WHERE q.deleted_at IS NULL
                   AND q.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .bind(caller.person_id())
        .fetch_all(conn)
        .await?;
        sources.extend(found.into_iter().filter(|row| row.can_edit.is_some()).map(|row| (row.id, row)));
        let found: Vec<(QuestionId, String)> = bind_group(
            sql!(
                "SELECT question_id, tag FROM question_tag
                 WHERE question_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 ORDER BY tag_key"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (id, tag) in found {
            tags.entry(id).or_default().push(tag);
        }
    }
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(source) = sources.remove(id) else { continue };
        rows.push(row(source, tags.remove(id).unwrap_or_default())?);
    }
    Ok(rows)
}

fn row(source: Source, tags: Vec<String>) -> Result<QuestionRow, DbError> {
    let text = match source.scripted {
        Some(body) => serde_json::from_str::<Question>(&body)?.shown_text(),
        None => source.plain_text,
    };
    Ok(QuestionRow {
        id: source.id,
        version: source.version,
        kind: of_word(&source.kind)?,
        key: of_word(&source.key_state)?,
        level: source.level.as_deref().map(of_word).transpose()?,
        subject: source.subject,
        grade: source.grade.and_then(|grade| u8::try_from(grade).ok()),
        requirement: source.requirement,
        tags,
        text: cut(text),
        snippet: None,
        highlights: Vec::new(),
        folder: QuestionFolderRef { id: source.folder_id, name: source.folder_name },
        updated_at: source.updated_at,
        author: PersonRef { id: source.author_id, display_name: source.author_name },
        use_count: source.use_count,
        open_reports: source.open_reports,
        can_edit: source.can_edit == Some(1),
    })
}

/// The first lines, never through a formula.
fn cut(mut text: String) -> String {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    if text.matches('$').count() % 2 == 1
        && let Some(open) = text.rfind('$')
    {
        text.truncate(open);
    }
    text.push('…');
    text
}
