//! What a pupil sees of an attempt that was handed in: as much as its settings release, when they do.

use std::collections::BTreeMap;

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied};
use kernel::{AttemptId, PersonId, TestId, TestPaperId, Timestamp};
use papers::model::Exact;
use papers::rich::Rich;
use scoring::{Form, ItemMark, Marks, Ruling, Seed, Shape, Solution};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::afterwards::Stored;
use super::hand_in::{Receipt, code, receipt};
use super::letters::Letters;
use super::marking::{HandMark, Judged};
use super::photos::Photo;
use super::{AttemptError, marking, photos};
use crate::Classroom;
use crate::tests::{LoadedPaper, Release, ShownPaper, TestSettings};

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
    /// What the teacher wrote beside answers, once the mark is shown.
    pub comments: Vec<Remark>,
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
    #[schema(value_type = ShownPaper)]
    pub paper: Stored,
    /// The order it was sat in.
    pub form: Form,
    /// By item.
    pub items: Vec<ReviewedItem>,
    /// Photos of what was worked out on paper, as far as they have come.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// What a teacher gave an answer by hand, and wrote beside it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AttemptRemark)]
pub struct Remark {
    /// The item, from 0 in neutral order.
    pub item: u16,
    /// Its number as this pupil saw it, from 1; none for a text that asks nothing.
    pub number: Option<u16>,
    /// Points given.
    #[schema(value_type = String)]
    pub points: Exact,
    /// What was written.
    pub comment: String,
    /// When.
    pub marked_at: Timestamp,
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
    #[schema(value_type = Option<Rich>)]
    pub explanation: Option<Stored>,
    /// Where the pictures and sounds of the explanation are, by their names in it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub explanation_media: BTreeMap<String, String>,
    /// Whose letters the explanation names options by, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation_letters: Option<Letters>,
    /// What was ruled about the question.
    pub ruling: Ruling,
}

/// An attempt, as far as its paper is read from it.
#[derive(sqlx::FromRow)]
pub(super) struct Head {
    pub id: AttemptId,
    pub test_id: TestId,
    pub paper_id: TestPaperId,
    pub person_id: Option<PersonId>,
    pub title: String,
    pub settings: String,
    pub seed: Vec<u8>,
    pub state: String,
    pub kind: String,
    pub submitted_at: Option<Timestamp>,
    /// Of the key the paper has now.
    pub key_revision: i64,
}

