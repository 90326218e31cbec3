//! A make-up sitting: another window for those who missed the test.

use identity::access::{Caller, authorise};
use identity::fault::Fault;
use kernel::{PersonId, TestEntrantId, TestId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::draft::{record, row};
use super::giving::{Given, Whom, exception_of, load, reschedule, write_exception};
use super::{Exception, ManageTest, TestError};
use crate::Classroom;

/// Most people of one make-up sitting.
const MOST: usize = 2_000;

/// A make-up sitting.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = MakeUpInput)]
pub struct MakeUpInput {
    /// Who, of those with an account.
    #[serde(default)]
    pub person_ids: Vec<PersonId>,
    /// Who, of the roster of the link.
    #[serde(default)]
    pub entrant_ids: Vec<TestEntrantId>,
    /// When it can be begun; as the test says where there is none.
    #[serde(default)]
    pub opens_at: Option<Timestamp>,
    /// When it ends; as the test says where there is none.
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
}

/// Gives some another window. What else is otherwise for them stays.
///
/// # Errors
/// [`TestError`].
pub async fn make_up(classroom: &Classroom, caller: &Caller, test: TestId, input: MakeUpInput) -> Result<Given, TestError> {
    let fault = |field, code| Err(TestError::Invalid(vec![Fault { field, code }]));
    if input.person_ids.len() + input.entrant_ids.len() > MOST {
        return fault("person_ids", "too-many");
    }
    if input.person_ids.is_empty() && input.entrant_ids.is_empty() {
        return fault("person_ids", "missing");
    }
    if input.opens_at.is_some_and(|opens| input.closes_at.is_some_and(|closes| closes <= opens)) {
        return fault("closes_at", "before-opening");
    }
    let mut tx = classroom.env().db.write().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    let people = input.person_ids.iter().copied().map(Whom::Person);
    for whom in people.chain(input.entrant_ids.iter().copied().map(Whom::Entrant)) {
        let (person, entrant) = whom.ids();
        let was = exception_of(&mut tx, test, person, entrant).await?;
        let exception = Exception { opens_at: input.opens_at, closes_at: input.closes_at, ..was };
        write_exception(&mut tx, test, whom, exception).await?;
    }
    let now = row(&mut tx, test).await?;
    reschedule(&mut tx, test, &now.settings()?).await?;
    record(&mut tx, classroom, caller, "test.made_up", test, now.organisation_id).await?;
    let given = load(&mut tx, test, now.link_token).await?;
    tx.commit().await?;
    classroom.changed_for_some(test);
    Ok(given)
}
