use db::{Conn, DbError, Env, sql};
use exchange::vietnamese::fold;
use kernel::{ClassGroupId, Cursor, OrganisationId, Page, PageLimit, Role};
use uuid::Uuid;

use super::PeopleError;
use super::numbers::numbering_school;
use super::rows::{Eyes, PersonRow, rows_of};
use crate::access::{Caller, Denied, ListScope, OrganisationAction, SeePeople, VisibleOrganisations, authorise};

/// Which people are wanted.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    /// Of an organisation and those below it.
    pub organisation: Option<OrganisationId>,
    /// With a role.
    pub role: Option<Role>,
    /// Of a class, also those who moved up or finished school from it.
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
    let sought = Sought::of(caller, filter, after, limit);
    let count = sought.count(&mut tx).await?;
    let keys = if count < FEW { sought.gather(&mut tx, count).await? } else { sought.walk(&mut tx).await? };
    let page = Page::from_surplus(keys, limit, |(id, key)| (key.clone(), *id));
    let seen = VisibleOrganisations::of(&mut tx, caller).await?;
    let school = match filter.organisation {
        Some(organisation) => Some(numbering_school(&mut tx, organisation).await?),
        None => None,
    };
    let ids: Vec<Uuid> = page.items.into_iter().map(|(id, _)| id).collect();
    let items = rows_of(&mut tx, &ids, &Eyes { seen: &seen, school }).await?;
    Ok(Page { items, next: page.next })
}

/// Up to how many roles at the places of a list it is gathered from them and sorted.
const FEW: i64 = 4000;

/// A page that is sought: what the statements below are given, in the order of their placeholders.
#[derive(Debug)]
struct Sought {
    scope: ListScope,
    organisation: Option<OrganisationId>,
    roles: [Role; Role::ALL.len()],
    class: Option<ClassGroupId>,
    text: Option<String>,
    numbers: bool,
    names: bool,
    after: (String, Uuid),
    surplus: i64,
}

