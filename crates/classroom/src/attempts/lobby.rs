//! Before the bell: what a pupil sees of a test, and the sealed paper.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use kernel::{AttemptId, PersonId, TestEntrantId, TestId, TestPaperId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::AttemptError;
use crate::Classroom;
use crate::tests::{Entrant, Exception, ExceptionColumns, LoadedPaper, ManageTest, Mode, Needs, Outage, SitTest, TestSettings, outages};

/// Where the bytes of a sealed paper are. They are worth nothing without the key that the bell brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealedPaper {
    /// Which.
    pub id: TestPaperId,
    /// Names the bytes.
    pub sha256: String,
    /// Where they are; they never change.
    pub url: String,
}

impl SealedPaper {
    pub(crate) fn new(id: TestPaperId, sha256: String) -> Self {
        Self { id, url: format!("/api/test-papers/{id}/{sha256}"), sha256 }
    }
}

/// A test as those see it who are to sit it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestLobby)]
pub struct Lobby {
    /// Which.
    pub test_id: TestId,
    /// What it is called.
    pub title: String,
    /// Subject code.
    pub subject: Option<String>,
    /// A test, or practice.
    pub mode: Mode,
    /// When it can be begun.
    pub opens_at: Option<Timestamp>,
    /// When it ends.
    pub closes_at: Option<Timestamp>,
    /// How long an attempt lasts, more time counted.
    pub seconds: Option<u32>,
    /// Questions to be answered.
    pub question_count: i64,
    /// Whether a word has to be typed.
    pub needs_password: bool,
    /// Whether the page asks to fill the screen.
    pub full_screen: bool,
    /// Attempts that may still be begun; as many as one likes where there is none.
    pub attempts_left: Option<u32>,
    /// An attempt that is under way.
    pub open_attempt: Option<AttemptId>,
    /// Attempts that were handed in.
    pub past: Vec<PastAttempt>,
    /// The paper, to be loaded before the bell.
    pub paper: SealedPaper,
    /// Whether formulas stand in it.
    pub formulas: bool,
    /// Whether chemical ones are among them.
    pub chemistry: bool,
    /// Pictures and sounds in it, numbered from 1.
    pub files: i64,
    /// The server's clock.
    pub now: Timestamp,
}

/// An attempt that was handed in.
#[derive(Clone, Copy, Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct PastAttempt {
    /// Which.
    pub id: AttemptId,
    /// The first is 1.
    pub number: i64,
    /// When it was handed in.
    pub submitted_at: Timestamp,
}

/// Who sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sitter {
    /// With an account.
    Person(PersonId),
    /// By the link.
    Entrant(TestEntrantId),
    /// A synthetic pupil of a rehearsal, by her number.
    Rehearsed(u32),
}

impl Sitter {
    pub(super) fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Entrant(_) | Self::Rehearsed(_) => None,
        }
    }

    pub(super) fn entrant(self) -> Option<TestEntrantId> {
        match self {
            Self::Person(_) | Self::Rehearsed(_) => None,
            Self::Entrant(entrant) => Some(entrant),
        }
    }

    /// Tells sitters apart.
    pub(super) fn key(self) -> u128 {
        match self {
            Self::Person(person) => person.as_uuid().as_u128(),
            Self::Entrant(entrant) => entrant.as_uuid().as_u128(),
            Self::Rehearsed(number) => u128::from(number),
        }
    }
}

