//! What records draw on: a device context and the SVG that comes of it.

use std::fmt::Write as _;

use super::error::MetafileError;
use super::objects::{Brush, Dash, Font, Object, Pen};
use super::text;

/// Longest SVG.
const LONGEST: usize = 8 << 20;
/// Objects alive at a time.
const MOST_OBJECTS: usize = 8192;
/// Contexts saved at a time.
const MOST_SAVED: usize = 128;

/// A point.
pub(super) type Point = (f64, f64);

/// A transform: `x' = a x + c y + e`, `y' = b x + d y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Transform(pub(super) [f64; 6]);

impl Transform {
    pub(super) const SAME: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn apply(self, (x, y): Point) -> Point {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// First `self`, then `after`.
    pub(super) fn then(self, after: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [ta, tb, tc, td, te, tf] = after.0;
        Self([a * ta + b * tc, a * tb + b * td, c * ta + d * tc, c * tb + d * td, e * ta + f * tc + te, e * tb + f * td + tf])
    }
}

/// Where letters stand of their point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TextAlign(pub(super) u32);

/// Everything a record may change and a later one may restore.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) window: (Point, Point),
    pub(super) viewport: (Point, Point),
    pub(super) world: Transform,
    pub(super) map_mode: u32,
    pub(super) pen: Pen,
    pub(super) brush: Brush,
    pub(super) font: Font,
    pub(super) text_colour: [u8; 3],
    pub(super) back_colour: [u8; 3],
    pub(super) opaque: bool,
    pub(super) align: TextAlign,
    pub(super) even_odd: bool,
    pub(super) position: Point,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            window: ((0.0, 0.0), (1.0, 1.0)),
            viewport: ((0.0, 0.0), (1.0, 1.0)),
            world: Transform::SAME,
            map_mode: 1,
            pen: Pen::default(),
            brush: Some([255; 3]),
            font: Font::default(),
            text_colour: [0; 3],
            back_colour: [255; 3],
            opaque: true,
            align: TextAlign::default(),
            even_odd: true,
            position: (0.0, 0.0),
        }
    }
}

/// How a shape is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Line,
    Shape,
    FillAlone,
}

pub(super) struct Canvas {
    pub(super) context: Context,
    saved: Vec<Context>,
    objects: Vec<Option<Object>>,
    out: String,
    /// A path between its begin and its end.
    pub(super) path: Option<String>,
    /// A path that was ended and waits to be painted.
    ended: Option<String>,
    pub(super) lost: Vec<String>,
    /// What nothing would be drawn of.
    instead: Option<&'static str>,
    drawn: usize,
    /// A pixel of the screen in the picture's units.
    pub(super) pixel: f64,
    /// Pixels of pictures still allowed.
    pub(super) pixels: usize,
}

impl Canvas {
    pub(super) fn new() -> Self {
        Self {
            context: Context::default(),
            saved: Vec::new(),
            objects: Vec::new(),
            out: String::new(),
            path: None,
            ended: None,
            lost: Vec::new(),
            instead: None,
            drawn: 0,
            pixel: 1.0,
            pixels: 24 << 20,
        }
    }

    pub(super) fn lose(&mut self, what: &str) {
        if self.lost.len() < 20 && !self.lost.iter().any(|lost| lost == what) {
            self.lost.push(what.to_owned());
        }
    }

    pub(super) fn save(&mut self) {
        if self.saved.len() < MOST_SAVED {
            self.saved.push(self.context.clone());
        }
    }

    /// Back to a context: `-1` the last one, positive by its place.
    pub(super) fn restore(&mut self, which: i32) {
        let keep = if which < 0 {
            self.saved.len().saturating_sub(usize::try_from(which.unsigned_abs()).unwrap_or(usize::MAX))
        } else {
            usize::try_from(which).unwrap_or(0).saturating_sub(1)
        };
        if let Some(context) = self.saved.get(keep) {
            self.context = context.clone();
            self.saved.truncate(keep);
        }
    }

    /// Keeps an object in the first free place, as WMF numbers them.
    pub(super) fn keep(&mut self, object: Object) -> Result<(), MetafileError> {
        let free = self.objects.iter().position(Option::is_none).unwrap_or(self.objects.len());
        self.keep_at(free, object)
    }

