//! The least that a save can cost here: an empty request to a bare axum server, over as many connections and as often
//! as pupils save; and a write that waits for the disk, as long and as often as a batch of answers. What a save costs
//! more than that is ours; the rest is this machine, its system and the library.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use futures::future::join_all;
use http::Method;
use rehearsal::{Line, Measured, Phase, ticks_of};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::time::Instant;

/// Says to this program that it is to be the bare server.
const ORDER: &str = "LOPMO_BENCH_BE_BARE";
/// What a batch of twenty answers adds to the log of the database, in bytes.
const BATCH: usize = 160_000;
/// How often the disk is asked, and how long after the time before.
const WRITES: usize = 400;
const BETWEEN_WRITES: Duration = Duration::from_millis(45);

/// Serves for good, if that is what this process is for.
pub async fn serve_if_asked() {
    if std::env::var_os(ORDER).is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, Router::new().route("/", post(|| async { "{}" }))).await.unwrap();
}

/// Milliseconds of processor time of one request, where each of so many connections asks once in `every`.
pub async fn request_cpu_ms(connections: usize, every: Duration) -> f64 {
    let mut this = Command::new(std::env::current_exe().unwrap());
    let mut server = this.env(ORDER, "1").stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let process = server.id().unwrap();
    let said = BufReader::new(server.stdout.take().unwrap()).lines().next_line().await.unwrap();
    let address: SocketAddr = said.expect("it serves").parse().unwrap();
    let mut lines: Vec<Line> = (0..connections).map(|number| Line::new(address, number)).collect();
    // Once beforehand: pupils save on connections that are there already.
    for line in &mut lines {
        ask(line).await;
    }
    let (begun, before) = (Instant::now(), ticks_of(process));
    let asked = lines.into_iter().enumerate().map(|(number, mut line)| {
        tokio::spawn(async move {
            tokio::time::sleep_until(begun + every.mul_f64(number as f64 / connections as f64)).await;
            ask(&mut line).await;
            line
        })
    });
    // Kept until the end is read: hanging up costs too.
    let lines = join_all(asked).await;
    let spent = ticks_of(process) - before;
    drop(lines);
    spent as f64 * 10.0 / connections as f64
}

async fn ask(line: &mut Line) {
    let (status, _) = line.ask(Method::POST, "/", None, Bytes::from_static(b"{}")).await.unwrap();
    assert!(status.is_success());
}

/// How long a write of a batch waits for the disk of a folder.
pub fn disk(folder: &Path) -> Phase {
    let mut file = File::create(folder.join("disk")).unwrap();
    let mut write = |measured: &Measured| {
        // Over what is there, as a log is written again from its beginning.
        file.rewind().unwrap();
        file.write_all(&[7; BATCH]).unwrap();
        let begun = Instant::now();
        file.sync_data().unwrap();
        measured.answered(begun);
    };
    write(&Measured::default());
    let measured = Measured::default();
    for _ in 0..WRITES {
        std::thread::sleep(BETWEEN_WRITES);
        write(&measured);
    }
    measured.end()
}
