//! Fonts: which letters their codes are, how wide, and whether bold or italic.

use std::collections::{BTreeMap, HashMap};

use lopdf::{Dictionary, Document as Pdf, Encoding, Object};

use crate::encodings::Legacy;

/// Inflated bytes of a table of letters; a whole Vietnamese font has 50,000.
const MOST_MAP: usize = 1 << 20;

/// A font as it is needed here.
pub(super) struct Font<'f> {
    encoding: Option<Encoding<'f>>,
    /// Widths by code, in thousandths of the size.
    widths: HashMap<u32, f32>,
    default: f32,
    /// Bytes of one code.
    pub(super) code_bytes: usize,
    pub(super) bold: bool,
    pub(super) italic: bool,
    /// How letters of the time before Unicode are to be read; the font's name tells.
    pub(super) legacy: Option<Legacy>,
    /// Codes that are letters of Windows, for nothing says otherwise.
    bare: bool,
}

/// Dictionaries of fonts by the names a page gives them, each ready to be asked for its letters.
pub(super) fn prepared(fonts: BTreeMap<Vec<u8>, &Dictionary>) -> BTreeMap<Vec<u8>, Dictionary> {
    let ready = |font: &Dictionary| {
        let mut font = font.clone();
        // What says which letters the codes are comes before what says which shapes they have.
        if font.has(b"ToUnicode") {
            font.remove(b"Encoding");
        }
        font.set("Type", Object::Name(b"Font".to_vec()));
        font
    };
    fonts.into_iter().map(|(name, font)| (name, ready(font))).collect()
}

/// A font's own name: without the tag of a part of it (`ABCDEF+`) and its style (`,Bold`).
fn family(name: &str) -> &str {
    let tagged = name.split_once('+').filter(|(tag, _)| tag.len() == 6 && tag.bytes().all(|letter| letter.is_ascii_uppercase()));
    let name = tagged.map_or(name, |(_, rest)| rest);
    let styled = name.rsplit_once(['-', ',']).filter(|(_, style)| {
        let style = style.to_ascii_lowercase();
        ["bold", "italic", "regular", "roman", "oblique"].iter().any(|word| style.contains(word))
    });
    styled.map_or(name, |(family, _)| family)
}

impl<'f> Font<'f> {
    pub(super) fn new(dictionary: &'f Dictionary, pdf: &'f Pdf) -> Self {
        let name = |object: &Object| object.as_name().map(|name| String::from_utf8_lossy(name).to_lowercase()).unwrap_or_default();
        let base = dictionary.get(b"BaseFont").map(name).unwrap_or_default();
        let composite = dictionary.get(b"Subtype").map(name).unwrap_or_default() == "type0";
        let named = dictionary.get(b"BaseFont").and_then(Object::as_name).map(String::from_utf8_lossy).unwrap_or_default();
        let legacy = Legacy::of_font(family(&named));
        let mut font = Self {
            legacy,
            bare: legacy.is_some()
                && !composite
                && !dictionary.has(b"ToUnicode")
                && dictionary.get_deref(b"Encoding", pdf).map_or(true, |encoding| encoding.as_name().is_ok()),
            encoding: dictionary.get_font_encoding_with_limit(pdf, MOST_MAP).ok(),
            widths: HashMap::new(),
            default: 500.0,
            code_bytes: if composite { 2 } else { 1 },
            bold: base.contains("bold") || base.contains("black") || base.contains("-bd"),
            italic: base.contains("italic") || base.contains("oblique"),
        };
        if composite {
            font.wide(dictionary, pdf)
        } else {
            font.narrow(dictionary, pdf)
        }
        font
    }

    /// `FirstChar` and `Widths`.
    fn narrow(&mut self, dictionary: &Dictionary, pdf: &Pdf) {
        let first = dictionary.get_deref(b"FirstChar", pdf).and_then(Object::as_i64).ok().and_then(|first| u32::try_from(first).ok());
        let widths = dictionary.get_deref(b"Widths", pdf).and_then(Object::as_array);
        if let (Some(first), Ok(widths)) = (first, widths) {
            for (code, width) in (first..).zip(widths.iter().take(256)) {
                if let Ok(width) = pdf.dereference(width).and_then(|(_, width)| width.as_float()) {
                    self.widths.insert(code, width);
                }
            }
        }
    }

    /// `W` and `DW` of the font inside.
    fn wide(&mut self, dictionary: &Dictionary, pdf: &Pdf) {
        let inside = dictionary.get_deref(b"DescendantFonts", pdf).and_then(Object::as_array).ok().and_then(|fonts| fonts.first());
        let Some(Ok(inside)) = inside.map(|font| pdf.dereference(font).and_then(|(_, font)| font.as_dict())) else { return };
        self.default = inside.get_deref(b"DW", pdf).and_then(Object::as_float).unwrap_or(1000.0);
        let Ok(list) = inside.get_deref(b"W", pdf).and_then(Object::as_array) else { return };
        let mut work = 0_usize;
        let mut pieces = list.iter().filter_map(|piece| pdf.dereference(piece).ok().map(|(_, piece)| piece));
        let code = |object: &Object| object.as_i64().ok().and_then(|code| u32::try_from(code).ok()).filter(|code| *code <= 0xffff);
        while let Some(first) = pieces.next().and_then(code).filter(|_| self.widths.len() < 70_000 && work < 200_000) {
            work += 1;
            match pieces.next() {
                Some(Object::Array(widths)) => {
                    work = work.saturating_add(widths.len());
                    for (code, width) in (first..=0xffff).zip(widths) {
                        self.widths.insert(code, width.as_float().unwrap_or(self.default));
                    }
                }
                Some(last) => {
                    let (Some(last), Some(Ok(width))) = (code(last), pieces.next().map(Object::as_float)) else { return };
                    work = work.saturating_add(usize::try_from(last.saturating_sub(first)).unwrap_or(usize::MAX));
                    self.widths.extend((first..=last).map(|code| (code, width)));
                }
                None => return,
            }
        }
    }

    /// The letters of a string; `None` where nothing says which they are.
    pub(super) fn letters(&self, bytes: &[u8]) -> Option<String> {
        if self.bare {
            return Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned());
        }
        let letters = self.encoding.as_ref()?.bytes_to_string(bytes).ok()?;
        // Old fonts made as fonts of symbols keep their letters where symbols are.
        let plain = |letter: char| match u32::from(letter) {
            code @ 0xf020..=0xf0ff => char::from_u32(code - 0xf000).unwrap_or(letter),
            _ => letter,
        };
        Some(if self.legacy.is_some() { letters.chars().map(plain).collect() } else { letters })
    }

    /// How far a string reaches, for a size of one: its width, its codes, its spaces.
    pub(super) fn measure(&self, bytes: &[u8]) -> (f32, usize, usize) {
        let (mut width, mut codes, mut spaces) = (0.0, 0, 0);
        for code in bytes.chunks(self.code_bytes) {
            let number = code.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
            width += self.widths.get(&number).copied().unwrap_or(self.default) / 1000.0;
            codes += 1;
            spaces += usize::from(code == b" ");
        }
        (width, codes, spaces)
    }
}
