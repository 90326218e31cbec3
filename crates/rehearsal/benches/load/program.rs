//! The real program, in a process of its own.
#![allow(dead_code, reason = "each bench uses its own part of this")]

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use db::DbUrl;
use rehearsal::ticks_of;

pub struct Program {
    pub address: SocketAddr,
    url: DbUrl,
    data: PathBuf,
    child: Child,
}

/// The server, and the database where it has processes of its own.
#[derive(Clone)]
pub struct Processes {
    server: u32,
    on_postgres: bool,
}

impl Program {
    pub fn start(url: &DbUrl, data: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address: SocketAddr = format!("127.0.0.1:{port}").parse().unwrap();
        Self { address, url: url.clone(), data: data.to_owned(), child: serve(url, data, address) }
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops it where it is: nobody is told anything any more. What is under way in the system goes on.
    pub fn freeze(&self) {
        let process = self.child.id().to_string();
        assert!(Command::new("kill").args(["-STOP", &process]).status().unwrap().success());
        // Stopped, or still in the system and stopped as it returns.
        let stands = |thread: &Path| {
            // One that has ended meanwhile stands too.
            let Ok(stat) = std::fs::read_to_string(thread.join("stat")) else { return true };
            matches!(stat.rsplit(") ").next().and_then(|rest| rest.chars().next()), Some('T' | 'D'))
        };
        let threads = || std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
        while !threads().all(|thread| stands(&thread.unwrap().path())) {
            std::thread::yield_now();
        }
    }

    /// Starts it again where it was.
    pub fn again(&mut self) {
        self.child = serve(&self.url, &self.data, self.address);
    }

    pub fn processes(&self) -> Processes {
        Processes { server: self.child.id(), on_postgres: matches!(self.url, DbUrl::Postgres(_)) }
    }

    /// What of its memory is in use, in megabytes.
    pub fn memory_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(url: &DbUrl, data: &Path, address: SocketAddr) -> Child {
    let binary = std::env::var("LOPMO_BENCH_BINARY").expect("LOPMO_BENCH_BINARY names a release build of lopmo");
    let database = match url {
        DbUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DbUrl::Postgres(url) => url.clone(),
    };
    let mut child = Command::new(binary)
        .arg("serve")
        // What is meant for the bench is no setting of the program.
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LOPMO_DATA_FOLDER", data)
        .env("LOPMO_LISTEN", address.to_string())
        .env("LOPMO_DATABASE__URL", database)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while !lines.next().expect("the program runs").unwrap().contains("is running") {}
    // What it says later is read and forgotten, or it would wait for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

impl Processes {
    /// Processor time so far, in hundredths of a second.
    pub fn ticks(&self) -> u64 {
        let database = std::fs::read_dir("/proc").unwrap().filter(|_| self.on_postgres).filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let comm = std::fs::read_to_string(format!("/proc/{name}/comm")).ok()?;
            (comm.trim() == "postgres").then(|| name.parse().ok()).flatten()
        });
        ticks_of(self.server) + database.map(ticks_of).sum::<u64>()
    }
}
