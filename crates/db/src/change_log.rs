use kernel::Timestamp;
use uuid::Uuid;

use crate::connect::{Conn, WriteTx};
use crate::error::DbError;
use crate::sql;

/// Rows of one INSERT.
const GROUP: usize = 8;

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// A lesson was published, changed in what search shows, withdrawn or deleted.
    Lesson,
    /// A question was written, moved, lent or deleted.
    Question,
}

impl EntityKind {
    /// Its word in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lesson => "lesson",
            Self::Question => "question",
        }
    }
}

/// One entry of the change log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Change {
    /// Its number, in commit order. Entries that a newer one has made needless are taken out later.
    pub seq: i64,
    /// The word of an [`EntityKind`].
    pub entity_kind: String,
    /// What changed; whoever reads the log looks up the present state.
    pub entity_id: Uuid,
}

/// Records that something search shows has changed, in the transaction that changes it.
/// Takes the counter's lock until commit, so call it last.
///
/// # Errors
/// [`DbError`].
pub async fn record(tx: &mut WriteTx, kind: EntityKind, ids: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    let count = ids.len() as i64;
    let (last,): (i64,) =
        sql!("UPDATE change_counter SET value = value + $1 WHERE id = 1 RETURNING value").bind(count).fetch_one(tx).await?;
    let mut seq = last - count + 1;
    // Eight rows a statement: on PostgreSQL each statement is a round trip, and an import has thousands.
    let mut groups = ids.chunks_exact(GROUP);
    for group in groups.by_ref() {
        let mut insert = sql!(
            "INSERT INTO change_log (entity_kind, at, seq, entity_id) VALUES
             ($1, $2, $3, $4), ($1, $2, $5, $6), ($1, $2, $7, $8), ($1, $2, $9, $10),
             ($1, $2, $11, $12), ($1, $2, $13, $14), ($1, $2, $15, $16), ($1, $2, $17, $18)"
        )
        .bind(kind.as_str())
        .bind(now);
        for id in group {
            insert = insert.bind(seq).bind(*id);
            seq += 1;
        }
        insert.execute(tx).await?;
    }
    for id in groups.remainder() {
        sql!("INSERT INTO change_log (entity_kind, at, seq, entity_id) VALUES ($1, $2, $3, $4)")
            .bind(kind.as_str())
            .bind(now)
            .bind(seq)
            .bind(*id)
            .execute(tx)
            .await?;
        seq += 1;
    }
    Ok(())
}

/// The number of the newest change, 0 when there is none.
///
/// # Errors
/// [`DbError`].
pub async fn latest(conn: &mut Conn) -> Result<i64, DbError> {
    let (value,): (i64,) = sql!("SELECT value FROM change_counter WHERE id = 1").fetch_one(conn).await?;
    Ok(value)
}

/// The next changes after a cursor, oldest first.
///
/// # Errors
/// [`DbError`].
pub async fn list_after(conn: &mut Conn, cursor: i64, limit: i64) -> Result<Vec<Change>, DbError> {
    sql!("SELECT seq, entity_kind, entity_id FROM change_log WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(cursor)
        .bind(limit)
        .fetch_all(conn)
        .await
}
