//! Pictures of the package: what they are by their bytes, each kept once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;

use crate::model::Media;

/// Packed metafiles (`.emz`, `.wmz`) inflate to this at most.
const LARGEST: u64 = 32 << 20;

/// A format of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub mime: &'static str,
    pub extension: &'static str,
    /// Whether browsers show it.
    pub shown: bool,
}

/// The format, by the first bytes; names and declared types lie.
pub(super) fn format(bytes: &[u8]) -> Option<Format> {
    let shown = |mime, extension| Some(Format { mime, extension, shown: true });
    let other = |mime, extension| Some(Format { mime, extension, shown: false });
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => shown("image/png", "png"),
        [0xff, 0xd8, 0xff, ..] => shown("image/jpeg", "jpg"),
        [b'G', b'I', b'F', b'8', ..] => shown("image/gif", "gif"),
        [b'B', b'M', ..] => shown("image/bmp", "bmp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => shown("image/webp", "webp"),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => other("image/tiff", "tif"),
        [0xd7, 0xcd, 0xc6, 0x9a, ..] | [1 | 2, 0, 9, 0, 0, 1 | 3, ..] => other("image/wmf", "wmf"),
        _ if bytes.get(40..44) == Some(b" EMF") => other("image/emf", "emf"),
        _ => {
            let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(512)).unwrap_or(bytes)).to_ascii_lowercase();
            (head.contains("<svg") || (head.trim_start().starts_with("<?xml") && head.contains("svg"))).then_some(Format {
                mime: "image/svg+xml",
                extension: "svg",
                shown: true,
            })
        }
    }
}

/// The picture in a packed metafile; all others as they are.
pub(super) fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut out = Vec::new();
    let read = GzDecoder::new(bytes.as_slice()).take(LARGEST).read_to_end(&mut out);
    if read.is_ok() { out } else { bytes }
}

/// What is kept so far.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub media: Vec<Media>,
    by_content: HashMap<u64, Vec<usize>>,
}

impl Shelf {
    /// Keeps a picture and returns its id. The same bytes are kept once.
    pub(super) fn keep(&mut self, format: Format, bytes: Vec<u8>) -> String {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let same = self.by_content.entry(hasher.finish()).or_default();
        let known = same.iter().filter_map(|at| self.media.get(*at)).find(|media| media.content == bytes);
        if let Some(media) = known {
            return media.id.clone();
        }
        same.push(self.media.len());
        let id = format!("img{}", self.media.len() + 1);
        self.media.push(Media {
            id: id.clone(),
            file: format!("{id}.{}", format.extension),
            mime: format.mime.to_owned(),
            content: Bytes::from(bytes),
        });
        id
    }
}