/// Everything that decides whether somebody may begin.
pub(super) struct Facts {
    pub test: TestId,
    pub title: String,
    pub subject: Option<String>,
    pub settings: TestSettings,
    pub paper: SealedPaper,
    pub exception: Exception,
    pub outages: Vec<Outage>,
    pub attempts: Vec<OwnAttempt>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct OwnAttempt {
    pub id: AttemptId,
    pub number: i64,
    pub paper_id: TestPaperId,
    pub submitted_at: Option<Timestamp>,
    pub devices_left: i64,
}

/// A test as it is for somebody, and an attempt of hers.
#[derive(sqlx::FromRow)]
struct FactRow {
    title: String,
    subject: Option<String>,
    settings: String,
    paper_id: TestPaperId,
    sealed_sha256: String,
    #[sqlx(flatten)]
    exception: ExceptionColumns,
    /// How often there was a time without a server.
    outages: i64,
    attempt_id: Option<AttemptId>,
    number: Option<i64>,
    sat_paper_id: Option<TestPaperId>,
    submitted_at: Option<Timestamp>,
    devices_left: Option<i64>,
}

impl FactRow {
    fn attempt(&self) -> Option<OwnAttempt> {
        Some(OwnAttempt {
            id: self.attempt_id?,
            number: self.number?,
            paper_id: self.sat_paper_id?,
            submitted_at: self.submitted_at,
            devices_left: self.devices_left?,
        })
    }
}

/// As one statement: at the bell all ask at once. Her attempts are asked for by person and by entrant, each by its own
/// index: asked for by either, SQLite reads those of everybody.
pub(super) async fn facts(conn: &mut Conn, test: TestId, sitter: Sitter, kind: &str) -> Result<Facts, AttemptError> {
    let rows: Vec<FactRow> = sql!(
        "SELECT t.title, t.subject, t.settings, p.id AS paper_id, p.sealed_sha256, e.opens_at, e.closes_at, e.extra_seconds, e.attempts,
                (SELECT COUNT(*) FROM outage) AS outages,
                a.id AS attempt_id, a.number, a.paper_id AS sat_paper_id, a.submitted_at, a.devices_left
         FROM test t JOIN test_paper p ON p.id = t.paper_id
         LEFT JOIN test_exception e ON e.test_id = t.id AND (e.person_id = $2 OR e.entrant_id = $3)
         LEFT JOIN (
             SELECT id, number, paper_id, submitted_at, devices_left FROM attempt WHERE test_id = $1 AND kind = $4 AND person_id = $2
             UNION ALL
             SELECT id, number, paper_id, submitted_at, devices_left FROM attempt WHERE test_id = $1 AND kind = $4 AND entrant_id = $3
         ) a ON TRUE
         WHERE t.id = $1 AND (t.state = 'given' OR $4 = 'trial') AND t.deleted_at IS NULL ORDER BY a.number"
    )
    .bind(test)
    .bind(sitter.person())
    .bind(sitter.entrant())
    .bind(kind)
    .fetch_all(conn)
    .await?;
    let attempts = rows.iter().filter_map(FactRow::attempt).collect();
    let row = rows.into_iter().next().ok_or(Denied::NotFound)?;
    Ok(Facts {
        test,
        title: row.title,
        subject: row.subject,
        settings: serde_json::from_str(&row.settings).map_err(DbError::from)?,
        paper: SealedPaper::new(row.paper_id, row.sealed_sha256),
        exception: row.exception.into(),
        outages: if row.outages > 0 { outages(conn).await? } else { Vec::new() },
        attempts,
    })
}

impl Facts {
    pub(super) fn opens_at(&self) -> Option<Timestamp> {
        self.exception.opens_at.or(self.settings.opens_at)
    }

    pub(super) fn closes_at(&self) -> Option<Timestamp> {
        self.settings.closes_at(&self.exception, &self.outages)
    }

    /// The attempt that is under way.
    pub(super) fn open_attempt(&self) -> Option<OwnAttempt> {
        self.attempts.iter().copied().find(|attempt| attempt.submitted_at.is_none())
    }

    /// Attempts that may still be begun.
    pub(super) fn attempts_left(&self) -> Option<u32> {
        let allowed = self.exception.attempts.or(self.settings.attempts)?;
        Some(allowed.saturating_sub(u32::try_from(self.attempts.len()).unwrap_or(u32::MAX)))
    }

