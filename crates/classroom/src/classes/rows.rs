//! Classes as shown.

use std::collections::HashMap;

use content::lessons::{OrganisationRef, PersonRef};
use content::sets::{GROUP, bind_group};
use db::{Conn, DbError, sql};
use identity::access::Caller;
use kernel::{ClassId, OrganisationId, OrganisationKind, PersonId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::ClassError;
use crate::access::Sight;

/// How the caller stands to a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClassStanding {
    /// Teaches it and answers for it.
    Owner,
    /// Teaches it.
    Teacher,
    /// Learns in it.
    Member,
    /// Asked to be let in.
    Waiting,
    /// Administers a school of it.
    Administrator,
    /// Heads a school of it.
    SchoolHead,
}

impl From<Sight> for ClassStanding {
    fn from(sight: Sight) -> Self {
        match sight {
            Sight::Owner => Self::Owner,
            Sight::Teacher => Self::Teacher,
            Sight::Member => Self::Member,
            Sight::Administrator => Self::Administrator,
            Sight::Head => Self::SchoolHead,
        }
    }
}

kernel::words! {
    /// Who comes in by the code.
    JoinPolicy, "join policy" {
        /// Nobody: there is no code.
        Closed = "closed",
        /// Pupils of its schools at once; those of other schools wait for a teacher.
        Open = "open",
        /// Everybody waits for a teacher.
        Approve = "approve",
    }
}

/// What a teacher is to a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TeacherRole {
    /// Answers for it: the others cannot remove her.
    Owner,
    /// Teaches it.
    Teacher,
}

/// A teacher of a class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassTeacher {
    /// Who.
    pub person: PersonRef,
    /// What she is to the class.
    pub role: TeacherRole,
}

/// How pupils come in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JoinSettings {
    /// Who comes in by the code.
    pub policy: JoinPolicy,
    /// What pupils type, in capitals; null while nobody may.
    pub code: Option<String>,
}

/// A class in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassRow {
    /// Which.
    pub id: ClassId,
    /// What it is called.
    pub name: String,
    /// A code of the curriculum.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<i64>,
    /// How the caller stands to it.
    pub standing: ClassStanding,
    /// The schools it belongs to.
    pub schools: Vec<OrganisationRef>,
    /// Who teaches it, the owner first.
    pub teachers: Vec<ClassTeacher>,
    /// How many learn in it.
    pub member_count: i64,
    /// How many ask to be let in; told to its teachers only.
    pub waiting_count: i64,
    /// When it was put away, if it was.
    pub archived_at: Option<Timestamp>,
    /// Since when it is there.
    pub created_at: Timestamp,
}

/// A class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassDetail {
    /// As in a list.
    #[serde(flatten)]
    pub row: ClassRow,
    /// How pupils come in; told to its teachers only.
    pub join: Option<JoinSettings>,
}

#[derive(sqlx::FromRow)]
struct Source {
    id: ClassId,
    name: String,
    subject: Option<String>,
    grade: Option<i64>,
    archived_at: Option<Timestamp>,
    created_at: Timestamp,
    member_count: i64,
    waiting_count: i64,
}

/// The classes with these ids and how the caller stands to each, in this order.
pub(super) async fn rows_of(conn: &mut Conn, wanted: &[(ClassId, ClassStanding)]) -> Result<Vec<ClassRow>, DbError> {
    let ids: Vec<ClassId> = wanted.iter().map(|(id, _)| *id).collect();
    let mut sources: HashMap<ClassId, Source> = HashMap::new();
    let mut schools: HashMap<ClassId, Vec<OrganisationRef>> = HashMap::new();
    let mut teachers: HashMap<ClassId, Vec<ClassTeacher>> = HashMap::new();
    for group in ids.chunks(GROUP) {
        let found: Vec<Source> = bind_group(
            sql!(
                "SELECT c.id, c.name, c.subject, c.grade, c.archived_at, c.created_at,
                   (SELECT COUNT(*) FROM class_member m WHERE m.class_id = c.id AND m.state = 'active') AS member_count,
                   (SELECT COUNT(*) FROM class_member m WHERE m.class_id = c.id AND m.state = 'waiting') AS waiting_count
                 FROM class c WHERE c.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                   $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        sources.extend(found.into_iter().map(|source| (source.id, source)));
        let found: Vec<(ClassId, OrganisationId, String, String, Option<String>)> = bind_group(
            sql!(
                "SELECT s.class_id, o.id, o.name, o.kind, o.code FROM class_school s JOIN organisation o ON o.id = s.organisation_id
                 WHERE s.class_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                   $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 ORDER BY s.added_at, o.name_folded, o.id"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (class, id, name, kind, code) in found {
            schools.entry(class).or_default().push(OrganisationRef { id, name, kind: OrganisationKind::try_from(kind)?, code });
        }
        let found: Vec<(ClassId, PersonId, String, String)> = bind_group(
            sql!(
                "SELECT t.class_id, p.id, p.display_name, t.role FROM class_teacher t JOIN person p ON p.id = t.person_id
                 WHERE t.class_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                   $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 ORDER BY CASE WHEN t.role = 'owner' THEN 0 ELSE 1 END, p.name_key, p.id"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (class, id, display_name, role) in found {
            let role = if role == "owner" { TeacherRole::Owner } else { TeacherRole::Teacher };
            teachers.entry(class).or_default().push(ClassTeacher { person: PersonRef { id, display_name }, role });
        }
    }
    let shown = wanted.iter().filter_map(|(id, standing)| {
        let source = sources.remove(id)?;
        let teaches = matches!(standing, ClassStanding::Owner | ClassStanding::Teacher);
        Some(ClassRow {
            id: source.id,
            name: source.name,
            subject: source.subject,
            grade: source.grade,
            standing: *standing,
            schools: schools.remove(id).unwrap_or_default(),
            teachers: teachers.remove(id).unwrap_or_default(),
            member_count: source.member_count,
            waiting_count: if teaches { source.waiting_count } else { 0 },
            archived_at: source.archived_at,
            created_at: source.created_at,
        })
    });
    Ok(shown.collect())
}

/// One class as the caller, who may see it, does.
pub(super) async fn detail(conn: &mut Conn, caller: &Caller, class: ClassId) -> Result<ClassDetail, ClassError> {
    let missing = || ClassError::Denied(identity::access::Denied::NotFound);
    let sight = crate::access::sight(conn, caller, class).await?.ok_or_else(missing)?;
    let row = rows_of(conn, &[(class, sight.into())]).await?.pop().ok_or_else(missing)?;
    let join = if sight.teaches() { Some(join_settings(conn, class).await?) } else { None };
    Ok(ClassDetail { row, join })
}

pub(super) async fn join_settings(conn: &mut Conn, class: ClassId) -> Result<JoinSettings, DbError> {
    let (policy, code): (String, Option<String>) =
        sql!("SELECT join_policy, join_code FROM class WHERE id = $1").bind(class).fetch_one(conn).await?;
    Ok(JoinSettings { policy: JoinPolicy::try_from(policy)?, code: code.map(|code| code.to_uppercase()) })
}
