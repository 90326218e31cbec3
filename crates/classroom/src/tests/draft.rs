//! A test while it is being made.

use db::{Conn, DbError, WriteTx, sql};
use exchange::vietnamese::fold;
use identity::access::{AuthorLessons, Caller, Denied, Grant, authorise};
use identity::audit::{self, Event};
use identity::fault::{Fault, Faults, name, optional_line};
use kernel::{OrganisationId, PersonId, QuestionId, TestId, Timestamp};
use questions::bank::{self, QuestionRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::giving::{self, Given};
use super::{ManageTest, Plan, TestError, TestSettings};
use crate::Classroom;

kernel::words! {
    /// How far a test has come.
    TestState, "state of a test" {
        /// Being made; only its maker sees it.
        Draft = "draft",
        /// Given to pupils.
        Given = "given",
    }
}

/// A test to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewTest {
    /// The school it is for.
    pub organisation_id: OrganisationId,
    /// What it is called.
    pub title: String,
    /// Subject code.
    #[serde(default)]
    pub subject: Option<String>,
    /// 1 to 12.
    #[serde(default)]
    pub grade: Option<u8>,
    /// What it is made of.
    #[serde(default)]
    pub plan: Plan,
    /// How it is given.
    #[serde(default)]
    pub settings: TestSettings,
}

/// A test as it is saved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TestInput {
    /// The revision it was made from.
    pub revision: i64,
    /// What it is called.
    pub title: String,
    /// Subject code.
    #[serde(default)]
    pub subject: Option<String>,
    /// 1 to 12.
    #[serde(default)]
    pub grade: Option<u8>,
    /// What it is made of. Cannot change once somebody sits it.
    pub plan: Plan,
    /// How it is given.
    pub settings: TestSettings,
}

/// A test with everything its maker sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestDetail {
    /// Which.
    pub id: TestId,
    /// The school it is for.
    pub organisation_id: OrganisationId,
    /// What it is called.
    pub title: String,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// How far it has come.
    pub state: TestState,
    /// Counts saves; a save names the one it changes.
    pub revision: i64,
    /// What it is made of.
    pub plan: Plan,
    /// How it is given.
    pub settings: TestSettings,
    /// Its questions, as far as the caller may read them.
    pub questions: Vec<QuestionRow>,
    /// To whom it is given.
    pub given: Given,
    /// Whether somebody sits or sat it: the plan stays as it is then.
    pub begun: bool,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub organisation_id: OrganisationId,
    pub title: String,
    pub subject: Option<String>,
    pub grade: Option<i64>,
    pub state: String,
    pub revision: i64,
    pub link_token: Option<String>,
    pub updated_at: Timestamp,
    pub settings: String,
    pub plan: String,
}

impl Row {
    pub(super) fn settings(&self) -> Result<TestSettings, DbError> {
        Ok(serde_json::from_str(&self.settings)?)
    }

    pub(super) fn plan(&self) -> Result<Plan, DbError> {
        Ok(serde_json::from_str(&self.plan)?)
    }
}

pub(super) async fn row(conn: &mut Conn, test: TestId) -> Result<Row, DbError> {
    sql!(
        "SELECT organisation_id, title, subject, grade, state, revision, link_token, updated_at, settings, plan
         FROM test WHERE id = $1"
    )
    .bind(test)
    .fetch_one(conn)
    .await
}

/// Whether an attempt that is no trial has begun.
pub(super) async fn begun(conn: &mut Conn, test: TestId) -> Result<bool, DbError> {
    let found: Option<(i64,)> =
        sql!("SELECT CAST(1 AS BIGINT) FROM attempt WHERE test_id = $1 AND kind = 'real' LIMIT 1").bind(test).fetch_optional(conn).await?;
    Ok(found.is_some())
}

struct Checked {
    title: String,
    subject: Option<String>,
    plan: Plan,
    settings: TestSettings,
}

