use std::collections::HashMap;

use db::{DbError, Env, WriteTx, sql};
use exchange::vietnamese::{fold, name_sort_key};
use kernel::{ClassGroupId, PeopleImportId, PersonId, Role, SchoolYearId};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::known::class_key;
use super::plan::{self, Target};
use super::{ImportError, ImportRow, Kept, open, read};
use crate::access::{Caller, Grant, ManagePeople, authorise};
use crate::audit::{self, Event};
use crate::organisations::{add_class_group, current_year, ensure_year};
use crate::people::adding::insert;
use crate::people::belonging::enrol;
use crate::people::numbers::give_number;
use crate::people::{EnrolmentReason, Gender, PersonDraft};

/// What applying a list did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportApplied)]
pub struct Applied {
    /// People added.
    pub created: usize,
    /// People who were there and now are as the list says.
    pub updated: usize,
}

/// Takes a list as a whole: if one row cannot be taken any more, none is. New people cannot sign in
/// before slips are made for them. The file itself is not kept afterwards.
///
/// # Errors
/// [`ImportError`].
pub async fn apply(env: &Env, caller: &Caller, id: PeopleImportId) -> Result<Applied, ImportError> {
    let mut tx = env.db.read().await?;
    let stored = open(&mut tx, caller, id).await?;
    drop(tx);
    if stored.state == Kept::Applied {
        return Err(ImportError::Applied);
    }
    let roster = read(stored.content).await?;

    let mut tx = env.db.write().await?;
    let grant = authorise::<ManagePeople>(&mut tx, caller, stored.organisation).await?;
    // First, so that of two who apply at once one waits here and then finds it done.
    let claimed = sql!("UPDATE people_import SET state = 'applied', applied_at = $2, content = $3 WHERE id = $1 AND state <> 'applied'")
        .bind(id)
        .bind(env.now())
        .bind(Vec::new())
        .execute(&mut tx)
        .await?;
    if claimed == 0 {
        return Err(ImportError::Applied);
    }
    let plan = plan::make(&mut tx, &grant, stored.role, &roster).await?;
    if !plan.is_ready(&roster) {
        return Err(ImportError::Faulty);
    }
    let year = match current_year(&mut tx, stored.organisation, env.now()).await? {
        Some(year) => year,
        None => ensure_year(&mut tx, env, &grant).await?,
    };
    let mut classes = Classes { year, known: HashMap::new() };
    let mut done = Applied::default();
    for (position, (planned, row)) in (0_i64..).zip(plan.rows.iter().zip(&roster.rows)) {
        let Some(draft) = &planned.draft else { return Err(ImportError::Faulty) };
        let class = match row.person.class.as_deref().filter(|_| planned.role == Role::Pupil) {
            Some(name) => Some(classes.get(&mut tx, env, &grant, name).await?),
            None => None,
        };
        let person = match planned.target {
            Target::New => {
                let person = insert(&mut tx, env, plan.school, draft, None).await?;
                enrol(&mut tx, env, &grant, person, planned.role, class, EnrolmentReason::Import).await?;
                done.created += 1;
                person
            }
            Target::Known(person) => {
                update(&mut tx, person, draft).await?;
                if !is_enrolled(&mut tx, &grant, person, planned.role, class).await? {
                    enrol(&mut tx, env, &grant, person, planned.role, class, EnrolmentReason::Import).await?;
                }
                if let Some(code) = &draft.code {
                    give_number(&mut tx, env, plan.school, person, code).await?;
                }
                done.updated += 1;
                person
            }
        };
        keep_row(&mut tx, id, position, person, planned.shown(row)).await?;
    }
    let event = Event::about_organisation("people.imported", stored.organisation)
        .with(json!({ "filename": stored.filename, "created": done.created, "updated": done.updated }));
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    Ok(done)
}

/// Notes whom a row made or changed, and no more of it: what it said is in the database now.
async fn keep_row(tx: &mut WriteTx, import: PeopleImportId, position: i64, person: PersonId, row: ImportRow) -> Result<(), DbError> {
    sql!("INSERT INTO people_import_row (import_id, position, person_id, sheet, line, action) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(import)
        .bind(position)
        .bind(person)
        .bind(row.sheet.unwrap_or_default())
        .bind(row.line)
        .bind(row.action.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

struct Classes {
    year: SchoolYearId,
    known: HashMap<String, ClassGroupId>,
}

impl Classes {
    async fn get(&mut self, tx: &mut WriteTx, env: &Env, grant: &Grant<ManagePeople>, name: &str) -> Result<ClassGroupId, DbError> {
        let key = class_key(name);
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let id = add_class_group(tx, env, grant, self.year, name, None).await?;
        self.known.insert(key, id);
        Ok(id)
    }
}

/// Whether she is there already in that role and, where the list names one, in that class.
async fn is_enrolled(
    tx: &mut WriteTx,
    grant: &Grant<ManagePeople>,
    person: PersonId,
    role: Role,
    class: Option<ClassGroupId>,
) -> Result<bool, DbError> {
    let found: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM enrolment e
         JOIN role_assignment r ON r.person_id = e.person_id AND r.organisation_id = e.organisation_id AND r.role = e.role AND r.until_at IS NULL
         WHERE e.person_id = $1 AND e.organisation_id = $2 AND e.role = $3 AND e.until_at IS NULL
           AND (CAST($4 AS UUID) IS NULL OR e.class_group_id = $4) LIMIT 1"
    )
    .bind(person)
    .bind(*grant.scope())
    .bind(role)
    .bind(class)
    .fetch_optional(tx)
    .await?;
    Ok(found.is_some())
}

/// Writes what the list says; what it does not say stays.
async fn update(tx: &mut WriteTx, person: PersonId, draft: &PersonDraft) -> Result<(), DbError> {
    sql!(
        "UPDATE person SET display_name = $2, name_folded = $3, name_key = $4,
           email = COALESCE(CAST($5 AS TEXT), email), email_folded = COALESCE(CAST($6 AS TEXT), email_folded),
           ministry_id = COALESCE(CAST($7 AS TEXT), ministry_id), birth_date = COALESCE(CAST($8 AS TEXT), birth_date),
           gender = COALESCE(CAST($9 AS TEXT), gender), national_id = COALESCE(CAST($10 AS TEXT), national_id),
           national_id_disputed = national_id_disputed AND CAST($10 AS TEXT) IS NULL,
           phone = COALESCE(CAST($11 AS TEXT), phone), guardians = COALESCE(CAST($12 AS TEXT), guardians)
         WHERE id = $1"
    )
    .bind(person)
    .bind(&draft.display_name)
    .bind(fold(&draft.display_name))
    .bind(name_sort_key(&draft.display_name))
    .bind(draft.email.clone())
    .bind(draft.email.as_ref().map(|email| email.to_lowercase()))
    .bind(draft.ministry_id.clone())
    .bind(draft.birth_date.clone())
    .bind(draft.gender.map(Gender::as_str))
    .bind(draft.national_id.clone())
    .bind(draft.phone.clone())
    .bind(draft.guardians.clone())
    .execute(tx)
    .await?;
    Ok(())
}
