//! The bell: an attempt begins, or goes on at this device.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::{Batch, Conn, DbError, WriteTx, sql};
use futures::future::BoxFuture;
use identity::access::Caller;
use kernel::{AttemptId, TestEntrantId, TestId, TestPaperId, Timestamp};
use scoring::{Form, Seed};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::device::{self, DeviceCard, NewDevice};
use super::lobby::{Facts, OwnAttempt, SealedPaper, Sitter, facts, standing, test_of_link};
use super::{AttemptError, Token, answers};
use crate::Classroom;
use crate::tests::{Mode, TestSettings};

/// What a device tells to begin.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = SittingBegin)]
pub struct BeginInput {
    /// The device's clock, in microseconds.
    pub sent_at: Timestamp,
    /// The word, where one is asked for.
    #[serde(default)]
    pub password: Option<String>,
    /// As the browser calls itself; taken from its header.
    #[serde(skip)]
    pub user_agent: String,
}

/// An attempt as the device needs it to sit it. Nothing of it tells right from wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sitting {
    /// Which.
    pub attempt_id: AttemptId,
    /// The test.
    pub test_id: TestId,
    /// What it is called.
    pub title: String,
    /// The first is 1.
    pub number: i64,
    /// A teacher tries it; nothing counts.
    pub trial: bool,
    /// The secret of this device, sent with every save.
    #[schema(value_type = String)]
    #[serde(serialize_with = "reveal")]
    pub token: Token,
    /// Number of this device in the attempt: it counts its own answers.
    pub device: i64,
    /// The paper, and the key that opens it, in base64.
    pub paper: SealedPaper,
    /// AES-256-GCM.
    pub seal_key: String,
    /// The order of everything for this attempt.
    pub form: Form,
    /// When it began.
    pub started_at: Timestamp,
    /// When answering ends.
    pub due_at: Option<Timestamp>,
    /// The server's clock.
    pub now: Timestamp,
    /// What has been answered so far, at any device.
    pub answers: Vec<GivenAnswer>,
    /// What is allowed while sitting.
    pub rules: SittingRules,
}

fn reveal<S: serde::Serializer>(token: &Token, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(token.reveal())
}

/// What an item has been answered with.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenAnswer {
    /// The item, from 0 in neutral order.
    pub item: i64,
    /// The response.
    #[schema(value_type = Object)]
    pub response: Box<RawValue>,
}

/// What is allowed while sitting.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SittingRules {
    /// A test, or practice.
    pub mode: Mode,
    /// Whether a calculator is there.
    pub calculator: bool,
    /// Whether a drawing pad is there.
    pub scratch: bool,
    /// Whether the page asks to fill the screen and tells when it does not.
    pub full_screen: bool,
    /// Seconds at the end that no clock shows: for handing in, and for slow lines.
    pub grace_seconds: u32,
}

impl SittingRules {
    fn of(settings: &TestSettings) -> Self {
        Self {
            mode: settings.mode,
            calculator: settings.calculator,
            scratch: settings.scratch,
            full_screen: settings.full_screen,
            grace_seconds: settings.grace_seconds,
        }
    }
}

/// Begins an attempt, or goes on with the one under way at this device. A teacher of the test tries it.
///
/// # Errors
/// [`AttemptError`].
pub async fn begin(classroom: &Classroom, caller: &Caller, test: TestId, input: BeginInput) -> Result<Sitting, AttemptError> {
    let _place = classroom.door.enter().await?;
    let mut tx = classroom.env().db.glance().await?;
    let kind = standing(&mut tx, caller, test).await?;
    let Some(person) = caller.person_id() else { return Err(identity::access::Denied::NotFound.into()) };
    let sitter = Sitter::Person(person);
    let facts = facts(&mut tx, test, sitter, kind).await?;
    drop(tx);
    go(classroom, facts, sitter, kind, input, caller.address().unwrap_or_default()).await
}

/// The same by the link, under a name of its roster. Going on at another device needs a teacher's word,
/// since anybody may pick any name.
///
/// # Errors
/// [`AttemptError`].
pub async fn begin_by_link(
    classroom: &Classroom,
    link: &str,
    entrant: TestEntrantId,
    input: BeginInput,
    address: &str,
) -> Result<Sitting, AttemptError> {
    let _place = classroom.door.enter().await?;
    let mut tx = classroom.env().db.glance().await?;
    let test = test_of_link(&mut tx, link).await?;
    let known: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM test_entrant WHERE id = $1 AND test_id = $2")
        .bind(entrant)
        .bind(test)
        .fetch_optional(&mut tx)
        .await?;
    known.ok_or(identity::access::Denied::NotFound)?;
    let sitter = Sitter::Entrant(entrant);
    let facts = facts(&mut tx, test, sitter, "real").await?;
    drop(tx);
    if facts.open_attempt().is_some_and(|open| open.devices_left <= 0) {
        return Err(AttemptError::OtherDevice);
    }
    go(classroom, facts, sitter, "real", input, address).await
}

