//! Every odd video of the samples folder, where that folder is there.
#![allow(clippy::unwrap_used, reason = "a test's helpers stand outside its functions")]

mod support;

use std::path::PathBuf;

use media::{Event, Reason};
use support::{complaints, ffprobe, key_times, ladder};

fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("LOPMO_SAMPLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"), PathBuf::from);
    let folder = folder.join("video");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no {}; nothing was tested here", folder.display());
    None
}

#[tokio::test]
async fn every_sample_plays_or_says_why_not() {
    let Some(folder) = samples() else { return };
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let made = ladder(&path).await;
        let expected = match name.as_str() {
            "zero.mp4" => Some(Reason::Empty),
            "html_named.mp4" => Some(Reason::NotMedia),
            "trunc50.mp4" => Some(Reason::Truncated),
            _ => None,
        };
        if let Some(reason) = expected {
            assert_eq!(made.failure(), reason, "{name}");
            continue;
        }
        let Some(Event::Probed(probe)) = made.events.first() else { panic!("{name}: {:?}", made.events) };
        let length: f64 = ffprobe(&path, "format=duration")[0].parse().unwrap();
        let length = if name.starts_with("trunc50") { length / 2.0 } else { length };
        assert!((made.duration() - length).abs() < 0.1, "{name}: {} for {length}", made.duration());
        let tracks = made.tracks();
        assert_eq!(tracks.contains_key("a128"), probe.audio.is_some(), "{name}");
        let mut keys: Option<Vec<f64>> = None;
        for track in tracks.keys() {
            let whole = made.whole(track);
            assert_eq!(complaints(&whole), "", "{name} {track}");
            if track.starts_with('v') {
                let own = key_times(&whole);
                for (index, time) in own.iter().enumerate() {
                    assert!((time - 4.0 * index as f64).abs() < 0.1, "{name} {track}: {own:?}");
                }
                assert_eq!(*keys.get_or_insert_with(|| own.clone()), own, "{name} {track}");
            }
        }
        assert_eq!(complaints(&made.playlists()), "", "{name}");
        if let Some(video) = &probe.video {
            let top = made.video_tracks().pop().unwrap();
            assert!(top.width <= video.display_width && top.height <= video.display_height, "{name}");
            assert_eq!(top.width > top.height, video.display_width > video.display_height, "{name}");
        }
    }
}
