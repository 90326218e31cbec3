//! Browsers in an attempt. Each has a secret of its own, so that saving asks neither for a session nor for
//! an account.

use std::sync::Arc;
use std::time::Duration;

use db::{DbError, WriteTx, sql};
use kernel::{AttemptId, Secret, SecretHash, TestId, TestPaperId, Timestamp};
use moka::sync::Cache;

use super::AttemptError;
use crate::Classroom;

/// How long what is known of a device is believed. What may change meanwhile (the end, a lock, the device
/// itself) is asked of the database with every save; this only bounds how long a locked account goes on.
const KEPT: Duration = Duration::from_secs(300);
/// Most devices kept.
const MOST: u64 = 200_000;

/// A device's secret.
#[derive(Clone, Debug)]
pub struct Token(Secret);

impl Token {
    /// As it came.
    pub fn from_client(text: impl Into<String>) -> Self {
        Self(Secret::from_client(text))
    }

    pub(crate) fn random() -> Result<Self, AttemptError> {
        Secret::random().map(Self).map_err(|_| crate::tests::TestError::Seal.into())
    }

    pub(crate) fn hash(&self) -> SecretHash {
        self.0.hash()
    }

    /// The text, for the device that may have it.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// What a device belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DeviceCard {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// Its number in the attempt, from 1.
    pub number: i64,
    /// The test.
    pub test_id: TestId,
    /// What is sat.
    pub paper_id: TestPaperId,
    /// The server's clock minus the device's, in microseconds.
    pub clock_offset: i64,
}

/// Devices known to this process: a copy of rows that do not change.
#[derive(Clone, Debug)]
pub struct Devices(Cache<String, Arc<DeviceCard>>);

impl Default for Devices {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(KEPT).build())
    }
}

impl Devices {
    /// A device that has just been opened: its first save need not look for it.
    pub(super) fn opened(&self, token: &Token, card: DeviceCard) {
        self.0.insert(token.hash().0, Arc::new(card));
    }
}

/// The device of a secret.
pub(crate) async fn get(classroom: &Classroom, token: &Token) -> Result<Arc<DeviceCard>, AttemptError> {
    let hash = token.hash().0;
    if let Some(card) = classroom.devices.0.get(&hash) {
        return Ok(card);
    }
    let mut tx = classroom.env().db.glance().await?;
    let card: Option<DeviceCard> = sql!(
        "SELECT d.attempt_id, d.number, a.test_id, a.paper_id, d.clock_offset FROM attempt_device d JOIN attempt a ON a.id = d.attempt_id
         LEFT JOIN person p ON p.id = a.person_id
         WHERE d.token_hash = $1 AND COALESCE(p.state, 'active') = 'active'"
    )
    .bind(&hash)
    .fetch_optional(&mut tx)
    .await?;
    let card = Arc::new(card.ok_or(AttemptError::NoDevice)?);
    classroom.devices.0.insert(hash, Arc::clone(&card));
    Ok(card)
}

/// A browser that opens an attempt.
#[derive(Clone, Debug)]
pub(super) struct NewDevice {
    pub user_agent: String,
    pub address: String,
    /// The device's clock when it asked.
    pub sent_at: Timestamp,
}

/// Adds a device to an attempt; those beyond the allowed number are closed, the oldest first. What they
/// answered before still counts when it comes.
pub(super) async fn open(
    tx: &mut WriteTx,
    attempt: AttemptId,
    token: &Token,
    new: &NewDevice,
    now: Timestamp,
    allowed: u32,
) -> Result<i64, DbError> {
    // Two that open at once get two numbers.
    sql!("UPDATE attempt SET saved_at = $2 WHERE id = $1").bind(attempt).bind(now).execute(tx).await?;
    let (last,): (i64,) = sql!("SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM attempt_device WHERE attempt_id = $1")
        .bind(attempt)
        .fetch_one(tx)
        .await?;
    let number = last + 1;
    add(tx, attempt, number, token, new, now).await?;
    sql!("UPDATE attempt_device SET closed_at = $3 WHERE attempt_id = $1 AND number <= $2 AND closed_at IS NULL")
        .bind(attempt)
        .bind(number - i64::from(allowed))
        .bind(now)
        .execute(tx)
        .await?;
    Ok(number)
}

/// Adds the device of a number that is free.
pub(super) async fn add(
    tx: &mut WriteTx,
    attempt: AttemptId,
    number: i64,
    token: &Token,
    new: &NewDevice,
    now: Timestamp,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO attempt_device (attempt_id, number, token_hash, user_agent, address, opened_at, clock_offset)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(attempt)
    .bind(number)
    .bind(token.hash())
    .bind(cut(&new.user_agent))
    .bind(cut(&new.address))
    .bind(now)
    .bind(now.0.saturating_sub(new.sent_at.0))
    .execute(tx)
    .await?;
    Ok(())
}

fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}
