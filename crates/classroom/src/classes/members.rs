//! Who learns in a class, and for which school.

use db::{Conn, DbError, WriteTx, sql};
use identity::access::{Caller, Denied, Grant, SeePeople, authorise};
use kernel::{ClassGroupId, ClassId, ClassMemberId, OrganisationId, PersonId, Timestamp};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::change::record;
use super::{ClassError, MOST_MEMBERS};
use crate::Classroom;
use crate::access::{SeeClass, Sight, TeachClass, sight};

kernel::words! {
    /// Where somebody stands in a class.
    MemberState, "state of a member" {
        /// Learns in it.
        Active = "active",
        /// Asks to be let in.
        Waiting = "waiting",
        /// Was in it, or was refused.
        Left = "left",
    }
}

/// Somebody who learns in a class. Pupils are told names only.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClassMember {
    /// Her place in the class.
    pub id: ClassMemberId,
    /// Who; not told to pupils.
    pub person_id: Option<PersonId>,
    /// Her name.
    pub display_name: String,
    /// Where she stands.
    pub state: MemberState,
    /// The school she is in the class for.
    pub school_id: OrganisationId,
    /// Its name.
    pub school_name: String,
    /// Her class at school, such as `10A1`; not told to pupils.
    pub class_group: Option<String>,
    /// Her number at the school; not told to pupils.
    pub number: Option<String>,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when, of somebody who left.
    pub left_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Source {
    id: ClassMemberId,
    person_id: PersonId,
    display_name: String,
    state: String,
    school_id: OrganisationId,
    school_name: String,
    class_group: Option<String>,
    number: Option<String>,
    joined_at: Timestamp,
    left_at: Option<Timestamp>,
}

/// The people of a class by given name. Its teachers see all, who asks to be let in and who left too;
/// members see each other's names; those who look after a school see only who is there for it.
///
/// # Errors
/// [`ClassError`].
pub async fn list(classroom: &Classroom, caller: &Caller, class: ClassId) -> Result<Vec<ClassMember>, ClassError> {
    let mut tx = classroom.env().db.read().await?;
    let grant: Grant<SeeClass> = authorise(&mut tx, caller, class).await?;
    let sight = sight(&mut tx, caller, class).await?.ok_or(Denied::NotFound)?;
    Ok(load(&mut tx, &grant, sight).await?)
}

async fn load(conn: &mut Conn, grant: &Grant<SeeClass>, sight: Sight) -> Result<Vec<ClassMember>, DbError> {
    let rows: Vec<Source> = sql!(
        "SELECT m.id, m.person_id, p.display_name, m.state, m.organisation_id AS school_id, o.name AS school_name, m.joined_at, m.left_at,
           (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
            WHERE e.person_id = m.person_id AND e.until_at IS NULL AND g.organisation_id IN (
              SELECT c.descendant_id FROM organisation_closure c WHERE c.ancestor_id = m.organisation_id)
            ORDER BY e.from_at DESC, e.id DESC LIMIT 1) AS class_group,
           (SELECT n.number FROM school_number n WHERE n.person_id = m.person_id AND n.organisation_id = m.organisation_id
            AND n.until_at IS NULL) AS number
         FROM class_member m JOIN person p ON p.id = m.person_id JOIN organisation o ON o.id = m.organisation_id
         WHERE m.class_id = $1
           AND (CAST($2 AS BOOLEAN) OR m.organisation_id IN (SELECT r.organisation_id FROM role_over r
                WHERE r.person_id = $3 AND r.role IN ('administrator', 'school_head')))
           AND (CAST($4 AS BOOLEAN) OR m.state = 'active')
         ORDER BY p.name_key, m.id LIMIT 10000"
    )
    .bind(*grant.scope())
    .bind(sight >= Sight::Member)
    .bind(grant.caller().person_id())
    .bind(sight != Sight::Member)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| shown(row, sight)).collect()
}

fn shown(row: Source, sight: Sight) -> Result<ClassMember, DbError> {
    let is_staff = sight != Sight::Member;
    Ok(ClassMember {
        id: row.id,
        person_id: Some(row.person_id).filter(|_| is_staff),
        display_name: row.display_name,
        state: MemberState::try_from(row.state)?,
        school_id: row.school_id,
        school_name: row.school_name,
        class_group: row.class_group.filter(|_| is_staff),
        number: row.number.filter(|_| is_staff),
        joined_at: row.joined_at,
        left_at: row.left_at,
    })
}

