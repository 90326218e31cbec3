//! The parent's side: starts a child, listens, and turns every way a process
//! can die into an event.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Component, Path};
use std::process::{ExitStatus, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::protocol::{Event, Reason, Task};

/// Longest line a child may send; real ones stay under one kilobyte.
const LINE_BYTES: u64 = 64 << 10;
/// How much of a child's complaints is kept for the log.
const COMPLAINT_BYTES: usize = 4 << 10;

/// A child at work. Dropping it kills it.
pub struct Child {
    process: tokio::process::Child,
    lines: BufReader<ChildStdout>,
    /// What was read of the next line; kept, so that a caller may stop waiting.
    line: Vec<u8>,
    complaints: Option<JoinHandle<String>>,
    deadline: Instant,
    wall: Duration,
    finished: bool,
}

impl Child {
    /// Starts `program media-child` on a task. The program is the running
    /// binary in production ([`std::env::current_exe`]).
    ///
    /// # Errors
    /// Where the program can't be started, or a path of the task doesn't exist.
    /// What is wrong with the file itself comes as an event.
    pub async fn spawn(program: &Path, task: &Task) -> io::Result<Self> {
        let mut task = task.clone();
        let (source, out_dir) = task.paths_mut();
        *source = tokio::fs::canonicalize(&source).await?;
        *out_dir = tokio::fs::canonicalize(&out_dir).await?;
        let mut line = serde_json::to_vec(&task)?;
        line.push(b'\n');

        let mut command = Command::new(program);
        command
            .arg("media-child")
            .env_clear()
            // Each arena reserves memory of its own; two suffice for two threads at malloc.
            .env("MALLOC_ARENA_MAX", "2")
            // Room that is only reserved, and large blocks that were given back, would count towards the child's limit; it
            // reserves before it is shut in.
            .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
            .env("MIMALLOC_ARENA_RESERVE", "64M")
            .env("MIMALLOC_ARENA_MAX_OBJECT_SIZE", "1M")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut process = spawn_for_life(command).await?;
        let (Some(mut stdin), Some(stdout), Some(stderr)) = (process.stdin.take(), process.stdout.take(), process.stderr.take()) else {
            return Err(io::Error::other("the child has no pipes"));
        };
        // A child that died at once shows in the events, not here.
        if let Err(error) = stdin.write_all(&line).await {
            tracing::debug!(%error, "media child did not take its task");
        }
        drop(stdin);
        let wall = task.limits().wall;
        Ok(Self {
            process,
            lines: BufReader::new(stdout),
            line: Vec::new(),
            complaints: Some(tokio::spawn(read_complaints(stderr))),
            deadline: Instant::now() + wall,
            wall,
            finished: false,
        })
    }

    /// The child's process id while it runs.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// The next event; nothing after the last one, which is always
    /// [`Event::Done`] or [`Event::Failed`]. Safe to drop and call again.
    pub async fn next_event(&mut self) -> Option<Event> {
        if self.finished {
            return None;
        }
        let event = match tokio::time::timeout_at(self.deadline, self.listen()).await {
            Ok(event) => event,
            Err(_) => Event::Failed { reason: Reason::OutOfTime, detail: format!("over {} s of wall-clock time", self.wall.as_secs_f32()) },
        };
        if event.is_last() {
            self.finished = true;
            // It may hang after its last word, or be the one we gave up on.
            let _ = self.process.kill().await;
        }
        Some(event)
    }

    async fn listen(&mut self) -> Event {
        let room = LINE_BYTES.saturating_sub(self.line.len() as u64);
        let read = (&mut self.lines).take(room).read_until(b'\n', &mut self.line).await;
        let line = std::mem::take(&mut self.line);
        match read {
            Ok(_) if line.ends_with(b"\n") => match serde_json::from_slice::<Event>(&line) {
                Ok(event) if names_stay_inside(&event) => event,
                _ => Event::Failed { reason: Reason::Internal, detail: "the child said something unknown".to_owned() },
            },
            Ok(_) | Err(_) => self.explain_death().await,
        }
    }

    /// The child ended without a last word: what did the system do to it?
    async fn explain_death(&mut self) -> Event {
        let status = match self.process.wait().await {
            Ok(status) => status,
            Err(error) => {
                return Event::Failed { reason: Reason::Internal, detail: error.to_string() };
            }
        };
        let complaints = match self.complaints.take() {
            Some(task) => task.await.unwrap_or_default(),
            None => String::new(),
        };
        let reason = reason_of_death(status, &complaints);
        Event::Failed { reason, detail: format!("{status}; {}", complaints.trim()) }
    }
}

fn reason_of_death(status: ExitStatus, complaints: &str) -> Reason {
    // What Rust says before it aborts, and what C++ and FFmpeg say.
    let starved = ["memory allocation of", "bad_alloc", "Cannot allocate memory"];
    match status.signal() {
        _ if starved.iter().any(|text| complaints.contains(text)) => Reason::OutOfMemory,
        Some(libc::SIGXCPU | libc::SIGALRM) => Reason::OutOfTime,
        Some(libc::SIGXFSZ) => Reason::TooLarge,
        // Nobody here sends it while listening: the kernel ran out of memory.
        Some(libc::SIGKILL) => Reason::OutOfMemory,
        Some(_) => Reason::Damaged,
        None => Reason::Internal,
    }
}

/// A child taken over by its file must not make us read elsewhere.
fn names_stay_inside(event: &Event) -> bool {
    let inside = |file: &str| !file.is_empty() && Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
    match event {
        Event::Init { track, file } | Event::Segment { track, file, .. } => inside(track) && inside(file),
        Event::Track { track, .. } | Event::TrackDone { track } => inside(track),
        Event::Poster { file, .. } | Event::Storyboard { file, .. } | Event::Picture { file, .. } => inside(file),
        Event::Probed(_) | Event::Progress { .. } | Event::CutShort { .. } | Event::Failed { .. } | Event::Done { .. } => true,
    }
}

/// Keeps the end of what the child complains, and never lets its pipe fill up.
async fn read_complaints(mut from: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut chunk = [0; 1024];
    while let Ok(length @ 1..) = from.read(&mut chunk).await {
        kept.extend_from_slice(&chunk[..length]);
        if kept.len() > COMPLAINT_BYTES {
            kept.drain(..kept.len() - COMPLAINT_BYTES);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

type Order = (Command, Handle, oneshot::Sender<io::Result<tokio::process::Child>>);

/// Starts a process from a thread that lives as long as we do: the child's
/// death signal (`PR_SET_PDEATHSIG`) fires when the *thread* that started it
/// ends, and threads of a runtime come and go.
async fn spawn_for_life(command: Command) -> io::Result<tokio::process::Child> {
    static SPAWNER: OnceLock<mpsc::Sender<Order>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (orders, incoming) = mpsc::channel::<Order>();
        std::thread::spawn(move || {
            for (mut command, runtime, reply) in incoming {
                let _inside = runtime.enter();
                let _ = reply.send(command.spawn());
            }
        });
        orders
    });
    let (reply, started) = oneshot::channel();
    let gone = || io::Error::other("the spawning thread is gone");
    spawner.send((command, Handle::current(), reply)).map_err(|_| gone())?;
    started.await.map_err(|_| gone())?
}
