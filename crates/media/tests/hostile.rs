//! Files and work that mean harm: each ends as an event, and the parent lives.
#![allow(clippy::unwrap_used, reason = "a test's helpers stand outside its functions")]

mod support;

use std::path::Path;
use std::time::Duration;

use media::{Child, Event, LadderSpec, Limits, OtherSpec, Reason, Task};
use support::{Made, fixture, ladder, program, run};

async fn other(name: &str, input: &Path, limits: Limits) -> Made {
    run(|out| Task::Other(OtherSpec { name: name.into(), input: input.into(), out_dir: out.into(), limits })).await
}

fn report(made: &Made) -> String {
    std::fs::read_to_string(made.dir.path().join("report.txt")).unwrap()
}

#[tokio::test]
async fn a_child_has_no_network_no_programs_and_no_other_files() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("input");
    std::fs::write(&input, "mine").unwrap();
    let made = other("probe-network", &input, Limits::small()).await;
    assert_eq!(report(&made), "Some(1) Some(1)", "sockets must fail with EPERM");
    let made = other("probe-exec", &input, Limits::small()).await;
    assert_eq!(report(&made), "exec=false");
    let made = other("probe-files", &input, Limits::small()).await;
    let seen = report(&made);
    assert!(seen.contains("own=true") && seen.contains("link=false"), "{seen}");
    if seen.contains("passwd=true") {
        println!("NOTE: this kernel has no Landlock; file access is not restricted here");
    } else {
        assert_eq!(seen, "own=true passwd=false elsewhere=false link=false");
    }
}

#[tokio::test]
async fn a_child_that_eats_memory_ends_as_out_of_memory() {
    let limits = Limits { memory_bytes: 200 << 20, ..Limits::small() };
    let made = other("eat-memory", Path::new("/dev/null"), limits).await;
    assert_eq!(made.failure(), Reason::OutOfMemory);
}

#[tokio::test]
async fn a_child_that_never_ends_is_out_of_time() {
    let limits = Limits { cpu: Duration::from_secs(1), ..Limits::small() };
    let made = other("spin", Path::new("/dev/null"), limits).await;
    assert_eq!(made.failure(), Reason::OutOfTime, "processor time");
    let limits = Limits { wall: Duration::from_millis(300), ..Limits::small() };
    let made = other("spin", Path::new("/dev/null"), limits).await;
    assert_eq!(made.failure(), Reason::OutOfTime, "wall-clock time");
}

#[tokio::test]
async fn a_panic_and_a_refusal_are_events() {
    let made = other("panic", Path::new("/dev/null"), Limits::small()).await;
    assert_eq!(made.failure(), Reason::Internal);
    let made = other("refuse", Path::new("/dev/null"), Limits::small()).await;
    assert_eq!(made.last(), &Event::Failed { reason: Reason::Damaged, detail: "not a document".into() });
    let made = other("unheard-of", Path::new("/dev/null"), Limits::small()).await;
    assert_eq!(made.failure(), Reason::Internal);
}

#[tokio::test]
async fn a_dropped_child_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let task =
        Task::Other(OtherSpec { name: "spin".into(), input: "/dev/null".into(), out_dir: dir.path().into(), limits: Limits::small() });
    let child = Child::spawn(program(), &task).await.unwrap();
    let process = format!("/proc/{}/stat", child.id().unwrap());
    assert!(Path::new(&process).exists());
    drop(child);
    let killed = tokio::time::timeout(Duration::from_secs(10), async {
        // Gone, or a zombie until the runtime reaps it.
        while std::fs::read_to_string(&process).is_ok_and(|stat| !stat.contains(") Z ")) {
            tokio::task::yield_now().await;
        }
    });
    killed.await.unwrap();
}

#[test]
fn a_child_dies_with_the_process_that_started_it() {
    use std::io::{BufRead, BufReader, Write};
    let dir = tempfile::tempdir().unwrap();
    let task = Task::Other(OtherSpec {
        name: "report-and-spin".into(),
        input: "/dev/null".into(),
        out_dir: dir.path().into(),
        limits: Limits::small(),
    });
    let mut parent = std::process::Command::new("sh")
        .args(["-c", "exec 3<&0; \"$0\" media-child <&3 & echo $!; wait"])
        .arg(program())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = parent.stdin.take().unwrap();
    writeln!(stdin, "{}", serde_json::to_string(&task).unwrap()).unwrap();
    let mut child = String::new();
    BufReader::new(parent.stdout.take().unwrap()).read_line(&mut child).unwrap();
    let process = format!("/proc/{}/stat", child.trim());
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    let until = |what: &str, holds: &dyn Fn() -> bool| {
        while !holds() {
            assert!(std::time::Instant::now() < deadline, "{what}");
            std::thread::yield_now();
        }
    };
    until("the child never began", &|| dir.path().join("report.txt").exists());
    parent.kill().unwrap();
    parent.wait().unwrap();
    until("the child outlived its parent", &|| std::fs::read_to_string(&process).map_or(true, |stat| stat.contains(") Z ")));
}

