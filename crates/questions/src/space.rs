//! What papers, pictures and sounds take of an organisation's space: counted with their row, given back
//! with it, under the same quota as files of lessons.

use content::uploads::{hold_quota, over_quota};
use db::{Conn, DbError, WriteTx, sql};
use kernel::{OrganisationId, PersonId, QuestionFolderId};

/// Counts bytes that a row of this transaction keeps. False when there is no space for them: then nothing
/// of the transaction may stay.
pub(crate) async fn take(tx: &mut WriteTx, organisation: OrganisationId, bytes: i64) -> Result<bool, DbError> {
    hold_quota(tx, organisation).await?;
    if over_quota(tx, organisation, bytes).await? {
        return Ok(false);
    }
    sql!("UPDATE organisation SET used_bytes = used_bytes + $2 WHERE id = $1").bind(organisation).bind(bytes).execute(tx).await?;
    Ok(true)
}

/// Whose space the files of a folder take: of an organisation's its own, of a person's that of the place
/// where she works, and where she works nowhere any more that of whoever brings them.
pub(crate) async fn of_folder(conn: &mut Conn, folder: QuestionFolderId, by: PersonId) -> Result<Option<OrganisationId>, DbError> {
    let whose: Option<(Option<OrganisationId>, Option<PersonId>)> =
        sql!("SELECT organisation_id, owner_id FROM question_folder WHERE id = $1").bind(folder).fetch_optional(conn).await?;
    let Some((organisation, owner)) = whose else { return Ok(None) };
    if organisation.is_some() {
        return Ok(organisation);
    }
    for person in owner.into_iter().chain([by]) {
        let place: Option<(OrganisationId,)> = sql!(
            "SELECT r.organisation_id FROM role_assignment r
             WHERE r.person_id = $1 AND r.until_at IS NULL AND r.role IN ('administrator', 'school_head', 'reviewer', 'teacher')
             ORDER BY r.from_at, r.id LIMIT 1"
        )
        .bind(person)
        .fetch_optional(conn)
        .await?;
        if let Some((place,)) = place {
            return Ok(Some(place));
        }
    }
    Ok(None)
}
