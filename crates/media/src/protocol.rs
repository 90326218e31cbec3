//! What the parent and its child say to each other: one JSON line in, many
//! JSON lines out. No I/O here.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One piece of work for a child; a single JSON line on its standard input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Makes the HLS ladder, poster and storyboard of a video or audio file.
    Ladder(LadderSpec),
    /// Re-encodes a picture: upright, bounded, without metadata.
    Picture(PictureSpec),
    /// Converts an old office document.
    Office(OfficeSpec),
    /// Work defined elsewhere, run in the same sandbox by the handler of that
    /// name given to [`crate::child_main`].
    Other(OtherSpec),
}

/// A video or audio file and where its ladder goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LadderSpec {
    /// The uploaded file; the only one the child may read.
    pub source: PathBuf,
    /// An existing folder, the only one the child may write.
    pub out_dir: PathBuf,
    /// What the child may use.
    pub limits: Limits,
    /// Rungs wanted, as the length of the picture's shorter side in pixels, so
    /// that an upright phone video is `360p` at 360×640. See [`RUNGS`].
    #[serde(default = "default_rungs")]
    pub rungs: Vec<u32>,
}

/// The rungs of the product, from the issue: 240p to 1080p.
pub const RUNGS: [u32; 5] = [240, 360, 480, 720, 1080];

fn default_rungs() -> Vec<u32> {
    RUNGS.to_vec()
}

impl LadderSpec {
    /// All rungs, default limits.
    pub fn new(source: impl Into<PathBuf>, out_dir: impl Into<PathBuf>) -> Self {
        Self { source: source.into(), out_dir: out_dir.into(), limits: Limits::default(), rungs: default_rungs() }
    }
}

/// A picture and where its re-encoded form goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PictureSpec {
    /// The uploaded file.
    pub source: PathBuf,
    /// An existing folder.
    pub out_dir: PathBuf,
    /// What the child may use; [`Limits::small`] fits.
    pub limits: Limits,
    /// Longest side of the result in pixels; smaller pictures keep their size.
    pub max_side: u32,
}

/// An old Word file, and where its modern form goes: `converted.docx`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OfficeSpec {
    /// LibreOffice's program, `soffice.bin`.
    pub program: PathBuf,
    /// The uploaded file.
    pub source: PathBuf,
    /// An existing folder; LibreOffice's settings lie there too.
    pub out_dir: PathBuf,
    /// What LibreOffice may use; [`Limits::office`] fits.
    pub limits: Limits,
}

/// Work for a handler that lives in another crate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OtherSpec {
    /// Which handler.
    pub name: String,
    /// The file it reads.
    pub input: PathBuf,
    /// The folder it writes.
    pub out_dir: PathBuf,
    /// What the child may use; [`Limits::small`] fits.
    pub limits: Limits,
}

impl Task {
    /// The limits of whichever task it is.
    pub fn limits(&self) -> &Limits {
        match self {
            Self::Ladder(spec) => &spec.limits,
            Self::Picture(spec) => &spec.limits,
            Self::Office(spec) => &spec.limits,
            Self::Other(spec) => &spec.limits,
        }
    }

    /// The file read and the folder written.
    pub fn paths(&self) -> (&PathBuf, &PathBuf) {
        match self {
            Self::Ladder(spec) => (&spec.source, &spec.out_dir),
            Self::Picture(spec) => (&spec.source, &spec.out_dir),
            Self::Office(spec) => (&spec.source, &spec.out_dir),
            Self::Other(spec) => (&spec.input, &spec.out_dir),
        }
    }

    pub(crate) fn paths_mut(&mut self) -> (&mut PathBuf, &mut PathBuf) {
        match self {
            Self::Ladder(spec) => (&mut spec.source, &mut spec.out_dir),
            Self::Picture(spec) => (&mut spec.source, &mut spec.out_dir),
            Self::Office(spec) => (&mut spec.source, &mut spec.out_dir),
            Self::Other(spec) => (&mut spec.input, &mut spec.out_dir),
        }
    }
}

/// What a child may use. Beyond any of them it ends as [`Event::Failed`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Limits {
    /// Wall-clock time, kept by the parent. Default 6 hours.
    pub wall: Duration,
    /// Processor time over all threads. Default 12 hours.
    pub cpu: Duration,
    /// Private writable memory in bytes (`RLIMIT_DATA`). Default 2 GiB; a
    /// 1080p ladder uses about 0.6.
    pub memory_bytes: u64,
    /// Open file descriptors. Default 64.
    pub open_files: u64,
    /// Bytes written in all. Default 20 GiB.
    pub output_bytes: u64,
    /// Longest video or audio. Default 6 hours.
    pub max_duration: Duration,
    /// Largest frame or picture, width × height. Default 8192 × 4320.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(6 * 3600),
            cpu: Duration::from_secs(12 * 3600),
            memory_bytes: 2 << 30,
            open_files: 64,
            output_bytes: 20 << 30,
            max_duration: Duration::from_secs(6 * 3600),
            max_pixels: 8192 * 4320,
        }
    }
}

impl Limits {
    /// For pictures and documents: one minute, 1 GiB of memory, 256 MiB out,
    /// pictures up to 100 megapixels.
    pub fn small() -> Self {
        Self {
            wall: Duration::from_secs(60),
            cpu: Duration::from_secs(60),
            memory_bytes: 1 << 30,
            output_bytes: 256 << 20,
            max_pixels: 100_000_000,
            ..Self::default()
        }
    }

    /// For LibreOffice: 100 seconds, 1.5 GiB of memory, 512 MiB out.
    pub fn office() -> Self {
        Self {
            wall: Duration::from_secs(100),
            cpu: Duration::from_secs(100),
            memory_bytes: 3 << 29,
            open_files: 256,
            output_bytes: 512 << 20,
            ..Self::default()
        }
    }
}

