//! Bitmaps inside metafiles, as PNG.

use std::fmt::Write as _;
use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, RgbaImage};

use super::bytes::Bytes;
use super::canvas::{Canvas, Point, number};
use super::error::MetafileError;

const BROKEN: MetafileError = MetafileError::Broken("ảnh điểm bên trong");

/// Where a bitmap is drawn, in logical units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) at: Point,
    pub(super) size: Point,
}

impl Canvas {
    /// Draws a bitmap whose header and pixels follow one another, or lie apart.
    pub(super) fn bitmap(&mut self, header: Bytes<'_>, pixels: Option<Bytes<'_>>, target: Target) -> Result<(), MetafileError> {
        match decode(header, pixels, self.pixels) {
            Ok(picture) => {
                let count = usize::try_from(picture.width()).unwrap_or(0) * usize::try_from(picture.height()).unwrap_or(0);
                self.pixels = self.pixels.saturating_sub(count);
                self.show(&picture, target)
            }
            Err(MetafileError::TooLarge) => Err(MetafileError::TooLarge),
            Err(_) => {
                self.lose("DIB");
                Ok(())
            }
        }
    }

    fn show(&mut self, picture: &RgbaImage, target: Target) -> Result<(), MetafileError> {
        let mut png = Cursor::new(Vec::new());
        picture.write_to(&mut png, ImageFormat::Png).map_err(|_| BROKEN)?;
        let (x, y) = self.point(target.at);
        let (right, bottom) = self.point((target.at.0 + target.size.0, target.at.1 + target.size.1));
        let mut svg = format!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,",
            number(x.min(right)),
            number(y.min(bottom)),
            number((right - x).abs()),
            number((bottom - y).abs())
        );
        STANDARD.encode_string(png.into_inner(), &mut svg);
        let _ = write!(svg, "\"/>");
        self.push(&svg)
    }
}

/// A bitmap as pixels. `most` is how many there may be.
fn decode(header: Bytes<'_>, pixels: Option<Bytes<'_>>, most: usize) -> Result<RgbaImage, MetafileError> {
    let size = header.size(0)?;
    let (width, height, bits, compression, colours) = if size == 12 {
        (i32::from(header.u16(4)?), i32::from(header.i16(6)?), header.u16(10)?, 0, 0)
    } else if (40..=256).contains(&size) {
        (header.i32(4)?, header.i32(8)?, header.u16(14)?, header.u32(16)?, header.size(32)?)
    } else {
        return Err(BROKEN);
    };
    let upside_down = height < 0;
    let width = usize::try_from(width).map_err(|_| BROKEN)?;
    let rows = usize::try_from(height.unsigned_abs()).map_err(|_| BROKEN)?;
    if width == 0 || rows == 0 || width > 20_000 || rows > 20_000 || !matches!(bits, 1 | 4 | 8 | 16 | 24 | 32) {
        return Err(BROKEN);
    }
    if width.saturating_mul(rows) > most {
        return Err(MetafileError::TooLarge);
    }
    let masks = if compression == 3 && size == 40 { 12 } else { 0 };
    let entry = if size == 12 { 3 } else { 4 };
    let palette = match bits {
        1 | 4 | 8 => (1_usize << bits).min(if colours == 0 { 256 } else { colours.min(256) }),
        _ => 0,
    };
    let table = header.rest(size)?;
    let data = match pixels {
        Some(pixels) => pixels,
        None => table.rest(masks + palette * entry)?,
    };
    let colour = |index: usize| -> [u8; 3] {
        let at = masks + index * entry;
        match table.0.get(at..at + 3) {
            Some([blue, green, red]) if index < palette => [*red, *green, *blue],
            _ => [0; 3],
        }
    };
    let stride = (width * usize::from(bits)).div_ceil(32) * 4;
    let unpacked;
    let (data, stride, bits) = match compression {
        0 | 3 => (data.0, stride, bits),
        1 if bits == 8 => {
            unpacked = unpack(data.0, width, rows);
            (unpacked.as_slice(), width, 8)
        }
        _ => return Err(BROKEN),
    };
    let fields = (compression == 3).then(|| [0, 4, 8].map(|at| table.u32(at).unwrap_or(0)));
    let mut out = RgbaImage::new(u32::try_from(width).map_err(|_| BROKEN)?, u32::try_from(rows).map_err(|_| BROKEN)?);
    for (y, row) in out.rows_mut().enumerate() {
        let source = if upside_down { y } else { rows - 1 - y };
        let line = data.get(source * stride..).unwrap_or_default();
        for (x, pixel) in row.enumerate() {
            let byte = |at: usize| line.get(at).copied().unwrap_or(255);
            let [red, green, blue] = match bits {
                1 => colour(usize::from(byte(x / 8) >> (7 - x % 8) & 1)),
                4 => colour(usize::from(byte(x / 2) >> (if x % 2 == 0 { 4 } else { 0 }) & 15)),
                8 => colour(usize::from(byte(x))),
                16 => masked(u32::from(u16::from_le_bytes([byte(x * 2), byte(x * 2 + 1)])), fields.unwrap_or([0x7c00, 0x3e0, 0x1f])),
                24 => [byte(x * 3 + 2), byte(x * 3 + 1), byte(x * 3)],
                _ => {
                    let value = u32::from_le_bytes([byte(x * 4), byte(x * 4 + 1), byte(x * 4 + 2), byte(x * 4 + 3)]);
                    masked(value, fields.unwrap_or([0x00ff_0000, 0xff00, 0xff]))
                }
            };
            pixel.0 = [red, green, blue, 255];
        }
    }
    Ok(out)
}

/// Red, green and blue by their bits.
fn masked(value: u32, masks: [u32; 3]) -> [u8; 3] {
    masks.map(|mask| {
        if mask == 0 {
            return 0;
        }
        let highest = mask >> mask.trailing_zeros();
        let part = u64::from((value & mask) >> mask.trailing_zeros());
        u8::try_from(part * 255 / u64::from(highest)).unwrap_or(255)
    })
}

/// Run lengths of bytes, a byte for each pixel.
fn unpack(data: &[u8], width: usize, rows: usize) -> Vec<u8> {
    let mut out = vec![0; width * rows];
    let (mut x, mut y, mut at) = (0_usize, 0_usize, 0_usize);
    let mut put = |x: usize, y: usize, value: u8| {
        if x < width
            && let Some(pixel) = out.get_mut(y * width + x)
        {
            *pixel = value;
        }
    };
    while let (Some(count), Some(value)) = (data.get(at).copied(), data.get(at + 1).copied()) {
        at += 2;
        match (count, value) {
            (0, 0) => {
                x = 0;
                y += 1;
            }
            (0, 1) => break,
            (0, 2) => {
                x += usize::from(data.get(at).copied().unwrap_or(0));
                y += usize::from(data.get(at + 1).copied().unwrap_or(0));
                at += 2;
            }
            (0, literal) => {
                for offset in 0..usize::from(literal) {
                    put(x, y, data.get(at + offset).copied().unwrap_or(0));
                    x += 1;
                }
                at += usize::from(literal).div_ceil(2) * 2;
            }
            (run, value) => {
                for _ in 0..run {
                    put(x, y, value);
                    x += 1;
                }
            }
        }
        if y >= rows {
            break;
        }
    }
    out
}
