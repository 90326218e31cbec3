use db::{WriteTx, sql};
use exchange::vietnamese::{fold, text_sort_key};
use identity::access::{Caller, Denied, Grant, authorise};
use identity::audit::{self, Event};
use identity::fault::{Faults, name};
use kernel::{ClassId, OrganisationId};
use serde_json::{Value, json};

use super::rows::detail;
use super::{ClassDetail, ClassError, JoinPolicy, joining};
use crate::Classroom;
use crate::access::{CreateClass, SeeClass, TeachClass};

/// Most characters of a class's name.
const LONGEST_NAME: usize = 100;

/// What a class is called and about.
#[derive(Clone, Debug, Default)]
pub struct ClassInput {
    /// Its name.
    pub name: String,
    /// A code of the curriculum.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<i64>,
}

impl ClassInput {
    fn checked(&self, classroom: &Classroom) -> Result<Self, ClassError> {
        let mut faults = Faults::default();
        let name = faults.take("name", name(&self.name));
        if name.chars().count() > LONGEST_NAME {
            faults.add("name", "too-long");
        }
        if self.subject.as_ref().is_some_and(|code| classroom.questions.content.curriculum.lookup_subject(code).is_none()) {
            faults.add("subject", "unknown");
        }
        if self.grade.is_some_and(|grade| !(1..=12).contains(&grade)) {
            faults.add("grade", "out-of-range");
        }
        faults.check()?;
        Ok(Self { name, ..self.clone() })
    }
}

/// Writes down what was done to a class, in the log of the school that was its first.
pub(super) async fn record(
    tx: &mut WriteTx,
    classroom: &Classroom,
    caller: &Caller,
    (action, class): (&'static str, ClassId),
    facts: Value,
) -> Result<(), ClassError> {
    let school: Option<(OrganisationId,)> =
        sql!("SELECT organisation_id FROM class_school WHERE class_id = $1 ORDER BY added_at, organisation_id LIMIT 1")
            .bind(class)
            .fetch_optional(tx)
            .await?;
    let event =
        Event { action, subject_kind: "class", subject_id: Some(class.as_uuid()), organisation: school.map(|(id,)| id), detail: facts };
    Ok(audit::record(tx, classroom.env(), caller, event).await?)
}

/// Makes a class of a school, with the caller as its owner and a code for the school's pupils.
///
/// # Errors
/// [`ClassError`].
pub async fn create(classroom: &Classroom, caller: &Caller, school: OrganisationId, input: &ClassInput) -> Result<ClassDetail, ClassError> {
    let input = input.checked(classroom)?;
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    let grant: Grant<CreateClass> = authorise(&mut tx, caller, school).await?;
    let Some(owner) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    let id: ClassId = env.ids.make();
    sql!(
        "INSERT INTO class (id, name, name_folded, name_key, subject, grade, join_code, join_policy, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9)"
    )
    .bind(id)
    .bind(&input.name)
    .bind(fold(&input.name))
    .bind(text_sort_key(&input.name))
    .bind(input.subject.as_deref())
    .bind(input.grade)
    .bind(JoinPolicy::Closed.as_str())
    .bind(owner)
    .bind(env.now())
    .execute(&mut tx)
    .await?;
    sql!("INSERT INTO class_school (class_id, organisation_id, added_at) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(*grant.scope())
        .bind(env.now())
        .execute(&mut tx)
        .await?;
    sql!("INSERT INTO class_teacher (class_id, person_id, role, added_at) VALUES ($1, $2, 'owner', $3)")
        .bind(id)
        .bind(owner)
        .bind(env.now())
        .execute(&mut tx)
        .await?;
    joining::set(&mut tx, id, JoinPolicy::Open).await?;
    record(&mut tx, classroom, caller, ("teaching-class.created", id), json!({ "name": input.name })).await?;
    let made = detail(&mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(made)
}

/// A class the caller may see.
///
/// # Errors
/// [`ClassError`].
pub async fn get(classroom: &Classroom, caller: &Caller, class: ClassId) -> Result<ClassDetail, ClassError> {
    let mut tx = classroom.env().db.read().await?;
    authorise::<SeeClass>(&mut tx, caller, class).await?;
    detail(&mut tx, caller, class).await
}

/// Changes what a class is called and about.
///
/// # Errors
/// [`ClassError`].
pub async fn change(classroom: &Classroom, caller: &Caller, class: ClassId, input: &ClassInput) -> Result<ClassDetail, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    let input = input.checked(classroom)?;
    sql!("UPDATE class SET name = $2, name_folded = $3, name_key = $4, subject = $5, grade = $6 WHERE id = $1")
        .bind(class)
        .bind(&input.name)
        .bind(fold(&input.name))
        .bind(text_sort_key(&input.name))
        .bind(input.subject.as_deref())
        .bind(input.grade)
        .execute(&mut tx)
        .await?;
    record(&mut tx, classroom, caller, ("teaching-class.changed", class), json!({ "name": input.name })).await?;
    let changed = detail(&mut tx, caller, class).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Puts a class away: it is not listed among those in use, and its code opens nothing.
///
/// # Errors
/// [`ClassError`].
pub async fn archive(classroom: &Classroom, caller: &Caller, class: ClassId) -> Result<(), ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    let changed = sql!("UPDATE class SET archived_at = $2 WHERE id = $1 AND archived_at IS NULL")
        .bind(class)
        .bind(classroom.env().now())
        .execute(&mut tx)
        .await?;
    if changed > 0 {
        record(&mut tx, classroom, caller, ("teaching-class.archived", class), json!({})).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a class out again.
///
/// # Errors
/// [`ClassError`].
pub async fn restore(classroom: &Classroom, caller: &Caller, class: ClassId) -> Result<(), ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    let changed =
        sql!("UPDATE class SET archived_at = NULL WHERE id = $1 AND archived_at IS NOT NULL").bind(class).execute(&mut tx).await?;
    if changed > 0 {
        record(&mut tx, classroom, caller, ("teaching-class.restored", class), json!({})).await?;
    }
    Ok(tx.commit().await?)
}
