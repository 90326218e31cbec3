//! The media child alone, for this crate's own tests and benchmark. Handlers
//! here try what a hostile file would try.

use std::net::{TcpStream, UdpSocket};
use std::path::Path;
use std::process::ExitCode;

/// As the product's: what an allocator reserves counts towards the child's limits.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let code = media::child_main(&[
        ("probe-network", probe_network),
        ("probe-files", probe_files),
        ("probe-exec", probe_exec),
        ("eat-memory", eat_memory),
        ("spin", spin),
        ("report-and-spin", report_and_spin),
        ("panic", panic_now),
        ("refuse", refuse),
    ]);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

fn report(out: &Path, text: &str) -> Result<(), String> {
    std::fs::write(out.join("report.txt"), text).map_err(|error| error.to_string())
}

fn probe_network(_: &Path, out: &Path) -> Result<(), String> {
    let tcp = TcpStream::connect("127.0.0.1:9").err().and_then(|error| error.raw_os_error());
    let udp = UdpSocket::bind("127.0.0.1:0").err().and_then(|error| error.raw_os_error());
    report(out, &format!("{tcp:?} {udp:?}"))
}

fn probe_files(input: &Path, out: &Path) -> Result<(), String> {
    let own = std::fs::read(input).is_ok();
    let passwd = std::fs::read("/etc/passwd").is_ok();
    let elsewhere = std::fs::write("/tmp/media-child-was-here", "x").is_ok();
    let link = std::os::unix::fs::symlink("/etc/passwd", out.join("link")).is_ok();
    report(out, &format!("own={own} passwd={passwd} elsewhere={elsewhere} link={link}"))
}

fn probe_exec(_: &Path, out: &Path) -> Result<(), String> {
    let ran = std::process::Command::new("/bin/true").status().is_ok();
    report(out, &format!("exec={ran}"))
}

fn eat_memory(_: &Path, _: &Path) -> Result<(), String> {
    let mut kept = Vec::new();
    loop {
        kept.push(vec![1_u8; 1 << 20]);
        std::hint::black_box(&kept);
    }
}

fn spin(_: &Path, _: &Path) -> Result<(), String> {
    loop {
        std::hint::spin_loop();
    }
}

fn report_and_spin(input: &Path, out: &Path) -> Result<(), String> {
    report(out, "at work")?;
    spin(input, out)
}

fn panic_now(_: &Path, _: &Path) -> Result<(), String> {
    panic!("as a broken parser would")
}

fn refuse(_: &Path, _: &Path) -> Result<(), String> {
    Err("not a document".to_owned())
}