/// The attempt of a synthetic pupil: the same work at the bell, without asking whether she may.
///
/// # Errors
/// [`AttemptError`].
pub(crate) async fn begin_rehearsed(classroom: &Classroom, test: TestId, number: u32, input: BeginInput) -> Result<Sitting, AttemptError> {
    let _place = classroom.door.enter().await?;
    let sitter = Sitter::Rehearsed(number);
    let mut tx = classroom.env().db.glance().await?;
    let facts = facts(&mut tx, test, sitter, "rehearsal").await?;
    drop(tx);
    go(classroom, facts, sitter, "rehearsal", input, "").await
}

async fn go(
    classroom: &Classroom,
    facts: Facts,
    sitter: Sitter,
    kind: &'static str,
    input: BeginInput,
    address: &str,
) -> Result<Sitting, AttemptError> {
    let now = classroom.env().now();
    let open = facts.open_attempt();
    if kind == "real" {
        may_begin(&facts, open.as_ref(), &input, address, now)?;
        if facts.settings.mode == Mode::Practice {
            unguarded(&mut *classroom.env().db.read().await?, facts.paper.id, facts.test, now).await?;
        }
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| crate::tests::TestError::Seal)?;
    let token = Token::random()?;
    let begun = classroom
        .begins
        .submit(
            sitter.key(),
            Begin {
                id: open.map_or_else(|| classroom.env().ids.make(), |open| open.id),
                test: facts.test,
                paper: open.map_or(facts.paper.id, |open| open.paper_id),
                sitter,
                kind,
                number: match sitter {
                    Sitter::Rehearsed(number) => i64::from(number),
                    _ => open.map_or_else(|| facts.attempts.last().map_or(1, |last| last.number + 1), |open| open.number),
                },
                due_at: if kind == "real" { facts.settings.due_at(now, &facts.exception, &facts.outages) } else { None },
                late_us: facts.settings.late_us(),
                seed: seed.to_vec(),
                now,
                token: token.clone(),
                device: NewDevice { user_agent: input.user_agent, address: address.to_owned(), sent_at: input.sent_at },
                devices: facts.settings.devices,
            },
        )
        .await?;
    classroom.devices.opened(
        &token,
        DeviceCard {
            attempt_id: begun.attempt,
            number: begun.device,
            test_id: facts.test,
            paper_id: begun.paper_id,
            clock_offset: now.0.saturating_sub(input.sent_at.0),
        },
    );
    if kind == "real" {
        classroom.boards.changed(facts.test, begun.attempt);
    }
    let paper = classroom.papers.get(classroom, begun.paper_id).await?;
    let seed: [u8; 32] = begun.seed.as_slice().try_into().map_err(|_| DbError::Stored("a seed has 32 bytes".to_owned()))?;
    let answers = if open.is_some() { answers::newest(&mut *classroom.env().db.glance().await?, begun.attempt).await? } else { Vec::new() };
    Ok(Sitting {
        attempt_id: begun.attempt,
        test_id: facts.test,
        title: facts.title,
        number: begun.number,
        trial: kind == "trial",
        token,
        device: begun.device,
        paper: paper.sealed.clone(),
        seal_key: STANDARD.encode(&paper.seal_key),
        form: Form::deal(&paper.layout, &Seed::from_bytes(seed)),
        started_at: begun.started_at,
        due_at: begun.due_at,
        now: classroom.env().now(),
        answers: answers.into_iter().map(|(item, response)| GivenAnswer { item, response }).collect(),
        rules: SittingRules::of(&facts.settings),
    })
}

fn may_begin(facts: &Facts, open: Option<&OwnAttempt>, input: &BeginInput, address: &str, now: Timestamp) -> Result<(), AttemptError> {
    if !facts.settings.allows_address(address) {
        return Err(AttemptError::WrongNetwork);
    }
    // Who has begun goes on, to see that it is over and to send what is still unsent.
    if open.is_some() {
        return Ok(());
    }
    if facts.opens_at().is_some_and(|opens| now < opens) {
        return Err(AttemptError::NotOpenYet);
    }
    if facts.closes_at().is_some_and(|closes| now >= closes) {
        return Err(AttemptError::Over);
    }
    if facts.attempts_left() == Some(0) {
        return Err(AttemptError::NoAttemptLeft);
    }
    let typed = input.password.as_deref().map(str::trim);
    if facts.settings.password.is_some() && facts.settings.password.as_deref() != typed {
        return Err(AttemptError::WrongPassword);
    }
    Ok(())
}

