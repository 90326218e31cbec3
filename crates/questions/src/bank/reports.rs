//! Word of something wrong in a question.

use content::lessons::PersonRef;
use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use identity::fault::{Faults, optional_line};
use kernel::{PersonId, QuestionId, QuestionReportId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rows::{of_word, word};
use super::{BankError, indexing};
use crate::Questions;
use crate::access::{EditQuestion, ReadQuestion};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// The key.
    Key,
    /// The wording, or a formula.
    Text,
    /// A picture or sound.
    Picture,
    /// Something else.
    Other,
}

/// A report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionReport {
    /// Which.
    pub id: QuestionReportId,
    /// Of this version.
    pub version: i64,
    /// What is wrong.
    pub reason: ReportReason,
    /// In the reporter's words.
    pub note: String,
    /// Who says so.
    pub reporter: PersonRef,
    /// When.
    pub created_at: Timestamp,
    /// When somebody saw to it.
    pub resolved_at: Option<Timestamp>,
}

/// Reports something wrong in a question the caller may read.
///
/// # Errors
/// [`BankError`].
pub async fn add(
    questions: &Questions,
    caller: &Caller,
    question: QuestionId,
    reason: ReportReason,
    note: &str,
) -> Result<Vec<QuestionReport>, BankError> {
    let mut faults = Faults::default();
    let note = faults.take("note", optional_line(Some(&note.replace(['\n', '\r', '\t'], " ")), 1_000)).unwrap_or_default();
    faults.check()?;
    let env = &questions.content.env;
    let mut tx = env.db.write().await?;
    authorise::<ReadQuestion>(&mut tx, caller, question).await?;
    let Some(person) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    let id: QuestionReportId = env.ids.make();
    sql!(
        "INSERT INTO question_report (id, question_id, version, reporter_id, reason, note, created_at)
         SELECT $1, q.id, q.version, $3, $4, $5, $6 FROM question q WHERE q.id = $2"
    )
    .bind(id)
    .bind(question)
    .bind(person)
    .bind(word(reason)?)
    .bind(&note)
    .bind(env.now())
    .execute(&mut tx)
    .await?;
    let reports = load(&mut tx, question).await?;
    indexing::commit(tx, questions, &[question]).await?;
    Ok(reports)
}

/// What was reported of a question, open ones first.
///
/// # Errors
/// [`BankError`].
pub async fn list(questions: &Questions, caller: &Caller, question: QuestionId) -> Result<Vec<QuestionReport>, BankError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<ReadQuestion>(&mut tx, caller, question).await?;
    Ok(load(&mut tx, question).await?)
}

#[derive(sqlx::FromRow)]
struct Source {
    id: QuestionReportId,
    version: i64,
    reason: String,
    note: String,
    reporter_id: PersonId,
    reporter_name: String,
    created_at: Timestamp,
    resolved_at: Option<Timestamp>,
}

async fn load(conn: &mut Conn, question: QuestionId) -> Result<Vec<QuestionReport>, DbError> {
    const MOST: i64 = 200;
    let rows: Vec<Source> = sql!(
        "SELECT r.id, r.version, r.reason, r.note, r.reporter_id, p.display_name AS reporter_name, r.created_at, r.resolved_at
         FROM question_report r JOIN person p ON p.id = r.reporter_id WHERE r.question_id = $1
         ORDER BY CASE WHEN r.resolved_at IS NULL THEN 0 ELSE 1 END, r.created_at DESC, r.id LIMIT $2"
    )
    .bind(question)
    .bind(MOST)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(QuestionReport {
                id: row.id,
                version: row.version,
                reason: of_word(&row.reason)?,
                note: row.note,
                reporter: PersonRef { id: row.reporter_id, display_name: row.reporter_name },
                created_at: row.created_at,
                resolved_at: row.resolved_at,
            })
        })
        .collect()
}

/// Says that a report was seen to, by somebody who may change the question.
///
/// # Errors
/// [`BankError`].
pub async fn resolve(questions: &Questions, caller: &Caller, report: QuestionReportId) -> Result<Vec<QuestionReport>, BankError> {
    let env = &questions.content.env;
    let mut tx = env.db.write().await?;
    let found: Option<(QuestionId,)> =
        sql!("SELECT question_id FROM question_report WHERE id = $1").bind(report).fetch_optional(&mut tx).await?;
    let Some((question,)) = found else { return Err(Denied::NotFound.into()) };
    authorise::<EditQuestion>(&mut tx, caller, question).await?;
    sql!("UPDATE question_report SET resolved_at = $2, resolved_by = $3 WHERE id = $1 AND resolved_at IS NULL")
        .bind(report)
        .bind(env.now())
        .bind(caller.person_id())
        .execute(&mut tx)
        .await?;
    let reports = load(&mut tx, question).await?;
    indexing::commit(tx, questions, &[question]).await?;
    Ok(reports)
}
