//! One-time links by which somebody sets a new password without knowing the old one.

use std::time::Duration;

use db::{Conn, DbError, Env, sql};
use kernel::{PersonId, Secret, Timestamp};

use super::PeopleError;
use super::adding::{FirstPassword, set_password};
use super::belonging::home_of;
use crate::access::{Caller, Denied, ManagePerson, SignedIn, authorise};
use crate::audit::{self, Event};
use crate::password::NewPassword;
use crate::sessions;

/// How long a link can be used.
const LIFETIME: Duration = Duration::from_secs(72 * 3600);

/// Makes a link for a person; earlier ones no longer work.
///
/// # Errors
/// [`PeopleError`].
pub async fn create(env: &Env, caller: &Caller, id: PersonId) -> Result<(Secret, Timestamp), PeopleError> {
    let token = Secret::random().map_err(|error| PeopleError::Randomness(error.to_string()))?;
    let mut tx = env.db.write().await?;
    authorise::<ManagePerson>(&mut tx, caller, id).await?;
    let expires_at = env.now().plus(LIFETIME);
    sql!("DELETE FROM password_link WHERE person_id = $1 AND used_at IS NULL").bind(id).execute(&mut tx).await?;
    sql!("INSERT INTO password_link (token_hash, person_id, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(token.hash())
        .bind(id)
        .bind(caller.person_id())
        .bind(env.now())
        .bind(expires_at)
        .execute(&mut tx)
        .await?;
    let mut event = Event::about_person("person.password-link-made", id);
    event.organisation = home_of(&mut tx, id).await?;
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok((token, expires_at))
}

/// Whom a link is for.
#[derive(Clone, Debug)]
pub struct OpenLink {
    /// Who.
    pub person: PersonId,
    /// Her name.
    pub display_name: String,
    /// What she signs in with.
    pub username: String,
    /// Until when the link works.
    pub expires_at: Timestamp,
}

/// Looks at a link without using it.
///
/// # Errors
/// [`Denied::NotFound`] when it was used, has expired or never was.
pub async fn look(env: &Env, token: &Secret) -> Result<OpenLink, PeopleError> {
    let mut tx = env.db.read().await?;
    lookup(&mut tx, env, token).await?.ok_or(PeopleError::Denied(Denied::NotFound))
}

async fn lookup(conn: &mut Conn, env: &Env, token: &Secret) -> Result<Option<OpenLink>, DbError> {
    let row: Option<(PersonId, String, String, Timestamp)> = sql!(
        "SELECT p.id, p.display_name, p.username, l.expires_at FROM password_link l JOIN person p ON p.id = l.person_id
         WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND p.erased_at IS NULL"
    )
    .bind(token.hash())
    .bind(env.now())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(person, display_name, username, expires_at)| OpenLink { person, display_name, username, expires_at }))
}

/// Uses a link: sets the password, signs every device out.
///
/// # Errors
/// [`PeopleError`]; a weak password leaves the link usable.
pub async fn use_link(env: &Env, address: &str, token: &Secret, new: &str) -> Result<(), PeopleError> {
    let link = look(env, token).await?;
    let password = NewPassword::parse(new, &link.username).map_err(|fault| PeopleError::fault("new_password", fault.code()))?;
    let hash = password.hash().await?;
    let mut tx = env.db.write().await?;
    let used = sql!("UPDATE password_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(token.hash())
        .bind(env.now())
        .execute(&mut tx)
        .await?;
    if used == 0 {
        return Err(Denied::NotFound.into());
    }
    set_password(&mut tx, env, link.person, &FirstPassword::Chosen(hash)).await?;
    sql!("DELETE FROM sign_in_failure WHERE subject = $1").bind(format!("account:{}", link.person)).execute(&mut tx).await?;
    sessions::end_sessions_of(&mut tx, link.person, None).await?;
    let by =
        Caller::Person(SignedIn { person_id: link.person, device_id: kernel::DeviceId(uuid::Uuid::nil()), address: address.to_owned() });
    let mut event = Event::about_person("person.password-link-used", link.person);
    event.organisation = home_of(&mut tx, link.person).await?;
    audit::record(&mut tx, env, &by, event).await?;
    tx.commit().await?;
    Ok(())
}
