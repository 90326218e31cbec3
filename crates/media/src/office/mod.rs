//! Old Word files made new ones by LibreOffice, shut in like every other reader of hostile files.
//!
//! The child does not become LibreOffice: it starts it as a process that has the sandbox of
//! [`crate::sandbox`] around it before its first instruction, waits, and says how it ended. LibreOffice
//! cannot start anything itself, reads the system's folders and its own, writes its output folder,
//! and has no network and no sockets at all; whatever a document links to stays unfetched.

mod convert;
mod error;
mod profile;
mod run;
mod source;

use std::io;
use std::path::{Path, PathBuf};

pub use error::OfficeError;
pub use run::{to_docx, to_docx_blocking};

pub(crate) use convert::convert;

/// The file a conversion leaves in its output folder.
pub(crate) const CONVERTED: &str = "converted.docx";

/// Whether a file is of the kind [`to_docx`] is for; only its bytes are looked at, not what they mean.
///
/// # Errors
/// Where it cannot be read.
pub fn is_old_word(path: &Path) -> io::Result<bool> {
    use source::Source;
    Ok(matches!(source::look(path)?, Source::Doc | Source::Rtf | Source::Locked))
}

/// A LibreOffice that can be run.
#[derive(Clone, Debug)]
pub struct LibreOffice {
    program: PathBuf,
}

impl LibreOffice {
    /// Where distributions put it, or beside what `soffice` in the search path leads to.
    #[must_use]
    pub fn find() -> Option<Self> {
        const USUAL: [&str; 4] = [
            "/usr/lib/libreoffice/program",
            "/usr/lib64/libreoffice/program",
            "/opt/libreoffice/program",
            "/usr/local/lib/libreoffice/program",
        ];
        let in_path = || {
            let path = std::env::var_os("PATH")?;
            std::env::split_paths(&path)
                .filter_map(|folder| folder.join("soffice").canonicalize().ok()?.parent().map(Path::to_owned))
                .next()
        };
        USUAL.iter().map(PathBuf::from).chain(in_path()).find_map(|folder| Self::at(&folder))
    }

    /// The one in a folder.
    #[must_use]
    pub fn at(folder: &Path) -> Option<Self> {
        let program = folder.join("soffice.bin").canonicalize().ok()?;
        // Without Writer's library it starts and then cannot load anything.
        program.parent()?.join("libswlo.so").exists().then_some(Self { program })
    }

    /// Its program.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }
}
