//! Signed-in devices. The web layer keeps the sessions; here they are listed and ended.

use db::{Conn, DbError, Env, WriteTx, sql};
use kernel::{DeviceId, PersonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Caller, Denied, SignedIn};
use crate::audit::{self, Event};

/// A device somebody is signed in on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Device {
    /// Its handle.
    pub id: DeviceId,
    /// Whether the request came from it.
    pub current: bool,
    /// The browser as it named itself.
    pub user_agent: String,
    /// The address it signed in from.
    pub address: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_seen_at: Timestamp,
}

/// Why devices are not shown or ended.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

fn signed_in(caller: &Caller) -> Result<&SignedIn, Denied> {
    match caller {
        Caller::Person(signed_in) => Ok(signed_in),
        Caller::Anonymous { .. } | Caller::Operator => Err(Denied::SignInNeeded),
    }
}

/// The caller's devices, last used first.
///
/// # Errors
/// [`DeviceError`].
pub async fn list(env: &Env, caller: &Caller) -> Result<Vec<Device>, DeviceError> {
    let me = signed_in(caller)?;
    let mut tx = env.db.read().await?;
    Ok(devices_of(&mut tx, me.person_id, Some(me.device_id), env.now()).await?)
}

pub(crate) async fn devices_of(
    conn: &mut Conn,
    person: PersonId,
    current: Option<DeviceId>,
    now: Timestamp,
) -> Result<Vec<Device>, DbError> {
    let rows: Vec<(DeviceId, String, String, Timestamp, Timestamp)> = sql!(
        "SELECT public_id, user_agent, address, created_at, last_seen_at FROM session
         WHERE person_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, public_id LIMIT 200"
    )
    .bind(person)
    .bind(now)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, user_agent, address, created_at, last_seen_at)| Device {
            id,
            current: current == Some(id),
            user_agent,
            address,
            created_at,
            last_seen_at,
        })
        .collect())
}

/// Signs one of the caller's devices out.
///
/// # Errors
/// [`Denied::NotFound`] when it is not one of hers.
pub async fn end(env: &Env, caller: &Caller, device: DeviceId) -> Result<(), DeviceError> {
    let me = signed_in(caller)?;
    let mut tx = env.db.write().await?;
    let ended =
        sql!("DELETE FROM session WHERE public_id = $1 AND person_id = $2").bind(device).bind(me.person_id).execute(&mut tx).await?;
    if ended == 0 {
        return Err(Denied::NotFound.into());
    }
    audit::record(&mut tx, env, caller, Event::about_person("device.signed-out", me.person_id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Signs the caller out everywhere, this device included.
///
/// # Errors
/// [`DeviceError`].
pub async fn end_all(env: &Env, caller: &Caller) -> Result<(), DeviceError> {
    let me = signed_in(caller)?;
    let mut tx = env.db.write().await?;
    end_sessions_of(&mut tx, me.person_id, None).await?;
    audit::record(&mut tx, env, caller, Event::about_person("device.signed-out-everywhere", me.person_id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a person's sessions, but for one device where it is named.
pub(crate) async fn end_sessions_of(tx: &mut WriteTx, person: PersonId, keep: Option<DeviceId>) -> Result<(), DbError> {
    sql!("DELETE FROM session WHERE person_id = $1 AND (CAST($2 AS UUID) IS NULL OR public_id <> $2)")
        .bind(person)
        .bind(keep)
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes what has run out: sessions, used or old password links, failures long past. The worker calls this daily.
///
/// # Errors
/// [`DbError`].
pub async fn purge_expired(env: &Env) -> Result<u64, DbError> {
    let now = env.now();
    let long_ago = now.minus(std::time::Duration::from_secs(30 * 86_400));
    let mut tx = env.db.write().await?;
    let ended = sql!("DELETE FROM session WHERE expires_at <= $1").bind(now).execute(&mut tx).await?;
    sql!("DELETE FROM password_link WHERE expires_at <= $1").bind(long_ago).execute(&mut tx).await?;
    sql!("DELETE FROM sign_in_failure WHERE window_started_at <= $1 AND (blocked_until IS NULL OR blocked_until <= $1)")
        .bind(now.minus(std::time::Duration::from_secs(86_400)))
        .execute(&mut tx)
        .await?;
    sql!("DELETE FROM people_import WHERE created_at <= $1").bind(long_ago).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(ended)
}
