//! Roman numbers, as papers number their parts and Word its lists.

/// In capitals. Nought, and what is too large for a number of anything, stays in digits.
pub(crate) fn write(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 5000 {
        return number.to_string();
    }
    let mut left = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            out.push_str(sign);
            left -= value;
        }
    }
    out
}

/// The number a word in capitals is, up to the most that somebody may mean by it there: `C` is a letter
/// before it is a hundred.
pub(crate) fn read(word: &str, most: u32) -> Option<u32> {
    (1..=most).find(|number| write(*number) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_far_as_it_is_wanted() {
        for number in 1..=15 {
            assert_eq!(read(&write(number), 15), Some(number));
        }
        for (word, most, number) in
            [("IV", 4, Some(4)), ("V", 4, None), ("iv", 6, None), ("C", 15, None), ("", 6, None), ("IIII", 15, None)]
        {
            assert_eq!(read(word, most), number, "{word}");
        }
        assert_eq!((write(1999), write(0), write(5001)), ("MCMXCIX".to_owned(), "0".to_owned(), "5001".to_owned()));
    }
}