/// What happened in the child; one JSON line each on its standard output.
///
/// Every `file` is relative to the task's `out_dir` and complete on disk when
/// announced. [`Event::Failed`] or [`Event::Done`] comes last, exactly once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The source was understood.
    Probed(Probe),
    /// A track's initialisation segment (`EXT-X-MAP`).
    Init {
        /// `v240` … `v1080`, or `a128`.
        track: String,
        /// Such as `v240/init.mp4`.
        file: String,
    },
    /// A media segment.
    Segment {
        /// Of this track.
        track: String,
        /// Such as `v240/seg-00001.m4s`.
        file: String,
        /// From 1, without gaps.
        sequence: u64,
        /// Its length in microseconds.
        duration_us: u64,
        /// Its size in bytes.
        bytes: u64,
    },
    /// No more segments in this track.
    TrackDone {
        /// Of this track.
        track: String,
    },
    /// What a master playlist says of a track. Sent before its first segment
    /// with bandwidths estimated (the encoder's cap), and again just before
    /// [`Event::TrackDone`] with bandwidths measured.
    Track {
        /// `v240` … `v1080`, or `a128`.
        track: String,
        /// Picture or sound.
        kind: TrackKind,
        /// In pixels; 0 for audio.
        width: u32,
        /// In pixels; 0 for audio.
        height: u32,
        /// Peak over the segments, bits a second.
        bandwidth: u64,
        /// Mean over the whole, bits a second.
        average_bandwidth: u64,
        /// RFC 6381, such as `avc1.64001f` or `mp4a.40.2`.
        codecs: String,
        /// Frames a second; 0 for audio.
        frame_rate: f64,
    },
    /// A still to show before playing (JPEG).
    Poster {
        /// Such as `poster.jpg`.
        file: String,
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// One sheet of thumbnails (JPEG), in order; the tiles run left to right,
    /// then down. Times run on from the sheet before.
    Storyboard {
        /// Such as `story/0.jpg`.
        file: String,
        /// Tiles across.
        columns: u32,
        /// Tiles down.
        rows: u32,
        /// In pixels.
        tile_width: u32,
        /// In pixels.
        tile_height: u32,
        /// From one tile to the next, in microseconds.
        interval_us: u64,
        /// Tiles in this sheet.
        count: u32,
    },
    /// How far the work is, in the source's time.
    Progress {
        /// Microseconds finished.
        done_us: u64,
        /// Microseconds in all, as far as known.
        total_us: u64,
    },
    /// A re-encoded picture.
    Picture {
        /// `picture.jpg`, or `picture.webp` where it has transparency.
        file: String,
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// The source was cut off: what is there was made, and its end is missing.
    /// Comes before [`Event::Done`].
    CutShort {
        /// Microseconds that can be played.
        playable_us: u64,
        /// Microseconds the source says it has; 0 where it does not.
        declared_us: u64,
    },
    /// The end, without success. Segments announced before stay valid.
    Failed {
        /// For the user's message.
        reason: Reason,
        /// For the log.
        detail: String,
    },
    /// The end, with success.
    Done {
        /// Length made, in microseconds; 0 where there is none.
        duration_us: u64,
    },
}

impl Event {
    /// Whether nothing follows.
    pub fn is_last(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Done { .. })
    }
}

/// Picture or sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackKind {
    /// H.264.
    Video,
    /// AAC.
    Audio,
}

/// Why a file could not be used, in terms a teacher can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No bytes.
    Empty,
    /// Not video, audio or picture (or, of [`Task::Office`], no old Word file), whatever its name.
    NotMedia,
    /// Cut off, and nothing playable in what is there.
    Truncated,
    /// Protected by DRM, a key or a password.
    Encrypted,
    /// Longer than [`Limits::max_duration`].
    TooLong,
    /// More pixels or more output than allowed.
    TooLarge,
    /// A container without picture or sound.
    NoStreams,
    /// A codec or picture format not handled.
    UnsupportedCodec,
    /// Over the wall-clock or processor limit.
    OutOfTime,
    /// Over the memory limit.
    OutOfMemory,
    /// The server's disk is full.
    DiskFull,
    /// Nothing could be decoded, or the decoder crashed.
    Damaged,
    /// Our fault.
    Internal,
}

/// What the source is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Short name, such as `mp4`, `webm`, `mpeg`.
    pub container: String,
    /// As the container claims; 0 where it does not.
    pub duration_us: u64,
    /// The picture, where there is one (a cover in an audio file is not).
    pub video: Option<VideoInfo>,
    /// The sound, where there is some.
    pub audio: Option<AudioInfo>,
}

/// A video stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoInfo {
    /// Such as `h264`.
    pub codec: String,
    /// As coded, in pixels.
    pub width: u32,
    /// As coded, in pixels.
    pub height: u32,
    /// Clockwise turn needed to stand upright: 0, 90, 180 or 270 degrees.
    pub rotation: u32,
    /// Frames a second of the ladder.
    pub fps: f64,
    /// PQ or HLG; the ladder is tone-mapped.
    pub hdr: bool,
    /// The ladder is deinterlaced.
    pub interlaced: bool,
    /// Of a component.
    pub bit_depth: u32,
    /// After rotation and with square pixels.
    pub display_width: u32,
    /// After rotation and with square pixels.
    pub display_height: u32,
}

/// An audio stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudioInfo {
    /// Such as `aac`.
    pub codec: String,
    /// How many.
    pub channels: u32,
    /// In hertz.
    pub sample_rate: u32,
}
