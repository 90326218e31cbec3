//! Captions and chapters.

use exchange::captions::{CaptionFormat, CueProblemCode, read};
use exchange::chapters;
use proptest::prelude::*;

#[test]
fn webvtt_with_everything_is_cleaned() {
    let text = "\u{feff}WEBVTT - bài 1\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { background: url(http://x) }\r\n\r\nNOTE ghi chú\r\n\r\nintro\r\n00:01.000 --> 00:02.500 line:0 align:start\r\n<v Cô Hoa><b>Xin chào</b> <script>alert(1)</script> &amp; <c.red>các em</c>\r\n\r\n00:00:03.000 --> 00:00:04.000\r\nHòa bình < chiến tranh\r\n";
    let captions = read(text.as_bytes()).unwrap();
    assert_eq!(captions.format, CaptionFormat::WebVtt);
    assert!(captions.problems.is_empty(), "{:?}", captions.problems);
    assert_eq!(captions.cues.len(), 2);
    assert_eq!(captions.cues[0].markup, "<v Cô Hoa><b>Xin chào</b> alert(1) &amp; các em</v>");
    assert_eq!((captions.cues[0].start_ms, captions.cues[0].end_ms), (1000, 2500));
    assert_eq!(captions.cues[1].markup, "Hòa bình &lt; chiến tranh");
    assert_eq!(captions.plain_text(), "Xin chào alert(1) & các em\nHòa bình < chiến tranh");
    let clean = captions.to_webvtt();
    assert!(clean.starts_with("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n"), "{clean}");
    assert!(!clean.contains("script") && !clean.contains("url("));
}

#[test]
fn subrip_is_read_in_utf16_with_lost_blank_lines() {
    let text = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=\"red\">Dòng một</font>\n2\n00:00:02,000 --> 00:00:03,5\n<i>Dòng hai\n\n3\nhỏng --> 00:00:04,000\nx\n\n4\n00:00:06,000 --> 00:00:05,000\ny\n";
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let captions = read(&bytes).unwrap();
    assert_eq!(captions.format, CaptionFormat::Srt);
    let cues: Vec<&str> = captions.cues.iter().map(|cue| cue.markup.as_str()).collect();
    assert_eq!(cues, ["Dòng một", "<i>Dòng hai</i>"]);
    assert_eq!(captions.cues[1].end_ms, 3500);
    let problems: Vec<(u32, CueProblemCode)> = captions.problems.iter().map(|p| (p.line, p.code)).collect();
    assert_eq!(problems, [(9, CueProblemCode::BadTiming), (13, CueProblemCode::EndsBeforeStart)]);
}

#[test]
fn files_without_cues_say_where_the_trouble_began() {
    assert_eq!(read(b"").unwrap_err().code(), "no-cues");
    assert_eq!(read(b"WEBVTT\n").unwrap_err().code(), "no-cues");
    let error = read("xin chào\n".as_bytes()).unwrap_err();
    assert!(error.to_string().contains("line 1"), "{error}");
}

#[test]
fn chapters_are_read_from_lines_and_from_webvtt() {
    let lines = "00:00 Mở đầu\n\n- 1:30 – Thí nghiệm\n[1:02:03] Kết luận\n";
    let from_lines = chapters::read(lines.as_bytes()).unwrap();
    let titles: Vec<(u64, &str)> = from_lines.iter().map(|c| (c.start_ms, c.title.as_str())).collect();
    assert_eq!(titles, [(0, "Mở đầu"), (90_000, "Thí nghiệm"), (3_723_000, "Kết luận")]);
    let vtt = chapters::to_webvtt(&from_lines, 4_000_000);
    assert_eq!(chapters::read(vtt.as_bytes()).unwrap(), from_lines);
    assert_eq!(chapters::read(b"00:00 A\nB\n").unwrap_err().to_string(), "line 2 does not begin with a time such as 01:30");
    assert_eq!(chapters::read(b"01:00 A\n00:30 B\n").unwrap_err().code(), "not-in-order");
    assert_eq!(chapters::read(b"\n").unwrap_err().code(), "empty");
}

#[test]
fn letters_that_meet_where_a_tag_was_are_read_back_the_same() {
    let first = read("WEBVTT\n\n0:00.000 --> 0:00.001\n\u{6d6}<c>\u{fc6}\n".as_bytes()).unwrap();
    assert_eq!(read(first.to_webvtt().as_bytes()).unwrap().cues, first.cues);
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(parts in proptest::collection::vec((0_u64..10_000_000, 1_u64..10_000, "[a-zà-ỹ<>&/ibuv {}\\\\-]{1,40}"), 1..10)) {
        let mut text = String::from("WEBVTT\n");
        for (start, length, words) in &parts {
            text.push_str(&format!("\n{}:{:02}.{:03} --> {}:{:02}.{:03}\n{words}\n",
                start / 60_000, start / 1000 % 60, start % 1000,
                (start + length) / 60_000, (start + length) / 1000 % 60, (start + length) % 1000));
        }
        if let Ok(first) = read(text.as_bytes()) {
            let again = read(first.to_webvtt().as_bytes()).unwrap();
            prop_assert_eq!(&again.cues, &first.cues);
            for cue in &again.cues {
                for tag in cue.markup.split('<').skip(1) {
                    let name = tag.trim_start_matches('/');
                    prop_assert!(name.starts_with(['i', 'b', 'u', 'v']), "{}", cue.markup);
                }
            }
        }
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "(WEBVTT|-->|00:0[0-9]|\n|<|>|&|[{}\\\\]|\\PC){0,60}") {
        let _ = read(text.as_bytes());
        let _ = chapters::read(text.as_bytes());
    }
}
