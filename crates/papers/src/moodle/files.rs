//! Pictures and sounds: files beside a text, and addresses that hold their bytes themselves.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use exchange::kind::{FileKind, sniff};
use percent_encoding::percent_decode_str;

use super::TextFormat;
use crate::model::{Address, Entry, Paper};
use crate::rich::{Block, HtmlContext, Inline, Lost, MediaKind, Rich, Tex};

/// More pictures than any paper has.
const MOST_MEDIA: usize = 5000;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// A file that came with a text. Its name is looked up and never used as a path.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    /// As links say it, without the slash before it.
    pub name: String,
    /// The bytes.
    pub content: Bytes,
}

/// Bytes from base64 with any white space in it.
pub(crate) fn from_base64(text: &str) -> Option<Bytes> {
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    LENIENT.decode(packed).ok().map(Bytes::from)
}

/// As base64.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

/// What a picture or sound is, from its bytes: its extension and media type.
fn media_type(content: &[u8], kind: MediaKind) -> Option<(&'static str, &'static str)> {
    let found = sniff(content);
    Some(match (kind, found) {
        (MediaKind::Picture, FileKind::Png) => ("png", "image/png"),
        (MediaKind::Picture, FileKind::Jpeg) => ("jpg", "image/jpeg"),
        (MediaKind::Picture, FileKind::Gif) => ("gif", "image/gif"),
        (MediaKind::Picture, FileKind::Webp) => ("webp", "image/webp"),
        (MediaKind::Picture, FileKind::Svg) => ("svg", "image/svg+xml"),
        (MediaKind::Sound, FileKind::Mp3) => ("mp3", "audio/mpeg"),
        (MediaKind::Sound, FileKind::Ogg) => ("ogg", "audio/ogg"),
        (MediaKind::Sound, FileKind::Wav) => ("wav", "audio/wav"),
        (MediaKind::Sound, FileKind::Flac) => ("flac", "audio/flac"),
        (MediaKind::Sound, FileKind::Mp4) => ("m4a", "audio/mp4"),
        _ => return None,
    })
}

/// Texts of one question on their way into a paper.
pub(crate) struct Texts<'a> {
    /// Where media and entries go.
    pub paper: &'a mut Paper,
    /// The question they belong to.
    pub address: Address,
}

impl Texts<'_> {
    /// One text with the files beside it.
    pub fn rich(&mut self, format: TextFormat, text: &str, files: &[SourceFile]) -> Rich {
        let mut used = vec![false; files.len()];
        let mut rich = self.rich_marking(format, text, files, &mut used);
        self.tell_unlinked(files, &used, &mut rich);
        rich
    }

    /// One of several texts that share files; marks those it shows.
    pub fn rich_marking(&mut self, format: TextFormat, text: &str, files: &[SourceFile], used: &mut [bool]) -> Rich {
        let paper = &mut *self.paper;
        let mut context = HtmlContext::foreign(Tex::InLetters, |address, kind| resolve(paper, files, used, address, kind));
        let rich = format.rich(text, &mut context);
        let lost = std::mem::take(&mut context.lost);
        drop(context);
        lost.into_iter().for_each(|lost| self.tell(lost));
        rich
    }

    /// The files that no text showed.
    pub fn tell_unlinked(&mut self, files: &[SourceFile], used: &[bool], rich: &mut Rich) {
        for (file, _) in files.iter().zip(used).filter(|(_, used)| !**used) {
            self.unlinked(file, rich);
        }
    }

    /// A file no element shows: a sound behind a link is played by Moodle, so it is by us.
    fn unlinked(&mut self, file: &SourceFile, rich: &mut Rich) {
        match keep(self.paper, &file.content, MediaKind::Sound) {
            Some(id) => {
                rich.blocks.push(Block::Paragraph(vec![Inline::Media { id, kind: MediaKind::Sound, alt: String::new(), width: None }]))
            }
            None => {
                let name: String = file.name.chars().take(100).collect();
                self.note(
                    Entry::warning("file-not-carried", format!("Tệp đính kèm “{name}” không hiện trong câu hỏi nên không được giữ lại."))
                        .with("name", name),
                );
            }
        }
    }

    fn tell(&mut self, lost: Lost) {
        let entry = match lost {
            Lost::Media(address) => {
                let address: String = address.chars().take(100).collect();
                let message = format!("Hình hoặc âm thanh “{address}” không có trong tệp hoặc không đọc được. Hãy thêm lại vào câu hỏi.");
                Entry::warning("missing-media", message).with("address", address)
            }
            Lost::Formula(letters) => {
                Entry::warning("formula-unread", format!("Một công thức chỉ giữ được phần chữ: “{letters}”. Hãy gõ lại."))
                    .with("text", letters)
            }
            Lost::Element(name) => {
                let message = format!("Phần <{name}> trong câu hỏi không chuyển sang được. Hãy thêm lại nếu cần.");
                Entry::warning("element-lost", message).with("element", name)
            }
        };
        self.note(entry);
    }

    /// A doubt about this question.
    pub fn note(&mut self, entry: Entry) {
        self.paper.note(entry.at(self.address));
    }
}

fn resolve(paper: &mut Paper, files: &[SourceFile], used: &mut [bool], address: &str, kind: MediaKind) -> Option<String> {
    if let Some(data) = address.trim().strip_prefix("data:") {
        let (_, packed) = data.split_once(";base64,")?;
        let content = from_base64(&percent_decode_str(packed).decode_utf8_lossy())?;
        return keep(paper, &content, kind);
    }
    let name = address.trim().strip_prefix("@@PLUGINFILE@@").unwrap_or(address).trim_start_matches('/');
    let name = name.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode_str(name).decode_utf8_lossy();
    let at = files.iter().position(|file| file.name == decoded || file.name == name)?;
    if let Some(used) = used.get_mut(at) {
        *used = true;
    }
    keep(paper, &files.get(at)?.content, kind)
}

fn keep(paper: &mut Paper, content: &Bytes, kind: MediaKind) -> Option<String> {
    if paper.media.len() >= MOST_MEDIA {
        return None;
    }
    let (extension, mime) = media_type(content, kind)?;
    let stem = match kind {
        MediaKind::Picture => "img",
        MediaKind::Sound => "aud",
    };
    Some(paper.keep_media(stem, extension, mime, content.clone()))
}
