//! Photos of what was worked out on paper. An answer that is saved names them by their bytes, and with that is
//! settled what they show: the bytes may come when the line allows, also after the bell. What a pupil sent is
//! shown to others only as the child process drew it anew.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use content::assets::picture_of;
use content::processing::{KeepError, Kept, garbage, keep_stream, process_photo};
use content::uploads::ReceiveBody;
use db::{Conn, DbError, WriteTx, sql};
use exchange::kind::FileKind;
use futures::StreamExt as _;
use kernel::{AttemptId, BlobId, OrganisationId, TestId, Timestamp};
use scoring::Response;
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::files::{OpenedFile, open};
use super::{AttemptError, Token, device};
use crate::Classroom;

/// Most bytes of a photo: a page as a telephone makes it, after the browser has made it smaller.
pub const LARGEST_PHOTO: u64 = 6 << 20;
/// Most photos of an attempt, counting those that were taken back.
const MOST_OF_ATTEMPT: i64 = 200;
/// Photos that come at once; whoever else sends one waits on her line.
const AT_ONCE: usize = 48;
/// Photos of an attempt that come or wait at once. A page sends one after another, from each of her devices.
const AT_ONCE_OF_ATTEMPT: usize = 3;
/// So long a photo may take to come, as a browser waits for it too. A line that only now and then lets a byte
/// through would else keep the place of a photo of somebody else for ever.
const PATIENCE: Duration = Duration::from_secs(180);

/// Whose turn it is to send a photo: at the end of a test all send theirs.
#[derive(Clone, Debug)]
pub(crate) struct PhotoDoor {
    places: Arc<Semaphore>,
    /// How many of each attempt have come to the door.
    here: Arc<Mutex<HashMap<AttemptId, usize>>>,
}

impl Default for PhotoDoor {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), here: Arc::default() }
    }
}

impl PhotoDoor {
    /// Comes to the door, unless as many of the attempt are there as may be.
    fn come(&self, attempt: AttemptId) -> Result<AtDoor, PhotoError> {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let of_attempt = here.entry(attempt).or_default();
        if *of_attempt >= AT_ONCE_OF_ATTEMPT {
            return Err(PhotoError::Busy);
        }
        *of_attempt += 1;
        Ok(AtDoor { here: Arc::clone(&self.here), attempt })
    }
}

/// A photo that comes, or waits until it may.
struct AtDoor {
    here: Arc<Mutex<HashMap<AttemptId, usize>>>,
    attempt: AttemptId,
}

impl Drop for AtDoor {
    fn drop(&mut self) {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_attempt) = here.get_mut(&self.attempt) {
            *of_attempt -= 1;
            if *of_attempt == 0 {
                here.remove(&self.attempt);
            }
        }
    }
}

/// What comes over a line, if it comes in time.
async fn in_time<T, E: Into<PhotoError>>(patience: Duration, coming: impl Future<Output = Result<T, E>>) -> Result<T, PhotoError> {
    tokio::time::timeout(patience, coming).await.map_err(|_| PhotoError::TooSlow)?.map_err(Into::into)
}

/// Why a photo was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The device's secret, the database, or what is asked.
    #[error(transparent)]
    Attempt(#[from] AttemptError),
    /// It could not be kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// No answer of the attempt that is saved names it.
    #[error("no answer names it")]
    NotNamed,
    /// Its bytes are others than those that were named.
    #[error("other bytes than named")]
    OtherBytes,
    /// It is no JPEG, PNG or WebP.
    #[error("no photo")]
    NotPhoto,
    /// The attempt has more photos than anybody needs.
    #[error("too many photos")]
    TooMany,
    /// The server's disk has no room for it now.
    #[error("the disk is full")]
    DiskFull,
    /// Others of the same attempt are on their way.
    #[error("others of the attempt are on their way")]
    Busy,
    /// It did not come in time.
    #[error("it did not come in time")]
    TooSlow,
}

impl From<DbError> for PhotoError {
    fn from(error: DbError) -> Self {
        Self::Attempt(error.into())
    }
}

/// How a photo stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttemptPhotoState)]
pub enum PhotoState {
    /// It is being drawn anew.
    Checking,
    /// It can be seen.
    Ready,
    /// It cannot be read as a picture.
    Unreadable,
}

/// A photo that has come. One that an answer names and that is not here has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AttemptPhoto)]
pub struct Photo {
    /// As the answer names it.
    pub name: String,
    /// How it stands.
    pub state: PhotoState,
    /// Width in pixels, once it can be seen.
    pub width: Option<i64>,
    /// Height in pixels.
    pub height: Option<i64>,
    /// When it came.
    pub received_at: Timestamp,
}

