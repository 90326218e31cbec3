//! Playlists and the storyboard's WebVTT, as a player reads them.

use media::{Completion, SegmentInfo, Sheet, TrackInfo, TrackKind, playlist, storyboard};

fn video(track: &str, width: u32, height: u32, bandwidth: u64) -> TrackInfo {
    TrackInfo {
        track: track.into(),
        kind: TrackKind::Video,
        width,
        height,
        bandwidth,
        average_bandwidth: bandwidth / 2,
        codecs: "avc1.64001f".into(),
        frame_rate: 30_000.0 / 1001.0,
    }
}

fn audio() -> TrackInfo {
    TrackInfo {
        track: "a128".into(),
        kind: TrackKind::Audio,
        width: 0,
        height: 0,
        bandwidth: 130_000,
        average_bandwidth: 128_000,
        codecs: "mp4a.40.2".into(),
        frame_rate: 0.0,
    }
}

#[test]
fn a_master_playlist_lists_rungs_from_low_to_high_and_sound_alone() {
    let text = playlist::master(&[video("v720", 1280, 720, 2_000_000), audio(), video("v240", 426, 240, 300_000)]);
    assert_eq!(
        text,
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,URI=\"a128/index.m3u8\"\n\
#EXT-X-STREAM-INF:BANDWIDTH=430000,AVERAGE-BANDWIDTH=278000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=426x240,FRAME-RATE=29.970,AUDIO=\"audio\"\nv240/index.m3u8\n\
#EXT-X-STREAM-INF:BANDWIDTH=2130000,AVERAGE-BANDWIDTH=1128000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO=\"audio\"\nv720/index.m3u8\n\
#EXT-X-STREAM-INF:BANDWIDTH=130000,AVERAGE-BANDWIDTH=128000,CODECS=\"mp4a.40.2\",AUDIO=\"audio\"\na128/index.m3u8\n"
    );
}

#[test]
fn a_silent_video_names_no_audio() {
    let text = playlist::master(&[video("v240", 426, 240, 300_000)]);
    assert!(!text.contains("AUDIO") && text.contains("CODECS=\"avc1.64001f\""), "{text}");
}

#[test]
fn sound_alone_has_one_variant_and_no_group() {
    let text = playlist::master(&[audio()]);
    assert!(!text.contains("EXT-X-MEDIA:") && text.contains("a128/index.m3u8"), "{text}");
}

#[test]
fn a_growing_playlist_is_polled_and_a_done_one_ends() {
    let segments =
        [SegmentInfo { sequence: 1, duration_us: 4_004_000, bytes: 10 }, SegmentInfo { sequence: 2, duration_us: 1_500_000, bytes: 10 }];
    let track = video("v240", 426, 240, 300_000);
    let growing = playlist::media(&track, &segments[..1], Completion::Growing);
    assert!(growing.contains("#EXT-X-PLAYLIST-TYPE:EVENT\n") && !growing.contains("ENDLIST"));
    assert!(growing.contains("#EXT-X-MAP:URI=\"init.mp4\"\n") && growing.contains("#EXT-X-TARGETDURATION:4\n"));
    let done = playlist::media(&track, &segments, Completion::Done);
    assert!(done.contains("#EXT-X-PLAYLIST-TYPE:VOD\n"));
    assert!(done.ends_with("#EXTINF:4.004000,\nseg-00001.m4s\n#EXTINF:1.500000,\nseg-00002.m4s\n#EXT-X-ENDLIST\n"));
}

#[test]
fn the_storyboard_maps_every_moment_to_a_tile() {
    let sheet = |file: &str, count| Sheet {
        file: file.into(),
        columns: 2,
        rows: 2,
        tile_width: 160,
        tile_height: 90,
        interval_us: 5_000_000,
        count,
    };
    let text = storyboard::vtt(&[sheet("story/0.jpg", 4), sheet("story/1.jpg", 1)], 3_600_000_000 / 3600 * 23);
    assert!(text.starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nstory/0.jpg#xywh=0,0,160,90\n"));
    assert!(text.contains("00:00:15.000 --> 00:00:20.000\nstory/0.jpg#xywh=160,90,160,90\n"));
    assert!(text.ends_with("00:00:20.000 --> 00:00:23.000\nstory/1.jpg#xywh=0,0,160,90\n"), "{text}");
}
