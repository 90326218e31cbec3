//! The board as it changes. However many watch a test, one task of this server looks for them; only what has changed
//! goes out, and an answer more is some sixty bytes. A server that is the only one knows what it has written: it asks
//! the database only for what cannot be told without it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use db::DbError;
use identity::access::{Caller, authorise};
use kernel::{AttemptId, PersonId, TestEntrantId, TestId, Timestamp};
use serde::Serialize;
use tokio::sync::broadcast;
use utoipa::ToSchema;

use super::AttemptError;
use super::answered::{self, Answered, Written};
use super::board::{AttemptRow, BoardAttempt, Counts, EventCount, Whose};
use super::looking::{self, Heard};
use super::saving::Saved;
use crate::Classroom;
use crate::tests::ManageTest;

/// How often the database is looked at while somebody watches.
const EVERY: Duration = Duration::from_secs(2);
/// A look reads attempts that were begun, heard of, handed in, marked or stopped since the one before, or what this
/// server has written. What changes without that (another server's teacher gives more time) is found by a look at all of
/// them, one of so many.
const LOOK_AT_ALL: u32 = 15;
/// So much further back a look reaches: a commit comes later than the moment it names, by seconds where a disk stalls,
/// and clocks of several servers differ. Saves are many, and one that is missed is seen with the next.
const REACH: Duration = Duration::from_secs(5);
const REACH_TO_SAVES: Duration = Duration::from_secs(1);
/// Where more than so many were begun or handed in since the one before, a look asks for all that changed.
const READ_ONE_BY_ONE: usize = 300;
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
pub(crate) struct Boards(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    watched: Mutex<HashMap<TestId, Arc<Watched>>>,
    /// Until when it is believed that no other server writes to this database, in microseconds.
    alone_until: AtomicI64,
}

/// A board that somebody watches.
#[derive(Debug)]
struct Watched {
    seen: Mutex<Seen>,
    news_here: Mutex<Here>,
    news: broadcast::Sender<Arc<str>>,
}

/// What this server has done since the last look.
#[derive(Debug, Default)]
struct Here {
    written: Vec<Written>,
    /// Attempts that were begun, gone on with, handed in or marked.
    changed: Vec<AttemptId>,
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
    /// Whether all that has changed since the last look was done here and is known.
    is_told: bool,
}

/// What a look reads.
#[derive(Clone, Copy, Debug)]
enum Reach {
    /// What changed since, and who saved since.
    Since(Timestamp, Timestamp),
    /// What this server has changed.
    Here,
}

#[derive(Clone, Debug)]
struct Known {
    attempt: BoardAttempt,
    /// When anything changed.
    changed_at: Timestamp,
}

/// That an attempt was heard of.
struct News {
    id: AttemptId,
    heard_at: Timestamp,
    /// How many there are, where the database was asked.
    devices: Option<i64>,
    /// The last numbers of its devices' answers together, where the database was asked.
    last: Option<i64>,
    has_events: bool,
}

impl News {
    fn read(heard: &Heard, seen: &Seen) -> Self {
        Self {
            id: heard.id,
            heard_at: heard.saved_at,
            devices: Some(heard.devices),
            last: Some(heard.last),
            has_events: heard.events != seen.events(heard.id),
        }
    }

    fn told(written: &Written) -> Self {
        Self { id: written.attempt, heard_at: written.at, devices: None, last: None, has_events: written.has_events }
    }
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
    fn of(&self, test: TestId) -> Option<Arc<Watched>> {
        self.lock().get(&test).map(Arc::clone)
    }

