use std::time::Duration;

use db::{DbError, Env, sql};

/// How many lines one transaction removes: others write meanwhile.
const AT_ONCE: i64 = 2000;

/// Removes lines older than the log is kept (`None`: for ever); how many. The worker calls this.
///
/// # Errors
/// [`DbError`].
pub async fn trim(env: &Env, keep: Option<Duration>) -> Result<u64, DbError> {
    let Some(keep) = keep else { return Ok(0) };
    let before = env.now().minus(keep);
    let mut removed = 0;
    loop {
        let mut tx = env.db.write().await?;
        // Ids are in the order of time: the oldest lines are found without reading the others.
        let some = sql!("DELETE FROM audit_entry WHERE at < $1 AND id IN (SELECT id FROM audit_entry ORDER BY id LIMIT $2)")
            .bind(before)
            .bind(AT_ONCE)
            .execute(&mut tx)
            .await?;
        tx.commit().await?;
        removed += some;
        if some < AT_ONCE.unsigned_abs() {
            return Ok(removed);
        }
    }
}
