//! Every way to number questions, lay out options and show keys, each with each: all keys found, or
//! none said; a wrong one never.

use crate::sheet::{keys, paper, report};

const KEYS: [usize; 8] = [1, 3, 0, 2, 2, 1, 3, 0];
const LETTERS: [char; 4] = ['A', 'B', 'C', 'D'];

const NUMBERS: [&str; 11] =
    ["Câu #. ", "Câu #: ", "{b:Câu #:} ", "CÂU #) ", "Question #. ", "#. ", "#) ", "~Câu #.~ ", "~#.~ ", "[TH] Câu #. ", "Bài #. "];

/// Stems: one, one of two paragraphs, one with a list, one with a formula and a picture.
const STEMS: [&str; 6] = [
    "Một con số nào đúng?",
    "Cho các phát biểu sau:\n(1) Một.\n(2) Hai.\nSố phát biểu đúng là",
    "Cho {m:x^2}. Hình vẽ:\n{img}\nChọn khẳng định đúng.",
    "Tam giác ABC vuông tại A. Gọi M là trung điểm B. C. Tính {m:AM}.",
    "Cho bảng:\n| x | 1 | 2 | 3 |\n| y | 4 | 5 | 6 |\nGiá trị lớn nhất bằng",
    "Hoàn thành câu sau: “______ là thủ đô.”",
];

/// Layouts of four options; `@A` is the label with its look, `%A` the content.
const LAYOUTS: [&str; 9] = [
    "@A %A\n@B %B\n@C %C\n@D %D",
    "@A %A→@B %B→@C %C→@D %D",
    "→@A %A→→@B %B\n→@C %C→→@D %D",
    "@A %A     @B %B     @C %C     @D %D",
    "@A %A↵@B %B↵@C %C↵@D %D",
    "| @A %A | @B %B |\n| @C %C | @D %D |",
    "| @A %A | @B %B | @C %C | @D %D |",
    "| @A %A | @C %C |\n| @B %B | @D %D |",
    "@A%A→@B%B→@C%C→@D%D",
];

/// How a right and a wrong label look, what stands below the options, and what at the end.
struct Mark {
    right: &'static str,
    wrong: &'static str,
    below: &'static str,
    tail: &'static str,
}

const fn mark(right: &'static str, wrong: &'static str, below: &'static str, tail: &'static str) -> Mark {
    Mark { right, wrong, below, tail }
}

const MARKS: [Mark; 24] = [
    mark("{u:?.}", "?.", "", ""),
    mark("{r:?.}", "?.", "", ""),
    mark("{rb:?.}", "{b:?.}", "", ""),
    mark("{bu:?}{b:.}", "{b:?.}", "", ""),
    mark("{h:?.}", "?.", "", ""),
    mark("{kbu:?.}", "{kb:?.}", "", ""),
    mark("{b:?.}", "?.", "", ""),
    mark("*?.", "?.", "", ""),
    mark("?.", "?.", "Đáp án: ?", ""),
    mark("?.", "?.", "Chọn ?", ""),
    mark("?.", "?.", "ĐÁP ÁN ?.", ""),
    mark("?.", "?.", "Lời giải\nTa có như vậy.\nChọn ?.", ""),
    mark("?.", "?.", "Hướng dẫn giải:\nChọn đáp án ?.\nVì thế.", ""),
    mark("?)", "?)", "", "ROW"),
    mark("?.", "?.", "", "ROW"),
    mark("?.", "?.", "", "PAIRS"),
    mark("?.", "?.", "", "CELLS"),
    mark("?.", "?.", "", "COLUMN"),
    mark("?.", "?.", "", "LINES"),
    mark("?.", "?.", "", "SOLUTIONS"),
    mark("{u:?.}", "?.", "Đáp án: ?", "ROW"),
    mark("{u:?}/", "?/", "", ""),
    mark("?.", "?.", "", "CODES"),
    mark("?.", "?.", "", ""),
];