#[tokio::test]
async fn a_missing_source_is_an_error_not_an_event() {
    let dir = tempfile::tempdir().unwrap();
    let task = Task::Ladder(LadderSpec::new(dir.path().join("absent"), dir.path()));
    assert!(Child::spawn(program(), &task).await.is_err());
}

#[tokio::test]
async fn playlists_in_disguise_open_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let inner = fixture(&dir, "inner.ts", "-f lavfi -i testsrc2=size=320x240:rate=10 -t 1 -c:v libx264");
    let files = [
        (
            "hls.mp4",
            format!(
                "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://{0}\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
                inner.display()
            ),
        ),
        ("hls", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n".to_owned()),
        ("concat.mp4", format!("ffconcat version 1.0\nfile {}\n", inner.display())),
        ("dash.mp4", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"></MPD>".to_owned()),
        ("sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n".to_owned()),
        ("subtitles.mp4", "1\n00:00:00,000 --> 00:00:01,000\nfile:///etc/passwd\n".to_owned()),
        ("words.mp4", "a plain text that is long enough to be looked at ".repeat(200)),
        ("page.mp4", "<!DOCTYPE html><html><body>404</body></html>".to_owned()),
    ];
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        let made = ladder(&path).await;
        assert_eq!(made.failure(), Reason::NotMedia, "{name}: {:?}", made.events);
    }
}

