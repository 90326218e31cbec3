//! How the marks of many lie ("phổ điểm"). For teachers only: pupils are not compared (TT 15/2026, Điều 22).

use papers::model::Exact;
use serde::Serialize;

use crate::points::{MOST_DECIMALS, Points, round_half_up};

/// Marks are counted in ten-thousandths.
const UNIT: i128 = 10_000;

/// How marks lie. All numbers are exact until they are rounded half up for showing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = MarkDistribution)]
pub struct Distribution {
    /// How many marks.
    pub count: u64,
    /// The mean.
    #[schema(value_type = Option<String>)]
    pub mean: Option<Exact>,
    /// The middle one; between the two in the middle where their number is even.
    #[schema(value_type = Option<String>)]
    pub median: Option<Exact>,
    /// The standard deviation of these marks (of all there are, not of a sample).
    #[schema(value_type = Option<String>)]
    pub deviation: Option<Exact>,
    /// The lowest.
    #[schema(value_type = Option<String>)]
    pub lowest: Option<Exact>,
    /// The highest.
    #[schema(value_type = Option<String>)]
    pub highest: Option<Exact>,
    /// Equally wide, from nothing to all.
    pub bins: Vec<Bin>,
}

/// How many marks are from one number on and below another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = MarkBin)]
pub struct Bin {
    /// From here on.
    #[schema(value_type = String)]
    pub from: Exact,
    /// Below here; the last bin holds its end too.
    #[schema(value_type = String)]
    pub to: Exact,
    /// How many.
    pub count: u64,
}

/// Counts marks out of `out_of` in so many bins (1,000 at most), with numbers of so many decimals (4 at most).
#[must_use]
pub fn distribution(marks: &[Exact], out_of: Exact, bins: u16, decimals: u32) -> Distribution {
    let decimals = decimals.min(MOST_DECIMALS);
    let bins = i128::from(bins.clamp(1, 1_000));
    let whole = units(out_of).max(1);
    let mut sorted: Vec<i128> = marks.iter().map(|mark| units(*mark)).collect();
    sorted.sort_unstable();
    let mut counts = vec![0_u64; usize::try_from(bins).unwrap_or(1)];
    for mark in &sorted {
        let bin = (mark * bins / whole).clamp(0, bins - 1);
        counts[usize::try_from(bin).unwrap_or(0)] += 1;
    }
    let edge = |index: i128| Points::ratio(whole * index, UNIT * bins).rounded(MOST_DECIMALS).normalize();
    let bins = (0_i128..).zip(counts).map(|(index, count)| Bin { from: edge(index), to: edge(index + 1), count });
    let shown = |numerator: i128, denominator: i128| {
        Some(Points::ratio(numerator, denominator * UNIT).rounded(decimals)).filter(|_| denominator > 0)
    };
    let count = i128::try_from(sorted.len()).unwrap_or(i128::MAX);
    let sum: i128 = sorted.iter().sum();
    let middle = sorted.get(sorted.len() / 2).zip(sorted.get(sorted.len().saturating_sub(1) / 2));
    Distribution {
        count: sorted.len() as u64,
        mean: shown(sum, count),
        median: middle.and_then(|(upper, lower)| shown(upper + lower, 2)),
        deviation: (count > 0).then(|| deviation(&sorted, sum, count, decimals)),
        lowest: sorted.first().and_then(|mark| shown(*mark, 1)),
        highest: sorted.last().and_then(|mark| shown(*mark, 1)),
        bins: bins.collect(),
    }
}

/// The root of `(n·Σx² − (Σx)²) / n²` in whole numbers: `⌊(√(4·v) + 1) / 2⌋` is `√v` rounded half up.
fn deviation(marks: &[i128], sum: i128, count: i128, decimals: u32) -> Exact {
    let squares: i128 = marks.iter().map(|mark| mark * mark).sum();
    let spread = count * squares - sum * sum;
    let scale = 100_i128.pow(decimals);
    let root = (4 * spread * scale / (count * count * UNIT * UNIT)).isqrt();
    Exact::try_from_i128_with_scale((root + 1) / 2, decimals).unwrap_or_default()
}

/// Ten-thousandths, within what a paper can be worth.
fn units(mark: Exact) -> i128 {
    let most = Exact::from(1_000);
    let mut mark = round_half_up(mark.clamp(Exact::ZERO, most), MOST_DECIMALS);
    mark.rescale(MOST_DECIMALS);
    mark.mantissa()
}
