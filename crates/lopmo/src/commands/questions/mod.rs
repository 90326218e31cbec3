//! `lopmo questions convert`: any supported file of questions into another, without server and database.

mod legacy;
mod source;
mod target;
mod telling;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use exchange::fence::without_panic;
use exchange::kind::{FileKind, sniff};
use papers::model::{Entry, Severity};
use papers::{Format, Paper};

use crate::words::complain;

/// Something did not come over; the rest is written.
const SOME_LOST: u8 = 2;
/// Deep files are read on a stack of this size; the readers' own limits on depth end far below it.
const STACK: usize = 64 << 20;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// The file.
    pub input: PathBuf,
    /// What it is; recognised when absent.
    pub from: Option<Format>,
    /// What to write.
    pub to: Format,
    /// Where to; standard output when absent.
    pub output: Option<PathBuf>,
}

/// Converts. 0: everything came over; 2: some did not; 1: nothing could be read or written.
pub fn convert(conversion: Conversion) -> ExitCode {
    // A reader that panics has met a damaged file; the operator gets a sentence and no trace.
    std::panic::set_hook(Box::new(|_| {}));
    let name = conversion.input.display().to_string();
    let done = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&conversion));
    let ended = match done.map(std::thread::JoinHandle::join) {
        Ok(Ok(ended)) => ended,
        Ok(Err(_)) => Err("chương trình gặp lỗi khi đọc tệp này. Hãy gửi tệp cho nhóm phát triển Lớp Mở.".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    match ended {
        Ok(Severity::Error) => ExitCode::from(SOME_LOST),
        Ok(_) => ExitCode::SUCCESS,
        Err(sentence) => {
            complain(format_args!("{name}: {sentence}"));
            ExitCode::FAILURE
        }
    }
}

/// The gravest thing there was to tell.
fn run(conversion: &Conversion) -> Result<Severity, String> {
    let mut paper = read(&conversion.input, conversion.from)?;
    if conversion.to == Format::Json && conversion.output.is_none() && !paper.media.is_empty() {
        let count = paper.media.len();
        let message = format!(
            "{count} hình và âm thanh không được ghi ra cùng JSON. Hãy dùng “-o TỆP.json” để có chúng trong thư mục TỆP.json.media."
        );
        paper.note(Entry::info("media-left-out", message).with("count", count));
    }
    let written = without_panic(|| papers::write(&paper, conversion.to))
        .ok_or_else(|| "chương trình gặp lỗi khi ghi. Hãy gửi tệp cho nhóm phát triển Lớp Mở.".to_owned())?
        .map_err(|error| error.to_string())?;
    let gravest = paper.report.iter().chain(&written.report).map(|entry| entry.severity).max().unwrap_or(Severity::Info);
    match &conversion.output {
        Some(path) => {
            if conversion.to == Format::Json {
                target::media(path, &paper)?;
            }
            target::file(path, &written.bytes)?;
        }
        None => target::standard_output(&written.bytes)?,
    }
    // JSON carries its report; other formats can't.
    if conversion.to != Format::Json {
        paper.report.iter().chain(&written.report).for_each(telling::tell);
    }
    if gravest == Severity::Error {
        telling::lost(paper.report.iter().chain(&written.report), conversion.to);
    }
    Ok(gravest)
}

fn read(path: &Path, from: Option<Format>) -> Result<Paper, String> {
    let mut bytes = source::bytes(path)?;
    let name = path.file_name().and_then(std::ffi::OsStr::to_str);
    if matches!(from, None | Some(Format::Docx)) && matches!(sniff(&bytes), FileKind::OleDoc | FileKind::Rtf) {
        bytes = legacy::docx_of(&bytes)?;
    }
    let recognised = match from {
        Some(format) => format,
        None => Format::recognise(&bytes, name).ok_or_else(|| papers::format::unknown(&bytes, name).message)?,
    };
    let mut paper = without_panic(|| papers::read(&bytes, recognised))
        .ok_or_else(|| "chương trình gặp lỗi khi đọc tệp này. Hãy gửi tệp cho nhóm phát triển Lớp Mở.".to_owned())?
        .map_err(|error| error.message)?;
    if recognised == Format::Json {
        papers::ours::attach(&mut paper, &mut |file| source::beside(path, file));
    }
    Ok(paper)
}
