//! A page's drawing followed as far as letters go: where each string stands, how large, in which look.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document as Pdf, Object, ObjectId};

use super::MOST_STREAM;
use super::bars::{self, Bar};
use super::fonts::{Font, prepared};
use crate::document::Look;
use crate::encodings::Legacy;
use crate::rich::Marks;

/// Drawings inside drawings.
const DEEPEST: usize = 4;
/// Strings of one page.
const MOST_RUNS: usize = 200_000;

/// Letters that were drawn at once.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) size: f32,
    pub(super) look: Look,
    /// How its letters are to be read, where its font is older than Unicode.
    pub(super) legacy: Option<Legacy>,
}

/// What a page gave.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) runs: Vec<Run>,
    pub(super) pictures: usize,
    /// What was drawn as bars.
    bars: Vec<Bar>,
    /// Letters of fonts that do not say which letters they have.
    pub(super) unread: usize,
    /// What the file may still cost, carried from page to page.
    pub(super) budget: Budget,
}

/// What following a file's drawings may cost: shared streams make small files of endless work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    fonts: usize,
    drawings: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { fonts: 6000, drawings: 6000, bytes: 256 << 20 }
    }
}

impl Budget {
    /// Pays for a drawing; `false` when nothing is left.
    fn pay(&mut self, fonts: usize, bytes: usize) -> bool {
        let enough = self.fonts >= fonts && self.drawings > 0 && self.bytes >= bytes;
        if enough {
            self.fonts -= fonts;
            self.drawings -= 1;
            self.bytes -= bytes;
        }
        enough
    }
}

/// Two by two and a shift, as PDF writes it.
#[derive(Clone, Copy, Debug)]
struct Matrix([f32; 6]);

impl Matrix {
    const UNIT: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one first, then the other.
    fn then(self, other: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, other.0);
        Self([a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l])
    }

    fn point(self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    fn shifted(self, x: f32, y: f32) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y]).then(self)
    }
}

/// Shapes that are not painted yet.
#[derive(Debug, Default)]
struct Path {
    start: Option<(f32, f32)>,
    lines: Vec<((f32, f32), (f32, f32))>,
    rectangles: Vec<((f32, f32), (f32, f32))>,
}

/// Shapes of one path; drawings have more, underlines a few.
const MOST_SHAPES: usize = 400;

impl Path {
    fn rectangle(&mut self, page: Matrix, [x, y, width, height]: [f32; 4]) {
        if self.rectangles.len() < MOST_SHAPES {
            self.rectangles.push((page.point(x, y), page.point(x + width, y + height)));
        }
    }

    fn line(&mut self, to: (f32, f32)) {
        if let Some(from) = self.start.replace(to).filter(|_| self.lines.len() < MOST_SHAPES) {
            self.lines.push((from, to));
        }
    }

    /// A filled shape of lines is its bounds: underlines are drawn so, too.
    fn filled(&mut self, fill: [u8; 3], out: &mut Vec<Bar>) {
        if out.len() >= bars::MOST {
            return *self = Self::default();
        }
        out.extend(self.rectangles.iter().filter_map(|(from, to)| Bar::new(*from, *to, Some(fill))));
        let points = || self.lines.iter().flat_map(|(from, to)| [*from, *to]);
        let least = points().fold((f32::MAX, f32::MAX), |(x, y), (a, b)| (x.min(a), y.min(b)));
        let most = points().fold((f32::MIN, f32::MIN), |(x, y), (a, b)| (x.max(a), y.max(b)));
        if (3..=4).contains(&self.lines.len()) {
            out.extend(Bar::new(least, most, Some(fill)));
        }
        *self = Self::default();
    }

    fn drawn(&mut self, out: &mut Vec<Bar>) {
        if out.len() >= bars::MOST {
            return *self = Self::default();
        }
        out.extend(self.lines.iter().filter(|(from, to)| (from.1 - to.1).abs() < 0.5).filter_map(|(from, to)| Bar::new(*from, *to, None)));
        *self = Self::default();
    }
}

#[derive(Clone, Copy, Debug)]
struct State {
    page: Matrix,
    text: Matrix,
    line: Matrix,
    size: f32,
    between: f32,
    word: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
    colour: Option<[u8; 3]>,
    /// What shapes are filled with, white and black too.
    fill: [u8; 3],
    /// Drawn as nothing: the hidden letters over a scan count, for they are what was recognised.
    font: Option<usize>,
}

