//! Numbers as people type them.

use papers::model::Exact;

/// Digits of a number that is read as one; longer ones are texts.
const MOST_DIGITS: usize = 28;

/// A number and what follows it: a unit, or nothing.
///
/// Sign, digits with one decimal comma or point, a power of ten (`1,5e-3`), then a unit that begins with a letter
/// or one of `% ‰ ° $ €`. `None` for everything else, also for `1/2`, `1.000.000`, `10^30` and numbers of more
/// than 28 digits, which are compared as texts.
pub(super) fn number(text: &str) -> Option<(Exact, &str)> {
    let text = text.trim();
    let (negative, rest) = match text.chars().next()? {
        sign @ ('-' | '−' | '–') => (true, &text[sign.len_utf8()..]),
        '+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, rest) = digits(rest);
    let (part, rest) = match rest.strip_prefix([',', '.']) {
        Some(after) if !digits(after).0.is_empty() => digits(after),
        Some(_) => return None,
        None => ("", rest),
    };
    let significant = whole.trim_start_matches('0').len() + part.len();
    if whole.len() + part.len() == 0 || significant > MOST_DIGITS || whole.len() > MOST_DIGITS {
        return None;
    }
    let mantissa: i128 = format!("{whole}{part}").parse().ok()?;
    let (exponent, rest) = power(rest);
    let value = scaled(if negative { -mantissa } else { mantissa }, exponent.checked_sub(i32::try_from(part.len()).ok()?)?)?;
    let unit = rest.trim_start();
    let begins_well = unit.chars().next().is_none_or(|first| first.is_alphabetic() || matches!(first, '%' | '‰' | '°' | '$' | '€'));
    begins_well.then_some((value, unit))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()))
}

/// `e-3`, where it is one and no unit.
fn power(text: &str) -> (i32, &str) {
    let read = || {
        let rest = text.strip_prefix(['e', 'E'])?;
        let (negative, rest) = match rest.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, rest.strip_prefix('+').unwrap_or(rest)),
        };
        let (digits, rest) = digits(rest);
        let size: i32 = digits.parse().ok().filter(|size| *size < 1_000)?;
        Some((if negative { -size } else { size }, rest))
    };
    read().unwrap_or((0, text))
}

/// `mantissa · 10^exponent`, where it can be held exactly.
fn scaled(mantissa: i128, exponent: i32) -> Option<Exact> {
    if mantissa == 0 {
        return Some(Exact::ZERO);
    }
    let size = exponent.unsigned_abs();
    if exponent <= 0 {
        return Exact::try_from_i128_with_scale(mantissa, size).ok();
    }
    let whole = mantissa.checked_mul(10_i128.checked_pow(size)?)?;
    Exact::try_from_i128_with_scale(whole, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_read_with_comma_or_point_power_and_unit() {
        let table = [
            ("1,50", Some(("1.50", ""))),
            ("-1.5", Some(("-1.5", ""))),
            ("+,5", Some(("0.5", ""))),
            ("12,5 cm", Some(("12.5", "cm"))),
            ("12,5m/s²", Some(("12.5", "m/s²"))),
            ("30°C", Some(("30", "°C"))),
            ("50 %", Some(("50", "%"))),
            ("1,5e-3", Some(("0.0015", ""))),
            ("6.02E23", Some(("602000000000000000000000", ""))),
            ("5e", Some(("5", "e"))),
            ("2 em", Some(("2", "em"))),
            ("1e30", None),
            ("1e999999999999", Some(("1", "e999999999999"))),
            ("10^30", None),
            ("1/2", None),
            ("1.000.000", None),
            ("1,", None),
            ("-", None),
            ("", None),
            ("NaN", None),
            ("Infinity", None),
            ("12345678901234567890123456789", None),
            ("٣", None),
        ];
        for (text, expected) in table {
            assert_eq!(number(text), expected.map(|(value, unit)| (value.parse().unwrap(), unit)), "{text:?}");
        }
    }
}
