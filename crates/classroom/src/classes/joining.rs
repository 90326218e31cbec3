//! How pupils come into a class by themselves: a code of six letters, typed, or read from a link or QR.

use content::lessons::{OrganisationRef, PersonRef};
use db::{Conn, DbError, WriteTx, sql};
use identity::access::{Caller, Denied, authorise};
use identity::sign_in::guesses;
use kernel::{ClassId, PersonId, Secret};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::change::record;
use super::members::{self, MemberState};
use super::rows::{ClassStanding, join_settings, rows_of};
use super::{ClassError, JoinPolicy, JoinSettings};
use crate::Classroom;
use crate::access::{TeachClass, sight};

/// Letters of a code: one in some hundred million is right.
const CODE_LETTERS: usize = 6;

/// What somebody with a code is told before she joins.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// The class.
    pub class_id: ClassId,
    /// What it is called.
    pub name: String,
    /// A code of the curriculum.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<i64>,
    /// Who teaches it.
    pub teachers: Vec<PersonRef>,
    /// The schools it belongs to.
    pub schools: Vec<OrganisationRef>,
    /// How the caller stands to it already, if at all.
    pub standing: Option<ClassStanding>,
    /// Whether she would have to wait for a teacher.
    pub waits: bool,
}

/// What became of joining.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Joined {
    /// The class.
    pub class_id: ClassId,
    /// In it, or waiting for a teacher.
    pub state: MemberState,
}

/// Gives a class a policy, and a code where it needs one and has none.
pub(super) async fn set(tx: &mut WriteTx, class: ClassId, policy: JoinPolicy) -> Result<(), ClassError> {
    sql!("UPDATE class SET join_policy = $2, join_code = CASE WHEN $2 = 'closed' THEN NULL ELSE join_code END WHERE id = $1")
        .bind(class)
        .bind(policy.as_str())
        .execute(tx)
        .await?;
    if policy != JoinPolicy::Closed && join_settings(tx, class).await?.code.is_none() {
        give_code(tx, class).await?;
    }
    Ok(())
}

async fn give_code(tx: &mut WriteTx, class: ClassId) -> Result<(), ClassError> {
    loop {
        let code = Secret::readable(CODE_LETTERS).map_err(|error| ClassError::Inside(error.to_string()))?;
        let taken: Option<(ClassId,)> = sql!("SELECT id FROM class WHERE join_code = $1").bind(code.reveal()).fetch_optional(tx).await?;
        if taken.is_none() {
            sql!("UPDATE class SET join_code = $2 WHERE id = $1").bind(class).bind(code.reveal()).execute(tx).await?;
            return Ok(());
        }
    }
}

/// Says who comes in by the code.
///
/// # Errors
/// [`ClassError`].
pub async fn set_policy(classroom: &Classroom, caller: &Caller, class: ClassId, policy: JoinPolicy) -> Result<JoinSettings, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    set(&mut tx, class, policy).await?;
    record(&mut tx, classroom, caller, ("teaching-class.join-changed", class), json!({ "policy": policy })).await?;
    let settings = join_settings(&mut tx, class).await?;
    tx.commit().await?;
    Ok(settings)
}

/// Gives a class a new code: the old one, and links with it, open nothing any more.
///
/// # Errors
/// [`ClassError`].
pub async fn renew_code(classroom: &Classroom, caller: &Caller, class: ClassId) -> Result<JoinSettings, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    if join_settings(&mut tx, class).await?.policy != JoinPolicy::Closed {
        give_code(&mut tx, class).await?;
        record(&mut tx, classroom, caller, ("teaching-class.code-renewed", class), json!({})).await?;
    }
    let settings = join_settings(&mut tx, class).await?;
    tx.commit().await?;
    Ok(settings)
}

/// The code as it is kept: people type it with spaces, dashes and capitals.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).take(CODE_LETTERS + 1).collect::<String>().to_lowercase()
}

