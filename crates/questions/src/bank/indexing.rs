//! Questions as the index takes them.

use std::collections::HashMap;

use content::indexing::IndexSource;
use content::sets::{GROUP, bind_group};
use db::changes::{self, EntityKind};
use db::{Conn, DbError, WriteTx, sql};
use futures::future::BoxFuture;
use kernel::{OrganisationId, PersonId, QuestionFolderId, QuestionId, Timestamp};
use papers::model::Question;
use papers::rich::Rich;
use search::{Change, Document};
use uuid::Uuid;

use super::list::{QuestionFilter, Used};
use super::rows::word;
use crate::Questions;
use crate::access::{token_of_organisation, token_of_person};

/// What questions are called in the index.
pub(super) const KIND: &str = "question";

/// Most bytes of a text given to the index.
const MOST_TEXT: usize = 256 << 10;

/// Questions that are not in the bin.
pub(crate) struct BankSource;

impl IndexSource for BankSource {
    fn kind(&self) -> EntityKind {
        EntityKind::Question
    }

    fn changes<'a>(&'a self, conn: &'a mut Conn, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<Change>, DbError>> {
        Box::pin(async move {
            let mut changes = Vec::with_capacity(ids.len());
            for group in ids.chunks(GROUP) {
                of_group(conn, group, &mut changes).await?;
            }
            Ok(changes)
        })
    }
}

/// Commits, and tells the index which questions the transaction changed.
///
/// # Errors
/// [`DbError`].
pub async fn commit(mut tx: WriteTx, questions: &Questions, changed: &[QuestionId]) -> Result<(), DbError> {
    let ids: Vec<Uuid> = changed.iter().map(|id| id.as_uuid()).collect();
    // Last, since the number it takes is held to the commit.
    changes::record(&mut tx, EntityKind::Question, &ids, questions.content.env.now()).await?;
    tx.commit().await?;
    questions.content.search.wake();
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Source {
    id: QuestionId,
    version: i64,
    kind: String,
    level: Option<String>,
    key_state: String,
    subject: Option<String>,
    grade: Option<i64>,
    requirement: Option<String>,
    language: String,
    updated_at: Timestamp,
    use_count: i64,
    open_reports: i64,
    owner_id: Option<PersonId>,
    organisation_id: Option<OrganisationId>,
    plain_text: String,
    body: String,
    passage: Option<String>,
}

async fn of_group(conn: &mut Conn, group: &[Uuid], out: &mut Vec<Change>) -> Result<(), DbError> {
    let sources: Vec<Source> = bind_group(
        sql!(
            "SELECT q.id, q.version, q.kind, q.level, q.key_state, q.subject, q.grade, q.requirement, q.language, q.updated_at,
                    q.use_count,
                    (SELECT COUNT(*) FROM question_report r WHERE r.question_id = q.id AND r.resolved_at IS NULL) AS open_reports,
                    f.owner_id, f.organisation_id, q.plain_text, v.body, v.passage
             FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version
             JOIN question_folder f ON f.id = q.folder_id
             WHERE q.deleted_at IS NULL
               AND q.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
        ),
        group,
    )
    .fetch_all(conn)
    .await?;
    let shares: Vec<(QuestionId, Option<PersonId>, Option<OrganisationId>)> = bind_group(
        sql!(
            "SELECT q.id, s.person_id, s.organisation_id FROM question q
             JOIN question_folder_closure c ON c.descendant_id = q.folder_id JOIN question_share s ON s.folder_id = c.ancestor_id
             WHERE q.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
        ),
        group,
    )
    .fetch_all(conn)
    .await?;
    let above: Vec<(QuestionId, QuestionFolderId)> = bind_group(
        sql!(
            "SELECT q.id, c.ancestor_id FROM question q JOIN question_folder_closure c ON c.descendant_id = q.folder_id
             WHERE q.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
        ),
        group,
    )
    .fetch_all(conn)
    .await?;
    let mut sources: HashMap<Uuid, Source> = sources.into_iter().map(|source| (source.id.as_uuid(), source)).collect();
    for id in group {
        let Some(source) = sources.remove(id) else {
            out.push(Change::Delete(id.to_string()));
            continue;
        };
        let mut readers: Vec<String> =
            source.owner_id.map(token_of_person).into_iter().chain(source.organisation_id.map(token_of_organisation)).collect();
        for (_, person, organisation) in shares.iter().filter(|(question, ..)| question.as_uuid() == *id) {
            readers.extend(person.map(token_of_person));
            readers.extend(organisation.map(token_of_organisation));
        }
        let folders = above.iter().filter(|(question, _)| question.as_uuid() == *id).map(|(_, folder)| *folder);
        let facets = facets(&source, folders);
        out.push(match document(source, readers, facets) {
            Ok(document) => Change::Upsert(Box::new(document)),
            Err(error) => {
                tracing::error!(question = %id, %error, "a question cannot be read and is left out of the search");
                Change::Delete(id.to_string())
            }
        });
    }
    Ok(())
}

fn facets(source: &Source, folders: impl Iterator<Item = QuestionFolderId>) -> Vec<String> {
    let mut facets = vec![format!("type:{}", source.kind), format!("key:{}", source.key_state)];
    facets.extend(source.level.iter().map(|level| format!("level:{level}")));
    facets.extend(source.requirement.iter().map(|code| format!("requirement:{code}")));
    facets.push(if source.use_count > 0 { "used:yes" } else { "used:no" }.to_owned());
    if source.open_reports > 0 {
        facets.push("reported".to_owned());
    }
    facets.extend(folders.map(|folder| format!("folder:{folder}")));
    facets
}

/// The facets a filter asks for.
pub(super) fn wanted(filter: &QuestionFilter) -> Result<Vec<String>, DbError> {
    let mut facets = Vec::new();
    if let Some(kind) = filter.kind {
        facets.push(format!("type:{}", word(kind)?));
    }
    if let Some(key) = filter.key {
        facets.push(format!("key:{}", word(key)?));
    }
    if let Some(level) = filter.level {
        facets.push(format!("level:{}", word(level)?));
    }
    facets.extend(filter.requirement.iter().map(|code| format!("requirement:{code}")));
    facets.extend(filter.used.map(|used| if used == Used::Yes { "used:yes" } else { "used:no" }.to_owned()));
    facets.extend(filter.reported.map(|_| "reported".to_owned()));
    facets.extend(filter.folder.map(|folder| format!("folder:{folder}")));
    Ok(facets)
}

fn document(source: Source, readers: Vec<String>, facets: Vec<String>) -> Result<Document, serde_json::Error> {
    let question: Question = serde_json::from_str(&source.body)?;
    let passage: Option<Rich> = source.passage.as_deref().map(serde_json::from_str).transpose()?;
    let mut text = source.plain_text;
    if let Some(passage) = passage {
        text.push('\n');
        text.push_str(&passage.to_text());
    }
    text.truncate(text.floor_char_boundary(MOST_TEXT));
    Ok(Document {
        id: source.id.to_string(),
        kind: KIND.to_owned(),
        external_id: question.external_id,
        title: question.title.unwrap_or_default(),
        formulas: search::formula::formulas(&text).into_iter().map(str::to_owned).collect(),
        text,
        captions: String::new(),
        attached: String::new(),
        tags: question.tags,
        facets,
        subject: source.subject,
        grade: source.grade.and_then(|grade| u8::try_from(grade).ok()),
        language: Some(source.language),
        owner: None,
        readable_by: readers,
        published_at: source.updated_at.0,
        version: source.version,
    })
}
