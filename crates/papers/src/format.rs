//! Which format a file is in, told from what is in it; its name decides only where that leaves a doubt.

mod unknown;

pub use unknown::unknown;

use exchange::archive::{ArchiveLimits, LimitedArchive, entry_names};
use exchange::decode::text_of_prefix;
use exchange::kind::{FileKind, sniff};

use crate::aiken::{answer_line, option_line};

/// The formats of question papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// PDF with a text layer.
    Pdf,
    /// GIFT.
    Gift,
    /// Aiken.
    Aiken,
    /// Moodle's question bank.
    MoodleXml,
    /// QTI 2.1, 2.2 and 3.0, items and packages.
    Qti,
    /// Common Cartridge with QTI 1.2.
    Cc,
    /// LaTeX with the `ex_test` package.
    ExTest,
    /// Our own JSON.
    Json,
}

/// Most bytes of a file that is opened at all.
pub const LARGEST_FILE: usize = 100 << 20;

/// As text may be long, only its beginning is looked at.
const HEAD: usize = 64 << 10;

impl Format {
    /// Every format that can be read.
    pub const ALL: [Self; 10] =
        [Self::Docx, Self::Xlsx, Self::Pdf, Self::Gift, Self::Aiken, Self::MoodleXml, Self::Qti, Self::Cc, Self::ExTest, Self::Json];
    /// Every format that can be written.
    pub const WRITTEN: [Self; 6] = [Self::Json, Self::Gift, Self::MoodleXml, Self::Qti, Self::Docx, Self::Xlsx];

    /// As `--from` takes it.
    #[must_use]
    pub fn source_name(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
            Self::Gift => "gift",
            Self::Aiken => "aiken",
            Self::MoodleXml => "moodle-xml",
            Self::Qti => "qti",
            Self::Cc => "cc",
            Self::ExTest => "ex-test",
            Self::Json => "json",
        }
    }

    /// As `--to` takes it; `None` for those that are only read.
    #[must_use]
    pub fn target_name(self) -> Option<&'static str> {
        match self {
            Self::Qti => Some("qti3"),
            written if Self::WRITTEN.contains(&written) => Some(written.source_name()),
            _ => None,
        }
    }

    /// From the word after `--from`.
    #[must_use]
    pub fn of_source(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.source_name() == name)
    }

    /// From the word after `--to`.
    #[must_use]
    pub fn of_target(name: &str) -> Option<Self> {
        Self::WRITTEN.into_iter().find(|format| format.target_name() == Some(name))
    }

    /// Looks at a file. `None` where it is none of these, as with old Word files and pictures.
    #[must_use]
    pub fn recognise(bytes: &[u8], file_name: Option<&str>) -> Option<Self> {
        let named = file_name.and_then(by_name);
        match sniff(bytes) {
            FileKind::Docx => Some(Self::Docx),
            FileKind::Xlsx => Some(Self::Xlsx),
            FileKind::Pdf => Some(Self::Pdf),
            FileKind::Zip => package(bytes),
            // Locked with a password, which its reader says.
            FileKind::EncryptedOffice => named.filter(|format| matches!(format, Self::Docx | Self::Xlsx)).or(Some(Self::Docx)),
            FileKind::Text | FileKind::Html | FileKind::Srt | FileKind::Svg | FileKind::Unknown | FileKind::Mpeg => {
                let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
                text_of_prefix(head).and_then(|text| of_text(text.trim_start_matches('\u{feff}'), named))
            }
            _ => None,
        }
    }
}

fn by_name(name: &str) -> Option<Format> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "docx" | "docm" => Format::Docx,
        "xlsx" | "xlsm" => Format::Xlsx,
        "pdf" => Format::Pdf,
        "gift" => Format::Gift,
        "aiken" => Format::Aiken,
        "tex" | "ltx" => Format::ExTest,
        "json" => Format::Json,
        "imscc" => Format::Cc,
        _ => return None,
    })
}

