use db::{Conn, DbError, Env, sql};
use kernel::{ClassGroupId, OrganisationId, OrganisationKind, PersonId, Role, RoleAssignmentId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Gender, PeopleError};
use crate::access::{Caller, Capability as _, Decision, Denied, ManagePerson, SeePerson, VisibleOrganisations, authorise};
use crate::me::RoleHeld;
use crate::organisations::OrgRef;

/// Whether a person may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonState {
    /// She may.
    Active,
    /// An administrator has locked the account.
    Locked,
    /// She holds no role any more.
    Left,
}

impl PersonState {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Left => "left",
        }
    }

    fn parse(word: &str) -> Result<Self, DbError> {
        match word {
            "active" => Ok(Self::Active),
            "locked" => Ok(Self::Locked),
            "left" => Ok(Self::Left),
            other => Err(DbError::Stored(format!("{other:?} is not a state of a person"))),
        }
    }
}

/// A class, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassRef {
    /// Which.
    pub id: ClassGroupId,
    /// Its name.
    pub name: String,
}

/// A person in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// Her name as shown.
    pub display_name: String,
    /// What she signs in with.
    pub username: String,
    /// Or this.
    pub email: Option<String>,
    /// Mã học sinh, mã giáo viên.
    pub code: Option<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Her roles, at places the caller may see.
    pub roles: Vec<RoleHeld>,
    /// Her present class.
    pub class_group: Option<ClassRef>,
    /// Whether she may sign in.
    pub state: PersonState,
    /// When she last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// Why a stretch of belonging began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentReason {
    /// From a list.
    Import,
    /// Added one by one.
    Created,
    /// Moved up with the class.
    MovedUp,
    /// Came from another school.
    Transfer,
    /// Left.
    Left,
}

impl EnrolmentReason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Created => "created",
            Self::MovedUp => "moved_up",
            Self::Transfer => "transfer",
            Self::Left => "left",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "import" => Self::Import,
            "moved_up" => Self::MovedUp,
            "transfer" => Self::Transfer,
            "left" => Self::Left,
            _ => Self::Created,
        }
    }
}

/// A stretch of time somebody belonged to an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Enrolment {
    /// Where.
    pub organisation: OrgRef,
    /// In which school year.
    pub year: Option<String>,
    /// In which class.
    pub class_name: Option<String>,
    /// As what.
    pub role: Role,
    /// Since.
    pub from_at: Timestamp,
    /// Until; null: still.
    pub until_at: Option<Timestamp>,
    /// Why it began.
    pub reason: EnrolmentReason,
}

/// A person with all that the school keeps of her.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Person {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub row: PersonRow,
    /// Gender.
    pub gender: Option<Gender>,
    /// Số CCCD; only for those who manage her, and herself.
    pub national_id: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Parents or guardians.
    pub guardians: Option<String>,
    /// Where she has belonged, newest first.
    pub history: Vec<Enrolment>,
    /// On how many devices she is signed in.
    pub devices_count: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct RowFacts {
    pub(super) id: Uuid,
    pub(super) display_name: String,
    pub(super) name_key: String,
    username: String,
    email: Option<String>,
    code: Option<String>,
    birth_date: Option<String>,
    state: String,
    last_sign_in_at: Option<i64>,
    class_id: Option<Uuid>,
    class_name: Option<String>,
    class_organisation_id: Option<Uuid>,
}

/// Completes a row with the person's roles, leaving out places the caller may not see.
pub(super) async fn row(conn: &mut Conn, facts: RowFacts, seen: &VisibleOrganisations) -> Result<PersonRow, DbError> {
    let id = PersonId(facts.id);
    let class_seen = facts.class_organisation_id.is_some_and(|organisation| seen.contains(OrganisationId(organisation)));
    Ok(PersonRow {
        id,
        display_name: facts.display_name,
        username: facts.username,
        email: facts.email,
        code: facts.code,
        birth_date: facts.birth_date,
        roles: roles_of(conn, id, seen).await?,
        class_group: facts.class_id.zip(facts.class_name).filter(|_| class_seen).map(|(id, name)| ClassRef { id: ClassGroupId(id), name }),
        state: PersonState::parse(&facts.state)?,
        last_sign_in_at: facts.last_sign_in_at.map(Timestamp),
    })
}

