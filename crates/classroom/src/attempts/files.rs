//! Pictures and sounds of a paper afterwards: for its teachers, and for whoever sat it as far as it is released.

use bytes::Bytes;
use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use kernel::{AttemptId, TestId, TestPaperId};

use super::check::{CheckInput, check};
use super::photos::drawn;
use super::{AttemptError, Token, device, marking, result};
use crate::Classroom;
use crate::tests::{ManageTest, TestError, TestSettings};

/// A file's media type and bytes.
pub type OpenedFile = (String, Bytes);

/// A picture or sound of the paper a test has, for its teachers.
///
/// # Errors
/// [`AttemptError`].
pub async fn test_file(classroom: &Classroom, caller: &Caller, test: TestId, number: u64) -> Result<OpenedFile, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    let paper: Option<(Option<TestPaperId>,)> = sql!("SELECT paper_id FROM test WHERE id = $1").bind(test).fetch_optional(&mut tx).await?;
    let paper = paper.and_then(|(paper,)| paper).ok_or(Denied::NotFound)?;
    let object = of_paper(&mut tx, paper, number).await?;
    drop(tx);
    open(classroom, object).await
}

/// Who asks for something of an attempt that was handed in.
#[derive(Clone, Copy, Debug)]
pub enum Asking<'a> {
    /// Whoever is signed in.
    Caller(&'a Caller),
    /// Somebody without an account, with the code of its receipt.
    Receipt(&'a str),
}

/// A file of an attempt.
#[derive(Clone, Copy, Debug)]
pub enum FileOf<'a> {
    /// A picture or sound of its paper, by its number.
    Paper(u64),
    /// A picture or sound of what explains an item, by its name in it.
    Explanation(u16, &'a str),
    /// A photo of work by its name, as it was drawn anew: so many pixels its longer side needs.
    Photo(&'a str, u32),
}

impl FileOf<'_> {
    /// Whether it is known with what is released.
    fn is_among(self, released: &result::Released) -> bool {
        match self {
            Self::Paper(_) | Self::Photo(..) => released.answers,
            Self::Explanation(..) => released.explanations,
        }
    }
}

/// A file of an attempt: for the teachers of its test, and for whoever sat it once it is released.
///
/// # Errors
/// [`AttemptError`].
pub async fn attempt_file(
    classroom: &Classroom,
    asking: Asking<'_>,
    attempt: AttemptId,
    file: FileOf<'_>,
) -> Result<OpenedFile, AttemptError> {
    if let Asking::Caller(caller) = asking {
        caller.person_id().ok_or(Denied::SignInNeeded)?;
    }
    let mut tx = classroom.env().db.read().await?;
    let head = result::head(&mut tx, attempt).await?;
    if !teaches(&mut tx, asking, &head).await? {
        released(&mut tx, classroom, &head, file).await?;
    }
    let object = match file {
        FileOf::Paper(number) => of_paper(&mut tx, head.paper_id, number).await?,
        FileOf::Explanation(item, name) => of_explanation(&mut tx, classroom, head.paper_id, item, name).await?,
        FileOf::Photo(name, pixels) => drawn(&mut tx, attempt, name, pixels).await?,
    };
    drop(tx);
    open(classroom, object).await
}

/// Whether whoever asks teaches the test. Who neither does nor sat this attempt is told that there is none.
async fn teaches(conn: &mut Conn, asking: Asking<'_>, head: &result::Head) -> Result<bool, Denied> {
    match asking {
        Asking::Caller(caller) if authorise::<ManageTest>(conn, caller, head.test_id).await.is_ok() => Ok(true),
        Asking::Caller(caller) if head.person_id.is_some() && head.person_id == caller.person_id() => Ok(false),
        Asking::Caller(_) => Err(Denied::NotFound),
        Asking::Receipt(code) => result::by_receipt(head, code).map(|()| false),
    }
}

/// Whether a file of an attempt is released to whoever sat it.
async fn released(conn: &mut Conn, classroom: &Classroom, head: &result::Head, file: FileOf<'_>) -> Result<(), AttemptError> {
    if head.state != "submitted" {
        return Err(Denied::NotFound.into());
    }
    let settings: TestSettings = serde_json::from_str(&head.settings).map_err(DbError::from)?;
    let paper = classroom.papers.with_key(conn, head.paper_id, head.key_revision).await?;
    let marks = marking::now(conn, &paper, head.id).await?.marks;
    let released = result::released(conn, classroom, head, &settings, &marks, classroom.env().now()).await?;
    if file.is_among(&released) { Ok(()) } else { Err(Denied::NotFound.into()) }
}

/// A picture or sound of what explains an item, while it is practised: once the device's answer was checked and its
/// explanation is told.
///
/// # Errors
/// [`AttemptError`].
pub async fn checked_explanation_file(classroom: &Classroom, token: &Token, item: u16, name: &str) -> Result<OpenedFile, AttemptError> {
    let told = check(classroom, token, CheckInput { item }).await?;
    told.explanation.ok_or(Denied::NotFound)?;
    let card = device::get(classroom, token).await?;
    let mut tx = classroom.env().db.read().await?;
    let object = of_explanation(&mut tx, classroom, card.paper_id, item, name).await?;
    drop(tx);
    open(classroom, object).await
}

async fn of_explanation(
    conn: &mut Conn,
    classroom: &Classroom,
    paper: TestPaperId,
    item: u16,
    name: &str,
) -> Result<Option<(String, String)>, AttemptError> {
    let file = classroom.shelf.take(conn, paper).await?.medium(item, name).ok_or(Denied::NotFound)?;
    let found = sql!("SELECT f.mime, b.object_key FROM question_file f JOIN blob b ON b.id = f.blob_id WHERE f.id = $1")
        .bind(file)
        .fetch_optional(conn)
        .await?;
    Ok(found)
}

async fn of_paper(conn: &mut Conn, paper: TestPaperId, number: u64) -> Result<Option<(String, String)>, DbError> {
    sql!(
        "SELECT f.mime, b.object_key FROM test_paper_file p JOIN question_file f ON f.id = p.file_id JOIN blob b ON b.id = f.blob_id
         WHERE p.paper_id = $1 AND p.number = $2"
    )
    .bind(paper)
    .bind(i64::try_from(number).unwrap_or(0))
    .fetch_optional(conn)
    .await
}

pub(super) async fn open(classroom: &Classroom, found: Option<(String, String)>) -> Result<OpenedFile, AttemptError> {
    let (mime, object) = found.ok_or(Denied::NotFound)?;
    let read = classroom.questions.content.blobs.get(&object, None).await.map_err(TestError::from)?;
    Ok((mime, read.collect().await.map_err(TestError::from)?))
}
