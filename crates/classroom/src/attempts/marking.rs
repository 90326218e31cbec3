//! Marks. Work that is lost by a crash is done again: whatever has been handed in and is not marked yet.

use db::{Batch, Conn, DbError, WriteTx, sql};
use futures::future::BoxFuture;
use futures::{StreamExt as _, stream};
use kernel::{AttemptId, TestId, TestPaperId, Timestamp};
use papers::model::Exact;
use scoring::{ByHand, Marks, Response};

use super::answers::Counting;
use super::{AttemptError, answers};
use crate::Classroom;
use crate::tests::LoadedPaper;

/// Attempts marked beside each other: each reads with a connection of its own.
const MARKED_TOGETHER: usize = 4;
/// Points are kept in millionths.
const MILLIONTHS: u32 = 6;

/// Keeps the marks of many attempts in one commit.
#[derive(Debug)]
pub(crate) struct MarkWrites;

/// Marks to be kept.
#[derive(Clone, Debug)]
pub(crate) struct MarkWrite {
    attempt: AttemptId,
    now: Timestamp,
    score: i64,
    out_of: i64,
    waiting: i64,
    marks: String,
    key_revision: i64,
}

impl Batch for MarkWrites {
    type Item = MarkWrite;
    type Reply = ();

    fn write<'a>(&'a self, tx: &'a mut WriteTx, items: &'a [MarkWrite]) -> BoxFuture<'a, Result<Vec<()>, DbError>> {
        Box::pin(async move {
            for item in items {
                sql!(
                    "UPDATE attempt SET marked_at = $2, score = $3, out_of = $4, by_hand_left = $5, marks = $6, key_revision = $7
                     WHERE id = $1 AND state = 'submitted' AND COALESCE(key_revision, 1) <= $7"
                )
                .bind(item.attempt)
                .bind(item.now)
                .bind(item.score)
                .bind(item.out_of)
                .bind(item.waiting)
                .bind(&item.marks)
                .bind(item.key_revision)
                .execute(tx)
                .await?;
            }
            Ok(vec![(); items.len()])
        })
    }
}

/// Millionths of a point, from an exact number; and back.
pub(super) fn to_stored(points: Exact) -> i64 {
    use rust_decimal::prelude::ToPrimitive as _;
    (points * Exact::from(1_000_000)).round().to_i64().unwrap_or(0)
}

pub(super) fn from_stored(stored: i64) -> Exact {
    Exact::new(stored, MILLIONTHS).normalize()
}

/// An attempt that has been marked.
pub(super) struct Marked {
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    pub seed: Vec<u8>,
    /// The answers that count.
    pub counting: Counting,
}

/// Marks an attempt that was handed in, from its answers and what was marked by hand.
pub(super) async fn mark(classroom: &Classroom, attempt: AttemptId) -> Result<Marked, AttemptError> {
    // What was handed in changes no more: whichever statement reads it.
    let mut tx = classroom.env().db.glance().await?;
    let (test, paper, key_revision, submitted_at, seed): (TestId, TestPaperId, i64, Option<Timestamp>, Vec<u8>) = sql!(
        "SELECT a.test_id, a.paper_id, p.key_revision, a.submitted_at, a.seed FROM attempt a JOIN test_paper p ON p.id = a.paper_id WHERE a.id = $1"
    )
    .bind(attempt)
    .fetch_one(&mut tx)
    .await?;
    let loaded = classroom.papers.with_key(&mut tx, paper, key_revision).await?;
    let Judged { counting, marks, .. } = now(&mut tx, &loaded, attempt).await?;
    drop(tx);
    let write = MarkWrite {
        attempt,
        now: classroom.env().now(),
        score: to_stored(marks.total),
        out_of: to_stored(marks.out_of),
        waiting: i64::from(marks.waiting),
        marks: serde_json::to_string(&marks).map_err(DbError::from)?,
        key_revision: loaded.key_revision,
    };
    classroom.mark_writes.submit(attempt.as_uuid().as_u128(), write).await?;
    classroom.boards.changed(test, attempt);
    Ok(Marked { submitted_at, seed, counting })
}

/// Marks many, some beside each other, so that their marks share commits. One that cannot be marked holds up
/// nobody else; it is tried again with the next round. Tells how many were marked.
pub(super) async fn mark_all(classroom: &Classroom, attempts: impl IntoIterator<Item = AttemptId>) -> usize {
    let marked = attempts.into_iter().map(|attempt| async move {
        mark(classroom, attempt).await.map(|_| 1).unwrap_or_else(|error| {
            tracing::error!(%attempt, %error, "an attempt could not be marked");
            0
        })
    });
    stream::iter(marked).buffer_unordered(MARKED_TOGETHER).fold(0, async |all, one| all + one).await
}

/// What counts of an attempt, and what it earns.
pub(super) struct Judged {
    pub counting: Counting,
    pub by_hand: Vec<HandMark>,
    pub marks: Marks,
}

/// What a teacher gave an answer, and wrote beside it.
#[derive(sqlx::FromRow)]
pub(super) struct HandMark {
    pub item: i64,
    /// Millionths.
    pub points: i64,
    pub comment: String,
    pub marked_at: Timestamp,
}

/// The answers of an attempt that count now, and its marks by them.
pub(super) async fn now(conn: &mut Conn, paper: &LoadedPaper, attempt: AttemptId) -> Result<Judged, DbError> {
    let counting = answers::counting(conn, attempt).await?;
    let responses = responses(paper, &counting)?;
    let by_hand = by_hand(conn, attempt).await?;
    let marks = paper.keyed.mark_with(&responses, &given(&by_hand));
    Ok(Judged { counting, by_hand, marks })
}

/// The responses that count, by item.
pub(super) fn responses(paper: &LoadedPaper, counting: &Counting) -> Result<Vec<Option<Response>>, DbError> {
    let mut responses: Vec<Option<Response>> = vec![None; paper.shapes().len()];
    for (item, kept) in counting {
        let Some(place) = usize::try_from(*item).ok().and_then(|item| responses.get_mut(item)) else { continue };
        *place = serde_json::from_str(&kept.response)?;
    }
    Ok(responses)
}

/// What was marked by hand, in the order of the items.
pub(super) async fn by_hand(conn: &mut Conn, attempt: AttemptId) -> Result<Vec<HandMark>, DbError> {
    sql!("SELECT item, points, comment, marked_at FROM attempt_hand_mark WHERE attempt_id = $1 ORDER BY item")
        .bind(attempt)
        .fetch_all(conn)
        .await
}

/// The points of it.
pub(super) fn given(by_hand: &[HandMark]) -> ByHand {
    by_hand.iter().filter_map(|mark| Some((u16::try_from(mark.item).ok()?, from_stored(mark.points)))).collect()
}
