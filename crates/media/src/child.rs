//! The child's side: shut in, read the task, do it, say how it ended.
#![allow(unsafe_code, reason = "two signal settings that no safe crate here offers")]

use std::io::{self, BufRead};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::failure::Failure;
use crate::protocol::{Event, OtherSpec, Reason, Task};
use crate::publish::Publisher;
use crate::sandbox::enter_sandbox;
use crate::{ladder, office, picture};

/// Work of another crate, run in the sandbox: reads the file, writes into the
/// folder. An error's text goes to the log as the detail of
/// [`Reason::Damaged`].
pub type Handler = fn(&Path, &Path) -> Result<(), String>;

/// Runs in the child: reads one [`Task`] from standard input, shuts itself in,
/// does it and announces [`Event`]s on standard output. Called by the binary's
/// hidden subcommand `media-child`, before any thread is started. Returns the
/// exit code, 0 whenever the last event was announced.
///
/// `handlers` serve [`Task::Other`] by name.
pub fn child_main(handlers: &[(&str, Handler)]) -> i32 {
    // Before the task is read: a parent that died earlier never sends one.
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line).is_err() {
        return 2;
    }
    let Ok(task) = serde_json::from_str::<Task>(&line) else {
        return 2;
    };
    let limits = task.limits();
    let (_, out_dir) = task.paths();
    let publisher = Publisher::new(out_dir, limits.output_bytes);
    // SAFETY: plain libc calls before any other thread exists. A file that
    // grows too large shall be an error, not a death; the alarm is a net under
    // the parent's own clock.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        libc::alarm(u32::try_from(limits.wall.as_secs().saturating_add(10)).unwrap_or(u32::MAX));
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| perform(&task, handlers, &publisher)))
        .unwrap_or_else(|_| Err(Failure::new(Reason::Internal, "the child panicked")));
    let last = match outcome {
        Ok(duration_us) => Event::Done { duration_us },
        Err(Failure { reason, detail }) => Event::Failed { reason, detail },
    };
    i32::from(publisher.event(&last).is_err())
}

fn perform(task: &Task, handlers: &[(&str, Handler)], publisher: &Publisher) -> Result<u64, Failure> {
    let shut_in = || {
        let (source, out_dir) = task.paths();
        enter_sandbox(task.limits(), &[source], &[out_dir]).map_err(|error| Failure::new(Reason::Internal, error.to_string()))
    };
    match task {
        Task::Ladder(spec) => shut_in().and_then(|()| ladder::make(spec, publisher)),
        Task::Picture(spec) => shut_in().and_then(|()| picture::make(spec, publisher)).map(|()| 0),
        Task::Other(spec) => shut_in().and_then(|()| hand_over(spec, handlers)).map(|()| 0),
        // LibreOffice is shut in as a process of its own; this one only waits for it.
        Task::Office(spec) => office::convert(spec).map(|()| 0),
    }
}

fn hand_over(spec: &OtherSpec, handlers: &[(&str, Handler)]) -> Result<(), Failure> {
    let (_, handler) = handlers
        .iter()
        .find(|(name, _)| *name == spec.name)
        .ok_or_else(|| Failure::new(Reason::Internal, format!("no handler {:?}", spec.name)))?;
    handler(&spec.input, &spec.out_dir).map_err(|detail| Failure::new(Reason::Damaged, detail))
}