/// The roles a person holds now, at places that may be seen, highest first.
pub(crate) async fn roles_of(conn: &mut Conn, person: PersonId, seen: &VisibleOrganisations) -> Result<Vec<RoleHeld>, DbError> {
    let rows: Vec<(RoleAssignmentId, String, OrganisationId, String, String, Option<String>)> = sql!(
        "SELECT r.id, r.role, o.id, o.name, o.kind, o.code FROM role_assignment r JOIN organisation o ON o.id = r.organisation_id
         WHERE r.person_id = $1 AND r.until_at IS NULL ORDER BY r.from_at, r.id LIMIT 200"
    )
    .bind(person)
    .fetch_all(conn)
    .await?;
    let mut roles = Vec::new();
    for (id, role, organisation, name, kind, code) in rows {
        if seen.contains(organisation) {
            let organisation = OrgRef { id: organisation, name, kind: OrganisationKind::try_from(kind)?, code };
            roles.push(RoleHeld { id, role: Role::try_from(role)?, organisation });
        }
    }
    roles.sort_by_key(|held| held.role);
    Ok(roles)
}

#[derive(sqlx::FromRow)]
struct HistoryFacts {
    organisation_id: Uuid,
    organisation_name: String,
    organisation_kind: String,
    organisation_code: Option<String>,
    year: Option<String>,
    class_name: Option<String>,
    role: String,
    reason: String,
    from_at: i64,
    until_at: Option<i64>,
}

/// Where a person has belonged, newest first, at places that may be seen.
pub(super) async fn history_of(conn: &mut Conn, person: PersonId, seen: &VisibleOrganisations) -> Result<Vec<Enrolment>, DbError> {
    let rows: Vec<HistoryFacts> = sql!(
        "SELECT o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, o.code AS organisation_code,
                y.name AS year, g.name AS class_name, e.role, e.reason, e.from_at, e.until_at
         FROM enrolment e JOIN organisation o ON o.id = e.organisation_id
         LEFT JOIN school_year y ON y.id = e.year_id LEFT JOIN class_group g ON g.id = e.class_group_id
         WHERE e.person_id = $1 ORDER BY e.from_at DESC, e.id DESC LIMIT 500"
    )
    .bind(person)
    .fetch_all(conn)
    .await?;
    let mut history = Vec::new();
    for facts in rows {
        let id = OrganisationId(facts.organisation_id);
        if !seen.contains(id) {
            continue;
        }
        history.push(Enrolment {
            organisation: OrgRef {
                id,
                name: facts.organisation_name,
                kind: OrganisationKind::try_from(facts.organisation_kind)?,
                code: facts.organisation_code,
            },
            year: facts.year,
            class_name: facts.class_name,
            role: Role::try_from(facts.role)?,
            from_at: Timestamp(facts.from_at),
            until_at: facts.until_at.map(Timestamp),
            reason: EnrolmentReason::parse(&facts.reason),
        });
    }
    Ok(history)
}

#[derive(sqlx::FromRow)]
struct MoreFacts {
    gender: Option<String>,
    national_id: Option<String>,
    phone: Option<String>,
    guardians: Option<String>,
    devices_count: i64,
}

/// A person, for those who may see her.
///
/// # Errors
/// [`PeopleError`].
pub async fn get(env: &Env, caller: &Caller, id: PersonId) -> Result<Person, PeopleError> {
    let mut tx = env.db.read().await?;
    person_in(&mut tx, caller, id).await
}

pub(super) async fn person_in(conn: &mut Conn, caller: &Caller, id: PersonId) -> Result<Person, PeopleError> {
    authorise::<SeePerson>(conn, caller, id).await?;
    let own = caller.person_id() == Some(id);
    let manages = own || ManagePerson::decide(conn, caller, &id).await? == Decision::Allow;
    let seen = if own { VisibleOrganisations::all() } else { VisibleOrganisations::of(conn, caller).await? };
    let facts: RowFacts = sql!(
        "SELECT p.id, p.display_name, p.name_key, p.username, p.email, p.code, p.birth_date, p.state, p.last_sign_in_at,
                g.id AS class_id, g.name AS class_name, g.organisation_id AS class_organisation_id
         FROM person p
         LEFT JOIN class_group g ON g.id = (SELECT e.class_group_id FROM enrolment e
           WHERE e.person_id = p.id AND e.until_at IS NULL AND e.class_group_id IS NOT NULL ORDER BY e.from_at DESC, e.id DESC LIMIT 1)
         WHERE p.id = $1"
    )
    .bind(id)
    .fetch_optional(conn)
    .await?
    .ok_or(Denied::NotFound)?;
    let more: MoreFacts = sql!(
        "SELECT p.gender, p.national_id, p.phone, p.guardians,
                (SELECT COUNT(*) FROM session s WHERE s.person_id = p.id) AS devices_count
         FROM person p WHERE p.id = $1"
    )
    .bind(id)
    .fetch_one(conn)
    .await?;
    Ok(Person {
        row: row(conn, facts, &seen).await?,
        gender: Gender::parse(more.gender.as_deref()),
        national_id: more.national_id.filter(|_| manages),
        phone: more.phone,
        guardians: more.guardians,
        history: history_of(conn, id, &seen).await?,
        devices_count: more.devices_count,
    })
}
