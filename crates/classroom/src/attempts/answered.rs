//! How many items are answered in the attempts of a watched board. Counting them in the database after each save was
//! the dearest part of a board: this server tells the board what it has just written, and an attempt is read where
//! that does not tell all.

use std::collections::{HashMap, HashSet};

use content::sets::{GROUP, bind_group};
use db::{Conn, DbError, sql};
use kernel::{AttemptId, TestId, Timestamp};

use super::saving::Save;

/// What this server has just written of an attempt.
#[derive(Debug)]
pub(super) struct Written {
    pub attempt: AttemptId,
    pub device: i64,
    pub at: Timestamp,
    pub has_events: bool,
    /// Sequence numbers and items.
    pub answers: Vec<(i64, i64)>,
}

impl Written {
    pub(super) fn of(save: &Save) -> Self {
        Self {
            attempt: save.attempt,
            device: save.device,
            at: save.received_at,
            has_events: !save.events.is_empty(),
            answers: save.answers.iter().map(|answer| (answer.sequence, answer.item)).collect(),
        }
    }
}

/// What is known, by attempt. Devices number their answers from 1: as long as none is missing between two that were
/// written here, and the last numbers are those of the database, nothing came to another server.
#[derive(Debug, Default)]
pub(super) struct Answered(HashMap<AttemptId, Known>);

#[derive(Debug)]
pub(super) enum Known {
    /// So many, when the last numbers of the devices came to `last` together.
    Counted {
        items: i64,
        last: i64,
    },
    Read(Items),
}

#[derive(Debug, Default)]
pub(super) struct Items {
    items: HashSet<i64>,
    /// The last number of each device.
    last: HashMap<i64, i64>,
}

impl Known {
    /// Of an attempt that nothing has come of yet.
    pub(super) fn nothing() -> Self {
        Self::Read(Items::default())
    }
}

impl Items {
    /// False when a number is missing before this one.
    fn add(&mut self, device: i64, sequence: i64, item: i64) -> bool {
        let last = self.last.entry(device).or_default();
        let follows = sequence <= *last + 1;
        *last = sequence.max(*last);
        self.items.insert(item);
        follows
    }
}

impl Answered {
    /// Takes up what was written here. Where a number is missing (it came to another server, or was refused, or comes
    /// a moment later) the attempt is read.
    pub(super) fn take_up(&mut self, written: &Written) {
        let follow = match self.0.get_mut(&written.attempt) {
            Some(Known::Read(known)) => written.answers.iter().all(|(sequence, item)| known.add(written.device, *sequence, *item)),
            Some(Known::Counted { .. }) => written.answers.is_empty(),
            None => return,
        };
        if !follow {
            self.0.remove(&written.attempt);
        }
    }

    /// How many items are answered in an attempt whose devices' last numbers come to `last` together, or to whatever
    /// was written here; nothing where that is not known.
    pub(super) fn count(&self, attempt: AttemptId, last: Option<i64>) -> Option<i64> {
        let (items, known) = match self.0.get(&attempt)? {
            Known::Counted { items, last } => (*items, *last),
            Known::Read(known) => (i64::try_from(known.items.len()).ok()?, known.last.values().sum()),
        };
        last.is_none_or(|last| last == known).then_some(items)
    }

    /// Takes up what was counted or read in the database.
    pub(super) fn put(&mut self, known: impl IntoIterator<Item = (AttemptId, Known)>) {
        self.0.extend(known);
    }
}

/// Counts what is answered in all attempts of a test, whose devices' last numbers are given: reading every answer there
/// is would be dear.
pub(super) async fn count(
    conn: &mut Conn,
    test: TestId,
    last: impl Iterator<Item = (AttemptId, i64)>,
) -> Result<HashMap<AttemptId, Known>, DbError> {
    let rows: Vec<(AttemptId, i64)> = sql!(
        "SELECT a.id, (SELECT COUNT(DISTINCT w.item) FROM attempt_answer w WHERE w.attempt_id = a.id) FROM attempt a
         WHERE a.test_id = $1 AND a.kind = 'real'"
    )
    .bind(test)
    .fetch_all(conn)
    .await?;
    let items: HashMap<AttemptId, i64> = rows.into_iter().collect();
    Ok(last.filter_map(|(id, last)| Some((id, Known::Counted { items: *items.get(&id)?, last }))).collect())
}

/// Reads what is answered in attempts.
pub(super) async fn read(conn: &mut Conn, attempts: &[AttemptId]) -> Result<HashMap<AttemptId, Known>, DbError> {
    let mut all: HashMap<AttemptId, Items> = attempts.iter().map(|id| (*id, Items::default())).collect();
    for group in attempts.chunks(GROUP) {
        let rows: Vec<(AttemptId, i64, i64, i64)> = bind_group(
            sql!(
                "SELECT attempt_id, device, item, MAX(sequence) FROM attempt_answer
                 WHERE attempt_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 GROUP BY attempt_id, device, item"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (attempt, device, item, sequence) in rows {
            if let Some(items) = all.get_mut(&attempt) {
                items.add(device, sequence, item);
            }
        }
    }
    Ok(all.into_iter().map(|(id, items)| (id, Known::Read(items))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> AttemptId {
        AttemptId::from(uuid::Uuid::nil())
    }

    fn written(device: i64, answers: &[(i64, i64)]) -> Written {
        Written { attempt: attempt(), device, at: Timestamp(0), has_events: false, answers: answers.to_vec() }
    }

    fn known(known: Known) -> Answered {
        Answered(HashMap::from([(attempt(), known)]))
    }

    #[test]
    fn an_item_answered_again_counts_once_and_so_does_what_is_sent_again() {
        let mut answered = known(Known::Read(Items::default()));
        answered.take_up(&written(1, &[(1, 7), (2, 7), (3, 8)]));
        answered.take_up(&written(1, &[(2, 7), (3, 8)]));
        answered.take_up(&written(2, &[(1, 9)]));
        assert_eq!((answered.count(attempt(), Some(4)), answered.count(attempt(), None)), (Some(3), Some(3)));
    }

    #[test]
    fn what_came_to_another_server_is_not_known() {
        let mut answered = known(Known::Read(Items::default()));
        answered.take_up(&written(1, &[(1, 7)]));
        answered.take_up(&written(1, &[]));
        assert_eq!(answered.count(attempt(), Some(2)), None, "the second lies in the database, of whatever device");
        answered.take_up(&written(1, &[(3, 9)]));
        assert_eq!(answered.count(attempt(), Some(3)), None, "the second was not written here");
        assert_eq!(answered.count(attempt(), None), None, "the second was not written here");
    }

    #[test]
    fn what_was_only_counted_holds_until_something_comes() {
        let mut answered = known(Known::Counted { items: 2, last: 3 });
        answered.take_up(&written(1, &[]));
        assert_eq!([Some(3), Some(4), None].map(|last| answered.count(attempt(), last)), [Some(2), None, Some(2)]);
        answered.take_up(&written(1, &[(4, 7)]));
        assert_eq!([Some(3), None].map(|last| answered.count(attempt(), last)), [None, None]);
    }
}
