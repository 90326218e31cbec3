//! Zip archives read under limits: Office files come from anybody.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;

/// What a reader of zips puts up with.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveLimits {
    /// Entries in the whole archive.
    pub entries: usize,
    /// Inflated bytes of one entry.
    pub entry_bytes: u64,
    /// Inflated bytes of all entries read.
    pub total_bytes: u64,
    /// Inflated over stored size of one entry; text rarely passes 50, zeros reach 1,000.
    pub ratio: u64,
}

impl ArchiveLimits {
    /// Office files of lessons: real ones stay far below all of these.
    pub const OFFICE: Self = Self { entries: 10_000, entry_bytes: 64 << 20, total_bytes: 128 << 20, ratio: 300 };
}

/// Small entries may have any ratio: a few kilobytes of zeros do no harm.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// Why an archive, or an entry of it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// No zip, or a damaged one.
    #[error("not a readable zip archive: {0}")]
    Broken(String),
    /// More entries than allowed.
    #[error("the archive has more than {limit} entries")]
    TooManyEntries {
        /// The most allowed.
        limit: usize,
    },
    /// An entry inflates past its limit, or past what is left of the archive's.
    #[error("entry {name} is larger than allowed when unpacked")]
    TooLarge {
        /// Its name.
        name: String,
    },
    /// An entry needs a password.
    #[error("entry {name} is locked with a password")]
    Encrypted {
        /// Its name.
        name: String,
    },
}

/// An archive and the bytes it may still give.
#[derive(Debug)]
pub struct LimitedArchive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    limits: ArchiveLimits,
    left: u64,
}

impl<'a> LimitedArchive<'a> {
    /// Opens it without reading any entry.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn open(bytes: &'a [u8], limits: ArchiveLimits) -> Result<Self, ArchiveError> {
        // The zip crate keeps a record per entry; count first, from the end record.
        if declared_entries(bytes).is_some_and(|count| count > limits.entries as u64) {
            return Err(ArchiveError::TooManyEntries { limit: limits.entries });
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| ArchiveError::Broken(error.to_string()))?;
        if zip.len() > limits.entries {
            return Err(ArchiveError::TooManyEntries { limit: limits.entries });
        }
        Ok(Self { zip, limits, left: limits.total_bytes })
    }

    /// Names of the entries, as they stand in the archive: never to be used as paths.
    pub fn names(&self) -> Vec<String> {
        self.zip.file_names().flatten().map(|name| name.into_owned()).collect()
    }

    /// One entry's bytes; `None` when there is no such entry.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ArchiveError> {
        match self.zip.index_for_name(name) {
            Some(index) => self.read_at(index, name).map(Some),
            None => Ok(None),
        }
    }

    /// One entry, inflated while it is read, for readers that need not hold the whole; `None` when
    /// there is no such entry. Reading past the limits fails with an [`ArchiveError`] inside the
    /// [`std::io::Error`].
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn stream(&mut self, name: &str) -> Result<Option<LimitedEntry<'_, 'a>>, ArchiveError> {
        match self.zip.index_for_name(name) {
            Some(index) => self.stream_at(index, name).map(Some),
            None => Ok(None),
        }
    }

    fn stream_at(&mut self, index: usize, name: &str) -> Result<LimitedEntry<'_, 'a>, ArchiveError> {
        let entry = self.zip.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => {
                ArchiveError::Encrypted { name: name.to_owned() }
            }
            other => ArchiveError::Broken(format!("{name}: {other}")),
        })?;
        let by_ratio = entry.compressed_size().saturating_mul(self.limits.ratio).max(RATIO_FREE_BYTES);
        let cap = self.limits.entry_bytes.min(self.left).min(by_ratio);
        // Headers lie: what counts is the bytes that really come out.
        if entry.size() > cap {
            return Err(ArchiveError::TooLarge { name: name.to_owned() });
        }
        Ok(LimitedEntry { entry, cap, left: &mut self.left, name: name.to_owned() })
    }

    fn read_at(&mut self, index: usize, name: &str) -> Result<Vec<u8>, ArchiveError> {
        let mut out = Vec::new();
        self.stream_at(index, name)?.read_to_end(&mut out).map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<ArchiveError>()) {
                Some(ArchiveError::TooLarge { name }) => ArchiveError::TooLarge { name: name.clone() },
                _ => ArchiveError::Broken(format!("{name}: {error}")),
            }
        })?;
        Ok(out)
    }

    /// Inflates every entry once and throws it away, so that a reader without
    /// limits of its own may follow. Tells the inflated bytes of the largest.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn prove_harmless(&mut self) -> Result<u64, ArchiveError> {
        let mut largest = 0;
        // By place, not by name: two entries may share one.
        for index in 0..self.zip.len() {
            largest = largest.max(self.read_at(index, &format!("number {index}"))?.len() as u64);
        }
        Ok(largest)
    }
}

/// An entry being read, and the bytes it may still give.
#[derive(Debug)]
pub struct LimitedEntry<'z, 'a> {
    entry: ZipFile<'z, Cursor<&'a [u8]>>,
    cap: u64,
    left: &'z mut u64,
    name: String,
}

impl Read for LimitedEntry<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.entry.read(into)?;
        match self.cap.checked_sub(count as u64) {
            Some(cap) => self.cap = cap,
            None => return Err(std::io::Error::other(ArchiveError::TooLarge { name: self.name.clone() })),
        }
        *self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

/// The entry count in the end-of-central-directory record (the zip64 one when there is).
fn declared_entries(bytes: &[u8]) -> Option<u64> {
    let tail_start = bytes.len().saturating_sub(65_557);
    let tail = &bytes[tail_start..];
    let end = tail.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = u16::from_le_bytes(tail.get(end + 10..end + 12)?.try_into().ok()?);
    let zip64 = tail[..end]
        .windows(4)
        .rposition(|window| window == b"PK\x06\x06")
        .and_then(|start| tail.get(start + 32..start + 40))
        .and_then(|field| field.try_into().ok())
        .map(u64::from_le_bytes);
    Some(zip64.unwrap_or(0).max(u64::from(count)))
}

/// Names in the central directory, or in the local headers when only the
/// beginning of the file is at hand. At most some thousand; never fails.
pub fn entry_names(bytes: &[u8]) -> Vec<String> {
    if let Ok(archive) = LimitedArchive::open(bytes, ArchiveLimits::OFFICE) {
        return archive.names();
    }
    let mut names = Vec::new();
    let mut at = 0;
    while names.len() < 200 {
        let Some(found) = bytes[at..].windows(4).position(|window| window == b"PK\x03\x04") else {
            break;
        };
        let header = at + found;
        let Some(length) = bytes.get(header + 26..header + 28).and_then(|field| field.try_into().ok()).map(u16::from_le_bytes) else {
            break;
        };
        if let Some(name) = bytes.get(header + 30..header + 30 + usize::from(length)) {
            names.push(String::from_utf8_lossy(name).into_owned());
        }
        at = header + 4;
    }
    names
}
