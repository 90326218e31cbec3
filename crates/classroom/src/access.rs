//! Who may see, teach and staff a class. The view `class_sight` is the first of these rules as a
//! relation, for lists.

use db::{Conn, DbError, sql};
use identity::access::{AuthorLessons, Caller, Capability, Decision};
use kernel::{ClassId, OrganisationId};

/// May see a class: its teachers, its members, and those who look after a school it belongs to.
#[derive(Debug)]
pub struct SeeClass;
/// May teach a class: change it, its roster and its tests. Its teachers only.
#[derive(Debug)]
pub struct TeachClass;
/// May say who teaches a class: its teachers, and administrators of a school it belongs to, so that
/// no class is left without anybody.
#[derive(Debug)]
pub struct StaffClass;
/// May make a class in the name of a school: whoever writes lessons in its name.
#[derive(Debug)]
pub struct CreateClass;

/// How somebody stands to a class; the nearest way counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Oversees a school of it, without managing the school's people.
    Head,
    /// Administers a school of it.
    Administrator,
    /// Learns in it.
    Member,
    /// Teaches it.
    Teacher,
    /// Teaches it and answers for it.
    Owner,
}

/// How the caller stands to a class, if at all.
pub(crate) async fn sight(conn: &mut Conn, caller: &Caller, class: ClassId) -> Result<Option<Sight>, DbError> {
    let Some(person) = caller.person_id() else { return Ok(None) };
    let rows: Vec<(String,)> = sql!("SELECT DISTINCT how FROM class_sight WHERE class_id = $1 AND person_id = $2")
        .bind(class)
        .bind(person)
        .fetch_all(conn)
        .await?;
    Ok(rows.iter().filter_map(|(how,)| Sight::from_word(how)).max())
}

impl Sight {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "school_head" => Self::Head,
            "administrator" => Self::Administrator,
            "member" => Self::Member,
            "teacher" => Self::Teacher,
            "owner" => Self::Owner,
            _ => return None,
        })
    }

    /// Whether this is one of its teachers.
    pub fn teaches(self) -> bool {
        matches!(self, Self::Teacher | Self::Owner)
    }
}

fn decide(sight: Option<Sight>, allowed: fn(Sight) -> bool) -> Decision {
    match sight {
        None => Decision::Hide,
        Some(sight) if allowed(sight) => Decision::Allow,
        Some(_) => Decision::Forbid,
    }
}

impl Capability for SeeClass {
    type Scope = ClassId;

    async fn decide(conn: &mut Conn, caller: &Caller, class: &ClassId) -> Result<Decision, DbError> {
        Ok(decide(sight(conn, caller, *class).await?, |_| true))
    }
}

impl Capability for TeachClass {
    type Scope = ClassId;

    async fn decide(conn: &mut Conn, caller: &Caller, class: &ClassId) -> Result<Decision, DbError> {
        Ok(decide(sight(conn, caller, *class).await?, Sight::teaches))
    }
}

impl Capability for StaffClass {
    type Scope = ClassId;

    async fn decide(conn: &mut Conn, caller: &Caller, class: &ClassId) -> Result<Decision, DbError> {
        Ok(decide(sight(conn, caller, *class).await?, |sight| sight.teaches() || sight == Sight::Administrator))
    }
}

impl Capability for CreateClass {
    type Scope = OrganisationId;

    async fn decide(conn: &mut Conn, caller: &Caller, organisation: &OrganisationId) -> Result<Decision, DbError> {
        AuthorLessons::decide(conn, caller, organisation).await
    }
}
