//! The board as it changes. However many watch a test, one task of this server looks at the database for them;
//! only what has changed goes out, and an answer more is some sixty bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use content::sets::{GROUP, bind_group};
use db::{Conn, DbError, sql};
use identity::access::{Caller, authorise};
use kernel::{AttemptId, PersonId, TestEntrantId, TestId, Timestamp};
use serde::Serialize;
use tokio::sync::broadcast;
use utoipa::ToSchema;

use super::AttemptError;
use super::answered::{self, Answered, Written};
use super::board::{AttemptRow, BoardAttempt, Counts, EventCount, Whose};
use super::saving::EventKind;
use crate::Classroom;
use crate::tests::ManageTest;

/// How often the database is looked at while somebody watches.
const EVERY: Duration = Duration::from_secs(2);
/// A look reads attempts that were begun, heard of, handed in, marked or stopped since the one before. What changes
/// without that (another server's teacher gives more time) is found by a look at all of them, one of so many.
const LOOK_AT_ALL: u32 = 15;
/// So much further back a look reaches: a commit comes later than the moment it names, by seconds where a disk stalls,
/// and clocks of several servers differ. Saves are many, and one that is missed is seen with the next.
const REACH: Duration = Duration::from_secs(5);
const REACH_TO_SAVES: Duration = Duration::from_secs(1);
/// Changes that a slow watcher may be behind before it has to ask for everything again.
const BEHIND: usize = 32;
/// What changed so long before a board was read is told again: clocks of several servers differ.
const OVERLAP: Duration = Duration::from_secs(5);

/// What has changed on a board.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestBoardChange)]
pub struct BoardChange {
    /// The server's clock.
    pub now: Timestamp,
    /// Attempts in which only an answer came: which, how many are answered now, and when it was heard of.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub answered: Vec<(AttemptId, i64, Timestamp)>,
    /// Attempts of which more has changed.
    pub attempts: Vec<ChangedAttempt>,
}

/// Somebody's newest attempt as it is now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestBoardChangedAttempt)]
pub struct ChangedAttempt {
    /// Who has an account.
    pub person_id: Option<PersonId>,
    /// Who sits by the link.
    pub entrant_id: Option<TestEntrantId>,
    /// Her attempt.
    pub attempt: BoardAttempt,
}

/// The boards that are watched at this server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boards(Arc<Mutex<HashMap<TestId, Arc<Watched>>>>);

/// A board that somebody watches.
#[derive(Debug)]
pub(super) struct Watched {
    seen: Mutex<Seen>,
    /// What was written here since the last look.
    written: Mutex<Vec<Written>>,
    news: broadcast::Sender<Arc<str>>,
}

/// How it stood at the last look.
#[derive(Debug, Default)]
struct Seen {
    /// Everybody's newest attempt.
    newest: HashMap<Whose, Known>,
    /// Whose an attempt is.
    whose: HashMap<AttemptId, Whose>,
    answered: Answered,
    looked_at: Option<Timestamp>,
    /// Looks since the last at all attempts.
    looks: u32,
}

#[derive(Clone, Debug)]
struct Known {
    attempt: BoardAttempt,
    /// When anything changed.
    changed_at: Timestamp,
}

/// An attempt that has changed, and what is counted of it.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct Heard {
    id: AttemptId,
    saved_at: Timestamp,
    /// Not 0 where more than what is counted has changed.
    more: i64,
    devices: i64,
    events: i64,
    /// The last numbers of its devices' answers, together.
    last: i64,
}

/// What somebody who watches is told, one JSON text after another.
#[derive(Debug)]
pub struct BoardNews {
    first: Option<Arc<str>>,
    news: broadcast::Receiver<Arc<str>>,
}

impl BoardNews {
    /// The next change; nothing when the watcher was too slow and should read the board anew.
    pub async fn next(&mut self) -> Option<Arc<str>> {
        match self.first.take() {
            Some(first) => Some(first),
            None => self.news.recv().await.ok(),
        }
    }
}

/// Watches the board of a test: what has changed since it was read, then each change as it comes.
///
/// # Errors
/// [`AttemptError`].
pub async fn watch_board(classroom: &Classroom, caller: &Caller, test: TestId, since: Timestamp) -> Result<BoardNews, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    drop(tx);
    let watched = classroom.boards.watched(classroom, test).await?;
    let seen = watched.lock();
    // Under the same lock as the looks: nothing falls between the first text and the ones that follow.
    let news = watched.news.subscribe();
    let since = since.minus(OVERLAP);
    let attempts = seen
        .newest
        .iter()
        .filter(|(_, known)| known.changed_at >= since)
        .map(|((person_id, entrant_id), known)| ChangedAttempt {
            person_id: *person_id,
            entrant_id: *entrant_id,
            attempt: known.attempt.clone(),
        })
        .collect();
    let first = BoardChange { now: seen.looked_at.unwrap_or_else(|| classroom.env().now()), answered: Vec::new(), attempts };
    Ok(BoardNews { first: Some(serde_json::to_string(&first).map_err(DbError::from)?.into()), news })
}