/// The class that a code opens. Wrong codes are counted like wrong passwords.
async fn opened(classroom: &Classroom, caller: &Caller, code: &str) -> Result<(ClassId, PersonId), ClassError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let env = classroom.env();
    guesses::count(env, caller).await?;
    let mut tx = env.db.read().await?;
    let found: Option<(ClassId,)> = sql!("SELECT id FROM class WHERE join_code = $1 AND join_policy <> 'closed' AND archived_at IS NULL")
        .bind(plain(code))
        .fetch_optional(&mut tx)
        .await?;
    drop(tx);
    match found {
        Some((class,)) => {
            guesses::was_right(env, caller).await?;
            Ok((class, person))
        }
        None => {
            guesses::was_wrong(env, caller).await?;
            Err(Denied::NotFound.into())
        }
    }
}

/// How somebody stands to a class, waiting ones too.
async fn standing(conn: &mut Conn, caller: &Caller, class: ClassId) -> Result<Option<ClassStanding>, DbError> {
    let near = sight(conn, caller, class).await?;
    let waiting: Option<(i64,)> =
        sql!("SELECT CAST(1 AS BIGINT) FROM class_member WHERE class_id = $1 AND person_id = $2 AND state = 'waiting'")
            .bind(class)
            .bind(caller.person_id())
            .fetch_optional(conn)
            .await?;
    Ok(near.map(ClassStanding::from).or(waiting.map(|_| ClassStanding::Waiting)))
}

/// What a code opens.
///
/// # Errors
/// [`ClassError`]; an unknown code and one of a class that takes nobody are told alike.
pub async fn invitation(classroom: &Classroom, caller: &Caller, code: &str) -> Result<Invitation, ClassError> {
    let (class, person) = opened(classroom, caller, code).await?;
    let mut tx = classroom.env().db.read().await?;
    let standing = standing(&mut tx, caller, class).await?;
    let waits = match members::place_of(&mut tx, class, person).await? {
        Some(place) => arrival(&mut tx, class, person, &place).await? == MemberState::Waiting,
        None => false,
    };
    let row = rows_of(&mut tx, &[(class, ClassStanding::Waiting)]).await?.pop().ok_or(Denied::NotFound)?;
    Ok(Invitation {
        class_id: class,
        name: row.name,
        subject: row.subject,
        grade: row.grade,
        teachers: row.teachers.into_iter().map(|teacher| teacher.person).collect(),
        schools: row.schools,
        standing,
        waits,
    })
}

/// Whether somebody is let in at once: a pupil of the class's schools is, if it is open. Who was
/// removed, or comes from another school, waits for a teacher.
async fn arrival(conn: &mut Conn, class: ClassId, person: PersonId, place: &members::PupilPlace) -> Result<MemberState, DbError> {
    let left: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM class_member WHERE class_id = $1 AND person_id = $2 AND state = 'left'")
        .bind(class)
        .bind(person)
        .fetch_optional(conn)
        .await?;
    let policy = join_settings(conn, class).await?.policy;
    Ok(if policy == JoinPolicy::Open && place.is_within && left.is_none() { MemberState::Active } else { MemberState::Waiting })
}

/// Joins the class that a code opens. Who is in it already stays as she is.
///
/// # Errors
/// [`ClassError`].
pub async fn join(classroom: &Classroom, caller: &Caller, code: &str) -> Result<Joined, ClassError> {
    let (class, person) = opened(classroom, caller, code).await?;
    let mut tx = classroom.env().db.write().await?;
    match standing(&mut tx, caller, class).await? {
        Some(ClassStanding::Owner | ClassStanding::Teacher) => return Err(ClassError::TeachesIt),
        Some(ClassStanding::Member) => return Ok(Joined { class_id: class, state: MemberState::Active }),
        Some(ClassStanding::Waiting) => return Ok(Joined { class_id: class, state: MemberState::Waiting }),
        _ => {}
    }
    let Some(place) = members::place_of(&mut tx, class, person).await? else { return Err(ClassError::PupilsOnly) };
    let state = arrival(&mut tx, class, person, &place).await?;
    members::put(&mut tx, classroom, class, person, &place, state).await?;
    members::check_room(&mut tx, class).await?;
    record(&mut tx, classroom, caller, ("teaching-class.joined", class), json!({ "state": state })).await?;
    tx.commit().await?;
    Ok(Joined { class_id: class, state })
}
