//! Templates by their numbers, which differ between the versions.

/// A template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Template {
    /// Brackets around the first slot.
    Fence(Option<char>, Option<char>),
    /// A root; the second slot is its degree.
    Root,
    /// A fraction.
    Fraction,
    /// A fraction with a slash.
    Slash,
    /// A bar over or under.
    Bar(Side),
    /// A sum, product, integral: slots operand, lower, upper; then the sign itself.
    Big(Big, Limits),
    /// Limits under and over any text.
    Limit,
    /// An arrow between what stands over and under it.
    Arrow(char),
    /// A brace or bracket along a side.
    HorizontalBrace(Side),
    /// Scripts of what stands before, or after, it: slots lower, upper. Where only one slot was written,
    /// the second says which it is.
    Script(Order, Side),
    /// `⟨a|b⟩`
    Dirac {
        /// Whether the left part is there.
        left: bool,
        /// Whether the right part is there.
        right: bool,
    },
    /// An arrow over or under.
    Vector(Side, char),
    /// `˜`
    Tilde,
    /// `ˆ`
    Hat,
    /// An arc.
    Arc,
    /// A line through: horizontal, or rising and falling.
    Strike {
        /// Level.
        level: bool,
        /// From below left.
        rising: bool,
        /// From above left.
        falling: bool,
    },
    /// A frame.
    Box,
    /// Long division: operand, quotient.
    LongDivision,
}

/// Over or under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Over,
    Under,
}

/// Before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Before,
    After,
}

/// Where limits stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limits {
    Beside,
    Stacked,
}

/// The sign of a big operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Big {
    /// This.
    Sign(char),
    /// The character in the last slot.
    Written,
}

pub(super) fn of_version_five(selector: u8, variation: u16) -> Option<Template> {
    let bit = |bit: u16| variation & bit != 0;
    let side = |over: bool| if over { Side::Over } else { Side::Under };
    let limits = if bit(0x40) { Limits::Stacked } else { Limits::Beside };
    Some(match selector {
        0..=8 => {
            let (open, close) = fence(selector)?;
            Template::Fence(Some(open).filter(|_| bit(1)), Some(close).filter(|_| bit(2)))
        }
        9 => {
            let sign = |code: u16| match code & 3 {
                0 => '(',
                1 => ')',
                2 => '[',
                _ => ']',
            };
            Template::Fence(Some(sign(variation)), Some(sign(variation >> 4)))
        }
        10 => Template::Root,
        11 if bit(2) => Template::Slash,
        11 => Template::Fraction,
        12 => Template::Bar(Side::Under),
        13 => Template::Bar(Side::Over),
        14 => Template::Arrow(match (variation & 3, bit(0x10), bit(0x20)) {
            (0, true, true) => '↔',
            (0, true, false) => '←',
            (0, ..) => '→',
            (1, ..) => '⇄',
            _ => '⇌',
        }),
        15 => Template::Big(Big::Sign(integral(variation & 3, bit(0x0c))), limits),
        16 => Template::Big(Big::Sign('∑'), limits),
        17 => Template::Big(Big::Sign('∏'), limits),
        18 => Template::Big(Big::Sign('∐'), limits),
        19 => Template::Big(Big::Sign('⋃'), limits),
        20 => Template::Big(Big::Sign('⋂'), limits),
        21 | 22 => Template::Big(Big::Written, limits),
        23 => Template::Limit,
        24 | 25 => Template::HorizontalBrace(side(bit(1))),
        26 => Template::LongDivision,
        27..=29 => Template::Script(if bit(1) { Order::Before } else { Order::After }, side(selector != 27)),
        30 => Template::Dirac { left: bit(1), right: bit(2) },
        31 => Template::Vector(
            side(!bit(4)),
            match (bit(1), bit(2)) {
                (true, true) => '↔',
                (true, false) => '←',
                _ => '→',
            },
        ),
        32 => Template::Tilde,
        33 => Template::Hat,
        34 => Template::Arc,
        35 => Template::Bar(Side::Over),
        36 => Template::Strike { level: bit(1), rising: bit(2), falling: bit(4) },
        37 => Template::Box,
        _ => return None,
    })
}

pub(super) fn of_version_three(selector: u8, variation: u16) -> Option<Template> {
    let side = |over: bool| if over { Side::Over } else { Side::Under };
    let big = |sign: char, stacked: u8| Template::Big(Big::Sign(sign), if selector == stacked { Limits::Stacked } else { Limits::Beside });
    Some(match selector {
        0..=7 => {
            let (open, close) = fence(selector)?;
            Template::Fence(Some(open).filter(|_| variation != 2), Some(close).filter(|_| variation != 1))
        }
        8 => Template::Fence(Some('['), Some('[')),
        9 => Template::Fence(Some(']'), Some(']')),
        10 => Template::Fence(Some(']'), Some('[')),
        11 => Template::Fence(Some('['), Some(')')),
        12 => Template::Fence(Some('('), Some(']')),
        13 => Template::Root,
        14 => Template::Fraction,
        15 => Template::Script(Order::After, side(variation != 1)),
        16 => Template::Bar(Side::Under),
        17 => Template::Bar(Side::Over),
        18 => Template::Arrow('←'),
        19 => Template::Arrow('→'),
        20 => Template::Arrow('↔'),
        21..=26 => {
            let signs = u16::from((selector - 21) % 3) + 1;
            let looped = matches!(variation, 3 | 4) && selector < 24;
            big(integral(signs, looped), if selector < 24 { 0 } else { selector })
        }
        27 => Template::HorizontalBrace(Side::Over),
        28 => Template::HorizontalBrace(Side::Under),
        29 | 30 => big('∑', 29),
        31 | 32 => big('∏', 31),
        33 | 34 => big('∐', 33),
        35 | 36 => big('⋃', 35),
        37 | 38 => big('⋂', 37),
        39 => Template::Limit,
        40 => Template::LongDivision,
        41 => Template::Slash,
        42 => Template::Big(Big::Written, Limits::Beside),
        43 => Template::Big(Big::Written, Limits::Stacked),
        44 => Template::Script(Order::Before, side(variation != 1)),
        45 => Template::Dirac { left: variation != 2, right: variation != 1 },
        46 | 47 => Template::Vector(
            side(selector == 47),
            match variation {
                0 => '←',
                1 => '→',
                _ => '↔',
            },
        ),
        48 => Template::Arc,
        _ => return None,
    })
}

fn fence(selector: u8) -> Option<(char, char)> {
    Some(match selector {
        0 => ('⟨', '⟩'),
        1 => ('(', ')'),
        2 => ('{', '}'),
        3 => ('[', ']'),
        4 => ('|', '|'),
        5 => ('‖', '‖'),
        6 => ('⌊', '⌋'),
        7 => ('⌈', '⌉'),
        8 => ('⟦', '⟧'),
        _ => return None,
    })
}

fn integral(signs: u16, looped: bool) -> char {
    match (signs, looped) {
        (2, false) => '∬',
        (3, false) => '∭',
        (2, true) => '∯',
        (3, true) => '∰',
        (_, true) => '∮',
        (_, false) => '∫',
    }
}
