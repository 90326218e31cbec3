//! A list of names or numbers, as a file or pasted: those of it who are pupils of the class's schools
//! come in; the others are told, not made.

use exchange::roster::Roster;
use identity::access::{Caller, Grant, SeePeople, authorise};
use identity::people::import::{Recognised, read_list, recognise};
use kernel::{ClassId, OrganisationId, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use super::members::add_in;
use super::{ClassError, MOST_MEMBERS};
use crate::Classroom;
use crate::access::TeachClass;

/// Most rows told of.
const TOLD: usize = 200;

/// Why a row put nobody into the class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnknownWhy {
    /// Nobody of the schools is so called or numbered.
    NotFound,
    /// Several are: a number or a date of birth would tell.
    Several,
    /// The person is no pupil there.
    NoPupil,
}

/// A row that put nobody into the class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnknownRow {
    /// Its line, as spreadsheets count.
    pub line: u32,
    /// The name or number read.
    pub name: String,
    /// Why.
    pub why: UnknownWhy,
}

/// What a list did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RosterResult {
    /// How many came in.
    pub added: usize,
    /// How many were in the class already.
    pub already: usize,
    /// The rows that put nobody in, the first 200.
    pub unknown: Vec<UnknownRow>,
}

/// Puts the pupils that a list names into a class.
///
/// # Errors
/// [`ClassError`].
pub async fn add_from_roster(classroom: &Classroom, caller: &Caller, class: ClassId, content: Vec<u8>) -> Result<RosterResult, ClassError> {
    let mut tx = classroom.env().db.read().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    drop(tx);
    let roster = read_list(content).await?;
    if roster.rows.len() as i64 > MOST_MEMBERS {
        return Err(ClassError::Full);
    }
    let mut tx = classroom.env().db.write().await?;
    let grant: Grant<TeachClass> = authorise(&mut tx, caller, class).await?;
    let schools: Vec<(OrganisationId,)> =
        db::sql!("SELECT organisation_id FROM class_school WHERE class_id = $1 ORDER BY added_at, organisation_id")
            .bind(class)
            .fetch_all(&mut tx)
            .await?;
    // A teacher's list is read with her eyes: of the schools whose people she may see.
    let mut answers = vec![Recognised::Nobody; roster.rows.len()];
    for (school,) in schools {
        let Ok(people) = authorise::<SeePeople>(&mut tx, caller, school).await else { continue };
        for (answer, found) in answers.iter_mut().zip(recognise(&mut tx, &people, &roster).await?) {
            *answer = answer.or(found);
        }
    }
    let mut out = RosterResult::default();
    let people: Vec<PersonId> = answers.iter().filter_map(Recognised::person).collect();
    for (row, answer) in answers.iter().enumerate() {
        let why = match answer {
            Recognised::Nobody => UnknownWhy::NotFound,
            Recognised::Several => UnknownWhy::Several,
            Recognised::One(person) if is_no_pupil(&mut tx, class, *person).await? => UnknownWhy::NoPupil,
            Recognised::One(_) => continue,
        };
        if out.unknown.len() < TOLD {
            out.unknown.push(told(&roster, row, why));
        }
    }
    let added = add_in(&mut tx, classroom, &grant, &people).await?;
    tx.commit().await?;
    out.added = added.added.len();
    out.already = added.already;
    Ok(out)
}

async fn is_no_pupil(conn: &mut db::Conn, class: ClassId, person: PersonId) -> Result<bool, ClassError> {
    Ok(super::members::place_of(conn, class, person).await?.is_none_or(|place| !place.is_within))
}

fn told(roster: &Roster, row: usize, why: UnknownWhy) -> UnknownRow {
    let row = &roster.rows[row];
    let person = &row.person;
    let name = person.full_name.clone().or_else(|| person.code.clone()).or_else(|| person.username.clone()).unwrap_or_default();
    UnknownRow { line: row.line, name, why }
}
