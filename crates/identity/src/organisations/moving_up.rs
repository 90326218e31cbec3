use db::{DbError, Env, WriteTx, sql};
use kernel::{ClassGroupId, EnrolmentId, OrganisationId, PersonId, Role, SchoolYearId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::years::years_at;
use super::{OrganisationError, add_class_group};
use crate::access::{Caller, Grant, ManagePeople, authorise};
use crate::audit::{self, Event};
use crate::fault::{self, Faults};
use crate::people::EnrolmentEnd;

/// Where a class goes at the end of a year.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ClassMove {
    /// The class of the old year.
    pub from_class_id: ClassGroupId,
    /// Its name in the new year; null: its pupils leave the school.
    #[serde(default)]
    pub to_name: Option<String>,
}

/// What moving up did.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct MovedUp {
    /// Pupils now in a class of the new year.
    pub moved: i64,
    /// Pupils who left.
    pub left: i64,
}

/// Moves the pupils of whole classes into the next school year; their history stays.
///
/// # Errors
/// [`OrganisationError`]; nothing is moved then.
pub async fn move_up(
    env: &Env,
    caller: &Caller,
    organisation: OrganisationId,
    from: SchoolYearId,
    to: SchoolYearId,
    classes: &[ClassMove],
) -> Result<MovedUp, OrganisationError> {
    let mut tx = env.db.write().await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, organisation).await?;
    let years = years_at(&mut tx, organisation, env.now()).await?;
    let mut faults = Faults::default();
    for (field, year) in [("from_year_id", from), ("to_year_id", to)] {
        if !years.iter().any(|known| known.id == year) {
            faults.add(field, "unknown");
        }
    }
    if from == to {
        faults.add("to_year_id", "same-year");
    }
    if classes.is_empty() || classes.len() > 500 {
        faults.add("classes", "out-of-range");
    }
    faults.check()?;
    let mut done = MovedUp::default();
    for class in classes {
        let known: Option<(i64,)> =
            sql!("SELECT CAST(1 AS BIGINT) FROM class_group WHERE id = $1 AND organisation_id = $2 AND year_id = $3")
                .bind(class.from_class_id)
                .bind(organisation)
                .bind(from)
                .fetch_optional(&mut tx)
                .await?;
        if known.is_none() {
            return Err(OrganisationError::fault("classes", "unknown-class"));
        }
        let pupils: Vec<(EnrolmentId, PersonId)> =
            sql!("SELECT id, person_id FROM enrolment WHERE class_group_id = $1 AND until_at IS NULL AND role = 'pupil' ORDER BY id")
                .bind(class.from_class_id)
                .fetch_all(&mut tx)
                .await?;
        let target = match &class.to_name {
            None => None,
            Some(name) => {
                let name = fault::optional_line(Some(name), 40)
                    .and_then(|name| name.ok_or("missing"))
                    .map_err(|code| OrganisationError::fault("classes", code))?;
                Some(add_class_group(&mut tx, env, &grant, to, &name, None).await?)
            }
        };
        for (enrolment, pupil) in pupils {
            let end = if target.is_some() { EnrolmentEnd::MovedUp } else { EnrolmentEnd::Finished };
            if !end_enrolment(&mut tx, env, enrolment, end).await? {
                continue;
            }
            match target {
                Some(target) => {
                    begin_enrolment(&mut tx, env, &grant, pupil, to, target).await?;
                    done.moved += 1;
                }
                None => {
                    crate::people::end_role(&mut tx, env, pupil, organisation, Role::Pupil, EnrolmentEnd::Finished).await?;
                    done.left += 1;
                }
            }
        }
    }
    let event = Event::about_organisation("year.moved-up", organisation).with(json!({ "moved": done.moved, "left": done.left }));
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok(done)
}

/// False when somebody moved the pupil at the same moment: she is not enrolled twice.
async fn end_enrolment(tx: &mut WriteTx, env: &Env, enrolment: EnrolmentId, end: EnrolmentEnd) -> Result<bool, DbError> {
    let ended = sql!("UPDATE enrolment SET until_at = $2, ended_by = $3 WHERE id = $1 AND until_at IS NULL")
        .bind(enrolment)
        .bind(env.now())
        .bind(end.as_str())
        .execute(tx)
        .await?;
    Ok(ended == 1)
}

async fn begin_enrolment(
    tx: &mut WriteTx,
    env: &Env,
    grant: &Grant<ManagePeople>,
    pupil: PersonId,
    year: SchoolYearId,
    class: ClassGroupId,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO enrolment (id, person_id, organisation_id, year_id, class_group_id, role, reason, from_at)
         VALUES ($1, $2, $3, $4, $5, 'pupil', 'moved_up', $6)"
    )
    .bind(env.ids.make::<EnrolmentId>())
    .bind(pupil)
    .bind(*grant.scope())
    .bind(year)
    .bind(class)
    .bind(env.now())
    .execute(tx)
    .await?;
    Ok(())
}