    pub(super) fn keep_at(&mut self, at: usize, object: Object) -> Result<(), MetafileError> {
        if at >= MOST_OBJECTS {
            return Err(MetafileError::TooLarge);
        }
        if at >= self.objects.len() {
            self.objects.resize(at + 1, None);
        }
        if let Some(place) = self.objects.get_mut(at) {
            *place = Some(object);
        }
        Ok(())
    }

    pub(super) fn forget(&mut self, at: usize) {
        if let Some(place) = self.objects.get_mut(at) {
            *place = None;
        }
    }

    pub(super) fn select(&mut self, at: usize) {
        if let Some(Some(object)) = self.objects.get(at).cloned() {
            self.wear(object);
        }
    }

    pub(super) fn wear(&mut self, object: Object) {
        match object {
            Object::Pen(pen) => self.context.pen = pen,
            Object::Brush(brush) => self.context.brush = brush,
            Object::Font(font) => self.context.font = font,
            Object::Other => {}
        }
    }

    /// From logical units to those of the picture.
    pub(super) fn transform(&self) -> Transform {
        let Context { window, viewport, world, .. } = &self.context;
        let scale = |window: f64, viewport: f64| if window == 0.0 { 1.0 } else { viewport / window };
        let (x, y) = (scale(window.1.0, viewport.1.0), scale(window.1.1, viewport.1.1));
        world.then(Transform([x, 0.0, 0.0, y, viewport.0.0 - window.0.0 * x, viewport.0.1 - window.0.1 * y]))
    }

    pub(super) fn point(&self, point: Point) -> Point {
        self.transform().apply(point)
    }

    /// How much larger a length becomes.
    pub(super) fn scale(&self) -> f64 {
        let [a, b, c, d, ..] = self.transform().0;
        (a * d - b * c).abs().sqrt()
    }

    pub(super) fn push(&mut self, svg: &str) -> Result<(), MetafileError> {
        if self.out.len() + svg.len() > LONGEST {
            return Err(MetafileError::TooLarge);
        }
        self.out.push_str(svg);
        self.drawn += 1;
        Ok(())
    }

    /// Draws a path that is already in the picture's units, or adds it to the open one.
    pub(super) fn draw(&mut self, data: &str, paint: Paint) -> Result<(), MetafileError> {
        if data.is_empty() {
            return Ok(());
        }
        if let Some(path) = &mut self.path {
            if path.len() + data.len() > LONGEST {
                return Err(MetafileError::TooLarge);
            }
            path.push_str(data);
            return Ok(());
        }
        self.paint(data, paint)
    }

    pub(super) fn end_path(&mut self) {
        self.ended = self.path.take();
    }

    pub(super) fn drop_path(&mut self) {
        self.ended = None;
        self.path = None;
    }

    pub(super) fn paint_path(&mut self, paint: Paint) -> Result<(), MetafileError> {
        match self.ended.take().filter(|path| !path.is_empty()) {
            Some(path) => self.paint(&path, paint),
            None => Ok(()),
        }
    }

    /// Tells of a loss that matters only where nothing else is drawn.
    pub(super) fn lose_if_nothing(&mut self, what: &'static str) {
        self.instead = Some(what);
    }

    pub(super) fn paint(&mut self, data: &str, paint: Paint) -> Result<(), MetafileError> {
        let fill = if paint == Paint::Line { None } else { self.context.brush };
        let stroke = if paint == Paint::FillAlone { None } else { self.context.pen.colour };
        if fill.is_none() && stroke.is_none() {
            return Ok(());
        }
        let mut svg = format!("<path d=\"{data}\" fill=\"{}\"", fill.map_or_else(|| "none".to_owned(), hex));
        if fill.is_some() && self.context.even_odd {
            svg.push_str(" fill-rule=\"evenodd\"");
        }
        if let Some(colour) = stroke {
            // A pen without a width is one pixel; any other is seen.
            let width =
                if self.context.pen.width == 0.0 { self.pixel } else { (self.context.pen.width * self.scale()).max(self.pixel * 0.3) };
            let _ = write!(svg, " stroke=\"{}\" stroke-width=\"{}\"", hex(colour), number(width));
            let pattern: &[f64] = match self.context.pen.dash {
                Dash::Solid => &[],
                Dash::Dashed => &[6.0, 3.0],
                Dash::Dotted => &[1.5, 2.5],
                Dash::WithDot => &[6.0, 3.0, 1.5, 3.0],
                Dash::WithTwoDots => &[6.0, 3.0, 1.5, 3.0, 1.5, 3.0],
            };
            if !pattern.is_empty() {
                let lengths: Vec<String> = pattern.iter().map(|length| number(length * width)).collect();
                let _ = write!(svg, " stroke-dasharray=\"{}\"", lengths.join(" "));
            }
        }
        svg.push_str("/>");
        self.push(&svg)
    }

