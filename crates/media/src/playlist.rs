//! HLS playlists (RFC 8216 with fMP4, version 7) from what the child announced.
//! Pure: text in, text out.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::protocol::{Event, TrackKind};

/// The length of a segment the ladder aims at, in seconds.
pub const SEGMENT_SECONDS: u64 = 4;

/// What a master playlist needs of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackInfo {
    /// `v240` … `v1080`, or `a128`; also its folder.
    pub track: String,
    /// Picture or sound.
    pub kind: TrackKind,
    /// In pixels; 0 for audio.
    pub width: u32,
    /// In pixels; 0 for audio.
    pub height: u32,
    /// Peak, bits a second.
    pub bandwidth: u64,
    /// Mean, bits a second.
    pub average_bandwidth: u64,
    /// RFC 6381.
    pub codecs: String,
    /// Frames a second; 0 for audio.
    pub frame_rate: f64,
}

impl TrackInfo {
    /// From [`Event::Track`]; other events give nothing.
    pub fn from_event(event: &Event) -> Option<Self> {
        let Event::Track { track, kind, width, height, bandwidth, average_bandwidth, codecs, frame_rate } = event else {
            return None;
        };
        Some(Self {
            track: track.clone(),
            kind: *kind,
            width: *width,
            height: *height,
            bandwidth: *bandwidth,
            average_bandwidth: *average_bandwidth,
            codecs: codecs.clone(),
            frame_rate: *frame_rate,
        })
    }

    pub(crate) fn into_event(self) -> Event {
        Event::Track {
            track: self.track,
            kind: self.kind,
            width: self.width,
            height: self.height,
            bandwidth: self.bandwidth,
            average_bandwidth: self.average_bandwidth,
            codecs: self.codecs,
            frame_rate: self.frame_rate,
        }
    }
}

/// What a media playlist needs of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentInfo {
    /// Its number, from 1.
    pub sequence: u64,
    /// Its length in microseconds.
    pub duration_us: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

impl SegmentInfo {
    /// From [`Event::Segment`]; other events give nothing.
    pub fn from_event(event: &Event) -> Option<Self> {
        match event {
            Event::Segment { sequence, duration_us, bytes, .. } => {
                Some(Self { sequence: *sequence, duration_us: *duration_us, bytes: *bytes })
            }
            _ => None,
        }
    }
}

/// Whether a track still grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// More segments come: an EVENT playlist that players poll.
    Growing,
    /// All are there: a VOD playlist.
    Done,
}

/// The file name of a segment beside its playlist, such as `seg-00001.m4s`.
pub fn segment_name(sequence: u64) -> String {
    format!("seg-{sequence:05}.m4s")
}

/// The master playlist: a variant for each video track with the audio group,
/// lowest first (players start there), then sound alone for those who listen.
pub fn master(tracks: &[TrackInfo]) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    let audio = tracks.iter().find(|track| track.kind == TrackKind::Audio);
    let mut video: Vec<_> = tracks.iter().filter(|track| track.kind == TrackKind::Video).collect();
    video.sort_by_key(|track| (u64::from(track.width) * u64::from(track.height), track.bandwidth));
    if let Some(audio) = audio.filter(|_| !video.is_empty()) {
        let _ = writeln!(
            text,
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,URI=\"{}/index.m3u8\"",
            audio.track
        );
    }
    for track in &video {
        let (peak, mean, codecs, group) = match audio {
            Some(audio) => (
                track.bandwidth + audio.bandwidth,
                track.average_bandwidth + audio.average_bandwidth,
                format!("{},{}", track.codecs, audio.codecs),
                ",AUDIO=\"audio\"",
            ),
            None => (track.bandwidth, track.average_bandwidth, track.codecs.clone(), ""),
        };
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={mean},CODECS=\"{codecs}\",RESOLUTION={}x{},FRAME-RATE={:.3}{group}\n{}/index.m3u8",
            track.width, track.height, track.frame_rate, track.track
        );
    }
    if let Some(audio) = audio {
        let group = if video.is_empty() { "" } else { ",AUDIO=\"audio\"" };
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\"{group}\n{}/index.m3u8",
            audio.bandwidth, audio.average_bandwidth, audio.codecs, audio.track
        );
    }
    text
}

/// A track's own playlist, to lie in the track's folder beside `init.mp4` and
/// the segments. The target duration never changes while it grows, as RFC 8216
/// 6.2.1 demands.
pub fn media(track: &TrackInfo, segments: &[SegmentInfo], done: Completion) -> String {
    let longest = segments.iter().map(|segment| segment.duration_us).max().unwrap_or(0);
    let target = SEGMENT_SECONDS.max((longest + 500_000) / 1_000_000);
    let kind = match done {
        Completion::Growing => "EVENT",
        Completion::Done => "VOD",
    };
    let first = segments.first().map_or(1, |segment| segment.sequence);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n## {}\n#EXT-X-TARGETDURATION:{target}\n#EXT-X-MEDIA-SEQUENCE:{first}\n#EXT-X-PLAYLIST-TYPE:{kind}\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n",
        track.track
    );
    for segment in segments {
        let _ = writeln!(
            text,
            "#EXTINF:{}.{:06},\n{}",
            segment.duration_us / 1_000_000,
            segment.duration_us % 1_000_000,
            segment_name(segment.sequence)
        );
    }
    if done == Completion::Done {
        text.push_str("#EXT-X-ENDLIST\n");
    }
    text
}
