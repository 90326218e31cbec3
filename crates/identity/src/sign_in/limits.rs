//! How often one may guess. An account gets five tries, then a pause that doubles from 30 seconds
//! to 15 minutes; an address, which a whole school shares, 200 failures in 15 minutes. Of IPv6 it is
//! the network of 64 bits: one machine has all of it to guess from.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use db::{DbError, Env, WriteTx, sql};
use kernel::{PersonId, Timestamp};

use super::SignInError;

/// What is tried, and by or for whom it is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Try<'a> {
    /// A password of an account, by its id, or of a login that nobody has.
    Password(&'a str),
    /// An e-mail address somebody wants for herself: whether it is accepted tells whether another has it.
    Email(PersonId),
    /// A code that opens something, typed by somebody signed in.
    Code(PersonId),
}

impl Try<'_> {
    fn subject(self) -> String {
        match self {
            Self::Password(account) => format!("account:{account}"),
            Self::Email(person) => format!("email:{person}"),
            Self::Code(person) => format!("code:{person}"),
        }
    }
}

const FREE_TRIES: i64 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// An account's failures are forgotten after a day without any.
const ACCOUNT_MEMORY: Duration = Duration::from_secs(86_400);
const ADDRESS_FAILURES: i64 = 200;
const ADDRESS_WINDOW: Duration = Duration::from_secs(15 * 60);

/// Counts a try before it is looked at, so that many guesses sent at once are not all free; refuses
/// while the account or the address is paused.
pub(crate) async fn reserve(env: &Env, what: Try<'_>, address: &str) -> Result<(), SignInError> {
    let now = env.now();
    let account = what.subject();
    let address = address_key(address);
    let mut tx = env.db.write().await?;
    let paused: Option<(Option<i64>,)> =
        sql!("SELECT blocked_until FROM sign_in_failure WHERE subject = $1").bind(&address).fetch_optional(&mut tx).await?;
    refuse_until(paused.and_then(|(until,)| until), now)?;
    // Writing first locks the row: on PostgreSQL too, guesses at once then wait for each other here
    // and each sees the count of the one before.
    let (tries, latest, paused): (i64, i64, Option<i64>) = sql!(
        "INSERT INTO sign_in_failure (subject, failures, window_started_at) VALUES ($1, 0, $2)
         ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject
         RETURNING failures, window_started_at, blocked_until"
    )
    .bind(&account)
    .bind(now)
    .fetch_one(&mut tx)
    .await?;
    refuse_until(paused, now)?;
    let tries = if now.since(Timestamp(latest)) > ACCOUNT_MEMORY { 1 } else { tries + 1 };
    let pause = (tries >= FREE_TRIES).then(|| now.plus(pause_after(tries)));
    // `window_started_at` of an account is its latest failure: its memory runs from there.
    sql!("UPDATE sign_in_failure SET failures = $2, window_started_at = $3, blocked_until = $4 WHERE subject = $1")
        .bind(&account)
        .bind(tries)
        .bind(now)
        .bind(pause)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Under what an address's failures are counted.
fn address_key(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => format!("address:{}/64", Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        Ok(IpAddr::V4(address)) => format!("address:{address}"),
        Err(_) => format!("address:{address}"),
    }
}

fn refuse_until(until: Option<i64>, now: Timestamp) -> Result<(), SignInError> {
    match until.map(Timestamp).filter(|until| *until > now) {
        Some(until) => Err(SignInError::TooManyAttempts(until.since(now).as_secs() + 1)),
        None => Ok(()),
    }
}

/// The pause that follows the `tries`-th try, should it fail too.
fn pause_after(tries: i64) -> Duration {
    let doublings = u32::try_from((tries - FREE_TRIES).clamp(0, 10)).unwrap_or(0);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

/// Counts a failure of the address. The account's was counted by [`reserve`].
pub(super) async fn record_failure(tx: &mut WriteTx, now: Timestamp, address: &str) -> Result<(), DbError> {
    let key = address_key(address);
    sql!(
        "INSERT INTO sign_in_failure (subject, failures, window_started_at) VALUES ($1, 1, $2)
         ON CONFLICT (subject) DO UPDATE SET
           failures = CASE WHEN sign_in_failure.window_started_at < $3 THEN 1 ELSE sign_in_failure.failures + 1 END,
           window_started_at = CASE WHEN sign_in_failure.window_started_at < $3 THEN $2 ELSE sign_in_failure.window_started_at END"
    )
    .bind(&key)
    .bind(now)
    .bind(now.minus(ADDRESS_WINDOW))
    .execute(tx)
    .await?;
    sql!("UPDATE sign_in_failure SET blocked_until = window_started_at + $2 WHERE subject = $1 AND failures >= $3")
        .bind(&key)
        .bind(i64::try_from(ADDRESS_WINDOW.as_micros()).unwrap_or(i64::MAX))
        .bind(ADDRESS_FAILURES)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets an account's failures: somebody knew the password, or the code.
pub(super) async fn forgive(tx: &mut WriteTx, what: Try<'_>) -> Result<(), DbError> {
    sql!("DELETE FROM sign_in_failure WHERE subject = $1").bind(what.subject()).execute(tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_of_one_ipv6_network_count_together() {
        assert_eq!(address_key("2001:db8:1:2:aaaa::1"), address_key("2001:db8:1:2:bbbb:1:2:3"));
        assert_ne!(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:3::1"));
        assert_eq!(address_key("::ffff:192.0.2.7"), address_key("192.0.2.7"));
        assert_ne!(address_key("192.0.2.7"), address_key("192.0.2.8"));
    }

    #[test]
    fn the_pause_grows_to_fifteen_minutes() {
        let seconds: Vec<u64> = (5..12).map(|tries| pause_after(tries).as_secs()).collect();
        assert_eq!(seconds, [30, 60, 120, 240, 480, 900, 900]);
    }
}
