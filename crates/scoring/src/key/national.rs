//! The answer box of Part III (QĐ 764/QĐ-BGDĐT; sheet of CV 1239/BGDĐT-QLCL).

use papers::model::Exact;

/// Places of the box.
const PLACES: usize = 4;

/// The number in an answer box of four places: minus only first, comma only second or third with digits on both
/// sides. A point and the minus of typography are taken for what they mean. `None` where it is no such number.
#[must_use]
pub fn national_number(text: &str) -> Option<Exact> {
    let mut digits = 0_i64;
    let mut decimals = None;
    let mut negative = false;
    let (mut places, mut last_is_digit) = (0, false);
    for letter in text.trim().chars() {
        match letter {
            '0'..='9' => {
                digits = digits * 10 + i64::from(letter.to_digit(10)?);
                decimals = decimals.map(|count: u32| count + 1);
            }
            ',' | '.' if last_is_digit && decimals.is_none() => decimals = Some(0),
            '-' | '−' | '–' if places == 0 => negative = true,
            _ => return None,
        }
        places += 1;
        last_is_digit = letter.is_ascii_digit();
        if places > PLACES {
            return None;
        }
    }
    let number = Exact::new(if negative { -digits } else { digits }, decimals.unwrap_or(0));
    last_is_digit.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::national_number;

    #[test]
    fn what_the_box_can_hold_is_a_number_and_nothing_else_is() {
        let table = [
            ("1,5", Some("1.5")),
            ("1.5", Some("1.5")),
            ("1,50", Some("1.5")),
            (" 12 ", Some("12")),
            ("-1,5", Some("-1.5")),
            ("−7", Some("-7")),
            ("12,5", Some("12.5")),
            ("9999", Some("9999")),
            ("0007", Some("7")),
            ("-0", Some("0")),
            ("", None),
            ("-", None),
            (",5", None),
            ("-,5", None),
            ("12,", None),
            ("1,5,", None),
            ("1,,5", None),
            ("1-2", None),
            ("--1", None),
            ("+1", None),
            ("12345", None),
            ("-12,5", None),
            ("1 2", None),
            ("1e3", None),
            ("10^30", None),
            ("NaN", None),
            ("inf", None),
            ("١٢", None),
            ("１２", None),
            ("½", None),
        ];
        for (text, number) in table {
            assert_eq!(national_number(text), number.map(|number| number.parse().unwrap()), "{text:?}");
        }
    }
}
