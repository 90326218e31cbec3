//! WMF: records of 16-bit numbers, with or without the header that says how large the picture is.

use super::Drawing;
use super::bytes::Bytes;
use super::canvas::{Canvas, Paint, Point};
use super::dib::Target;
use super::error::MetafileError;
use super::objects::{Font, Object, Pen, brush};
use super::shapes::{Closing, Ends};
use super::text;

const PLACEABLE: u32 = 0x9ac6_cdd7;
/// Records of one picture.
const MOST: usize = 500_000;

pub(super) fn is_one(bytes: &[u8]) -> bool {
    let bytes = Bytes(bytes);
    bytes.u32(0) == Ok(PLACEABLE)
        || (matches!(bytes.u16(0), Ok(1 | 2)) && bytes.u16(2) == Ok(9) && matches!(bytes.u16(4), Ok(0x100 | 0x300)))
}

pub(super) fn read(bytes: &[u8]) -> Result<Drawing, MetafileError> {
    let all = Bytes(bytes);
    let mut canvas = Canvas::new();
    let placed = all.u32(0)? == PLACEABLE;
    let mut body = all;
    let mut frame: Option<(Point, f64)> = None;
    if placed {
        let (left, top, right, bottom) = (all.x16(6)?, all.x16(8)?, all.x16(10)?, all.x16(12)?);
        let inch = f64::from(all.u16(14)?.max(1));
        frame = Some((((right - left).abs().max(1.0), (bottom - top).abs().max(1.0)), inch));
        body = all.rest(22)?;
    }
    let extent = frame.map(|(extent, _)| extent).or_else(|| first_extent(body)).unwrap_or((1000.0, 1000.0));
    canvas.context.viewport.1 = extent;
    canvas.context.window.1 = extent;
    let shown = match frame {
        Some((_, inch)) => (extent.0 / inch * 96.0, extent.1 / inch * 96.0),
        None => {
            let most = extent.0.max(extent.1);
            let scale = if most > 600.0 { 600.0 / most } else { 1.0 };
            (extent.0 * scale, extent.1 * scale)
        }
    };
    canvas.pixel = (extent.0 / shown.0.max(1.0)).max(0.01);
    // What the header says of transparency is wrong more often than right.
    canvas.context.opaque = false;
    each(body, |function, record| play(&mut canvas, function, record))?;
    canvas.finish((0.0, 0.0), extent, shown)
}

fn each(body: Bytes<'_>, mut see: impl FnMut(u16, Bytes<'_>) -> Result<(), MetafileError>) -> Result<(), MetafileError> {
    let mut at = usize::from(body.u16(2)?) * 2;
    for _ in 0..MOST {
        let Ok(words) = body.size(at) else { return Ok(()) };
        let function = body.u16(at + 4)?;
        if words < 3 || function == 0 {
            return Ok(());
        }
        let length = words.checked_mul(2).ok_or(MetafileError::TooLarge)?;
        // A last record cut off is what is left of the picture.
        let Ok(record) = body.part(at + 6, length - 6) else { return Ok(()) };
        match see(function, record) {
            // One record that contradicts itself is passed over.
            Ok(()) | Err(MetafileError::Broken(_)) => {}
            Err(error) => return Err(error),
        }
        at += length;
    }
    Err(MetafileError::TooLarge)
}

/// How large the picture is by its own records.
fn first_extent(body: Bytes<'_>) -> Option<Point> {
    let mut found = None;
    let _ = each(body, |function, record| {
        if function == 0x020c && found.is_none() {
            found = Some((record.x16(2)?.abs().max(1.0), record.x16(0)?.abs().max(1.0)));
        }
        Ok(())
    });
    found
}

fn points(record: Bytes<'_>, at: usize, count: usize) -> Result<Vec<Point>, MetafileError> {
    record.part(at, count.saturating_mul(4))?;
    (0..count).map(|index| Ok((record.x16(at + index * 4)?, record.x16(at + index * 4 + 2)?))).collect()
}

