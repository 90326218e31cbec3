//! Who may read, write and publish lessons, and read files. The rules here are the only ones:
//! lists use the same facts through the `readable_owner` view.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Capability, Decision, OrganisationAction, role_allows, standing_at};
use kernel::{AssetId, LessonId, OrganisationId, PersonId, Role};

/// May read the published version of a lesson.
#[derive(Debug)]
pub struct ReadLesson;
/// May change a lesson's draft and see its earlier versions and who watched it.
#[derive(Debug)]
pub struct EditLesson;
/// May publish and withdraw a lesson. Today the same people as those who edit; review by others
/// comes between the two later.
#[derive(Debug)]
pub struct PublishLesson;
/// May change who else edits a lesson: who made it, while she may edit it, and those who answer for
/// the organisation. A co-author can only leave.
#[derive(Debug)]
pub struct ManageEditors;
/// May see who watched a lesson: its editors everybody, the teacher of a class its pupils.
#[derive(Debug)]
pub struct SeeWatchers;
/// May read a file.
#[derive(Debug)]
pub struct ReadAsset;
/// May change or delete a file.
#[derive(Debug)]
pub struct ManageAsset;

/// May see every file that takes the space of an organisation or of one below it: those who answer
/// for that space.
#[derive(Debug)]
pub struct SeeFiles;

#[derive(sqlx::FromRow)]
struct LessonFacts {
    organisation_id: OrganisationId,
    created_by: PersonId,
    published_version: Option<i64>,
    withdrawn_at: Option<i64>,
}

async fn lesson_facts(conn: &mut Conn, lesson: LessonId) -> Result<Option<LessonFacts>, DbError> {
    sql!("SELECT organisation_id, created_by, published_version, withdrawn_at FROM lesson WHERE id = $1")
        .bind(lesson)
        .fetch_optional(conn)
        .await
}

