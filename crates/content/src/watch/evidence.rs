use std::time::Duration;

/// One second of video, in microseconds.
const SECOND: i64 = 1_000_000;
/// What a newly opened player may claim at once: it reports some seconds after it starts.
const OPENING_US: i64 = 20 * SECOND;
/// What one player may save up while it cannot report, in microseconds of the video.
const SAVED_UP_US: i64 = 1800 * SECOND;
/// The fastest speed of the player.
const FASTEST: f64 = 2.0;

/// How much more may be believed of one person and one video. Shared by all her players, so that
/// two of them at once earn no more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Microseconds of the video.
    pub us: i64,
}

impl Credit {
    /// Of somebody who has not reported on this video before.
    pub fn first() -> Self {
        Self { us: OPENING_US }
    }

    /// After some time. The player that reported last saves up what it plays while it is cut off;
    /// a newly opened one does not earn for the time nobody watched.
    #[must_use]
    pub fn after(self, elapsed: Duration, rate: f64, same_player: SamePlayer) -> Self {
        let speed = if rate.is_finite() { rate.clamp(0.25, FASTEST) } else { 1.0 };
        let earned = (elapsed.as_secs_f64().min(1e7) * speed * SECOND as f64) as i64;
        let most = match same_player {
            SamePlayer::Yes => SAVED_UP_US,
            SamePlayer::No => OPENING_US,
        };
        Self { us: self.us.saturating_add(earned).min(most) }
    }
}

/// Whether the report before came from the same player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamePlayer {
    /// It did.
    Yes,
    /// Another one was opened.
    No,
}

/// Claimed ranges inside the video, in order, without overlaps.
pub fn clip(played: &[(i64, i64)], duration_us: i64) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = played
        .iter()
        .map(|(from, to)| ((*from).clamp(0, duration_us), (*to).clamp(0, duration_us)))
        .filter(|(from, to)| from < to)
        .collect();
    ranges.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// As much of the ranges as the credit covers, from the first; and what is left of it.
pub fn take_within(ranges: &[(i64, i64)], credit: Credit) -> (Vec<(i64, i64)>, Credit) {
    let (mut left, mut taken) = (credit.us, Vec::with_capacity(ranges.len()));
    for (from, to) in ranges {
        let length = (to - from).min(left);
        if length <= 0 {
            break;
        }
        taken.push((*from, from + length));
        left -= length;
    }
    (taken, Credit { us: left })
}

/// Seconds seen, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    bits: Vec<u8>,
}

impl Seen {
    /// As stored.
    pub fn from_bytes(bits: Vec<u8>) -> Self {
        Self { bits }
    }

    /// To be stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bits
    }

    /// Marks each second of which a range covers half or more, so that seconds cut by a report are
    /// counted once and not lost. Ranges must lie inside the video.
    pub fn mark(&mut self, ranges: &[(i64, i64)]) {
        for (from, to) in ranges {
            let half = SECOND / 2;
            let first = (from + half - 1).div_euclid(SECOND).max(0);
            let last = (to - half).div_euclid(SECOND);
            for second in first..=last {
                let (byte, bit) = (usize::try_from(second / 8).unwrap_or(0), second % 8);
                if self.bits.len() <= byte {
                    self.bits.resize(byte + 1, 0);
                }
                self.bits[byte] |= 1 << bit;
            }
        }
    }

    /// How many seconds.
    pub fn count(&self) -> i64 {
        self.bits.iter().map(|byte| i64::from(byte.count_ones())).sum()
    }
}