/// Where somebody is a pupil, as far as a class is concerned.
#[derive(Clone, Debug)]
pub(super) struct PupilPlace {
    /// The node of her role.
    pub(super) at: OrganisationId,
    /// The school it is or belongs to.
    pub(super) school: OrganisationId,
    /// Whether that is one of the class's, or below one.
    pub(super) is_within: bool,
}

/// Where somebody is a pupil now, a school of the class before others; `None`: she is no pupil.
pub(super) async fn place_of(conn: &mut Conn, class: ClassId, person: PersonId) -> Result<Option<PupilPlace>, DbError> {
    let found: Option<(OrganisationId, OrganisationId, i64)> = sql!(
        "SELECT r.organisation_id,
           (SELECT c.ancestor_id FROM organisation_closure c JOIN organisation o ON o.id = c.ancestor_id
            WHERE c.descendant_id = r.organisation_id AND (o.kind = 'school' OR c.depth = 0)
            ORDER BY CASE WHEN o.kind = 'school' THEN 0 ELSE 1 END, c.depth LIMIT 1) AS school,
           CAST(CASE WHEN EXISTS (SELECT 1 FROM class_school s JOIN organisation_closure c ON c.ancestor_id = s.organisation_id
             WHERE s.class_id = $1 AND c.descendant_id = r.organisation_id) THEN 1 ELSE 0 END AS BIGINT) AS is_within
         FROM role_assignment r JOIN person p ON p.id = r.person_id
         WHERE r.person_id = $2 AND r.role = 'pupil' AND r.until_at IS NULL AND p.erased_at IS NULL
         ORDER BY 3 DESC, r.from_at DESC, r.id LIMIT 1"
    )
    .bind(class)
    .bind(person)
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|(at, school, is_within)| PupilPlace { at, school, is_within: is_within == 1 }))
}

/// Puts somebody into a class, or back into it.
pub(super) async fn put(
    tx: &mut WriteTx,
    classroom: &Classroom,
    class: ClassId,
    person: PersonId,
    place: &PupilPlace,
    state: MemberState,
) -> Result<(), DbError> {
    sql!(
        "INSERT INTO class_member (id, class_id, person_id, organisation_id, state, joined_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (class_id, person_id) DO UPDATE SET organisation_id = excluded.organisation_id, state = excluded.state,
           joined_at = excluded.joined_at, left_at = NULL"
    )
    .bind(classroom.env().ids.make::<ClassMemberId>())
    .bind(class)
    .bind(person)
    .bind(place.school)
    .bind(state.as_str())
    .bind(classroom.env().now())
    .execute(tx)
    .await?;
    Ok(())
}

/// Refuses what would make a class too large.
pub(super) async fn check_room(conn: &mut Conn, class: ClassId) -> Result<(), ClassError> {
    let (count,): (i64,) =
        sql!("SELECT COUNT(*) FROM class_member WHERE class_id = $1 AND state <> 'left'").bind(class).fetch_one(conn).await?;
    if count > MOST_MEMBERS { Err(ClassError::Full) } else { Ok(()) }
}

/// What became of adding people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Added {
    /// Those who are in the class now and were not before.
    pub added: Vec<ClassMemberId>,
    /// How many were in it already.
    pub already: usize,
    /// How many are no pupils of the class's schools whom the caller may see.
    pub unknown: usize,
}