fn check(
    classroom: &Classroom,
    title: &str,
    subject: Option<&str>,
    grade: Option<u8>,
    plan: Plan,
    settings: TestSettings,
) -> Result<Checked, Vec<Fault>> {
    let mut faults = Faults::default();
    let title = faults.take("title", name(title));
    let subject = faults.take("subject", optional_line(subject, 60));
    if subject.as_deref().is_some_and(|code| classroom.questions.content.curriculum.lookup_subject(code).is_none()) {
        faults.add("subject", "unknown-subject");
    }
    if grade.is_some_and(|grade| !(1..=12).contains(&grade)) {
        faults.add("grade", "bad-grade");
    }
    let mut found = faults.check().err().unwrap_or_default();
    let mut collect = |faults: Vec<Fault>| found.extend(faults);
    let plan = plan.check().map_err(&mut collect).unwrap_or_default();
    let settings = settings.check().map_err(&mut collect).unwrap_or_default();
    if found.is_empty() { Ok(Checked { title, subject, plan, settings }) } else { Err(found) }
}

/// Begins a test.
///
/// # Errors
/// [`TestError`].
pub async fn create(classroom: &Classroom, caller: &Caller, new: NewTest) -> Result<TestDetail, TestError> {
    let checked = check(classroom, &new.title, new.subject.as_deref(), new.grade, new.plan, new.settings)?;
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    let place: Grant<AuthorLessons> = authorise(&mut tx, caller, new.organisation_id).await?;
    let Some(person) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    readable(&mut tx, caller, &checked.plan, &Plan::default()).await?;
    let id: TestId = env.ids.make();
    sql!(
        "INSERT INTO test (id, organisation_id, owner_id, title, title_folded, subject, grade, state, mode, revision, opens_at, closes_at,
                           created_at, updated_at, settings, plan)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, 1, $9, $10, $11, $11, $12, $13)"
    )
    .bind(id)
    .bind(*place.scope())
    .bind(person)
    .bind(&checked.title)
    .bind(fold(&checked.title))
    .bind(checked.subject)
    .bind(new.grade.map(i64::from))
    .bind(checked.settings.mode.as_str())
    .bind(checked.settings.opens_at)
    .bind(checked.settings.closes_at)
    .bind(env.now())
    .bind(serde_json::to_string(&checked.settings).map_err(DbError::from)?)
    .bind(serde_json::to_string(&checked.plan).map_err(DbError::from)?)
    .execute(&mut tx)
    .await?;
    record(&mut tx, classroom, caller, "test.created", id, *place.scope()).await?;
    let grant = authorise(&mut tx, caller, id).await?;
    let detail = load(&mut tx, &grant).await?;
    tx.commit().await?;
    Ok(detail)
}

/// A question comes into a test only by somebody who may read it; those that are in it may stay.
async fn readable(conn: &mut Conn, caller: &Caller, plan: &Plan, was: &Plan) -> Result<(), TestError> {
    let present: Vec<QuestionId> = was.questions().collect();
    let new: Vec<QuestionId> = plan.questions().filter(|id| !present.contains(id)).collect();
    if bank::rows(conn, caller, &new).await?.len() == new.len() {
        Ok(())
    } else {
        Err(vec![Fault { field: "plan.parts", code: "unknown-question" }].into())
    }
}

