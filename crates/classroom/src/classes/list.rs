use db::sql;
use exchange::vietnamese::fold;
use identity::access::{Caller, Denied};
use kernel::{ClassId, Cursor, Page, PageLimit};
use serde::Deserialize;
use utoipa::ToSchema;

use super::rows::{ClassStanding, rows_of};
use super::{ClassError, ClassRow};
use crate::Classroom;
use crate::access::sight;

/// Whose classes are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Those the caller teaches, learns in, or asked to be let into.
    #[default]
    Mine,
    /// Those of schools the caller looks after.
    Overseen,
}

/// Which classes are wanted.
#[derive(Clone, Debug, Default)]
pub struct ClassFilter {
    /// Whose.
    pub whose: Whose,
    /// Those put away instead of those in use.
    pub archived: bool,
    /// With this in the name, with or without diacritics.
    pub text: String,
}

/// The classes a caller may see, by name.
///
/// # Errors
/// [`ClassError`].
pub async fn list(
    classroom: &Classroom,
    caller: &Caller,
    filter: &ClassFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<ClassRow>, ClassError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let (name, id): (String, uuid::Uuid) = after.and_then(Cursor::key).unwrap_or_default();
    let mut tx = classroom.env().db.read().await?;
    let keys: Vec<(ClassId, String)> = match filter.whose {
        Whose::Mine => sql!(
            "SELECT c.id, c.name_key FROM class c
             WHERE c.id IN (SELECT s.class_id FROM class_sight s WHERE s.person_id = $1 AND s.how IN ('owner', 'teacher', 'member')
                            UNION SELECT m.class_id FROM class_member m WHERE m.person_id = $1 AND m.state = 'waiting')
               AND (c.archived_at IS NOT NULL) = CAST($2 AS BOOLEAN) AND c.name_folded LIKE $3
               AND (c.name_key, c.id) > ($4, $5)
             ORDER BY c.name_key, c.id LIMIT $6"
        ),
        Whose::Overseen => sql!(
            "SELECT c.id, c.name_key FROM class c
             WHERE c.id IN (SELECT s.class_id FROM class_sight s WHERE s.person_id = $1 AND s.how IN ('administrator', 'school_head'))
               AND (c.archived_at IS NOT NULL) = CAST($2 AS BOOLEAN) AND c.name_folded LIKE $3
               AND (c.name_key, c.id) > ($4, $5)
             ORDER BY c.name_key, c.id LIMIT $6"
        ),
    }
    .bind(person)
    .bind(filter.archived)
    .bind(format!("%{}%", fold(&filter.text).replace(['%', '_', '\\'], "")))
    .bind(name)
    .bind(id)
    .bind(limit.with_surplus())
    .fetch_all(&mut tx)
    .await?;
    let page = Page::from_surplus(keys, limit, |(id, key)| (key.clone(), *id));
    let mut wanted = Vec::with_capacity(page.items.len());
    for (id, _) in page.items {
        let standing = sight(&mut tx, caller, id).await?.map_or(ClassStanding::Waiting, ClassStanding::from);
        wanted.push((id, standing));
    }
    Ok(Page { items: rows_of(&mut tx, &wanted).await?, next: page.next })
}
