//! Who writes a lesson together. Who made it stays; others are added from those who author lessons
//! there, and lose their part with that right.

use db::{Conn, DbError, WriteTx, sql};
use exchange::vietnamese::fold;
use identity::access::{Caller, Denied, authorise};
use identity::audit;
use identity::fault::Fault;
use kernel::{LessonId, OrganisationId, PersonId};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::drafts::about;
use super::rows::hold;
use super::{LessonError, PersonRef};
use crate::Content;
use crate::access::{EditLesson, ManageEditors};

/// Most people who write one lesson.
const MOST: i64 = 50;
/// People offered to be added.
const OFFERED: i64 = 20;

/// Who writes a lesson, and what the caller may do about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LessonEditors {
    /// Who made it first, then by name.
    pub items: Vec<LessonEditor>,
    /// Whether the caller may add and remove.
    pub can_manage: bool,
}

/// Somebody who writes a lesson.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LessonEditor {
    /// Who.
    pub person: PersonRef,
    /// Whether she made it: she stays.
    pub creator: bool,
}

/// Who writes a lesson.
///
/// # Errors
/// [`LessonError`].
pub async fn list_editors(content: &Content, caller: &Caller, lesson: LessonId) -> Result<LessonEditors, LessonError> {
    let mut tx = content.env.db.read().await?;
    authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    let items = editors(&mut tx, lesson).await?;
    let can_manage = authorise::<ManageEditors>(&mut tx, caller, lesson).await.is_ok();
    Ok(LessonEditors { items, can_manage })
}

async fn editors(conn: &mut Conn, lesson: LessonId) -> Result<Vec<LessonEditor>, DbError> {
    let rows: Vec<(PersonId, String, bool)> = sql!(
        "SELECT p.id, p.display_name, p.id = l.created_by FROM lesson_editor e JOIN lesson l ON l.id = e.lesson_id
         JOIN person p ON p.id = e.person_id WHERE e.lesson_id = $1 AND p.erased_at IS NULL
         ORDER BY CASE WHEN p.id = l.created_by THEN 0 ELSE 1 END, p.name_key, p.id LIMIT 200"
    )
    .bind(lesson)
    .fetch_all(conn)
    .await?;
    let editor = |(id, display_name, creator)| LessonEditor { person: PersonRef { id, display_name }, creator };
    Ok(rows.into_iter().map(editor).collect())
}

/// People who can be added: those who author lessons where the lesson is, as far as the caller may see
/// them there, and are not among its editors yet. By name.
///
/// # Errors
/// [`LessonError`].
pub async fn list_candidates(content: &Content, caller: &Caller, lesson: LessonId, name: &str) -> Result<Vec<PersonRef>, LessonError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ManageEditors>(&mut tx, caller, lesson).await?;
    Ok(candidates(&mut tx, caller, lesson, name, None).await?)
}

async fn candidates(
    conn: &mut Conn,
    caller: &Caller,
    lesson: LessonId,
    name: &str,
    person: Option<PersonId>,
) -> Result<Vec<PersonRef>, DbError> {
    let rows: Vec<(PersonId, String)> = sql!(
        "SELECT p.id, p.display_name FROM person p
         WHERE p.erased_at IS NULL AND p.state = 'active' AND (CAST($3 AS UUID) IS NULL OR p.id = $3)
           AND (' ' || p.name_folded || ' ') LIKE $4 ESCAPE '!'
           AND p.id IN (SELECT r.person_id FROM lesson l JOIN organisation_closure c ON c.descendant_id = l.organisation_id
                        JOIN role_assignment r ON r.organisation_id = c.ancestor_id
                        WHERE l.id = $1 AND r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher')
                         AND (CAST($2 AS UUID) IS NULL
                              OR EXISTS (SELECT 1 FROM role_over mine WHERE mine.person_id = $2 AND mine.organisation_id = r.organisation_id
                                           AND mine.role IN ('administrator', 'school_head', 'reviewer', 'teacher'))))
           AND NOT EXISTS (SELECT 1 FROM lesson_editor e WHERE e.lesson_id = $1 AND e.person_id = p.id)
         ORDER BY p.name_key, p.id LIMIT $5"
    )
    .bind(lesson)
    .bind(caller.person_id())
    .bind(person)
    .bind(like(name))
    .bind(OFFERED)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id, display_name)| PersonRef { id, display_name }).collect())
}

