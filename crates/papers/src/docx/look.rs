//! Run properties: what a style or a run says of its letters, and how the sayings add up.

use crate::document::Look;
use crate::encodings::Legacy;
use crate::rich::{Marks, Script};
use crate::xml::Element;

use super::theme::{Theme, hex};

/// What one place says; `None` where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RunProperties {
    pub bold: Option<bool>,
    pub italic: Option<bool>,
    pub strike: Option<bool>,
    pub capitals: Option<bool>,
    pub hidden: Option<bool>,
    pub underline: Option<bool>,
    pub highlight: Option<bool>,
    pub shading: Option<bool>,
    pub frame: Option<bool>,
    pub script: Option<Script>,
    /// The outer says whether anything is said, the inner is the colour; automatic and black are none.
    pub colour: Option<Option<[u8; 3]>>,
    /// Of ASCII letters.
    pub ascii: Option<Typeface>,
    /// Of all others.
    pub others: Option<Typeface>,
}

/// What a font's name means for the letters written in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typeface {
    /// They are what they are.
    Ordinary,
    /// All of one width.
    Fixed,
    /// They are of before Unicode.
    Legacy(Legacy),
    /// They are pictures.
    Symbols(SymbolFont),
}

/// Fonts whose letters are pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SymbolFont {
    /// Greek and operators.
    Symbol,
    /// Arrows, marks, numbers in circles.
    Wingdings,
    /// More marks.
    Wingdings2,
    /// Arrows.
    Wingdings3,
    /// Pictures of things.
    Webdings,
}

impl Typeface {
    pub(super) fn of_font(name: &str) -> Self {
        if let Some(legacy) = Legacy::of_font(name) {
            return Self::Legacy(legacy);
        }
        match name.trim().to_ascii_lowercase().as_str() {
            "symbol" | "symbol mt" | "standardsymbolsps" | "standard symbols l" => Self::Symbols(SymbolFont::Symbol),
            "wingdings" => Self::Symbols(SymbolFont::Wingdings),
            "wingdings 2" => Self::Symbols(SymbolFont::Wingdings2),
            "wingdings 3" => Self::Symbols(SymbolFont::Wingdings3),
            "webdings" => Self::Symbols(SymbolFont::Webdings),
            "courier new" | "courier" | "consolas" | "lucida console" | "cascadia code" | "cascadia mono" => Self::Fixed,
            _ => Self::Ordinary,
        }
    }
}

impl RunProperties {
    /// Of a `w:rPr`.
    pub(super) fn of(element: &Element, theme: &Theme) -> Self {
        let mut own = Self::default();
        for property in element.elements() {
            let value = property.attribute("val");
            match property.name.as_str() {
                "b" => own.bold = Some(is_on(value)),
                "i" => own.italic = Some(is_on(value)),
                "strike" | "dstrike" => own.strike = Some(is_on(value) || (own.strike == Some(true))),
                "caps" => own.capitals = Some(is_on(value)),
                "vanish" | "specVanish" => own.hidden = Some(is_on(value) || own.hidden == Some(true)),
                "u" => own.underline = Some(value.is_some_and(|value| value != "none")),
                "highlight" => own.highlight = Some(value.is_some_and(|value| !matches!(value, "none" | "white"))),
                "shd" => own.shading = Some(is_shaded(property, theme)),
                "bdr" => own.frame = Some(value.is_some_and(|value| !matches!(value, "none" | "nil"))),
                "vertAlign" => {
                    own.script = Some(match value {
                        Some("superscript") => Script::Super,
                        Some("subscript") => Script::Sub,
                        _ => Script::Normal,
                    });
                }
                "color" => own.colour = Some(colour(property, theme)),
                "rFonts" => {
                    let font = |name: &str, role: &str| match (property.attribute(role), property.attribute(name)) {
                        (Some(role), _) if !theme.font(role).is_empty() => Some(Typeface::of_font(theme.font(role))),
                        (_, Some(name)) => Some(Typeface::of_font(name)),
                        _ => None,
                    };
                    own.ascii = font("ascii", "asciiTheme");
                    own.others = font("hAnsi", "hAnsiTheme").or(own.ascii);
                }
                _ => {}
            }
        }
        own
    }