pub(super) async fn head(conn: &mut Conn, attempt: AttemptId) -> Result<Head, AttemptError> {
    let head: Option<Head> = sql!(
        "SELECT a.id, a.test_id, a.paper_id, a.person_id, t.title, t.settings, a.seed, a.state, a.kind, a.submitted_at, p.key_revision
         FROM attempt a JOIN test t ON t.id = a.test_id JOIN test_paper p ON p.id = a.paper_id WHERE a.id = $1"
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
    let mut tx = classroom.env().db.glance().await?;
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let head = head(&mut tx, attempt).await?;
    if head.person_id != Some(person) {
        return Err(Denied::NotFound.into());
    }
    view(&mut tx, classroom, head).await
}

/// An attempt that was sat without an account, by the code of its receipt.
///
/// # Errors
/// [`AttemptError`].
pub async fn result_by_receipt(classroom: &Classroom, attempt: AttemptId, with: &str) -> Result<ResultView, AttemptError> {
    let mut tx = classroom.env().db.glance().await?;
    let head = head(&mut tx, attempt).await?;
    by_receipt(&head, with)?;
    view(&mut tx, classroom, head).await
}

/// Whether the code of a receipt opens an attempt without an account.
pub(super) fn by_receipt(head: &Head, with: &str) -> Result<(), Denied> {
    let right = code(head.id, &head.seed);
    let same = right.len() == with.len() && right.bytes().zip(with.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0;
    // A pupil with an account signs in: a receipt that went through other hands opens nothing of hers.
    if same && head.person_id.is_none() {
        return Ok(());
    }
    tracing::warn!(attempt = %head.id, "a receipt was refused");
    Err(Denied::NotFound)
}

async fn view(conn: &mut Conn, classroom: &Classroom, head: Head) -> Result<ResultView, AttemptError> {
    if head.state != "submitted" {
        return Err(Denied::NotFound.into());
    }
    let settings: TestSettings = serde_json::from_str(&head.settings).map_err(DbError::from)?;
    let paper = classroom.papers.with_key(conn, head.paper_id, head.key_revision).await?;
    let judged = marking::now(conn, &paper, head.id).await?;
    let receipt = receipt(head.id, head.submitted_at, &head.seed, &judged.counting).ok_or(Denied::NotFound)?;
    let now = classroom.env().now();
    let Released { marks: show_marks, answers, explanations } = released(conn, classroom, &head, &settings, &judged.marks, now).await?;
    let comments = if show_marks { remarks(&paper, &head, &judged)? } else { Vec::new() };
    let (score, out_of, waiting) = (judged.marks.total, judged.marks.out_of, judged.marks.waiting);
    let review = if answers { Some(review(conn, classroom, &paper, &head, judged, explanations).await?) } else { None };
    let later = [settings.show_marks, settings.show_answers, settings.show_explanations];
    Ok(ResultView {
        attempt_id: head.id,
        test_id: head.test_id,
        title: head.title,
        receipt,
        score: show_marks.then_some(score),
        out_of: show_marks.then_some(out_of),
        by_hand_left: show_marks.then_some(waiting),
        comments: comments.into_iter().filter(|remark| !remark.comment.is_empty()).collect(),
        review,
        later_at: later.into_iter().filter_map(|release| opens_later(release, now, &settings)).min(),
    })
}

/// What a pupil sees of her attempt now.
pub(super) struct Released {
    pub marks: bool,
    pub answers: bool,
    pub explanations: bool,
}

/// What the settings of a test show of an attempt with these marks.
pub(super) async fn released(
    conn: &mut Conn,
    classroom: &Classroom,
    head: &Head,
    settings: &TestSettings,
    marks: &Marks,
    now: Timestamp,
) -> Result<Released, DbError> {
    if head.kind == "trial" {
        return Ok(Released { marks: true, answers: true, explanations: true });
    }
    let waits = [settings.show_marks, settings.show_answers, settings.show_explanations].contains(&Release::AllDone);
    let done = waits && classroom.done.is(conn, head.test_id, settings, now).await?;
    let open = |release: Release| is_open(release, now, done);
    let enough = settings.from_score.is_none_or(|least| marks.total >= least);
    Ok(Released {
        marks: open(settings.show_marks),
        answers: open(settings.show_answers) && enough,
        explanations: open(settings.show_explanations) && enough,
    })
}

/// What was marked by hand, with the numbers this pupil saw.
pub(super) fn remarks(paper: &LoadedPaper, head: &Head, judged: &Judged) -> Result<Vec<Remark>, DbError> {
    if judged.by_hand.is_empty() {
        return Ok(Vec::new());
    }
    let form = Form::deal(&paper.layout, &Seed::from_bytes(seed(head)?));
    let mut numbers = vec![None; paper.shapes().len()];
    let asked = form.order.iter().filter(|item| !matches!(paper.shape(**item), None | Some(Shape::Nothing)));
    for (number, item) in (1_u16..).zip(asked) {
        if let Some(place) = numbers.get_mut(usize::from(*item)) {
            *place = Some(number);
        }
    }
    let remark = |mark: &HandMark| {
        let item = u16::try_from(mark.item).ok()?;
        let number = numbers.get(usize::from(item)).copied().flatten();
        let points = marking::from_stored(mark.points);
        Some(Remark { item, number, points, comment: mark.comment.clone(), marked_at: mark.marked_at })
    };
    Ok(judged.by_hand.iter().filter_map(remark).collect())
}

pub(super) fn seed(head: &Head) -> Result<[u8; 32], DbError> {
    head.seed.as_slice().try_into().map_err(|_| DbError::Stored("a seed has 32 bytes".to_owned()))
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

/// What was asked, answered and right in an attempt; why only where explanations are shown.
pub(super) async fn review(
    conn: &mut Conn,
    classroom: &Classroom,
    paper: &LoadedPaper,
    head: &Head,
    judged: Judged,
    explanations: bool,
) -> Result<Review, AttemptError> {
    let Judged { mut counting, marks, .. } = judged;
    let taken = classroom.shelf.take(conn, head.paper_id).await?;
    let form = Form::deal(&paper.layout, &Seed::from_bytes(seed(head)?));
    let photographed = counting.values().any(|kept| kept.response.contains("\"w\""));
    let photos = if photographed { photos::of_attempt(conn, head.id).await? } else { Vec::new() };
    let mut items = Vec::with_capacity(marks.items.len());
    for (item, mark) in (0_u16..).zip(&marks.items) {
        let response =
            counting.remove(&i64::from(item)).map(|kept| RawValue::from_string(kept.response)).transpose().map_err(DbError::from)?;
        let mut reviewed = ReviewedItem {
            mark: *mark,
            response,
            solution: paper.keyed.solution(item),
            explanation: None,
            explanation_media: BTreeMap::new(),
            explanation_letters: None,
            ruling: paper.keyed.ruling(item).unwrap_or_default(),
        };
        if explanations && let Some(told) = taken.explanation(paper, &form, item)? {
            // Who has no account has no session either, and asks with her receipt.
            let place = if head.person_id.is_some() { format!("/api/attempts/{}", head.id) } else { "/api/test-receipts".to_owned() };
            reviewed.explanation_media = told.media_at(|name| format!("{place}/items/{item}/files/{name}"));
            (reviewed.explanation, reviewed.explanation_letters) = (Some(told.text), told.letters);
        }
        items.push(reviewed);
    }
    Ok(Review { paper: taken.shown.clone(), form, items, photos })
}
