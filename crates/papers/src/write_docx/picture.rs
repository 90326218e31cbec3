//! Pictures in the line.

use std::fmt::Write as _;
use std::io::Cursor;

use bytes::Bytes;
use image::{ImageFormat, ImageReader, Limits};

use super::body::Body;
use super::rich::attribute;
use crate::model::Entry;

/// Pixels of a CSS inch into the units of Word.
const UNITS: u32 = 9525;
/// Widest that fits between the margins, in pixels.
const WIDEST: u32 = 660;
const HIGHEST: u32 = 900;

impl Body<'_> {
    pub(super) fn picture(&mut self, id: &str, alt: &str, width: Option<u16>) {
        let found = self.media.get(id).copied().filter(|media| !media.content.is_empty());
        let Some((media, drawn)) = found.and_then(|media| Some((media, drawable(&media.mime, &media.content)?))) else {
            self.run(
                &format!("[hình: {}]", if alt.is_empty() { id } else { alt }),
                super::body::RunLook { italic: true, ..Default::default() },
            );
            let message =
                format!("Hình “{id}” không ghi được vào tệp Word vì thiếu dữ liệu hoặc dạng ảnh lạ. Hãy chèn lại hình dạng PNG hoặc JPEG.");
            self.tell(Entry::warning("docx-picture", message).with("media", id));
            return;
        };
        let (shown_width, shown_height) = shown(drawn.width, drawn.height, width);
        let own = self.attached.media(id, drawn.extension, &drawn.bytes);
        let vector = drawn.vector.then(|| {
            let svg = self.attached.media(&format!("{id}-svg"), "svg", &media.content);
            format!(
                "<a:extLst><a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\"><asvg:svgBlip xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" r:embed=\"{svg}\"/></a:ext></a:extLst>"
            )
        });
        if drawn.vector {
            let message = format!("Hình “{id}” là hình vectơ (SVG): Word từ bản 2016 mới hiện được.");
            self.tell(Entry::info("docx-svg", message).with("media", id));
        }
        self.drawings += 1;
        let number = self.drawings;
        let (width, height) = (shown_width * UNITS, shown_height * UNITS);
        let _ = write!(
            self.xml,
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:docPr id=\"{number}\" name=\"Hình {number}\" descr=\"{alt}\"/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"Hình {number}\" descr=\"{alt}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"{own}\">{vector}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
            alt = attribute(alt),
            vector = vector.unwrap_or_default(),
        );
    }
}

/// A picture as Word takes it.
struct Drawable {
    bytes: Bytes,
    extension: &'static str,
    width: u32,
    height: u32,
    /// Whether the bytes only stand in for an SVG.
    vector: bool,
}

fn drawable(mime: &str, content: &Bytes) -> Option<Drawable> {
    if mime == "image/svg+xml" {
        let (width, height) = svg_size(content);
        return Some(Drawable { bytes: placeholder(width, height)?, extension: "png", width, height, vector: true });
    }
    let reader = ImageReader::new(Cursor::new(content)).with_guessed_format().ok()?;
    let format = reader.format()?;
    let extension = match format {
        ImageFormat::Png => "png",
        ImageFormat::Jpeg => "jpeg",
        ImageFormat::Gif => "gif",
        // Older Word does not know it.
        ImageFormat::WebP => return converted(reader),
        _ => return None,
    };
    let (width, height) = reader.into_dimensions().ok()?;
    Some(Drawable { bytes: content.clone(), extension, width, height, vector: false })
}

fn converted(mut reader: ImageReader<Cursor<&Bytes>>) -> Option<Drawable> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(8000);
    limits.max_image_height = Some(8000);
    limits.max_alloc = Some(128 << 20);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(Drawable { bytes: png.into_inner().into(), extension: "png", width: picture.width(), height: picture.height(), vector: false })
}

/// What a Word without SVG shows: an empty picture of the same shape.
fn placeholder(width: u32, height: u32) -> Option<Bytes> {
    let longest = width.max(height).max(1);
    let small = |side: u32| (u64::from(side) * 64 / u64::from(longest)).clamp(1, 64);
    let picture = image::GrayImage::from_pixel(u32::try_from(small(width)).ok()?, u32::try_from(small(height)).ok()?, image::Luma([235]));
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner().into())
}

/// Width and height an SVG says of itself, in pixels.
fn svg_size(content: &[u8]) -> (u32, u32) {
    let usual = (320, 240);
    let Ok(root) = crate::xml::Element::parse(content, "svg") else { return usual };
    let length = |name: &str| {
        let text = root.attribute(name)?.trim();
        let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(digits)?;
        let pixels = match unit.trim() {
            "" | "px" => 1.0,
            "pt" => 96.0 / 72.0,
            "mm" => 96.0 / 25.4,
            "cm" => 96.0 / 2.54,
            "in" => 96.0,
            _ => return None,
        };
        let number: f64 = number.parse().ok()?;
        whole(number * pixels)
    };
    let boxed = || {
        let numbers: Vec<f64> =
            root.attribute("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).filter_map(|part| part.parse().ok()).collect();
        match numbers.as_slice() {
            [_, _, width, height] => Some((whole(*width)?, whole(*height)?)),
            _ => None,
        }
    };
    match (length("width"), length("height")) {
        (Some(width), Some(height)) => (width, height),
        _ => boxed().unwrap_or(usual),
    }
}

/// A length of a picture as a whole number, where it is one that can be.
fn whole(length: f64) -> Option<u32> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 20 000")]
    (length.is_finite() && (0.5..=20_000.0).contains(&length)).then(|| length.round() as u32)
}

/// The size on the page: as wide as the source says, at most between the margins.
fn shown(width: u32, height: u32, wanted: Option<u16>) -> (u32, u32) {
    let (width, height) = (width.max(1), height.max(1));
    let wide = wanted.map_or(width, u32::from).clamp(1, WIDEST);
    let high = (u64::from(height) * u64::from(wide) / u64::from(width)).max(1);
    if high <= u64::from(HIGHEST) {
        return (wide, u32::try_from(high).unwrap_or(HIGHEST));
    }
    let narrow = (u64::from(width) * u64::from(HIGHEST) / u64::from(height)).max(1);
    (u32::try_from(narrow).unwrap_or(1).min(WIDEST), HIGHEST)
}
