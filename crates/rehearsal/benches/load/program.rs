//! The real program, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use db::DbUrl;

pub struct Program {
    pub address: SocketAddr,
    child: Child,
    on_postgres: bool,
    _data: tempfile::TempDir,
}

/// The server, and the database where it has processes of its own.
#[derive(Clone)]
pub struct Processes {
    server: u32,
    on_postgres: bool,
}

impl Program {
    pub async fn start(url: &DbUrl) -> Self {
        let binary = std::env::var("LOPMO_BENCH_BINARY").expect("LOPMO_BENCH_BINARY names a release build of lopmo");
        let data = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address: SocketAddr = format!("127.0.0.1:{port}").parse().unwrap();
        let database = match url {
            DbUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DbUrl::Postgres(url) => url.clone(),
        };
        let mut child = Command::new(binary)
            .arg("serve")
            .env("LOPMO_DATA_FOLDER", data.path())
            .env("LOPMO_LISTEN", address.to_string())
            .env("LOPMO_DATABASE__URL", database)
            .env("LOPMO_LOG__LEVEL", std::env::var("LOPMO_BENCH_LOG").unwrap_or_else(|_| "info".to_owned()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while !lines.next().expect("the program runs").unwrap().contains("is running") {}
        // What it says later is read and forgotten, or it would wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address, child, on_postgres: matches!(url, DbUrl::Postgres(_)), _data: data }
    }

    pub fn processes(&self) -> Processes {
        Processes { server: self.child.id(), on_postgres: self.on_postgres }
    }

    /// What of its memory is in use, in megabytes.
    pub fn memory_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    pub fn end(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Processes {
    /// Processor time so far, in hundredths of a second.
    pub fn ticks(&self) -> u64 {
        let database = std::fs::read_dir("/proc").unwrap().filter(|_| self.on_postgres).filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let comm = std::fs::read_to_string(format!("/proc/{name}/comm")).ok()?;
            (comm.trim() == "postgres").then_some(name)
        });
        let count = |process: &str| {
            let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            let after = stat.rsplit_once(')').map_or("", |(_, after)| after).to_owned();
            after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>()
        };
        count(&self.server.to_string()) + database.map(|process| count(&process)).sum::<u64>()
    }
}