/// Numbers stand in records last first: `y` at 0, `x` at 2.
fn play(canvas: &mut Canvas, function: u16, record: Bytes<'_>) -> Result<(), MetafileError> {
    let pair = |at: usize| -> Result<Point, MetafileError> { Ok((record.x16(at + 2)?, record.x16(at)?)) };
    match function {
        0x001e => canvas.save(),
        0x0127 => canvas.restore(i32::from(record.i16(0)?)),
        0x0102 => canvas.context.opaque = record.u16(0)? == 2,
        0x0106 => canvas.context.even_odd = record.u16(0)? != 2,
        0x0201 => canvas.context.back_colour = record.colour(0)?,
        0x0209 => canvas.context.text_colour = record.colour(0)?,
        0x012e => canvas.context.align.0 = u32::from(record.u16(0)?),
        0x020b => canvas.context.window.0 = pair(0)?,
        0x020c => canvas.context.window.1 = pair(0)?,
        0x020f => {
            let (x, y) = pair(0)?;
            let origin = &mut canvas.context.window.0;
            *origin = (origin.0 + x, origin.1 + y);
        }
        0x0214 => canvas.context.position = pair(0)?,
        0x0213 => {
            let to = pair(0)?;
            let line = canvas.polyline(&[canvas.context.position, to], Closing::Open);
            canvas.context.position = to;
            canvas.draw(&line, Paint::Line)?;
        }
        0x01f0 => canvas.forget(usize::from(record.u16(0)?)),
        0x012d => canvas.select(usize::from(record.u16(0)?)),
        0x02fa => canvas.keep(Object::Pen(Pen::new(u32::from(record.u16(0)?), record.x16(2)?, record.colour(6)?)))?,
        0x02fb => canvas.keep(Object::Font(Font::of_wmf(record)?))?,
        0x02fc => canvas.keep(Object::Brush(brush(u32::from(record.u16(0)?), record.colour(2)?)))?,
        0x0142 | 0x01f9 => canvas.keep(Object::Brush(Some([200; 3])))?,
        0x00f7 | 0x06ff => canvas.keep(Object::Other)?,
        0x0324 | 0x0325 => {
            let points = points(record, 2, usize::from(record.u16(0)?))?;
            let closed = function == 0x0324;
            let path = canvas.polyline(&points, if closed { Closing::Closed } else { Closing::Open });
            canvas.draw(&path, if closed { Paint::Shape } else { Paint::Line })?;
        }
        0x0538 => {
            let count = usize::from(record.u16(0)?);
            let mut at = 2 + count.saturating_mul(2);
            let mut path = String::new();
            for index in 0..count {
                let length = usize::from(record.u16(2 + index * 2)?);
                path.push_str(&canvas.polyline(&points(record, at, length)?, Closing::Closed));
                at += length * 4;
            }
            canvas.draw(&path, Paint::Shape)?;
        }
        0x041b => {
            let path = canvas.rectangle(pair(4)?, pair(0)?);
            canvas.draw(&path, Paint::Shape)?;
        }
        0x061c => {
            let path = canvas.rounded(pair(8)?, pair(4)?, pair(0)?);
            canvas.draw(&path, Paint::Shape)?;
        }
        0x0418 => {
            let path = canvas.ellipse(pair(4)?, pair(0)?);
            canvas.draw(&path, Paint::Shape)?;
        }
        0x0817 | 0x081a | 0x0830 => {
            let ends = match function {
                0x0817 => Ends::Open,
                0x081a => Ends::Centre,
                _ => Ends::Chord,
            };
            let path = canvas.arc_between(pair(12)?, pair(8)?, pair(4)?, pair(0)?, ends);
            canvas.draw(&path, if ends == Ends::Open { Paint::Line } else { Paint::Shape })?;
        }
        0x061d => fill(canvas, record.u32(0)?, pair(8)?, pair(4)?)?,
        0x0521 => {
            let count = usize::from(record.u16(0)?);
            let letters = record.part(2, count)?;
            let after = 2 + count + count % 2;
            write(canvas, pair(after)?, letters.0, &[])?;
        }
        0x0a32 => extended(canvas, record)?,
        0x0940 => picture(canvas, record, 16, Target { at: pair(12)?, size: pair(8)? })?,
        0x0b41 => picture(canvas, record, 20, Target { at: pair(16)?, size: pair(12)? })?,
        0x0f43 => picture(canvas, record, 22, Target { at: pair(18)?, size: pair(14)? })?,
        0x0d33 => picture(canvas, record, 18, Target { at: pair(14)?, size: pair(10)? })?,
        // Modes that change nothing here, clips, palettes, comments.
        0x0103
        | 0x0104
        | 0x0105
        | 0x0107
        | 0x0108
        | 0x0149
        | 0x020a
        | 0x020d..=0x020e
        | 0x0211
        | 0x0231
        | 0x0234
        | 0x0035
        | 0x0037
        | 0x0436
        | 0x0139
        | 0x0415
        | 0x0416
        | 0x0220
        | 0x012c
        | 0x0626
        | 0x0410
        | 0x0412 => {}
        other => canvas.lose(&format!("WMF {other:#06x}")),
    }
    Ok(())
}

/// A rectangle in the brush alone, by its operation.
fn fill(canvas: &mut Canvas, operation: u32, at: Point, size: Point) -> Result<(), MetafileError> {
    let path = canvas.rectangle(at, (at.0 + size.0, at.1 + size.1));
    match operation {
        0x0042 => with_brush(canvas, Some([0; 3]), &path),
        0x00ff_0062 => with_brush(canvas, Some([255; 3]), &path),
        0x00f0_0021 => canvas.draw(&path, Paint::FillAlone),
        _ => Ok(()),
    }
}

fn with_brush(canvas: &mut Canvas, brush: super::objects::Brush, path: &str) -> Result<(), MetafileError> {
    let own = std::mem::replace(&mut canvas.context.brush, brush);
    let done = canvas.draw(path, Paint::FillAlone);
    canvas.context.brush = own;
    done
}

fn picture(canvas: &mut Canvas, record: Bytes<'_>, header: usize, target: Target) -> Result<(), MetafileError> {
    // The shorter form has no bitmap: it fills.
    match record.rest(header) {
        Ok(bitmap) if bitmap.0.len() >= 16 => canvas.bitmap(bitmap, None, target),
        _ => Ok(()),
    }
}

fn extended(canvas: &mut Canvas, record: Bytes<'_>) -> Result<(), MetafileError> {
    let at = (record.x16(2)?, record.x16(0)?);
    let count = usize::from(record.u16(4)?);
    let options = record.u16(6)?;
    let mut from = 8;
    if options & 6 != 0 {
        if options & 2 != 0 {
            let path = canvas.rectangle((record.x16(8)?, record.x16(10)?), (record.x16(12)?, record.x16(14)?));
            let colour = canvas.context.back_colour;
            with_brush(canvas, Some(colour), &path)?;
        }
        from += 8;
    }
    let letters = record.part(from, count)?;
    from += count + count % 2;
    let advances: Vec<f64> = (0..count).map_while(|index| record.x16(from + index * 2).ok()).collect();
    write(canvas, at, letters.0, if advances.len() == count { &advances } else { &[] })
}

fn write(canvas: &mut Canvas, at: Point, bytes: &[u8], advances: &[f64]) -> Result<(), MetafileError> {
    let letters = text::of_bytes(&canvas.context.font, bytes);
    canvas.letters(at, &letters, advances)
}