impl Sought {
    fn of(caller: &Caller, filter: &PeopleFilter, after: Option<&Cursor>, limit: PageLimit) -> Self {
        let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let mut roles = [Role::Administrator; Role::ALL.len()];
        roles.copy_from_slice(Role::ALL);
        Self {
            scope: ListScope::of(caller, OrganisationAction::SeePeople),
            organisation: filter.organisation,
            roles: filter.role.map_or(roles, |role| [role; Role::ALL.len()]),
            class: filter.class,
            text: text.map(anywhere),
            // A school's numbers have digits in them, and names have none, or not three together: a text is
            // looked for where it may be.
            numbers: text.is_some_and(|text| text.contains(|letter: char| letter.is_ascii_digit())),
            names: text.is_some_and(|text| !text.as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_digit))),
            // Every key comes after these: a page always begins somewhere in the index.
            after: after.and_then(Cursor::key).unwrap_or_default(),
            surplus: limit.with_surplus(),
        }
    }

    /// How many roles are held where the list looks, counted as far as [`FEW`]. Fewer people are cheaper
    /// gathered and sorted than found among everybody in the order of names.
    async fn count(&self, conn: &mut Conn) -> Result<i64, DbError> {
        let (count,): (i64,) = sql!(
            "WITH place AS (
               SELECT o.id FROM organisation o
               WHERE (CAST($1 AS BOOLEAN) OR o.id IN (
                        SELECT c.descendant_id FROM role_assignment h JOIN organisation_closure c ON c.ancestor_id = h.organisation_id
                        WHERE h.person_id = $2 AND h.until_at IS NULL AND CAST($3 AS TEXT) LIKE '%,' || h.role || ',%'))
                 AND (CAST($4 AS UUID) IS NULL OR o.id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $4)))
             SELECT COUNT(*) FROM (SELECT r.person_id FROM place CROSS JOIN role_assignment r
               WHERE r.organisation_id = place.id AND r.role IN ($5, $6, $7, $8, $9, $10) LIMIT $11) counted"
        )
        .bind(self.scope.everything)
        .bind(self.scope.person)
        .bind(&self.scope.roles)
        .bind(self.organisation)
        .bind(self.roles[0])
        .bind(self.roles[1])
        .bind(self.roles[2])
        .bind(self.roles[3])
        .bind(self.roles[4])
        .bind(self.roles[5])
        .bind(FEW)
        .fetch_one(conn)
        .await?;
        Ok(count)
    }

    /// From the places to their people, sorted after: a school of a province does not read the province.
    /// Neither engine knows how few they are: CROSS JOIN is the order to SQLite, and to PostgreSQL the
    /// LIMIT, which cuts nothing off, tells it.
    async fn gather(self, conn: &mut Conn, count: i64) -> Result<Vec<(Uuid, String)>, DbError> {
        let query = sql!(
            "WITH place AS (
               SELECT o.id FROM organisation o
               WHERE (CAST($1 AS BOOLEAN) OR o.id IN (
                        SELECT c.descendant_id FROM role_assignment h JOIN organisation_closure c ON c.ancestor_id = h.organisation_id
                        WHERE h.person_id = $2 AND h.until_at IS NULL AND CAST($3 AS TEXT) LIKE '%,' || h.role || ',%'))
                 AND (CAST($4 AS UUID) IS NULL OR o.id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $4))),
             held AS MATERIALIZED (
               SELECT r.person_id, r.until_at FROM place CROSS JOIN role_assignment r
               WHERE r.organisation_id = place.id AND r.role IN ($5, $6, $7, $8, $9, $10) LIMIT $18)
             SELECT p.id, p.name_key
             FROM (SELECT DISTINCT r.person_id FROM held r
               WHERE r.until_at IS NULL OR NOT EXISTS (SELECT 1 FROM role_assignment l
                 WHERE l.person_id = r.person_id AND (l.until_at IS NULL OR l.until_at > r.until_at))) here
             CROSS JOIN person p
             WHERE p.id = here.person_id AND p.erased_at IS NULL
               AND (CAST($11 AS UUID) IS NULL OR p.id IN (SELECT e.person_id FROM enrolment e
                 WHERE e.class_group_id = $11 AND (e.until_at IS NULL OR e.ended_by IN ('moved_up', 'finished'))))
               AND (CAST($12 AS TEXT) IS NULL OR (CAST($14 AS BOOLEAN) AND p.name_folded LIKE $12 ESCAPE '\\') OR p.username LIKE $12 ESCAPE '\\'
                 OR (CAST($13 AS BOOLEAN) AND EXISTS (SELECT 1 FROM school_number n WHERE n.person_id = p.id AND LOWER(n.number) LIKE $12 ESCAPE '\\')))
               AND (p.name_key, p.id) > ($15, $16)
             ORDER BY p.name_key, p.id LIMIT $17"
        );
        self.bind(query).bind(count).fetch_all(conn).await
    }

    /// Everybody in the order of names, as long as the page is not full, told by an index alone whether
    /// the text fits. Most of those it passes belong to the list, or the list were short.
    async fn walk(self, conn: &mut Conn) -> Result<Vec<(Uuid, String)>, DbError> {
        let query = sql!(
            "WITH place AS (
               SELECT o.id FROM organisation o
               WHERE (CAST($1 AS BOOLEAN) OR o.id IN (
                        SELECT c.descendant_id FROM role_assignment h JOIN organisation_closure c ON c.ancestor_id = h.organisation_id
                        WHERE h.person_id = $2 AND h.until_at IS NULL AND CAST($3 AS TEXT) LIKE '%,' || h.role || ',%'))
                 AND (CAST($4 AS UUID) IS NULL OR o.id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $4)))
             SELECT p.id, p.name_key FROM person p
             WHERE p.erased_at IS NULL
               AND (CAST($11 AS UUID) IS NULL OR p.id IN (SELECT e.person_id FROM enrolment e
                 WHERE e.class_group_id = $11 AND (e.until_at IS NULL OR e.ended_by IN ('moved_up', 'finished'))))
               AND (CAST($12 AS TEXT) IS NULL OR (CAST($14 AS BOOLEAN) AND p.name_folded LIKE $12 ESCAPE '\\') OR p.username LIKE $12 ESCAPE '\\'
                 OR (CAST($13 AS BOOLEAN) AND p.id IN (SELECT n.person_id FROM school_number n WHERE LOWER(n.number) LIKE $12 ESCAPE '\\')))
               AND EXISTS (SELECT 1 FROM role_assignment r
                 WHERE r.person_id = p.id AND r.organisation_id IN (SELECT id FROM place) AND r.role IN ($5, $6, $7, $8, $9, $10)
                   AND (r.until_at IS NULL OR NOT EXISTS (SELECT 1 FROM role_assignment l
                     WHERE l.person_id = r.person_id AND (l.until_at IS NULL OR l.until_at > r.until_at))))
               AND (p.name_key, p.id) > ($15, $16)
             ORDER BY p.name_key, p.id LIMIT $17"
        );
        self.bind(query).fetch_all(conn).await
    }

    fn bind(self, query: db::Query) -> db::Query {
        let query = query.bind(self.scope.everything).bind(self.scope.person).bind(self.scope.roles).bind(self.organisation);
        let query = self.roles.into_iter().fold(query, db::Query::bind);
        let query = query.bind(self.class).bind(self.text).bind(self.numbers).bind(self.names);
        query.bind(self.after.0).bind(self.after.1).bind(self.surplus)
    }
}
