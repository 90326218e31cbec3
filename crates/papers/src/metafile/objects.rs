//! Pens, brushes, fonts, and what is selected of them.

use super::bytes::Bytes;
use super::error::MetafileError;

/// How lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pen {
    /// `None` draws nothing.
    pub(super) colour: Option<[u8; 3]>,
    /// In logical units; 0 is one pixel.
    pub(super) width: f64,
    pub(super) dash: Dash,
}

/// Dashes of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
    WithDot,
    WithTwoDots,
}

/// How shapes are filled; `None` leaves them open.
pub(super) type Brush = Option<[u8; 3]>;

/// How letters are drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Font {
    /// In logical units: negative of the letters, positive of the line.
    pub(super) height: f64,
    /// Tenths of a degree, against the clock.
    pub(super) angle: f64,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) strike: bool,
    pub(super) charset: u8,
    pub(super) name: String,
}

/// Something that was made to be selected.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Pen(Pen),
    Brush(Brush),
    Font(Font),
    /// A palette, a region: it takes a place and changes nothing here.
    Other,
}

impl Default for Pen {
    fn default() -> Self {
        Self { colour: Some([0; 3]), width: 0.0, dash: Dash::Solid }
    }
}

impl Default for Font {
    fn default() -> Self {
        Self {
            height: -12.0,
            angle: 0.0,
            bold: false,
            italic: false,
            underline: false,
            strike: false,
            charset: 0,
            name: "Arial".to_owned(),
        }
    }
}

impl Pen {
    pub(super) fn new(style: u32, width: f64, colour: [u8; 3]) -> Self {
        let dash = match style & 15 {
            1 => Dash::Dashed,
            2 => Dash::Dotted,
            3 => Dash::WithDot,
            4 => Dash::WithTwoDots,
            _ => Dash::Solid,
        };
        Self { colour: (style & 15 != 5).then_some(colour), width: width.abs(), dash }
    }
}

/// Of a solid brush its colour, of an empty one nothing, of patterns something in between.
pub(super) fn brush(style: u32, colour: [u8; 3]) -> Brush {
    match style {
        1 => None,
        0 | 2 => Some(colour),
        _ => Some([200; 3]),
    }
}

impl Font {
    /// LOGFONT with short numbers.
    pub(super) fn of_wmf(bytes: Bytes<'_>) -> Result<Self, MetafileError> {
        let name: Vec<u8> = bytes.0.get(18..).unwrap_or_default().iter().copied().take(32).take_while(|byte| *byte != 0).collect();
        Ok(Self {
            height: bytes.x16(0)?,
            angle: bytes.x16(4)?,
            bold: bytes.i16(8)? >= 600,
            italic: bytes.u8(10)? != 0,
            underline: bytes.u8(11)? != 0,
            strike: bytes.u8(12)? != 0,
            charset: bytes.u8(13)?,
            name: encoding_rs::WINDOWS_1252.decode_without_bom_handling(&name).0.into_owned(),
        })
    }

    /// LOGFONT with long numbers and a wide name.
    pub(super) fn of_emf(bytes: Bytes<'_>) -> Result<Self, MetafileError> {
        let wide: Vec<u16> = (0..32).map_while(|at| bytes.u16(28 + at * 2).ok()).take_while(|unit| *unit != 0).collect();
        Ok(Self {
            height: bytes.x32(0)?,
            angle: bytes.x32(8)?,
            bold: bytes.i32(16)? >= 600,
            italic: bytes.u8(20)? != 0,
            underline: bytes.u8(21)? != 0,
            strike: bytes.u8(22)? != 0,
            charset: bytes.u8(23)?,
            name: String::from_utf16_lossy(&wide),
        })
    }
}