/// A zip that is no Office file: its manifest, or else the first items in it, say what it is.
fn package(bytes: &[u8]) -> Option<Format> {
    let names = entry_names(bytes);
    let mut archive = LimitedArchive::open(bytes, ArchiveLimits::OFFICE).ok();
    let mut read = |name: &str| {
        let content = archive.as_mut()?.read(name).ok()??;
        Some(String::from_utf8_lossy(content.get(..content.len().min(HEAD)).unwrap_or_default()).to_lowercase())
    };
    let is_manifest = |name: &&String| name.rsplit(['/', '\\']).next().is_some_and(|last| last.eq_ignore_ascii_case("imsmanifest.xml"));
    if let Some(manifest) = names.iter().find(is_manifest).and_then(|name| read(name)) {
        let has = |words: &[&str]| words.iter().any(|word| manifest.contains(word));
        if has(&[
            "imsqti_item_xmlv2",
            "imsqti_test_xmlv2",
            "imsqti_item_xmlv3",
            "imsqti_test_xmlv3",
            "imsqtiasi_v3",
            "imsqti_xmlv3",
            "qtiv3",
        ]) {
            return Some(Format::Qti);
        }
        if has(&["imscc", "imsqti_xmlv1p2", "associatedcontent/imscc", "imsbasiclti"]) {
            return Some(Format::Cc);
        }
    }
    // Word and Excel files whose main part has another name than usual.
    if let Some(types) = names.iter().find(|name| name.eq_ignore_ascii_case("[Content_Types].xml")).and_then(|name| read(name)) {
        if types.contains("wordprocessingml") && types.contains("main+xml") {
            return Some(Format::Docx);
        }
        if types.contains("sheet.main+xml") || types.contains("sheet.macroenabled.main+xml") {
            return Some(Format::Xlsx);
        }
    }
    // Without a manifest that says so: look at the items themselves.
    let items = names.iter().filter(|name| name.to_lowercase().ends_with(".xml") || name.to_lowercase().ends_with(".qti")).take(20);
    items.filter_map(|name| read(name)).find_map(|text| match root(&text)? {
        "questestinterop" => Some(Format::Cc),
        name if is_qti_root(name) => Some(Format::Qti),
        _ => None,
    })
}

fn is_qti_root(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "assessmentitem" | "assessmenttest" | "qti-assessment-item" | "qti-assessment-test")
}

/// The name of the first element, without its prefix.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let inner = rest.strip_prefix('<')?;
        let after = match inner.as_bytes().first()? {
            b'?' => inner.split_once("?>")?.1,
            b'!' if inner.starts_with("!--") => inner.split_once("-->")?.1,
            // A document type may hold declarations in brackets.
            b'!' => match (inner.find('['), inner.find('>')?) {
                (Some(open), end) if open < end => inner.split_once("]")?.1.split_once('>')?.1,
                (_, end) => inner.get(end + 1..)?,
            },
            _ => {
                let end = inner.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/'))?;
                let name = inner.get(..end)?;
                return Some(name.rsplit(':').next().unwrap_or(name));
            }
        };
        rest = after.trim_start();
    }
}

fn of_text(text: &str, named: Option<Format>) -> Option<Format> {
    let start = text.trim_start();
    if start.starts_with('<')
        && let Some(name) = root(start)
    {
        match name {
            "quiz" => return Some(Format::MoodleXml),
            "questestinterop" => return Some(Format::Cc),
            name if is_qti_root(name) => return Some(Format::Qti),
            _ if start.starts_with("<?xml") => return None,
            _ => {}
        }
    }
    if start.starts_with('{') && text.contains("\"lopmo.questions/") {
        return Some(Format::Json);
    }
    if ["\\begin{ex}", "\\begin{bt}", "\\choice", "\\documentclass", "{ex_test}"].iter().any(|word| text.contains(word)) {
        return Some(Format::ExTest);
    }
    if let Some(Format::Gift | Format::Aiken | Format::ExTest | Format::Json) = named {
        return named;
    }
    if is_aiken(text) {
        return Some(Format::Aiken);
    }
    if is_gift(text) {
        return Some(Format::Gift);
    }
    (start.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok()).then_some(Format::Json)
}

