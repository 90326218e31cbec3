//! A teacher tries a test before it is given.

use db::sql;
use identity::access::{Caller, authorise};
use kernel::TestId;
use questions::bank;

use super::draft::row;
use super::giving::make_paper;
use super::{ManageTest, TestError};
use crate::Classroom;
use crate::attempts::let_go_photos;

/// Makes the paper of a test that is not given yet, as it is now, so that its maker can sit it. What was tried
/// before is gone: it was of another paper. Of a test that is given nothing changes.
///
/// # Errors
/// [`TestError`], as when it is given.
pub async fn try_out(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<(), TestError> {
    let mut tx = classroom.env().db.write().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    sql!("UPDATE test SET revision = revision WHERE id = $1").bind(test).execute(&mut tx).await?;
    let was = row(&mut tx, test).await?;
    if was.state != "draft" {
        return Ok(());
    }
    let_go_photos(&mut tx, classroom.env().now(), test, "trial").await?;
    sql!("DELETE FROM attempt WHERE test_id = $1 AND kind = 'trial'").bind(test).execute(&mut tx).await?;
    // A test that was taken back may be given again: nobody has sat it for real, or it could not be a draft.
    sql!("UPDATE test SET paper_id = NULL WHERE id = $1").bind(test).execute(&mut tx).await?;
    sql!("DELETE FROM test_paper WHERE test_id = $1 AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.paper_id = test_paper.id)")
        .bind(test)
        .execute(&mut tx)
        .await?;
    let used = make_paper(&mut tx, classroom, test, &was.plan()?, &was.settings()?).await?;
    bank::commit(tx, &classroom.questions, &used).await?;
    Ok(())
}