/// Words of a name, each from its beginning, in their order.
fn like(name: &str) -> String {
    let mut pattern = String::from("%");
    for word in fold(name).split_whitespace().take(10) {
        pattern.push(' ');
        for letter in word.chars().take(50) {
            if matches!(letter, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(letter);
        }
        pattern.push('%');
    }
    pattern
}

/// Lets somebody else write the lesson.
///
/// # Errors
/// [`LessonError::Invalid`] for somebody who does not author lessons there, or when there are too many.
pub async fn add_editor(content: &Content, caller: &Caller, lesson: LessonId, person: PersonId) -> Result<LessonEditors, LessonError> {
    let mut tx = content.env.db.write().await?;
    authorise::<ManageEditors>(&mut tx, caller, lesson).await?;
    hold(&mut tx, lesson).await?;
    let present = editors(&mut tx, lesson).await?;
    if !present.iter().any(|editor| editor.person.id == person) {
        if present.len() as i64 >= MOST {
            return Err(LessonError::Invalid(vec![Fault { field: "person_id", code: "too-many" }]));
        }
        let Some(added) = candidates(&mut tx, caller, lesson, "", Some(person)).await?.pop() else {
            return Err(LessonError::Invalid(vec![Fault { field: "person_id", code: "unknown" }]));
        };
        sql!("INSERT INTO lesson_editor (lesson_id, person_id) VALUES ($1, $2) ON CONFLICT (lesson_id, person_id) DO NOTHING")
            .bind(lesson)
            .bind(person)
            .execute(&mut tx)
            .await?;
        tell(&mut tx, content, caller, "lesson.editor-added", lesson, &added.display_name).await?;
    }
    let items = editors(&mut tx, lesson).await?;
    tx.commit().await?;
    Ok(LessonEditors { items, can_manage: true })
}

/// Takes somebody's part away, or gives up one's own.
///
/// # Errors
/// [`LessonError::CreatorStays`] for who made it.
pub async fn remove_editor(content: &Content, caller: &Caller, lesson: LessonId, person: PersonId) -> Result<(), LessonError> {
    let mut tx = content.env.db.write().await?;
    if caller.person_id() == Some(person) {
        authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    } else {
        authorise::<ManageEditors>(&mut tx, caller, lesson).await?;
    }
    let present = editors(&mut tx, lesson).await?;
    let Some(editor) = present.into_iter().find(|editor| editor.person.id == person) else { return Err(Denied::NotFound.into()) };
    if editor.creator {
        return Err(LessonError::CreatorStays);
    }
    sql!("DELETE FROM lesson_editor WHERE lesson_id = $1 AND person_id = $2").bind(lesson).bind(person).execute(&mut tx).await?;
    tell(&mut tx, content, caller, "lesson.editor-removed", lesson, &editor.person.display_name).await?;
    tx.commit().await?;
    Ok(())
}

async fn tell(
    tx: &mut WriteTx,
    content: &Content,
    caller: &Caller,
    action: &'static str,
    lesson: LessonId,
    name: &str,
) -> Result<(), DbError> {
    let (organisation, title): (OrganisationId, String) =
        sql!("SELECT organisation_id, draft_title FROM lesson WHERE id = $1").bind(lesson).fetch_one(tx).await?;
    let event = about(action, lesson, organisation).with(json!({ "title": title, "name": name }));
    audit::record(tx, &content.env, caller, event).await
}
