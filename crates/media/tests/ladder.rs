//! Ladders of well-formed files of many kinds.
#![allow(clippy::unwrap_used, reason = "a test's helpers stand outside its functions")]

mod support;

use media::{Event, LadderSpec, Task, TrackKind};
use support::{complaints, difference, ffprobe, fixture, key_times, ladder, run, thumbnail};

const SOUND: &str = "-f lavfi -i sine=440:sample_rate=44100";

fn picture(size: &str, rate: &str) -> String {
    format!("-f lavfi -i testsrc2=size={size}:rate={rate}")
}

#[tokio::test]
async fn a_video_becomes_rungs_that_can_be_swapped_at_any_segment() {
    let dir = tempfile::tempdir().unwrap();
    let source = fixture(
        &dir,
        "lesson.mp4",
        &format!("{} {SOUND} -t 9.5 -c:v libx264 -preset ultrafast -ac 2 -c:a aac", picture("1280x720", "30000/1001")),
    );
    let made = ladder(&source).await;
    assert!((made.duration() - 9.5).abs() < 0.1, "{}", made.duration());

    let names: Vec<_> = made.video_tracks().into_iter().map(|track| track.track).collect();
    assert_eq!(names, ["v240", "v360", "v480", "v720"]);
    let mut keys = Vec::new();
    for track in made.video_tracks() {
        let whole = made.whole(&track.track);
        assert_eq!(complaints(&whole), "");
        let row = ffprobe(&whole, "stream=profile,width,height,pix_fmt,level,color_space").join("");
        let cells: Vec<_> = row.split(',').collect();
        let (profile, level) = (cells[0], cells[4]);
        let code = match profile {
            "High" => "6400",
            "Main" => "4d40",
            other => panic!("{other}"),
        };
        let level: u8 = level.parse().unwrap();
        assert_eq!(track.codecs, format!("avc1.{code}{level:02x}"));
        assert_eq!(cells[1..4], [track.width.to_string(), track.height.to_string(), "yuv420p".into()]);
        assert_eq!(cells[5], "bt709");
        assert!(track.average_bandwidth <= track.bandwidth);
        keys.push(key_times(&whole));
        let duration: f64 = made.segments(&track.track).iter().map(|s| s.duration_us as f64 / 1e6).sum();
        assert!((duration - 9.5).abs() < 0.1, "{} lasts {duration}", track.track);
    }
    assert_eq!(keys[0].len(), 3);
    for (index, time) in keys[0].iter().enumerate() {
        assert!((time - 4.0 * index as f64).abs() < 0.04, "key frame at {time}");
    }
    assert!(keys.iter().all(|times| *times == keys[0]), "{keys:?}");

    let sound = made.whole("a128");
    assert_eq!(complaints(&sound), "");
    assert_eq!(ffprobe(&sound, "stream=codec_name,sample_rate,channels"), ["aac,48000,2"]);
    assert_eq!(made.tracks()["a128"].codecs, "mp4a.40.2");
    assert_eq!(made.segments("a128").len(), 3);

    let master = made.playlists();
    assert_eq!(complaints(&master), "");
    assert_eq!(ffprobe(&master, "program=program_id").len(), 5, "four rungs and sound alone");
}

#[tokio::test]
async fn the_lowest_rung_can_be_played_while_the_rest_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let source = fixture(&dir, "long.mp4", &format!("{} {SOUND} -t 30 -c:v libx264 -preset ultrafast -c:a aac", picture("640x360", "10")));
    let made = ladder(&source).await;
    let position = |wanted: &dyn Fn(&Event) -> bool| made.events.iter().position(wanted).unwrap();
    let first = |name: &str| position(&|event| matches!(event, Event::Segment { track, .. } if track == name));
    let announced = position(&|event| matches!(event, Event::Track { track, .. } if track == "v240"));
    let init = position(&|event| matches!(event, Event::Init { track, .. } if track == "v240"));
    let ended = position(&|event| matches!(event, Event::TrackDone { track } if track != "a128"));
    assert!(announced < first("v240") && init < first("v240"));
    let rest =
        made.events[first("v240")..ended].iter().filter(|event| matches!(event, Event::Segment { track, .. } if track == "v360")).count();
    assert!(rest >= 5, "the first segment came when only {rest} of the others were missing");
}

#[tokio::test]
async fn turned_videos_stand_upright() {
    let dir = tempfile::tempdir().unwrap();
    let plain = fixture(&dir, "plain.mp4", &format!("{} -t 1 -c:v libx264 -preset ultrafast", picture("640x360", "10")));
    for degrees in ["90", "180", "270"] {
        let source =
            fixture(&dir, &format!("turned{degrees}.mp4"), &format!("-i {} -c copy -metadata:s:v:0 rotate={degrees}", plain.display()));
        let made = ladder(&source).await;
        let top = made.video_tracks().pop().unwrap();
        let size = if degrees == "180" { (640, 360) } else { (360, 640) };
        assert_eq!((top.width, top.height), size);
        let seen = difference(&thumbnail(&source), &thumbnail(&made.whole(&top.track)));
        assert!(seen < 8, "{degrees}: differs by {seen}");
    }
}

