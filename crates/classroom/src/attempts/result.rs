//! What a pupil sees of an attempt that was handed in: as much as its settings release, when they do.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied};
use kernel::{AttemptId, PersonId, TestId, TestPaperId, Timestamp};
use papers::model::Exact;
use papers::rich::Rich;
use questions::bank;
use scoring::{Form, ItemMark, Marks, Seed, Solution};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::hand_in::{Receipt, code, receipt};
use super::{AttemptError, answers, marking};
use crate::Classroom;
use crate::tests::{Release, ShownPaper, TestSettings};

/// An attempt as its pupil sees it afterwards. What is not released is not there.
#[derive(Serialize, ToSchema)]
#[schema(as = AttemptResult)]
pub struct ResultView {
    /// Which.
    pub attempt_id: AttemptId,
    /// The test.
    pub test_id: TestId,
    /// What it is called.
    pub title: String,
    /// That it was handed in.
    pub receipt: Receipt,
    /// The mark.
    #[schema(value_type = Option<String>)]
    pub score: Option<Exact>,
    /// What the mark is out of.
    #[schema(value_type = Option<String>)]
    pub out_of: Option<Exact>,
    /// Answers a person has still to mark.
    pub by_hand_left: Option<u16>,
    /// What was asked, answered and right.
    pub review: Option<Review>,
    /// When marks, answers and explanations are shown that are not yet, where that is known.
    pub later_at: Option<Timestamp>,
}

/// What was asked, answered and right.
#[derive(Serialize, ToSchema)]
#[schema(as = AttemptReview)]
pub struct Review {
    /// The paper.
    pub paper: ShownPaper,
    /// The order it was sat in.
    pub form: Form,
    /// By item.
    pub items: Vec<ReviewedItem>,
}

/// An item as it was answered and marked.
#[derive(Serialize, ToSchema)]
pub struct ReviewedItem {
    /// What it earned.
    pub mark: ItemMark,
    /// The response.
    #[schema(value_type = Option<Object>)]
    pub response: Option<Box<RawValue>>,
    /// What is right.
    pub solution: Option<Solution>,
    /// Why.
    pub explanation: Option<Rich>,
}

#[derive(sqlx::FromRow)]
struct Head {
    test_id: TestId,
    paper_id: TestPaperId,
    person_id: Option<PersonId>,
    title: String,
    settings: String,
    seed: Vec<u8>,
    state: String,
    kind: String,
}

async fn head(conn: &mut Conn, attempt: AttemptId) -> Result<Head, AttemptError> {
    let head: Option<Head> = sql!(
        "SELECT a.test_id, a.paper_id, a.person_id, t.title, t.settings, a.seed, a.state, a.kind
         FROM attempt a JOIN test t ON t.id = a.test_id WHERE a.id = $1"
    )
    .bind(attempt)
    .fetch_optional(conn)
    .await?;
    Ok(head.ok_or(Denied::NotFound)?)
}

/// An attempt of the caller's own.
///
/// # Errors
/// [`AttemptError`].
pub async fn result(classroom: &Classroom, caller: &Caller, attempt: AttemptId) -> Result<ResultView, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let head = head(&mut tx, attempt).await?;
    if head.person_id != Some(person) {
        return Err(Denied::NotFound.into());
    }
    view(&mut tx, classroom, attempt, head).await
}

/// An attempt that was sat without an account, by the code of its receipt.
///
/// # Errors
/// [`AttemptError`].
pub async fn result_by_receipt(classroom: &Classroom, attempt: AttemptId, with: &str) -> Result<ResultView, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let head = head(&mut tx, attempt).await?;
    let right = code(attempt, &head.seed);
    let same = right.len() == with.len() && right.bytes().zip(with.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0;
    // A pupil with an account signs in: a receipt that went through other hands opens nothing of hers.
    if !same || head.person_id.is_some() {
        tracing::warn!(%attempt, "a receipt was refused");
        return Err(Denied::NotFound.into());
    }
    view(&mut tx, classroom, attempt, head).await
}

