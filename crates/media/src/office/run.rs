//! The parent's side.

use std::io;
use std::path::{Path, PathBuf};

use super::{CONVERTED, LibreOffice, OfficeError};
use crate::parent::Child;
use crate::protocol::{Event, Limits, OfficeSpec, Reason, Task};

/// Makes an old Word file (`.doc`, `.rtf`) a new one in `out_dir`, an empty folder, and returns its
/// path. `program` is the binary whose `media-child` command does it: ourselves.
///
/// # Errors
/// [`OfficeError`].
pub async fn to_docx(program: &Path, input: &Path, out_dir: &Path) -> Result<PathBuf, OfficeError> {
    let office = LibreOffice::find().ok_or(OfficeError::NoLibreOffice)?;
    with(program, &office, input, out_dir, Limits::office()).await
}

/// [`to_docx`] for a command that has nothing else to do meanwhile.
///
/// # Errors
/// [`OfficeError`].
pub fn to_docx_blocking(program: &Path, input: &Path, out_dir: &Path) -> Result<PathBuf, OfficeError> {
    // A thread of its own, since the caller may be in a runtime already.
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(OfficeError::Machine)?;
        runtime.block_on(to_docx(program, input, out_dir))
    };
    std::thread::scope(|scope| scope.spawn(work).join())
        .unwrap_or_else(|_| Err(OfficeError::Machine(io::Error::other("the converting thread panicked"))))
}

async fn with(program: &Path, office: &LibreOffice, input: &Path, out_dir: &Path, limits: Limits) -> Result<PathBuf, OfficeError> {
    let spec = OfficeSpec { program: office.program().to_owned(), source: input.to_owned(), out_dir: out_dir.to_owned(), limits };
    let mut child = Child::spawn(program, &Task::Office(spec)).await.map_err(OfficeError::Machine)?;
    while let Some(event) = child.next_event().await {
        match event {
            Event::Done { .. } => return Ok(out_dir.join(CONVERTED)),
            Event::Failed { reason, detail } => return Err(OfficeError::of(reason, detail)),
            _ => {}
        }
    }
    Err(OfficeError::of(Reason::Internal, "it ended without a word".to_owned()))
}
