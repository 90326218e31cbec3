//! `lopmo rehearse`, and the child process that is its pupils.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use classroom::rehearsals::{self, Others, RehearsalState, RehearsalView};
use http::{HeaderValue, header};
use identity::access::Caller;
use kernel::TestId;
use rehearsal::{Entry, Part, Phase, Plan, Report, SAVE_WITHIN, Shortage};
use serde::{Deserialize, Serialize};

use super::execute::Telling;
use crate::context::Context;

/// How often the state is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What the child is to play; it comes on its standard input.
#[derive(Debug, Serialize, Deserialize)]
pub struct Script {
    /// The server's own door.
    pub address: SocketAddr,
    /// How many pupils.
    pub students: u32,
    /// What they come in with.
    pub token: String,
}

/// What the child says, a line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "played", rename_all = "kebab-case")]
pub enum Played {
    /// What begins.
    Part {
        /// Its name.
        part: String,
    },
    /// How it went; the last line.
    Report {
        /// It.
        report: Box<Report>,
    },
}

/// Saves a second that are tried after one another, until it bends: from what so many pupils need to what a
/// province would.
fn rates(students: u32) -> Vec<u32> {
    let needed = students.div_ceil(15).max(20);
    std::iter::successors(Some(needed * 2), |rate| rate.checked_mul(2)).take_while(|rate| *rate <= 16_000).collect()
}

/// At the bell 5,000 come in half a minute, and hand in within ten seconds; fewer come as close together.
fn seconds(needed: u32, most: u32) -> Duration {
    Duration::from_secs(needed.clamp(2, most).into())
}

/// The child: the pupils.
pub async fn child() -> ExitCode {
    let mut script = String::new();
    if std::io::stdin().read_to_string(&mut script).is_err() {
        return ExitCode::FAILURE;
    }
    let Ok(script) = serde_json::from_str::<Script>(&script) else { return ExitCode::FAILURE };
    let Ok(token) = HeaderValue::try_from(format!("Bearer {}", script.token)) else { return ExitCode::FAILURE };
    rehearsal::raise_file_limit();
    let entry = |number: u32| Entry {
        lobby: None,
        begin: format!("/api/sitting/rehearsed/{number}"),
        header: (header::AUTHORIZATION, token.clone()),
        body: serde_json::Map::new(),
        result: None,
    };
    let plan = Plan {
        address: script.address,
        entries: (0..script.students).map(entry).collect(),
        start_within: seconds(script.students.div_ceil(170), 30),
        sit_for: Duration::from_secs(20),
        save_every: Duration::from_secs(15),
        hand_in_within: seconds(script.students.div_ceil(500), 10),
        raise: rates(script.students),
        raise_for: Duration::from_secs(3),
        bends_at: SAVE_WITHIN,
        choose: None,
    };
    let report = rehearsal::play(&plan, &|part| say(&Played::Part { part: part.to_owned() })).await;
    say(&Played::Report { report: Box::new(report) });
    ExitCode::SUCCESS
}

fn say(played: &Played) {
    if let Ok(line) = serde_json::to_string(played) {
        let mut out = std::io::stdout().lock();
        // The server that reads has gone: a play without anybody to tell is only load.
        if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
            std::process::exit(1);
        }
    }
}

/// Asks the running server for a rehearsal, and tells how it goes.
pub(super) async fn run(context: &Context, telling: &Telling, test: TestId, students: u32, others: Others) -> Result<(), String> {
    let classroom = &context.classroom();
    let asked = rehearsals::ask(classroom, &Caller::Operator, test, students, others).await.map_err(|error| error.to_string())?;
    let mut part = String::new();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let all = rehearsals::list(classroom, &Caller::Operator, test).await.map_err(|error| error.to_string())?;
        let Some(now) = all.into_iter().find(|one| one.id == asked.id) else { return Err("the rehearsal is gone".to_owned()) };
        if now.part != part && !now.part.is_empty() {
            part.clone_from(&now.part);
            telling.say(format!("· {part}")).await;
        }
        if now.ended_at.is_some() {
            return told(telling, &now).await;
        }
    }
}

async fn told(telling: &Telling, rehearsal: &RehearsalView) -> Result<(), String> {
    let (Some(report), Some(verdict), RehearsalState::Done) = (&rehearsal.report, &rehearsal.verdict, rehearsal.state) else {
        return Err("Buổi diễn tập bị dừng giữa chừng. · The rehearsal was stopped.".to_owned());
    };
    let line = |name: &str, phase: &Phase| {
        format!(
            "{name}: {} · p50 {} ms · p99 {} ms · max {} ms · lost {}",
            phase.answers,
            phase.p50_ms,
            phase.p99_ms,
            phase.max_ms,
            phase.lost_count()
        )
    };
    telling.say(line("Vào thi / start", &report.start)).await;
    telling.say(line("Lưu bài / save", &report.sit)).await;
    for step in &report.raised {
        telling.say(line(&format!("{} lần lưu/giây · saves/s", step.saves_per_second), &step.phase)).await;
    }
    if let Some(photos) = &report.photos {
        telling.say(line("Ảnh bài làm / photos of work", photos)).await;
    }
    telling.say(line("Nộp bài / hand in", &report.hand_in)).await;
    telling.say(line("Xem kết quả / result", &report.result)).await;
    let students = rehearsal.students;
    telling
        .say(if verdict.holds {
            format!("ĐƯỢC: máy chủ này chịu được {students} em cùng thi. · It holds for {students} pupils.")
        } else {
            let parts: Vec<&str> = verdict.bends.iter().map(|bend| name(bend.part)).collect();
            format!("CHƯA ĐƯỢC với {students} em: chậm hoặc mất ở {0}. · It bends at {0}.", parts.join(", "))
        })
        .await;
    if let Some(pupils) = verdict.sustained_pupils {
        let short = match verdict.short_of {
            Some(Shortage::Processor) => " (hết bộ xử lí · processor)",
            Some(Shortage::Disk) => " (chờ đĩa hoặc cơ sở dữ liệu · disk or database)",
            None => "",
        };
        telling
            .say(format!(
                "Khi đang làm bài: tới khoảng {pupils} em, mỗi em lưu 15 giây một lần · saving: up to about {pupils} pupils{short}"
            ))
            .await;
    }
    Ok(())
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Load => "load",
        Part::Start => "start",
        Part::Sit => "save",
        Part::Photos => "photos",
        Part::HandIn => "hand-in",
        Part::Result => "result",
    }
}
