//! Files from their last byte to what people see, with real children.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use content::assets::{self, AssetKind, AssetState, PreviewSide};
use content::library::{Find, find};
use content::processing;
use content::processing::run::{self, RunError};
use db::jobs::{self, Lane};
use identity::access::Caller;
use kernel::{BlobId, Role};
use media::Event;
use support::World;
use worker::{Process, Worker, WorkerConfig};

fn child() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_worker-child"))
}

fn worker(world: &World) -> Worker {
    Worker::new(world.content.clone(), WorkerConfig { media_program: child(), long_lanes: 1, short_lanes: 1, keep_audit: None })
}

fn ffmpeg(folder: &Path, name: &str, arguments: &[&str]) -> Vec<u8> {
    let file = folder.join(name);
    let done = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(arguments).arg(&file).status().unwrap();
    assert!(done.success());
    std::fs::read(file).unwrap()
}

fn clip(folder: &Path) -> Vec<u8> {
    let sources = ["-f", "lavfi", "-i", "testsrc2=s=426x240:r=25:d=6", "-f", "lavfi", "-i", "sine=f=440:d=6"];
    let coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"];
    ffmpeg(folder, "clip.mp4", &[&sources[..], &coding[..]].concat())
}

fn docx(text: &str) -> Vec<u8> {
    docx_beginning("", text)
}

/// A Word file whose text part begins with something.
fn docx_beginning(prolog: &str, text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, body) in [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned()),
        (
            "word/document.xml",
            format!(
                "{prolog}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
            ),
        ),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn asset(world: &World, caller: &Caller, id: kernel::AssetId) -> assets::Asset {
    assets::get(&world.content, caller, id).await.unwrap()
}

#[tokio::test]
async fn a_video_becomes_playable_and_the_same_video_is_ready_at_once() {
    let mut worlds = World::each_engine().await;
    worlds.extend(World::on_s3(db::testing::sqlite().await).await);
    for world in worlds {
        let (content, teacher) = (&world.content, world.teacher().await);
        let bytes = clip(world.folder.path());
        let id = world.upload(&teacher, world.school, "Thí nghiệm.mp4", &bytes).await;
        assert_eq!(asset(&world, &teacher, id).await.state, AssetState::Checking);
        worker(&world).run_due().await.unwrap();
        let done = asset(&world, &teacher, id).await;
        assert_eq!((done.state, done.kind, done.playable), (AssetState::Ready, AssetKind::Video, true), "{:?}", done.failure);
        assert!((done.duration_us.unwrap() - 6_000_000).abs() < 150_000);
        assert!(done.poster && done.urls.storyboard.is_some());
        let master = assets::master_playlist(content, &teacher, id).await.unwrap();
        assert!(master.contains("v240/index.m3u8?r=") && master.contains("a128/index.m3u8?r="), "{master}");
        let (playlist, _) = assets::media_playlist(content, &teacher, id, "v240").await.unwrap();
        assert!(
            playlist.contains("seg-00001.m4s?r=") && playlist.contains("init.mp4?r=") && playlist.ends_with("#EXT-X-ENDLIST\n"),
            "{playlist}"
        );
        let stream = assets::get_stream(content, &teacher, id).await.unwrap();
        for file in ["init.mp4", "seg-00001.m4s", "seg-00002.m4s"] {
            assert!(content.blobs.size(&format!("{}/v240/{file}", stream.object_prefix)).await.unwrap().unwrap() > 0);
        }
        assert!(assets::storyboard_vtt(content, &teacher, id).await.unwrap().contains("storyboard/0.jpg"));
        assert_eq!(std::fs::read_dir(&*content.temp_folder).unwrap().count(), 0, "nothing is left in the temporary folder");

        let again = world.finished(&teacher, world.school, "Lần nữa.mp4", &bytes).await;
        assert_eq!((again.state, again.kind, again.playable), (AssetState::Ready, AssetKind::Video, true));
    }
}

