//! EMF: records of 32-bit numbers. What is drawn in EMF+ alone can't be shown; most programs write
//! both.

use super::Drawing;
use super::bytes::Bytes;
use super::canvas::{Canvas, Paint, Point, Transform};
use super::dib::Target;
use super::error::MetafileError;
use super::objects::{Font, Object, Pen, brush};
use super::shapes::{Closing, Ends};
use super::text;

/// Records of one picture.
const MOST: usize = 500_000;

pub(super) fn is_one(bytes: &[u8]) -> bool {
    Bytes(bytes).u32(0) == Ok(1) && bytes.get(40..44) == Some(b" EMF")
}

/// What the header says of the device.
struct Device {
    /// Pixels in a millimetre.
    density: Point,
}

pub(super) fn read(bytes: &[u8]) -> Result<Drawing, MetafileError> {
    let all = Bytes(bytes);
    let bounds = [all.x32(8)?, all.x32(12)?, all.x32(16)?, all.x32(20)?];
    let frame = [all.x32(24)?, all.x32(28)?, all.x32(32)?, all.x32(36)?];
    let pixels = (all.x32(72)?.abs().max(1.0), all.x32(76)?.abs().max(1.0));
    let millimetres = (all.x32(80)?.abs().max(1.0), all.x32(84)?.abs().max(1.0));
    let density = (pixels.0 / millimetres.0, pixels.1 / millimetres.1);
    // The frame in hundredths of a millimetre is how large the picture is meant; else what it covers.
    let framed = frame[2] > frame[0] && frame[3] > frame[1];
    let (origin, extent) = if framed {
        let place = |at: usize, density: f64| frame.get(at).copied().unwrap_or(0.0) / 100.0 * density;
        let origin = (place(0, density.0), place(1, density.1));
        (origin, (place(2, density.0) - origin.0, place(3, density.1) - origin.1))
    } else {
        ((bounds[0], bounds[1]), ((bounds[2] - bounds[0] + 1.0).max(1.0), (bounds[3] - bounds[1] + 1.0).max(1.0)))
    };
    let mut canvas = Canvas::new();
    canvas.pixel = (density.0 * 25.4 / 96.0).max(0.01);
    let device = Device { density };
    let mut at = 0;
    for count in 0.. {
        if count > MOST {
            return Err(MetafileError::TooLarge);
        }
        let (Ok(kind), Ok(length)) = (all.u32(at), all.size(at + 4)) else { break };
        if kind == 14 || length < 8 {
            break;
        }
        let Ok(record) = all.part(at, length) else { break };
        match play(&mut canvas, &device, kind, record) {
            Ok(()) | Err(MetafileError::Broken(_)) => {}
            Err(error) => return Err(error),
        }
        at += length;
    }
    let shown = (extent.0 / density.0 / 25.4 * 96.0, extent.1 / density.1 / 25.4 * 96.0);
    canvas.finish(origin, extent, shown)
}

/// Points of 32-bit or 16-bit numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wide {
    Long,
    Short,
}

fn points(record: Bytes<'_>, at: usize, count: usize, wide: Wide) -> Result<Vec<Point>, MetafileError> {
    let size = if wide == Wide::Long { 8 } else { 4 };
    record.part(at, count.saturating_mul(size))?;
    (0..count)
        .map(|index| {
            let at = at + index * size;
            Ok(match wide {
                Wide::Long => (record.x32(at)?, record.x32(at + 4)?),
                Wide::Short => (record.x16(at)?, record.x16(at + 2)?),
            })
        })
        .collect()
}

