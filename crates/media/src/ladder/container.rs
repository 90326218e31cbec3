//! A first look at a file's bytes, to say of one that can't be opened whether
//! it is no media at all, cut off, or broken.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// What an MP4 may begin with.
const BOXES: [&[u8; 4]; 7] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp"];

/// Whether the first bytes are those of a media container.
pub(crate) fn starts_like_media(head: &[u8]) -> bool {
    let at = |offset: usize, magic: &[u8]| head.get(offset..offset + magic.len()).is_some_and(|bytes| bytes == magic);
    BOXES.iter().any(|name| at(4, *name))
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

/// How a file looks from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Its parts add up to its length.
    Whole,
    /// A part reaches past the end, or the index is missing.
    CutOff,
}

/// Compares the lengths a container gives for its parts with the file's own; none for one that gives
/// no lengths.
pub(crate) fn shape(path: &Path) -> Option<Shape> {
    let walk = || {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        file.seek(SeekFrom::Start(4))?;
        let (first, second) = head.split_at(4);
        Ok(match first {
            b"RIFF" => Some(riff_adds_up(&mut file, length)?),
            [0x1a, 0x45, 0xdf, 0xa3] => Some(matroska_adds_up(&mut file, length)?),
            _ if BOXES.iter().any(|name| second == *name) => Some(boxes_add_up(&mut file, length)?),
            _ => None,
        })
    };
    // It ends in the middle of what says how long it is.
    let walked: std::io::Result<Option<Shape>> = walk();
    walked.unwrap_or(Some(Shape::CutOff))
}

fn within(end: Option<u64>, length: u64) -> Shape {
    if end.is_some_and(|end| end <= length) { Shape::Whole } else { Shape::CutOff }
}

/// AVI and WAV: one chunk around everything. A recorder that was cut off by a dead battery leaves 0.
fn riff_adds_up(file: &mut File, length: u64) -> std::io::Result<Shape> {
    let mut size = [0; 4];
    file.read_exact(&mut size)?;
    let size = u32::from_le_bytes(size);
    Ok(if matches!(size, 0 | u32::MAX) { Shape::Whole } else { within(Some(u64::from(size) + 8), length) })
}

/// Matroska and WebM: a header, then one segment, whose length live recorders leave open.
fn matroska_adds_up(file: &mut File, length: u64) -> std::io::Result<Shape> {
    const SEGMENT: [u8; 4] = [0x18, 0x53, 0x80, 0x67];
    let header = varint(file)?.unwrap_or(0);
    let mut id = [0; 4];
    file.seek(SeekFrom::Current(i64::try_from(header).unwrap_or(i64::MAX)))?;
    file.read_exact(&mut id)?;
    if id != SEGMENT {
        return Ok(Shape::Whole);
    }
    let Some(size) = varint(file)? else { return Ok(Shape::Whole) };
    Ok(within(file.stream_position()?.checked_add(size), length))
}

/// A length of EBML (RFC 8794, section 4); none where it is left open.
fn varint(file: &mut File) -> std::io::Result<Option<u64>> {
    let mut first = [0];
    file.read_exact(&mut first)?;
    let more = first[0].leading_zeros() as usize;
    if more > 7 {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let mut rest = [0; 7];
    file.read_exact(&mut rest[..more])?;
    // The marker bit takes itself away.
    let mask = 0x7f_u64 >> more;
    let value = rest[..more].iter().fold(u64::from(first[0]) & mask, |value, byte| value << 8 | u64::from(*byte));
    let open = (1_u64 << (7 * (more + 1))) - 1;
    Ok((value != open).then_some(value))
}

/// The top-level boxes of an MP4.
fn boxes_add_up(file: &mut File, length: u64) -> std::io::Result<Shape> {
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
