//! Stills on the way: a poster, and thumbnails for the seek bar.
#![allow(unsafe_code, reason = "BT.709 for the conversion to RGB, which FFmpeg's wrapper hides")]

use ff::format::Pixel;
use ff::software::scaling;
use ffmpeg_next as ff;
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;

use super::plan::{self, Rung, Size};
use crate::failure::Failure;
use crate::protocol::{Event, Reason};
use crate::publish::Publisher;

const SHEET_SIDE: u32 = 10;
/// The longer side of a tile in pixels.
const TILE: u32 = 160;
/// Mean luma under which a picture counts as black (16 is black).
const DARK: u32 = 40;
const POSTER_SIDE: u32 = 720;

/// Looks at frames on their way to the encoders.
pub(crate) struct Stills<'a> {
    publisher: &'a Publisher,
    poster: Poster,
    tiles: Tiles,
}

struct Poster {
    rung: usize,
    size: Size,
    /// When to look first, and how often after that.
    next_us: u64,
    step_us: u64,
    tries: u32,
    best: Option<(u32, RgbImage)>,
    done: bool,
}

struct Tiles {
    size: Size,
    interval_us: u64,
    next_us: u64,
    sheets: u32,
    count: u32,
    sheet: RgbImage,
}

impl<'a> Stills<'a> {
    pub fn new(duration_us: u64, rungs: &[Rung], publisher: &'a Publisher) -> Self {
        let rung = rungs.iter().rposition(|rung| rung.size.short_side() <= POSTER_SIDE).unwrap_or(0);
        let sized = |index: usize| rungs.get(index).map_or(Size { width: 2, height: 2 }, |rung| rung.size);
        let lowest = sized(0);
        let tile = bounded(lowest, TILE);
        let poster = Poster {
            rung,
            size: sized(rung),
            next_us: duration_us / 10,
            step_us: (duration_us / 20).max(500_000),
            tries: 0,
            best: None,
            done: false,
        };
        let tiles = Tiles {
            size: tile,
            interval_us: plan::storyboard_interval(duration_us),
            next_us: 0,
            sheets: 0,
            count: 0,
            sheet: RgbImage::new(tile.width * SHEET_SIDE, tile.height * SHEET_SIDE),
        };
        Self { publisher, poster, tiles }
    }

    /// Looks at the frame of a rung shown at `index` frames.
    pub fn see(&mut self, rung: usize, frame: &ff::frame::Video, index: i64, rate: (u32, u32)) -> Result<(), Failure> {
        let at_us = index.unsigned_abs() * 1_000_000 * u64::from(rate.1) / u64::from(rate.0);
        if rung == 0 && at_us >= self.tiles.next_us {
            self.add_tile(frame)?;
        }
        let poster = &mut self.poster;
        if rung != poster.rung || poster.done {
            return Ok(());
        }
        // The first frame of all stands in until a better one comes.
        if poster.best.is_some() && at_us < poster.next_us {
            return Ok(());
        }
        let light = brightness(frame);
        let early = at_us < poster.next_us;
        if early || poster.tries == 0 || poster.best.as_ref().is_none_or(|(best, _)| light > *best) {
            poster.best = Some((light, to_rgb(frame, poster.size)?));
        }
        if !early {
            poster.tries += 1;
            poster.next_us = at_us + poster.step_us;
            if light > DARK || poster.tries >= 12 {
                return self.put_poster();
            }
        }
        Ok(())
    }

    fn put_poster(&mut self) -> Result<(), Failure> {
        self.poster.done = true;
        let Some((_, picture)) = self.poster.best.take() else {
            return Ok(());
        };
        let file = "poster.jpg".to_owned();
        self.publisher.file(&file, &jpeg(&picture, 82)?)?;
        let (width, height) = picture.dimensions();
        self.publisher.event(&Event::Poster { file, width, height })
    }

