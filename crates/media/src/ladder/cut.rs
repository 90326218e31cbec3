//! Whether what was made is all the source says it has. A film copied off a phone over a bad cable
//! may have its index in front and half of its pictures: it plays, and then it stops.

use super::container::Shape;

/// One stream: what came of it, and what the file claims.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made {
    pub made_us: u64,
    /// 0 where the file says nothing.
    pub declared_us: u64,
}

/// A source without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// As far as both picture and sound go.
    pub playable_us: u64,
    /// 0 where the file says nothing.
    pub declared_us: u64,
}

/// With the file's own parts reaching past its end, a second missing is enough.
const SURE_US: u64 = 1_000_000;
/// Without, lengths are only words: writers round, and a sound ends before its picture.
const LIKELY_US: u64 = 5_000_000;

/// What is missing, if anything worth telling is.
pub(crate) fn short(made: &[Made], shape: Shape) -> Option<Cut> {
    let declared_us = made.iter().map(|stream| stream.declared_us).max()?;
    let longest = made.iter().map(|stream| stream.made_us).max()?;
    let playable_us = made.iter().map(|stream| stream.made_us).min()?;
    let cut = match shape {
        Shape::CutOff => made.iter().any(|stream| stream.made_us + SURE_US < stream.declared_us),
        Shape::Whole => longest + LIKELY_US.max(declared_us / 20) < declared_us,
    };
    cut.then_some(Cut { playable_us, declared_us })
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000;

    fn made(pairs: &[(u64, u64)]) -> Vec<Made> {
        pairs.iter().map(|(made, declared)| Made { made_us: made * S, declared_us: declared * S }).collect()
    }

    #[test]
    fn a_file_that_is_as_long_as_it_says_is_whole() {
        assert_eq!(short(&made(&[(60, 60), (59, 60)]), Shape::Whole), None);
        // The last box is broken, and nothing of the film was in it.
        assert_eq!(short(&made(&[(60, 60), (60, 60)]), Shape::CutOff), None);
        assert_eq!(short(&made(&[(60, 0)]), Shape::CutOff), None);
        assert_eq!(short(&[], Shape::CutOff), None);
    }

    #[test]
    fn a_sound_that_ends_before_its_picture_is_no_cut() {
        assert_eq!(short(&made(&[(600, 600), (300, 600)]), Shape::Whole), None);
    }

    #[test]
    fn what_is_missing_is_told_with_what_can_be_played() {
        let cut = Some(Cut { playable_us: 290 * S, declared_us: 600 * S });
        assert_eq!(short(&made(&[(300, 600), (290, 599)]), Shape::CutOff), cut);
        assert_eq!(short(&made(&[(300, 600), (290, 599)]), Shape::Whole), cut);
        assert_eq!(short(&made(&[(596, 600)]), Shape::Whole), None);
        assert_eq!(short(&made(&[(596, 600)]), Shape::CutOff), Some(Cut { playable_us: 596 * S, declared_us: 600 * S }));
    }
}