fn play(canvas: &mut Canvas, device: &Device, kind: u32, record: Bytes<'_>) -> Result<(), MetafileError> {
    let pair = |at: usize| -> Result<Point, MetafileError> { Ok((record.x32(at)?, record.x32(at + 4)?)) };
    let wide = if (85..=91).contains(&kind) { Wide::Short } else { Wide::Long };
    match kind {
        2..=6 | 85..=89 => {
            let points = points(record, 28, record.size(24)?, wide)?;
            lines(canvas, if kind >= 85 { kind - 83 } else { kind }, &points)?;
        }
        7 | 8 | 90 | 91 => {
            let (shapes, total) = (record.size(24)?, record.size(28)?);
            let start = 32 + shapes.saturating_mul(4);
            let points = points(record, start, total, wide)?;
            let closed = matches!(kind, 8 | 91);
            let mut path = String::new();
            let mut from = 0_usize;
            for index in 0..shapes {
                let count = record.size(32 + index * 4)?;
                let end = from.saturating_add(count);
                let shape = points.get(from..end).unwrap_or_default();
                path.push_str(&canvas.polyline(shape, if closed { Closing::Closed } else { Closing::Open }));
                from = end;
            }
            canvas.draw(&path, if closed { Paint::Shape } else { Paint::Line })?;
        }
        9 => canvas.context.window.1 = pair(8)?,
        10 => canvas.context.window.0 = pair(8)?,
        11 => canvas.context.viewport.1 = pair(8)?,
        12 => canvas.context.viewport.0 = pair(8)?,
        17 => map_mode(canvas, device, record.u32(8)?),
        18 => canvas.context.opaque = record.u32(8)? == 2,
        19 => canvas.context.even_odd = record.u32(8)? != 2,
        22 => canvas.context.align.0 = record.u32(8)?,
        24 => canvas.context.text_colour = record.colour(8)?,
        25 => canvas.context.back_colour = record.colour(8)?,
        27 => move_to(canvas, pair(8)?),
        33 => canvas.save(),
        34 => canvas.restore(record.i32(8)?),
        35 => canvas.context.world = transform(record)?,
        36 => {
            let given = transform(record)?;
            let world = canvas.context.world;
            canvas.context.world = match record.u32(32)? {
                1 => Transform::SAME,
                2 => given.then(world),
                3 => world.then(given),
                _ => given,
            };
        }
        37 => select(canvas, record.u32(8)?),
        38 => canvas.keep_at(record.size(8)?, Object::Pen(Pen::new(record.u32(12)?, record.x32(16)?, record.colour(24)?)))?,
        39 => canvas.keep_at(record.size(8)?, Object::Brush(brush(record.u32(12)?, record.colour(16)?)))?,
        93 | 94 => canvas.keep_at(record.size(8)?, Object::Brush(Some([200; 3])))?,
        95 => {
            let style = record.u32(28)?;
            let pen = if record.u32(36)? == 1 { Pen::new(5, 0.0, [0; 3]) } else { Pen::new(style, record.x32(32)?, record.colour(40)?) };
            canvas.keep_at(record.size(8)?, Object::Pen(pen))?;
        }
        82 => canvas.keep_at(record.size(8)?, Object::Font(Font::of_emf(record.rest(12)?)?))?,
        49 | 99 | 122 => canvas.keep_at(record.size(8)?, Object::Other)?,
        40 => canvas.forget(record.size(8)?),
        42 => {
            let path = canvas.ellipse(pair(8)?, pair(16)?);
            canvas.draw(&path, Paint::Shape)?;
        }
        43 => {
            let path = canvas.rectangle(pair(8)?, pair(16)?);
            canvas.draw(&path, Paint::Shape)?;
        }
        44 => {
            let path = canvas.rounded(pair(8)?, pair(16)?, pair(24)?);
            canvas.draw(&path, Paint::Shape)?;
        }
        45..=47 | 55 => {
            let ends = match kind {
                46 => Ends::Chord,
                47 => Ends::Centre,
                _ => Ends::Open,
            };
            let path = canvas.arc_between(pair(8)?, pair(16)?, pair(24)?, pair(32)?, ends);
            canvas.draw(&path, if ends == Ends::Open { Paint::Line } else { Paint::Shape })?;
        }
        54 => {
            let to = pair(8)?;
            line_to(canvas, &[to], Curve::Straight)?;
        }
        59 => canvas.path = Some(String::new()),
        61 => {
            if let Some(path) = canvas.path.as_mut().filter(|path| !path.is_empty()) {
                path.push('Z');
            }
        }
        // Its end: what is drawn of it comes next.
        60 => canvas.end_path(),
        62 => canvas.paint_path(Paint::FillAlone)?,
        63 => canvas.paint_path(Paint::Shape)?,
        64 => canvas.paint_path(Paint::Line)?,
        67 | 68 => canvas.drop_path(),
        76 | 77 => blit(canvas, record)?,
        81 => {
            let target = Target { at: pair(24)?, size: pair(72)? };
            bitmap(canvas, record, [48, 52, 56, 60], target)?;
        }
        80 => {
            let target = Target { at: pair(24)?, size: pair(40)? };
            bitmap(canvas, record, [48, 52, 56, 60], target)?;
        }
        114 => {
            let target = Target { at: pair(24)?, size: pair(32)? };
            bitmap(canvas, record, [84, 88, 92, 96], target)?;
        }
        83 | 84 => letters(canvas, kind, record)?,
        108 => small_letters(canvas, record)?,
        70 => {
            if record.0.get(12..16) == Some(b"EMF+") {
                canvas.lose_if_nothing("EMF+");
            }
        }
        // The header, modes, clips, palettes, colour spaces.
        1
        | 13
        | 15
        | 16
        | 20
        | 21
        | 23
        | 26
        | 28..=32
        | 48
        | 50..=52
        | 57
        | 58
        | 65
        | 66
        | 69
        | 72..=75
        | 98
        | 100..=107
        | 111..=113
        | 115
        | 119
        | 121 => {}
        other => canvas.lose(&format!("EMF {other}")),
    }
    Ok(())
}

