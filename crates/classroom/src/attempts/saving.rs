//! Answers, on the way to the disk. The hottest path of the program: thousands of pupils, each answer
//! acknowledged only after the commit that holds it, many in one commit.

use std::collections::{HashMap, HashSet};

use content::sets::{GROUP, bind_group};
use db::{Batch, DbError, Query, WriteTx, sql};
use futures::future::BoxFuture;
use kernel::{AttemptId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// What a device sends of an attempt at once.
#[derive(Clone, Debug)]
pub(crate) struct Save {
    pub attempt: AttemptId,
    /// Number of the device in the attempt.
    pub device: i64,
    pub received_at: Timestamp,
    pub answers: Vec<NewAnswer>,
    pub events: Vec<NewEvent>,
}

/// An answer as it came; its response fits the item.
#[derive(Clone, Debug)]
pub(crate) struct NewAnswer {
    pub sequence: i64,
    pub item: i64,
    /// By the device's clock, corrected.
    pub made_at: Timestamp,
    pub response: String,
}

/// Something that happened around the test.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent {
    pub sequence: i64,
    pub kind: EventKind,
    pub at: Timestamp,
    pub detail: String,
}

kernel::words! {
    /// What a device tells of what happened around the test: hints for a person, nothing is decided by them.
    EventKind, "event of a test" {
        /// The page left the full screen.
        LeftFullScreen = "left_full_screen",
        /// Another window or app came to the front.
        LostFocus = "lost_focus",
        /// The page is in front again.
        BackInFocus = "back_in_focus",
        /// The camera or the list of pictures was open, for a photo of work.
        TookPhoto = "took_photo",
        /// Text was pasted into an answer.
        Pasted = "pasted",
        /// The line was lost for a while.
        WasOffline = "was_offline",
        /// The page was loaded again.
        Reloaded = "reloaded",
    }
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefusedBecause {
    /// It was made after the end.
    MadeTooLate,
    /// It came too long after the end.
    CameTooLate,
    /// The attempt has been handed in.
    HandedIn,
    /// A teacher has stopped the attempt for now.
    Locked,
    /// The attempt went on at another device before this was made.
    OtherDevice,
    /// Its sequence number was sent before with something else.
    SequenceReused,
    /// It does not fit what is asked.
    DoesNotFit,
}

/// An answer that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RefusedAnswer)]
pub struct Refused {
    /// As sent.
    pub sequence: i64,
    /// Why.
    pub because: RefusedBecause,
}

/// What became of a [`Save`].
#[derive(Clone, Debug)]
pub(crate) struct Saved {
    /// When the attempt is now said to have been heard of, unless it has ended.
    pub heard_at: Option<Timestamp>,
    /// When answering ends now; `None` when it never does.
    pub due_at: Option<Timestamp>,
    pub handed_in: bool,
    pub locked: bool,
    /// The attempt went on elsewhere.
    pub device_closed: bool,
    /// All others are on disk.
    pub refused: Vec<Refused>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Open {
    id: AttemptId,
    due_at: Option<Timestamp>,
    late_us: i64,
    locked_at: Option<Timestamp>,
    /// Devices it went on from elsewhere.
    closed: i64,
}

/// Writes saves of many attempts.
#[derive(Debug)]
pub(crate) struct Saves;

impl Batch for Saves {
    type Item = Save;
    type Reply = Saved;

    fn write<'a>(&'a self, tx: &'a mut WriteTx, items: &'a [Save]) -> BoxFuture<'a, Result<Vec<Saved>, DbError>> {
        Box::pin(write(tx, items))
    }
}

