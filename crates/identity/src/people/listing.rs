use db::{Env, sql};
use exchange::vietnamese::fold;
use kernel::{ClassGroupId, Cursor, OrganisationId, Page, PageLimit, Role};
use uuid::Uuid;

use super::PeopleError;
use super::view::{PersonRow, RowFacts, row};
use crate::access::{Caller, Denied, ListScope, OrganisationAction, SeePeople, VisibleOrganisations, authorise};

/// Which people are wanted.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    /// Of an organisation and those below it.
    pub organisation: Option<OrganisationId>,
    /// With a role.
    pub role: Option<Role>,
    /// Of a class.
    pub class: Option<ClassGroupId>,
    /// Whose name, username or code has this in it, with or without diacritics.
    pub text: Option<String>,
}

/// A pattern for LIKE that finds a folded text anywhere; `\` escapes.
fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in fold(text).chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// The people the caller may see, by given name as Vietnamese lists are. Those who left their last
/// place are listed where they left.
///
/// # Errors
/// [`PeopleError`]; an organisation whose people the caller may not see is refused.
pub async fn list(
    env: &Env,
    caller: &Caller,
    filter: &PeopleFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<PersonRow>, PeopleError> {
    if matches!(caller, Caller::Anonymous { .. }) {
        return Err(Denied::SignInNeeded.into());
    }
    let mut tx = env.db.read().await?;
    if let Some(organisation) = filter.organisation {
        authorise::<SeePeople>(&mut tx, caller, organisation).await?;
    }
    let scope = ListScope::of(caller, OrganisationAction::SeePeople);
    let after: Option<(String, Uuid)> = after.and_then(Cursor::key);
    let (after_key, after_id) = after.unzip();
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(anywhere);
    // From the places to their people: a school of a province must not read the
    // province. CROSS JOIN is the order of the two to SQLite, which has no statistics to find it by.
    let facts: Vec<RowFacts> = sql!(
        "WITH place AS (
           SELECT o.id FROM organisation o
           WHERE (CAST($1 AS BOOLEAN) OR o.id IN (
                    SELECT c.descendant_id FROM role_assignment h JOIN organisation_closure c ON c.ancestor_id = h.organisation_id
                    WHERE h.person_id = $2 AND h.until_at IS NULL AND CAST($3 AS TEXT) LIKE '%,' || h.role || ',%'))
             AND (CAST($4 AS UUID) IS NULL OR o.id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $4)))
         SELECT p.id, p.display_name, p.name_key, p.username, p.email, p.code, p.birth_date, p.state, p.last_sign_in_at,
                g.id AS class_id, g.name AS class_name, g.organisation_id AS class_organisation_id
         FROM person p
         LEFT JOIN class_group g ON g.id = (SELECT e.class_group_id FROM enrolment e
           WHERE e.person_id = p.id AND e.until_at IS NULL AND e.class_group_id IS NOT NULL ORDER BY e.from_at DESC, e.id DESC LIMIT 1)
         WHERE p.erased_at IS NULL
           AND p.id IN (SELECT r.person_id FROM place CROSS JOIN role_assignment r
             WHERE r.organisation_id = place.id AND (CAST($5 AS TEXT) IS NULL OR r.role = $5)
               AND (r.until_at IS NULL OR NOT EXISTS (SELECT 1 FROM role_assignment l
                 WHERE l.person_id = r.person_id AND (l.until_at IS NULL OR l.until_at > r.until_at))))
           AND (CAST($6 AS UUID) IS NULL OR EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = p.id AND e.class_group_id = $6 AND e.until_at IS NULL))
           AND (CAST($7 AS TEXT) IS NULL OR p.name_folded LIKE $7 ESCAPE '\\' OR p.username LIKE $7 ESCAPE '\\' OR LOWER(p.code) LIKE $7 ESCAPE '\\')
           AND (CAST($8 AS TEXT) IS NULL OR (p.name_key, p.id) > ($8, $9))
         ORDER BY p.name_key, p.id LIMIT $10"
    )
    .bind(scope.everything)
    .bind(scope.person)
    .bind(scope.roles)
    .bind(filter.organisation)
    .bind(filter.role)
    .bind(filter.class)
    .bind(text)
    .bind(after_key)
    .bind(after_id)
    .bind(limit.with_surplus())
    .fetch_all(&mut tx)
    .await?;
    let page = Page::from_surplus(facts, limit, |facts| (facts.name_key.clone(), facts.id));
    let seen = VisibleOrganisations::of(&mut tx, caller).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for facts in page.items {
        items.push(row(&mut tx, facts, &seen).await?);
    }
    Ok(Page { items, next: page.next })
}