    pub(super) fn lobby(self, paper: &LoadedPaper, now: Timestamp) -> Lobby {
        let Needs { formulas, chemistry, files } = paper.needs;
        Lobby {
            formulas,
            chemistry,
            files,
            test_id: self.test,
            opens_at: self.opens_at(),
            closes_at: self.closes_at(),
            attempts_left: self.attempts_left(),
            open_attempt: self.open_attempt().map(|attempt| attempt.id),
            past: self
                .attempts
                .iter()
                .filter_map(|attempt| Some(PastAttempt { id: attempt.id, number: attempt.number, submitted_at: attempt.submitted_at? }))
                .collect(),
            seconds: self.settings.minutes.map(|minutes| minutes * 60 + self.exception.extra_seconds),
            title: self.title,
            subject: self.subject,
            mode: self.settings.mode,
            question_count: i64::try_from(paper.shapes().len()).unwrap_or(0),
            needs_password: self.settings.password.is_some(),
            full_screen: self.settings.full_screen,
            paper: self.paper,
            now,
        }
    }
}

/// What a pupil sees of a test that was given to her; a teacher of it sees the same, to try it.
///
/// # Errors
/// [`AttemptError`].
pub async fn lobby(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<Lobby, AttemptError> {
    let mut tx = classroom.env().db.glance().await?;
    let kind = standing(&mut tx, caller, test).await?;
    let Some(person) = caller.person_id() else { return Err(Denied::NotFound.into()) };
    let facts = facts(&mut tx, test, Sitter::Person(person), kind).await?;
    drop(tx);
    let paper = classroom.papers.get(classroom, facts.paper.id).await?;
    Ok(facts.lobby(&paper, classroom.env().now()))
}

/// Whether somebody sits a test for real or tries it.
pub(super) async fn standing(conn: &mut Conn, caller: &Caller, test: TestId) -> Result<&'static str, Denied> {
    match authorise::<SitTest>(conn, caller, test).await {
        Ok(_) => Ok("real"),
        Err(Denied::Forbidden) => authorise::<ManageTest>(conn, caller, test).await.map(|_| "trial"),
        Err(denied) => Err(denied),
    }
}

/// A test as somebody with its link sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestLinkLobby)]
pub struct LinkLobby {
    /// What it is called.
    pub title: String,
    /// When it can be begun.
    pub opens_at: Option<Timestamp>,
    /// When it ends.
    pub closes_at: Option<Timestamp>,
    /// How long an attempt lasts, in seconds.
    pub seconds: Option<u32>,
    /// Whether a word has to be typed.
    pub needs_password: bool,
    /// Names to pick one's own from.
    pub entrants: Vec<Entrant>,
    /// The paper, to be loaded before the bell.
    pub paper: SealedPaper,
    /// Whether formulas stand in it.
    pub formulas: bool,
    /// Whether chemical ones are among them.
    pub chemistry: bool,
    /// Pictures and sounds in it, numbered from 1.
    pub files: i64,
    /// The server's clock.
    pub now: Timestamp,
}

pub(super) async fn test_of_link(conn: &mut Conn, link: &str) -> Result<TestId, AttemptError> {
    let found: Option<(TestId,)> = sql!("SELECT id FROM test WHERE link_token = $1 AND state = 'given' AND deleted_at IS NULL")
        .bind(link)
        .fetch_optional(conn)
        .await?;
    Ok(found.ok_or(Denied::NotFound)?.0)
}

/// A test by its link, for people without an account.
///
/// # Errors
/// [`AttemptError`].
pub async fn by_link(classroom: &Classroom, link: &str) -> Result<LinkLobby, AttemptError> {
    let mut tx = classroom.env().db.glance().await?;
    let test = test_of_link(&mut tx, link).await?;
    let nobody = Sitter::Entrant(TestEntrantId(uuid::Uuid::nil()));
    let facts = facts(&mut tx, test, nobody, "real").await?;
    let entrants =
        sql!("SELECT id, name, number FROM test_entrant WHERE test_id = $1 ORDER BY name_key, id").bind(test).fetch_all(&mut tx).await?;
    drop(tx);
    let paper = classroom.papers.get(classroom, facts.paper.id).await?;
    let lobby = facts.lobby(&paper, classroom.env().now());
    Ok(LinkLobby {
        title: lobby.title,
        opens_at: lobby.opens_at,
        closes_at: lobby.closes_at,
        seconds: lobby.seconds,
        needs_password: lobby.needs_password,
        entrants,
        paper: lobby.paper,
        formulas: lobby.formulas,
        chemistry: lobby.chemistry,
        files: lobby.files,
        now: lobby.now,
    })
}
