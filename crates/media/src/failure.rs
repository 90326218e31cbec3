//! How work in the child goes wrong, and what each cause is called.

use std::io;

use ffmpeg_next as ff;

use crate::protocol::Reason;

/// A reason for the user and a detail for the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{reason:?}: {detail}")]
pub(crate) struct Failure {
    pub reason: Reason,
    pub detail: String,
}

impl Failure {
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// A library refused something we asked; memory and disk keep their names.
    pub fn ffmpeg(what: &str, error: ff::Error) -> Self {
        let reason = match error {
            ff::Error::Other { errno } => reason_of_errno(errno).unwrap_or(Reason::Internal),
            ff::Error::InvalidData => Reason::Damaged,
            ff::Error::DecoderNotFound | ff::Error::PatchWelcome => Reason::UnsupportedCodec,
            _ => Reason::Internal,
        };
        Self::new(reason, format!("{what}: {error}"))
    }

    pub fn io(what: &str, error: &io::Error) -> Self {
        let reason = error.raw_os_error().and_then(reason_of_errno).unwrap_or(Reason::Internal);
        Self::new(reason, format!("{what}: {error}"))
    }
}

fn reason_of_errno(errno: i32) -> Option<Reason> {
    match errno {
        // EAGAIN is what a thread without room for its stack gets; where it
        // only means "not yet", it never becomes a failure.
        libc::ENOMEM | libc::EAGAIN => Some(Reason::OutOfMemory),
        libc::ENOSPC | libc::EDQUOT => Some(Reason::DiskFull),
        libc::EFBIG => Some(Reason::TooLarge),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_not_called_our_fault() {
        let full = io::Error::from_raw_os_error(libc::ENOSPC);
        assert_eq!(Failure::io("segment", &full).reason, Reason::DiskFull);
        let other = io::Error::from_raw_os_error(libc::EIO);
        assert_eq!(Failure::io("segment", &other).reason, Reason::Internal);
    }
}
