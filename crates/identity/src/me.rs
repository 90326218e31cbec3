//! The one who is signed in: who she is, what she may do, her own settings and password.

use db::{Conn, DbError, Env, sql};
use kernel::{Locale, PersonId, Role, RoleAssignmentId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Caller, Capability as _, Decision, Denied, ManageServer, OrganisationAction, VisibleOrganisations, role_allows};
use crate::audit::{self, Event};
use crate::fault::{self, Fault};
use crate::organisations::OrgRef;
use crate::password::{HashingError, NewPassword};
use crate::people;
use crate::sessions;
use crate::sign_in::{self, SignInError, Try};

/// How pages look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system asks.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// What somebody may do somewhere; where exactly is the organisations' matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AbilityName {
    /// Manage people.
    ManagePeople,
    /// Manage organisations.
    ManageOrganisations,
    /// Write lessons.
    AuthorLessons,
    /// Read the audit log.
    ViewAudit,
    /// See people.
    SeePeople,
    /// Look after the server.
    ManageServer,
}

/// A role somebody holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleHeld {
    /// The assignment.
    pub id: RoleAssignmentId,
    /// The role.
    pub role: Role,
    /// Where.
    pub organisation: OrgRef,
}

/// The one who is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// Who.
    pub id: PersonId,
    /// Her name as shown.
    pub display_name: String,
    /// What she signs in with.
    pub username: String,
    /// Or this.
    pub email: Option<String>,
    /// Her language.
    pub locale: Locale,
    /// How her pages look.
    pub theme: Theme,
    /// Her roles.
    pub roles: Vec<RoleHeld>,
    /// She has a one-time password and must choose her own before anything else.
    pub must_change_password: bool,
    /// What she may do somewhere.
    pub capabilities: Vec<AbilityName>,
}

/// Why one's own data is not changed.
#[derive(Debug, thiserror::Error)]
pub enum MeError {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Vec<Fault>),
    /// The present password is wrong, or was tried too often.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// Hashing failed.
    #[error(transparent)]
    Hashing(#[from] HashingError),
}

#[derive(sqlx::FromRow)]
struct Row {
    display_name: String,
    username: String,
    email: Option<String>,
    locale: String,
    theme: String,
    must_change: Option<bool>,
}

