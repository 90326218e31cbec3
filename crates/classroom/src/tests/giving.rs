//! To whom a test is given, and what is otherwise for some.

use std::collections::BTreeMap;

use db::{Conn, DbError, WriteTx, sql};
use identity::access::{Caller, Denied, Grant, authorise};
use identity::fault::{Fault, Faults, name, optional_line};
use kernel::{
    AttemptId, ClassId, ClassMemberId, ClassTeamId, PersonId, QuestionId, Secret, TestEntrantId, TestId, TestPaperId, TestTargetId,
    Timestamp,
};
use questions::bank;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::{begun, load as load_test, record, row};
use super::settings::Outage;
use super::{Exception, ManageTest, Plan, TestDetail, TestError, TestSettings, paper};
use crate::Classroom;
use crate::access::TeachClass;

/// Most names on the roster of a test.
const MOST_ENTRANTS: usize = 5_000;
/// Most classes, teams and pupils it is given to.
const MOST_TARGETS: usize = 500;

/// To whom a test is given.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestGiven)]
pub struct Given {
    /// Classes, or some of them.
    pub targets: Vec<TestTarget>,
    /// The secret end of the link for people without an account.
    pub link: Option<String>,
    /// Who may sit it through the link.
    pub entrants: Vec<Entrant>,
    /// What is otherwise for whom.
    pub exceptions: Vec<ExceptionEntry>,
}

/// A class, or a team or a pupil of one.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct TestTarget {
    /// The class.
    pub class_id: ClassId,
    /// Its name.
    pub class_name: String,
    /// Only this team of it.
    pub team_id: Option<ClassTeamId>,
    /// The team's name.
    pub team_name: Option<String>,
    /// Only this pupil of it.
    pub member_id: Option<ClassMemberId>,
    /// The pupil's name.
    pub member_name: Option<String>,
}

/// A class, or a team or a pupil of one, to give a test to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = TestTargetInput)]
pub struct TargetInput {
    /// The class.
    pub class_id: ClassId,
    /// Only this team of it.
    #[serde(default)]
    pub team_id: Option<ClassTeamId>,
    /// Only this pupil of it.
    #[serde(default)]
    pub member_id: Option<ClassMemberId>,
}

/// Somebody on the roster of a link.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, ToSchema)]
#[schema(as = TestEntrant)]
pub struct Entrant {
    /// Which.
    pub id: TestEntrantId,
    /// As it is picked.
    pub name: String,
    /// Tells people of one name apart: a number, a class.
    pub number: Option<String>,
}

/// A name for the roster of a link.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = TestEntrantInput)]
pub struct EntrantInput {
    /// As it is picked.
    pub name: String,
    /// Tells people of one name apart.
    #[serde(default)]
    pub number: Option<String>,
}

/// What is otherwise for one pupil.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestExceptionEntry)]
pub struct ExceptionEntry {
    /// Who has an account.
    pub person_id: Option<PersonId>,
    /// Who is on the roster of the link.
    pub entrant_id: Option<TestEntrantId>,
    /// What is otherwise.
    pub exception: Exception,
}

#[derive(sqlx::FromRow)]
struct ExceptionRow {
    person_id: Option<PersonId>,
    entrant_id: Option<TestEntrantId>,
    #[sqlx(flatten)]
    columns: ExceptionColumns,
}

impl From<ExceptionRow> for ExceptionEntry {
    fn from(row: ExceptionRow) -> Self {
        Self { person_id: row.person_id, entrant_id: row.entrant_id, exception: row.columns.into() }
    }
}

/// What is otherwise for somebody, as it is stored; all of it absent for most.
#[derive(sqlx::FromRow)]
pub(crate) struct ExceptionColumns {
    opens_at: Option<Timestamp>,
    closes_at: Option<Timestamp>,
    extra_seconds: Option<i64>,
    attempts: Option<i64>,
}

impl From<ExceptionColumns> for Exception {
    fn from(row: ExceptionColumns) -> Self {
        let small = |value: i64| u32::try_from(value).unwrap_or(0);
        Self {
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            extra_seconds: row.extra_seconds.map_or(0, small),
            attempts: row.attempts.map(small),
        }
    }
}

