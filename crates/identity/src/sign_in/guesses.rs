//! Codes that open something to whoever types them, such as the code of a class: guessing one is slowed
//! down like guessing a password, by the person and by the address.

use db::Env;
use kernel::PersonId;

use super::SignInError;
use super::limits::{self, Try};
use crate::access::Caller;

fn guesser(caller: &Caller) -> Option<(PersonId, &str)> {
    Some((caller.person_id()?, caller.address().unwrap_or_default()))
}

/// Counts a guess before it is looked at.
///
/// # Errors
/// [`SignInError::TooManyAttempts`].
pub async fn count(env: &Env, caller: &Caller) -> Result<(), SignInError> {
    let Some((person, address)) = guesser(caller) else { return Ok(()) };
    limits::reserve(env, Try::Code(person), address).await
}

/// The code was right: what was guessed before it is forgotten.
///
/// # Errors
/// [`SignInError::Db`].
pub async fn was_right(env: &Env, caller: &Caller) -> Result<(), SignInError> {
    let Some((person, _)) = guesser(caller) else { return Ok(()) };
    let mut tx = env.db.write().await?;
    limits::forgive(&mut tx, Try::Code(person)).await?;
    Ok(tx.commit().await?)
}

/// The code was wrong: the address is told apart by it too.
///
/// # Errors
/// [`SignInError::Db`].
pub async fn was_wrong(env: &Env, caller: &Caller) -> Result<(), SignInError> {
    let Some((_, address)) = guesser(caller) else { return Ok(()) };
    let mut tx = env.db.write().await?;
    limits::record_failure(&mut tx, env.now(), address).await?;
    Ok(tx.commit().await?)
}