#[tokio::test]
async fn broken_files_say_how() {
    let dir = tempfile::tempdir().unwrap();
    let whole = fixture(&dir, "whole.mp4", "-f lavfi -i testsrc2=size=320x240:rate=10 -f lavfi -i sine -t 4 -c:v libx264 -c:a aac");
    let bytes = std::fs::read(&whole).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let empty = write("empty.mp4", b"");
    assert_eq!(ladder(&empty).await.failure(), Reason::Empty);
    let cut = write("cut.mp4", &bytes[..bytes.len() / 2]);
    assert_eq!(ladder(&cut).await.failure(), Reason::Truncated);
    let head = write("head.mp4", &bytes[..20]);
    assert_eq!(ladder(&head).await.failure(), Reason::Truncated);
    let noise: Vec<u8> = (0..200_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let noise = write("noise.mp4", &noise);
    assert_eq!(ladder(&noise).await.failure(), Reason::NotMedia);
    let picture = fixture(&dir, "picture.png", "-f lavfi -i testsrc2=size=64x64 -frames:v 1");
    assert_eq!(ladder(&picture).await.failure(), Reason::NotMedia);
    // The index stays, the pictures become noise.
    let mut damaged = bytes.clone();
    let data = damaged.windows(4).position(|name| name == b"mdat").unwrap() + 4;
    let index = damaged.windows(4).position(|name| name == b"moov").unwrap() - 4;
    for (at, byte) in damaged[data..index].iter_mut().enumerate() {
        *byte = (at * 7919 % 251) as u8;
    }
    let damaged = write("damaged.mp4", &damaged);
    assert_eq!(ladder(&damaged).await.failure(), Reason::Damaged);
}

#[tokio::test]
async fn a_half_file_that_still_plays_is_played_as_far_as_it_goes() {
    let dir = tempfile::tempdir().unwrap();
    let whole = fixture(
        &dir,
        "whole.mp4",
        "-f lavfi -i testsrc2=size=320x240:rate=10 -f lavfi -i sine -t 10 -c:v libx264 -c:a aac -movflags +faststart",
    );
    let bytes = std::fs::read(&whole).unwrap();
    let half = dir.path().join("half.mp4");
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let made = ladder(&half).await;
    assert!((2.0..8.0).contains(&made.duration()), "{}", made.duration());
    assert_eq!(support::complaints(&made.whole("v240")), "");
    let (playable, declared) = cut_of(&made).expect("its owner is told");
    assert!((playable - made.duration()).abs() < 1.0 && (declared - 10.0).abs() < 0.2, "{playable} of {declared}");
    assert_eq!(cut_of(&ladder(&whole).await), None, "the whole file has nothing to tell");
}

/// Seconds that can be played and seconds the source says it has, where it was told that it is cut.
fn cut_of(made: &Made) -> Option<(f64, f64)> {
    made.events.iter().find_map(|event| match event {
        Event::CutShort { playable_us, declared_us } => Some((*playable_us as f64 / 1e6, *declared_us as f64 / 1e6)),
        _ => None,
    })
}

#[tokio::test]
async fn a_cut_is_told_whatever_the_container() {
    let dir = tempfile::tempdir().unwrap();
    let pictures = "-f lavfi -i testsrc2=size=320x240:rate=10 -t 12 -c:v libx264";
    let sound = "-f lavfi -i sine -t 12";
    let sources = [
        ("film.mkv", format!("{pictures} -f matroska"), true),
        ("film.webm", format!("{sound} -c:a libopus"), true),
        ("film.avi", "-f lavfi -i testsrc2=size=320x240:rate=10 -t 12 -c:v mpeg4".to_owned(), true),
        ("sound.m4a", format!("{sound} -c:a aac -movflags +faststart"), true),
        // Nothing in these says how long they ought to be, or FFmpeg does not believe it.
        ("sound.wav", sound.to_owned(), false),
        ("film.ts", pictures.to_owned(), false),
        ("sound.mp3", format!("{sound} -write_xing 0"), false),
    ];
    for (name, arguments, told) in sources {
        let whole = fixture(&dir, name, &arguments);
        assert_eq!(cut_of(&ladder(&whole).await), None, "{name} is whole");
        let bytes = std::fs::read(&whole).unwrap();
        let half = dir.path().join(format!("half-{name}"));
        std::fs::write(&half, &bytes[..bytes.len() * 6 / 10]).unwrap();
        let made = ladder(&half).await;
        assert_eq!(cut_of(&made).is_some(), told, "{name}: {:?}", made.last());
        assert!((3.0..11.0).contains(&made.duration()), "{name}: {}", made.duration());
    }
}

#[tokio::test]
async fn a_film_cut_before_its_first_picture_is_called_cut() {
    let dir = tempfile::tempdir().unwrap();
    let whole = fixture(&dir, "w.mp4", "-f lavfi -i testsrc2=size=320x240:rate=10 -t 10 -c:v libx264 -movflags +faststart");
    let bytes = std::fs::read(&whole).unwrap();
    let data = bytes.windows(4).position(|name| name == b"mdat").unwrap() + 14;
    let cut = dir.path().join("cut.mp4");
    std::fs::write(&cut, &bytes[..data]).unwrap();
    assert_eq!(ladder(&cut).await.failure(), Reason::Truncated);
}

#[tokio::test]
async fn protected_files_are_called_so() {
    let dir = tempfile::tempdir().unwrap();
    let source = fixture(
        &dir,
        "locked.mp4",
        "-f lavfi -i testsrc2=size=320x240:rate=10 -t 1 -c:v libx264 -encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff -encryption_kid 00112233445566778899aabbccddeeff",
    );
    assert_eq!(ladder(&source).await.failure(), Reason::Encrypted);
}

#[tokio::test]
async fn too_long_too_large_and_too_much_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let source = fixture(&dir, "s.mp4", "-f lavfi -i testsrc2=size=320x240:rate=10 -t 6 -c:v libx264");
    let with = async |limits: Limits| run(|out| Task::Ladder(LadderSpec { limits, ..LadderSpec::new(&source, out) })).await.failure();
    let limits = Limits { max_duration: Duration::from_secs(5), ..Limits::default() };
    assert_eq!(with(limits).await, Reason::TooLong);
    let limits = Limits { max_pixels: 300 * 200, ..Limits::default() };
    assert_eq!(with(limits).await, Reason::TooLarge);
    let limits = Limits { output_bytes: 20_000, ..Limits::default() };
    assert_eq!(with(limits).await, Reason::TooLarge);
    let limits = Limits { memory_bytes: 40 << 20, ..Limits::default() };
    assert_eq!(with(limits).await, Reason::OutOfMemory);
    let limits = Limits { wall: Duration::from_millis(1), ..Limits::default() };
    assert_eq!(with(limits).await, Reason::OutOfTime);
}

#[tokio::test]
async fn a_film_larger_than_the_memory_it_may_use_is_made() {
    let dir = tempfile::tempdir().unwrap();
    // 3,000 pictures without compression: 345 MB.
    let source = fixture(&dir, "raw.avi", "-f lavfi -i testsrc2=size=320x240:rate=25 -t 120 -c:v rawvideo -pix_fmt yuv420p");
    assert!(std::fs::metadata(&source).unwrap().len() > 320 << 20);
    let limits = Limits { memory_bytes: 300 << 20, ..Limits::default() };
    let made = run(|out| Task::Ladder(LadderSpec { limits, ..LadderSpec::new(&source, out) })).await;
    assert!((made.duration() - 120.0).abs() < 1.0, "{:?}", made.last());
}
