//! A first look at a file's bytes, to say of one that can't be opened whether
//! it is no media at all, cut off, or broken.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Whether the first bytes are those of a media container.
pub(crate) fn starts_like_media(head: &[u8]) -> bool {
    let at = |offset: usize, magic: &[u8]| head.get(offset..offset + magic.len()).is_some_and(|bytes| bytes == magic);
    let boxes: [&[u8]; 7] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp"];
    boxes.iter().any(|name| at(4, name))
        || at(0, &[0x1a, 0x45, 0xdf, 0xa3])
        || at(0, b"RIFF")
        || at(0, b"RF64")
        || at(0, b"OggS")
        || at(0, b"fLaC")
        || at(0, b"FLV")
        || at(0, b"ID3")
        || at(0, b"FORM")
        || at(0, b".RMF")
        || at(0, b"caff")
        || at(0, b"#!AMR")
        || at(0, &[0x30, 0x26, 0xb2, 0x75])
        || at(0, &[0, 0, 1, 0xba])
        || at(0, &[0, 0, 1, 0xb3])
        || (at(0, b"G") && at(188, b"G"))
        || (at(4, b"G") && at(196, b"G"))
        || (head.len() > 1 && head[0] == 0xff && head[1] & 0xe0 == 0xe0 && head[1] != 0xff)
}

/// How a file that can't be opened looks from outside.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Its parts add up to its length: what is in them is broken.
    Whole,
    /// A part reaches past the end, or the index is missing.
    CutOff,
}

/// Walks the top-level boxes of an MP4; other containers carry no length of
/// their own worth asking, and one that can't even be opened has lost its
/// beginning's sense, most often by a cut.
pub(crate) fn shape(path: &Path) -> Shape {
    boxes_add_up(path).unwrap_or(Shape::CutOff)
}

fn boxes_add_up(path: &Path) -> std::io::Result<Shape> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let (mut at, mut index_seen) = (0, false);
    // A hostile file could hold millions of tiny boxes.
    for _ in 0..10_000 {
        if at >= length {
            return Ok(if index_seen { Shape::Whole } else { Shape::CutOff });
        }
        let mut header = [0; 16];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut header[..8])?;
        let short = u32::from_be_bytes([header[0], header[1], header[2], header[3]]);
        let size = match short {
            0 => length - at,
            1 => {
                file.read_exact(&mut header[8..])?;
                header[8..].iter().fold(0, |size, byte| size << 8 | u64::from(*byte))
            }
            size => u64::from(size),
        };
        index_seen |= &header[4..8] == b"moov";
        if size < 8 {
            return Ok(Shape::Whole);
        }
        match at.checked_add(size) {
            Some(end) if end <= length => at = end,
            _ => return Ok(Shape::CutOff),
        }
    }
    Ok(Shape::Whole)
}
