//! Fixtures made by the ffmpeg command, children run to their end, and results
//! read back by ffprobe.
#![allow(clippy::unwrap_used, reason = "a test's helpers stand outside its functions")]
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use media::{Child, Completion, Event, LadderSpec, Reason, SegmentInfo, Task, TrackInfo, playlist};
use tempfile::TempDir;

/// The child's program, built with these tests.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_media-child"))
}

/// What a child made and said.
pub struct Made {
    pub dir: TempDir,
    pub events: Vec<Event>,
}

/// Runs a task to its end.
pub async fn run(task: impl FnOnce(&Path) -> Task) -> Made {
    let dir = tempfile::tempdir().unwrap();
    let task = task(dir.path());
    let mut child = Child::spawn(program(), &task).await.unwrap();
    let mut events = Vec::new();
    while let Some(event) = child.next_event().await {
        events.push(event);
    }
    Made { dir, events }
}

/// Makes the ladder of a file.
pub async fn ladder(source: &Path) -> Made {
    run(|out| Task::Ladder(LadderSpec::new(source, out))).await
}

impl Made {
    pub fn last(&self) -> &Event {
        self.events.last().unwrap()
    }

    #[track_caller]
    pub fn duration(&self) -> f64 {
        match self.last() {
            Event::Done { duration_us } => *duration_us as f64 / 1e6,
            other => panic!("not done: {other:?}"),
        }
    }

    #[track_caller]
    pub fn failure(&self) -> Reason {
        match self.last() {
            Event::Failed { reason, .. } => *reason,
            other => panic!("did not fail: {other:?}"),
        }
    }

    /// The tracks as last announced.
    pub fn tracks(&self) -> BTreeMap<String, TrackInfo> {
        let tracks = self.events.iter().filter_map(TrackInfo::from_event);
        tracks.map(|track| (track.track.clone(), track)).collect()
    }

    pub fn video_tracks(&self) -> Vec<TrackInfo> {
        let mut tracks: Vec<_> = self.tracks().into_values().filter(|track| track.track.starts_with('v')).collect();
        tracks.sort_by_key(|track| track.height * track.width);
        tracks
    }

    pub fn segments(&self, track: &str) -> Vec<SegmentInfo> {
        let own = self.events.iter().filter(|event| matches!(event, Event::Segment { track: of, .. } if of == track));
        own.filter_map(SegmentInfo::from_event).collect()
    }

    /// A track as one file.
    pub fn whole(&self, track: &str) -> PathBuf {
        let folder = self.dir.path().join(track);
        let mut bytes = std::fs::read(folder.join("init.mp4")).unwrap();
        for segment in self.segments(track) {
            let name = playlist::segment_name(segment.sequence);
            bytes.extend(std::fs::read(folder.join(name)).unwrap());
        }
        let whole = self.dir.path().join(format!("{track}.mp4"));
        std::fs::write(&whole, bytes).unwrap();
        whole
    }

    /// Writes all playlists and returns the master's path.
    pub fn playlists(&self) -> PathBuf {
        let tracks: Vec<_> = self.tracks().into_values().collect();
        for track in &tracks {
            let text = playlist::media(track, &self.segments(&track.track), Completion::Done);
            std::fs::write(self.dir.path().join(&track.track).join("index.m3u8"), text).unwrap();
        }
        let master = self.dir.path().join("master.m3u8");
        std::fs::write(&master, playlist::master(&tracks)).unwrap();
        master
    }
}

/// A file made by `ffmpeg ARGUMENTS NAME`.
pub fn fixture(dir: &TempDir, name: &str, arguments: &str) -> PathBuf {
    let path = dir.path().join(name);
    let status =
        Command::new("ffmpeg").args(["-v", "error", "-y", "-nostdin"]).args(arguments.split_whitespace()).arg(&path).status().unwrap();
    assert!(status.success(), "ffmpeg could not make {name}");
    path
}

/// `ffprobe -show_entries ENTRIES`, one line a row.
pub fn ffprobe(path: &Path, entries: &str) -> Vec<String> {
    let output = Command::new("ffprobe").args(["-v", "error", "-of", "csv=p=0", "-show_entries", entries]).arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

/// The times of a file's key frames in seconds.
pub fn key_times(path: &Path) -> Vec<f64> {
    ffprobe(path, "packet=pts_time,flags")
        .iter()
        .filter(|row| row.contains('K'))
        .map(|row| row.split(',').next().unwrap().parse().unwrap())
        .collect()
}

/// What the ffmpeg command complains about when it decodes a file.
pub fn complaints(path: &Path) -> String {
    let output = Command::new("ffmpeg").args(["-v", "warning", "-nostdin", "-i"]).arg(path).args(["-f", "null", "-"]).output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The first frame, upright, as 8×8 RGB.
pub fn thumbnail(path: &Path) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(path)
        // RGB first: swscale's area filter mixes up colours when it does both.
        .args(["-frames:v", "1", "-vf", "format=rgb24,scale=8:8:flags=area"])
        .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .output()
        .unwrap();
    assert_eq!(output.stdout.len(), 192, "no first frame in {}", path.display());
    output.stdout
}

/// The mean difference between two thumbnails, of 255.
pub fn difference(one: &[u8], other: &[u8]) -> u32 {
    let sum: u32 = one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    sum / u32::try_from(one.len()).unwrap()
}