    fn add_tile(&mut self, frame: &ff::frame::Video) -> Result<(), Failure> {
        let tiles = &mut self.tiles;
        tiles.next_us += tiles.interval_us;
        let tile = to_rgb(frame, tiles.size)?;
        let (column, row) = (tiles.count % SHEET_SIDE, tiles.count / SHEET_SIDE);
        image::imageops::replace(&mut tiles.sheet, &tile, i64::from(column * tiles.size.width), i64::from(row * tiles.size.height));
        tiles.count += 1;
        if tiles.count == SHEET_SIDE * SHEET_SIDE { self.put_sheet() } else { Ok(()) }
    }

    fn put_sheet(&mut self) -> Result<(), Failure> {
        let tiles = &mut self.tiles;
        if tiles.count == 0 {
            return Ok(());
        }
        let columns = tiles.count.min(SHEET_SIDE);
        let rows = tiles.count.div_ceil(SHEET_SIDE);
        let used = image::imageops::crop_imm(&tiles.sheet, 0, 0, columns * tiles.size.width, rows * tiles.size.height).to_image();
        let file = format!("story/{}.jpg", tiles.sheets);
        self.publisher.file(&file, &jpeg(&used, 70)?)?;
        let event = Event::Storyboard {
            file,
            columns,
            rows,
            tile_width: tiles.size.width,
            tile_height: tiles.size.height,
            interval_us: tiles.interval_us,
            count: tiles.count,
        };
        tiles.sheets += 1;
        tiles.count = 0;
        self.publisher.event(&event)
    }

    /// The last sheet, and a poster where none was bright enough.
    pub fn finish(&mut self) -> Result<(), Failure> {
        if !self.poster.done {
            self.put_poster()?;
        }
        self.put_sheet()
    }
}

fn bounded(size: Size, longest: u32) -> Size {
    let side = size.width.max(size.height).max(1);
    let fit = |value: u32| ((value * longest / side).max(2) + 1) & !1;
    Size { width: fit(size.width), height: fit(size.height) }
}

/// Mean luma of a sparse grid.
fn brightness(frame: &ff::frame::Video) -> u32 {
    let (stride, data) = (frame.stride(0), frame.data(0));
    let (mut sum, mut count) = (0_u64, 0_u64);
    for row in (0..frame.height() as usize).step_by(8) {
        for column in (0..frame.width() as usize).step_by(8) {
            if let Some(luma) = data.get(row * stride + column) {
                sum += u64::from(*luma);
                count += 1;
            }
        }
    }
    u32::try_from(sum / count.max(1)).unwrap_or(0)
}

fn to_rgb(frame: &ff::frame::Video, size: Size) -> Result<RgbImage, Failure> {
    let failed = |error| Failure::ffmpeg("still", error);
    let mut scaler = scaling::Context::get(
        frame.format(),
        frame.width(),
        frame.height(),
        Pixel::RGB24,
        size.width,
        size.height,
        scaling::Flags::BICUBIC | scaling::Flags::ACCURATE_RND,
    )
    .map_err(failed)?;
    // SAFETY: coefficients are static tables, the context is live.
    unsafe {
        let table = ff::ffi::sws_getCoefficients(ff::ffi::SWS_CS_ITU709);
        ff::ffi::sws_setColorspaceDetails(scaler.as_mut_ptr(), table, 0, table, 1, 0, 1 << 16, 1 << 16);
    }
    let mut rgb = ff::frame::Video::empty();
    scaler.run(frame, &mut rgb).map_err(failed)?;
    let (stride, line) = (rgb.stride(0), size.width as usize * 3);
    let bytes: Vec<u8> =
        rgb.data(0).chunks(stride).take(size.height as usize).flat_map(|row| row.get(..line).unwrap_or_default()).copied().collect();
    RgbImage::from_raw(size.width, size.height, bytes).ok_or_else(|| Failure::new(Reason::Internal, "a still of the wrong size"))
}

fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        .map_err(|error| Failure::new(Reason::Internal, error.to_string()))?;
    Ok(bytes)
}
