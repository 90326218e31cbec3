//! The bytes of papers. They are sealed: whoever names them may have them, and can do nothing with them
//! before the bell brings the key.

use bytes::Bytes;
use db::sql;
use identity::access::Denied;
use kernel::TestPaperId;

use super::{TestError, seal};
use crate::Classroom;
use crate::attempts::{AttemptError, Token, device_of};

/// A sealed paper.
///
/// # Errors
/// [`TestError`].
pub async fn sealed_paper(classroom: &Classroom, paper: TestPaperId, sha256: &str) -> Result<Bytes, TestError> {
    let loaded = classroom.papers.get(classroom, paper).await.map_err(|_| Denied::NotFound)?;
    if loaded.sealed.sha256 == sha256 { Ok(loaded.sealed_bytes.clone()) } else { Err(Denied::NotFound.into()) }
}

/// A picture or sound of a paper, sealed like it under its number.
///
/// # Errors
/// [`TestError`].
pub async fn sealed_file(classroom: &Classroom, paper: TestPaperId, sha256: &str, number: u64) -> Result<Bytes, TestError> {
    sealed_paper(classroom, paper, sha256).await?;
    let mut tx = classroom.env().db.read().await?;
    let object: Option<(String,)> = sql!(
        "SELECT b.object_key FROM test_paper_file p JOIN question_file f ON f.id = p.file_id JOIN blob b ON b.id = f.blob_id
         WHERE p.paper_id = $1 AND p.number = $2"
    )
    .bind(paper)
    .bind(i64::try_from(number).unwrap_or(0))
    .fetch_optional(&mut tx)
    .await?;
    drop(tx);
    let (object,) = object.ok_or(Denied::NotFound)?;
    let bytes = classroom.questions.content.blobs.get(&object, None).await?.collect().await?;
    let loaded = classroom.papers.get(classroom, paper).await?;
    Ok(seal::seal(&loaded.seal_key, number, bytes.to_vec())?.into())
}

/// What is shown of the paper of a device's attempt, open: for browsers that cannot open a sealed one, which
/// have it only after the bell.
///
/// # Errors
/// [`AttemptError`].
pub async fn open_paper(classroom: &Classroom, token: &Token) -> Result<String, AttemptError> {
    let card = device_of(classroom, token).await?;
    let mut tx = classroom.env().db.read().await?;
    let (shown,): (String,) = sql!("SELECT shown FROM test_paper WHERE id = $1").bind(card.paper_id).fetch_one(&mut tx).await?;
    Ok(shown)
}

/// A picture or sound of the paper of a device's attempt, open.
///
/// # Errors
/// [`AttemptError`].
pub async fn open_file(classroom: &Classroom, token: &Token, number: u64) -> Result<(String, Bytes), AttemptError> {
    let card = device_of(classroom, token).await?;
    let mut tx = classroom.env().db.read().await?;
    let found: Option<(String, String)> = sql!(
        "SELECT f.mime, b.object_key FROM test_paper_file p JOIN question_file f ON f.id = p.file_id JOIN blob b ON b.id = f.blob_id
         WHERE p.paper_id = $1 AND p.number = $2"
    )
    .bind(card.paper_id)
    .bind(i64::try_from(number).unwrap_or(0))
    .fetch_optional(&mut tx)
    .await?;
    drop(tx);
    let (mime, object) = found.ok_or(Denied::NotFound)?;
    let read = classroom.questions.content.blobs.get(&object, None).await.map_err(TestError::from)?;
    Ok((mime, read.collect().await.map_err(TestError::from)?))
}