#[tokio::test]
async fn unusual_pictures_become_usual_ones() {
    let dir = tempfile::tempdir().unwrap();
    let hdr =
        "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=none:colorprim=bt2020:colormatrix=bt2020nc:transfer=";
    // Name, how it is made, size of the top rung, length.
    let kinds: Vec<(&str, String, (u32, u32), f64)> = vec![
        ("odd444.mp4", format!("{} -t 2 -c:v libx264 -pix_fmt yuv444p", picture("321x213", "30")), (320, 212), 2.0),
        ("anamorphic.mp4", format!("{} -t 2 -vf setsar=64/45 -c:v libx264", picture("720x576", "25")), (854, 480), 2.0),
        ("pq.mp4", format!("{} -t 2 {hdr}smpte2084", picture("640x360", "25")), (640, 360), 2.0),
        ("hlg.mp4", format!("{} -t 2 {hdr}arib-std-b67", picture("640x360", "25")), (640, 360), 2.0),
        ("ten.mkv", format!("{} -t 2 -c:v libx264 -pix_fmt yuv420p10le", picture("640x360", "25")), (640, 360), 2.0),
        (
            "interlaced.ts",
            format!("{} -t 3 -vf interlace -flags +ildct+ilme -c:v mpeg2video -b:v 2M", picture("720x576", "50")),
            (600, 480),
            3.0,
        ),
        ("full.mp4", format!("{} -t 2 -c:v libx264 -pix_fmt yuvj420p", picture("640x360", "25")), (640, 360), 2.0),
        ("rgb.mkv", format!("{} -t 2 -c:v libx264rgb -pix_fmt rgb24", picture("640x360", "25")), (640, 360), 2.0),
        ("one.mp4", format!("{} -frames:v 1 -c:v libx264", picture("640x360", "1")), (640, 360), 1.0),
        ("fast.mp4", format!("{} -t 2 -c:v libx264 -preset ultrafast", picture("640x360", "120")), (640, 360), 2.0),
        ("slow.mp4", format!("{} -t 20 -c:v libx264", picture("640x360", "1/5")), (640, 360), 20.0),
        ("vp9.webm", format!("{} -t 2 -c:v libvpx-vp9 -deadline realtime", picture("640x360", "25")), (640, 360), 2.0),
        ("old.avi", format!("{} -t 2 -c:v mpeg4", picture("640x360", "25")), (640, 360), 2.0),
        (
            "gaps.mp4",
            format!("{} -t 12 -vf select=lt(t\\,1)+gt(t\\,10) -vsync vfr -c:v libx264", picture("640x360", "25")),
            (640, 360),
            12.0,
        ),
    ];
    for (name, arguments, size, length) in kinds {
        let source = fixture(&dir, name, &arguments);
        let made = ladder(&source).await;
        assert!((made.duration() - length).abs() < 0.1, "{name} lasts {}", made.duration());
        let top = made.video_tracks().pop().unwrap();
        assert_eq!((top.width, top.height), size, "{name}");
        let whole = made.whole(&top.track);
        assert_eq!(complaints(&whole), "", "{name}");
        let form = ffprobe(&whole, "stream=width,height,sample_aspect_ratio,pix_fmt,color_range,color_space,color_transfer");
        assert_eq!(form, [format!("{},{},1:1,yuv420p,tv,bt709,bt709", size.0, size.1)], "{name}");
        if !["pq.mp4", "hlg.mp4", "interlaced.ts"].contains(&name) {
            let seen = difference(&thumbnail(&source), &thumbnail(&whole));
            assert!(seen < 12, "{name}: the colours differ by {seen}");
        }
        assert!(made.events.iter().any(|event| matches!(event, Event::Poster { .. })), "{name}");
        assert!(made.events.iter().any(|event| matches!(event, Event::Storyboard { .. })), "{name}");
    }
}

#[tokio::test]
async fn hdr_and_interlaced_sources_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let source = fixture(
        &dir,
        "pq.mp4",
        &format!(
            "{} -t 1 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=none:transfer=smpte2084",
            picture("320x240", "10")
        ),
    );
    let made = ladder(&source).await;
    let Some(Event::Probed(probe)) = made.events.first() else { panic!("{:?}", made.events) };
    let video = probe.video.clone().unwrap();
    assert!(video.hdr && !video.interlaced);
    assert_eq!((video.bit_depth, video.codec.as_str()), (10, "hevc"));
}