/// Takes a photo that a saved answer of the device's attempt names. Done again it changes nothing; it may come
/// after the attempt was handed in, since the answer said what it would be. Answered when it is on disk.
///
/// An answer is never refused for want of space: it is counted where the test is given, whatever the limit there.
///
/// # Errors
/// [`PhotoError`].
pub async fn keep_photo(classroom: &Classroom, token: &Token, name: &str, body: ReceiveBody) -> Result<(), PhotoError> {
    let card = device::get(classroom, token).await?;
    let content = &classroom.questions.content;
    let mut tx = content.env.db.read().await?;
    let known = is_kept(&mut tx, card.attempt_id, name).await?;
    let wanted = if known { Ok(()) } else { named(&mut tx, card.attempt_id, name).await };
    drop(tx);
    let _here = classroom.photo_door.come(card.attempt_id)?;
    if known || wanted.is_err() {
        in_time(PATIENCE, pass_over(body)).await?;
        return wanted;
    }
    // Nobody closes this semaphore.
    let _turn = classroom.photo_door.places.acquire().await.map_err(|_| PhotoError::DiskFull)?;
    let needed = LARGEST_PHOTO.saturating_add(content.limits.reserve_bytes);
    if content.blobs.free_bytes().map_err(|error| KeepError::Store(error.into()))?.is_some_and(|free| free < needed) {
        return Err(PhotoError::DiskFull);
    }
    let kept = in_time(PATIENCE, keep_stream(content, body, LARGEST_PHOTO)).await?;
    if kept.sha256 != name {
        return Err(PhotoError::OtherBytes);
    }
    if !matches!(kept.kind, FileKind::Jpeg | FileKind::Png | FileKind::Webp) {
        return Err(PhotoError::NotPhoto);
    }
    let mut tx = content.env.db.write().await?;
    record(&mut tx, classroom, card.attempt_id, &kept).await?;
    tx.commit().await?;
    Ok(())
}

/// Hears a photo to its end. A browser that is answered while it still speaks finds its line broken, and would send
/// what is here already again and again.
async fn pass_over(mut body: ReceiveBody) -> Result<(), KeepError> {
    let mut size = 0;
    while let Some(bytes) = body.next().await {
        size += bytes.map_err(|_| KeepError::Broken)?.len() as u64;
        if size > LARGEST_PHOTO {
            break;
        }
    }
    Ok(())
}

