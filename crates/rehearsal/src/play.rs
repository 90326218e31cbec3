//! The whole of a rehearsal: the bell, the sitting, the end, and then more and more until it bends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use utoipa::ToSchema;

use crate::measure::{Measured, Phase};
use crate::paper;
use crate::pupil::{Choose, Entry, Papers, Pupil};
use crate::wire::Line;

/// What is to be played.
#[derive(Clone)]
pub struct Plan {
    /// The server.
    pub address: SocketAddr,
    /// One a pupil.
    pub entries: Vec<Entry>,
    /// All begin within this time.
    pub start_within: Duration,
    /// How long they sit.
    pub sit_for: Duration,
    /// One answer each in this time.
    pub save_every: Duration,
    /// All hand in within this time.
    pub hand_in_within: Duration,
    /// Answers a second that are tried one after the other, once all sit, until it bends.
    pub raise: Vec<u32>,
    /// How long each is tried.
    pub raise_for: Duration,
    /// It bends when one save of a hundred takes longer than this.
    pub bends_at: Duration,
    /// What is answered; anything that fits when there is none.
    pub choose: Option<Choose>,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehearsalReport)]
pub struct Report {
    /// How many pupils.
    pub students: usize,
    /// Before the bell: the lobby and the sealed paper.
    pub load: Phase,
    /// The bell: until question 1 can be answered.
    pub start: Phase,
    /// Saves, one each in the planned time.
    pub sit: Phase,
    /// More and more saves a second.
    pub raised: Vec<Step>,
    /// Photos of work on paper, where the test takes them: until each is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos: Option<Phase>,
    /// Handing in: until the receipt is there and says what was answered.
    pub hand_in: Phase,
    /// Reading the result.
    pub result: Phase,
    /// The results, of pupils who have one, by their number.
    #[serde(skip)]
    pub results: Vec<(u64, Value)>,
}

/// So many saves a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehearsalStep)]
pub struct Step {
    /// Tried.
    pub saves_per_second: u32,
    /// Acknowledged.
    pub acknowledged_per_second: f64,
    /// How it went.
    pub phase: Phase,
    /// Whether it still held.
    pub holds: bool,
}

