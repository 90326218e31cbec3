//! The child's way out: whole files into the output folder, then one JSON line
//! that announces them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::failure::Failure;
use crate::protocol::{Event, Reason};

/// Writes files and events; shared by the child's threads.
pub(crate) struct Publisher {
    out_dir: PathBuf,
    limit: u64,
    written: AtomicU64,
    lines: Mutex<io::Stdout>,
    stopped: AtomicBool,
}

impl Publisher {
    pub fn new(out_dir: &Path, limit: u64) -> Self {
        Self {
            out_dir: out_dir.to_owned(),
            limit,
            written: AtomicU64::new(0),
            lines: Mutex::new(io::stdout()),
            stopped: AtomicBool::new(false),
        }
    }

    /// Puts a complete file in place: written beside, then renamed, so that
    /// nobody ever reads half of one.
    pub fn file(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let total = self.written.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64;
        if total > self.limit {
            return Err(Failure::new(Reason::TooLarge, format!("more than {} bytes of output", self.limit)));
        }
        let target = self.out_dir.join(name);
        let part = self.out_dir.join(format!("{name}.part"));
        let written = (|| {
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&part, bytes)?;
            fs::rename(&part, &target)
        })();
        written.map_err(|error| {
            // Best effort: on a full disk the half file is what fills it.
            let _ = fs::remove_file(&part);
            Failure::io(name, &error)
        })
    }

    /// Announces an event. A parent that no longer listens is gone, and so is
    /// the reason to go on.
    pub fn event(&self, event: &Event) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(event).map_err(|error| Failure::new(Reason::Internal, error.to_string()))?;
        line.push(b'\n');
        let mut out = self.lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        out.write_all(&line).and_then(|()| out.flush()).map_err(|error| Failure::io("announcing", &error))
    }

    /// Tells the other thread that its work is no longer wanted.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether another thread failed.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
