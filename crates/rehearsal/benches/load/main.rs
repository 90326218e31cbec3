//! A test sat by thousands, in the real program over real HTTP, one JSON object an engine on standard output.
//! The load comes from the same machine, which is part of what is measured.
//!
//! On SQLite, and on PostgreSQL where `LOPMO_TEST_POSTGRES` names a server (with `fsync=on`, or its figures
//! mean nothing). `LOPMO_BENCH_BINARY` names the program; `LOPMO_BENCH_PUPILS` how many (5,000), `LOPMO_BENCH_ENGINES`
//! which engines, `LOPMO_BENCH_RATES` the saves a second that are tried. Beside the figures stands what this machine
//! needs at least: see `bare`.
#![allow(clippy::unwrap_used, reason = "a bench may end at the first error")]
#![allow(missing_docs, reason = "a bench has no readers of its documentation")]

#[path = "../../../content/tests/support/mod.rs"]
mod support;

mod bare;
mod program;
mod school;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rehearsal::{Plan, Report, play, raise_file_limit};
use serde_json::{Value, json};
use tokio::time::Instant;

use program::Program;
use school::School;

/// How often a pupil saves.
const SAVE_EVERY: Duration = Duration::from_secs(15);
/// Attempts that are sat one after the other, and the devices at which they are.
const IN_TURN: usize = 2000;
const DEVICES: usize = 200;
/// Saves a second that are tried one after the other.
const RATES: &str = "500,1000,2000,3000,4000,5000,6000,8000,10000,12000,15000,20000";

fn number(name: &str, or: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
}

fn rates() -> Vec<u32> {
    let rates = std::env::var("LOPMO_BENCH_RATES").unwrap_or_else(|_| RATES.to_owned());
    rates.split(',').filter(|rate| !rate.is_empty()).map(|rate| rate.parse().unwrap()).collect()
}

#[tokio::main]
async fn main() {
    bare::serve_if_asked().await;
    raise_file_limit();
    let pupils = number("LOPMO_BENCH_PUPILS", 5000);
    let engines = std::env::var("LOPMO_BENCH_ENGINES").unwrap_or_else(|_| "sqlite,postgres".to_owned());
    for engine in engines.split(',') {
        let test = match engine {
            "sqlite" => Some(db::testing::sqlite().await),
            _ if std::env::var_os("LOPMO_TEST_POSTGRES").is_some() => db::testing::postgres().await,
            _ => None,
        };
        let Some(test) = test else { continue };
        let school = School::found(test, pupils).await;
        let data = tempfile::tempdir().unwrap();
        let program = Program::start(&school.world.test.url, data.path());
        let figures = measure(&school, &program).await;
        drop(program);
        let bare = json!({
            "request_cpu_ms": round(bare::request_cpu_ms(pupils, SAVE_EVERY).await),
            "disk": bare::disk(data.path()),
        });
        let durable = school.is_durable().await;
        println!(
            "{}",
            json!({ "bench": "sitting", "engine": engine, "pupils": pupils, "durable": durable, "bare": bare, "figures": figures })
        );
    }
}

async fn measure(school: &School, program: &Program) -> Value {
    let idle = program.memory_mb();
    let crowd = school.crowd(program.address, 1000.min(school.pupils.len())).await;
    let in_turn = in_turn(school, program).await;
    let plan = Plan {
        address: program.address,
        entries: school.entries(),
        start_within: Duration::from_secs(30),
        sit_for: Duration::from_secs(number("LOPMO_BENCH_SECONDS", 120) as u64),
        save_every: SAVE_EVERY,
        hand_in_within: Duration::from_secs(10),
        raise: rates(),
        raise_for: Duration::from_secs(10),
        bends_at: Duration::from_millis(50),
        choose: Some(school::choose()),
    };
    let board = tokio::spawn(school.watch(program.address));
    // Processor time at the beginning of each part, by its name.
    let ticks: Arc<Mutex<BTreeMap<String, u64>>> = Arc::default();
    let order: Arc<Mutex<Vec<String>>> = Arc::default();
    let report = {
        let (ticks, order) = (Arc::clone(&ticks), Arc::clone(&order));
        let process = program.processes();
        play(&plan, &move |part: &str| {
            ticks.lock().unwrap().insert(part.to_owned(), process.ticks());
            order.lock().unwrap().push(part.to_owned());
        })
        .await
    };
    let end = program.processes().ticks();
    board.abort();
    let (ticks, order) = (ticks.lock().unwrap().clone(), order.lock().unwrap().clone());
    // Milliseconds of processor time of server and database in a part.
    let spent = |part: &str| {
        let at = order.iter().position(|name| name == part).unwrap();
        let until = order.get(at + 1).map_or(end, |next| ticks[next]);
        (until - ticks[part]) as f64 * 10.0
    };
    let all = school.pupils.len() as f64;
    let save = spent("sit") / report.sit.answers as f64;
    let once = ["load", "start", "hand-in", "result"].map(|part| spent(part) / all);
    json!({
        "idle_memory_mb": idle,
        "memory_mb": program.memory_mb(),
        "crowd": crowd,
        "in_turn": in_turn,
        "cpu_ms": {
            "save": round(save),
            "lobby": round(once[0]), "start": round(once[1]), "hand_in": round(once[2]), "result": round(once[3]),
            "attempt_of_40_answers": round(once.iter().sum::<f64>() + 40.0 * save),
        },
        "load": report.load,
        "start": report.start,
        "sit": report.sit,
        "hand_in": report.hand_in,
        "result": report.result,
        "raised": report.raised,
        "cpu_ms_of_a_save_when_raised": report.raised.iter().map(|step| {
            (step.saves_per_second, round(spent(&format!("raise {}", step.saves_per_second)) / step.phase.answers.max(1) as f64))
        }).collect::<BTreeMap<_, _>>(),
        "sustained_saves_per_second": report.raised.iter().filter(|step| step.holds).map(|step| step.saves_per_second).max(),
        "wrong_marks": wrong_marks(&report),
    })
}

/// What a whole attempt costs, and how many a minute there can be, where nobody waits for anything but the server.
async fn in_turn(school: &School, program: &Program) -> Value {
    let attempts = IN_TURN.min(school.pupils.len());
    let (before, from) = (program.processes().ticks(), Instant::now());
    let wrong = school.sit_in_turn(program.address, attempts, DEVICES).await;
    let (spent, took) = (program.processes().ticks() - before, from.elapsed());
    json!({
        "attempts": attempts, "devices": DEVICES,
        "cpu_ms_of_an_attempt_of_40_answers": round(spent as f64 * 10.0 / attempts as f64),
        "attempts_per_minute": (attempts as f64 * 60.0 / took.as_secs_f64()).round(),
        "wrong_marks": wrong,
    })
}

/// Marks that are not what the answers are worth; those who have none count too.
fn wrong_marks(report: &Report) -> usize {
    report.students - report.results.iter().filter(|(pupil, result)| school::is_marked_right(*pupil, result)).count()
}

fn round(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
