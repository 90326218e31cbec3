use content::library::marked;
use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied};
use kernel::{Cursor, PageLimit, PersonId, QuestionFolderId, QuestionId, Timestamp};
use papers::model::{Key, Level, QuestionType};
use search::{Filter, Query};

use super::rows::{QuestionRow, rows_of, word};
use super::stored::tag_key;
use super::{BankError, indexing};
use crate::Questions;
use crate::access::search_tokens;

/// Whether a question was given in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// It was.
    Yes,
    /// Never.
    No,
}

/// What is looked for. Empty fields do not narrow.
#[derive(Clone, Debug, Default)]
pub struct QuestionFilter {
    /// As typed, with or without diacritics; `$…$` is a formula.
    pub text: String,
    /// In this folder or below it.
    pub folder: Option<QuestionFolderId>,
    /// Of this kind.
    pub kind: Option<QuestionType>,
    /// Of this level.
    pub level: Option<Level>,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// Requirement code.
    pub requirement: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// By what is known of the key.
    pub key: Option<Key>,
    /// Only those with reports nobody has resolved.
    pub reported: Option<Reported>,
    /// Given in a test, or never.
    pub used: Option<Used>,
}

/// Asks for questions somebody found something wrong in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported;

/// A page of questions.
#[derive(Clone, Debug)]
pub struct Found {
    /// In all, where words were looked for.
    pub total: Option<usize>,
    /// The rows.
    pub items: Vec<QuestionRow>,
    /// Where the next page starts.
    pub next: Option<Cursor>,
}

/// Questions the caller may read: with words the best first, without the newest first.
///
/// # Errors
/// [`BankError`].
pub async fn find(
    questions: &Questions,
    caller: &Caller,
    filter: &QuestionFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Found, BankError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    if filter.text.trim().is_empty() {
        let mut tx = questions.content.env.db.read().await?;
        let mut page = page_of(&mut tx, person, filter, after, limit).await?;
        let full = page.len() > limit.rows();
        page.truncate(limit.rows());
        let next = if full { page.last().map(|(id, at)| Cursor::of(&(at.0, *id))) } else { None };
        let ids: Vec<QuestionId> = page.iter().map(|(id, _)| *id).collect();
        return Ok(Found { total: None, items: rows_of(&mut tx, caller, &ids).await?, next });
    }
    search_page(questions, caller, person, filter, after, limit).await
}

async fn search_page(
    questions: &Questions,
    caller: &Caller,
    person: PersonId,
    filter: &QuestionFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Found, BankError> {
    let offset: usize = after.and_then(Cursor::key).unwrap_or(0);
    let mut tx = questions.content.env.db.read().await?;
    let tokens = search_tokens(&mut tx, person).await?;
    drop(tx);
    let rows = limit.rows().min(search::MAX_LIMIT);
    let found = questions
        .content
        .search
        .search(Query {
            text: filter.text.clone(),
            limit: rows,
            offset,
            filter: Filter {
                any_of_readers: tokens,
                kind: Some(indexing::KIND.to_owned()),
                subject: filter.subject.clone(),
                grade: filter.grade,
                tags: filter.tag.iter().cloned().collect(),
                facets: indexing::wanted(filter)?,
                ..Filter::default()
            },
        })
        .await?;
    let ids: Vec<QuestionId> = found.hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
    let mut tx = questions.content.env.db.read().await?;
    // The index may be a moment behind: what was deleted or moved meanwhile is not shown any more.
    let mut items = rows_of(&mut tx, caller, &ids).await?;
    for row in &mut items {
        let id = row.id.to_string();
        if let Some(hit) = found.hits.iter().find(|hit| hit.id == id) {
            let (snippet, highlights) = marked(&hit.snippet);
            (row.snippet, row.highlights) = (Some(snippet), highlights);
        }
    }
    let seen = offset + found.hits.len();
    let next = (seen < found.total && !found.hits.is_empty() && seen <= search::MAX_OFFSET).then(|| Cursor::of(&seen));
    Ok(Found { total: Some(found.total), items, next })
}

async fn page_of(
    conn: &mut Conn,
    person: PersonId,
    filter: &QuestionFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Vec<(QuestionId, Timestamp)>, DbError> {
    let key: Option<(i64, QuestionId)> = after.and_then(Cursor::key);
    sql!(
        "SELECT q.id, q.updated_at FROM question q
         WHERE q.deleted_at IS NULL
           AND q.folder_id IN (SELECT a.folder_id FROM question_folder_access a WHERE a.person_id = $1)
           AND (CAST($2 AS UUID) IS NULL OR q.folder_id IN (SELECT c.descendant_id FROM question_folder_closure c WHERE c.ancestor_id = $2))
           AND (CAST($3 AS TEXT) IS NULL OR q.kind = $3)
           AND (CAST($4 AS TEXT) IS NULL OR q.level = $4)
           AND (CAST($5 AS TEXT) IS NULL OR q.subject = $5)
           AND (CAST($6 AS BIGINT) IS NULL OR q.grade = $6)
           AND (CAST($7 AS TEXT) IS NULL OR q.requirement = $7)
           AND (CAST($8 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM question_tag t WHERE t.question_id = q.id AND t.tag_key = $8))
           AND (CAST($9 AS TEXT) IS NULL OR q.key_state = $9)
           AND ($10 = 0 OR EXISTS (SELECT 1 FROM question_report r WHERE r.question_id = q.id AND r.resolved_at IS NULL))
           AND ($11 = 'any' OR ($11 = 'yes' AND q.use_count > 0) OR ($11 = 'no' AND q.use_count = 0))
           AND (CAST($12 AS BIGINT) IS NULL OR (q.updated_at, q.id) < ($12, $13))
         ORDER BY q.updated_at DESC, q.id DESC LIMIT $14"
    )
    .bind(person)
    .bind(filter.folder)
    .bind(filter.kind.map(word).transpose()?)
    .bind(filter.level.map(word).transpose()?)
    .bind(filter.subject.clone())
    .bind(filter.grade.map(i64::from))
    .bind(filter.requirement.clone())
    .bind(filter.tag.as_deref().map(tag_key))
    .bind(filter.key.map(word).transpose()?)
    .bind(i64::from(filter.reported.is_some()))
    .bind(match filter.used {
        None => "any",
        Some(Used::Yes) => "yes",
        Some(Used::No) => "no",
    })
    .bind(key.map(|(at, _)| at))
    .bind(key.map(|(_, id)| id))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await
}
