//! Text formats against files made to hurt: no panic, and no time that grows faster than the file.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use papers::{Format, aiken, gift, moodle, ours};
use proptest::prelude::*;

fn all(bytes: &[u8]) {
    let _ = gift::read(bytes);
    let _ = aiken::read(bytes);
    let _ = moodle::read(bytes);
    let _ = ours::read(bytes);
    let _ = Format::recognise(bytes, Some("a.gift"));
}

#[test]
fn long_runs_of_one_sign_take_no_longer_than_their_length() {
    for sign in [
        "{",
        "}",
        "{=a",
        "~",
        "=",
        "#",
        "\\",
        "\\\\",
        "\\(",
        "\\[",
        "$",
        "$$",
        "$a ",
        "<",
        "<a ",
        "<!--",
        "<p ",
        "&#",
        "::",
        "->",
        "%1%",
        "[tag:",
        "// [tag:",
        "[[1]]",
        "{1:MC:",
        "{1:MC:=a~",
        "\n\n",
        "\n\n{",
        "\n\n}",
        "[html]",
        "[markdown]*",
        "[markdown]\\(",
        "[markdown][",
        "A) a\n",
        "ANSWER: A\n",
        "<b>",
        "_",
        "é",
        "{}",
        "{T}",
        "`",
        "data:;base64,",
        "$CATEGORY:",
    ] {
        let text = sign.repeat(10_000 / sign.len());
        let started = std::time::Instant::now();
        all(text.as_bytes());
        all(format!("[html]{text}").as_bytes());
        all(format!("// {text}").as_bytes());
        let xml = text.replace('&', "&amp;").replace('<', "&lt;");
        for (kind, format) in [("cloze", "html"), ("essay", "markdown"), ("gapselect", "moodle_auto_format")] {
            let quiz = format!(
                "<quiz><question type=\"{kind}\"><questiontext format=\"{format}\"><text>{xml}</text></questiontext>\
                 <selectoption><text>a</text></selectoption></question></quiz>"
            );
            all(quiz.as_bytes());
        }
        // A tenth of a second unoptimised; a search from each sign to the end would take many.
        assert!(started.elapsed().as_secs() < 10, "{sign}");
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "=",
        "~",
        "#",
        "####",
        "\\",
        "::",
        "->",
        "%50%",
        "%",
        "[html]",
        "[markdown]",
        "[",
        "]",
        "T",
        "FALSE",
        "1..5",
        "3:2",
        "-",
        "é",
        "𝑥",
        "\n",
        "\n\n",
        "//",
        "[tag:x]",
        "$CATEGORY: a/b",
        "$x^{2}$",
        "\\(",
        "\\)",
        "<b>",
        "</b>",
        "<img src=\"",
        "\">",
        "&#39;",
        " ",
        "A) ",
        "B. ",
        "ANSWER: A",
        "// lopmo {\"points\":\"1\"}",
        "// lopmo {\"type\":\"true_false\",\"pinned\":[9]}",
        "{1:MC:=a~b}",
        "\u{301}",
        "\u{feff}",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

const QUIZ: &str = "<quiz><question type=\"category\"><category><text>$course$/top/a</text></category></question><question type=\"multichoice\">\
<name><text>n</text></name><questiontext format=\"html\"><text>Q &lt;img src=\"@@PLUGINFILE@@/a\"&gt;</text><file name=\"a\" encoding=\"base64\">iVBO</file>\
</questiontext><single>true</single><answer fraction=\"100\"><text>a</text><feedback><text>f</text></feedback></answer></question>\
<question type=\"cloze\"><questiontext><text>{1:MC:=a#x~%50%b} {2:NM:=1:2}</text></questiontext></question>\
<question type=\"matching\"><subquestion><text>a</text><answer><text>b</text></answer></subquestion><lopmo>{\"type\":\"true_false\"}</lopmo></question>\
<question type=\"numerical\"><answer fraction=\"100\" lopmo-min=\"1\" lopmo-max=\"2\"><text>1</text><tolerance>-1</tolerance></answer></question></quiz>";

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in pieces()) {
        all(text.as_bytes());
        // And what was read can be written, in both formats.
        if let Ok(paper) = gift::read(text.as_bytes()) {
            let _ = gift::write(&paper);
            let _ = moodle::write(&paper);
        }
    }

    #[test]
    fn no_spoilt_file_makes_a_reader_panic(at in any::<prop::sample::Index>(), length in 0..12_usize, put in prop::collection::vec(any::<u8>(), 0..6)) {
        let mut bytes = QUIZ.as_bytes().to_vec();
        let from = at.index(bytes.len());
        let to = (from + length).min(bytes.len());
        bytes.splice(from..to, put);
        all(&bytes);
        if let Ok(paper) = moodle::read(&bytes) {
            let _ = moodle::write(&paper);
            let _ = gift::write(&paper);
        }
    }
}
