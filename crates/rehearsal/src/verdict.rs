//! Whether it will hold, and where it bends.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::play::Report;

/// Limits under which a test feels as if nobody else sat it, in milliseconds at the 99th of a hundred.
const START_MS: f64 = 1000.0;
/// A pupil goes on answering while she is being saved: so late, "saved" still comes as if at once. The same limit
/// says where saving bends, or a verdict could refuse fifty and promise hundreds.
pub const SAVE_WITHIN: Duration = Duration::from_millis(500);
const HAND_IN_MS: f64 = 2000.0;
/// A photo goes beside the answers, and nobody waits for it; a line that takes longer is her own.
const PHOTOS_MS: f64 = 10_000.0;
/// From here on the processors are what is short.
const BUSY: f64 = 0.9;

/// What to tell the teacher.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehearsalVerdict)]
pub struct Verdict {
    /// Whether so many pupils can sit this test on this server.
    pub holds: bool,
    /// Parts that were too slow, or in which something was lost.
    pub bends: Vec<Bend>,
    /// The most saves a second that were still quick.
    pub sustained_saves_per_second: Option<u32>,
    /// How many pupils that is, with a save each every 15 seconds.
    pub sustained_pupils: Option<u32>,
    /// What was short when it bent.
    pub short_of: Option<Shortage>,
}

/// A part that was too slow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RehearsalBend)]
pub struct Bend {
    /// Which.
    pub part: Part,
    /// Of a hundred answers, 99 came within so many milliseconds.
    pub p99_ms: f64,
    /// The limit.
    pub limit_ms: f64,
    /// Answers that did not come.
    pub lost: u64,
}

/// A part of a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RehearsalPart)]
pub enum Part {
    /// Before the bell.
    Load,
    /// The bell.
    Start,
    /// Saving.
    Sit,
    /// Photos of work on paper.
    Photos,
    /// Handing in.
    HandIn,
    /// Reading the result.
    Result,
}

/// What was short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RehearsalShortage)]
pub enum Shortage {
    /// Processor time.
    Processor,
    /// The disk or the database: there was processor time left.
    Disk,
}

impl Report {
    /// Whether it will hold, and where it bends.
    pub fn verdict(&self) -> Verdict {
        let sitting = [
            (Part::Load, &self.load, START_MS),
            (Part::Start, &self.start, START_MS),
            (Part::Sit, &self.sit, SAVE_WITHIN.as_secs_f64() * 1000.0),
        ];
        let photos = self.photos.iter().map(|photos| (Part::Photos, photos, PHOTOS_MS));
        let ending = [(Part::HandIn, &self.hand_in, HAND_IN_MS), (Part::Result, &self.result, HAND_IN_MS)];
        let bends: Vec<Bend> = sitting
            .into_iter()
            .chain(photos)
            .chain(ending)
            .filter(|(_, phase, limit)| phase.p99_ms > *limit || phase.lost_count() > 0)
            .map(|(part, phase, limit_ms)| Bend { part, p99_ms: phase.p99_ms, limit_ms, lost: phase.lost_count() })
            .collect();
        let sustained = self.raised.iter().filter(|step| step.holds).map(|step| step.saves_per_second).max();
        let short_of = self
            .raised
            .iter()
            .find(|step| !step.holds)
            .map(|step| if step.phase.machine_busy >= BUSY { Shortage::Processor } else { Shortage::Disk });
        Verdict {
            holds: bends.is_empty(),
            bends,
            sustained_saves_per_second: sustained,
            sustained_pupils: sustained.map(|saves| saves * 15),
            short_of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Phase;
    use crate::play::Step;

    fn phase(p99_ms: f64) -> Phase {
        Phase {
            answers: 100,
            lost: std::collections::BTreeMap::new(),
            p50_ms: 1.0,
            p95_ms: p99_ms,
            p99_ms,
            max_ms: p99_ms,
            seconds: 10.0,
            machine_busy: 0.5,
            own_share: 0.1,
        }
    }

    fn report() -> Report {
        let step = |saves_per_second, holds| Step { saves_per_second, acknowledged_per_second: 0.0, phase: phase(10.0), holds };
        Report {
            students: 100,
            load: phase(20.0),
            start: phase(300.0),
            sit: phase(40.0),
            raised: vec![step(500, true), step(1000, true), step(2000, false)],
            photos: None,
            hand_in: phase(700.0),
            result: phase(50.0),
            results: Vec::new(),
        }
    }

    #[test]
    fn what_is_quick_everywhere_holds_and_tells_how_many_more_it_would_bear() {
        let verdict = report().verdict();
        assert!(verdict.holds);
        assert_eq!((verdict.sustained_saves_per_second, verdict.sustained_pupils), (Some(1000), Some(15_000)));
        assert_eq!(verdict.short_of, Some(Shortage::Disk));
    }

    #[test]
    fn one_lost_answer_or_one_slow_part_is_told() {
        let mut slow = report();
        slow.sit.p99_ms = 501.0;
        slow.hand_in.lost.insert("503".to_owned(), 1);
        let verdict = slow.verdict();
        assert!(!verdict.holds);
        assert_eq!(verdict.bends.iter().map(|bend| bend.part).collect::<Vec<_>>(), [Part::Sit, Part::HandIn]);
        slow.photos = Some(phase(10_001.0));
        assert_eq!(slow.verdict().bends.iter().map(|bend| bend.part).collect::<Vec<_>>(), [Part::Sit, Part::Photos, Part::HandIn]);
    }
}
