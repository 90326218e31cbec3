//! How long answers took.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::machine::Machine;

/// What was measured while it goes on; shared by all pupils.
#[derive(Debug)]
pub struct Measured {
    from: Instant,
    machine: Machine,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    micros: Vec<u32>,
    lost: BTreeMap<String, u64>,
}

/// How one part of a rehearsal went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehearsalPhase)]
pub struct Phase {
    /// Answers that came.
    pub answers: u64,
    /// What did not come, by its reason.
    pub lost: BTreeMap<String, u64>,
    /// Half of them within so many milliseconds.
    pub p50_ms: f64,
    /// Of a hundred, 95.
    pub p95_ms: f64,
    /// Of a hundred, 99.
    pub p99_ms: f64,
    /// The slowest.
    pub max_ms: f64,
    /// Seconds from its beginning to its end.
    pub seconds: f64,
    /// How much of the machine was busy, from 0 to 1, with whatever runs on it.
    pub machine_busy: f64,
    /// How much of the machine the rehearsal itself used.
    pub own_share: f64,
}

impl Default for Measured {
    fn default() -> Self {
        Self { from: Instant::now(), machine: Machine::now(), taken: Mutex::default() }
    }
}

impl Measured {
    /// An answer to what was meant to be asked at `meant`.
    pub fn answered(&self, meant: Instant) {
        let micros = u32::try_from(meant.elapsed().as_micros()).unwrap_or(u32::MAX);
        self.with(|taken| taken.micros.push(micros));
    }

    /// No answer.
    pub fn lost(&self, why: impl std::fmt::Display) {
        let why = why.to_string();
        self.with(|taken| *taken.lost.entry(why).or_default() += 1);
    }

    fn with(&self, change: impl FnOnce(&mut Taken)) {
        change(&mut self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Ends it.
    pub fn end(self) -> Phase {
        let Taken { mut micros, lost } = self.taken.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        micros.sort_unstable();
        let at = |share: f64| quantile(&micros, share);
        let seconds = self.from.elapsed();
        let used = Machine::now().since(&self.machine);
        Phase {
            answers: micros.len() as u64,
            lost,
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            max_ms: at(1.0),
            seconds: round(seconds),
            machine_busy: used.busy,
            own_share: used.own,
        }
    }
}

impl Phase {
    /// How many were lost.
    pub fn lost_count(&self) -> u64 {
        self.lost.values().sum()
    }
}

/// The smallest of the sorted times that so large a share of them is not above, in milliseconds.
fn quantile(sorted: &[u32], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

fn round(time: Duration) -> f64 {
    (time.as_secs_f64() * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_time_that_was_measured() {
        let sorted: Vec<u32> = (1..=200).map(|n| n * 1000).collect();
        assert_eq!((quantile(&sorted, 0.5), quantile(&sorted, 0.99), quantile(&sorted, 1.0)), (100.0, 198.0, 200.0));
        assert_eq!(quantile(&[7000], 0.5), 7.0);
        assert_eq!(quantile(&[], 0.99), 0.0);
    }
}
