//! Lists of people at the size of a province (91,000 pupils, 9,000 teachers, 518 schools), as JSON
//! lines on standard output: what an administrator of the whole and one of a school wait for.
//! PostgreSQL is measured too where `LOPMO_TEST_POSTGRES` names a server.
#![allow(clippy::unwrap_used, reason = "a bench may end at the first error")]
#![allow(missing_docs, reason = "a bench has no readers of its documentation")]

#[path = "province/build.rs"]
mod build;

use std::time::{Duration, Instant};

use build::Province;
use db::{Engine, Env, sql};
use identity::access::Caller;
use identity::organisations;
use identity::people::{self, PeopleFilter};
use kernel::{Cursor, PageLimit, Role};
use serde_json::json;

/// What a page may take, in milliseconds.
const LIMIT_MS: f64 = 50.0;
const ROUNDS: usize = 15;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for test in db::testing::engines().await {
            let began = Instant::now();
            let province = build::province(&test.env).await;
            if test.env.db.engine() == Engine::Postgres {
                // What its housekeeping does a minute later.
                let mut tx = test.env.db.write().await.unwrap();
                sql!("ANALYZE").execute(&mut tx).await.unwrap();
                tx.commit().await.unwrap();
            }
            let engine = format!("{:?}", test.env.db.engine()).to_lowercase();
            println!("{}", json!({ "bench": "province", "engine": engine, "built_s": began.elapsed().as_secs_f64() }));
            measure(&test.env, &engine, &province).await;
        }
    });
}

async fn measure(env: &Env, engine: &str, province: &Province) {
    let filter = PeopleFilter::default;
    let named = |text: &str| PeopleFilter { text: Some(text.to_owned()), ..filter() };
    let (all, school) = (&province.administrator, &province.school_administrator);
    let lists: Vec<(&str, &Caller, PeopleFilter)> = vec![
        ("everybody", all, filter()),
        ("teachers of the province", all, PeopleFilter { role: Some(Role::Teacher), ..filter() }),
        ("administrators of the province", all, PeopleFilter { role: Some(Role::Administrator), ..filter() }),
        ("a commune", all, PeopleFilter { organisation: Some(province.commune), ..filter() }),
        ("a school", all, PeopleFilter { organisation: Some(province.school), ..filter() }),
        ("a class", all, PeopleFilter { class: Some(province.class), ..filter() }),
        ("a frequent name", all, named("nguyễn")),
        ("a full name", all, named("Trần Minh Gia Ánh")),
        ("a name nobody has", all, named("zzzz")),
        ("a username", all, named("hieu.x777")),
        ("a number", all, named("HS0123")),
        ("one's own school", school, filter()),
        ("a name in one's own school", school, named("nguyen")),
    ];
    for (what, caller, filter) in &lists {
        report(engine, &format!("people: {what}"), times(async || list(env, caller, filter, None).await.0).await);
    }
    let deep = somewhere_deep(env, all).await;
    report(engine, "people: everybody, a page in the middle", times(async || list(env, all, &filter(), Some(&deep)).await.0).await);
    for (what, caller) in [("the province's", all), ("a school's", school)] {
        report(engine, &format!("organisations: {what} tree"), times(async || organisations::list(env, caller).await.unwrap().len()).await);
    }
}

async fn list(env: &Env, caller: &Caller, filter: &PeopleFilter, after: Option<&Cursor>) -> (usize, Option<Cursor>) {
    let page = people::list(env, caller, filter, after, PageLimit::asked(None)).await.unwrap();
    (page.items.len(), page.next)
}

/// Where half of the people come before.
async fn somewhere_deep(env: &Env, caller: &Caller) -> Cursor {
    let half = PeopleFilter { text: Some("Hải Linh".to_owned()), ..PeopleFilter::default() };
    let (_, next) = list(env, caller, &half, None).await;
    next.unwrap()
}

/// How often and how long, and the rows of one round.
async fn times(run: impl AsyncFn() -> usize) -> (Vec<Duration>, usize) {
    let mut all = Vec::with_capacity(ROUNDS);
    let mut rows = 0;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        rows = run().await;
        all.push(began.elapsed());
    }
    all.sort();
    (all, rows)
}

fn report(engine: &str, what: &str, (times, rows): (Vec<Duration>, usize)) {
    let ms = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    let (median, worst) = (ms(times[times.len() / 2]), ms(times[times.len() - 1]));
    let line = json!({ "bench": "province", "engine": engine, "what": what, "rows": rows, "median_ms": median, "worst_ms": worst,
        "limit_ms": LIMIT_MS, "within": median <= LIMIT_MS });
    println!("{line}");
}
