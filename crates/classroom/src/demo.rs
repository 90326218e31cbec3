//! The demo school's classes, of `content/demo/classes.json`.

use db::{DbError, sql};
use identity::access::{Caller, SignedIn};
use kernel::{ClassMemberId, DeviceId, OrganisationId, PersonId};
use serde::Deserialize;

use crate::Classroom;
use crate::classes::teachers::{self, NewTeacher};
use crate::classes::teams::{self, TeamInput};
use crate::classes::{self, ClassError, ClassFilter, ClassInput, members, schools};

const CLASSES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/demo/classes.json"));

#[derive(Debug, Deserialize)]
struct DemoClass {
    name: String,
    subject: Option<String>,
    grade: Option<i64>,
    owner: String,
    teachers: Vec<String>,
    /// The first is the owner's.
    schools: Vec<DemoSchool>,
    teams: Vec<DemoTeam>,
}

/// A school of a class, brought in with its pupils by one of its teachers.
#[derive(Debug, Deserialize)]
struct DemoSchool {
    code: String,
    by: String,
    pupils: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct DemoTeam {
    name: String,
    members: Vec<String>,
}

/// Why the demo's classes cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The file is not what its description says.
    #[error("content/demo/classes.json: {0}")]
    Shape(String),
    /// A class was refused.
    #[error(transparent)]
    Class(#[from] ClassError),
}

impl From<DbError> for DemoError {
    fn from(error: DbError) -> Self {
        Self::Class(error.into())
    }
}

async fn person(classroom: &Classroom, username: &str) -> Result<PersonId, DemoError> {
    let mut tx = classroom.env().db.read().await?;
    let found: Option<(PersonId,)> = sql!("SELECT id FROM person WHERE username = $1").bind(username).fetch_optional(&mut tx).await?;
    found.map(|(id,)| id).ok_or_else(|| DemoError::Shape(format!("nobody is called {username}")))
}

async fn caller(classroom: &Classroom, username: &str) -> Result<Caller, DemoError> {
    let person_id = person(classroom, username).await?;
    Ok(Caller::Person(SignedIn { person_id, device_id: classroom.env().ids.make::<DeviceId>(), address: String::new() }))
}

async fn people(classroom: &Classroom, usernames: &[String]) -> Result<Vec<PersonId>, DemoError> {
    let mut ids = Vec::with_capacity(usernames.len());
    for username in usernames {
        ids.push(person(classroom, username).await?);
    }
    Ok(ids)
}

async fn school(classroom: &Classroom, code: &str) -> Result<OrganisationId, DemoError> {
    let mut tx = classroom.env().db.read().await?;
    let found = identity::organisations::lookup_by_code(&mut tx, code).await?;
    found.ok_or_else(|| DemoError::Shape(format!("no organisation {code}")))
}

/// Makes the demo's classes; those of a name that their owner has already stay as they are.
///
/// # Errors
/// [`DemoError`].
pub async fn load(classroom: &Classroom) -> Result<(), DemoError> {
    let all: Vec<DemoClass> = serde_json::from_str(CLASSES).map_err(|error| DemoError::Shape(error.to_string()))?;
    for class in all {
        load_one(classroom, &class).await?;
    }
    Ok(())
}

async fn load_one(classroom: &Classroom, class: &DemoClass) -> Result<(), DemoError> {
    let owner = caller(classroom, &class.owner).await?;
    let filter = ClassFilter { text: class.name.clone(), ..ClassFilter::default() };
    let there = classes::list(classroom, &owner, &filter, None, kernel::PageLimit::asked(None)).await?;
    let Some(first) = class.schools.first().filter(|_| there.items.is_empty()) else { return Ok(()) };
    let input = ClassInput { name: class.name.clone(), subject: class.subject.clone(), grade: class.grade };
    let id = classes::create(classroom, &owner, school(classroom, &first.code).await?, &input).await?.row.id;
    for username in &class.teachers {
        teachers::add(classroom, &owner, id, &NewTeacher::Username(username.clone())).await?;
    }
    for part in &class.schools {
        let by = caller(classroom, &part.by).await?;
        schools::add(classroom, &by, id, school(classroom, &part.code).await?).await?;
        members::add(classroom, &by, id, &people(classroom, &part.pupils).await?).await?;
    }
    let inside = members::list(classroom, &owner, id).await?;
    for team in &class.teams {
        let wanted = people(classroom, &team.members).await?;
        let is_wanted = |member: &&members::ClassMember| member.person_id.is_some_and(|id| wanted.contains(&id));
        let members: Vec<ClassMemberId> = inside.iter().filter(is_wanted).map(|member| member.id).collect();
        teams::create(classroom, &owner, id, &TeamInput { name: team.name.clone(), members }).await?;
    }
    Ok(())
}
