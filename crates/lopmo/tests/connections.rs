//! How the real program looks at its connections, as the system tells it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use support::Ground;

/// Connections that are looked at together: those of the epoll that has the fewest, since the runtime's own always
/// has the sockets that listen.
fn gathered(server: u32) -> usize {
    let files = std::fs::read_dir(format!("/proc/{server}/fdinfo")).unwrap();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.unwrap().path()).ok());
    let sockets = texts.map(|text| text.lines().filter(|line| line.starts_with("tfd:")).count());
    let busy: Vec<usize> = sockets.filter(|count| *count > 0).collect();
    // An epoll without connections tells as little as any other file.
    let files = std::fs::read_dir(format!("/proc/{server}/fd")).unwrap();
    let is_epoll = |to: &Path| to.as_os_str() == "anon_inode:[eventpoll]";
    let epolls = files.filter(|file| std::fs::read_link(file.as_ref().unwrap().path()).is_ok_and(|to| is_epoll(&to))).count();
    assert!(epolls >= 2);
    if epolls > busy.len() { 0 } else { busy.into_iter().min().unwrap() }
}

/// Asks on a connection that stays; tells the status.
fn ask(connection: &mut BufReader<TcpStream>, request: &str) -> u16 {
    let head = format!("{request} HTTP/1.1\r\nhost: school\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n");
    connection.get_mut().write_all(head.as_bytes()).unwrap();
    let (mut status, mut length) = (0, 0);
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).unwrap();
        let line = line.trim().to_ascii_lowercase();
        if let Some(rest) = line.strip_prefix("http/1.1 ") {
            status = rest[..3].parse().unwrap();
        } else if let Some(rest) = line.strip_prefix("content-length: ") {
            length = rest.parse().unwrap();
        } else if line.is_empty() {
            connection.read_exact(&mut vec![0; length]).unwrap();
            return status;
        }
    }
}

#[test]
fn a_connection_is_looked_at_with_others_while_a_test_is_sat_over_it() {
    let ground = Ground::new();
    let server = ground.serve();
    let mut device = BufReader::new(TcpStream::connect(("127.0.0.1", ground.port)).unwrap());
    for (request, status, expected) in [
        ("GET /health/live", 204, 0),
        ("POST /api/sitting/answers", 401, 1),
        ("GET /api/sitting/messages", 401, 0),
        ("POST /api/sitting/hand-in", 401, 1),
    ] {
        assert_eq!(ask(&mut device, request), status, "{request}");
        // What the first made of the connection is so when the second is read.
        assert_eq!(ask(&mut device, request), status, "{request}");
        assert_eq!(gathered(server.id()), expected, "after {request}");
    }
}

#[test]
fn a_connection_of_a_proxy_stays_where_it_is() {
    let ground = Ground::new().with("LOPMO_TRUSTED_PROXIES", "127.0.0.1");
    let server = ground.serve();
    let mut proxy = BufReader::new(TcpStream::connect(("127.0.0.1", ground.port)).unwrap());
    for _ in 0..2 {
        assert_eq!(ask(&mut proxy, "POST /api/sitting/answers"), 401);
    }
    assert_eq!(gathered(server.id()), 0);
}
