//! The first start: while nobody exists, whoever has the token from the log becomes the administrator.

use db::{Conn, DbError, Env, sql};
use kernel::{OrganisationId, OrganisationKind, PersonId, Role, Secret};

use crate::access::{Caller, Denied, ManagePeople, ManageServer, authorise};
use crate::fault::{Fault, Faults};
use crate::organisations::{self, NewOrganisation, OrganisationError, Place};
use crate::password::{HashingError, NewPassword};
use crate::people::{self, FirstPassword, PeopleError, PersonDraft, PersonInput};

const TOKEN: &str = "setup-token";

/// Why the server is not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// It is already.
    #[error("already set up")]
    AlreadySetUp,
    /// Not the token in the log.
    #[error("wrong token")]
    WrongToken,
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Vec<Fault>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Hashing failed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// The system has no randomness.
    #[error("randomness: {0}")]
    Randomness(String),
}

impl From<Denied> for SetupError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Db(error) => Self::Db(error),
            other => Self::Db(DbError::Stored(other.to_string())),
        }
    }
}

impl From<OrganisationError> for SetupError {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::Db(error) => Self::Db(error),
            OrganisationError::Denied(denied) => denied.into(),
            OrganisationError::Invalid(faults) => Self::Invalid(faults),
            other => Self::Db(DbError::Stored(other.to_string())),
        }
    }
}

impl From<PeopleError> for SetupError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Db(error) => Self::Db(error),
            PeopleError::Denied(denied) => denied.into(),
            PeopleError::Invalid(faults) => Self::Invalid(faults),
            PeopleError::Hashing(error) => Self::Hashing(error),
            other => Self::Db(DbError::Stored(other.to_string())),
        }
    }
}

/// Whether nobody exists yet.
///
/// # Errors
/// [`DbError`].
pub async fn is_needed(conn: &mut Conn) -> Result<bool, DbError> {
    let somebody: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM person LIMIT 1").fetch_optional(conn).await?;
    Ok(somebody.is_none())
}

/// While nobody exists: a new token, to be printed in the log. An earlier one no longer works.
///
/// # Errors
/// [`SetupError`].
pub async fn ensure_token(env: &Env) -> Result<Option<Secret>, SetupError> {
    let mut tx = env.db.write().await?;
    if !is_needed(&mut tx).await? {
        return Ok(None);
    }
    let token = Secret::random().map_err(|error| SetupError::Randomness(error.to_string()))?;
    sql!("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(TOKEN)
        .bind(token.hash())
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// What the first visitor fills in.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    /// The token from the log.
    pub token: Secret,
    /// The school's name.
    pub school_name: String,
    /// Her name.
    pub display_name: String,
    /// The username she chooses.
    pub username: String,
    /// The password she chooses.
    pub password: String,
}

/// Makes the school and its administrator, once.
///
/// # Errors
/// [`SetupError`].
pub async fn complete(env: &Env, first: &FirstAdministrator) -> Result<PersonId, SetupError> {
    let mut tx = env.db.read().await?;
    if !is_needed(&mut tx).await? {
        return Err(SetupError::AlreadySetUp);
    }
    let stored: Option<(String,)> = sql!("SELECT value FROM setting WHERE name = $1").bind(TOKEN).fetch_optional(&mut tx).await?;
    // Hashes of 256 random bits: comparing them in variable time tells nothing about the token.
    if stored.is_none_or(|(hash,)| hash != first.token.hash().0) {
        return Err(SetupError::WrongToken);
    }
    drop(tx);

    let mut faults = Faults::default();
    let school = NewOrganisation::parse(OrganisationKind::School, &first.school_name, None);
    if school.is_err() {
        faults.add("school_name", "missing");
    }
    let password = NewPassword::parse(&first.password, first.username.trim());
    if let Err(fault) = &password {
        faults.add("password", fault.code());
    }
    let input = PersonInput { display_name: first.display_name.clone(), username: Some(first.username.clone()), ..PersonInput::default() };
    let draft = PersonDraft::parse(&input);
    let (school, password, draft) = match (school, password, draft) {
        (Ok(school), Ok(password), Ok(draft)) => (school, password, draft),
        (_, _, draft) => {
            let mut all = faults.check().err().unwrap_or_default();
            all.extend(draft.err().unwrap_or_default());
            return Err(SetupError::Invalid(all));
        }
    };
    let hash = password.hash().await?;

    let mut tx = env.db.write().await?;
    // Two at once: the row of the token is taken by one of them.
    let taken = sql!("DELETE FROM setting WHERE name = $1 AND value = $2").bind(TOKEN).bind(first.token.hash()).execute(&mut tx).await?;
    if taken == 0 || !is_needed(&mut tx).await? {
        return Err(SetupError::AlreadySetUp);
    }
    let grant = authorise::<ManageServer>(&mut tx, &Caller::Operator, ()).await?;
    let school: OrganisationId = organisations::add(&mut tx, env, Place::Root(&grant), &school).await?;
    let grant = authorise::<ManagePeople>(&mut tx, &Caller::Operator, school).await?;
    let person = people::add(&mut tx, env, &grant, &draft, Role::Administrator, Some(FirstPassword::Chosen(hash))).await?;
    // The caller is signed in with it at once.
    sql!("UPDATE person SET last_sign_in_at = $2 WHERE id = $1").bind(person).bind(env.now()).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(person)
}
