//! Exact amounts of points. A third of a point is a third until a mark is shown.

use std::cmp::Ordering;
use std::fmt;

use papers::model::Exact;
use serde::{Serialize, Serializer};

/// The most decimals that points in rules may have.
pub const MOST_DECIMALS: u32 = 4;
/// The most points of a question, a part or a paper.
pub const MOST_POINTS: u32 = 1_000;
/// Decimals that points are written out with.
const SHOWN_DECIMALS: u32 = 6;
/// Decimals of a credit that still count.
const CREDIT_DECIMALS: u32 = 7;

/// An exact amount of points, a fraction in lowest terms.
///
/// In JSON it is a decimal string of at most six decimals, for showing only: what is stored are responses and
/// keys, and marks are worked out of them anew.
///
/// Arithmetic stays inside the crate: compiling a paper proves that a common denominator of all its points is
/// small ([`crate::Fault::TooFine`]), so that no sum of them can overflow.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Points {
    numerator: i128,
    denominator: i128,
}

impl Points {
    /// None.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub(crate) const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// A fraction; nothing where the denominator is.
    pub(crate) fn ratio(numerator: i128, denominator: i128) -> Self {
        if denominator <= 0 {
            return Self::ZERO;
        }
        let common = gcd(numerator, denominator);
        Self { numerator: numerator / common, denominator: denominator / common }
    }

    /// What somebody set: not negative, within the limits of this module.
    pub(crate) fn read(exact: Exact) -> Option<Self> {
        let exact = exact.normalize();
        let scale = 10_i128.checked_pow(exact.scale()).filter(|_| exact.scale() <= MOST_DECIMALS)?;
        let fits = exact.mantissa() >= 0 && exact.mantissa() <= i128::from(MOST_POINTS) * scale;
        fits.then(|| Self::ratio(exact.mantissa(), scale))
    }

    /// A credit, -1 to 1. Programs write a third as `0.3333333`: a number of three decimals or more that is
    /// within its last place of a third, sixth, seventh, ninth, eleventh or twelfth means that fraction.
    pub(crate) fn credit(exact: Exact) -> Self {
        let exact = exact.clamp(-Exact::ONE, Exact::ONE).round_dp(CREDIT_DECIMALS).normalize();
        let (mantissa, scale) = (exact.mantissa(), 10_i128.pow(exact.scale()));
        if exact.scale() >= 3 {
            for denominator in [3, 6, 7, 9, 11, 12] {
                let numerator = (2 * mantissa * denominator + scale).div_euclid(2 * scale);
                if numerator != 0 && (mantissa * denominator - numerator * scale).abs() < denominator {
                    return Self::ratio(numerator, denominator);
                }
            }
        }
        Self::ratio(mantissa, scale)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        let common = lcm(self.denominator, other.denominator).unwrap_or(1);
        Self::ratio(self.on_grain(common) + other.on_grain(common), common)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(Self { numerator: -other.numerator, ..other })
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let (left, right) = (gcd(self.numerator, other.denominator), gcd(other.numerator, self.denominator));
        Self {
            numerator: (self.numerator / left) * (other.numerator / right),
            denominator: (self.denominator / right) * (other.denominator / left),
        }
    }

    /// A part of something that is not nothing.
    pub(crate) fn over(self, whole: Self) -> Self {
        self.times(Self::ratio(whole.denominator, whole.numerator))
    }

    /// Between nothing and another amount.
    pub(crate) fn within(self, most: Self) -> Self {
        if self.numerator <= 0 {
            Self::ZERO
        } else if self.compare(most) == Ordering::Greater {
            most
        } else {
            self
        }
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        self.minus(other).numerator.cmp(&0)
    }

    pub(crate) fn denominator(self) -> i128 {
        self.denominator
    }

    /// How many of `1/grain` it is; the grain is a multiple of its denominator.
    pub(crate) fn on_grain(self, grain: i128) -> i128 {
        self.numerator * (grain / self.denominator)
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// As a decimal of so many places (6 at most), rounded half up.
    #[must_use]
    pub fn rounded(self, places: u32) -> Exact {
        let scale = 10_i128.pow(places.min(SHOWN_DECIMALS));
        let doubled = 2 * self.denominator;
        let units = (2 * self.numerator * scale + self.denominator).div_euclid(doubled);
        Exact::try_from_i128_with_scale(units, places.min(SHOWN_DECIMALS)).unwrap_or_default()
    }
}

impl fmt::Display for Points {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.rounded(SHOWN_DECIMALS).normalize())
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.numerator, self.denominator)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A number with so many decimals, rounded half up, as every mark is: `7.245` is `7.25`.
#[must_use]
pub fn round_half_up(number: Exact, places: u32) -> Exact {
    number.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

fn gcd(left: i128, right: i128) -> i128 {
    // Nearly all of them fit into a machine word, where dividing is twenty times quicker.
    if let (Ok(mut left), Ok(mut right)) = (u64::try_from(left.unsigned_abs()), u64::try_from(right.unsigned_abs())) {
        while right != 0 {
            (left, right) = (right, left % right);
        }
        return i128::from(left.max(1));
    }
    let (mut left, mut right) = (left.abs(), right.abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

pub(crate) fn lcm(left: i128, right: i128) -> Option<i128> {
    (left / gcd(left, right)).checked_mul(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse().unwrap()
    }

    #[test]
    fn halves_of_the_last_place_go_up() {
        let table = [
            ((1, 8), 2, "0.13"),
            ((1, 3), 2, "0.33"),
            ((2, 3), 2, "0.67"),
            ((29, 4), 1, "7.3"),
            ((7, 1), 2, "7.00"),
            ((1, 200), 2, "0.01"),
        ];
        for ((numerator, denominator), places, shown) in table {
            assert_eq!(Points::ratio(numerator, denominator).rounded(places).to_string(), shown, "{numerator}/{denominator}");
        }
        assert_eq!(round_half_up(exact("7.245"), 2), exact("7.25"));
    }

    #[test]
    fn thirds_written_as_decimals_are_thirds_again() {
        let table = [
            ("0.3333333", (1, 3)),
            ("0.33333", (1, 3)),
            ("0.333", (1, 3)),
            ("0.6666667", (2, 3)),
            ("0.1666667", (1, 6)),
            ("-0.1428571", (-1, 7)),
            ("0.33", (33, 100)),
            ("0.125", (1, 8)),
            ("0.001", (1, 1000)),
            ("2", (1, 1)),
        ];
        for (text, (numerator, denominator)) in table {
            assert_eq!(Points::credit(exact(text)), Points::ratio(numerator, denominator), "{text}");
        }
    }

    #[test]
    fn points_out_of_bounds_are_not_read() {
        for text in ["-1", "1000.1", "0.00001", "79228162514264337593543950335"] {
            assert_eq!(Points::read(exact(text)), None, "{text}");
        }
        assert_eq!(Points::read(exact("0.2500000")), Some(Points::ratio(1, 4)));
        assert_eq!(Points::ratio(10, 3).plus(Points::ratio(1, 6)), Points::ratio(7, 2));
    }
}
