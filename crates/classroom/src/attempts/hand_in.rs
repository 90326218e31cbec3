//! Handing in, and the receipt that is kept.

use db::{Batch, DbError, WriteTx, sql};
use futures::future::BoxFuture;
use kernel::{AttemptId, TestId, Timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::answers::Counting;
use super::{AttemptError, Token, device, marking};
use crate::Classroom;

/// What a pupil keeps: that it was handed in, when, and what with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AttemptReceipt)]
pub struct Receipt {
    /// Which attempt.
    pub attempt_id: AttemptId,
    /// When it was handed in.
    pub submitted_at: Timestamp,
    /// How many items were answered.
    pub answered: usize,
    /// Names the answers: the same answers have the same.
    pub digest: String,
    /// Proves that the server gave it; for people without an account it opens the result.
    pub code: String,
}

/// Who handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubmittedBy {
    Pupil,
    Deadline,
    Teacher,
}

impl SubmittedBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pupil => "pupil",
            Self::Deadline => "deadline",
            Self::Teacher => "teacher",
        }
    }
}

/// Ends attempts, many in one commit: at the end all come at once.
#[derive(Debug)]
pub(crate) struct Submits;

/// An attempt to be ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Submit {
    pub attempt: AttemptId,
    pub by: SubmittedBy,
    pub now: Timestamp,
}

impl Batch for Submits {
    type Item = Submit;
    type Reply = ();

    fn write<'a>(&'a self, tx: &'a mut WriteTx, items: &'a [Submit]) -> BoxFuture<'a, Result<Vec<()>, DbError>> {
        Box::pin(async move {
            for item in items {
                sql!("UPDATE attempt SET state = 'submitted', submitted_at = $2, submitted_by = $3 WHERE id = $1 AND state = 'open'")
                    .bind(item.attempt)
                    .bind(item.now)
                    .bind(item.by.as_str())
                    .execute(tx)
                    .await?;
            }
            Ok(vec![(); items.len()])
        })
    }
}

/// Hands in. Doing it again gives the same receipt.
///
/// # Errors
/// [`AttemptError`].
pub async fn hand_in(classroom: &Classroom, token: &Token) -> Result<Receipt, AttemptError> {
    let card = device::get(classroom, token).await?;
    let submit = Submit { attempt: card.attempt_id, by: SubmittedBy::Pupil, now: classroom.env().now() };
    end(classroom, card.test_id, submit).await?;
    let marked = marking::mark(classroom, card.attempt_id).await?;
    receipt(card.attempt_id, marked.submitted_at, &marked.seed, &marked.counting).ok_or(AttemptError::HandedIn)
}

/// Ends an attempt, and tells who watches.
pub(super) async fn end(classroom: &Classroom, test: TestId, submit: Submit) -> Result<(), AttemptError> {
    classroom.submits.submit(submit.attempt.as_uuid().as_u128(), submit).await?;
    classroom.boards.changed(test, submit.attempt);
    Ok(())
}

/// The receipt of an attempt that was handed in.
pub(super) fn receipt(attempt: AttemptId, submitted_at: Option<Timestamp>, seed: &[u8], counting: &Counting) -> Option<Receipt> {
    let submitted_at = submitted_at?;
    let mut digest = Sha256::new();
    let mut answered = 0;
    for (item, kept) in counting.iter().filter(|(_, kept)| kept.response != "null") {
        answered += 1;
        digest.update(format!("{item}:{}\n", kept.response));
    }
    let digest = hex::encode(&digest.finalize()[..8]);
    Some(Receipt { attempt_id: attempt, submitted_at, answered, digest, code: code(attempt, seed) })
}

/// Made from the attempt's seed, which never leaves the server. Twenty characters, without look-alikes.
pub(super) fn code(attempt: AttemptId, seed: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut digest = Sha256::new();
    digest.update(seed);
    digest.update(b"receipt");
    digest.update(attempt.as_uuid().as_bytes());
    digest.finalize().iter().take(20).filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|letter| char::from(*letter)).collect()
}