    /// These, and where these say nothing the ones `below`.
    pub(super) fn over(self, below: Self) -> Self {
        Self {
            bold: self.bold.or(below.bold),
            italic: self.italic.or(below.italic),
            strike: self.strike.or(below.strike),
            capitals: self.capitals.or(below.capitals),
            hidden: self.hidden.or(below.hidden),
            underline: self.underline.or(below.underline),
            highlight: self.highlight.or(below.highlight),
            shading: self.shading.or(below.shading),
            frame: self.frame.or(below.frame),
            script: self.script.or(below.script),
            colour: self.colour.or(below.colour),
            ascii: self.ascii.or(below.ascii),
            others: self.others.or(below.others),
        }
    }

    /// A character style over a paragraph style: what both turn on is off again, as in emphasis
    /// within an emphasised heading.
    pub(super) fn toggled_over(self, below: Self) -> Self {
        let toggled = |own: Option<bool>, under: Option<bool>| match (own, under) {
            (Some(own), Some(under)) => Some(own != under),
            (own, under) => own.or(under),
        };
        Self {
            bold: toggled(self.bold, below.bold),
            italic: toggled(self.italic, below.italic),
            strike: toggled(self.strike, below.strike),
            capitals: toggled(self.capitals, below.capitals),
            hidden: toggled(self.hidden, below.hidden),
            ..self.over(below)
        }
    }

    pub(super) fn look(&self) -> Look {
        let on = |value: Option<bool>| value == Some(true);
        Look {
            marks: Marks {
                bold: on(self.bold),
                italic: on(self.italic),
                underline: on(self.underline),
                strike: on(self.strike),
                code: self.ascii == Some(Typeface::Fixed),
                script: self.script.unwrap_or_default(),
            },
            colour: self.colour.flatten(),
            highlighted: on(self.highlight) || on(self.shading) || on(self.frame),
        }
    }

    /// The old encoding of letters beyond ASCII, where there is one.
    pub(super) fn legacy(&self) -> Option<Legacy> {
        match self.others.or(self.ascii) {
            Some(Typeface::Legacy(legacy)) => Some(legacy),
            _ => None,
        }
    }

    pub(super) fn symbol_font(&self) -> Option<SymbolFont> {
        match self.ascii {
            Some(Typeface::Symbols(font)) => Some(font),
            _ => None,
        }
    }
}

/// On-off values: an element alone is on.
pub(super) fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off" | "none"))
}

/// Whether a `w:shd` can be seen. Text pasted from the web brings white and almost white ones.
pub(super) fn is_shaded(shading: &Element, theme: &Theme) -> bool {
    match shading.attribute("val") {
        Some("nil") => return false,
        Some("clear") | None => {}
        Some(_) => return true,
    }
    let fill = shading
        .attribute("fill")
        .and_then(hex)
        .or_else(|| theme.colour(shading.attribute("themeFill")?, shading.attribute("themeFillTint"), shading.attribute("themeFillShade")));
    fill.is_some_and(|rgb| rgb.iter().any(|part| *part < 0xf0))
}

fn colour(property: &Element, theme: &Theme) -> Option<[u8; 3]> {
    let said = property.attribute("val").and_then(hex);
    let rgb = said
        .or_else(|| theme.colour(property.attribute("themeColor")?, property.attribute("themeTint"), property.attribute("themeShade")))?;
    // Almost black is black to the eye.
    let [most, least] = [rgb.iter().max()?, rgb.iter().min()?];
    (*most > 0x40 || most - least > 0x20).then_some(rgb)
}