/// A line with a key, and options before it.
fn is_aiken(text: &str) -> bool {
    let mut options = 0;
    for line in text.lines().map(str::trim) {
        if option_line(line).is_some() {
            options += 1;
        } else if answer_line(line).is_some() && options >= 2 {
            return !text.contains("::") && !text.contains("{=") && !text.contains("{~");
        }
    }
    false
}

/// A folder, a title, or braces with answers in them.
fn is_gift(text: &str) -> bool {
    let line_says = text.lines().map(str::trim_start).any(|line| line.starts_with("$CATEGORY:") || is_title(line));
    line_says
        || text.split('{').skip(1).any(|inner| {
            let inner = inner.trim_start();
            let body = inner.split('}').next().filter(|body| body.len() < inner.len());
            body.is_some_and(|body| {
                inner.starts_with(['=', '~', '#', '}'])
                    || matches!(body.trim(), "T" | "F" | "TRUE" | "FALSE")
                    || body.starts_with("TRUE#")
                    || body.starts_with("FALSE#")
            })
        })
}

fn is_title(line: &str) -> bool {
    line.strip_prefix("::").is_some_and(|rest| rest.trim_start_matches(':').contains("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_formats_are_told_by_their_content() {
        for (text, name, format) in [
            ("<?xml version=\"1.0\"?>\n<!-- question: 0 -->\n<quiz><question/></quiz>", None, Some(Format::MoodleXml)),
            ("<!DOCTYPE quiz [<!ENTITY a 'b'>]><quiz></quiz>", Some("a.docx"), Some(Format::MoodleXml)),
            ("<qti-assessment-item xmlns='x'>", None, Some(Format::Qti)),
            ("<?xml version='1.0'?><ims:assessmentItem>", None, Some(Format::Qti)),
            ("<questestinterop>", None, Some(Format::Cc)),
            ("<?xml version='1.0'?><html></html>", None, None),
            ("{\"schema\": \"lopmo.questions/1\"}", None, Some(Format::Json)),
            ("\\begin{ex} \\choice{a}{\\True b}{c}{d} \\end{ex}", None, Some(Format::ExTest)),
            ("Q?\nA) a\nB) b\nANSWER: B", Some("q.txt"), Some(Format::Aiken)),
            ("// x\n::Tên::Câu hỏi {=a ~b}", Some("q.txt"), Some(Format::Gift)),
            ("1 + 1 = ? {#2}", None, Some(Format::Gift)),
            ("Nêu cảm nghĩ {}", Some("de.txt"), Some(Format::Gift)),
            ("chỉ là chữ", Some("mô tả.gift"), Some(Format::Gift)),
            ("chỉ là chữ", Some("thư.txt"), None),
            ("", Some("a.gift"), None),
        ] {
            assert_eq!(Format::recognise(text.as_bytes(), name), format, "{text}");
        }
        let wide: Vec<u8> = "Q{=a ~b}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Format::recognise(&wide, None), Some(Format::Gift));
        assert_eq!(Format::recognise(b"%PDF-1.7\n", Some("a.docx")), Some(Format::Pdf));
        assert_eq!(Format::recognise(b"\x89PNG\r\n\x1a\n", Some("a.gift")), None);
    }

    #[test]
    fn names_are_those_of_the_command_line() {
        for format in Format::ALL {
            assert_eq!(Format::of_source(format.source_name()), Some(format));
        }
        assert_eq!(Format::of_target("qti3"), Some(Format::Qti));
        assert_eq!((Format::of_target("qti"), Format::of_target("pdf")), (None, None));
    }
}
