use db::{Conn, Env, sql};
use kernel::PersonId;
use serde::Serialize;
use utoipa::ToSchema;

use super::history::{Enrolment, history_of};
use super::rows::{Eyes, PersonRow, rows_of};
use super::{Gender, PeopleError};
use crate::access::{Caller, Capability as _, Decision, Denied, ManagePerson, SeePerson, VisibleOrganisations, authorise};

/// A person with all that the school keeps of her.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Person {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub row: PersonRow,
    /// Gender.
    pub gender: Option<Gender>,
    /// Mã định danh of the ministry's register; only for those who manage her, and herself.
    pub ministry_id: Option<String>,
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
struct MoreFacts {
    gender: Option<String>,
    ministry_id: Option<String>,
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
    let eyes = Eyes { seen: &seen, school: None };
    let row = rows_of(conn, &[id.as_uuid()], &eyes).await?.pop().ok_or(Denied::NotFound)?;
    let more: MoreFacts = sql!(
        "SELECT p.gender, p.ministry_id, p.national_id, p.phone, p.guardians,
                (SELECT COUNT(*) FROM session s WHERE s.person_id = p.id) AS devices_count
         FROM person p WHERE p.id = $1"
    )
    .bind(id)
    .fetch_one(conn)
    .await?;
    Ok(Person {
        row,
        gender: Gender::parse(more.gender.as_deref()),
        ministry_id: more.ministry_id.filter(|_| manages),
        national_id: more.national_id.filter(|_| manages),
        phone: more.phone,
        guardians: more.guardians,
        history: history_of(conn, id, &seen).await?,
        devices_count: more.devices_count,
    })
}
