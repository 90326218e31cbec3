//! The child's side: LibreOffice started shut in, and what became of it.
#![allow(unsafe_code, reason = "the sandbox is entered between fork and exec")]

use std::fs;
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, ExitStatus, Stdio};

use rustix::process::{Signal, getppid, set_parent_process_death_signal};

use super::source::{Source, look};
use super::{CONVERTED, profile};
use crate::failure::Failure;
use crate::protocol::{OfficeSpec, Reason};
use crate::sandbox::{ProgramFiles, enter_sandbox_for_program};

/// A fresh profile makes LibreOffice ask for a restart once.
const STARTS: usize = 3;
/// How it asks for it.
const RESTART: i32 = 81;
/// How much of what it complains is kept.
const COMPLAINT_BYTES: usize = 4 << 10;

/// Leaves [`CONVERTED`] in the output folder.
pub(crate) fn convert(spec: &OfficeSpec) -> Result<(), Failure> {
    let ending = match look(&spec.source).map_err(|error| Failure::io("source", &error))? {
        Source::Doc => "doc",
        Source::Rtf => "rtf",
        Source::Locked => return Err(Failure::new(Reason::Encrypted, "the document asks for a password")),
        Source::Empty => return Err(Failure::new(Reason::Empty, "no bytes")),
        Source::Other => return Err(Failure::new(Reason::NotMedia, "not an old Word file")),
    };
    let places = Places::make(spec, ending).map_err(|error| Failure::io("folders", &error))?;
    let mut last = None;
    for _ in 0..STARTS {
        let (status, complaints) = run(spec, &places).map_err(|error| Failure::io("LibreOffice", &error))?;
        last = Some(format!("{status}; {}", complaints.trim()));
        if let Some(reason) = reason_of_death(status, &complaints) {
            return Err(Failure::new(reason, last.unwrap_or_default()));
        }
        if status.code() != Some(RESTART) {
            break;
        }
    }
    take(&places.made, &spec.out_dir).map_err(|error| match error.kind() {
        // It ends well also when it could not load the document.
        io::ErrorKind::NotFound => Failure::new(Reason::Damaged, last.unwrap_or_default()),
        _ => Failure::io("what LibreOffice made", &error),
    })
}

struct Places {
    profile: PathBuf,
    temporary: PathBuf,
    document: PathBuf,
    made_in: PathBuf,
    made: PathBuf,
}

impl Places {
    fn make(spec: &OfficeSpec, ending: &str) -> io::Result<Self> {
        let work = spec.out_dir.join("office");
        let (profile, temporary, made_in) = (work.join("profile"), work.join("tmp"), work.join("made"));
        for folder in [&profile, &temporary, &made_in] {
            fs::create_dir_all(folder)?;
        }
        profile::write(&profile)?;
        // Which of its readers LibreOffice takes depends on the name, and stored objects have none.
        let document = work.join(format!("source.{ending}"));
        fs::copy(&spec.source, &document)?;
        let made = made_in.join("source.docx");
        Ok(Self { profile, temporary, document, made_in, made })
    }
}

fn run(spec: &OfficeSpec, places: &Places) -> io::Result<(ExitStatus, String)> {
    let mut command = Command::new(&spec.program);
    command
        .args(["--headless", "--invisible", "--norestore", "--nologo", "--nolockcheck", "--nodefault", "--nofirststartwizard"])
        .arg(format!("-env:UserInstallation=file://{}", url_path(&places.profile)))
        .args(["--convert-to", "docx:MS Word 2007 XML", "--outdir"])
        .arg(&places.made_in)
        .arg(&places.document)
        .env_clear()
        .env("HOME", &places.temporary)
        .env("TMPDIR", &places.temporary)
        .env("SAL_USE_VCLPLUGIN", "svp")
        .env("SAL_DISABLE_OPENCL", "1")
        .env("LC_ALL", "C.UTF-8")
        .env("MALLOC_ARENA_MAX", "2")
        .current_dir(&places.temporary)
        .stdin(Stdio::null())
        // Our own output is the events': a document must not be able to write any.
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let (limits, files, document, out_dir) =
        (spec.limits.clone(), system_files(&spec.program), places.document.clone(), spec.out_dir.clone());
    let parent = rustix::process::getpid();
    let shut_in = move || {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        if getppid() != Some(parent) {
            return Err(io::Error::other("its parent is gone"));
        }
        // SAFETY: a plain libc call. Too large a file shall end LibreOffice, so that the cause is known.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_DFL) };
        enter_sandbox_for_program(&limits, &files, &document, &out_dir).map_err(io::Error::other)
    };
    // SAFETY: this process has one thread (see `child_main`), so after the fork memory may be
    // allocated and every lock is free.
    unsafe { command.pre_exec(shut_in) };
    let mut process = command.spawn()?;
    let complaints = process.stderr.take().map(read_complaints).unwrap_or_default();
    Ok((process.wait()?, complaints))
}

/// What LibreOffice reads of the system, and where it and the loader lie.
fn system_files(program: &Path) -> ProgramFiles {
    const READABLE: [&str; 18] = [
        "/usr",
        "/lib",
        "/lib64",
        "/etc/libreoffice",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/etc/papersize",
        "/etc/nsswitch.conf",
        "/var/lib/libreoffice",
        "/var/spool/libreoffice",
        "/var/cache/fontconfig",
        "/proc/self",
        "/proc/meminfo",
        "/proc/version",
        "/dev/urandom",
        "/dev/random",
        "/dev/zero",
    ];
    const LOADERS: [&str; 3] = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-linux-armhf.so.3"];
    let folder = program.parent().unwrap_or(program);
    let mut readable: Vec<PathBuf> = READABLE.iter().map(PathBuf::from).collect();
    readable.extend(folder.parent().map(Path::to_owned));
    let mut executable: Vec<PathBuf> = LOADERS.iter().map(PathBuf::from).collect();
    executable.push(folder.to_owned());
    ProgramFiles { readable, executable, devices: vec!["/dev/null".into()] }
}

/// A path inside a `file:` address. Temporary folders may lie anywhere.
fn url_path(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let bytes = path.as_os_str().as_bytes();
    bytes
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn read_complaints(mut from: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut chunk = [0; 1024];
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        kept.extend_from_slice(chunk.get(..length).unwrap_or_default());
        let surplus = kept.len().saturating_sub(COMPLAINT_BYTES);
        kept.drain(..surplus);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn reason_of_death(status: ExitStatus, complaints: &str) -> Option<Reason> {
    if complaints.contains("bad_alloc") || complaints.contains("Cannot allocate memory") {
        return Some(Reason::OutOfMemory);
    }
    Some(match status.signal()? {
        libc::SIGXCPU => Reason::OutOfTime,
        libc::SIGXFSZ => Reason::TooLarge,
        libc::SIGKILL => Reason::OutOfMemory,
        _ => Reason::Damaged,
    })
}

/// LibreOffice, taken over by its document, could leave a link behind: only a plain file counts.
fn take(made: &Path, out_dir: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(made)?;
    if !meta.is_file() || meta.len() == 0 {
        return Err(io::ErrorKind::NotFound.into());
    }
    fs::rename(made, out_dir.join(CONVERTED))
}