fn map_mode(canvas: &mut Canvas, device: &Device, mode: u32) {
    canvas.context.map_mode = mode;
    // Of fixed units: how many there are in a millimetre; they grow upwards.
    let units = match mode {
        2 => 10.0,
        3 => 100.0,
        4 => 100.0 / 25.4,
        5 => 1000.0 / 25.4,
        6 => 1440.0 / 25.4,
        1 => {
            canvas.context.window.1 = (1.0, 1.0);
            canvas.context.viewport.1 = (1.0, 1.0);
            return;
        }
        _ => return,
    };
    canvas.context.window.1 = (units, -units);
    canvas.context.viewport.1 = device.density;
}

fn transform(record: Bytes<'_>) -> Result<Transform, MetafileError> {
    let mut out = [0.0; 6];
    for (at, value) in out.iter_mut().enumerate() {
        *value = record.f32(8 + at * 4)?;
    }
    if out.iter().all(|value| value.is_finite()) { Ok(Transform(out)) } else { Err(MetafileError::Broken("phép biến hình")) }
}

fn select(canvas: &mut Canvas, index: u32) {
    let pen = |colour| Object::Pen(Pen { colour, ..Pen::default() });
    let stock = match index {
        0x8000_0000 => Object::Brush(Some([255; 3])),
        0x8000_0001 => Object::Brush(Some([192; 3])),
        0x8000_0002 => Object::Brush(Some([128; 3])),
        0x8000_0003 => Object::Brush(Some([64; 3])),
        0x8000_0004 => Object::Brush(Some([0; 3])),
        0x8000_0005 => Object::Brush(None),
        0x8000_0006 => pen(Some([255; 3])),
        0x8000_0007 => pen(Some([0; 3])),
        0x8000_0008 => pen(None),
        0x8000_000a..=0x8000_0011 => Object::Font(Font::default()),
        own => return canvas.select(usize::try_from(own).unwrap_or(usize::MAX)),
    };
    canvas.wear(stock);
}

fn move_to(canvas: &mut Canvas, to: Point) {
    canvas.context.position = to;
}

/// Whether lines to further points are bent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Curve {
    Straight,
    Bent,
}

fn lines(canvas: &mut Canvas, kind: u32, points: &[Point]) -> Result<(), MetafileError> {
    match kind {
        2 => {
            let path = canvas.curves(points);
            canvas.draw(&path, Paint::Line)
        }
        3 => {
            let path = canvas.polyline(points, Closing::Closed);
            canvas.draw(&path, Paint::Shape)
        }
        4 => {
            let path = canvas.polyline(points, Closing::Open);
            canvas.draw(&path, Paint::Line)
        }
        5 => line_to(canvas, points, Curve::Bent),
        _ => line_to(canvas, points, Curve::Straight),
    }
}