/// A paper is not open for practice while a test that uses one of its questions is not over.
pub(super) async fn unguarded(conn: &mut Conn, paper: TestPaperId, test: TestId, now: Timestamp) -> Result<(), AttemptError> {
    let guarded: Option<(i64,)> = sql!(
        "SELECT CAST(1 AS BIGINT) FROM test_paper_question own
         JOIN test_paper_question other ON other.question_id = own.question_id AND other.paper_id <> own.paper_id
         JOIN test t ON t.paper_id = other.paper_id
         WHERE own.paper_id = $1 AND t.id <> $2 AND t.state = 'given' AND t.mode = 'test' AND t.deleted_at IS NULL
           AND (t.closes_at IS NULL OR t.closes_at > $3) LIMIT 1"
    )
    .bind(paper)
    .bind(test)
    .bind(now)
    .fetch_optional(conn)
    .await?;
    if guarded.is_some() { Err(AttemptError::Guarded) } else { Ok(()) }
}

/// An attempt to be begun, or gone on with.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    id: AttemptId,
    test: TestId,
    paper: TestPaperId,
    sitter: Sitter,
    kind: &'static str,
    number: i64,
    due_at: Option<Timestamp>,
    late_us: i64,
    seed: Vec<u8>,
    now: Timestamp,
    token: Token,
    device: NewDevice,
    devices: u32,
}

/// The attempt of a sitter, and her device in it.
#[derive(Debug)]
pub(crate) struct Begun {
    attempt: AttemptId,
    number: i64,
    paper_id: TestPaperId,
    seed: Vec<u8>,
    started_at: Timestamp,
    due_at: Option<Timestamp>,
    device: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AttemptId,
    number: i64,
    paper_id: TestPaperId,
    seed: Vec<u8>,
    started_at: Timestamp,
    due_at: Option<Timestamp>,
}

/// Begins many attempts in one commit: at the bell all come at once.
#[derive(Debug)]
pub(crate) struct Begins;

impl Batch for Begins {
    type Item = Begin;
    type Reply = Begun;

    fn write<'a>(&'a self, tx: &'a mut WriteTx, items: &'a [Begin]) -> BoxFuture<'a, Result<Vec<Begun>, DbError>> {
        Box::pin(async move {
            let mut begun = Vec::with_capacity(items.len());
            for item in items {
                begun.push(write(tx, item).await?);
            }
            Ok(begun)
        })
    }
}

async fn write(tx: &mut WriteTx, begin: &Begin) -> Result<Begun, DbError> {
    // Two tabs at once are one attempt: the second finds the first one's row.
    let begun = sql!(
        "INSERT INTO attempt (id, test_id, paper_id, person_id, entrant_id, kind, number, state, started_at, due_at, late_us, saved_at,
                              devices_left, seed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $8, 0, $11) ON CONFLICT DO NOTHING"
    )
    .bind(begin.id)
    .bind(begin.test)
    .bind(begin.paper)
    .bind(begin.sitter.person())
    .bind(begin.sitter.entrant())
    .bind(begin.kind)
    .bind(begin.number)
    .bind(begin.now)
    .bind(begin.due_at)
    .bind(begin.late_us)
    .bind(begin.seed.as_slice())
    .execute(tx)
    .await?;
    if begun == 1 {
        // At the bell all are new: there is nothing yet that would have to be read or closed.
        device::add(tx, begin.id, 1, &begin.token, &begin.device, begin.now).await?;
        return Ok(Begun {
            attempt: begin.id,
            number: begin.number,
            paper_id: begin.paper,
            seed: begin.seed.clone(),
            started_at: begin.now,
            due_at: begin.due_at,
            device: 1,
        });
    }
    let row: Row = sql!(
        "SELECT id, number, paper_id, seed, started_at, due_at FROM attempt WHERE test_id = $1 AND kind = $4 AND number = $5 AND person_id = $2
         UNION ALL
         SELECT id, number, paper_id, seed, started_at, due_at FROM attempt WHERE test_id = $1 AND kind = $4 AND number = $5 AND entrant_id = $3
         UNION ALL
         SELECT id, number, paper_id, seed, started_at, due_at FROM attempt
         WHERE test_id = $1 AND kind = 'rehearsal' AND $4 = 'rehearsal' AND number = $5"
    )
    .bind(begin.test)
    .bind(begin.sitter.person())
    .bind(begin.sitter.entrant())
    .bind(begin.kind)
    .bind(begin.number)
    .fetch_one(tx)
    .await?;
    sql!("UPDATE attempt SET devices_left = devices_left - 1 WHERE id = $1").bind(row.id).execute(tx).await?;
    let device = device::open(tx, row.id, &begin.token, &begin.device, begin.now, begin.devices).await?;
    Ok(Begun {
        attempt: row.id,
        number: row.number,
        paper_id: row.paper_id,
        seed: row.seed,
        started_at: row.started_at,
        due_at: row.due_at,
        device,
    })
}
