//! People as lists show them.

use std::collections::HashSet;

use db::{Conn, DbError, sql};
use kernel::{ClassGroupId, OrganisationId, OrganisationKind, PersonId, Role, RoleAssignmentId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::VisibleOrganisations;
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
    /// Mã học sinh, mã giáo viên: her number at her school, or at the one asked for; where she has left, the last.
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

#[derive(sqlx::FromRow)]
struct Facts {
    id: Uuid,
    display_name: String,
    username: String,
    email: Option<String>,
    birth_date: Option<String>,
    state: String,
    last_sign_in_at: Option<i64>,
    class_id: Option<Uuid>,
    class_name: Option<String>,
    class_organisation_id: Option<Uuid>,
    role_id: Option<Uuid>,
    role: Option<String>,
    organisation_id: Option<Uuid>,
    organisation_name: Option<String>,
    organisation_kind: Option<String>,
    organisation_code: Option<String>,
    number: Option<String>,
    number_organisation_id: Option<Uuid>,
    number_until_at: Option<i64>,
}

/// Whose eyes a row is for.
#[derive(Debug)]
pub(super) struct Eyes<'a> {
    /// The places that may be named.
    pub(super) seen: &'a VisibleOrganisations,
    /// The school whose numbers are asked for.
    pub(super) school: Option<OrganisationId>,
}

/// How many people one statement reads.
const AT_ONCE: usize = 50;

/// The rows of people, in the order of the ids; places that may not be seen are left out of them.
pub(super) async fn rows_of(conn: &mut Conn, ids: &[Uuid], eyes: &Eyes<'_>) -> Result<Vec<PersonRow>, DbError> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut facts = facts_of(conn, some).await?;
        for id in some {
            let (of_one, others): (Vec<Facts>, Vec<Facts>) = facts.into_iter().partition(|one| one.id == *id);
            facts = others;
            rows.extend(row(of_one, eyes)?);
        }
    }
    Ok(rows)
}

/// One line a role and number of each person.
async fn facts_of(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Facts>, DbError> {
    let mut query = sql!(
        "SELECT p.id, p.display_name, p.username, p.email, p.birth_date, p.state, p.last_sign_in_at,
                g.id AS class_id, g.name AS class_name, g.organisation_id AS class_organisation_id,
                r.id AS role_id, r.role, o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind,
                o.code AS organisation_code,
                n.number, n.organisation_id AS number_organisation_id, n.until_at AS number_until_at
         FROM person p
         LEFT JOIN class_group g ON g.id = (SELECT e.class_group_id FROM enrolment e
           WHERE e.person_id = p.id AND e.until_at IS NULL AND e.class_group_id IS NOT NULL ORDER BY e.from_at DESC, e.id DESC LIMIT 1)
         LEFT JOIN role_assignment r ON r.person_id = p.id AND r.until_at IS NULL
         LEFT JOIN organisation o ON o.id = r.organisation_id
         LEFT JOIN school_number n ON n.person_id = p.id
         WHERE p.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
           $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)
         ORDER BY p.id, r.from_at, r.id, n.given_at, n.organisation_id"
    );
    for place in 0..AT_ONCE {
        // What is not needed is filled with an id that nobody has.
        query = query.bind(ids.get(place).copied().unwrap_or_default());
    }
    query.fetch_all(conn).await
}

/// The row of one person from all her lines.
fn row(facts: Vec<Facts>, eyes: &Eyes<'_>) -> Result<Option<PersonRow>, DbError> {
    let (mut roles, mut told) = (Vec::new(), HashSet::new());
    for one in &facts {
        let (Some(id), Some(role), Some(organisation), Some(name), Some(kind)) =
            (one.role_id, &one.role, one.organisation_id, &one.organisation_name, &one.organisation_kind)
        else {
            continue;
        };
        if eyes.seen.contains(OrganisationId(organisation)) && told.insert(id) {
            let organisation = OrgRef {
                id: OrganisationId(organisation),
                name: name.clone(),
                kind: OrganisationKind::try_from(kind.clone())?,
                code: one.organisation_code.clone(),
            };
            roles.push(RoleHeld { id: RoleAssignmentId(id), role: Role::try_from(role.clone())?, organisation });
        }
    }
    roles.sort_by_key(|held| held.role);
    let code = number(&facts, eyes);
    let Some(first) = facts.into_iter().next() else { return Ok(None) };
    let class_seen = first.class_organisation_id.is_some_and(|organisation| eyes.seen.contains(OrganisationId(organisation)));
    Ok(Some(PersonRow {
        id: PersonId(first.id),
        display_name: first.display_name,
        username: first.username,
        email: first.email,
        code,
        birth_date: first.birth_date,
        roles,
        class_group: first.class_id.zip(first.class_name).filter(|_| class_seen).map(|(id, name)| ClassRef { id: ClassGroupId(id), name }),
        state: PersonState::parse(&first.state)?,
        last_sign_in_at: first.last_sign_in_at.map(Timestamp),
    }))
}

/// Which of a person's numbers is shown: that at the school asked for, else her oldest; of one who has
/// left, the one she had last.
fn number(facts: &[Facts], eyes: &Eyes<'_>) -> Option<String> {
    let seen = |one: &&Facts| one.number_organisation_id.is_some_and(|id| eyes.seen.contains(OrganisationId(id)));
    let mut now = facts.iter().filter(seen).filter(|one| one.number_until_at.is_none());
    let here = now.clone().find(|one| one.number_organisation_id.map(OrganisationId) == eyes.school);
    let left = || facts.iter().filter(seen).filter(|one| one.state == "left").max_by_key(|one| one.number_until_at);
    here.or_else(|| now.next()).or_else(left).and_then(|one| one.number.clone())
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