/// The caller's own account; `None` when nobody is signed in.
///
/// # Errors
/// [`DbError`].
pub async fn lookup(conn: &mut Conn, caller: &Caller) -> Result<Option<Me>, DbError> {
    let Some(id) = caller.person_id() else { return Ok(None) };
    let row: Option<Row> = sql!(
        "SELECT p.display_name, p.username, p.email, p.locale, p.theme, c.must_change
         FROM person p LEFT JOIN credential c ON c.person_id = p.id WHERE p.id = $1"
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let roles = people::roles_of(conn, id, &VisibleOrganisations::all()).await?;
    let able = |action| roles.iter().any(|held| role_allows(held.role, action));
    let mut capabilities = Vec::new();
    for (action, name) in [
        (OrganisationAction::ManagePeople, AbilityName::ManagePeople),
        (OrganisationAction::Manage, AbilityName::ManageOrganisations),
        (OrganisationAction::AuthorLessons, AbilityName::AuthorLessons),
        (OrganisationAction::SeeAudit, AbilityName::ViewAudit),
        (OrganisationAction::SeePeople, AbilityName::SeePeople),
    ] {
        if able(action) {
            capabilities.push(name);
        }
    }
    if ManageServer::decide(conn, caller, &()).await? == Decision::Allow {
        capabilities.push(AbilityName::ManageServer);
    }
    Ok(Some(Me {
        id,
        display_name: row.display_name,
        username: row.username,
        email: row.email,
        locale: Locale::try_from(row.locale)?,
        theme: Theme::parse(&row.theme),
        roles,
        must_change_password: row.must_change.unwrap_or(false),
        capabilities,
    }))
}

/// What of one's own settings is to change; an inner `None` clears the e-mail.
#[derive(Clone, Debug, Default)]
pub struct MyChange {
    /// Language.
    pub locale: Option<Locale>,
    /// Look.
    pub theme: Option<Theme>,
    /// E-mail.
    pub email: Option<Option<String>>,
}

/// The e-mail to be set, if it is another than the present one. Each address is a question whether somebody
/// has it: so many are allowed as passwords are, and those that were accepted count too.
async fn new_email(env: &Env, caller: &Caller, id: PersonId, change: &MyChange) -> Result<Option<Option<String>>, MeError> {
    let Some(email) = &change.email else { return Ok(None) };
    let email = fault::email(email.as_deref()).map_err(|code| MeError::Invalid(vec![Fault { field: "email", code }]))?;
    let mut tx = env.db.read().await?;
    let (present,): (Option<String>,) = sql!("SELECT email FROM person WHERE id = $1").bind(id).fetch_one(&mut tx).await?;
    drop(tx);
    if email == present {
        return Ok(None);
    }
    if email.is_some() {
        sign_in::reserve(env, Try::Email(id), caller.address().unwrap_or_default()).await?;
    }
    Ok(Some(email))
}

/// Changes the caller's own settings.
///
/// # Errors
/// [`MeError`].
pub async fn change(env: &Env, caller: &Caller, change: &MyChange) -> Result<Me, MeError> {
    let id = caller.person_id().ok_or(Denied::SignInNeeded)?;
    let email = new_email(env, caller, id, change).await?;
    let mut tx = env.db.write().await?;
    if let Some(email) = email {
        if let Some(email) = &email
            && people::email_is_taken(&mut tx, email, Some(id)).await?
        {
            return Err(MeError::Invalid(vec![Fault { field: "email", code: "not-accepted" }]));
        }
        sql!("UPDATE person SET email = $2, email_folded = $3 WHERE id = $1")
            .bind(id)
            .bind(email.clone())
            .bind(email.map(|email| email.to_lowercase()))
            .execute(&mut tx)
            .await?;
        let mut event = Event::about_person("person.email-changed", id);
        event.organisation = people::home_of(&mut tx, id).await?;
        audit::record(&mut tx, env, caller, event).await?;
    }
    sql!("UPDATE person SET locale = COALESCE(CAST($2 AS TEXT), locale), theme = COALESCE(CAST($3 AS TEXT), theme) WHERE id = $1")
        .bind(id)
        .bind(change.locale)
        .bind(change.theme.map(Theme::as_str))
        .execute(&mut tx)
        .await?;
    let me = lookup(&mut tx, caller).await?.ok_or(Denied::SignInNeeded)?;
    tx.commit().await?;
    Ok(me)
}

/// Changes the caller's password; her other devices are signed out.
///
/// # Errors
/// [`MeError`].
pub async fn change_password(env: &Env, caller: &Caller, current: &str, new: &str) -> Result<(), MeError> {
    let Caller::Person(signed_in) = caller else { return Err(Denied::SignInNeeded.into()) };
    let id = signed_in.person_id;
    let mut tx = env.db.read().await?;
    let username: Option<(String,)> = sql!("SELECT username FROM person WHERE id = $1").bind(id).fetch_optional(&mut tx).await?;
    drop(tx);
    let (username,) = username.ok_or(Denied::SignInNeeded)?;
    let invalid = |code| MeError::Invalid(vec![Fault { field: "new_password", code }]);
    let password = NewPassword::parse(new, &username).map_err(|fault| invalid(fault.code()))?;
    sign_in::confirm(env, caller, id, current).await?;
    if current == new {
        return Err(invalid("unchanged"));
    }
    let hash = password.hash().await?;
    let mut tx = env.db.write().await?;
    people::set_password(&mut tx, env, id, &people::FirstPassword::Chosen(hash)).await?;
    sessions::end_sessions_of(&mut tx, id, Some(signed_in.device_id)).await?;
    let mut event = Event::about_person("person.password-changed", id);
    event.organisation = people::home_of(&mut tx, id).await?;
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok(())
}