impl Boards {
    /// A teacher has done something at this server: the next look is at all attempts. What is done at another is seen
    /// with the look at all that comes by itself.
    pub(crate) fn look_at_all(&self, test: TestId) {
        // Not under the lock of all boards: a look may hold this one's, and every save asks for that of all.
        if let Some(watched) = self.of(test) {
            watched.lock().looks = LOOK_AT_ALL;
        }
    }

    /// The board of a test, if somebody watches it. Whoever keeps it for long keeps it looked at.
    pub(super) fn of(&self, test: TestId) -> Option<Arc<Watched>> {
        self.lock().get(&test).map(Arc::clone)
    }

    async fn watched(&self, classroom: &Classroom, test: TestId) -> Result<Arc<Watched>, DbError> {
        if let Some(watched) = self.lock().get(&test) {
            return Ok(Arc::clone(watched));
        }
        let fresh = Arc::new(Watched { seen: Mutex::default(), written: Mutex::default(), news: broadcast::Sender::new(BEHIND) });
        // The first look is nobody's news: whoever comes has read the board a moment ago.
        look(classroom, test, &fresh).await?;
        let mut all = self.lock();
        if let Some(watched) = all.get(&test) {
            return Ok(Arc::clone(watched));
        }
        all.insert(test, Arc::clone(&fresh));
        drop(all);
        tokio::spawn(go_on(self.clone(), classroom.clone(), test, Arc::clone(&fresh)));
        Ok(fresh)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TestId, Arc<Watched>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    /// Tells the next look what was written.
    pub(super) fn heard(&self, written: Written) {
        self.written().push(written);
    }

    fn written(&self) -> MutexGuard<'_, Vec<Written>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// How many events are known of an attempt.
    fn events(&self, attempt: AttemptId) -> i64 {
        let known = self.whose.get(&attempt).and_then(|whose| self.newest.get(whose)).filter(|known| known.attempt.id == attempt);
        known.map_or(0, |known| known.attempt.events.iter().map(|event| event.count).sum())
    }

    /// Since when the next look reads what changed, and who saved; all of it now and then.
    fn next_since(&mut self) -> (Timestamp, Timestamp) {
        self.looks += 1;
        let Some(at) = self.looked_at.filter(|_| self.looks < LOOK_AT_ALL) else {
            self.looks = 0;
            return (Timestamp(i64::MIN), Timestamp(i64::MIN));
        };
        (at.minus(REACH), at.minus(REACH_TO_SAVES))
    }
}

/// Looks again and again while somebody watches.
async fn go_on(boards: Boards, classroom: Classroom, test: TestId, watched: Arc<Watched>) {
    loop {
        tokio::time::sleep(EVERY).await;
        if watched.news.receiver_count() == 0 {
            let mut all = boards.lock();
            // Somebody may have come in between: whoever subscribes holds this very board.
            if watched.news.receiver_count() == 0 && Arc::strong_count(&watched) <= 2 {
                all.remove(&test);
                return;
            }
        }
        if let Err(error) = look(&classroom, test, &watched).await {
            tracing::warn!(%test, %error, "a board could not be looked at");
        }
    }
}

async fn look(classroom: &Classroom, test: TestId, watched: &Watched) -> Result<(), DbError> {
    let written = std::mem::take(&mut *watched.written());
    let (since, saved_since) = {
        let mut seen = watched.lock();
        written.iter().for_each(|written| seen.answered.take_up(written));
        seen.next_since()
    };
    let now = classroom.env().now();
    let mut tx = classroom.env().db.read().await?;
    let heard: Vec<Heard> = sql!(
        "SELECT a.id, a.saved_at,
                CAST(CASE WHEN a.started_at >= $2 OR a.submitted_at >= $2 OR a.marked_at >= $2 OR a.locked_at >= $2 THEN 1 ELSE 0 END AS BIGINT)
                  AS more,
                (SELECT COUNT(*) FROM attempt_device d WHERE d.attempt_id = a.id) AS devices,
                (SELECT COUNT(*) FROM attempt_event e WHERE e.attempt_id = a.id) AS events,
                (SELECT CAST(COALESCE(SUM((SELECT MAX(w.sequence) FROM attempt_answer w WHERE w.attempt_id = d.attempt_id AND w.device = d.number)), 0) AS BIGINT)
                 FROM attempt_device d WHERE d.attempt_id = a.id) AS last
         FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real'
           AND (a.saved_at >= $3 OR a.started_at >= $2 OR a.submitted_at >= $2 OR a.marked_at >= $2 OR a.locked_at >= $2)"
    )
    .bind(test)
    .bind(since)
    .bind(saved_since)
    .fetch_all(&mut tx)
    .await?;
    // Of thousands who save hardly any begins, hands in or is marked between two looks, and mostly none.
    let rows: Vec<AttemptRow> = if heard.iter().any(|heard| heard.more > 0) {
        sql!(
            "SELECT a.id, a.person_id, a.entrant_id, a.number, a.state, a.started_at, a.due_at, a.saved_at, a.submitted_at, a.locked_at,
                    a.score, a.out_of, a.by_hand_left
             FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real'
               AND (a.started_at >= $2 OR a.submitted_at >= $2 OR a.marked_at >= $2 OR a.locked_at >= $2) ORDER BY a.number"
        )
        .bind(test)
        .bind(since)
        .fetch_all(&mut tx)
        .await?
    } else {
        Vec::new()
    };
    let is_first = watched.lock().looked_at.is_none();
    let last = heard.iter().map(|heard| (heard.id, heard.last));
    let mut known = if is_first { answered::count(&mut tx, test, last).await? } else { HashMap::new() };
    let (eventful, unknown): (Vec<AttemptId>, Vec<AttemptId>) = {
        let seen = watched.lock();
        let is_unknown = |heard: &&Heard| !known.contains_key(&heard.id) && seen.answered.count(heard.id, heard.last).is_none();
        (
            heard.iter().filter(|heard| heard.events != seen.events(heard.id)).map(|heard| heard.id).collect(),
            heard.iter().filter(is_unknown).map(|heard| heard.id).collect(),
        )
    };
    let mut events = events(&mut tx, &eventful).await?;
    known.extend(answered::read(&mut tx, &unknown).await?);
    drop(tx);

    let mut seen = watched.lock();
    seen.answered.put(known);
    let mut touched: HashMap<Whose, BoardAttempt> = HashMap::new();
    for row in rows {
        let whose = (row.person_id, row.entrant_id);
        let known = seen.newest.get(&whose).map(|known| &known.attempt);
        // An older attempt of hers that is marked now is not shown.
        if known.is_some_and(|known| known.number > row.number) {
            continue;
        }
        // What is counted follows: all of these were heard of.
        let events = known.filter(|known| known.id == row.id).map(|known| known.events.clone()).unwrap_or_default();
        touched.insert(whose, row.shown(Counts { events, ..Counts::default() }));
        seen.whose.insert(row.id, whose);
    }
    for heard in heard {
        let Some(whose) = seen.whose.get(&heard.id).copied() else { continue };
        let Some(attempt) = touched.get(&whose).or_else(|| Some(&seen.newest.get(&whose)?.attempt)) else { continue };
        if attempt.id != heard.id {
            continue;
        }
        let events = events.remove(&heard.id).unwrap_or_else(|| attempt.events.clone());
        let attempt = BoardAttempt {
            heard_at: heard.saved_at,
            answered: seen.answered.count(heard.id, heard.last).unwrap_or(attempt.answered),
            devices: heard.devices,
            events,
            ..attempt.clone()
        };
        touched.insert(whose, attempt);
    }
    seen.looked_at = Some(now);
    let mut change = BoardChange { now, answered: Vec::new(), attempts: Vec::new() };
    for (whose, attempt) in touched {
        let before = seen.newest.get(&whose).map(|known| &known.attempt);
        if before == Some(&attempt) {
            continue;
        }
        let only_answers =
            before.is_some_and(|was| BoardAttempt { answered: attempt.answered, heard_at: attempt.heard_at, ..was.clone() } == attempt);
        if only_answers {
            change.answered.push((attempt.id, attempt.answered, attempt.heard_at));
        } else {
            change.attempts.push(ChangedAttempt { person_id: whose.0, entrant_id: whose.1, attempt: attempt.clone() });
        }
        let changed_at = if is_first { attempt.heard_at.max(attempt.submitted_at.unwrap_or(attempt.started_at)) } else { now };
        seen.newest.insert(whose, Known { attempt, changed_at });
    }
    let is_news = !change.answered.is_empty() || !change.attempts.is_empty();
    if is_news && !is_first {
        // Nobody may be there any more, which is no fault.
        let _ = watched.news.send(serde_json::to_string(&change)?.into());
    }
    Ok(())
}

/// How often what happened in these attempts.
async fn events(conn: &mut Conn, attempts: &[AttemptId]) -> Result<HashMap<AttemptId, Vec<EventCount>>, DbError> {
    let mut all: HashMap<AttemptId, Vec<EventCount>> = HashMap::new();
    for group in attempts.chunks(GROUP) {
        let counts: Vec<(AttemptId, String, i64)> = bind_group(
            sql!(
                "SELECT e.attempt_id, e.kind, COUNT(*) FROM attempt_event e
                 WHERE e.attempt_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 GROUP BY e.attempt_id, e.kind ORDER BY e.kind"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (attempt, kind, count) in counts {
            all.entry(attempt).or_default().push(EventCount { kind: EventKind::try_from(kind)?, count });
        }
    }
    Ok(all)
}
