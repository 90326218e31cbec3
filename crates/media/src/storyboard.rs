//! The WebVTT that maps times to tiles of the storyboard sheets. Pure.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::protocol::Event;

/// One sheet of thumbnails, as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The image, relative to where the VTT lies.
    pub file: String,
    /// Tiles across.
    pub columns: u32,
    /// Tiles down.
    pub rows: u32,
    /// In pixels.
    pub tile_width: u32,
    /// In pixels.
    pub tile_height: u32,
    /// From one tile to the next, in microseconds.
    pub interval_us: u64,
    /// Tiles in this sheet.
    pub count: u32,
}

impl Sheet {
    /// From [`Event::Storyboard`]; other events give nothing.
    pub fn from_event(event: &Event) -> Option<Self> {
        let Event::Storyboard { file, columns, rows, tile_width, tile_height, interval_us, count } = event else {
            return None;
        };
        Some(Self {
            file: file.clone(),
            columns: *columns,
            rows: *rows,
            tile_width: *tile_width,
            tile_height: *tile_height,
            interval_us: *interval_us,
            count: *count,
        })
    }
}

/// One cue a tile, each until the next, the last until the end; tiles are
/// named by media fragments (`story/0.jpg#xywh=160,0,160,90`).
pub fn vtt(sheets: &[Sheet], duration_us: u64) -> String {
    let mut text = String::from("WEBVTT\n");
    let mut start = 0;
    for sheet in sheets {
        for tile in 0..sheet.count {
            let next = start + sheet.interval_us;
            let end = if next > duration_us { duration_us.max(start + 1_000) } else { next };
            let x = (tile % sheet.columns.max(1)) * sheet.tile_width;
            let y = (tile / sheet.columns.max(1)) * sheet.tile_height;
            let _ = write!(
                text,
                "\n{} --> {}\n{}#xywh={x},{y},{},{}\n",
                time(start),
                time(end),
                sheet.file,
                sheet.tile_width,
                sheet.tile_height
            );
            start = next;
        }
    }
    text
}

fn time(us: u64) -> String {
    let ms = us / 1_000;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}