/// Reads a page.
pub(super) fn page(pdf: &Pdf, id: ObjectId, budget: Budget) -> Page {
    let mut out = Page { budget, ..Page::default() };
    let Ok(content) = pdf.get_page_content_with_limit(id, MOST_STREAM) else { return out };
    let fonts = prepared(pdf.get_page_fonts(id).unwrap_or_default());
    let mut resources: Vec<&Dictionary> = Vec::new();
    if let Ok((own, inherited)) = pdf.get_page_resources(id) {
        resources.extend(own);
        resources.extend(inherited.iter().filter_map(|id| pdf.get_dictionary(*id).ok()));
    }
    draw(pdf, &content, &fonts, &resources, Matrix::UNIT, 0, &mut out);
    bars::give(&mut out.runs, &out.bars);
    out
}

fn draw(
    pdf: &Pdf,
    content: &[u8],
    fonts: &BTreeMap<Vec<u8>, Dictionary>,
    resources: &[&Dictionary],
    base: Matrix,
    depth: usize,
    out: &mut Page,
) {
    if !out.budget.pay(fonts.len(), content.len()) {
        return;
    }
    let Ok(content) = Content::decode(content) else { return };
    let names: Vec<&[u8]> = fonts.keys().map(Vec::as_slice).collect();
    let loaded: Vec<Font<'_>> = fonts.values().map(|font| Font::new(font, pdf)).collect();
    let mut state = State {
        page: base,
        text: Matrix::UNIT,
        line: Matrix::UNIT,
        size: 1.0,
        between: 0.0,
        word: 0.0,
        stretch: 1.0,
        leading: 0.0,
        rise: 0.0,
        colour: None,
        fill: [0; 3],
        font: None,
    };
    let mut kept: Vec<State> = Vec::new();
    let mut path = Path::default();
    for operation in &content.operations {
        if out.runs.len() >= MOST_RUNS {
            return;
        }
        let operands = &operation.operands;
        let number = |at: usize| operands.get(at).and_then(|own| own.as_float().ok()).filter(|own| own.is_finite()).unwrap_or_default();
        match operation.operator.as_str() {
            "q" if kept.len() < 256 => kept.push(state),
            "Q" => state = kept.pop().unwrap_or(state),
            "cm" => state.page = matrix(&number).then(state.page),
            "BT" => (state.text, state.line) = (Matrix::UNIT, Matrix::UNIT),
            "Tf" => {
                let name = operands.first().and_then(|name| name.as_name().ok());
                state.font = name.and_then(|name| names.iter().position(|own| *own == name));
                state.size = number(1);
            }
            "Tc" => state.between = number(0),
            "Tw" => state.word = number(0),
            "Tz" => state.stretch = number(0) / 100.0,
            "TL" => state.leading = number(0),
            "Ts" => state.rise = number(0),
            "Tm" => {
                state.line = matrix(&number);
                state.text = state.line;
            }
            "Td" => state.next_line(number(0), number(1)),
            "TD" => {
                state.leading = -number(1);
                state.next_line(number(0), number(1));
            }
            "T*" => state.next_line(0.0, -state.leading),
            "Tj" => operands.iter().for_each(|own| show(own, &mut state, &loaded, out)),
            "'" => {
                state.next_line(0.0, -state.leading);
                operands.iter().for_each(|own| show(own, &mut state, &loaded, out));
            }
            "\"" => {
                (state.word, state.between) = (number(0), number(1));
                state.next_line(0.0, -state.leading);
                operands.iter().skip(2).for_each(|own| show(own, &mut state, &loaded, out));
            }
            "TJ" => {
                for piece in operands.iter().filter_map(|own| own.as_array().ok()).flatten() {
                    match piece.as_float() {
                        Ok(back) => state.text = state.text.shifted(-back / 1000.0 * state.size * state.stretch, 0.0),
                        Err(_) => show(piece, &mut state, &loaded, out),
                    }
                }
            }
            "g" => state.paint([number(0); 3]),
            "rg" => state.paint([number(0), number(1), number(2)]),
            "sc" | "scn" if operands.len() == 3 => state.paint([number(0), number(1), number(2)]),
            "sc" | "scn" if operands.len() == 1 => state.paint([number(0); 3]),
            "k" => {
                let dark = 1.0 - number(3);
                state.paint([0, 1, 2].map(|at| (1.0 - number(at)) * dark));
            }
            "re" => path.rectangle(state.page, [number(0), number(1), number(2), number(3)]),
            "m" => path.start = Some(state.page.point(number(0), number(1))),
            "l" => path.line(state.page.point(number(0), number(1))),
            "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" => path.filled(state.fill, &mut out.bars),
            "S" | "s" => path.drawn(&mut out.bars),
            "n" => path = Path::default(),
            "Do" => {
                let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
                placed(pdf, name, fonts, resources, state.page, depth, out);
            }
            "BI" => out.pictures += 1,
            _ => {}
        }
    }
}