/// Puts people into a class, in one transaction: pupils of its schools whom the caller may see.
pub(super) async fn add_in(
    tx: &mut WriteTx,
    classroom: &Classroom,
    grant: &Grant<TeachClass>,
    people: &[PersonId],
) -> Result<Added, ClassError> {
    let class = *grant.scope();
    let mut seen: std::collections::HashMap<OrganisationId, bool> = std::collections::HashMap::new();
    let mut out = Added::default();
    for person in people {
        let Some(place) = place_of(tx, class, *person).await?.filter(|place| place.is_within) else {
            out.unknown += 1;
            continue;
        };
        let may = match seen.get(&place.at) {
            Some(may) => *may,
            None => {
                let may = match authorise::<SeePeople>(tx, grant.caller(), place.at).await {
                    Ok(_) => true,
                    Err(Denied::Db(error)) => return Err(error.into()),
                    Err(_) => false,
                };
                seen.insert(place.at, may);
                may
            }
        };
        if !may {
            out.unknown += 1;
            continue;
        }
        let now: Option<(String,)> = sql!("SELECT state FROM class_member WHERE class_id = $1 AND person_id = $2")
            .bind(class)
            .bind(*person)
            .fetch_optional(tx)
            .await?;
        if now.is_some_and(|(state,)| state == "active") {
            out.already += 1;
            continue;
        }
        put(tx, classroom, class, *person, &place, MemberState::Active).await?;
        let (id,): (ClassMemberId,) =
            sql!("SELECT id FROM class_member WHERE class_id = $1 AND person_id = $2").bind(class).bind(*person).fetch_one(tx).await?;
        out.added.push(id);
    }
    check_room(tx, class).await?;
    if !out.added.is_empty() {
        let facts = json!({ "count": out.added.len() });
        record(tx, classroom, grant.caller(), ("teaching-class.members-added", class), facts).await?;
    }
    Ok(out)
}

/// Puts pupils of the class's schools into it.
///
/// # Errors
/// [`ClassError`].
pub async fn add(classroom: &Classroom, caller: &Caller, class: ClassId, people: &[PersonId]) -> Result<Added, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    let grant: Grant<TeachClass> = authorise(&mut tx, caller, class).await?;
    if people.len() as i64 > MOST_MEMBERS {
        return Err(ClassError::Full);
    }
    let added = add_in(&mut tx, classroom, &grant, people).await?;
    tx.commit().await?;
    Ok(added)
}

/// Puts everybody of an administrative class, such as 10A1, into a class.
///
/// # Errors
/// [`ClassError`].
pub async fn add_class_group(classroom: &Classroom, caller: &Caller, class: ClassId, group: ClassGroupId) -> Result<Added, ClassError> {
    let mut tx = classroom.env().db.write().await?;
    let grant: Grant<TeachClass> = authorise(&mut tx, caller, class).await?;
    let of: Option<(OrganisationId,)> =
        sql!("SELECT organisation_id FROM class_group WHERE id = $1").bind(group).fetch_optional(&mut tx).await?;
    let (school,) = of.ok_or(Denied::NotFound)?;
    if authorise::<SeePeople>(&mut tx, caller, school).await.is_err() {
        return Err(Denied::NotFound.into());
    }
    let people: Vec<(PersonId,)> = sql!(
        "SELECT DISTINCT e.person_id FROM enrolment e WHERE e.class_group_id = $1 AND e.until_at IS NULL AND e.role = 'pupil' LIMIT 1000"
    )
    .bind(group)
    .fetch_all(&mut tx)
    .await?;
    let people: Vec<PersonId> = people.into_iter().map(|(id,)| id).collect();
    let added = add_in(&mut tx, classroom, &grant, &people).await?;
    tx.commit().await?;
    Ok(added)
}

/// Says where somebody stands in a class: lets in, refuses, removes, or takes back what was said.
///
/// # Errors
/// [`ClassError`].
pub async fn set_state(
    classroom: &Classroom,
    caller: &Caller,
    class: ClassId,
    member: ClassMemberId,
    state: MemberState,
) -> Result<(), ClassError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<TeachClass>(&mut tx, caller, class).await?;
    let left = Some(classroom.env().now()).filter(|_| state == MemberState::Left);
    let changed = sql!("UPDATE class_member SET state = $3, left_at = $4 WHERE id = $1 AND class_id = $2")
        .bind(member)
        .bind(class)
        .bind(state.as_str())
        .bind(left)
        .execute(&mut tx)
        .await?;
    if changed == 0 {
        return Err(Denied::NotFound.into());
    }
    check_room(&mut tx, class).await?;
    let facts = json!({ "member": member, "state": state });
    record(&mut tx, classroom, caller, ("teaching-class.member-changed", class), facts).await?;
    Ok(tx.commit().await?)
}