#[tokio::test]
async fn a_picture_that_changes_its_size_on_the_way_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let one = fixture(&dir, "one.ts", &format!("{} {SOUND} -t 3 -c:v libx264 -c:a aac", picture("640x360", "25")));
    let two = fixture(
        &dir,
        "two.ts",
        &format!("{} {SOUND} -t 3 -c:v libx264 -c:a aac -ar 22050 -ac 2 -output_ts_offset 3", picture("480x360", "25")),
    );
    let both = dir.path().join("both.ts");
    let mut bytes = std::fs::read(one).unwrap();
    bytes.extend(std::fs::read(two).unwrap());
    std::fs::write(&both, bytes).unwrap();
    let made = ladder(&both).await;
    assert!((made.duration() - 6.0).abs() < 0.2, "{}", made.duration());
    assert_eq!(complaints(&made.whole("v360")), "");
    assert_eq!(complaints(&made.whole("a128")), "");
}

#[tokio::test]
async fn sound_keeps_its_place_and_an_even_loudness() {
    let dir = tempfile::tempdir().unwrap();
    // Very quiet, six channels, two seconds late.
    let source = fixture(
        &dir,
        "quiet.mkv",
        &format!(
            "{} -itsoffset 2 {SOUND} -filter_complex [1:a]volume=-30dB,pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0[a] -map 0:v -map [a] -t 14 -c:v libx264 -preset ultrafast -c:a ac3",
            picture("320x240", "10")
        ),
    );
    let made = ladder(&source).await;
    assert!((made.duration() - 14.0).abs() < 0.1, "{}", made.duration());
    let whole = made.whole("a128");
    assert_eq!(ffprobe(&whole, "stream=channels"), ["2"]);
    let output = std::process::Command::new("ffmpeg")
        .args(["-nostdin", "-i"])
        .arg(&whole)
        .args(["-af", "silencedetect=noise=-50dB:d=1,ebur128", "-f", "null", "-"])
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let number = |after: &str| -> f64 {
        let rest = &log[log.rfind(after).unwrap_or_else(|| panic!("{after} in {log}")) + after.len()..];
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert!((number("silence_end: ") - 2.0).abs() < 0.1, "{}", number("silence_end: "));
    assert!((number("I:") + 16.0).abs() < 2.5, "{} LUFS", number("I:"));
}

#[tokio::test]
async fn a_long_silence_inside_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let source = fixture(&dir, "pause.mkv", &format!("{SOUND} -af aselect=lt(t\\,2)+gt(t\\,40) -t 42 -c:a libvorbis"));
    let made = ladder(&source).await;
    assert!((made.duration() - 42.0).abs() < 0.2, "{}", made.duration());
    assert_eq!(complaints(&made.whole("a128")), "");
}

#[tokio::test]
async fn sound_alone_and_silence_are_lessons_too() {
    let dir = tempfile::tempdir().unwrap();
    let cover = fixture(&dir, "cover.jpg", "-f lavfi -i testsrc2=size=64x64 -frames:v 1");
    for (name, arguments) in [
        ("mono.mp3", format!("{SOUND} -t 6 -c:a libmp3lame")),
        ("cover.m4a", format!("{SOUND} -i {} -map 0 -map 1 -t 6 -c:a aac -c:v copy -disposition:v attached_pic", cover.display())),
        ("silence.wav", "-f lavfi -i anullsrc=channel_layout=mono -t 6".to_owned()),
        ("short.ogg", format!("{SOUND} -t 6 -c:a libvorbis")),
    ] {
        let source = fixture(&dir, name, &arguments);
        let made = ladder(&source).await;
        assert!((made.duration() - 6.0).abs() < 0.1, "{name} lasts {}", made.duration());
        let tracks = made.tracks();
        assert_eq!(tracks.keys().collect::<Vec<_>>(), ["a128"], "{name}");
        assert_eq!(tracks["a128"].kind, TrackKind::Audio);
        assert_eq!(complaints(&made.whole("a128")), "", "{name}");
        assert_eq!(complaints(&made.playlists()), "", "{name}");
    }
}

#[tokio::test]
async fn only_the_rungs_asked_for_are_made() {
    let dir = tempfile::tempdir().unwrap();
    let source = fixture(&dir, "s.mp4", &format!("{} -t 1 -c:v libx264", picture("640x360", "10")));
    let made = run(|out| Task::Ladder(LadderSpec { rungs: vec![360], ..LadderSpec::new(&source, out) })).await;
    assert_eq!(made.tracks().keys().collect::<Vec<_>>(), ["v360"]);
}

#[tokio::test]
async fn the_poster_is_not_black_where_the_video_starts_dark() {
    let dir = tempfile::tempdir().unwrap();
    let source =
        fixture(&dir, "dark.mp4", &format!("{} -t 10 -vf drawbox=c=black:t=fill:enable=lt(t\\,5) -c:v libx264", picture("320x240", "10")));
    let made = ladder(&source).await;
    let poster = image::open(made.dir.path().join("poster.jpg")).unwrap().to_luma8();
    let mean: u64 = poster.pixels().map(|pixel| u64::from(pixel[0])).sum::<u64>() / poster.len() as u64;
    assert!(mean > 60, "{mean}");
}
