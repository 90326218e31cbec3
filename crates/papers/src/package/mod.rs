//! Zips of XML and media, as QTI and Common Cartridge are packed: files by their path, never unpacked
//! to anywhere, and pictures and sounds taken into the paper.

pub mod media;
mod path;

pub(crate) use path::{folder_of, resolve};

use std::collections::HashMap;
use std::io::Cursor;

use exchange::archive::{ArchiveLimits, LimitedArchive};

use crate::error::ReadError;
use crate::model::{Address, Entry, Exact, Key, Paper, Question};
use crate::rich::{Lost, MediaKind};
use crate::xml::Element;

/// Question banks of a school hold some thousand files; films are not carried.
const LIMITS: ArchiveLimits = ArchiveLimits { entries: 20_000, ..ArchiveLimits::OFFICE };

/// Questions as XML; a bank of ten thousand has 16 MB.
pub(crate) const LARGEST_XML: usize = 24 << 20;

/// The files that came together.
pub(crate) struct Package<'a> {
    archive: Option<LimitedArchive<'a>>,
    /// From the path in lower case, with `/` between folders, to the name in the archive.
    index: HashMap<String, String>,
    /// Files already looked at as media; `None` where they are none.
    seen: HashMap<String, Option<(MediaKind, String)>>,
}

impl<'a> Package<'a> {
    /// A zip.
    ///
    /// # Errors
    /// No zip, over the limits, locked, or made to write where it should not.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let archive = LimitedArchive::open(bytes, LIMITS)?;
        let mut index = HashMap::new();
        for name in archive.names() {
            if path::is_unsafe(&name) {
                return Err(unsafe_path(&name));
            }
            index.insert(path::folded(&name), name);
        }
        // Links inside an archive have no honest use in a package of questions.
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| ReadError::broken("zip", &error.to_string()))?;
        for at in 0..zip.len() {
            if let Ok(entry) = zip.by_index_raw(at)
                && entry.is_symlink()
            {
                return Err(unsafe_path(&entry.name().unwrap_or_default()));
            }
        }
        Ok(Self { archive: Some(archive), index, seen: HashMap::new() })
    }

    /// A file that came alone.
    pub(crate) fn lone() -> Self {
        Self { archive: None, index: HashMap::new(), seen: HashMap::new() }
    }

    /// Paths of all files, sorted, so that a damaged manifest still gives one order.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.index.values().map(|name| name.replace('\\', "/")).collect();
        paths.sort();
        paths
    }

    /// A file's bytes; `None` when it is not there.
    pub(crate) fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let (Some(archive), Some(name)) = (&mut self.archive, self.index.get(&path::folded(path))) else { return Ok(None) };
        Ok(archive.read(name)?)
    }

    /// A file as XML; `None` when it is not there.
    pub(crate) fn xml(&mut self, path: &str) -> Result<Option<Element>, ReadError> {
        match self.read(path)? {
            Some(bytes) if bytes.len() > LARGEST_XML => Err(ReadError::too_large(path)),
            Some(bytes) => Element::parse(&bytes, path).map(Some),
            None => Ok(None),
        }
    }

    /// The id of a picture or sound, taken into the paper the first time it is asked for. `None` where
    /// it is not in the package, is not what it claims, or could run.
    pub(crate) fn media(&mut self, folder: &str, address: &str, kind: MediaKind, paper: &mut Paper) -> Option<String> {
        let path = path::folded(&resolve(folder, address)?);
        if !self.seen.contains_key(&path) {
            let found = self.read(&path).ok().flatten().and_then(|bytes| media::recognised(&bytes).map(|what| (what, bytes)));
            let kept = found.map(|(what, bytes)| {
                let stem = if what.kind == MediaKind::Picture { "img" } else { "aud" };
                (what.kind, paper.keep_media(stem, what.extension, what.mime, bytes.into()))
            });
            self.seen.insert(path.clone(), kept);
        }
        self.seen.get(&path).and_then(Option::as_ref).filter(|(own, _)| *own == kind).map(|(_, id)| id.clone())
    }
}

fn unsafe_path(name: &str) -> ReadError {
    let shown: String = name.chars().filter(|letter| !letter.is_control()).take(120).collect();
    ReadError::new(
        "file-unsafe-path",
        format!("Gói nén chứa đường dẫn hoặc liên kết nguy hiểm (“{shown}”) nên không được mở. Hãy xuất lại gói từ chương trình gốc."),
    )
}

/// Tells what a rich text of another program lost.
pub(crate) fn tell_lost(lost: Vec<Lost>, address: Address, paper: &mut Paper) {
    for lost in lost {
        let entry = match lost {
            Lost::Media(name) => {
                let shown = if name.is_empty() { "không tên".to_owned() } else { name };
                Entry::warning(
                    "missing-media",
                    format!("Không lấy được hình hoặc âm thanh “{shown}”: tệp không nằm trong gói. Hãy thêm lại vào câu hỏi."),
                )
                .with("name", shown)
            }
            Lost::Formula(letters) => {
                Entry::warning("formula-unread", format!("Một công thức chỉ giữ được phần chữ “{letters}”. Hãy gõ lại công thức."))
                    .with("text", letters)
            }
            Lost::Element(name) => {
                Entry::warning("element-lost", format!("Phần tử “{name}” trong câu hỏi không mang sang được. Hãy xem lại câu hỏi."))
                    .with("name", name)
            }
        };
        paper.note(entry.at(address));
    }
}

/// An exact number as XML formats write it.
pub(crate) fn exact(text: &str) -> Option<Exact> {
    let text = text.trim();
    let number = text.parse::<Exact>().or_else(|_| Exact::from_scientific(text)).ok()?;
    Some(number.normalize())
}

/// `part / whole` as a credit: rounded to five places, between -1 and 1.
pub(crate) fn share(part: Exact, whole: Exact) -> Option<Exact> {
    let ratio = part.checked_div(whole)?;
    Some(ratio.round_dp(5).clamp(-Exact::ONE, Exact::ONE).normalize())
}

/// `A`, `B`, … for the option at a place; numbers past `Z`.
pub(crate) fn label(at: usize) -> String {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or_else(|| (at + 1).to_string(), |at| char::from(b'A' + at).to_string())
}

/// `a`, `b`, … for the statement at a place.
pub(crate) fn small_label(at: usize) -> String {
    label(at).to_lowercase()
}

/// What `True`, `Đúng`, `False`, `Sai` say; `None` for any other word.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match word.trim().trim_end_matches('.').to_lowercase().as_str() {
        "true" | "đúng" => Some(true),
        "false" | "sai" => Some(false),
        _ => None,
    }
}

/// Tells of a question whose key the source does not say.
pub(crate) fn tell_missing_key(question: &Question, paper: &mut Paper) {
    if question.key == Key::Missing {
        paper.note(Entry::warning("key-missing", "Nguồn không cho đáp án của câu hỏi này. Hãy chọn đáp án.").at(question.address));
    }
}