async fn write(tx: &mut WriteTx, saves: &[Save]) -> Result<Vec<Saved>, DbError> {
    let mut attempts: Vec<AttemptId> = saves.iter().map(|save| save.attempt).collect();
    // In one order, or two servers that save the same attempts wait for each other.
    attempts.sort_unstable();
    attempts.dedup();
    let now = saves.iter().map(|save| save.received_at).max().unwrap_or(Timestamp(0));
    let open = touch(tx, &attempts, now).await?;
    // Most sit at one device to the end.
    attempts.retain(|attempt| open.get(attempt).is_none_or(|open| open.closed > 0));
    let closed = closed_devices(tx, &attempts).await?;

    let mut rows: HashMap<Key, &NewAnswer> = HashMap::new();
    let mut order: Vec<(Key, Timestamp)> = Vec::new();
    let mut replies = Vec::with_capacity(saves.len());
    for save in saves {
        let attempt = open.get(&save.attempt);
        let device_closed = closed.get(&(save.attempt, save.device)).copied();
        let mut refused = Vec::new();
        for answer in &save.answers {
            let key = Key { attempt: save.attempt, device: save.device, sequence: answer.sequence };
            let because = refusal(attempt, device_closed, save, answer).or_else(|| match rows.get(&key) {
                Some(known) if known.same(answer) => None,
                Some(_) => Some(RefusedBecause::SequenceReused),
                None => {
                    rows.insert(key, answer);
                    order.push((key, save.received_at));
                    None
                }
            });
            let Some(because) = because else { continue };
            // Sent again, since the first answer of the server was lost: it is on disk all the same.
            if !is_stored(tx, key, answer).await? {
                refused.push(Refused { sequence: answer.sequence, because });
            }
        }
        replies.push(Saved {
            heard_at: attempt.map(|_| now),
            due_at: attempt.and_then(|open| open.due_at),
            handed_in: attempt.is_none(),
            locked: attempt.is_some_and(|open| open.locked_at.is_some()),
            device_closed: device_closed.is_some(),
            refused,
        });
    }
    let reused = insert(tx, &rows, &order).await?;
    if !reused.is_empty() {
        for (save, reply) in saves.iter().zip(&mut replies) {
            for answer in &save.answers {
                let key = Key { attempt: save.attempt, device: save.device, sequence: answer.sequence };
                if reused.contains(&key) && !reply.refused.iter().any(|refused| refused.sequence == answer.sequence) {
                    reply.refused.push(Refused { sequence: answer.sequence, because: RefusedBecause::SequenceReused });
                }
            }
        }
    }
    for save in saves.iter().filter(|save| open.contains_key(&save.attempt)) {
        for event in &save.events {
            insert_event(tx, save, event).await?;
        }
    }
    Ok(replies)
}

fn refusal(open: Option<&Open>, device_closed: Option<Timestamp>, save: &Save, answer: &NewAnswer) -> Option<RefusedBecause> {
    let Some(open) = open else { return Some(RefusedBecause::HandedIn) };
    if open.locked_at.is_some_and(|locked| answer.made_at > locked) {
        return Some(RefusedBecause::Locked);
    }
    if device_closed.is_some_and(|closed| answer.made_at > closed) {
        return Some(RefusedBecause::OtherDevice);
    }
    let due_at = open.due_at?;
    if answer.made_at > due_at {
        return Some(RefusedBecause::MadeTooLate);
    }
    (save.received_at.0 > due_at.0.saturating_add(open.late_us)).then_some(RefusedBecause::CameTooLate)
}

