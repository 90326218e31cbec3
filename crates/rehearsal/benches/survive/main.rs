//! Crashes under load: server or database killed, and the power cut, at random moments while pupils save as
//! fast as they can. After each, every answer that a pupil was told is saved must be on the disk; the pupils
//! go on by themselves; in the end every attempt is handed in and marked right. One JSON object a kind of crash.
//!
//! Needs root (a file system is mounted and its power cut) and PostgreSQL's programs. `LOPMO_BENCH_BINARY` names
//! the program, `LOPMO_BENCH_CRASHES` how many crashes of each kind (50), `LOPMO_BENCH_ONLY` one kind (`Postgres Power`).
#![allow(clippy::unwrap_used, reason = "a bench may end at the first error")]
#![allow(missing_docs, reason = "a bench has no readers of its documentation")]

#[path = "../../../content/tests/support/mod.rs"]
mod support;

#[path = "../load/program.rs"]
mod program;
#[path = "../load/school.rs"]
mod school;

mod place;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use db::{Db, sql};
use rehearsal::{Line, Papers, Pupil};
use serde_json::{Value, json};

use place::{Engine, Place};
use program::Program;
use school::School;

const PUPILS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crash {
    Server,
    Database,
    Power,
}

#[tokio::main]
async fn main() {
    let crashes: u32 = std::env::var("LOPMO_BENCH_CRASHES").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let kinds = [
        (Engine::Sqlite, Crash::Server),
        (Engine::Sqlite, Crash::Power),
        (Engine::Postgres, Crash::Server),
        (Engine::Postgres, Crash::Database),
        (Engine::Postgres, Crash::Power),
    ];
    let only = std::env::var("LOPMO_BENCH_ONLY").ok();
    let mut failed = false;
    for (engine, crash) in kinds {
        if only.as_ref().is_some_and(|only| *only != format!("{engine:?} {crash:?}")) {
            continue;
        }
        let figures = survive(engine, crash, crashes).await;
        failed |= figures["lost"] != 0 || figures["stuck"] != 0 || figures["wrong_marks"] != 0;
        println!("{}", json!({ "bench": "survive", "engine": format!("{engine:?}"), "crash": format!("{crash:?}"), "figures": figures }));
    }
    std::process::exit(i32::from(failed));
}

/// What each pupil was told is saved, by her attempt.
type Acknowledged = Arc<Mutex<BTreeMap<String, i64>>>;

async fn survive(engine: Engine, crash: Crash, crashes: u32) -> Value {
    let place = Place::mount(engine);
    let school = School::found(place.database().await, PUPILS).await;
    school.world.content.env.db.close().await;
    let mut program = Program::start(&school.world.test.url, &place.data());
    let acknowledged = Acknowledged::default();
    let stop = Arc::new(AtomicBool::new(false));
    let mut pupils = tokio::task::JoinSet::new();
    for (number, entry) in (0u64..).zip(school.entries()) {
        let pupil = Pupil::new(number, entry, Line::new(program.address, 0));
        pupils.spawn(sit(pupil, Arc::clone(&acknowledged), Arc::clone(&stop)));
    }
    let (mut lost, mut random, mut down) = (0, Random(0x9E37_79B9_7F4A_7C15), Vec::new());
    for _ in 0..crashes {
        // Somewhere in the work of a second: beginnings, commits, checkpoints.
        tokio::time::sleep(Duration::from_micros(200_000 + random.below(1_000_000))).await;
        let from = Instant::now();
        match crash {
            Crash::Server => program.kill(),
            Crash::Database => place.kill_database(),
            Crash::Power => {
                // Without power nobody is told anything: a sync that is under way while ext4 shuts down may say that it
                // is done, since its transaction is no longer there to be waited for.
                program.freeze();
                place.cut_power();
                program.kill();
                place.kill_database();
                place.mount_again();
            }
        }
        // What was on its way is read by now: nobody acknowledges anything more.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let told = acknowledged.lock().unwrap().clone();
        if crash != Crash::Server {
            place.forget_dead_database();
            place.start_database();
        }
        lost += missing(&school, &told).await;
        if crash != Crash::Database {
            program.again();
        }
        down.push(from.elapsed().as_millis());
    }
    stop.store(true, Ordering::Relaxed);
    let results: Vec<(u64, Value)> = pupils.join_all().await;
    let answers: i64 = acknowledged.lock().unwrap().values().sum();
    let db = Db::connect(&school.world.test.url).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let (stuck,): (i64,) =
        sql!("SELECT COUNT(*) FROM attempt WHERE state <> 'submitted' OR marked_at IS NULL").fetch_one(&mut tx).await.unwrap();
    let (attempts,): (i64,) = sql!("SELECT COUNT(*) FROM attempt").fetch_one(&mut tx).await.unwrap();
    drop(tx);
    db.close().await;
    let wrong = results.iter().filter(|(pupil, result)| !school::is_marked_right(*pupil, result)).count();
    down.sort_unstable();
    json!({
        "crashes": crashes, "pupils": PUPILS, "attempts": attempts, "acknowledged": answers, "lost": lost,
        "stuck": stuck, "wrong_marks": wrong, "down_ms_median": down.get(down.len() / 2),
    })
}

/// A pupil who saves as fast as she can and goes on whatever happens, until she is to hand in.
async fn sit(mut pupil: Pupil, acknowledged: Acknowledged, stop: Arc<AtomicBool>) -> (u64, Value) {
    const AGAIN: Duration = Duration::from_millis(20);
    let (papers, choose) = (Papers::default(), school::choose());
    while pupil.begin(&papers).await.is_err() {
        tokio::time::sleep(AGAIN).await;
    }
    // All forty at least once.
    while !stop.load(Ordering::Relaxed) || pupil.acknowledged().is_none_or(|(_, count)| count < school::QUESTIONS as i64) {
        if pupil.answer(&choose).await.is_err() {
            tokio::time::sleep(AGAIN).await;
        }
        if let Some((attempt, count)) = pupil.acknowledged() {
            acknowledged.lock().unwrap().insert(attempt.to_owned(), count);
        }
    }
    let began = Instant::now();
    loop {
        match pupil.hand_in().await {
            Ok(()) => break,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(60), "{error}"),
        }
        tokio::time::sleep(AGAIN).await;
    }
    loop {
        if let Ok(result) = pupil.result().await {
            return (pupil.number(), result);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Answers that somebody was told are saved and that are not on the disk.
async fn missing(school: &School, told: &BTreeMap<String, i64>) -> i64 {
    let db = Db::connect(&school.world.test.url).await.unwrap();
    let mut tx = db.read().await.unwrap();
    // Whoever was not told that she had begun has begun again, as another device.
    let rows: Vec<(kernel::AttemptId, i64, i64)> = sql!(
        "SELECT d.attempt_id, COUNT(w.sequence), CAST(COALESCE(MAX(w.sequence), 0) AS BIGINT)
         FROM (SELECT attempt_id, MAX(number) AS number FROM attempt_device GROUP BY attempt_id) d
         LEFT JOIN attempt_answer w ON w.attempt_id = d.attempt_id AND w.device = d.number GROUP BY d.attempt_id"
    )
    .fetch_all(&mut tx)
    .await
    .unwrap();
    drop(tx);
    db.close().await;
    // Sent in their order: as many as the highest number means that none is missing between.
    let kept: BTreeMap<String, i64> =
        rows.into_iter().map(|(attempt, count, last)| (attempt.to_string(), if count == last { count } else { 0 })).collect();
    told.iter().map(|(attempt, count)| (count - kept.get(attempt).copied().unwrap_or(0)).max(0)).sum()
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