/// Lines that go on from where the last one ended.
fn line_to(canvas: &mut Canvas, points: &[Point], curve: Curve) -> Result<(), MetafileError> {
    let Some(last) = points.last().copied() else { return Ok(()) };
    let mut all = vec![canvas.context.position];
    all.extend_from_slice(points);
    let mut path = match curve {
        Curve::Straight => canvas.polyline(&all, Closing::Open),
        Curve::Bent => canvas.curves(&all),
    };
    // In an open path the line goes on from its end, so that the whole can be filled.
    if let Some(open) = &canvas.path
        && let Some(next) = path.get(1..).and_then(|rest| rest.find(['L', 'C']))
        && path
            .get(..=next)
            .is_some_and(|start| open.ends_with(start.get(1..).unwrap_or_default()) && !open.ends_with('Z') && !open.is_empty())
    {
        path = path.get(next + 1..).unwrap_or_default().to_owned();
    }
    canvas.context.position = last;
    canvas.draw(&path, Paint::Line)
}

fn blit(canvas: &mut Canvas, record: Bytes<'_>) -> Result<(), MetafileError> {
    let at = (record.x32(24)?, record.x32(28)?);
    let size = (record.x32(32)?, record.x32(36)?);
    if record.u32(84)? != 0 && record.u32(88)? != 0 {
        return bitmap(canvas, record, [84, 88, 92, 96], Target { at, size });
    }
    let path = canvas.rectangle(at, (at.0 + size.0, at.1 + size.1));
    let brush = match record.u32(40)? {
        0x0042 => Some([0; 3]),
        0x00ff_0062 => Some([255; 3]),
        0x00f0_0021 => canvas.context.brush,
        _ => return Ok(()),
    };
    let own = std::mem::replace(&mut canvas.context.brush, brush);
    let done = canvas.draw(&path, Paint::FillAlone);
    canvas.context.brush = own;
    done
}

/// A bitmap whose places and sizes of header and pixels stand at these offsets.
fn bitmap(
    canvas: &mut Canvas,
    record: Bytes<'_>,
    [header, header_size, pixels, pixels_size]: [usize; 4],
    target: Target,
) -> Result<(), MetafileError> {
    let header = record.part(record.size(header)?, record.size(header_size)?)?;
    let pixels = record.part(record.size(pixels)?, record.size(pixels_size)?)?;
    canvas.bitmap(header, Some(pixels), target)
}

fn letters(canvas: &mut Canvas, kind: u32, record: Bytes<'_>) -> Result<(), MetafileError> {
    let at = (record.x32(36)?, record.x32(40)?);
    let count = record.size(44)?;
    let from = record.size(48)?;
    let options = record.u32(52)?;
    let spaces = record.size(72)?;
    if options & 2 != 0 {
        let path = canvas.rectangle((record.x32(56)?, record.x32(60)?), (record.x32(64)?, record.x32(68)?));
        let own = canvas.context.brush.replace(canvas.context.back_colour);
        let done = canvas.draw(&path, Paint::FillAlone);
        canvas.context.brush = own;
        done?;
    }
    // Numbers of glyphs are no letters.
    if options & 0x10 != 0 {
        canvas.lose("chữ theo số hiệu nét");
        return Ok(());
    }
    let letters = if kind == 84 {
        record.part(from, count.saturating_mul(2))?;
        let units: Vec<u16> = (0..count).map_while(|index| record.u16(from + index * 2).ok()).collect();
        text::of_wide(&canvas.context.font, &units)
    } else {
        text::of_bytes(&canvas.context.font, record.part(from, count)?.0)
    };
    let step = if options & 0x2000 != 0 { 8 } else { 4 };
    let advances: Vec<f64> =
        if spaces == 0 { Vec::new() } else { (0..count).map_while(|index| record.x32(spaces.checked_add(index * step)?).ok()).collect() };
    canvas.letters(at, &letters, if advances.len() == letters.len() { &advances } else { &[] })
}

fn small_letters(canvas: &mut Canvas, record: Bytes<'_>) -> Result<(), MetafileError> {
    let at = (record.x32(8)?, record.x32(12)?);
    let count = record.size(16)?;
    let options = record.u32(20)?;
    let from = if options & 0x100 != 0 { 36 } else { 52 };
    let letters = if options & 0x200 != 0 {
        text::of_bytes(&canvas.context.font, record.part(from, count)?.0)
    } else {
        record.part(from, count.saturating_mul(2))?;
        let units: Vec<u16> = (0..count).map_while(|index| record.u16(from + index * 2).ok()).collect();
        text::of_wide(&canvas.context.font, &units)
    };
    canvas.letters(at, &letters, &[])
}
