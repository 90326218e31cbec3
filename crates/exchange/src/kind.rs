//! What a file is, told from its first bytes and, for zips, its entries; never from its name.

use serde::{Deserialize, Serialize};

/// The kinds that matter to lessons; everything else is [`FileKind::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Word document.
    Docx,
    /// PowerPoint slides.
    Pptx,
    /// Excel workbook.
    Xlsx,
    /// OpenDocument text.
    Odt,
    /// OpenDocument slides.
    Odp,
    /// OpenDocument spreadsheet.
    Ods,
    /// E-book.
    Epub,
    /// Any other zip archive.
    Zip,
    /// Word 97–2003.
    OleDoc,
    /// PowerPoint 97–2003.
    OlePpt,
    /// Excel 97–2003.
    OleXls,
    /// A modern Office file locked with a password (an OLE file around the encrypted package).
    EncryptedOffice,
    /// Another OLE compound file.
    Ole,
    /// PDF.
    Pdf,
    /// PNG picture.
    Png,
    /// JPEG picture.
    Jpeg,
    /// GIF picture.
    Gif,
    /// WebP picture.
    Webp,
    /// SVG picture (active content: never served as it is).
    Svg,
    /// HTML page (active content: never served as it is).
    Html,
    /// WebVTT captions.
    Vtt,
    /// SubRip captions.
    Srt,
    /// Rich text format.
    Rtf,
    /// Some plain text in UTF-8 or UTF-16.
    Text,
    /// MP4, MOV, M4A and relatives.
    Mp4,
    /// Matroska and WebM.
    Matroska,
    /// MP3 sound.
    Mp3,
    /// Ogg sound.
    Ogg,
    /// WAV sound.
    Wav,
    /// FLAC sound.
    Flac,
    /// AVI video.
    Avi,
    /// MPEG program or transport stream.
    Mpeg,
    /// No bytes at all.
    Empty,
    /// Nothing recognised.
    Unknown,
}

impl FileKind {
    /// The media type to serve it as; `application/octet-stream` when unknown or active.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Epub => "application/epub+zip",
            Self::Zip => "application/zip",
            Self::OleDoc => "application/msword",
            Self::OlePpt => "application/vnd.ms-powerpoint",
            Self::OleXls => "application/vnd.ms-excel",
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Vtt => "text/vtt; charset=utf-8",
            Self::Srt | Self::Text => "text/plain; charset=utf-8",
            Self::Rtf => "application/rtf",
            Self::Mp4 => "video/mp4",
            Self::Matroska => "video/webm",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Avi => "video/x-msvideo",
            Self::Mpeg => "video/mpeg",
            Self::EncryptedOffice | Self::Ole | Self::Svg | Self::Html | Self::Empty | Self::Unknown => "application/octet-stream",
        }
    }

    /// Whether it is worth handing to the transcoder (which decides for itself).
    pub fn is_audio_or_video(self) -> bool {
        matches!(self, Self::Mp4 | Self::Matroska | Self::Mp3 | Self::Ogg | Self::Wav | Self::Flac | Self::Avi | Self::Mpeg)
    }

    /// Whether [`crate::text::extract`] can read text out of it.
    pub fn has_extractable_text(self) -> bool {
        matches!(self, Self::Docx | Self::Pptx | Self::Xlsx | Self::Pdf | Self::Text)
    }
}