async fn view(conn: &mut Conn, classroom: &Classroom, attempt: AttemptId, head: Head) -> Result<ResultView, AttemptError> {
    let receipt = receipt(conn, attempt).await?.filter(|_| head.state == "submitted").ok_or(Denied::NotFound)?;
    let settings: TestSettings = serde_json::from_str(&head.settings).map_err(DbError::from)?;
    let paper = classroom.papers.get(classroom, head.paper_id).await?;
    let marks = marking::work_out(conn, &paper, attempt).await?;
    let now = classroom.env().now();
    let done = all_done(conn, head.test_id, &settings, now).await?;
    let trial = head.kind == "trial";
    let open = |release: Release| trial || is_open(release, now, done);
    let enough = trial || settings.from_score.is_none_or(|least| marks.total >= least);
    let (show_marks, show_answers) = (open(settings.show_marks), open(settings.show_answers) && enough);
    let show_explanations = open(settings.show_explanations) && enough;
    let review = if show_answers { Some(review(conn, &paper, &head, attempt, &marks, show_explanations).await?) } else { None };
    let later = [settings.show_marks, settings.show_answers, settings.show_explanations];
    Ok(ResultView {
        attempt_id: attempt,
        test_id: head.test_id,
        title: head.title,
        receipt,
        score: show_marks.then_some(marks.total),
        out_of: show_marks.then_some(marks.out_of),
        by_hand_left: show_marks.then_some(marks.waiting),
        review,
        later_at: later.into_iter().filter_map(|release| opens_later(release, now, &settings)).min(),
    })
}

fn is_open(release: Release, now: Timestamp, done: bool) -> bool {
    match release {
        Release::Never => false,
        Release::AtOnce => true,
        Release::AllDone => done,
        Release::At(at) => now >= at,
    }
}

fn opens_later(release: Release, now: Timestamp, settings: &TestSettings) -> Option<Timestamp> {
    match release {
        Release::Never | Release::AtOnce => None,
        Release::AllDone => settings.closes_at.map(|closes| Timestamp(closes.0 + settings.late_us())),
        Release::At(at) => Some(at),
    }
    .filter(|at| *at > now)
}

/// Whether nobody can sit it any more, or everybody it was given to has handed in.
async fn all_done(conn: &mut Conn, test: TestId, settings: &TestSettings, now: Timestamp) -> Result<bool, DbError> {
    let (open, latest): (i64, Option<i64>) = sql!(
        "SELECT COUNT(*), (SELECT CAST(MAX(e.closes_at) AS BIGINT) FROM test_exception e WHERE e.test_id = $1)
         FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real' AND a.state = 'open'"
    )
    .bind(test)
    .fetch_one(conn)
    .await?;
    if open > 0 {
        return Ok(false);
    }
    let last = settings.closes_at.map(|closes| closes.0.max(latest.unwrap_or(i64::MIN)) + settings.late_us());
    if last.is_some_and(|last| now.0 >= last) {
        return Ok(true);
    }
    let missing: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM test t WHERE t.id = $1 AND (
           EXISTS (SELECT 1 FROM test_sight s WHERE s.test_id = t.id AND s.how = 'pupil'
                     AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.test_id = t.id AND a.person_id = s.person_id AND a.kind = 'real'))
           OR (t.link_token IS NOT NULL AND EXISTS (SELECT 1 FROM test_entrant e WHERE e.test_id = t.id
                     AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.entrant_id = e.id))))"
    )
    .bind(test)
    .fetch_optional(conn)
    .await?;
    Ok(missing.is_none())
}

async fn review(
    conn: &mut Conn,
    paper: &crate::tests::LoadedPaper,
    head: &Head,
    attempt: AttemptId,
    marks: &Marks,
    explanations: bool,
) -> Result<Review, AttemptError> {
    let (shown,): (String,) = sql!("SELECT shown FROM test_paper WHERE id = $1").bind(head.paper_id).fetch_one(conn).await?;
    let seed: [u8; 32] = head.seed.as_slice().try_into().map_err(|_| DbError::Stored("a seed has 32 bytes".to_owned()))?;
    let mut given = answers::counting(conn, attempt).await?;
    let mut items = Vec::with_capacity(marks.items.len());
    for (item, mark) in (0_u16..).zip(&marks.items) {
        let response =
            given.remove(&i64::from(item)).map(|kept| RawValue::from_string(kept.response)).transpose().map_err(DbError::from)?;
        let explanation = if explanations { explanation(conn, head.paper_id, item).await? } else { None };
        items.push(ReviewedItem { mark: *mark, response, solution: paper.keyed.solution(item), explanation });
    }
    Ok(Review {
        paper: serde_json::from_str(&shown).map_err(DbError::from)?,
        form: Form::deal(&paper.layout, &Seed::from_bytes(seed)),
        items,
    })
}

async fn explanation(conn: &mut Conn, paper: TestPaperId, item: u16) -> Result<Option<Rich>, DbError> {
    let (question, version): (kernel::QuestionId, i64) =
        sql!("SELECT question_id, version FROM test_paper_question WHERE paper_id = $1 AND item = $2")
            .bind(paper)
            .bind(i64::from(item))
            .fetch_one(conn)
            .await?;
    Ok(bank::used_version(conn, question, version).await?.question.explanation.filter(|text| !text.is_empty()))
}
