//! The child's side: runs shut in, reads a file, writes what it found.

use std::fs;
use std::io;
use std::path::Path;

use exchange::fence::without_panic;
use papers::{Format, Opened, ReadError};
use serde::{Deserialize, Serialize};

use super::super::{ImportFailure, kept};
use super::result::{DOCUMENT, MEDIA, Outcome, PAPER, RESULT, media_name};

/// The name of the child's handler.
pub const PAPER_HANDLER: &str = "paper";
/// What it is told about the file, in its output folder.
const REQUEST: &str = "request.json";
/// Deep files are read on a stack of this size; the readers' own limits on depth end far below it.
const STACK: usize = 64 << 20;

#[derive(Serialize, Deserialize)]
struct Request {
    filename: String,
}

/// Tells the child what its maker calls the file, which says what it is where its bytes do not.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_request(out_dir: &Path, filename: &str) -> io::Result<()> {
    let json = serde_json::to_vec(&Request { filename: filename.to_owned() })?;
    fs::write(out_dir.join(REQUEST), json)
}

/// Runs in the sandboxed child: reads a file of questions and writes the paper, how it looks, and its
/// pictures and sounds. `lopmo` gives it to `media::child_main` under [`PAPER_HANDLER`].
///
/// # Errors
/// When files cannot be read or written; what is wrong with the paper is in the result.
pub fn read_paper_in_child(input: &Path, out_dir: &Path) -> Result<(), String> {
    let machine = |error: io::Error| error.to_string();
    let request: Request = serde_json::from_slice(&fs::read(out_dir.join(REQUEST)).map_err(machine)?).map_err(|error| error.to_string())?;
    let bytes = fs::read(input).map_err(machine)?;
    let reader = std::thread::Builder::new().stack_size(STACK).spawn(move || read(&bytes, &request.filename)).map_err(machine)?;
    // A reader that panics has met a damaged file, which its maker is told.
    let outcome = match reader.join().ok().flatten() {
        Some(Ok(opened)) => write(out_dir, &opened)?,
        Some(Err(error)) => Outcome::Failed(ImportFailure::new(error.code, &error.message)),
        None => Outcome::Failed(ImportFailure::new(
            "reader-failed",
            "Chương trình gặp lỗi khi đọc tệp này. Hãy mở tệp, lưu lại rồi thử lại, hoặc gửi tệp cho nhóm phát triển Lớp Mở.",
        )),
    };
    let json = serde_json::to_vec(&outcome).map_err(|error| error.to_string())?;
    fs::write(out_dir.join(RESULT), json).map_err(machine)
}

fn read(bytes: &[u8], filename: &str) -> Option<Result<Opened, ReadError>> {
    without_panic(|| match Format::recognise(bytes, Some(filename)) {
        Some(format) => papers::open(bytes, format),
        None => Err(papers::format::unknown(bytes, Some(filename))),
    })
}

fn write(out_dir: &Path, opened: &Opened) -> Result<Outcome, String> {
    let machine = |error: io::Error| error.to_string();
    let paper = kept::to_text(&opened.paper).map_err(|error| error.to_string())?;
    fs::write(out_dir.join(PAPER), paper).map_err(machine)?;
    if let Some(document) = &opened.document {
        let json = serde_json::to_vec(document).map_err(|error| error.to_string())?;
        fs::write(out_dir.join(DOCUMENT), json).map_err(machine)?;
    }
    fs::create_dir(out_dir.join(MEDIA)).map_err(machine)?;
    for (place, media) in opened.paper.media.iter().enumerate().filter(|(_, media)| !media.content.is_empty()) {
        fs::write(out_dir.join(media_name(place)), &media.content).map_err(machine)?;
    }
    Ok(Outcome::Read { format: opened.format.source_name().to_owned() })
}
