//! Who may make, watch and sit a test. The view `test_sight` is these rules as a relation, for lists.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Capability, Decision};
use kernel::TestId;

/// May change a test, give it, watch it and mark it: who made it, and the teachers of its classes.
#[derive(Debug)]
pub struct ManageTest;
/// May sit a test that was given to her.
#[derive(Debug)]
pub struct SitTest;

/// How somebody has to do with a test; the nearest way counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TestSight {
    Pupil,
    Teacher,
    Owner,
}

pub(crate) async fn sight(conn: &mut Conn, caller: &Caller, test: TestId) -> Result<Option<TestSight>, DbError> {
    let Some(person) = caller.person_id() else { return Ok(None) };
    let rows: Vec<(String,)> =
        sql!("SELECT DISTINCT how FROM test_sight WHERE test_id = $1 AND person_id = $2").bind(test).bind(person).fetch_all(conn).await?;
    let read = |word: &str| match word {
        "owner" => Some(TestSight::Owner),
        "teacher" => Some(TestSight::Teacher),
        "pupil" => Some(TestSight::Pupil),
        _ => None,
    };
    Ok(rows.iter().filter_map(|(how,)| read(how)).max())
}

impl Capability for ManageTest {
    type Scope = TestId;

    async fn decide(conn: &mut Conn, caller: &Caller, test: &TestId) -> Result<Decision, DbError> {
        Ok(match sight(conn, caller, *test).await? {
            Some(TestSight::Owner | TestSight::Teacher) => Decision::Allow,
            Some(TestSight::Pupil) => Decision::Forbid,
            None => Decision::Hide,
        })
    }
}

impl Capability for SitTest {
    type Scope = TestId;

    async fn decide(conn: &mut Conn, caller: &Caller, test: &TestId) -> Result<Decision, DbError> {
        Ok(match sight(conn, caller, *test).await? {
            Some(TestSight::Pupil) => Decision::Allow,
            Some(_) => Decision::Forbid,
            None => Decision::Hide,
        })
    }
}