pub(super) async fn load(conn: &mut Conn, test: TestId, link: Option<String>) -> Result<Given, DbError> {
    let targets = sql!(
        "SELECT g.class_id, c.name AS class_name, g.team_id, t.name AS team_name, g.member_id, p.display_name AS member_name
         FROM test_target g JOIN class c ON c.id = g.class_id LEFT JOIN class_team t ON t.id = g.team_id
         LEFT JOIN class_member m ON m.id = g.member_id LEFT JOIN person p ON p.id = m.person_id
         WHERE g.test_id = $1 ORDER BY c.name_key, g.id"
    )
    .bind(test)
    .fetch_all(conn)
    .await?;
    let entrants =
        sql!("SELECT id, name, number FROM test_entrant WHERE test_id = $1 ORDER BY name_key, id").bind(test).fetch_all(conn).await?;
    Ok(Given { targets, link, entrants, exceptions: exceptions(conn, test).await? })
}

async fn exceptions(conn: &mut Conn, test: TestId) -> Result<Vec<ExceptionEntry>, DbError> {
    let rows: Vec<ExceptionRow> =
        sql!("SELECT person_id, entrant_id, opens_at, closes_at, extra_seconds, attempts FROM test_exception WHERE test_id = $1")
            .bind(test)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(ExceptionEntry::from).collect())
}

/// Gives a test, or says anew to whom it is given. The first time its paper is made.
///
/// # Errors
/// [`TestError`].
pub async fn give(
    classroom: &Classroom,
    caller: &Caller,
    test: TestId,
    revision: i64,
    targets: &[TargetInput],
    link: LinkInput,
) -> Result<TestDetail, TestError> {
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    let grant: Grant<ManageTest> = authorise(&mut tx, caller, test).await?;
    sql!("UPDATE test SET revision = revision WHERE id = $1").bind(test).execute(&mut tx).await?;
    let was = row(&mut tx, test).await?;
    if was.revision != revision {
        return Err(TestError::NewerDraft { revision: was.revision });
    }
    write_targets(&mut tx, classroom, caller, test, targets).await?;
    write_link(&mut tx, classroom, test, was.link_token.as_ref(), link).await?;
    let linked = row(&mut tx, test).await?.link_token.is_some();
    if targets.is_empty() && !linked {
        return Err(vec![Fault { field: "targets", code: "missing" }].into());
    }
    let mut used = Vec::new();
    if was.state == "draft" {
        used = make_paper(&mut tx, classroom, test, &was.plan()?, &was.settings()?).await?;
    }
    sql!("UPDATE test SET state = 'given', given_at = COALESCE(given_at, $2), updated_at = $2, revision = revision + 1 WHERE id = $1")
        .bind(test)
        .bind(env.now())
        .execute(&mut tx)
        .await?;
    record(&mut tx, classroom, caller, "test.given", test, was.organisation_id).await?;
    let detail = load_test(&mut tx, &grant).await?;
    bank::commit(tx, &classroom.questions, &used).await?;
    classroom.changed_for_some(test);
    Ok(detail)
}