#[tokio::test]
async fn a_run_that_was_cut_off_is_replaced_as_a_whole() {
    let world = World::new(db::testing::sqlite().await).await;
    let (content, teacher) = (&world.content, world.teacher().await);
    let id = world.finished(&teacher, world.school, "a.mp4", &clip(world.folder.path())).await.id;
    let mut tx = content.env.db.write().await.unwrap();
    let (blob,): (BlobId,) = db::sql!("SELECT blob_id FROM asset WHERE id = $1").bind(id).fetch_one(&mut tx).await.unwrap();
    // A worker takes the job, publishes a segment, and is killed.
    while let Some(job) =
        jobs::claim_in(&mut tx, content.env.ids.make(), content.env.now(), std::time::Duration::from_secs(30), Lane::Any).await.unwrap()
    {
        assert!(!job.kind.is_empty());
    }
    tx.commit().await.unwrap();
    let old = run::begin(content, blob).await.unwrap();
    let key = format!("{}/v999/seg-00001.m4s", old.prefix);
    content.blobs.put(&key, bytes::Bytes::from_static(b"old")).await.unwrap();
    let track = |track: &str| Event::Track {
        track: track.to_owned(),
        kind: media::TrackKind::Video,
        width: 1776,
        height: 999,
        bandwidth: 1,
        average_bandwidth: 1,
        codecs: "avc1.64001f".to_owned(),
        frame_rate: 25.0,
    };
    run::record(content, &old, &track("v999")).await.unwrap();
    let segment =
        Event::Segment { track: "v999".to_owned(), file: "v999/seg-00001.m4s".to_owned(), sequence: 1, duration_us: 4_000_000, bytes: 3 };
    run::record(content, &old, &segment).await.unwrap();

    assert_eq!(worker(&world).run_due().await.unwrap(), 0, "the lease still holds");
    world.test.clock.advance(std::time::Duration::from_secs(31));
    worker(&world).run_due().await.unwrap();
    let done = asset(&world, &teacher, id).await;
    assert_eq!(done.state, AssetState::Ready, "{:?}", done.failure);
    assert!(!assets::master_playlist(content, &teacher, id).await.unwrap().contains("v999"));
    assert!(matches!(run::record(content, &old, &track("v998")).await, Err(RunError::Replaced)));
    world.test.clock.advance(db::testing::hours(2));
    content::processing::garbage::collect(content).await.unwrap();
    assert_eq!(content.blobs.size(&key).await.unwrap(), None);
    let stream = assets::get_stream(content, &teacher, id).await.unwrap();
    assert!(content.blobs.size(&format!("{}/v240/init.mp4", stream.object_prefix)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_a_dead_worker_was_at_is_taken_over_at_once_and_what_a_living_one_is_at_is_not() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let mut dead = Command::new("true").spawn().unwrap();
        let number = i64::from(dead.id());
        dead.wait().unwrap();
        let own = Process::own().unwrap();
        let elsewhere = format!("another machine {}", own.host);
        // (host, number, start, whether its job is taken over)
        for (host, pid, started, taken) in [
            (&own.host, i64::from(own.pid), own.started, false),
            (&elsewhere, number, 1, false),
            (&own.host, i64::from(own.pid), own.started - 1, true),
            (&own.host, number, 1, true),
        ] {
            let file = world.upload(&teacher, world.school, "ghi-chu.txt", b"ghi chu").await;
            let holder: uuid::Uuid = content.env.ids.make();
            let mut tx = content.env.db.write().await.unwrap();
            db::sql!("INSERT INTO worker_process (id, host, pid, started, seen_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(holder)
                .bind(host)
                .bind(pid)
                .bind(started)
                .bind(content.env.now())
                .execute(&mut tx)
                .await
                .unwrap();
            jobs::claim(&mut tx, holder, content.env.now(), std::time::Duration::from_secs(30)).await.unwrap().unwrap();
            tx.commit().await.unwrap();
            worker(&world).run_due().await.unwrap();
            let state = asset(&world, &teacher, file).await.state;
            assert_eq!(state == AssetState::Ready, taken, "{host} {pid} {started}: {state:?}");
            // What was rightly left alone is done when its lease has run out.
            world.test.clock.advance(std::time::Duration::from_secs(31));
            worker(&world).run_due().await.unwrap();
            assert_eq!(asset(&world, &teacher, file).await.state, AssetState::Ready);
        }
    }
}

#[tokio::test]
async fn what_is_no_video_fails_with_a_reason_and_the_worker_lives() {
    let world = World::new(db::testing::sqlite().await).await;
    let teacher = world.teacher().await;
    let mut cut = clip(world.folder.path());
    cut.truncate(300);
    let files: [(&str, &[u8], &str); 4] = [
        ("trang.mp4", b"<!doctype html><script>alert(1)</script>", "not_media"),
        ("rong.mp4", b"", "empty"),
        ("nhieu.mp4", &[7; 5000], "not_media"),
        ("cut.mp4", &cut, "truncated"),
    ];
    let mut ids = Vec::new();
    for (name, bytes, _) in files {
        ids.push(world.upload(&teacher, world.school, name, bytes).await);
    }
    worker(&world).run_due().await.unwrap();
    for ((name, _, code), id) in files.iter().zip(ids) {
        let found = asset(&world, &teacher, id).await;
        assert_eq!(found.state, AssetState::Failed, "{name}");
        let failure = found.failure.unwrap().code;
        assert!(failure == *code || *name == "cut.mp4" && failure == "damaged", "{name}: {failure}");
    }
}

#[tokio::test]
async fn a_film_without_its_end_can_be_watched_and_its_owner_is_told() {
    for world in World::each_engine().await {
        let teacher = world.teacher().await;
        let sources = ["-f", "lavfi", "-i", "testsrc2=s=426x240:r=25:d=12", "-c:v", "libx264", "-preset", "ultrafast"];
        let whole = ffmpeg(world.folder.path(), "w.mp4", &[&sources[..], &["-pix_fmt", "yuv420p", "-movflags", "+faststart"]].concat());
        let mut ids = Vec::new();
        for (name, bytes) in [("half.mp4", &whole[..whole.len() / 2]), ("again.mp4", &whole[..whole.len() / 2]), ("whole.mp4", &whole)] {
            ids.push(world.upload(&teacher, world.school, name, bytes).await);
        }
        worker(&world).run_due().await.unwrap();
        for id in &ids[..2] {
            let found = asset(&world, &teacher, *id).await;
            assert_eq!((found.state, found.playable), (AssetState::Ready, true), "{:?}", found.failure);
            let warning = found.warning.unwrap();
            assert_eq!(warning.code, "cut_short");
            assert!((3_000_000..9_000_000).contains(&warning.playable_us.unwrap()), "{warning:?}");
            assert!((warning.declared_us.unwrap() - 12_000_000).abs() < 100_000, "{warning:?}");
        }
        assert!(asset(&world, &teacher, ids[2]).await.warning.is_none());
    }
}

#[tokio::test]
async fn a_recording_without_pictures_is_named_sound() {
    let world = World::new(db::testing::sqlite().await).await;
    let teacher = world.teacher().await;
    let bytes = ffmpeg(world.folder.path(), "r.m4a", &["-f", "lavfi", "-i", "sine=f=440:d=3", "-c:a", "aac"]);
    let mut ids = Vec::new();
    for name in ["Ghi âm.m4a", "Ghi âm (1).m4a"] {
        ids.push(world.upload(&teacher, world.school, name, &bytes).await);
        worker(&world).run_due().await.unwrap();
    }
    for id in ids {
        let found = asset(&world, &teacher, id).await;
        assert_eq!((found.state, found.kind, found.mime.as_deref()), (AssetState::Ready, AssetKind::Audio, Some("audio/mp4")));
        assert_eq!(assets::file_target(&world.content, &teacher, id).await.unwrap().mime, "audio/mp4");
    }
}

#[tokio::test]
async fn a_document_that_declares_a_type_is_refused_for_that_and_not_as_a_bomb() {
    let world = World::new(db::testing::sqlite().await).await;
    let teacher = world.teacher().await;
    let bytes = docx_beginning("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>", "&a;");
    let id = world.upload(&teacher, world.school, "la.docx", &bytes).await;
    worker(&world).run_due().await.unwrap();
    let found = asset(&world, &teacher, id).await;
    assert_eq!((found.state, found.failure.unwrap().code.as_str()), (AssetState::Failed, "unsafe_document"));
}

#[tokio::test]
async fn words_of_a_document_are_found_with_the_lesson_that_has_it() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let pupil = world.person(world.school, Role::Pupil, "Lê Gia Dung").await;
        let file = world.upload(&teacher, world.school, "phieu-hoc-tap.docx", &docx("Nhiễm sắc thể tương đồng")).await;
        world.published(&teacher, world.school, "Di truyền", "Xem phiếu", &[file]).await;
        worker(&world).run_due().await.unwrap();
        let found = asset(&world, &pupil, file).await;
        assert_eq!((found.state, found.kind), (AssetState::Ready, AssetKind::Office), "{:?}", found.failure);
        content.search.catch_up(&content.env).await.unwrap();
        let hits = find(content, &pupil, &Find { text: "nhiem sac the".to_owned(), limit: 5, ..Find::default() }).await.unwrap();
        assert_eq!(hits.total, 1);
        assert!(!hits.items[0].highlights.is_empty());
    }
}

