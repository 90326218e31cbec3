//! The schools a class belongs to. Each is brought in by somebody who teaches there: a teacher of
//! another school is made a teacher of the class first, and then brings her own.

use content::lessons::OrganisationRef;
use db::sql;
use identity::access::{Caller, Denied, authorise};
use kernel::{ClassId, OrganisationId};
use serde_json::json;

use super::ClassError;
use super::change::record;
use super::rows::{ClassStanding, rows_of};
use crate::Classroom;
use crate::access::{CreateClass, TeachClass};

/// Most schools of a class.
const MOST: usize = 50;

/// Adds a school that the caller teaches at.
///
/// # Errors
/// [`ClassError`].
pub async fn add(
    classroom: &Classroom,
    caller: &Caller,
    class: ClassId,
    school: OrganisationId,
) -> Result<Vec<OrganisationRef>, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    authorise::<CreateClass>(&mut tx, caller, school).await?;
    let added = sql!(
        "INSERT INTO class_school (class_id, organisation_id, added_at) VALUES ($1, $2, $3) ON CONFLICT (class_id, organisation_id) DO NOTHING"
    )
    .bind(class)
    .bind(school)
    .bind(classroom.env().now())
    .execute(&mut tx)
    .await?;
    let now = rows_of(&mut tx, &[(class, ClassStanding::Waiting)]).await?.pop().map(|row| row.schools).unwrap_or_default();
    if now.len() > MOST {
        return Err(ClassError::Full);
    }
    if added > 0 {
        record(&mut tx, classroom, caller, ("teaching-class.school-added", class), json!({ "organisation": school })).await?;
    }
    tx.commit().await?;
    Ok(now)
}

/// Takes a school out of a class, if nobody learns in it for that school and it is not the last.
///
/// # Errors
/// [`ClassError`].
pub async fn remove(classroom: &Classroom, caller: &Caller, class: ClassId, school: OrganisationId) -> Result<(), ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    record(&mut tx, classroom, caller, ("teaching-class.school-removed", class), json!({ "organisation": school })).await?;
    let needed: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM class_member m JOIN organisation_closure c ON c.descendant_id = m.organisation_id
         WHERE m.class_id = $1 AND m.state = 'active' AND c.ancestor_id = $2 LIMIT 1"
    )
    .bind(class)
    .bind(school)
    .fetch_optional(&mut tx)
    .await?;
    let gone =
        sql!("DELETE FROM class_school WHERE class_id = $1 AND organisation_id = $2").bind(class).bind(school).execute(&mut tx).await?;
    if gone == 0 {
        return Err(Denied::NotFound.into());
    }
    let (left,): (i64,) = sql!("SELECT COUNT(*) FROM class_school WHERE class_id = $1").bind(class).fetch_one(&mut tx).await?;
    if needed.is_some() || left == 0 {
        return Err(ClassError::SchoolNeeded);
    }
    Ok(tx.commit().await?)
}
