//! Who may read and change folders of questions and what is in them. The views `question_reader` and
//! `question_folder_access` are these rules as relations, for lists.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Capability, Decision, standing_at};
use kernel::{OrganisationId, PersonId, QuestionFolderId, QuestionId, Role};

/// May read the questions of a folder, keys and all.
#[derive(Debug)]
pub struct ReadFolder;
/// May add to a folder and change what is in it.
#[derive(Debug)]
pub struct EditFolder;
/// May lend a folder: its owner; of an organisation's, those who oversee there.
#[derive(Debug)]
pub struct ShareFolder;
/// May take questions out of a bank into another: its owner; of an organisation's, those who oversee
/// there. Whoever may only write in it could carry it home otherwise.
#[derive(Debug)]
pub struct TakeFromBank;
/// May read a question.
#[derive(Debug)]
pub struct ReadQuestion;
/// May change a question.
#[derive(Debug)]
pub struct EditQuestion;

/// May use the bank at all: whoever authors somewhere. To pupils and parents there is none.
#[derive(Debug)]
pub struct UseBank;

impl Capability for UseBank {
    type Scope = ();

    async fn decide(conn: &mut Conn, caller: &Caller, (): &()) -> Result<Decision, DbError> {
        let Some(person) = caller.person_id() else { return Ok(Decision::Hide) };
        let found: Option<(i64,)> =
            sql!("SELECT CAST(1 AS BIGINT) FROM question_reader WHERE person_id = $1 LIMIT 1").bind(person).fetch_optional(conn).await?;
        Ok(if found.is_some() { Decision::Allow } else { Decision::Hide })
    }
}

/// What a person may do in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FolderRight {
    None,
    Read,
    Edit,
}

pub(crate) async fn folder_right(conn: &mut Conn, caller: &Caller, folder: QuestionFolderId) -> Result<FolderRight, DbError> {
    let Some(person) = caller.person_id() else { return Ok(FolderRight::None) };
    let (best,): (Option<i64>,) =
        sql!("SELECT CAST(MAX(can_edit) AS BIGINT) FROM question_folder_access WHERE person_id = $1 AND folder_id = $2")
            .bind(person)
            .bind(folder)
            .fetch_one(conn)
            .await?;
    Ok(match best {
        None => FolderRight::None,
        Some(0) => FolderRight::Read,
        Some(_) => FolderRight::Edit,
    })
}

async fn place_of(conn: &mut Conn, question: QuestionId) -> Result<Option<(QuestionFolderId, Option<i64>)>, DbError> {
    sql!("SELECT folder_id, deleted_at FROM question WHERE id = $1").bind(question).fetch_optional(conn).await
}

impl Capability for ReadFolder {
    type Scope = QuestionFolderId;

    async fn decide(conn: &mut Conn, caller: &Caller, folder: &QuestionFolderId) -> Result<Decision, DbError> {
        Ok(match folder_right(conn, caller, *folder).await? {
            FolderRight::None => Decision::Hide,
            FolderRight::Read | FolderRight::Edit => Decision::Allow,
        })
    }
}

impl Capability for EditFolder {
    type Scope = QuestionFolderId;

    async fn decide(conn: &mut Conn, caller: &Caller, folder: &QuestionFolderId) -> Result<Decision, DbError> {
        Ok(match folder_right(conn, caller, *folder).await? {
            FolderRight::None => Decision::Hide,
            FolderRight::Read => Decision::Forbid,
            FolderRight::Edit => Decision::Allow,
        })
    }
}

impl Capability for ShareFolder {
    type Scope = QuestionFolderId;

    async fn decide(conn: &mut Conn, caller: &Caller, folder: &QuestionFolderId) -> Result<Decision, DbError> {
        if folder_right(conn, caller, *folder).await? == FolderRight::None {
            return Ok(Decision::Hide);
        }
        let whose: Option<(Option<PersonId>, Option<OrganisationId>)> =
            sql!("SELECT owner_id, organisation_id FROM question_folder WHERE id = $1").bind(*folder).fetch_optional(conn).await?;
        let allowed = match whose {
            Some((Some(owner), _)) => caller.person_id() == Some(owner),
            Some((None, Some(organisation))) => {
                let standing = standing_at(conn, caller, organisation).await?;
                standing.at_or_above.iter().any(|role| matches!(role, Role::Administrator | Role::SchoolHead | Role::Reviewer))
            }
            _ => false,
        };
        Ok(if allowed { Decision::Allow } else { Decision::Forbid })
    }
}

impl Capability for TakeFromBank {
    type Scope = QuestionFolderId;

    async fn decide(conn: &mut Conn, caller: &Caller, folder: &QuestionFolderId) -> Result<Decision, DbError> {
        ShareFolder::decide(conn, caller, folder).await
    }
}

impl Capability for ReadQuestion {
    type Scope = QuestionId;

    async fn decide(conn: &mut Conn, caller: &Caller, question: &QuestionId) -> Result<Decision, DbError> {
        let Some((folder, deleted_at)) = place_of(conn, *question).await? else { return Ok(Decision::Hide) };
        Ok(match folder_right(conn, caller, folder).await? {
            FolderRight::Edit => Decision::Allow,
            // The bin is seen by those who may bring back what is in it.
            FolderRight::Read if deleted_at.is_none() => Decision::Allow,
            FolderRight::Read | FolderRight::None => Decision::Hide,
        })
    }
}

impl Capability for EditQuestion {
    type Scope = QuestionId;

    async fn decide(conn: &mut Conn, caller: &Caller, question: &QuestionId) -> Result<Decision, DbError> {
        let Some((folder, deleted_at)) = place_of(conn, *question).await? else { return Ok(Decision::Hide) };
        let decision = EditFolder::decide(conn, caller, &folder).await?;
        Ok(if deleted_at.is_some() && decision == Decision::Forbid { Decision::Hide } else { decision })
    }
}

/// What a person may find questions by in the index: her own folders, what was lent to her, and the
/// organisations whose questions she may read.
pub(crate) async fn search_tokens(conn: &mut Conn, person: PersonId) -> Result<Vec<String>, DbError> {
    let organisations: Vec<(OrganisationId,)> =
        sql!("SELECT DISTINCT organisation_id FROM question_reader WHERE person_id = $1").bind(person).fetch_all(conn).await?;
    let mut tokens = vec![token_of_person(person)];
    tokens.extend(organisations.into_iter().map(|(id,)| token_of_organisation(id)));
    Ok(tokens)
}

/// The mark of what a person may find. Never one of a lesson's, which are bare ids.
pub(crate) fn token_of_person(person: PersonId) -> String {
    format!("qp:{person}")
}

/// The mark of what the authors of an organisation may find.
pub(crate) fn token_of_organisation(organisation: OrganisationId) -> String {
    format!("qo:{organisation}")
}