async fn is_kept(conn: &mut Conn, attempt: AttemptId, name: &str) -> Result<bool, DbError> {
    let found: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM attempt_photo WHERE attempt_id = $1 AND sha256 = $2")
        .bind(attempt)
        .bind(name)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Whether an answer on disk names a photo, be it one that was taken back later.
async fn named(conn: &mut Conn, attempt: AttemptId, name: &str) -> Result<(), PhotoError> {
    if !scoring::is_photo_name(name) {
        return Err(PhotoError::NotNamed);
    }
    // With its quotes, which a text that speaks of it has not: the first that is found is one that names it, and
    // thousands of long answers are not read for it.
    let answers: Vec<(String,)> = sql!("SELECT response FROM attempt_answer WHERE attempt_id = $1 AND response LIKE $2 LIMIT 8")
        .bind(attempt)
        .bind(format!("%\"{name}\"%"))
        .fetch_all(conn)
        .await?;
    let names = |(response,): &(String,)| {
        serde_json::from_str::<Response>(response).is_ok_and(|said| said.photos().iter().any(|photo| photo == name))
    };
    if !answers.iter().any(names) {
        return Err(PhotoError::NotNamed);
    }
    let (count,): (i64,) = sql!("SELECT COUNT(*) FROM attempt_photo WHERE attempt_id = $1").bind(attempt).fetch_one(conn).await?;
    if count < MOST_OF_ATTEMPT { Ok(()) } else { Err(PhotoError::TooMany) }
}

async fn record(tx: &mut WriteTx, classroom: &Classroom, attempt: AttemptId, kept: &Kept) -> Result<(), PhotoError> {
    let content = &classroom.questions.content;
    let (blob, _) = kept.record(tx, content).await.map_err(KeepError::from)?;
    let (place, kind): (OrganisationId, String) =
        sql!("SELECT t.organisation_id, a.kind FROM attempt a JOIN test t ON t.id = a.test_id WHERE a.id = $1")
            .bind(attempt)
            .fetch_one(tx)
            .await?;
    // What is tried or rehearsed is gone soon, and takes nobody's space.
    let organisation = (kind == "real").then_some(place);
    let new = sql!(
        "INSERT INTO attempt_photo (attempt_id, sha256, blob_id, size, organisation_id, received_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (attempt_id, sha256) DO NOTHING"
    )
    .bind(attempt)
    .bind(&kept.sha256)
    .bind(blob)
    .bind(kept.size)
    .bind(organisation)
    .bind(content.env.now())
    .execute(tx)
    .await?;
    if new == 1
        && let Some(organisation) = organisation
    {
        sql!("UPDATE organisation SET used_bytes = used_bytes + $2 WHERE id = $1").bind(organisation).bind(kept.size).execute(tx).await?;
    }
    // Nobody looks at what a rehearsal sends.
    if kind != "rehearsal" {
        process_photo(tx, &content.env, blob).await?;
    }
    Ok(())
}

/// A photo of the device's own attempt, as it was sent: for the pupil who goes on at another device.
///
/// # Errors
/// [`AttemptError`].
pub async fn own_photo(classroom: &Classroom, token: &Token, name: &str) -> Result<OpenedFile, AttemptError> {
    let card = device::get(classroom, token).await?;
    let mut tx = classroom.env().db.read().await?;
    let found: Option<(String, String)> =
        sql!("SELECT b.mime, b.object_key FROM attempt_photo p JOIN blob b ON b.id = p.blob_id WHERE p.attempt_id = $1 AND p.sha256 = $2")
            .bind(card.attempt_id)
            .bind(name)
            .fetch_optional(&mut tx)
            .await?;
    drop(tx);
    open(classroom, found).await
}

/// Media type and object of what was drawn of a photo.
pub(super) async fn drawn(conn: &mut Conn, attempt: AttemptId, name: &str, pixels: u32) -> Result<Option<(String, String)>, DbError> {
    let blob: Option<(BlobId,)> = sql!(
        "SELECT p.blob_id FROM attempt_photo p JOIN media m ON m.blob_id = p.blob_id
         WHERE p.attempt_id = $1 AND p.sha256 = $2 AND m.state = 'ready'"
    )
    .bind(attempt)
    .bind(name)
    .fetch_optional(conn)
    .await?;
    let Some((blob,)) = blob else { return Ok(None) };
    Ok(picture_of(conn, blob, pixels).await?.map(|target| (target.mime, target.object_key)))
}

#[derive(sqlx::FromRow)]
struct Row {
    sha256: String,
    received_at: Timestamp,
    state: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
}

/// The photos of an attempt that have come.
pub(super) async fn of_attempt(conn: &mut Conn, attempt: AttemptId) -> Result<Vec<Photo>, DbError> {
    let rows: Vec<Row> = sql!(
        "SELECT p.sha256, p.received_at, m.state, m.width, m.height FROM attempt_photo p LEFT JOIN media m ON m.blob_id = p.blob_id
         WHERE p.attempt_id = $1 ORDER BY p.received_at, p.sha256"
    )
    .bind(attempt)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Photo {
            name: row.sha256,
            state: match row.state.as_deref() {
                Some("ready") => PhotoState::Ready,
                Some("failed") => PhotoState::Unreadable,
                _ => PhotoState::Checking,
            },
            width: row.width,
            height: row.height,
            received_at: row.received_at,
        })
        .collect())
}

/// Nothing of ours will name the photos of attempts of a kind that are about to be taken away: their bytes go with
/// the next round of tidying, unless something else has the same. Thousands of a rehearsal would fill a small disk.
pub(crate) async fn let_go(tx: &mut WriteTx, now: Timestamp, test: TestId, kind: &str) -> Result<(), DbError> {
    sql!(
        "UPDATE blob SET unreferenced_at = $3 WHERE id IN (
           SELECT p.blob_id FROM attempt_photo p JOIN attempt a ON a.id = p.attempt_id WHERE a.test_id = $1 AND a.kind = $2)"
    )
    .bind(test)
    .bind(kind)
    .bind(now.minus(garbage::GRACE))
    .execute(tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_photo_that_does_not_come_to_its_end_gives_its_place_back() {
        let never = std::future::pending::<Result<(), PhotoError>>();
        assert!(matches!(in_time(Duration::ZERO, never).await, Err(PhotoError::TooSlow)));
    }
}