/// A picture is counted, a drawing is followed.
fn placed(
    pdf: &Pdf,
    name: &[u8],
    fonts: &BTreeMap<Vec<u8>, Dictionary>,
    resources: &[&Dictionary],
    at: Matrix,
    depth: usize,
    out: &mut Page,
) {
    let found = resources.iter().find_map(|own| {
        let objects = own.get_deref(b"XObject", pdf).and_then(Object::as_dict).ok()?;
        objects.get_deref(name, pdf).and_then(Object::as_stream).ok()
    });
    let Some(stream) = found else { return };
    if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image") {
        out.pictures += 1;
        return;
    }
    if depth >= DEEPEST || out.budget.drawings == 0 {
        return;
    }
    let Ok(content) = stream.get_plain_content_with_limit(MOST_STREAM.min(out.budget.bytes)) else { return };
    let own = stream.dict.get_deref(b"Resources", pdf).and_then(Object::as_dict).ok();
    let own_fonts = own.and_then(|own| own.get_deref(b"Font", pdf).and_then(Object::as_dict).ok()).map(|list| {
        let found = list.iter().filter_map(|(name, font)| Some((name.clone(), pdf.dereference(font).ok()?.1.as_dict().ok()?)));
        prepared(found.collect())
    });
    let own_resources: Vec<&Dictionary> = own.map_or_else(|| resources.to_vec(), |own| vec![own]);
    draw(pdf, &content, own_fonts.as_ref().unwrap_or(fonts), &own_resources, at, depth + 1, out);
}

fn matrix(number: &impl Fn(usize) -> f32) -> Matrix {
    Matrix([0, 1, 2, 3, 4, 5].map(number))
}

fn bytes(parts: [f32; 3]) -> [u8; 3] {
    // Between 0 and 255 by the clamp, so nothing is cut off but the fraction.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte just before")]
    parts.map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// `None` for black and what is nearly so.
fn colour(parts: [f32; 3]) -> Option<[u8; 3]> {
    let bytes = bytes(parts);
    bytes.iter().any(|byte| *byte > 40).then_some(bytes)
}

impl State {
    fn paint(&mut self, parts: [f32; 3]) {
        self.colour = colour(parts);
        self.fill = bytes(parts);
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = self.line.shifted(x, y);
        self.text = self.line;
    }
}

fn show(string: &Object, state: &mut State, fonts: &[Font<'_>], out: &mut Page) {
    let (Ok(bytes), Some(font)) = (string.as_str(), state.font.and_then(|at| fonts.get(at))) else { return };
    let (width, codes, spaces) = font.measure(bytes);
    let count = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    let advance = (width * state.size + count(codes) * state.between + count(spaces) * state.word) * state.stretch;
    let text = font.letters(bytes).unwrap_or_else(|| "\u{fffd}".repeat(codes));
    out.unread += text.chars().filter(|letter| *letter == '\u{fffd}').count();
    let place = state.text.shifted(0.0, state.rise).then(state.page);
    let [a, b, c, d, x, y] = place.0;
    let size = (c * c + d * d).sqrt() * state.size.abs();
    // Letters that stand on their side are the margins' business.
    let upright = b.abs() <= a.abs();
    if upright && x.is_finite() && y.is_finite() && size.is_finite() && !text.is_empty() {
        let look =
            Look { marks: Marks { bold: font.bold, italic: font.italic, ..Marks::default() }, colour: state.colour, highlighted: false };
        out.runs.push(Run { text, x, y, width: advance * (a * a + b * b).sqrt(), size, look, legacy: font.legacy });
    }
    state.text = state.text.shifted(advance, 0.0);
}