fn tail(kind: &str) -> String {
    let all = || KEYS.iter().enumerate().map(|(at, key)| (at + 1, LETTERS[*key]));
    let join = |separator: &str, one: &dyn Fn(usize, char) -> String| {
        all().map(|(number, key)| one(number, key)).collect::<Vec<_>>().join(separator)
    };
    let body = match kind {
        "ROW" => format!(
            "BẢNG ĐÁP ÁN\n| Câu | {} |\n| Đáp án | {} |",
            join(" | ", &|number, _| number.to_string()),
            join(" | ", &|_, key| key.to_string())
        ),
        "PAIRS" => join("  ", &|number, key| format!("{number}.{key}")),
        "CELLS" => format!("ĐÁP ÁN\n| {} |", join(" | ", &|number, key| format!("{number}-{key}"))),
        "COLUMN" => format!("| Câu | Đáp án |\n{}", join("\n", &|number, key| format!("| {number} | {key} |"))),
        "LINES" => format!("ĐÁP ÁN\n{}", join("\n", &|number, key| format!("Câu {number}: {key}"))),
        "SOLUTIONS" => {
            format!("HƯỚNG DẪN GIẢI CHI TIẾT\n{}", join("\n", &|number, key| format!("Câu {number}. Ta có x = 2.\nChọn {key}.")))
        }
        "CODES" => format!("| Câu | 101 | 102 |\n{}", join("\n", &|number, key| format!("| {number} | A | {key} |"))),
        _ => return String::new(),
    };
    format!("------ HẾT ------\n{body}")
}

fn typed(number: &str, layout: &str, mark: &Mark) -> String {
    let mut text = String::from("TRƯỜNG THPT A\nĐỀ KIỂM TRA\nMã đề: 102\n");
    for (at, key) in KEYS.iter().enumerate() {
        let mut options = layout.to_owned();
        for (letter, label) in LETTERS.iter().enumerate() {
            let look = if letter == *key { mark.right } else { mark.wrong };
            options = options.replace(&format!("@{label}"), &look.replace('?', &label.to_string()));
            let content = ["{m:x+1}", "gia tốc", "lực F", "12 m/s"][(at + letter) % 4];
            options = options.replace(&format!("%{label}"), content);
        }
        let below = mark.below.replace('?', &LETTERS[*key].to_string());
        text.push_str(&format!("{}{}\n{options}\n{below}\n", number.replace('#', &(at + 1).to_string()), STEMS[at % STEMS.len()]));
    }
    text + &tail(mark.tail)
}

