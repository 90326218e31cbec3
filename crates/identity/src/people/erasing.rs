use db::{DbError, Env, WriteTx, sql};
use exchange::vietnamese::{fold, name_sort_key};
use kernel::{OrganisationId, PersonId};
use serde_json::Value;
use uuid::Uuid;

use super::belonging::home_of;
use super::{ERASED_NAME, PeopleError};
use crate::access::{Caller, ManagePerson, authorise};
use crate::audit::{self, Event};
use crate::organisations::{AdministratorWatch, give_back};
use crate::sessions;

/// Erases a person: what tells who she was is gone, with her sign-in, her history and what she
/// watched, the tests she sat with the photos of her work, her own question bank but for what tests were made of, and her papers. Lessons and tests
/// she wrote, and questions in others' banks, stay, under [`ERASED_NAME`]; the audit log keeps what was done, not her address.
///
/// # Errors
/// [`PeopleError`].
pub async fn erase(env: &Env, caller: &Caller, id: PersonId) -> Result<(), PeopleError> {
    let mut tx = env.db.write().await?;
    authorise::<ManagePerson>(&mut tx, caller, id).await?;
    if caller.person_id() == Some(id) {
        return Err(PeopleError::OwnAccount);
    }
    let watch = AdministratorWatch::over_person(&mut tx, id).await?;
    let home = home_of(&mut tx, id).await?;
    let (name,): (String,) = sql!("SELECT display_name FROM person WHERE id = $1").bind(id).fetch_one(&mut tx).await?;
    let lessons = forget_author(&mut tx, id, &name).await?;

    sessions::end_sessions_of(&mut tx, id, None).await?;
    sql!("DELETE FROM credential WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM password_link WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM sign_in_failure WHERE subject IN ($1, $2, $3)")
        .bind(format!("account:{id}"))
        .bind(format!("email:{id}"))
        .bind(format!("code:{id}"))
        .execute(&mut tx)
        .await?;
    // A list that waits at a place of hers may name her, and can be sent again.
    sql!(
        "DELETE FROM people_import WHERE state <> 'applied'
           AND organisation_id IN (SELECT r.organisation_id FROM role_assignment r WHERE r.person_id = $1)"
    )
    .bind(id)
    .execute(&mut tx)
    .await?;
    // What she had begun to upload is forgotten by the next round of tidying, with its parts.
    sql!("UPDATE upload SET expires_at = $2 WHERE owner_id = $1 AND expires_at > $2").bind(id).bind(env.now()).execute(&mut tx).await?;
    sql!("DELETE FROM role_assignment WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM enrolment WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM school_number WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM people_import_row WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM people_import WHERE created_by = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM watch WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM watch_session WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM lesson_editor WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM class_teacher WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    forget_photos(&mut tx, env, id).await?;
    // With every answer, event and mark of them.
    sql!("DELETE FROM attempt WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM test_exception WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    sql!("DELETE FROM class_member WHERE person_id = $1").bind(id).execute(&mut tx).await?;
    let questions = forget_bank(&mut tx, env, id).await?;
    sql!("UPDATE audit_entry SET address = NULL WHERE actor_id = $1").bind(id).execute(&mut tx).await?;
    sql!(
        "UPDATE person SET display_name = $2, name_folded = $3, name_key = $4, username = $5, email = NULL, email_folded = NULL,
           ministry_id = NULL, birth_date = NULL, gender = NULL, national_id = NULL, national_id_disputed = FALSE, phone = NULL, guardians = NULL,
           state = 'left', last_sign_in_at = NULL, erased_at = $6 WHERE id = $1"
    )
    .bind(id)
    .bind(ERASED_NAME)
    .bind(fold(ERASED_NAME))
    .bind(name_sort_key(ERASED_NAME))
    // 42 characters, with letters no chosen username has at its start in this form: never taken.
    .bind(format!("erased-{}", id.as_uuid().simple()))
    .bind(env.now())
    .execute(&mut tx)
    .await?;
    if watch.sees_nobody_left(&mut tx).await? {
        return Err(PeopleError::LastAdministrator);
    }
    let mut event = Event::about_person("person.erased", id);
    event.organisation = home;
    audit::record(&mut tx, env, caller, event).await?;
    db::changes::record(&mut tx, db::changes::EntityKind::Lesson, &lessons, env.now()).await?;
    db::changes::record(&mut tx, db::changes::EntityKind::Question, &questions, env.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes away her own questions that no test was made of, with their folders, what was lent to her, and
/// her papers; the questions that are gone.
async fn forget_bank(tx: &mut WriteTx, env: &Env, id: PersonId) -> Result<Vec<Uuid>, DbError> {
    sql!(
        "UPDATE question SET merged_into = NULL WHERE merged_into IN (
           SELECT q.id FROM question q JOIN question_folder f ON f.id = q.folder_id WHERE f.owner_id = $1 AND q.use_count = 0)"
    )
    .bind(id)
    .execute(tx)
    .await?;
    let gone: Vec<(Uuid,)> = sql!(
        "DELETE FROM question WHERE use_count = 0 AND folder_id IN (SELECT f.id FROM question_folder f WHERE f.owner_id = $1) RETURNING id"
    )
    .bind(id)
    .fetch_all(tx)
    .await?;
    sql!(
        "DELETE FROM question_folder WHERE owner_id = $1 AND NOT EXISTS (
           SELECT 1 FROM question_folder_closure c JOIN question q ON q.folder_id = c.descendant_id WHERE c.ancestor_id = question_folder.id)"
    )
    .bind(id)
    .execute(tx)
    .await?;
    sql!("DELETE FROM question_share WHERE person_id = $1").bind(id).execute(tx).await?;
    // The bytes of her papers go a day later, unless something else has the same.
    sql!("UPDATE blob SET unreferenced_at = $2 WHERE id IN (SELECT i.source_blob_id FROM question_import i WHERE i.owner_id = $1)")
        .bind(id)
        .bind(env.now())
        .execute(tx)
        .await?;
    let papers: Vec<(Option<OrganisationId>, i64)> =
        sql!("DELETE FROM question_import WHERE owner_id = $1 RETURNING organisation_id, size").bind(id).fetch_all(tx).await?;
    give_back(tx, papers).await?;
    Ok(gone.into_iter().map(|(id,)| id).collect())
}

/// Lets go of the photos of what she worked out on paper: their bytes go a day later, unless something else has the
/// same, and the space they took is given back.
async fn forget_photos(tx: &mut WriteTx, env: &Env, id: PersonId) -> Result<(), DbError> {
    sql!(
        "UPDATE blob SET unreferenced_at = $2 WHERE id IN (
           SELECT p.blob_id FROM attempt_photo p JOIN attempt a ON a.id = p.attempt_id WHERE a.person_id = $1)"
    )
    .bind(id)
    .bind(env.now())
    .execute(tx)
    .await?;
    let photos: Vec<(Option<OrganisationId>, i64)> = sql!(
        "DELETE FROM attempt_photo WHERE attempt_id IN (SELECT a.id FROM attempt a WHERE a.person_id = $1) RETURNING organisation_id, size"
    )
    .bind(id)
    .fetch_all(tx)
    .await?;
    give_back(tx, photos).await
}

/// Replaces a name among the authors of the lessons a person made or edited; the lessons changed.
async fn forget_author(tx: &mut WriteTx, id: PersonId, name: &str) -> Result<Vec<Uuid>, DbError> {
    let lessons: Vec<(Uuid, String)> = sql!(
        "SELECT l.id, l.draft_meta FROM lesson l WHERE l.created_by = $1
           OR l.id IN (SELECT e.lesson_id FROM lesson_editor e WHERE e.person_id = $1)"
    )
    .bind(id)
    .fetch_all(tx)
    .await?;
    let mut changed = Vec::new();
    for (lesson, meta) in lessons {
        if let Some(meta) = without_author(&meta, name) {
            sql!("UPDATE lesson SET draft_meta = $2 WHERE id = $1").bind(lesson).bind(meta).execute(tx).await?;
        }
        let versions: Vec<(i64, String)> =
            sql!("SELECT version, meta FROM lesson_version WHERE lesson_id = $1").bind(lesson).fetch_all(tx).await?;
        for (version, meta) in versions {
            if let Some(meta) = without_author(&meta, name) {
                sql!("UPDATE lesson_version SET meta = $3 WHERE lesson_id = $1 AND version = $2")
                    .bind(lesson)
                    .bind(version)
                    .bind(meta)
                    .execute(tx)
                    .await?;
            }
        }
        changed.push(lesson);
    }
    Ok(changed)
}

/// The lesson's facts with the author's name replaced; `None` when she is not among the authors.
fn without_author(meta: &str, name: &str) -> Option<String> {
    let mut meta: Value = serde_json::from_str(meta).ok()?;
    let authors = meta.get_mut("authors")?.as_array_mut()?;
    let mut found = false;
    for author in authors.iter_mut().filter(|author| author.as_str() == Some(name)) {
        *author = Value::from(ERASED_NAME);
        found = true;
    }
    found.then(|| meta.to_string())
}