    async fn watched(&self, classroom: &Classroom, test: TestId) -> Result<Arc<Watched>, DbError> {
        if let Some(watched) = self.lock().get(&test) {
            return Ok(Arc::clone(watched));
        }
        let fresh = Arc::new(Watched { seen: Mutex::default(), news_here: Mutex::default(), news: broadcast::Sender::new(BEHIND) });
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

    /// This came to this server, and is on disk but for what was refused.
    pub(super) fn heard(&self, test: TestId, mut written: Written, saved: &Saved) {
        let (Some(at), Some(watched)) = (saved.heard_at, self.of(test)) else { return };
        written.at = at;
        written.answers.retain(|(sequence, _)| !saved.refused.iter().any(|refused| refused.sequence == *sequence));
        watched.here().written.push(written);
    }

    /// An attempt was begun, gone on with, handed in or marked at this server.
    pub(super) fn changed(&self, test: TestId, attempt: AttemptId) {
        if let Some(watched) = self.of(test) {
            watched.here().changed.push(attempt);
        }
    }

    /// Until when it is believed that no other server writes to this database.
    pub(super) fn alone_until(&self, until: Timestamp) {
        self.0.alone_until.store(until.0, Ordering::Relaxed);
    }

    fn is_alone(&self, now: Timestamp) -> bool {
        now.0 < self.0.alone_until.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TestId, Arc<Watched>>> {
        self.0.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    fn here(&self) -> MutexGuard<'_, Here> {
        self.news_here.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// What has changed, as it is now.
    fn touch(
        &mut self,
        rows: Vec<AttemptRow>,
        news: Vec<News>,
        events: &HashMap<AttemptId, Vec<EventCount>>,
    ) -> HashMap<Whose, BoardAttempt> {
        let mut touched: HashMap<Whose, BoardAttempt> = HashMap::new();
        for row in rows {
            let whose = (row.person_id, row.entrant_id);
            let known = self.newest.get(&whose).map(|known| &known.attempt);
            // An older attempt of hers that is marked now is not shown.
            if known.is_some_and(|known| known.number > row.number) {
                continue;
            }
            // What is counted follows: all of these were heard of.
            let events = known.filter(|known| known.id == row.id).map(|known| known.events.clone()).unwrap_or_default();
            touched.insert(whose, row.shown(Counts { events, ..Counts::default() }));
            self.whose.insert(row.id, whose);
        }
        for news in news {
            let Some(whose) = self.whose.get(&news.id).copied() else { continue };
            let Some(attempt) = touched.get(&whose).or_else(|| Some(&self.newest.get(&whose)?.attempt)) else { continue };
            if attempt.id != news.id {
                continue;
            }
            let attempt = BoardAttempt {
                heard_at: attempt.heard_at.max(news.heard_at),
                answered: self.answered.count(news.id, news.last).unwrap_or(attempt.answered),
                devices: news.devices.unwrap_or(attempt.devices),
                events: events.get(&news.id).unwrap_or(&attempt.events).clone(),
                ..attempt.clone()
            };
            touched.insert(whose, attempt);
        }
        touched
    }

    /// What the next look reads.
    fn reach(&mut self, is_alone: bool, changed: usize) -> Reach {
        self.looks += 1;
        // Until it is found among the watched nobody tells a board anything.
        let is_told = std::mem::replace(&mut self.is_told, is_alone && self.looked_at.is_some());
        let is_joined = is_told && !is_alone;
        let Some(at) = self.looked_at.filter(|_| self.looks < LOOK_AT_ALL && !is_joined) else {
            self.looks = 0;
            return Reach::Since(Timestamp(i64::MIN), Timestamp(i64::MIN));
        };
        if is_told && changed <= READ_ONE_BY_ONE { Reach::Here } else { Reach::Since(at.minus(REACH), at.minus(REACH_TO_SAVES)) }
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
            // What was done here meanwhile is forgotten, and so is why all was to be looked at.
            watched.lock().looks = LOOK_AT_ALL;
        }
    }
}

async fn look(classroom: &Classroom, test: TestId, watched: &Watched) -> Result<(), DbError> {
    let here = std::mem::take(&mut *watched.here());
    let now = classroom.env().now();
    let reach = {
        let mut seen = watched.lock();
        here.written.iter().for_each(|written| seen.answered.take_up(written));
        seen.reach(classroom.boards.is_alone(now), here.changed.len())
    };
    let mut tx = classroom.env().db.read().await?;
    let (rows, heard) = match reach {
        Reach::Since(since, saved_since) => looking::since(&mut tx, test, since, saved_since).await?,
        Reach::Here => looking::of(&mut tx, here.changed).await?,
    };
    let is_first = watched.lock().looked_at.is_none();
    let last = heard.iter().map(|heard| (heard.id, heard.last));
    let mut known = if is_first { answered::count(&mut tx, test, last).await? } else { HashMap::new() };
    let (news, eventful, unknown) = {
        let seen = watched.lock();
        let mut news: Vec<News> = heard.into_iter().map(|heard| News::read(&heard, &seen)).collect();
        let begun: HashSet<AttemptId> = rows.iter().map(|row| row.id).collect();
        // A board shows neither a teacher's trials nor rehearsals.
        let shown = here.written.iter().filter(|written| seen.whose.contains_key(&written.attempt) || begun.contains(&written.attempt));
        news.extend(shown.map(News::told));
        // At the bell nobody has answered yet.
        for news in news.iter().filter(|news| news.last == Some(0)) {
            known.entry(news.id).or_insert_with(answered::Known::nothing);
        }
        let is_unknown = |news: &&News| !known.contains_key(&news.id) && seen.answered.count(news.id, news.last).is_none();
        let eventful: BTreeSet<AttemptId> = news.iter().filter(|news| news.has_events).map(|news| news.id).collect();
        let unknown: BTreeSet<AttemptId> = news.iter().filter(is_unknown).map(|news| news.id).collect();
        (news, eventful, unknown)
    };
    let events = looking::events(&mut tx, &Vec::from_iter(eventful)).await?;
    known.extend(answered::read(&mut tx, &Vec::from_iter(unknown)).await?);
    drop(tx);

    let mut seen = watched.lock();
    seen.answered.put(known);
    let touched = seen.touch(rows, news, &events);
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