/// Saves a test over the revision it was made from.
///
/// # Errors
/// [`TestError::NewerDraft`] when somebody saved in between, [`TestError::Begun`] when the plan changed
/// and somebody sits it; nothing is lost then.
pub async fn save(classroom: &Classroom, caller: &Caller, test: TestId, input: TestInput) -> Result<TestDetail, TestError> {
    let checked = check(classroom, &input.title, input.subject.as_deref(), input.grade, input.plan, input.settings)?;
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    let grant: Grant<ManageTest> = authorise(&mut tx, caller, test).await?;
    sql!("UPDATE test SET revision = revision WHERE id = $1").bind(test).execute(&mut tx).await?;
    let was = row(&mut tx, test).await?;
    if was.revision != input.revision {
        return Err(TestError::NewerDraft { revision: was.revision });
    }
    let plan_was = was.plan()?;
    let settings_were = was.settings()?;
    readable(&mut tx, caller, &checked.plan, &plan_was).await?;
    let changed = checked.plan != plan_was || checked.settings.on_paper() != settings_were.on_paper();
    if changed && begun(&mut tx, test).await? {
        return Err(TestError::Begun);
    }
    sql!(
        "UPDATE test SET title = $2, title_folded = $3, subject = $4, grade = $5, opens_at = $6, closes_at = $7, updated_at = $8,
                         settings = $9, plan = $10, mode = $11, revision = revision + 1 WHERE id = $1"
    )
    .bind(test)
    .bind(&checked.title)
    .bind(fold(&checked.title))
    .bind(checked.subject)
    .bind(input.grade.map(i64::from))
    .bind(checked.settings.opens_at)
    .bind(checked.settings.closes_at)
    .bind(env.now())
    .bind(serde_json::to_string(&checked.settings).map_err(DbError::from)?)
    .bind(serde_json::to_string(&checked.plan).map_err(DbError::from)?)
    .bind(checked.settings.mode.as_str())
    .execute(&mut tx)
    .await?;
    let mut used = Vec::new();
    if was.state == "given" {
        if changed {
            used = giving::make_paper(&mut tx, classroom, test, &checked.plan, &checked.settings).await?;
        }
        if checked.settings != settings_were {
            giving::reschedule(&mut tx, test, &checked.settings).await?;
        }
        record(&mut tx, classroom, caller, "test.changed", test, was.organisation_id).await?;
    }
    let detail = load(&mut tx, &grant).await?;
    bank::commit(tx, &classroom.questions, &used).await?;
    classroom.changed_for_some(test);
    Ok(detail)
}

/// A test as its makers see it.
///
/// # Errors
/// [`TestError`].
pub async fn get(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<TestDetail, TestError> {
    let mut tx = classroom.env().db.read().await?;
    let grant = authorise(&mut tx, caller, test).await?;
    load(&mut tx, &grant).await
}

pub(super) async fn load(conn: &mut Conn, grant: &Grant<ManageTest>) -> Result<TestDetail, TestError> {
    let id = *grant.scope();
    let row = row(conn, id).await?;
    let (plan, settings) = (row.plan()?, row.settings()?);
    let ids: Vec<QuestionId> = plan.questions().collect();
    Ok(TestDetail {
        id,
        organisation_id: row.organisation_id,
        title: row.title,
        subject: row.subject,
        grade: row.grade.and_then(|grade| u8::try_from(grade).ok()),
        state: TestState::try_from(row.state).map_err(DbError::from)?,
        revision: row.revision,
        questions: bank::rows(conn, grant.caller(), &ids).await?,
        given: giving::load(conn, id, row.link_token).await?,
        begun: begun(conn, id).await?,
        updated_at: row.updated_at,
        plan,
        settings,
    })
}

/// Throws a test away. One that somebody sat keeps its marks, and only leaves the lists.
///
/// # Errors
/// [`TestError`].
pub async fn delete(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<(), TestError> {
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    let (owner, organisation): (PersonId, OrganisationId) =
        sql!("SELECT owner_id, organisation_id FROM test WHERE id = $1").bind(test).fetch_one(&mut tx).await?;
    if caller.person_id() != Some(owner) {
        return Err(Denied::Forbidden.into());
    }
    sql!("UPDATE test SET deleted_at = $2, link_token = NULL WHERE id = $1").bind(test).bind(env.now()).execute(&mut tx).await?;
    record(&mut tx, classroom, caller, "test.deleted", test, organisation).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn record(
    tx: &mut WriteTx,
    classroom: &Classroom,
    caller: &Caller,
    action: &'static str,
    test: TestId,
    organisation: OrganisationId,
) -> Result<(), DbError> {
    let detail = serde_json::json!({});
    let event = Event { action, subject_kind: "test", subject_id: Some(test.as_uuid()), organisation: Some(organisation), detail };
    audit::record(tx, classroom.env(), caller, event).await
}
