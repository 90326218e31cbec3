//! A list that was taken, shown again: its people as they are now. The file itself is not kept.

use db::{Conn, sql};
use kernel::PeopleImportId;

use super::{ImportAction, ImportError, ImportPreview, ImportRow, ImportState, SHOWN, Stored};

#[derive(sqlx::FromRow)]
struct Facts {
    sheet: String,
    line: i64,
    action: String,
    display_name: String,
    birth_date: Option<String>,
    class_name: Option<String>,
    code: Option<String>,
    username: String,
}

pub(super) async fn preview(conn: &mut Conn, id: PeopleImportId, stored: Stored) -> Result<ImportPreview, ImportError> {
    let (total,): (i64,) = sql!("SELECT COUNT(*) FROM people_import_row WHERE import_id = $1").bind(id).fetch_one(conn).await?;
    let rows: Vec<Facts> = sql!(
        "SELECT i.sheet, i.line, i.action, p.display_name, p.birth_date, p.username,
                (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                 WHERE e.person_id = p.id AND e.organisation_id = $2 AND e.until_at IS NULL ORDER BY e.from_at DESC, e.id DESC LIMIT 1) AS class_name,
                (SELECT n.number FROM school_number n JOIN organisation_closure c ON c.ancestor_id = n.organisation_id
                 WHERE n.person_id = p.id AND c.descendant_id = $2 ORDER BY c.depth LIMIT 1) AS code
         FROM people_import_row i JOIN person p ON p.id = i.person_id
         WHERE i.import_id = $1 AND EXISTS (SELECT 1 FROM role_assignment r WHERE r.person_id = p.id AND r.organisation_id = $2 AND r.until_at IS NULL)
         ORDER BY i.position LIMIT $3"
    )
    .bind(id)
    .bind(stored.organisation)
    .bind(i64::try_from(SHOWN).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    Ok(ImportPreview {
        id,
        filename: stored.filename,
        state: ImportState::Applied,
        columns: Vec::new(),
        total: usize::try_from(total).unwrap_or_default(),
        faulty: 0,
        rows: rows.into_iter().map(row).collect(),
        problems: Vec::new(),
    })
}

fn row(facts: Facts) -> ImportRow {
    ImportRow {
        sheet: Some(facts.sheet).filter(|sheet| !sheet.is_empty()),
        line: u32::try_from(facts.line).unwrap_or_default(),
        display_name: Some(facts.display_name),
        birth_date: facts.birth_date,
        class_name: facts.class_name,
        code: facts.code,
        username: Some(facts.username),
        action: if facts.action == ImportAction::Create.as_str() { ImportAction::Create } else { ImportAction::Update },
        problems: Vec::new(),
    }
}
