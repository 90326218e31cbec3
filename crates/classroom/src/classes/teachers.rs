//! Who teaches a class.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use kernel::{ClassId, PersonId};
use serde_json::json;

use super::change::record;
use super::rows::rows_of;
use super::{ClassError, ClassStanding, ClassTeacher, fault};
use crate::Classroom;
use crate::access::StaffClass;

/// Most teachers of a class.
const MOST: usize = 50;

/// A teacher to add.
#[derive(Clone, Debug)]
pub enum NewTeacher {
    /// A colleague found by search.
    Person(PersonId),
    /// Somebody of any school, by what she signs in with: so a guest from elsewhere is invited.
    Username(String),
}

/// Who teaches somewhere, at whatever school.
async fn teaching(conn: &mut Conn, new: &NewTeacher) -> Result<Option<PersonId>, DbError> {
    let (person, username) = match new {
        NewTeacher::Person(person) => (Some(*person), None),
        NewTeacher::Username(username) => (None, Some(username.trim().to_lowercase())),
    };
    let found: Option<(PersonId,)> = sql!(
        "SELECT p.id FROM person p WHERE (p.id = $1 OR p.username = $2) AND p.state = 'active' AND p.erased_at IS NULL
           AND EXISTS (SELECT 1 FROM role_assignment r WHERE r.person_id = p.id AND r.until_at IS NULL
             AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher'))"
    )
    .bind(person)
    .bind(username)
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|(id,)| id))
}

async fn list(conn: &mut Conn, class: ClassId) -> Result<Vec<ClassTeacher>, DbError> {
    Ok(rows_of(conn, &[(class, ClassStanding::Waiting)]).await?.pop().map(|row| row.teachers).unwrap_or_default())
}

/// Adds a teacher; in a class without an owner she becomes it. Who learns in it does not teach it.
///
/// # Errors
/// [`ClassError`]; somebody who teaches nowhere is as unknown as nobody.
pub async fn add(classroom: &Classroom, caller: &Caller, class: ClassId, new: &NewTeacher) -> Result<Vec<ClassTeacher>, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<StaffClass>(&mut tx, caller, class).await?;
    let field = match new {
        NewTeacher::Person(_) => "person_id",
        NewTeacher::Username(_) => "username",
    };
    let Some(person) = teaching(&mut tx, new).await? else { return Err(fault(field, "unknown")) };
    let before = list(&mut tx, class).await?;
    if before.len() >= MOST {
        return Err(ClassError::Full);
    }
    let added = sql!(
        "INSERT INTO class_teacher (class_id, person_id, role, added_at)
         SELECT $1, $2, CASE WHEN EXISTS (SELECT 1 FROM class_teacher t WHERE t.class_id = $1 AND t.role = 'owner') THEN 'teacher' ELSE 'owner' END, $3
         FROM class c WHERE c.id = $1
         ON CONFLICT (class_id, person_id) DO NOTHING"
    )
    .bind(class)
    .bind(person)
    .bind(classroom.env().now())
    .execute(&mut tx)
    .await?;
    if added > 0 {
        record(&mut tx, classroom, caller, ("teaching-class.teacher-added", class), json!({ "person": person })).await?;
    }
    let now = list(&mut tx, class).await?;
    tx.commit().await?;
    Ok(now)
}

/// Removes a teacher; oneself too. The owner hands the class over first.
///
/// # Errors
/// [`ClassError`].
pub async fn remove(classroom: &Classroom, caller: &Caller, class: ClassId, person: PersonId) -> Result<(), ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<StaffClass>(&mut tx, caller, class).await?;
    let role: Option<(String,)> = sql!("SELECT role FROM class_teacher WHERE class_id = $1 AND person_id = $2")
        .bind(class)
        .bind(person)
        .fetch_optional(&mut tx)
        .await?;
    match role.as_ref().map(|(role,)| role.as_str()) {
        None => return Err(Denied::NotFound.into()),
        Some("owner") => return Err(ClassError::OwnerStays),
        Some(_) => {}
    }
    sql!("DELETE FROM class_teacher WHERE class_id = $1 AND person_id = $2").bind(class).bind(person).execute(&mut tx).await?;
    record(&mut tx, classroom, caller, ("teaching-class.teacher-removed", class), json!({ "person": person })).await?;
    Ok(tx.commit().await?)
}

/// Makes one of the teachers the owner: said by the owner, or by an administrator of a school of the
/// class when she has gone.
///
/// # Errors
/// [`ClassError`].
pub async fn hand_over(classroom: &Classroom, caller: &Caller, class: ClassId, person: PersonId) -> Result<Vec<ClassTeacher>, ClassError> {
    use crate::access::{Sight, sight};
    let mut tx = classroom.env().db.write().await?;
    authorise::<StaffClass>(&mut tx, caller, class).await?;
    if !matches!(sight(&mut tx, caller, class).await?, Some(Sight::Owner | Sight::Administrator)) {
        return Err(Denied::Forbidden.into());
    }
    let now = list(&mut tx, class).await?;
    if !now.iter().any(|teacher| teacher.person.id == person) {
        return Err(Denied::NotFound.into());
    }
    sql!("UPDATE class_teacher SET role = CASE WHEN person_id = $2 THEN 'owner' ELSE 'teacher' END WHERE class_id = $1")
        .bind(class)
        .bind(person)
        .execute(&mut tx)
        .await?;
    record(&mut tx, classroom, caller, ("teaching-class.handed-over", class), json!({ "person": person })).await?;
    let now = list(&mut tx, class).await?;
    tx.commit().await?;
    Ok(now)
}