/// Editors who still author lessons there, and those who answer for the organisation.
async fn may_edit(conn: &mut Conn, caller: &Caller, lesson: LessonId, owner: OrganisationId) -> Result<bool, DbError> {
    let standing = standing_at(conn, caller, owner).await?;
    if standing.operator || standing.at_or_above.iter().any(|role| oversees(*role)) {
        return Ok(true);
    }
    let Some(person) = caller.person_id() else { return Ok(false) };
    if !standing.at_or_above.iter().any(|role| role_allows(*role, OrganisationAction::AuthorLessons)) {
        return Ok(false);
    }
    let found: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM lesson_editor WHERE lesson_id = $1 AND person_id = $2")
        .bind(lesson)
        .bind(person)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

fn oversees(role: Role) -> bool {
    matches!(role, Role::Administrator | Role::SchoolHead)
}

async fn may_read_published(conn: &mut Conn, caller: &Caller, owner: OrganisationId) -> Result<bool, DbError> {
    let Some(person) = caller.person_id() else { return Ok(false) };
    let found: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM readable_owner WHERE person_id = $1 AND organisation_id = $2 LIMIT 1")
        .bind(person)
        .bind(owner)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

impl Capability for ReadLesson {
    type Scope = LessonId;

    async fn decide(conn: &mut Conn, caller: &Caller, lesson: &LessonId) -> Result<Decision, DbError> {
        let Some(facts) = lesson_facts(conn, *lesson).await? else { return Ok(Decision::Hide) };
        let shown = facts.published_version.is_some() && facts.withdrawn_at.is_none();
        if shown && may_read_published(conn, caller, facts.organisation_id).await? {
            return Ok(Decision::Allow);
        }
        Ok(if may_edit(conn, caller, *lesson, facts.organisation_id).await? { Decision::Allow } else { Decision::Hide })
    }
}

impl Capability for EditLesson {
    type Scope = LessonId;

    async fn decide(conn: &mut Conn, caller: &Caller, lesson: &LessonId) -> Result<Decision, DbError> {
        let Some(facts) = lesson_facts(conn, *lesson).await? else { return Ok(Decision::Hide) };
        if may_edit(conn, caller, *lesson, facts.organisation_id).await? {
            return Ok(Decision::Allow);
        }
        let shown = facts.published_version.is_some() && facts.withdrawn_at.is_none();
        let reads = shown && may_read_published(conn, caller, facts.organisation_id).await?;
        Ok(if reads { Decision::Forbid } else { Decision::Hide })
    }
}

impl Capability for PublishLesson {
    type Scope = LessonId;

    async fn decide(conn: &mut Conn, caller: &Caller, lesson: &LessonId) -> Result<Decision, DbError> {
        EditLesson::decide(conn, caller, lesson).await
    }
}

impl Capability for ManageEditors {
    type Scope = LessonId;

    async fn decide(conn: &mut Conn, caller: &Caller, lesson: &LessonId) -> Result<Decision, DbError> {
        let decision = EditLesson::decide(conn, caller, lesson).await?;
        if decision != Decision::Allow {
            return Ok(decision);
        }
        let Some(facts) = lesson_facts(conn, *lesson).await? else { return Ok(Decision::Hide) };
        if caller.person_id() == Some(facts.created_by) {
            return Ok(Decision::Allow);
        }
        let standing = standing_at(conn, caller, facts.organisation_id).await?;
        let answers = standing.operator || standing.at_or_above.iter().any(|role| oversees(*role));
        Ok(if answers { Decision::Allow } else { Decision::Forbid })
    }
}

impl Capability for SeeWatchers {
    type Scope = LessonId;

    async fn decide(conn: &mut Conn, caller: &Caller, lesson: &LessonId) -> Result<Decision, DbError> {
        let decision = EditLesson::decide(conn, caller, lesson).await?;
        // Forbidden is who may read it, and nothing more.
        if decision != Decision::Forbid {
            return Ok(decision);
        }
        let teaches: Option<(i64,)> = sql!(
            "SELECT CAST(1 AS BIGINT) FROM enrolment
             WHERE person_id = $1 AND role = 'teacher' AND until_at IS NULL AND class_group_id IS NOT NULL LIMIT 1"
        )
        .bind(caller.person_id())
        .fetch_optional(conn)
        .await?;
        Ok(if teaches.is_some() { Decision::Allow } else { Decision::Forbid })
    }
}

#[derive(sqlx::FromRow)]
struct AssetFacts {
    organisation_id: OrganisationId,
    owner_id: PersonId,
}

async fn asset_facts(conn: &mut Conn, asset: AssetId) -> Result<Option<AssetFacts>, DbError> {
    sql!("SELECT organisation_id, owner_id FROM asset WHERE id = $1").bind(asset).fetch_optional(conn).await
}

async fn may_manage_asset(conn: &mut Conn, caller: &Caller, facts: &AssetFacts) -> Result<bool, DbError> {
    if caller.person_id() == Some(facts.owner_id) {
        return Ok(true);
    }
    let standing = standing_at(conn, caller, facts.organisation_id).await?;
    Ok(standing.operator || standing.at_or_above.iter().any(|role| oversees(*role)))
}

/// Through a lesson: its published version for readers, any of its versions for its editors.
async fn may_read_through_lesson(conn: &mut Conn, caller: &Caller, asset: AssetId) -> Result<bool, DbError> {
    let Some(person) = caller.person_id() else { return Ok(false) };
    let shown: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM lesson_asset a JOIN lesson l ON l.id = a.lesson_id AND l.published_version = a.version
         JOIN readable_owner r ON r.organisation_id = l.organisation_id
         WHERE a.asset_id = $1 AND r.person_id = $2 AND l.withdrawn_at IS NULL LIMIT 1"
    )
    .bind(asset)
    .bind(person)
    .fetch_optional(conn)
    .await?;
    if shown.is_some() {
        return Ok(true);
    }
    // The rule of `may_edit`, for all lessons that have the file at once.
    let edited: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM lesson_asset a JOIN lesson l ON l.id = a.lesson_id
         JOIN role_over r ON r.organisation_id = l.organisation_id
         WHERE a.asset_id = $1 AND r.person_id = $2
           AND (r.role IN ('administrator', 'school_head')
                OR (r.role IN ('reviewer', 'teacher')
                    AND EXISTS (SELECT 1 FROM lesson_editor e WHERE e.lesson_id = l.id AND e.person_id = r.person_id)))
         LIMIT 1"
    )
    .bind(asset)
    .bind(person)
    .fetch_optional(conn)
    .await?;
    Ok(edited.is_some())
}

impl Capability for SeeFiles {
    type Scope = OrganisationId;

    async fn decide(conn: &mut Conn, caller: &Caller, organisation: &OrganisationId) -> Result<Decision, DbError> {
        let standing = standing_at(conn, caller, *organisation).await?;
        Ok(if standing.operator || standing.at_or_above.iter().any(|role| oversees(*role)) {
            Decision::Allow
        } else if standing.is_related() {
            Decision::Forbid
        } else {
            Decision::Hide
        })
    }
}

impl Capability for ReadAsset {
    type Scope = AssetId;

    async fn decide(conn: &mut Conn, caller: &Caller, asset: &AssetId) -> Result<Decision, DbError> {
        let Some(facts) = asset_facts(conn, *asset).await? else { return Ok(Decision::Hide) };
        let reads = may_manage_asset(conn, caller, &facts).await? || may_read_through_lesson(conn, caller, *asset).await?;
        Ok(if reads { Decision::Allow } else { Decision::Hide })
    }
}

impl Capability for ManageAsset {
    type Scope = AssetId;

    async fn decide(conn: &mut Conn, caller: &Caller, asset: &AssetId) -> Result<Decision, DbError> {
        let Some(facts) = asset_facts(conn, *asset).await? else { return Ok(Decision::Hide) };
        if may_manage_asset(conn, caller, &facts).await? {
            return Ok(Decision::Allow);
        }
        Ok(if may_read_through_lesson(conn, caller, *asset).await? { Decision::Forbid } else { Decision::Hide })
    }
}