async fn write_targets(
    tx: &mut WriteTx,
    classroom: &Classroom,
    caller: &Caller,
    test: TestId,
    targets: &[TargetInput],
) -> Result<(), TestError> {
    if targets.len() > MOST_TARGETS {
        return Err(vec![Fault { field: "targets", code: "too-many" }].into());
    }
    // Only classes that are new need their teacher: a colleague may save what another has given.
    let present: Vec<(ClassId,)> = sql!("SELECT DISTINCT class_id FROM test_target WHERE test_id = $1").bind(test).fetch_all(tx).await?;
    sql!("DELETE FROM test_target WHERE test_id = $1").bind(test).execute(tx).await?;
    for target in targets {
        if !present.contains(&(target.class_id,)) {
            authorise::<TeachClass>(tx, caller, target.class_id).await?;
        }
        within(tx, target).await?;
        sql!("INSERT INTO test_target (id, test_id, class_id, team_id, member_id) VALUES ($1, $2, $3, $4, $5)")
            .bind(classroom.env().ids.make::<TestTargetId>())
            .bind(test)
            .bind(target.class_id)
            .bind(target.team_id)
            .bind(target.member_id)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// A team and a pupil are of the class.
async fn within(conn: &mut Conn, target: &TargetInput) -> Result<(), TestError> {
    let team: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM class_team WHERE id = $1 AND class_id = $2")
        .bind(target.team_id)
        .bind(target.class_id)
        .fetch_optional(conn)
        .await?;
    let member: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM class_member WHERE id = $1 AND class_id = $2")
        .bind(target.member_id)
        .bind(target.class_id)
        .fetch_optional(conn)
        .await?;
    if target.team_id.is_some() && team.is_none() || target.member_id.is_some() && member.is_none() {
        return Err(Denied::NotFound.into());
    }
    Ok(())
}

/// What becomes of the link for people without an account.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestLinkInput)]
pub enum LinkInput {
    /// It stays as it is.
    #[default]
    Keep,
    /// There is none.
    None,
    /// There is one, for these names; those on the roster already stay.
    For(Vec<EntrantInput>),
}

async fn write_link(tx: &mut WriteTx, classroom: &Classroom, test: TestId, was: Option<&String>, link: LinkInput) -> Result<(), TestError> {
    let entrants = match link {
        LinkInput::Keep => return Ok(()),
        LinkInput::None => {
            sql!("UPDATE test SET link_token = NULL WHERE id = $1").bind(test).execute(tx).await?;
            return Ok(());
        }
        LinkInput::For(entrants) => entrants,
    };
    if entrants.len() > MOST_ENTRANTS {
        return Err(vec![Fault { field: "link", code: "too-many" }].into());
    }
    if was.is_none() {
        let secret = Secret::readable(12).map_err(|_| TestError::Seal)?;
        sql!("UPDATE test SET link_token = $2 WHERE id = $1").bind(test).bind(secret.reveal()).execute(tx).await?;
    }
    let mut faults = Faults::default();
    for entrant in &entrants {
        let name = faults.take("link.name", name(&entrant.name));
        let number = faults.take("link.number", optional_line(entrant.number.as_deref(), 40));
        let key = exchange::vietnamese::name_sort_key(&name);
        sql!(
            "INSERT INTO test_entrant (id, test_id, name, name_key, number)
             SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (
               SELECT 1 FROM test_entrant e WHERE e.test_id = $2 AND e.name = $3 AND COALESCE(e.number, '') = COALESCE($5, ''))"
        )
        .bind(classroom.env().ids.make::<TestEntrantId>())
        .bind(test)
        .bind(&name)
        .bind(key)
        .bind(number)
        .execute(tx)
        .await?;
    }
    faults.check()?;
    Ok(())
}

/// Makes the paper of a plan, from the versions its questions have now.
pub(super) async fn make_paper(
    tx: &mut WriteTx,
    classroom: &Classroom,
    test: TestId,
    plan: &Plan,
    settings: &TestSettings,
) -> Result<Vec<QuestionId>, TestError> {
    let used: std::collections::BTreeSet<QuestionId> = plan.questions().collect();
    let versions: BTreeMap<QuestionId, i64> = bank::mark_used(tx, &classroom.questions, &used).await?;
    let paper: TestPaperId = paper::write(tx, classroom, test, plan, settings, &versions).await?;
    sql!("UPDATE test SET paper_id = $2 WHERE id = $1").bind(test).bind(paper).execute(tx).await?;
    Ok(used.into_iter().collect())
}

/// Takes a test back that nobody has begun.
///
/// # Errors
/// [`TestError::Begun`].
pub async fn take_back(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<TestDetail, TestError> {
    let mut tx = classroom.env().db.write().await?;
    let grant: Grant<ManageTest> = authorise(&mut tx, caller, test).await?;
    sql!("UPDATE test SET revision = revision WHERE id = $1").bind(test).execute(&mut tx).await?;
    let was = row(&mut tx, test).await?;
    if was.state != "given" {
        return Err(TestError::WrongState);
    }
    if begun(&mut tx, test).await? {
        return Err(TestError::Begun);
    }
    sql!("UPDATE test SET state = 'draft', revision = revision + 1, updated_at = $2 WHERE id = $1")
        .bind(test)
        .bind(classroom.env().now())
        .execute(&mut tx)
        .await?;
    record(&mut tx, classroom, caller, "test.taken_back", test, was.organisation_id).await?;
    let detail = load_test(&mut tx, &grant).await?;
    tx.commit().await?;
    Ok(detail)
}

/// Whom an exception is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Somebody with an account.
    Person(PersonId),
    /// Somebody on the roster of the link.
    Entrant(TestEntrantId),
}

/// Says what is otherwise for one pupil, also while she sits it.
///
/// # Errors
/// [`TestError`].
pub async fn set_exception(
    classroom: &Classroom,
    caller: &Caller,
    test: TestId,
    whom: Whom,
    exception: Exception,
) -> Result<Given, TestError> {
    if exception.extra_seconds > 24 * 3600 || exception.attempts.is_some_and(|attempts| attempts > 1_000) {
        return Err(vec![Fault { field: "exception", code: "out-of-range" }].into());
    }
    if exception.opens_at.is_some_and(|opens| exception.closes_at.is_some_and(|closes| closes <= opens)) {
        return Err(vec![Fault { field: "closes_at", code: "before-opening" }].into());
    }
    let mut tx = classroom.env().db.write().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    write_exception(&mut tx, test, whom, exception).await?;
    let now = row(&mut tx, test).await?;
    reschedule(&mut tx, test, &now.settings()?).await?;
    record(&mut tx, classroom, caller, "test.exception_set", test, now.organisation_id).await?;
    let given = load(&mut tx, test, now.link_token).await?;
    tx.commit().await?;
    classroom.changed_for_some(test);
    Ok(given)
}

/// Writes what is otherwise for somebody it is given to.
pub(super) async fn write_exception(tx: &mut WriteTx, test: TestId, whom: Whom, exception: Exception) -> Result<(), TestError> {
    let (person, entrant) = whom.ids();
    // Only of those it is given to: else the answer would tell who exists.
    let known: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM test t WHERE t.id = $1
           AND (EXISTS (SELECT 1 FROM test_target g JOIN class_member m ON m.class_id = g.class_id WHERE g.test_id = t.id AND m.person_id = $2)
             OR EXISTS (SELECT 1 FROM test_entrant e WHERE e.test_id = t.id AND e.id = $3))"
    )
    .bind(test)
    .bind(person)
    .bind(entrant)
    .fetch_optional(tx)
    .await?;
    if known.is_none() {
        return Err(Denied::NotFound.into());
    }
    sql!("DELETE FROM test_exception WHERE test_id = $1 AND (person_id = $2 OR entrant_id = $3)")
        .bind(test)
        .bind(person)
        .bind(entrant)
        .execute(tx)
        .await?;
    if exception != Exception::default() {
        sql!(
            "INSERT INTO test_exception (test_id, person_id, entrant_id, opens_at, closes_at, extra_seconds, attempts)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(test)
        .bind(person)
        .bind(entrant)
        .bind(exception.opens_at)
        .bind(exception.closes_at)
        .bind(i64::from(exception.extra_seconds))
        .bind(exception.attempts.map(i64::from))
        .execute(tx)
        .await?;
    }
    Ok(())
}

impl Whom {
    /// Who it is, as rows name her.
    pub(super) fn ids(self) -> (Option<PersonId>, Option<TestEntrantId>) {
        match self {
            Self::Person(person) => (Some(person), None),
            Self::Entrant(entrant) => (None, Some(entrant)),
        }
    }
}

/// Works out anew when the open attempts of a test end.
pub(crate) async fn reschedule(tx: &mut WriteTx, test: TestId, settings: &TestSettings) -> Result<(), DbError> {
    let open: Vec<(AttemptId, Option<PersonId>, Option<TestEntrantId>, Timestamp)> =
        sql!("SELECT id, person_id, entrant_id, started_at FROM attempt WHERE test_id = $1 AND state = 'open' ORDER BY id")
            .bind(test)
            .fetch_all(tx)
            .await?;
    if open.is_empty() {
        return Ok(());
    }
    let outages = outages(tx).await?;
    let exceptions = exceptions(tx, test).await?;
    for (attempt, person, entrant, started_at) in open {
        let exception = exceptions
            .iter()
            .find(|entry| (person.is_some() && entry.person_id == person) || (entrant.is_some() && entry.entrant_id == entrant))
            .map(|entry| entry.exception)
            .unwrap_or_default();
        sql!("UPDATE attempt SET due_at = $2, late_us = $3 WHERE id = $1 AND state = 'open'")
            .bind(attempt)
            .bind(settings.due_at(started_at, &exception, &outages))
            .bind(settings.late_us())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Times in which no server ran, in order.
pub(crate) async fn outages(conn: &mut Conn) -> Result<Vec<Outage>, DbError> {
    sql!("SELECT from_at, until_at FROM outage ORDER BY from_at").fetch_all(conn).await
}

/// What is otherwise for somebody.
pub(crate) async fn exception_of(
    conn: &mut Conn,
    test: TestId,
    person: Option<PersonId>,
    entrant: Option<TestEntrantId>,
) -> Result<Exception, DbError> {
    let row: Option<ExceptionColumns> = sql!(
        "SELECT opens_at, closes_at, extra_seconds, attempts FROM test_exception
         WHERE test_id = $1 AND (person_id = $2 OR entrant_id = $3)"
    )
    .bind(test)
    .bind(person)
    .bind(entrant)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Exception::from).unwrap_or_default())
}