/// Notes when open attempts were last heard of, and reads what they may still do. The rows are held to the
/// commit: nobody hands in meanwhile, so what is acknowledged is also what is marked.
async fn touch(tx: &mut WriteTx, attempts: &[AttemptId], now: Timestamp) -> Result<HashMap<AttemptId, Open>, DbError> {
    let mut open = HashMap::with_capacity(attempts.len());
    for group in attempts.chunks(GROUP) {
        let rows: Vec<Open> = bind_group(
            sql!(
                "UPDATE attempt SET saved_at = $33
                 WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                   AND state = 'open'
                 RETURNING id, due_at, late_us, locked_at,
                           (SELECT COUNT(*) FROM attempt_device d WHERE d.attempt_id = attempt.id AND d.closed_at IS NOT NULL) AS closed"
            ),
            group,
        )
        .bind(now)
        .fetch_all(tx)
        .await?;
        open.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(open)
}

async fn closed_devices(tx: &mut WriteTx, attempts: &[AttemptId]) -> Result<HashMap<(AttemptId, i64), Timestamp>, DbError> {
    let mut closed = HashMap::new();
    for group in attempts.chunks(GROUP) {
        let rows: Vec<(AttemptId, i64, Timestamp)> = bind_group(
            sql!(
                "SELECT attempt_id, number, closed_at FROM attempt_device
                 WHERE attempt_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                   AND closed_at IS NOT NULL"
            ),
            group,
        )
        .fetch_all(tx)
        .await?;
        closed.extend(rows.into_iter().map(|(attempt, number, at)| ((attempt, number), at)));
    }
    Ok(closed)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    attempt: AttemptId,
    device: i64,
    sequence: i64,
}

impl NewAnswer {
    fn same(&self, other: &Self) -> bool {
        self.item == other.item && self.response == other.response
    }
}

/// Answers of one statement: a few more than come together while a school of 5,000 sits a test.
const ROWS: usize = 24;

/// Writes answers that are not there yet. Tells those whose number stands for something else.
async fn insert(tx: &mut WriteTx, rows: &HashMap<Key, &NewAnswer>, order: &[(Key, Timestamp)]) -> Result<HashSet<Key>, DbError> {
    let mut reused = HashSet::new();
    for group in order.chunks(ROWS) {
        let mut query = sql!(
            "INSERT INTO attempt_answer (attempt_id, device, sequence, item, made_at, received_at, response) VALUES
             ($1, $2, $3, $4, $5, $6, $7),
             ($8, $9, $10, $11, $12, $13, $14),
             ($15, $16, $17, $18, $19, $20, $21),
             ($22, $23, $24, $25, $26, $27, $28),
             ($29, $30, $31, $32, $33, $34, $35),
             ($36, $37, $38, $39, $40, $41, $42),
             ($43, $44, $45, $46, $47, $48, $49),
             ($50, $51, $52, $53, $54, $55, $56),
             ($57, $58, $59, $60, $61, $62, $63),
             ($64, $65, $66, $67, $68, $69, $70),
             ($71, $72, $73, $74, $75, $76, $77),
             ($78, $79, $80, $81, $82, $83, $84),
             ($85, $86, $87, $88, $89, $90, $91),
             ($92, $93, $94, $95, $96, $97, $98),
             ($99, $100, $101, $102, $103, $104, $105),
             ($106, $107, $108, $109, $110, $111, $112),
             ($113, $114, $115, $116, $117, $118, $119),
             ($120, $121, $122, $123, $124, $125, $126),
             ($127, $128, $129, $130, $131, $132, $133),
             ($134, $135, $136, $137, $138, $139, $140),
             ($141, $142, $143, $144, $145, $146, $147),
             ($148, $149, $150, $151, $152, $153, $154),
             ($155, $156, $157, $158, $159, $160, $161),
             ($162, $163, $164, $165, $166, $167, $168)
             ON CONFLICT (attempt_id, device, sequence) DO NOTHING"
        );
        // A short group names its last row again, which is then there already.
        for at in 0..ROWS {
            let Some((key, received_at)) = group.get(at).or(group.last()) else { continue };
            let Some(answer) = rows.get(key) else { continue };
            query = bind_answer(query, *key, answer, *received_at);
        }
        // How many is one message from the database's thread; which, one for each. Hardly any was there before.
        if query.execute(tx).await? == group.len() as u64 {
            continue;
        }
        for (key, _) in group {
            let Some(answer) = rows.get(key) else { continue };
            if !is_stored(tx, *key, answer).await? {
                reused.insert(*key);
            }
        }
    }
    Ok(reused)
}

fn bind_answer(query: Query, key: Key, answer: &NewAnswer, received_at: Timestamp) -> Query {
    query
        .bind(key.attempt)
        .bind(key.device)
        .bind(key.sequence)
        .bind(answer.item)
        .bind(answer.made_at)
        .bind(received_at)
        .bind(&answer.response)
}

/// Sent twice: the same is good, anything else is not what was acknowledged.
async fn is_stored(tx: &mut WriteTx, key: Key, answer: &NewAnswer) -> Result<bool, DbError> {
    let found: Option<(i64, String)> =
        sql!("SELECT item, response FROM attempt_answer WHERE attempt_id = $1 AND device = $2 AND sequence = $3")
            .bind(key.attempt)
            .bind(key.device)
            .bind(key.sequence)
            .fetch_optional(tx)
            .await?;
    Ok(found.is_some_and(|(item, response)| item == answer.item && response == answer.response))
}

async fn insert_event(tx: &mut WriteTx, save: &Save, event: &NewEvent) -> Result<(), DbError> {
    sql!(
        "INSERT INTO attempt_event (attempt_id, device, sequence, kind, at, detail) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (attempt_id, device, sequence) DO NOTHING"
    )
    .bind(save.attempt)
    .bind(save.device)
    .bind(event.sequence)
    .bind(event.kind.as_str())
    .bind(event.at)
    .bind(&event.detail)
    .execute(tx)
    .await?;
    Ok(())
}
