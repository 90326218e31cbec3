use db::{DbError, Env, WriteTx, sql};
use exchange::vietnamese::{fold, text_sort_key};
use kernel::{ClassGroupId, OrganisationId, SchoolYearId};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::OrganisationError;
use super::years::years_at;
use crate::access::{Caller, Grant, ManagePeople, SeePeople, authorise};
use crate::audit::{self, Event};
use crate::fault::{self, Faults};

/// An administrative class of a school in one year (10A1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassGroup {
    /// Which.
    pub id: ClassGroupId,
    /// Of which school.
    pub organisation_id: OrganisationId,
    /// In which year.
    pub year_id: SchoolYearId,
    /// Such as `10A1`.
    pub name: String,
    /// 1 to 12, where it has one.
    pub grade: Option<i64>,
    /// How many pupils are in it now.
    pub pupils: i64,
    /// How many moved up or finished school from it: with them a class of a past year is complete.
    pub moved_on: i64,
}

/// The grade a class's name begins with: `10A1` is of grade 10.
fn grade_of(name: &str) -> Option<i64> {
    let digits: String = name.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|grade| (1..=12).contains(grade))
}

/// The class of that name in a year, made when missing. Names count without case and spaces.
///
/// # Errors
/// [`DbError`].
pub async fn add_class_group(
    tx: &mut WriteTx,
    env: &Env,
    grant: &Grant<ManagePeople>,
    year: SchoolYearId,
    name: &str,
    grade: Option<i64>,
) -> Result<ClassGroupId, DbError> {
    let folded: String = fold(name).split_whitespace().collect();
    sql!(
        "INSERT INTO class_group (id, organisation_id, year_id, name, name_folded, grade) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (year_id, organisation_id, name_folded) DO NOTHING"
    )
    .bind(env.ids.make::<ClassGroupId>())
    .bind(*grant.scope())
    .bind(year)
    .bind(name)
    .bind(&folded)
    .bind(grade.or_else(|| grade_of(name)))
    .execute(tx)
    .await?;
    let (id,): (ClassGroupId,) = sql!("SELECT id FROM class_group WHERE year_id = $1 AND organisation_id = $2 AND name_folded = $3")
        .bind(year)
        .bind(*grant.scope())
        .bind(&folded)
        .fetch_one(tx)
        .await?;
    Ok(id)
}

/// The classes of an organisation, of one year or of all, in the order people write them.
///
/// # Errors
/// [`OrganisationError`].
pub async fn list_class_groups(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    year: Option<SchoolYearId>,
) -> Result<Vec<ClassGroup>, OrganisationError> {
    let mut tx = env.db.read().await?;
    authorise::<SeePeople>(&mut tx, caller, organisation).await?;
    let rows: Vec<(ClassGroupId, SchoolYearId, String, Option<i64>, i64, i64)> = sql!(
        "SELECT g.id, g.year_id, g.name, g.grade,
                (SELECT COUNT(*) FROM enrolment e WHERE e.class_group_id = g.id AND e.until_at IS NULL AND e.role = 'pupil'),
                (SELECT COUNT(DISTINCT e.person_id) FROM enrolment e WHERE e.class_group_id = g.id AND e.role = 'pupil'
                   AND e.ended_by IN ('moved_up', 'finished'))
         FROM class_group g WHERE g.organisation_id = $1 AND (CAST($2 AS UUID) IS NULL OR g.year_id = $2) LIMIT 2000"
    )
    .bind(organisation)
    .bind(year)
    .fetch_all(&mut tx)
    .await?;
    let mut classes: Vec<ClassGroup> = rows
        .into_iter()
        .map(|(id, year_id, name, grade, pupils, moved_on)| ClassGroup {
            id,
            organisation_id: organisation,
            year_id,
            name,
            grade,
            pupils,
            moved_on,
        })
        .collect();
    classes.sort_by_cached_key(|class| text_sort_key(&class.name));
    Ok(classes)
}

/// Adds a class.
///
/// # Errors
/// [`OrganisationError`].
pub async fn create_class_group(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    year: SchoolYearId,
    name: &str,
    grade: Option<i64>,
) -> Result<ClassGroup, OrganisationError> {
    let mut tx = env.db.write().await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let mut faults = Faults::default();
    let name = faults.take("name", fault::name(name));
    if name.chars().count() > 40 {
        faults.add("name", "too-long");
    }
    if grade.is_some_and(|grade| !(1..=12).contains(&grade)) {
        faults.add("grade", "out-of-range");
    }
    if !years_at(&mut tx, organisation, env.now()).await?.iter().any(|known| known.id == year) {
        faults.add("year_id", "unknown");
    }
    let folded: String = fold(&name).split_whitespace().collect();
    let taken: Option<(i64,)> =
        sql!("SELECT CAST(1 AS BIGINT) FROM class_group WHERE year_id = $1 AND organisation_id = $2 AND name_folded = $3")
            .bind(year)
            .bind(organisation)
            .bind(folded)
            .fetch_optional(&mut tx)
            .await?;
    if taken.is_some() {
        faults.add("name", "taken");
    }
    faults.check()?;
    let id = add_class_group(&mut tx, env, &grant, year, &name, grade).await?;
    let event = Event::about_organisation("class.created", organisation).with(json!({ "name": name }));
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    let grade = grade.or_else(|| grade_of(&name));
    Ok(ClassGroup { id, organisation_id: organisation, year_id: year, name, grade, pupils: 0, moved_on: 0 })
}