#[tokio::test]
async fn a_picture_gets_its_sizes() {
    let world = World::new(db::testing::sqlite().await).await;
    let (content, teacher) = (&world.content, world.teacher().await);
    let bytes = ffmpeg(world.folder.path(), "p.png", &["-f", "lavfi", "-i", "testsrc2=s=1000x600", "-frames:v", "1"]);
    let id = world.upload(&teacher, world.school, "Ảnh.png", &bytes).await;
    worker(&world).run_due().await.unwrap();
    let found = asset(&world, &teacher, id).await;
    assert_eq!((found.state, found.kind), (AssetState::Ready, AssetKind::Picture), "{:?}", found.failure);
    for side in PreviewSide::ALL {
        let target = assets::preview_target(content, &teacher, id, side).await.unwrap();
        assert!(content.blobs.size(&target.object_key).await.unwrap().unwrap() > 100);
    }
}

#[tokio::test]
async fn a_photo_of_a_pupils_work_is_drawn_anew_and_what_is_none_says_so() {
    let world = World::new(db::testing::sqlite().await).await;
    let content = &world.content;
    let mut page = ffmpeg(world.folder.path(), "p.jpg", &["-f", "lavfi", "-i", "testsrc2=s=2400x1800", "-frames:v", "1"]);
    // Where a telephone writes the place at which it was taken.
    page.splice(2..2, *b"\xff\xe1\0\x12Exif\0\0GPS-SECRET");
    let photo = async |bytes: Vec<u8>| -> BlobId {
        let kept = processing::keep_bytes(content, bytes.into()).await.unwrap();
        let mut tx = content.env.db.write().await.unwrap();
        let (blob, _) = kept.record(&mut tx, content).await.unwrap();
        processing::process_photo(&mut tx, &content.env, blob).await.unwrap();
        processing::process_photo(&mut tx, &content.env, blob).await.unwrap();
        tx.commit().await.unwrap();
        blob
    };
    let (good, bad) = (photo(page).await, photo(b"\xff\xd8\xff\xe0 no picture at all".to_vec()).await);
    worker(&world).run_due().await.unwrap();
    let mut tx = content.env.db.read().await.unwrap();
    for (asked, longest) in [(100, 320), (320, 320), (321, 2000), (u32::MAX, 2000)] {
        let target = assets::picture_of(&mut tx, good, asked).await.unwrap().unwrap();
        let drawn = content.blobs.get(&target.object_key, None).await.unwrap().collect().await.unwrap();
        assert!(!drawn.windows(10).any(|part| part == b"GPS-SECRET"));
        std::fs::write(world.folder.path().join("drawn.jpg"), &drawn).unwrap();
        let probe = ["-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", "drawn.jpg"];
        let size = Command::new("ffprobe").args(probe).current_dir(world.folder.path()).output().unwrap().stdout;
        assert_eq!(String::from_utf8(size).unwrap().trim(), format!("{longest},{}", longest * 3 / 4));
    }
    assert!(assets::picture_of(&mut tx, bad, 320).await.unwrap().is_none());
    let (state,): (String,) = db::sql!("SELECT state FROM media WHERE blob_id = $1").bind(bad).fetch_one(&mut tx).await.unwrap();
    assert_eq!(state, "failed");
}
