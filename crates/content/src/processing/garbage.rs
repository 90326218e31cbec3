//! Objects that nothing needs. An object is named in `object_garbage` in the transaction that stops
//! needing it (or, for one being written, before it is written) and deleted only after that commit.
//! Keys are never used twice, so a late deletion cannot hit a newer object.

use std::time::Duration;

use blobs::{BlobError, Blobs};
use db::{DbError, Env, WriteTx, sql};
use kernel::{BlobId, Timestamp, UploadId};
use uuid::Uuid;

use crate::Content;

/// How long bytes stay after the last file that had them was deleted.
pub const GRACE: Duration = Duration::from_secs(24 * 3600);
/// When deletion of what could not be deleted is tried again.
const AGAIN: Duration = Duration::from_secs(15 * 60);
/// Writers that are still at work on a part when an upload ends are done after so long.
const SETTLING: Duration = Duration::from_secs(15 * 60);
/// Finished jobs are kept so long, for whoever looks for what happened.
const JOBS_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// Why collecting stopped; the next time goes on.
#[derive(Debug, thiserror::Error)]
pub enum GarbageError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The store.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// Something could not be deleted; everything else was.
    #[error("could not be deleted: {0}")]
    Left(String),
}

async fn throw(tx: &mut WriteTx, id: Uuid, kind: &str, key: &str, after: Timestamp) -> Result<(), DbError> {
    sql!("INSERT INTO object_garbage (id, kind, object_key, delete_after) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(kind)
        .bind(key)
        .bind(after)
        .execute(tx)
        .await?;
    Ok(())
}

/// Has one object deleted after an instant. The id takes it back: see [`keep`].
///
/// # Errors
/// [`DbError`].
pub async fn throw_key(tx: &mut WriteTx, env: &Env, key: &str, after: Timestamp) -> Result<Uuid, DbError> {
    let id: Uuid = env.ids.make();
    throw(tx, id, "key", key, after).await?;
    Ok(id)
}

/// Has everything below a prefix deleted after an instant.
///
/// # Errors
/// [`DbError`].
pub async fn throw_prefix(tx: &mut WriteTx, env: &Env, prefix: &str, after: Timestamp) -> Result<(), DbError> {
    throw(tx, env.ids.make(), "prefix", prefix, after).await
}

/// Has the parts of an upload deleted: now, and again later, since a writer may be in the middle of one.
///
/// # Errors
/// [`DbError`].
pub async fn throw_parts(tx: &mut WriteTx, env: &Env, upload: UploadId) -> Result<(), DbError> {
    sql!("DELETE FROM upload_part WHERE upload_id = $1").bind(upload).execute(tx).await?;
    let (prefix, now) = (format!("uploads/{upload}"), env.now());
    throw_prefix(tx, env, &prefix, now).await?;
    throw_prefix(tx, env, &prefix, now.plus(SETTLING)).await
}

/// Takes back what was thrown. False when its deletion has begun: then the object must not be used.
///
/// # Errors
/// [`DbError`].
pub async fn keep(tx: &mut WriteTx, id: Uuid) -> Result<bool, DbError> {
    Ok(sql!("DELETE FROM object_garbage WHERE id = $1 AND kind IN ('key', 'prefix')").bind(id).execute(tx).await? == 1)
}

/// Forgets blobs without files, deletes objects that are due, until nothing more is. Tells how many
/// objects or prefixes were deleted.
///
/// # Errors
/// [`GarbageError::Left`] when all was done that could be done, so that the rest is seen among the jobs.
pub async fn collect(content: &Content) -> Result<usize, GarbageError> {
    let mut collected = Collected::default();
    loop {
        let forgotten = forget_blobs(content).await?;
        let round = delete_due(&content.env, &content.blobs).await?;
        collected.deleted += round.deleted;
        collected.left = collected.left.or(round.left);
        if forgotten + round.deleted == 0 {
            break;
        }
    }
    compact_change_log(&content.env).await?;
    let mut tx = content.env.db.write().await?;
    sql!("DELETE FROM job WHERE state = 'done' AND updated_at < $1").bind(content.env.now().minus(JOBS_KEPT)).execute(&mut tx).await?;
    // What a player claimed once is not claimed again after a week: its credit bounds it anyway.
    sql!("DELETE FROM watch_session WHERE last_report_at < $1").bind(content.env.now().minus(JOBS_KEPT)).execute(&mut tx).await?;
    tx.commit().await?;
    collected.left.map_or(Ok(collected.deleted), |what| Err(GarbageError::Left(what)))
}

/// Something that named a blob is gone: its bytes go a day later, unless something names it then.
///
/// # Errors
/// [`DbError`].
pub async fn let_go(tx: &mut WriteTx, now: Timestamp, blob: BlobId) -> Result<(), DbError> {
    sql!("UPDATE blob SET unreferenced_at = $2 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM blob_name n WHERE n.blob_id = blob.id)")
        .bind(blob)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

async fn forget_blobs(content: &Content) -> Result<usize, DbError> {
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    // The condition is part of the deletion, and a file that begins to refer to the blob at the same
    // time holds its row by the foreign key: one of the two fails, and nothing referred to is lost.
    let gone: Vec<(BlobId, String)> = sql!(
        "DELETE FROM blob WHERE id IN (SELECT b.id FROM blob b WHERE b.unreferenced_at < $1
                                         AND NOT EXISTS (SELECT 1 FROM blob_name n WHERE n.blob_id = b.id) LIMIT 100)
           AND NOT EXISTS (SELECT 1 FROM blob_name n WHERE n.blob_id = blob.id)
         RETURNING id, object_key"
    )
    .bind(now.minus(GRACE))
    .fetch_all(&mut tx)
    .await?;
    for (blob, key) in &gone {
        throw_key(&mut tx, &content.env, key, now).await?;
        throw_prefix(&mut tx, &content.env, &format!("media/{blob}"), now).await?;
    }
    tx.commit().await?;
    Ok(gone.len())
}

/// What a round did.
#[derive(Default)]
struct Collected {
    deleted: usize,
    /// The first object that could not be deleted, and why.
    left: Option<String>,
}

async fn delete_due(env: &Env, blobs: &Blobs) -> Result<Collected, GarbageError> {
    let mut tx = env.db.read().await?;
    let due: Vec<(Uuid, String, String)> =
        sql!("SELECT id, kind, object_key FROM object_garbage WHERE delete_after <= $1 ORDER BY delete_after LIMIT 200")
            .bind(env.now())
            .fetch_all(&mut tx)
            .await?;
    drop(tx);
    let mut collected = Collected::default();
    for (id, kind, key) in &due {
        match delete_one(env, blobs, *id, kind, key).await {
            Ok(true) => collected.deleted += 1,
            Ok(false) => {}
            Err(GarbageError::Blob(error)) => {
                tracing::warn!(%error, key, "what nothing needs could not be deleted yet");
                let mut tx = env.db.write().await?;
                // Behind the others: one object that cannot be deleted must not keep all of them.
                sql!("UPDATE object_garbage SET delete_after = $2 WHERE id = $1")
                    .bind(*id)
                    .bind(env.now().plus(AGAIN))
                    .execute(&mut tx)
                    .await?;
                tx.commit().await?;
                collected.left.get_or_insert_with(|| format!("{key}: {error}"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(collected)
}

/// False when it was taken back meanwhile.
async fn delete_one(env: &Env, blobs: &Blobs, id: Uuid, kind: &str, key: &str) -> Result<bool, GarbageError> {
    // Condemned first, so that nobody takes it back any more; the row goes when the object has
    // gone, so that a crash in between only repeats the deletion.
    let mut tx = env.db.write().await?;
    let condemned = sql!(
        "UPDATE object_garbage SET kind = CASE WHEN kind IN ('prefix', 'gone-prefix') THEN 'gone-prefix' ELSE 'gone-key' END WHERE id = $1"
    )
    .bind(id)
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    if condemned == 0 {
        return Ok(false);
    }
    if kind.ends_with("prefix") {
        blobs.delete_prefix(key).await?;
    } else {
        blobs.delete(key).await?;
    }
    let mut tx = env.db.write().await?;
    sql!("DELETE FROM object_garbage WHERE id = $1").bind(id).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes entries out of the change log that a newer one of the same thing has made needless. Whoever
/// follows the log looks up how things stand now, so that the newest entry of each says all there is,
/// wherever a follower has come to: no index ever needs what is gone.
async fn compact_change_log(env: &Env) -> Result<(), DbError> {
    let mut tx = env.db.write().await?;
    sql!(
        "DELETE FROM change_log WHERE seq IN
           (SELECT old.seq FROM change_log old
            WHERE EXISTS (SELECT 1 FROM change_log new WHERE new.entity_kind = old.entity_kind AND new.entity_id = old.entity_id
                                                         AND new.seq > old.seq)
            ORDER BY old.seq LIMIT 5000)"
    )
    .execute(&mut tx)
    .await?;
    tx.commit().await
}
