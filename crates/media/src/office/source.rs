//! What an old document is, told from its bytes without reading its structure.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const SECTOR: usize = 512;
const SMALL_SECTOR: usize = 64;

/// What LibreOffice would be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Word 6 to 2003.
    Doc,
    /// Rich text.
    Rtf,
    /// A Word file that asks for a password.
    Locked,
    /// No bytes.
    Empty,
    /// Anything else, such as the two hundred bytes Word leaves beside an open file.
    Other,
}

/// Looks at a file once, from its start to the header of Word's stream.
pub(super) fn look(path: &Path) -> io::Result<Source> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut sector = [0; SECTOR];
    let first = fill(&mut file, &mut sector)?;
    let head = sector.get(..first).unwrap_or_default();
    if head.is_empty() {
        return Ok(Source::Empty);
    }
    if head.starts_with(b"{\\rtf") {
        return Ok(Source::Rtf);
    }
    if !head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Source::Other);
    }
    loop {
        let read = fill(&mut file, &mut sector)?;
        // Streams begin at sectors, small ones at small sectors inside those.
        let mut starts = sector.get(..read).unwrap_or_default().chunks_exact(SMALL_SECTOR);
        if let Some(source) = starts.find_map(word_stream) {
            return Ok(source);
        }
        if read < SECTOR {
            return Ok(Source::Other);
        }
    }
}

/// Word's stream begins with its mark, its version and, six bytes further, its flags.
fn word_stream(bytes: &[u8]) -> Option<Source> {
    let [0xec | 0xdc, 0xa5, version @ ..] = bytes else { return None };
    let [low, high, _, _, _, _, _, _, _, flags, ..] = version else { return None };
    // Word 6, 95, 97, 2000, 2002, 2003 and 2007.
    let known = matches!(u16::from_le_bytes([*low, *high]), 0x65..=0x6a | 0xc0..=0xc2 | 0xd9 | 0x101 | 0x10c | 0x112);
    known.then_some(if flags & 1 == 1 { Source::Locked } else { Source::Doc })
}

fn fill(file: &mut impl Read, sector: &mut [u8; SECTOR]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(room) = sector.get_mut(length..).filter(|room| !room.is_empty()) {
        match file.read(room)? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8]) -> Source {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), bytes).expect("written");
        look(file.path()).expect("read")
    }

    fn word(flags: u8) -> Vec<u8> {
        let mut bytes = vec![0; 2048];
        bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
        bytes[1024..1028].copy_from_slice(&[0xec, 0xa5, 0xc1, 0]);
        bytes[1024 + 11] = flags;
        bytes
    }

    #[test]
    fn a_document_is_told_from_what_only_looks_like_one() {
        assert_eq!(seen(&word(0)), Source::Doc);
        assert_eq!(seen(&word(1)), Source::Locked);
        assert_eq!(seen(b"{\\rtf1 x}"), Source::Rtf);
        assert_eq!(seen(b""), Source::Empty);
        assert_eq!(seen(&[6; 162]), Source::Other, "Word's lock file");
        let mut slides = word(0);
        slides[1024] = 0;
        assert_eq!(seen(&slides), Source::Other);
        assert_eq!(seen(&word(0)[..1030]), Source::Other, "cut off");
    }
}
