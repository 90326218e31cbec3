//! Who may read, write and publish lessons, and read files. The rules here are the only ones:
//! lists use the same facts through the `readable_owner` view.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Capability, Decision, OrganisationAction, readable_owner_organisations, role_allows, standing_at};
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
/// May read a file.
#[derive(Debug)]
pub struct ReadAsset;
/// May change or delete a file.
#[derive(Debug)]
pub struct ManageAsset;

#[derive(sqlx::FromRow)]
struct LessonFacts {
    organisation_id: OrganisationId,
    published_version: Option<i64>,
    withdrawn_at: Option<i64>,
}

async fn lesson_facts(conn: &mut Conn, lesson: LessonId) -> Result<Option<LessonFacts>, DbError> {
    sql!("SELECT organisation_id, published_version, withdrawn_at FROM lesson WHERE id = $1").bind(lesson).fetch_optional(conn).await
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
    Ok(readable_owner_organisations(conn, caller).await?.contains(&owner))
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
    let lessons: Vec<(LessonId, OrganisationId)> = sql!(
        "SELECT DISTINCT l.id, l.organisation_id FROM lesson_asset a JOIN lesson l ON l.id = a.lesson_id
         WHERE a.asset_id = $1 ORDER BY l.id LIMIT 200"
    )
    .bind(asset)
    .fetch_all(conn)
    .await?;
    for (lesson, owner) in lessons {
        if may_edit(conn, caller, lesson, owner).await? {
            return Ok(true);
        }
    }
    Ok(false)
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