#[test]
fn every_numbering_with_every_layout_and_every_key() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for number in NUMBERS {
        for layout in LAYOUTS {
            for mark in &MARKS {
                let text = typed(number, layout, mark);
                let paper = paper(&text);
                let said = !(mark.right == mark.wrong && mark.below.is_empty() && mark.tail.is_empty());
                let expected = KEYS.iter().enumerate().map(|(at, key)| format!("{}:{}", at + 1, if said { LETTERS[*key] } else { '-' }));
                let expected = expected.collect::<Vec<_>>().join(" ");
                count += 1;
                let four = paper.questions.iter().all(|question| question.options.len() == 4);
                if keys(&paper) != expected || !four {
                    wrong.push(format!(
                        "{number} | {layout} | {} {} {}: {} {four}\n{}\n",
                        mark.right,
                        mark.below,
                        mark.tail,
                        keys(&paper),
                        report(&paper)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
}

const TRUTHS: [[bool; 4]; 4] =
    [[true, false, true, false], [false, false, true, true], [true, true, true, false], [false, true, false, false]];
const HEADS: [&str; 4] = [
    "PHẦN II. Câu trắc nghiệm đúng sai. Thí sinh trả lời từ câu 1 đến câu 4. Trong mỗi ý a), b), c), d) ở mỗi câu, thí sinh chọn đúng hoặc sai.",
    "{b:PHẦN II.} Thí sinh trả lời từ câu 1 đến câu 4. Trong mỗi ý a), b), c), d) ở mỗi câu, thí sinh chọn đúng hoặc sai.",
    "II. TRẮC NGHIỆM ĐÚNG SAI",
    "Phần 2: Câu hỏi Đúng/Sai",
];
const STATEMENTS: [&str; 5] = [
    "@a %a\n@b %b\n@c %c\n@d %d",
    "@a %a→@b %b\n@c %c→@d %d",
    "| @a %a |\n| @b %b |\n| @c %c |\n| @d %d |",
    "@a %a↵@b %b↵@c %c↵@d %d",
    "@a %a     @b %b\n@c %c     @d %d",
];

/// Looks of true and false labels, lines below, and keys at the end.
const TRUTH_MARKS: [Mark; 17] = [
    mark("{u:?)}", "?)", "", ""),
    mark("{bu:?}{b:)}", "{b:?)}", "", ""),
    mark("{r:?)}", "?)", "", ""),
    mark("{rb:?)}", "{kb:?)}", "", ""),
    mark("{h:?)}", "?)", "", ""),
    mark("{u:?.}", "?.", "", ""),
    mark("*?)", "?)", "", ""),
    mark("?)", "?)", "Đáp án: SEQ", ""),
    mark("?)", "?)", "Đáp án: LONG", ""),
    mark("?)", "?)", "Lời giải\nEACH", ""),
    mark("?)", "?)", "| BARS |", ""),
    mark("?)", "?)", "| a | b | c | d |\n| BARS |", ""),
    mark("?)", "?)", "", "ROWS"),
    mark("?)", "?)", "", "WORDS"),
    mark("?)", "?)", "", "ACROSS"),
    mark("?)", "?)", "", "LINES"),
    mark("?)", "?)", "", ""),
];

fn letters(truths: [bool; 4], separator: &str) -> String {
    truths.map(|truth| if truth { "Đ" } else { "S" }).join(separator)
}

fn words(truths: [bool; 4], separator: &str, behind: &str) -> String {
    let word = |truth: bool| if truth { "Đúng" } else { "Sai" };
    ["a", "b", "c", "d"]
        .iter()
        .zip(truths)
        .map(|(label, truth)| format!("{label}) {}{behind}", word(truth)))
        .collect::<Vec<_>>()
        .join(separator)
}

fn truth_tail(kind: &str) -> String {
    let rows = |one: &dyn Fn(usize, [bool; 4]) -> String| {
        TRUTHS.iter().enumerate().map(|(at, truths)| one(at + 1, *truths)).collect::<Vec<_>>().join("\n")
    };
    let body = match kind {
        "ROWS" => format!("| Câu | a | b | c | d |\n{}", rows(&|number, truths| format!("| {number} | {} |", letters(truths, " | ")))),
        "WORDS" => format!("| Câu | Đáp án |\n{}", rows(&|number, truths| format!("| {number} | {} |", letters(truths, "")))),
        "ACROSS" => format!("| Câu | 1 | 2 | 3 | 4 |\n| Đáp án | {} |", TRUTHS.map(|truths| words(truths, "¶", "")).join(" | ")),
        "LINES" => rows(&|number, truths| format!("Câu {number}: {}", words(truths, " ", ""))),
        _ => return String::new(),
    };
    format!("--- HẾT ---\nĐÁP ÁN PHẦN II\n{body}")
}

#[test]
fn every_way_to_say_true_and_false() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for head in HEADS {
        for number in ["Câu #. ", "{b:Câu #:} ", "~Câu #.~ ", "[TH] Câu #. "] {
            for layout in STATEMENTS {
                for mark in &TRUTH_MARKS {
                    let mut text = format!("{head}\n");
                    for (at, truths) in TRUTHS.iter().enumerate() {
                        let mut body = layout.to_owned();
                        for (label, truth) in ["a", "b", "c", "d"].iter().zip(truths) {
                            let look = if *truth { mark.right } else { mark.wrong };
                            body = body.replace(&format!("@{label}"), &look.replace('?', label));
                            body = body.replace(&format!("%{label}"), &format!("Vật {label} chuyển động, gia tốc {{m:a}}."));
                        }
                        let below = mark.below.replace("SEQ", &letters(*truths, "")).replace("BARS", &letters(*truths, " | "));
                        let below = below.replace("LONG", &words(*truths, "; ", "")).replace("EACH", &words(*truths, "\n", ". Vì thế."));
                        text.push_str(&format!("{}Xét vật số {at}.\n{body}\n\n{below}\n", number.replace('#', &(at + 1).to_string())));
                    }
                    text.push_str(&truth_tail(mark.tail));
                    let paper = paper(&text);
                    let said = !(mark.right == mark.wrong && mark.below.is_empty() && mark.tail.is_empty());
                    let expected = TRUTHS
                        .iter()
                        .enumerate()
                        .map(|(at, truths)| format!("2.{}:{}", at + 1, if said { letters(*truths, "") } else { "????".to_owned() }));
                    let expected = expected.collect::<Vec<_>>().join(" ");
                    count += 1;
                    if keys(&paper) != expected {
                        wrong.push(format!(
                            "{head} | {number} | {layout} | {} {} {}: {}\n{}\n",
                            mark.right,
                            mark.below,
                            mark.tail,
                            keys(&paper),
                            report(&paper)
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
}
