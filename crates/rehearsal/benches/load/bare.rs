//! The least a request can cost here: an empty one to a bare axum server, over as many connections and as often as
//! pupils save. What a save costs more than that is ours; the rest is this machine, its system and the library.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use futures::future::join_all;
use rehearsal::ticks_of;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::Instant;

/// Says to this program that it is to be the bare server.
const ORDER: &str = "LOPMO_BENCH_BE_BARE";
const REQUEST: &[u8] = b"POST / HTTP/1.1\r\nhost: bare\r\ncontent-length: 2\r\n\r\n{}";
/// Of one address there are fewer ports than pupils.
const FROM_ONE_ADDRESS: usize = 20_000;

/// Serves for good, if that is what this process is for.
pub async fn serve_if_asked() {
    if std::env::var_os(ORDER).is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, Router::new().route("/", post(|| async { "{}" }))).await.unwrap();
}

struct Bare(Child);

impl Drop for Bare {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Milliseconds of processor time of one request, where each of so many connections asks once in `every`.
pub async fn request_cpu_ms(connections: usize, every: Duration) -> f64 {
    let mut server = Bare(Command::new(std::env::current_exe().unwrap()).env(ORDER, "1").stdout(Stdio::piped()).spawn().unwrap());
    let mut said = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address: SocketAddr = said.trim().parse().unwrap();
    let mut streams = Vec::with_capacity(connections);
    for number in 0..connections {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("127.0.{}.1:0", 1 + number / FROM_ONE_ADDRESS).parse().unwrap()).unwrap();
        streams.push(socket.connect(address).await.unwrap());
    }
    let (begun, before) = (Instant::now(), ticks_of(server.0.id()));
    join_all(streams.into_iter().enumerate().map(|(number, mut stream)| {
        tokio::spawn(async move {
            tokio::time::sleep_until(begun + every.mul_f64(number as f64 / connections as f64)).await;
            stream.write_all(REQUEST).await.unwrap();
            assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
        })
    }))
    .await
    .into_iter()
    .for_each(Result::unwrap);
    (ticks_of(server.0.id()) - before) as f64 * 10.0 / connections as f64
}
