//! Fonts of a formula: what a typeface number stands for.

use super::cursor::Cursor;
use super::error::MtefError;

/// The styles that have numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typeface {
    /// Words.
    Text,
    /// Names of functions.
    Function,
    /// Variables, and letters in any font of their own that is slanted.
    Variable,
    /// Symbols, Greek letters and digits: each has its own character.
    Symbol,
    /// Bold upright: vectors and matrices.
    Vector,
    /// A font of its own, upright.
    Own {
        /// Whether it is bold.
        bold: bool,
    },
    /// Spaces.
    Space,
    /// Marks that are not seen.
    Marker,
}

/// Fonts as a formula defines them.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    /// Whether characters come with their Unicode (MTEF 5).
    pub(super) names: Vec<String>,
    /// Font and look of a style of its own.
    own: Vec<(u16, u8)>,
    /// Font of each numbered style.
    numbered: Vec<u16>,
}

/// More fonts than any formula has.
const MOST: usize = 1000;

impl Fonts {
    pub(super) fn define_font(&mut self, name: String) -> Result<(), MtefError> {
        if self.names.len() >= MOST {
            return Err(MtefError::TooLarge);
        }
        self.names.push(name);
        Ok(())
    }

    pub(super) fn define_style(&mut self, font: u16, look: u8) -> Result<(), MtefError> {
        if self.own.len() >= MOST {
            return Err(MtefError::TooLarge);
        }
        self.own.push((font, look));
        Ok(())
    }

    /// EQN_PREFS: sizes and spaces are passed over, styles are kept.
    pub(super) fn read_prefs(&mut self, cursor: &mut Cursor<'_>) -> Result<(), MtefError> {
        cursor.byte()?;
        for _ in 0..2 {
            let count = cursor.byte()?;
            dimensions(cursor, count)?;
        }
        let count = cursor.byte()?;
        self.numbered.clear();
        for _ in 0..count {
            let font = cursor.count()?;
            if font != 0 {
                cursor.byte()?;
            }
            self.numbered.push(font);
        }
        Ok(())
    }

    /// The name of a typeface's font, where the formula says it.
    pub(super) fn name(&self, typeface: i16) -> Option<&str> {
        let font = if (1..=12).contains(&typeface) {
            *self.numbered.get(usize::try_from(typeface - 1).ok()?)?
        } else {
            self.own.get(usize::try_from(typeface.checked_neg()?.checked_sub(1)?).ok()?)?.0
        };
        self.names.get(usize::from(font).checked_sub(1)?).map(String::as_str)
    }

    /// What a typeface is for.
    pub(super) fn typeface(&self, number: i16) -> Typeface {
        match number {
            1 | 12 => Typeface::Text,
            2 => Typeface::Function,
            3 => Typeface::Variable,
            4..=6 | 8..=11 | 22 => Typeface::Symbol,
            7 => Typeface::Vector,
            23 => Typeface::Marker,
            24 => Typeface::Space,
            own => {
                let index = own.checked_neg().and_then(|index| usize::try_from(index).ok()).and_then(|index| index.checked_sub(1));
                let look = index.and_then(|index| self.own.get(index)).map_or(0, |style| style.1);
                if look & 2 != 0 { Typeface::Variable } else { Typeface::Own { bold: look & 1 != 0 } }
            }
        }
    }
}

/// Lengths in half bytes: a unit, digits, and 15 at the end of each.
fn dimensions(cursor: &mut Cursor<'_>, count: u8) -> Result<(), MtefError> {
    let mut ended = 0;
    let mut fresh = true;
    while ended < count {
        let byte = cursor.byte()?;
        for half in [byte >> 4, byte & 15] {
            if ended == count {
                break;
            }
            if fresh {
                // The unit.
                fresh = false;
            } else if half == 15 {
                ended += 1;
                fresh = true;
            }
        }
    }
    Ok(())
}
