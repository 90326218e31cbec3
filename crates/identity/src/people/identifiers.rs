//! What is one person's on the whole server: username, e-mail, and the identifiers of the sector.

use db::{Conn, DbError, sql};
use exchange::vietnamese::{username_stem, username_with_number};
use kernel::PersonId;
use uuid::Uuid;

use crate::fault::Faults;

/// Whether somebody else has an e-mail.
pub(crate) async fn email_is_taken(conn: &mut Conn, email: &str, but: Option<PersonId>) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> = sql!("SELECT id FROM person WHERE email_folded = $1 AND (CAST($2 AS UUID) IS NULL OR id <> $2)")
        .bind(email.to_lowercase())
        .bind(but)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Whether a username is in use.
pub(super) async fn username_is_taken(conn: &mut Conn, username: &str) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> = sql!("SELECT id FROM person WHERE username = $1").bind(username).fetch_optional(conn).await?;
    Ok(row.is_some())
}

/// A username nobody has, made from a name.
pub(super) async fn free_username(conn: &mut Conn, display_name: &str) -> Result<String, DbError> {
    // A range and not LIKE, which neither engine answers from this index. The stem is ASCII, and so
    // is what follows it: `~` comes after all of it.
    let stem = username_stem(display_name);
    let taken: Vec<(String,)> = sql!("SELECT username FROM person WHERE username >= $1 AND username < $2")
        .bind(&stem)
        .bind(format!("{stem}~"))
        .fetch_all(conn)
        .await?;
    let taken: std::collections::HashSet<String> = taken.into_iter().map(|(name,)| name).collect();
    for number in 1.. {
        let name = username_with_number(display_name, number);
        // Three letters at least, as for names that people choose.
        if name.len() >= 3 && !taken.contains(&name) {
            return Ok(name);
        }
    }
    Err(DbError::Stored("no username is free".to_owned()))
}

/// Whether somebody else has the ministry's identifier. Who and where is not told to anybody.
pub(super) async fn ministry_id_is_in_use(conn: &mut Conn, id: &str, but: Option<PersonId>) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> = sql!("SELECT id FROM person WHERE ministry_id = $1 AND (CAST($2 AS UUID) IS NULL OR id <> $2)")
        .bind(id)
        .bind(but)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Whether somebody else has the national identifier. Who and where is not told to anybody.
pub(super) async fn national_id_is_in_use(conn: &mut Conn, id: &str, but: Option<PersonId>) -> Result<bool, DbError> {
    let row: Option<(Uuid,)> =
        sql!("SELECT id FROM person WHERE national_id = $1 AND NOT national_id_disputed AND (CAST($2 AS UUID) IS NULL OR id <> $2)")
            .bind(id)
            .bind(but)
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}

/// Notes which of the sector's identifiers are somebody else's.
pub(super) async fn check_sector_ids(
    conn: &mut Conn,
    faults: &mut Faults,
    ministry_id: Option<&str>,
    national_id: Option<&str>,
    but: Option<PersonId>,
) -> Result<(), DbError> {
    if let Some(id) = ministry_id
        && ministry_id_is_in_use(conn, id, but).await?
    {
        faults.add("ministry_id", "identifier-in-use");
    }
    if let Some(id) = national_id
        && national_id_is_in_use(conn, id, but).await?
    {
        faults.add("national_id", "identifier-in-use");
    }
    Ok(())
}