/// Looks at the bytes. A prefix of a few kilobytes is enough for all but zips,
/// whose kind is told from the entries: give the whole file when you have it,
/// otherwise local headers in the prefix decide.
pub fn sniff(bytes: &[u8]) -> FileKind {
    if bytes.is_empty() {
        return FileKind::Empty;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return sniff_zip(bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return sniff_ole(bytes);
    }
    sniff_magic(bytes).unwrap_or_else(|| sniff_text(bytes))
}

fn sniff_magic(bytes: &[u8]) -> Option<FileKind> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    Some(if at(0, b"\x89PNG\r\n\x1a\n") {
        FileKind::Png
    } else if at(0, b"\xff\xd8\xff") {
        FileKind::Jpeg
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        FileKind::Gif
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        FileKind::Webp
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        FileKind::Wav
    } else if at(0, b"RIFF") && at(8, b"AVI ") {
        FileKind::Avi
    } else if at(4, b"ftyp") || (at(4, b"moov") || at(4, b"mdat") || at(4, b"wide")) {
        FileKind::Mp4
    } else if at(0, b"\x1a\x45\xdf\xa3") {
        FileKind::Matroska
    } else if at(0, b"OggS") {
        FileKind::Ogg
    } else if at(0, b"fLaC") {
        FileKind::Flac
    } else if at(0, b"ID3") || is_mp3_frame(bytes) {
        FileKind::Mp3
    } else if at(0, b"\x00\x00\x01\xba") || at(0, b"\x00\x00\x01\xb3") || (at(0, b"G") && at(188, b"G") && at(376, b"G")) {
        FileKind::Mpeg
    } else if at(0, b"{\\rtf") {
        FileKind::Rtf
    } else if find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some() {
        // Readers accept junk before the header, so a PDF with a mail header still opens.
        FileKind::Pdf
    } else {
        return None;
    })
}

/// Sync word, MPEG layer III, a bit rate and a sample rate that exist.
fn is_mp3_frame(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, second, third, ..]
        if second & 0xe0 == 0xe0 && second & 0x06 == 0x02 && second & 0x18 != 0x08
            && third & 0xf0 != 0xf0 && third & 0xf0 != 0 && third & 0x0c != 0x0c)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn sniff_zip(bytes: &[u8]) -> FileKind {
    let names = crate::archive::entry_names(bytes);
    let has = |name: &str| names.iter().any(|entry| entry == name);
    if has("word/document.xml") {
        FileKind::Docx
    } else if has("ppt/presentation.xml") {
        FileKind::Pptx
    } else if has("xl/workbook.xml") {
        FileKind::Xlsx
    } else if has("mimetype") {
        // OpenDocument and EPUB put their media type first, stored, by rule.
        let head = &bytes[..bytes.len().min(256)];
        let says = |text: &str| find(head, text.as_bytes()).is_some();
        if says("mimetypeapplication/vnd.oasis.opendocument.text") {
            FileKind::Odt
        } else if says("mimetypeapplication/vnd.oasis.opendocument.presentation") {
            FileKind::Odp
        } else if says("mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
            FileKind::Ods
        } else if says("mimetypeapplication/epub+zip") {
            FileKind::Epub
        } else {
            FileKind::Zip
        }
    } else {
        FileKind::Zip
    }
}

/// Compound files name their streams in UTF-16; the directory can lie anywhere in the file.
fn sniff_ole(bytes: &[u8]) -> FileKind {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &wide).is_some()
    };
    if has("EncryptedPackage") || has("EncryptionInfo") {
        FileKind::EncryptedOffice
    } else if has("WordDocument") {
        FileKind::OleDoc
    } else if has("PowerPoint Document") {
        FileKind::OlePpt
    } else if has("Workbook") {
        FileKind::OleXls
    } else {
        FileKind::Ole
    }
}

fn sniff_text(bytes: &[u8]) -> FileKind {
    let head = &bytes[..bytes.len().min(4096)];
    let Some(text) = crate::decode::text_of_prefix(head) else {
        return FileKind::Unknown;
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let start: String = text.chars().take(512).collect::<String>().to_ascii_lowercase();
    if start.starts_with("webvtt") {
        FileKind::Vtt
    } else if start.starts_with("<svg") || ((start.starts_with("<?xml") || start.starts_with("<!--")) && start.contains("<svg")) {
        FileKind::Svg
    } else if ["<!doctype html", "<html", "<head", "<script", "<body"].iter().any(|tag| start.contains(tag)) {
        FileKind::Html
    } else if is_srt(text) {
        FileKind::Srt
    } else {
        FileKind::Text
    }
}

fn is_srt(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let number = lines.next().is_some_and(|line| line.bytes().all(|byte| byte.is_ascii_digit()));
    number && lines.next().is_some_and(|line| line.contains("-->"))
}
