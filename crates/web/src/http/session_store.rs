//! tower-sessions on our two engines. The cookie's secret is stored only as its hash.

use std::collections::HashMap;

use async_trait::async_trait;
use db::{Env, sql};
use kernel::{DeviceId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use uuid::Uuid;

use crate::app::Sessions;

/// Keys of what we keep in a session.
pub mod keys {
    /// The signed-in person's id.
    pub const PERSON: &str = "person_id";
    /// The browser, as it named itself at sign-in.
    pub const USER_AGENT: &str = "user_agent";
    /// The address it signed in from.
    pub const ADDRESS: &str = "address";
    /// How whoever is signed in stands: a [`super::Standing`], read with the session and never kept in it.
    pub const STANDING: &str = "standing";
}

/// How somebody stands who is signed in: read with every session, so that each request asks the database once.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Standing {
    /// Who; nobody who is locked or erased has one.
    pub person: PersonId,
    /// The device that is signed in.
    pub device: DeviceId,
    /// When the session was written last.
    pub last_seen_at: Timestamp,
    /// Whether she has to choose a password of her own first.
    pub must_change: bool,
}

/// The session table.
#[derive(Clone, Debug)]
pub struct DbSessions {
    env: Env,
}

impl DbSessions {
    /// Over a database.
    pub fn new(env: Env) -> Self {
        Self { env }
    }
}

/// What is stored of a session's secret id.
pub fn id_hash(id: Id) -> String {
    hex::encode(Sha256::digest(id.0.to_be_bytes()))
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

/// How long a session lives from now, unless it is used.
fn expires(env: &Env) -> Timestamp {
    env.now().plus(std::time::Duration::from_secs(Sessions::IDLE_DAYS.unsigned_abs() * 86_400))
}

impl DbSessions {
    async fn insert(&self, record: &Record) -> std::result::Result<(), db::DbError> {
        let now = self.env.now();
        let mut tx = self.env.db.write().await?;
        sql!(
            "INSERT INTO session (id_hash, public_id, person_id, data, user_agent, address, created_at, last_seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)"
        )
        .bind(id_hash(record.id))
        .bind(self.env.ids.make::<DeviceId>())
        .bind(Uuid::parse_str(&text(record, keys::PERSON)).ok())
        .bind(kept(record)?)
        .bind(text(record, keys::USER_AGENT))
        .bind(text(record, keys::ADDRESS))
        .bind(now)
        .bind(expires(&self.env))
        .execute(&mut tx)
        .await?;
        tx.commit().await
    }

    /// Only a session that is still there: one that was signed out meanwhile must not come back.
    async fn update(&self, record: &Record) -> std::result::Result<(), db::DbError> {
        let mut tx = self.env.db.write().await?;
        sql!("UPDATE session SET person_id = $2, data = $3, last_seen_at = $4, expires_at = $5 WHERE id_hash = $1")
            .bind(id_hash(record.id))
            .bind(Uuid::parse_str(&text(record, keys::PERSON)).ok())
            .bind(kept(record)?)
            .bind(self.env.now())
            .bind(expires(&self.env))
            .execute(&mut tx)
            .await?;
        tx.commit().await
    }
}

/// What is kept of a session.
fn kept(record: &Record) -> serde_json::Result<String> {
    let mut data = record.data.clone();
    data.remove(keys::STANDING);
    serde_json::to_string(&data)
}

fn text(record: &Record, key: &str) -> String {
    record.data.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

#[async_trait]
impl SessionStore for DbSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits: a collision is not a case worth a loop; it fails on the primary key.
        self.insert(record).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.update(record).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut tx = self.env.db.glance().await.map_err(backend)?;
        let row: Option<(String, i64, Option<PersonId>, DeviceId, Timestamp, Option<bool>)> = sql!(
            "SELECT s.data, s.expires_at, p.id, s.public_id, s.last_seen_at, c.must_change
             FROM session s LEFT JOIN person p ON p.id = s.person_id AND p.state = 'active' LEFT JOIN credential c ON c.person_id = p.id
             WHERE s.id_hash = $1 AND s.expires_at > $2"
        )
        .bind(id_hash(*id))
        .bind(self.env.now())
        .fetch_optional(&mut tx)
        .await
        .map_err(backend)?;
        let Some((data, expires_at, person, device, last_seen_at, must_change)) = row else { return Ok(None) };
        let decode = |error: serde_json::Error| Error::Decode(error.to_string());
        let mut data: HashMap<String, Value> = serde_json::from_str(&data).map_err(decode)?;
        if let Some(person) = person {
            let standing = Standing { person, device, last_seen_at, must_change: must_change.unwrap_or(false) };
            data.insert(keys::STANDING.to_owned(), serde_json::to_value(standing).map_err(decode)?);
        }
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires_at) * 1000).map_err(backend)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.env.db.write().await.map_err(backend)?;
        sql!("DELETE FROM session WHERE id_hash = $1").bind(id_hash(*id)).execute(&mut tx).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}