    /// Letters at a point. `advances` are the widths of letters in logical units, where given.
    pub(super) fn letters(&mut self, at: Point, letters: &[char], advances: &[f64]) -> Result<(), MetafileError> {
        if letters.iter().all(|letter| letter.is_whitespace()) {
            return Ok(());
        }
        let scale = self.scale();
        let font = self.context.font.clone();
        let align = self.context.align.0;
        // The height of a line is about a sixth more than that of its letters.
        let size = if font.height < 0.0 {
            -font.height
        } else if font.height == 0.0 {
            12.0
        } else {
            font.height / 1.15
        } * scale;
        let from = if align & 1 != 0 { self.context.position } else { at };
        let (x, mut y) = self.point(from);
        match align & 24 {
            24 => {}
            8 => y -= size * 0.2,
            _ => y += size * 0.9,
        }
        let total: f64 = advances.iter().sum();
        let anchor = align & 6;
        if align & 1 != 0 {
            self.context.position.0 += total;
        }
        let start = match anchor {
            6 => x - total * scale / 2.0,
            2 => x - total * scale,
            _ => x,
        };
        let mut svg = String::from("<text");
        if advances.len() == letters.len() && letters.len() > 1 {
            let mut places = Vec::with_capacity(letters.len());
            let mut now = start;
            for advance in advances {
                places.push(number(now));
                now += advance * scale;
            }
            let _ = write!(svg, " x=\"{}\"", places.join(" "));
        } else {
            let _ = write!(svg, " x=\"{}\"", number(if advances.is_empty() { x } else { start }));
            if advances.is_empty() && anchor != 0 {
                svg.push_str(if anchor == 6 { " text-anchor=\"middle\"" } else { " text-anchor=\"end\"" });
            }
        }
        let _ = write!(
            svg,
            " y=\"{}\" font-family=\"{}\" font-size=\"{}\" fill=\"{}\" xml:space=\"preserve\"",
            number(y),
            text::family(&font),
            number(size),
            hex(self.context.text_colour)
        );
        for (worn, attribute) in [(font.bold, " font-weight=\"bold\""), (font.italic, " font-style=\"italic\"")] {
            if worn {
                svg.push_str(attribute);
            }
        }
        match (font.underline, font.strike) {
            (true, _) => svg.push_str(" text-decoration=\"underline\""),
            (_, true) => svg.push_str(" text-decoration=\"line-through\""),
            _ => {}
        }
        if font.angle != 0.0 {
            let _ = write!(svg, " transform=\"rotate({} {} {})\"", number(-font.angle / 10.0), number(x), number(y));
        }
        svg.push('>');
        for letter in letters {
            match letter {
                '&' => svg.push_str("&amp;"),
                '<' => svg.push_str("&lt;"),
                '>' => svg.push_str("&gt;"),
                control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => svg.push(' '),
                other => svg.push(*other),
            }
        }
        svg.push_str("</text>");
        self.push(&svg)
    }

    /// The whole as SVG. The picture reaches from `origin` over `extent`; `shown` is its size in pixels.
    pub(super) fn finish(self, origin: Point, extent: Point, shown: Point) -> Result<super::Drawing, MetafileError> {
        if self.drawn == 0 {
            return Err(MetafileError::Nothing(match self.instead {
                Some(what) => what.to_owned(),
                None if self.lost.is_empty() => "hình rỗng".to_owned(),
                None => self.lost.join(", "),
            }));
        }
        let side = |length: f64| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 4000")]
            let side = if length.is_finite() { length.round().clamp(1.0, 4000.0) as u16 } else { 1 };
            side
        };
        let (width, height) = (side(shown.0), side(shown.1));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{} {} {} {}\">",
            number(origin.0),
            number(origin.1),
            number(extent.0.abs()),
            number(extent.1.abs())
        );
        svg.push_str(&self.out);
        svg.push_str("</svg>");
        Ok(super::Drawing { svg: svg.into_bytes(), width, height, lost: self.lost })
    }
}

/// `#rrggbb`
pub(super) fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A number without more digits than are seen; what is none is 0.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() || value.abs() > 1e9 {
        return "0".to_owned();
    }
    let mut text = format!("{value:.2}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}
