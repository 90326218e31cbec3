//! Sign-in by username or e-mail. Every refusal says the same, and takes as long.

pub mod guesses;
mod limits;

use db::{DbError, Env, sql};
use kernel::PersonId;
use serde_json::json;
use uuid::Uuid;

pub(crate) use limits::{Try, reserve};

use crate::access::Caller;
use crate::audit::{self, Event};
use crate::password::{self, HashingError};

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such account, wrong password, locked, no password set: never told apart.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many failures; seconds until the next try.
    #[error("too many attempts; again in {0} s")]
    TooManyAttempts(u64),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Hashing failed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
}

#[derive(sqlx::FromRow)]
struct Account {
    id: Uuid,
    state: String,
    password_hash: Option<String>,
}

/// Checks a login and password from an address. The session is the web layer's matter.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(env: &Env, caller: &Caller, login: &str, password: &str) -> Result<PersonId, SignInError> {
    let login = exchange::vietnamese::nfc(login.trim()).to_lowercase();
    if login.is_empty() || login.chars().count() > 254 {
        return Err(SignInError::WrongCredentials);
    }
    let address = caller.address().unwrap_or_default();
    let mut tx = env.db.read().await?;
    let account: Option<Account> = sql!(
        "SELECT p.id, p.state, c.password_hash FROM person p LEFT JOIN credential c ON c.person_id = p.id
         WHERE p.username = $1 OR p.email_folded = $1"
    )
    .bind(&login)
    .fetch_optional(&mut tx)
    .await?;
    drop(tx);

    let subject = account.as_ref().map_or_else(|| login.clone(), |account| account.id.to_string());
    limits::reserve(env, Try::Password(&subject), address).await?;
    let hash = account.as_ref().filter(|account| account.state == "active").and_then(|account| account.password_hash.clone());
    let right = password::verify(password, hash).await?;

    let mut tx = env.db.write().await?;
    let Some(account) = account.filter(|_| right) else {
        limits::record_failure(&mut tx, env.now(), address).await?;
        tx.commit().await?;
        return Err(SignInError::WrongCredentials);
    };
    let person = PersonId(account.id);
    limits::forgive(&mut tx, Try::Password(&subject)).await?;
    sql!("UPDATE person SET last_sign_in_at = $2 WHERE id = $1").bind(person).bind(env.now()).execute(&mut tx).await?;
    let mut event = Event::about_person("person.signed-in", person).with(json!({}));
    event.organisation = crate::people::home_of(&mut tx, person).await?;
    let by = Caller::Person(crate::access::SignedIn {
        person_id: person,
        device_id: kernel::DeviceId(Uuid::nil()),
        address: address.to_owned(),
    });
    audit::record(&mut tx, env, &by, event).await?;
    tx.commit().await?;
    Ok(person)
}

/// Checks the password of somebody already signed in, under the same limits as sign-in.
///
/// # Errors
/// [`SignInError`].
pub(crate) async fn confirm(env: &Env, caller: &Caller, person: PersonId, password: &str) -> Result<(), SignInError> {
    let address = caller.address().unwrap_or_default();
    let mut tx = env.db.read().await?;
    let hash: Option<(String,)> =
        sql!("SELECT password_hash FROM credential WHERE person_id = $1").bind(person).fetch_optional(&mut tx).await?;
    drop(tx);
    let subject = person.to_string();
    limits::reserve(env, Try::Password(&subject), address).await?;
    let right = password::verify(password, hash.map(|(hash,)| hash)).await?;
    let mut tx = env.db.write().await?;
    if right {
        limits::forgive(&mut tx, Try::Password(&subject)).await?;
    } else {
        limits::record_failure(&mut tx, env.now(), address).await?;
    }
    tx.commit().await?;
    if right { Ok(()) } else { Err(SignInError::WrongCredentials) }
}
