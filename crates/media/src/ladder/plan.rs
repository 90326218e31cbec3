//! Which rungs a source gets and at what cost. Pure.

use crate::protocol::RUNGS;

/// A picture's size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    pub fn short_side(self) -> u32 {
        self.width.min(self.height)
    }

    /// Turned by 90 degrees.
    pub fn turned(self) -> Self {
        Self { width: self.height, height: self.width }
    }
}

/// One rung to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rung {
    /// `v` and the length of the shorter side.
    pub track: String,
    /// As shown, both even.
    pub size: Size,
    /// The encoder's cap in bits a second.
    pub max_rate: u64,
    pub profile: &'static str,
}

/// The rungs for a source shown at `display`, smallest first: those wanted that
/// are not above it, or one of its own size where it is below all of them. The
/// rung is the shorter side, so an upright phone video keeps its full width.
pub(crate) fn rungs(display: Size, wanted: &[u32]) -> Vec<Rung> {
    let short = display.short_side();
    let mut sides: Vec<u32> = wanted.iter().copied().filter(|side| *side <= short && *side >= 2).collect();
    sides.sort_unstable();
    sides.dedup();
    if sides.is_empty() {
        sides.push(short);
    }
    sides.into_iter().map(|side| rung(display, side)).collect()
}

fn rung(display: Size, side: u32) -> Rung {
    let even = |value: f64| ((value / 2.0).round() as u32 * 2).max(16);
    let side = (side & !1).max(16);
    let ratio = f64::from(side) / f64::from(display.short_side().max(1));
    let size = if display.width >= display.height {
        Size { width: even(f64::from(display.width) * ratio), height: side }
    } else {
        Size { width: side, height: even(f64::from(display.height) * ratio) }
    };
    Rung {
        track: format!("v{side}"),
        size,
        max_rate: max_rate(side),
        // Old phones that play little above Main are those that get the small rungs.
        profile: if side < 480 { "main" } else { "high" },
    }
}

/// Caps in bits a second for spoken lessons with slides or hands at work: the
/// usual ladder for 25 to 30 frames a second. 240p and sound together stay
/// under half of a 1.6 Mbit/s line.
fn max_rate(side: u32) -> u64 {
    const CAPS: [u64; RUNGS.len()] = [400_000, 800_000, 1_400_000, 2_800_000, 5_000_000];
    let above = RUNGS.iter().position(|rung| side <= *rung);
    above.map_or(CAPS[CAPS.len() - 1], |index| CAPS[index])
}

/// The ladder's constant frame rate as a fraction. The stream's base rate
/// (FFmpeg's `r_frame_rate`) keeps every picture of a variable source; where
/// that is absurd, the mean rate raised to a usual one; above 60 it is halved.
pub(crate) fn frame_rate(base: (i32, i32), mean: (i32, i32)) -> (u32, u32) {
    const USUAL: [(u32, u32); 9] = [(10, 1), (15, 1), (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60, 1)];
    let valid = |(num, den): (i32, i32)| {
        let (num, den) = (u32::try_from(num).ok()?, u32::try_from(den).ok()?);
        (num > 0 && den > 0).then_some((num, den))
    };
    let value = |(num, den): (u32, u32)| f64::from(num) / f64::from(den);
    let close = |rate: (u32, u32)| rate.0 <= 240_000 && rate.1 <= 1001;
    if let Some(rate) = valid(base).filter(|rate| close(*rate)) {
        let fps = value(rate);
        if (1.0..=60.0).contains(&fps) {
            return rate;
        }
        if fps > 60.0 && fps <= 120.0 && valid(mean).is_some_and(|mean| value(mean) > 60.0) {
            return (rate.0, rate.1 * 2);
        }
    }
    match valid(mean).map(value) {
        Some(fps) if fps < 1.0 => (1, 1),
        Some(fps) => USUAL.into_iter().find(|rate| value(*rate) >= fps - 0.01).unwrap_or((60, 1)),
        None => (25, 1),
    }
}

/// Microseconds from one storyboard tile to the next: at most about 240 tiles,
/// at round intervals, never under a second.
pub(crate) fn storyboard_interval(duration_us: u64) -> u64 {
    const SECONDS: [u64; 9] = [1, 2, 3, 5, 10, 15, 20, 30, 60];
    let wanted = duration_us / 240 / 1_000_000;
    let seconds = SECONDS.into_iter().find(|seconds| *seconds > wanted).unwrap_or(120);
    seconds * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracks(width: u32, height: u32) -> Vec<(String, u32, u32)> {
        rungs(Size { width, height }, &RUNGS).into_iter().map(|rung| (rung.track, rung.size.width, rung.size.height)).collect()
    }

    #[test]
    fn no_rung_is_above_the_source() {
        assert_eq!(
            tracks(1280, 720),
            [("v240".into(), 426, 240), ("v360".into(), 640, 360), ("v480".into(), 854, 480), ("v720".into(), 1280, 720)]
        );
    }

    #[test]
    fn an_upright_video_keeps_its_shorter_side() {
        assert_eq!(tracks(360, 640), [("v240".into(), 240, 426), ("v360".into(), 360, 640)]);
    }

    #[test]
    fn a_tiny_odd_source_gets_one_even_rung() {
        assert_eq!(tracks(321, 213), [("v212".into(), 320, 212)]);
    }

    #[test]
    fn a_variable_rate_source_keeps_its_base_rate() {
        assert_eq!(frame_rate((25, 1), (400, 37)), (25, 1));
        assert_eq!(frame_rate((90_000, 1), (2997, 100)), (30000, 1001));
        assert_eq!(frame_rate((120, 1), (120, 1)), (120, 2));
        assert_eq!(frame_rate((0, 0), (0, 0)), (25, 1));
        assert_eq!(frame_rate((1, 10), (1, 10)), (1, 1));
    }

    #[test]
    fn a_long_lecture_needs_few_sheets() {
        assert_eq!(storyboard_interval(30_000_000), 1_000_000);
        assert_eq!(storyboard_interval(45 * 60 * 1_000_000), 15_000_000);
    }
}
