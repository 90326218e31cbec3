//! Teams within a class: tests and tasks may be given to some of it.

use std::collections::{HashMap, HashSet};

use db::{Conn, DbError, WriteTx, sql};
use exchange::vietnamese::fold;
use identity::access::{Caller, Denied, authorise};
use identity::fault::{Faults, name};
use kernel::{ClassId, ClassMemberId, ClassTeamId};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::change::record;
use super::{ClassError, fault, members};
use crate::Classroom;
use crate::access::TeachClass;

/// Most teams of a class.
const MOST: i64 = 100;
/// Most characters of a name.
const LONGEST_NAME: usize = 60;

/// A team.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassTeam {
    /// Which.
    pub id: ClassTeamId,
    /// What it is called.
    pub name: String,
    /// Who is in it, of those the caller sees.
    pub members: Vec<ClassMemberId>,
}

/// What a team is called and who is in it.
#[derive(Clone, Debug, Default)]
pub struct TeamInput {
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: Vec<ClassMemberId>,
}

impl TeamInput {
    fn checked(&self) -> Result<Self, ClassError> {
        let mut faults = Faults::default();
        let name = faults.take("name", name(&self.name));
        if name.chars().count() > LONGEST_NAME {
            faults.add("name", "too-long");
        }
        faults.check()?;
        Ok(Self { name, members: self.members.clone() })
    }
}

/// The teams of a class by name. Who may not see somebody of a team does not see that she is in it.
///
/// # Errors
/// [`ClassError`].
pub async fn list(classroom: &Classroom, caller: &Caller, class: ClassId) -> Result<Vec<ClassTeam>, ClassError> {
    let seen: HashSet<ClassMemberId> = members::list(classroom, caller, class).await?.into_iter().map(|member| member.id).collect();
    let mut tx = classroom.env().db.read().await?;
    Ok(load(&mut tx, class, &seen).await?)
}

async fn load(conn: &mut Conn, class: ClassId, seen: &HashSet<ClassMemberId>) -> Result<Vec<ClassTeam>, DbError> {
    let teams: Vec<(ClassTeamId, String)> =
        sql!("SELECT id, name FROM class_team WHERE class_id = $1 ORDER BY name_key, id").bind(class).fetch_all(conn).await?;
    let rows: Vec<(ClassTeamId, ClassMemberId)> = sql!(
        "SELECT t.id, m.id FROM class_team t JOIN class_team_member x ON x.team_id = t.id JOIN class_member m ON m.id = x.member_id
         JOIN person p ON p.id = m.person_id
         WHERE t.class_id = $1 AND m.state = 'active' ORDER BY p.name_key, m.id"
    )
    .bind(class)
    .fetch_all(conn)
    .await?;
    let mut inside: HashMap<ClassTeamId, Vec<ClassMemberId>> = HashMap::new();
    for (team, member) in rows.into_iter().filter(|(_, member)| seen.contains(member)) {
        inside.entry(team).or_default().push(member);
    }
    Ok(teams.into_iter().map(|(id, name)| ClassTeam { id, name, members: inside.remove(&id).unwrap_or_default() }).collect())
}

async fn fill(tx: &mut WriteTx, class: ClassId, team: ClassTeamId, members: &[ClassMemberId]) -> Result<Vec<ClassMemberId>, DbError> {
    sql!("DELETE FROM class_team_member WHERE team_id = $1").bind(team).execute(tx).await?;
    let mut inside = Vec::new();
    for member in members {
        let put = sql!(
            "INSERT INTO class_team_member (team_id, member_id)
             SELECT $1, m.id FROM class_member m WHERE m.id = $2 AND m.class_id = $3 AND m.state = 'active'
             ON CONFLICT (team_id, member_id) DO NOTHING"
        )
        .bind(team)
        .bind(*member)
        .bind(class)
        .execute(tx)
        .await?;
        if put > 0 {
            inside.push(*member);
        }
    }
    Ok(inside)
}

fn taken(error: DbError) -> ClassError {
    match error {
        DbError::Unique => fault("name", "taken"),
        other => other.into(),
    }
}

/// Makes a team.
///
/// # Errors
/// [`ClassError`].
pub async fn create(classroom: &Classroom, caller: &Caller, class: ClassId, input: &TeamInput) -> Result<ClassTeam, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    let input = input.checked()?;
    let (count,): (i64,) = sql!("SELECT COUNT(*) FROM class_team WHERE class_id = $1").bind(class).fetch_one(&mut tx).await?;
    if count >= MOST {
        return Err(ClassError::Full);
    }
    let id: ClassTeamId = classroom.env().ids.make();
    sql!("INSERT INTO class_team (id, class_id, name, name_key) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(class)
        .bind(&input.name)
        .bind(fold(&input.name))
        .execute(&mut tx)
        .await
        .map_err(taken)?;
    let members = fill(&mut tx, class, id, &input.members).await?;
    record(&mut tx, classroom, caller, ("teaching-class.team-created", class), json!({ "team": id, "name": input.name })).await?;
    tx.commit().await?;
    Ok(ClassTeam { id, name: input.name, members })
}

/// Changes a team's name and members.
///
/// # Errors
/// [`ClassError`].
pub async fn change(
    classroom: &Classroom,
    caller: &Caller,
    class: ClassId,
    team: ClassTeamId,
    input: &TeamInput,
) -> Result<ClassTeam, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    let input = input.checked()?;
    let changed = sql!("UPDATE class_team SET name = $3, name_key = $4 WHERE id = $1 AND class_id = $2")
        .bind(team)
        .bind(class)
        .bind(&input.name)
        .bind(fold(&input.name))
        .execute(&mut tx)
        .await
        .map_err(taken)?;
    if changed == 0 {
        return Err(Denied::NotFound.into());
    }
    let members = fill(&mut tx, class, team, &input.members).await?;
    record(&mut tx, classroom, caller, ("teaching-class.team-changed", class), json!({ "team": team, "name": input.name })).await?;
    tx.commit().await?;
    Ok(ClassTeam { id: team, name: input.name, members })
}

/// Deletes a team; its members stay in the class.
///
/// # Errors
/// [`ClassError`].
pub async fn delete(classroom: &Classroom, caller: &Caller, class: ClassId, team: ClassTeamId) -> Result<(), ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    let gone = sql!("DELETE FROM class_team WHERE id = $1 AND class_id = $2").bind(team).bind(class).execute(&mut tx).await?;
    if gone == 0 {
        return Err(Denied::NotFound.into());
    }
    record(&mut tx, classroom, caller, ("teaching-class.team-deleted", class), json!({ "team": team })).await?;
    Ok(tx.commit().await?)
}
