use db::{Conn, DbError, Env, WriteTx, sql};
use jiff::civil::Date;
use kernel::{OrganisationId, SchoolYearId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::OrganisationError;
use crate::access::{Caller, Grant, ManagePeople, SeeOrganisation, authorise};
use crate::audit::{self, Event};
use crate::fault::{self, Faults};

/// A school year of an organisation or of one above it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SchoolYear {
    /// Which.
    pub id: SchoolYearId,
    /// Such as `2026–2027`.
    pub name: String,
    /// First day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day, `YYYY-MM-DD`.
    pub ends_on: String,
    /// Today lies in it.
    pub current: bool,
}

/// A school year as asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewSchoolYear)]
pub struct NewYearInput {
    /// Such as `2026–2027`; unique at the organisation.
    pub name: String,
    /// First day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day, `YYYY-MM-DD`.
    pub ends_on: String,
}

/// The civil date in Việt Nam (UTC+7, no summer time).
pub(crate) fn today(now: Timestamp) -> Date {
    jiff::Timestamp::from_microsecond(now.as_micros()).map(|at| jiff::tz::Offset::constant(7).to_datetime(at).date()).unwrap_or_default()
}

/// The year that is current on a day: from 1 August, when schools make their classes, to 31 July.
fn year_around(day: Date) -> (String, String, String) {
    let first = if day.month() >= 8 { day.year() } else { day.year() - 1 };
    (format!("{first}–{}", first + 1), format!("{first}-08-01"), format!("{}-07-31", first + 1))
}

/// Gives a new school the current year.
pub(super) async fn add_current(tx: &mut WriteTx, env: &Env, organisation: OrganisationId) -> Result<SchoolYearId, DbError> {
    let (name, starts_on, ends_on) = year_around(today(env.now()));
    let id: SchoolYearId = env.ids.make();
    sql!("INSERT INTO school_year (id, organisation_id, name, starts_on, ends_on) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(organisation)
        .bind(name)
        .bind(starts_on)
        .bind(ends_on)
        .execute(tx)
        .await?;
    Ok(id)
}

/// Gives an organisation that has no school year the current one.
///
/// # Errors
/// [`DbError`].
pub async fn ensure_year(tx: &mut WriteTx, env: &Env, grant: &Grant<ManagePeople>) -> Result<SchoolYearId, DbError> {
    add_current(tx, env, *grant.scope()).await
}

/// The years at an organisation, its own and those of nodes above, newest first.
pub(crate) async fn years_at(conn: &mut Conn, organisation: OrganisationId, now: Timestamp) -> Result<Vec<SchoolYear>, DbError> {
    let rows: Vec<(SchoolYearId, String, String, String)> = sql!(
        "SELECT y.id, y.name, y.starts_on, y.ends_on FROM school_year y
         JOIN organisation_closure c ON c.ancestor_id = y.organisation_id
         WHERE c.descendant_id = $1 ORDER BY y.starts_on DESC, c.depth, y.id LIMIT 100"
    )
    .bind(organisation)
    .fetch_all(conn)
    .await?;
    let today = today(now).to_string();
    Ok(rows
        .into_iter()
        .map(|(id, name, starts_on, ends_on)| {
            let current = starts_on <= today && today <= ends_on;
            SchoolYear { id, name, starts_on, ends_on, current }
        })
        .collect())
}

/// The current year at an organisation, else its newest.
///
/// # Errors
/// [`DbError`].
pub async fn current_year(conn: &mut Conn, organisation: OrganisationId, now: Timestamp) -> Result<Option<SchoolYearId>, DbError> {
    let years = years_at(conn, organisation, now).await?;
    Ok(years.iter().find(|year| year.current).or(years.first()).map(|year| year.id))
}

/// The school years at an organisation.
///
/// # Errors
/// [`OrganisationError`].
pub async fn list_years(env: &Env, caller: &Caller, organisation: OrganisationId) -> Result<Vec<SchoolYear>, OrganisationError> {
    let mut tx = env.db.read().await?;
    authorise::<SeeOrganisation>(&mut tx, caller, organisation).await?;
    Ok(years_at(&mut tx, organisation, env.now()).await?)
}

/// Adds a school year.
///
/// # Errors
/// [`OrganisationError`].
pub async fn create_year(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    input: &NewYearInput,
) -> Result<SchoolYear, OrganisationError> {
    let mut tx = env.db.write().await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let mut faults = Faults::default();
    let name = faults.take("name", fault::name(&input.name));
    let starts_on = faults.take("starts_on", fault::date(Some(&input.starts_on)).and_then(|day| day.ok_or("missing")));
    let ends_on = faults.take("ends_on", fault::date(Some(&input.ends_on)).and_then(|day| day.ok_or("missing")));
    if !ends_on.is_empty() && ends_on <= starts_on {
        faults.add("ends_on", "before-start");
    }
    let taken: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM school_year WHERE organisation_id = $1 AND name = $2")
        .bind(*grant.scope())
        .bind(&name)
        .fetch_optional(&mut tx)
        .await?;
    if taken.is_some() {
        faults.add("name", "taken");
    }
    faults.check()?;
    let id: SchoolYearId = env.ids.make();
    sql!("INSERT INTO school_year (id, organisation_id, name, starts_on, ends_on) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(*grant.scope())
        .bind(&name)
        .bind(&starts_on)
        .bind(&ends_on)
        .execute(&mut tx)
        .await?;
    let event = Event::about_organisation("year.created", organisation).with(json!({ "name": name }));
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    let today = today(env.now()).to_string();
    let current = starts_on <= today && today <= ends_on;
    Ok(SchoolYear { id, name, starts_on, ends_on, current })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_school_year_begins_in_august() {
        assert_eq!(year_around(jiff::civil::date(2026, 7, 31)).0, "2025–2026");
        assert_eq!(year_around(jiff::civil::date(2026, 8, 1)).0, "2026–2027");
    }
}