/// What a part of the rehearsal is called while it goes on.
pub type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Plays it.
pub async fn play(plan: &Plan, progress: Progress<'_>) -> Report {
    let papers = Papers::default();
    let choose: Choose = plan.choose.clone().unwrap_or_else(|| Arc::new(|pupil, item, shape, _| paper::response(shape, pupil, item)));
    let pupils: Vec<Pupil> = (0u64..)
        .zip(&plan.entries)
        .map(|(number, entry)| Pupil::new(number, entry.clone(), Line::new(plan.address, usize::try_from(number).unwrap_or(0))))
        .collect();
    let students = pupils.len();

    progress("load");
    let (load, pupils) = once(pupils, plan.start_within, |mut pupil, measured, meant| async move {
        match pupil.load().await {
            Ok(()) => measured.answered(meant),
            Err(lost) => measured.lost(lost),
        }
        pupil
    })
    .await;

    progress("start");
    let (start, pupils) = once(pupils, plan.start_within, |mut pupil, measured, meant| {
        let papers = papers.clone();
        async move {
            match pupil.begin(&papers).await {
                Ok(()) => measured.answered(meant),
                Err(error) => measured.lost(error),
            }
            pupil
        }
    })
    .await;

    progress("sit");
    let (sit, mut pupils) = saving(pupils, plan.save_every, plan.sit_for, &choose).await;

    let mut raised = Vec::new();
    for rate in &plan.raise {
        progress(&format!("raise {rate}"));
        let every = Duration::from_secs_f64(students as f64 / f64::from((*rate).max(1)));
        let (phase, back) = saving(pupils, every, plan.raise_for, &choose).await;
        pupils = back;
        let acknowledged = phase.answers as f64 / plan.raise_for.as_secs_f64();
        let holds =
            phase.lost_count() == 0 && phase.p99_ms <= plan.bends_at.as_secs_f64() * 1000.0 && acknowledged >= f64::from(*rate) * 0.95;
        raised.push(Step { saves_per_second: *rate, acknowledged_per_second: acknowledged.round(), phase, holds });
        if !holds {
            break;
        }
    }

    let (photos, pupils) = photographing(plan, pupils, progress).await;

    progress("hand-in");
    let (hand_in, pupils) = once(pupils, plan.hand_in_within, |mut pupil, measured, meant| async move {
        match pupil.hand_in().await {
            Ok(()) => measured.answered(meant),
            Err(error) => measured.lost(error),
        }
        pupil
    })
    .await;

    progress("result");
    let results = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (result, _) = once(pupils, plan.hand_in_within, |mut pupil, measured, meant| {
        let results = Arc::clone(&results);
        async move {
            match pupil.result().await {
                Ok(result) => {
                    measured.answered(meant);
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((pupil.number(), result));
                }
                Err(error) => measured.lost(error),
            }
            pupil
        }
    })
    .await;
    let results = std::mem::take(&mut *results.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    Report { students, load, start, sit, raised, photos, hand_in, result, results }
}

/// Towards the end all photograph what they worked out on paper, where the test takes photos: in as long as all
/// have to begin.
async fn photographing(plan: &Plan, pupils: Vec<Pupil>, progress: Progress<'_>) -> (Option<Phase>, Vec<Pupil>) {
    // Of a server that let nobody in nothing is known.
    if !pupils.iter().any(Pupil::photographs) {
        return (None, pupils);
    }
    progress("photos");
    let (phase, pupils) = once(pupils, plan.start_within, |mut pupil, measured, meant| async move {
        match pupil.send_photos().await {
            Ok(true) => measured.answered(meant),
            Ok(false) => {}
            Err(error) => measured.lost(error),
        }
        pupil
    })
    .await;
    (Some(phase), pupils)
}

/// Each pupil does something once, spread evenly over a time.
async fn once<F, Fut>(pupils: Vec<Pupil>, within: Duration, act: F) -> (Phase, Vec<Pupil>)
where
    F: Fn(Pupil, Arc<Measured>, Instant) -> Fut,
    Fut: Future<Output = Pupil> + Send + 'static,
{
    let measured = Arc::new(Measured::default());
    let from = Instant::now();
    let gap = within.div_f64(pupils.len().max(1) as f64);
    let mut acts = JoinSet::new();
    for (at, pupil) in (0u32..).zip(pupils) {
        let meant = from + gap * at;
        let act = act(pupil, Arc::clone(&measured), meant);
        acts.spawn(async move {
            sleep_until(meant).await;
            act.await
        });
    }
    let pupils = acts.join_all().await;
    (ended(measured), pupils)
}

fn ended(measured: Arc<Measured>) -> Phase {
    // All who held it have ended.
    Arc::into_inner(measured).unwrap_or_default().end()
}

/// Each pupil answers in her own rhythm.
async fn saving(pupils: Vec<Pupil>, every: Duration, how_long: Duration, choose: &Choose) -> (Phase, Vec<Pupil>) {
    let measured = Arc::new(Measured::default());
    let from = Instant::now();
    let until = from + how_long;
    let gap = every.div_f64(pupils.len().max(1) as f64);
    let mut acts = JoinSet::new();
    for (at, mut pupil) in (0u32..).zip(pupils) {
        let (measured, choose) = (Arc::clone(&measured), Arc::clone(choose));
        let mut meant = from + gap * at;
        acts.spawn(async move {
            while meant < until {
                sleep_until(meant).await;
                match pupil.answer(&choose).await {
                    Ok(()) => measured.answered(meant),
                    Err(error) => measured.lost(error),
                }
                meant += every;
            }
            pupil
        });
    }
    let pupils = acts.join_all().await;
    (ended(measured), pupils)
}
