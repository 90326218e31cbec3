//! Marking again, after a key was put right: in pieces, until no attempt has marks by an older key. Nothing
//! tells where it stands but the attempts themselves, so a crash loses nothing and any server goes on.

use std::time::Duration;

use db::{Conn, DbError, sql};
use kernel::{AttemptId, TestPaperId, Timestamp};

use super::{AttemptError, marking};
use crate::Classroom;

/// Most attempts of one piece.
const PIECE: i64 = 500;
/// How long a paper is looked at after the last: marks on their way when the key changed are there by then.
const SETTLED: Duration = Duration::from_secs(60);

/// Marks a piece of what a corrected key has left. Tells how many attempts it marked.
///
/// # Errors
/// [`AttemptError`].
pub async fn remark_due(classroom: &Classroom) -> Result<usize, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let papers: Vec<(TestPaperId, i64, Timestamp)> = sql!(
        "SELECT id, key_revision, remarking_since FROM test_paper WHERE remarking_since IS NOT NULL ORDER BY remarking_since LIMIT 20"
    )
    .fetch_all(&mut tx)
    .await?;
    drop(tx);
    let mut done = 0;
    for (paper, revision, since) in papers {
        let marked = piece(classroom, paper, revision).await?;
        done += marked;
        if marked == 0 && classroom.env().now().since(since) >= SETTLED {
            let mut tx = classroom.env().db.write().await?;
            sql!("UPDATE test_paper SET remarking_since = NULL WHERE id = $1 AND key_revision = $2")
                .bind(paper)
                .bind(revision)
                .execute(&mut tx)
                .await?;
            tx.commit().await?;
        }
    }
    Ok(done)
}

/// Marks some attempts whose marks are by an older key.
pub(super) async fn piece(classroom: &Classroom, paper: TestPaperId, revision: i64) -> Result<usize, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let old: Vec<(AttemptId,)> =
        sql!("SELECT id FROM attempt WHERE paper_id = $1 AND state = 'submitted' AND COALESCE(key_revision, 1) < $2 ORDER BY id LIMIT $3")
            .bind(paper)
            .bind(revision)
            .bind(PIECE)
            .fetch_all(&mut tx)
            .await?;
    drop(tx);
    Ok(marking::mark_all(classroom, old.into_iter().map(|(attempt,)| attempt)).await)
}

/// How many attempts of a paper still have marks by an older key.
pub(super) async fn left(conn: &mut Conn, paper: TestPaperId, revision: i64) -> Result<i64, DbError> {
    let (left,): (i64,) = sql!(
        "SELECT COUNT(*) FROM attempt WHERE paper_id = $1 AND kind = 'real' AND state = 'submitted' AND COALESCE(key_revision, 1) < $2"
    )
    .bind(paper)
    .bind(revision)
    .fetch_one(conn)
    .await?;
    Ok(left)
}
