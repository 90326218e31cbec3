//! Papers as Word files: every part well formed, every kind of question in its place, everything that
//! has no place told. With `PAPERS_OUT` the files are left there, to be looked at in a word processor.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::str::FromStr as _;

use exchange::archive::{ArchiveLimits, LimitedArchive};
use papers::Paper;
use papers::model::{Address, Answer, Choice, Exact, Level, Pair, Passage, Question, QuestionType, Statement};
use papers::rich::{HtmlContext, Rich, from_html};
use papers::write_docx::{DocxOptions, KeyPlace, write, write_with};
use papers::xml::Element;

fn rich(html: &str) -> Rich {
    from_html(html, &mut HtmlContext::ours())
}

fn math(latex: &str) -> String {
    format!("<span data-math=\"{}\"></span>", latex.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"))
}

fn question(kind: QuestionType, part: u32, number: u32, stem: &str) -> Question {
    let mut question = Question::new(kind);
    question.address = Address { part: Some(part), number: Some(number), paragraph: None };
    question.stem = rich(stem);
    question
}

fn choice(part: u32, number: u32, stem: &str, options: &[&str], right: &[usize]) -> Question {
    let mut question = question(QuestionType::SingleChoice, part, number, stem);
    question.options = options
        .iter()
        .enumerate()
        .map(|(at, text)| Choice {
            label: char::from(b'A' + u8::try_from(at).unwrap()).to_string(),
            content: rich(&format!("<p>{text}</p>")),
            correct: (!right.is_empty()).then(|| right.contains(&at)),
            ..Choice::default()
        })
        .collect();
    question.settle_key();
    question
}

fn truths(part: u32, number: u32, stem: &str, statements: &[(&str, Option<bool>)]) -> Question {
    let mut question = question(QuestionType::TrueFalse, part, number, stem);
    question.statements = statements
        .iter()
        .enumerate()
        .map(|(at, (text, correct))| Statement {
            label: char::from(b'a' + u8::try_from(at).unwrap()).to_string(),
            content: rich(&format!("<p>{text}</p>")),
            correct: *correct,
            level: (at == 1).then_some(Level::Th),
            ..Statement::default()
        })
        .collect();
    question.settle_key();
    question
}

fn short(part: u32, number: u32, stem: &str, answers: &[&str]) -> Question {
    let mut question = question(QuestionType::ShortAnswer, part, number, stem);
    question.answers = answers.iter().map(|text| Answer { text: (*text).to_owned(), ..Answer::default() }).collect();
    question.settle_key();
    question
}

/// A red picture of two by one.
fn png() -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(200, 100, image::Rgb([200, 30, 30]));
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

fn paper() -> Paper {
    let mut paper = Paper::default();
    paper.keep_media("img", "png", "image/png", png().into());
    paper.passages.push(Passage {
        id: "p1".to_owned(),
        content: rich("<p>Bảng sau cho biết <strong>nhiệt độ</strong> của năm ngày.</p><table><tbody><tr><th>Ngày</th><td>1</td><td>2</td></tr><tr><th>Nhiệt độ</th><td colspan=\"2\">30 °C</td></tr></tbody></table>"),
    });
    let f = math(r"f(x)=\dfrac{x^2-3x+2}{\sqrt{x-1}}");
    let mut first = choice(
        1,
        1,
        &format!("<p>Cho hàm số {f}. Tập xác định của hàm số là</p>"),
        &[&math(r"(1;+\infty)"), &math(r"[1;+\infty)"), &math(r"\mathbb{R}\setminus\{1\}"), &math(r"\mathbb{R}")],
        &[0],
    );
    first.level = Some(Level::Nb);
    first.explanation = Some(rich(&format!("<p>Điều kiện {} nên chọn A.</p>", math(r"x-1>0\Leftrightarrow x>1"))));
    paper.questions.push(first);
    paper.questions.push(choice(
        1,
        2,
        &format!(
            "<p>Giải hệ {}</p><p><img data-media=\"img1\" alt=\"Hình vuông\" width=\"120\"></p>",
            math(r"\begin{cases} x+y=1 \\ x-y=3 \end{cases}")
        ),
        &["Hệ có đúng một nghiệm và nghiệm ấy dương", "Hệ vô nghiệm", "Hệ có vô số nghiệm", "Hệ có hai nghiệm"],
        &[1],
    ));
    for number in 3..=4 {
        let mut question = choice(
            1,
            number,
            "<p>Nhiệt độ ngày 1 là bao nhiêu?</p>",
            &["Bằng 30 độ Celsius trong cả ngày", "20 °C", "10 °C", "0 °C"],
            &[2],
        );
        question.passage = Some("p1".to_owned());
        paper.questions.push(question);
    }
    paper.questions.push(choice(
        1,
        5,
        &format!("<p>Phản ứng {}</p>", math(r"\ce{2H2 + O2 ->[t^o] 2H2O}")),
        &["toả nhiệt", "thu nhiệt", &math(r"\int_0^1 x^2\,\mathrm{d}x=\frac{1}{3}"), &math(r"\lim\limits_{x\to 0}\frac{\sin x}{x}=1")],
        &[],
    ));
    paper.questions.push(truths(
        2,
        1,
        &format!("<p>Cho {} và tam giác {}.</p>", math(r"\overrightarrow{AB}+\vec{a}=\widehat{ABC}"), math(r"\triangle ABC")),
        &[
            ("Một ý <strong>đúng</strong>", Some(true)),
            ("Ý sai", Some(false)),
            (&math(r"\sum_{i=1}^{n} i=\frac{n(n+1)}{2}"), Some(true)),
            ("Cuối", Some(false)),
        ],
    ));
    paper.questions.push(truths(
        2,
        2,
        "<p>Bốn ý sai</p>",
        &[("Một", Some(false)), ("Hai", Some(false)), ("Ba", Some(false)), ("Bốn", Some(false))],
    ));
    let mut known = short(3, 1, &format!("<p>Tính {}</p>", math(r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix}")), &["-2", "−2"]);
    known.points = Some(Exact::from_str("0.5").unwrap());
    paper.questions.push(known);
    paper.questions.push(short(3, 2, "<p>Không biết đáp án, 5 &lt; 6 &amp; 7 &gt; 6</p>", &[]));
    let mut essay =
        question(QuestionType::Essay, 4, 1, &format!("<p>Chứng minh {}</p><ul><li>một</li><li>hai</li></ul>", math(r"\unknowncommand{x}")));
    essay.explanation = Some(rich("<p>Xem sách.</p>"));
    paper.questions.push(essay);
    let mut pairs = question(QuestionType::Matching, 4, 2, "<p>Nối</p>");
    pairs.pairs = [("Hà Nội", "Việt Nam"), ("Paris", "Pháp")].map(|(left, right)| Pair { left: rich(left), right: rich(right) }).to_vec();
    pairs.settle_key();
    paper.questions.push(pairs);
    paper
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = LimitedArchive::open(bytes, ArchiveLimits::OFFICE).unwrap();
    archive.names().into_iter().map(|name| (name.clone(), archive.read(&name).unwrap().unwrap())).collect()
}

fn document(bytes: &[u8]) -> Element {
    let part = parts(bytes).into_iter().find(|(name, _)| name == "word/document.xml").unwrap();
    Element::parse(&part.1, "document").unwrap()
}

fn all<'a>(element: &'a Element, name: &str, out: &mut Vec<&'a Element>) {
    for child in element.elements() {
        if child.name == name {
            out.push(child);
        }
        all(child, name, out);
    }
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let root = document(bytes);
    let mut paragraphs = Vec::new();
    all(&root, "p", &mut paragraphs);
    paragraphs.iter().map(|paragraph| paragraph.text()).collect()
}

fn leave(name: &str, bytes: &[u8]) {
    if let Ok(folder) = std::env::var("PAPERS_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
    }
}

#[test]
fn a_paper_of_all_parts_is_written_with_its_key_marked() {
    let written = write(&paper()).unwrap();
    leave("marked.docx", &written.bytes);
    for (name, content) in parts(&written.bytes) {
        if name.ends_with("xml") || name.ends_with("rels") {
            Element::parse(&content, &name).unwrap();
        }
    }
    let lines = lines(&written.bytes);
    for line in [
        "PHẦN I. Câu trắc nghiệm nhiều phương án lựa chọn. Thí sinh trả lời từ câu 1 đến câu 5. Mỗi câu hỏi thí sinh chỉ chọn một phương án.",
        "PHẦN III. Câu trắc nghiệm trả lời ngắn. Thí sinh trả lời từ câu 1 đến câu 2.",
        "PHẦN IV. Tự luận. Thí sinh trả lời từ câu 1 đến câu 2.",
        "Đọc thông tin sau và trả lời các câu hỏi từ câu 3 đến câu 4:",
        "b) [TH] Ý sai",
        "Đáp án: SSSS",
        "Đáp án: -2 | −2",
        "------ HẾT ------",
        "Lời giải",
    ] {
        assert!(lines.iter().any(|own| own == line), "{line} is not in {lines:#?}");
    }
    assert!(lines.iter().any(|line| line.starts_with("Câu 1. [NB] Cho hàm số ")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("Câu 1. (0,5 điểm) Tính ")), "{lines:#?}");
    let codes: Vec<&str> = written.report.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["docx-list", "docx-formula", "docx-type"], "{:#?}", written.report);
}

#[test]
fn only_labels_of_right_options_and_true_statements_are_red_and_underlined() {
    let written = write(&paper()).unwrap();
    let root = document(&written.bytes);
    let mut runs = Vec::new();
    all(&root, "r", &mut runs);
    let marked: Vec<String> = runs
        .iter()
        .filter(|run| run.first("rPr").is_some_and(|look| look.first("u").is_some() && look.first("color").is_some()))
        .map(|run| run.text())
        .collect();
    assert_eq!(marked, ["A.", "B.", "C.", "C.", "a)", "c)"]);
}

#[test]
fn tables_after_the_end_hold_the_key_and_the_questions_do_not() {
    let options = DocxOptions { key: KeyPlace::TableAfterEnd, heading: vec!["ĐỀ THI THỬ".to_owned()], ..DocxOptions::default() };
    let written = write_with(&paper(), &options).unwrap();
    leave("table.docx", &written.bytes);
    let lines = lines(&written.bytes);
    let end = lines.iter().position(|line| line == "------ HẾT ------").unwrap();
    assert!(lines[..end].iter().all(|line| !line.starts_with("Đáp án") && line != "Lời giải"));
    let after = lines[end..].join("\n");
    for piece in [
        "ĐÁP ÁN\n",
        "Câu\n1\n2\n3\n4\n5\n",
        "Đáp án\nA\nB\nC\nC\n\n",
        "Câu\na\nb\nc\nd\n1\nĐ\nS\nĐ\nS\n2\nS\nS\nS\nS",
        "-2 | −2",
        "HƯỚNG DẪN GIẢI CHI TIẾT",
        "Xem sách.",
    ] {
        assert!(after.contains(piece), "{piece:?} is not in {after}");
    }
}

#[test]
fn a_paper_for_pupils_says_nothing_of_the_key() {
    let options = DocxOptions { key: KeyPlace::Absent, ..DocxOptions::default() };
    let written = write_with(&paper(), &options).unwrap();
    leave("absent.docx", &written.bytes);
    let root = document(&written.bytes);
    let (mut underlined, mut red) = (Vec::new(), Vec::new());
    all(&root, "u", &mut underlined);
    all(&root, "color", &mut red);
    assert!(underlined.is_empty() && red.is_empty());
    assert!(lines(&written.bytes).iter().all(|line| !line.contains("Đáp án") && !line.contains("Lời giải") && !line.contains("(1) –")));
}

#[test]
fn questions_of_mixed_kinds_without_parts_are_put_in_the_order_of_2025() {
    let mut paper = paper();
    for question in &mut paper.questions {
        question.address.part = None;
    }
    paper.questions.reverse();
    let headings: Vec<String> = lines(&write(&paper).unwrap().bytes).into_iter().filter(|line| line.starts_with("PHẦN")).collect();
    assert_eq!(headings.len(), 4, "{headings:?}");
    assert!(headings[0].starts_with("PHẦN I. Câu trắc nghiệm nhiều") && headings[3].starts_with("PHẦN IV. Tự luận"));
}

#[test]
fn what_has_no_place_is_told_at_its_question() {
    let mut paper = Paper::default();
    let mut question = choice(1, 7, "<p>x</p>", &["a", "b"], &[0]);
    question.tags = vec!["đại số".to_owned()];
    question.options[1].credit = Some(Exact::from_str("-0.5").unwrap());
    question.stem = rich("<p><img data-media=\"nowhere\" alt=\"hình\"></p>");
    paper.questions.push(question);
    let report = write(&paper).unwrap().report;
    let told: Vec<(&str, Option<u32>)> =
        report.iter().map(|entry| (entry.code.as_str(), entry.address.and_then(|address| address.number))).collect();
    assert_eq!(told, [("docx-fields", Some(7)), ("docx-picture", Some(7))]);
    assert!(report[0].message.contains("trọng số") && report[0].message.contains("thẻ"));
}

/// With `PAPERS_OUT` a paper of many formulas is left there, to be looked at in a word processor.
#[test]
fn formulas_of_every_kind_are_equations_of_word() {
    let formulas = [
        r"\dfrac{x^2-3x+2}{\sqrt[3]{x-1}}",
        r"\left[\begin{array}{l} x=1 \\ x=-2 \end{array}\right.",
        r"\begin{cases} x+y=1\\ x-y=3 \end{cases}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\left|\vec a\right|\cos\left(\vec a,\overrightarrow{AB}\right)",
        r"\widehat{ABC}=90^\circ",
        r"\overset{\frown}{AB}",
        r"\overline{abc}",
        r"\lim\limits_{x\to+\infty}\dfrac{2x+1}{x-1}=2",
        r"\int\limits_0^1 x^2\mathrm{d}x",
        r"\int_0^1 f(x)dx=2",
        r"\sum_{k=0}^{n}\mathrm{C}_n^k a^{n-k}b^k=(a+b)^n",
        r"\prod_{i=1}^n x_i",
        r"\log_2 x+\ln x+\sin^2 x",
        r"A=\{x\in\mathbb{R}\mid x^2>1\}",
        r"\ce{2H2 + O2 ->[t^o] 2H2O}",
        r"\ce{^{14}_{6}C}",
        r"\ce{SO4^2-}",
        r"\overbrace{a+b}^{n}",
        r"\underbrace{1+1}_{2}",
        r"\binom{n}{k}",
        r"\boxed{x=1}",
        r"[3;+\infty)\cup(-1;2]",
        r"\text{Số nghiệm là } 2",
        r"x'+f''(x)",
        r"\alpha+\beta\Leftrightarrow\Omega\ne\varphi",
        r"\left(\frac{a}{b}\right)^2",
        r"\left|\begin{matrix}a & b\\c & d\end{matrix}\right|",
        r"\underset{x\to 0}{A}",
        r"\xrightarrow[p]{xt}",
        r"{a}/{b}",
        r"\iint_D f",
        r"\hat{a}+\dot{b}+\tilde{c}",
    ];
    let mut paper = Paper::default();
    for (at, latex) in formulas.iter().enumerate() {
        let mut question = question(QuestionType::Essay, 1, u32::try_from(at + 1).unwrap(), &format!("<p>{}</p>", math(latex)));
        question.address.part = None;
        paper.questions.push(question);
    }
    let written = write(&paper).unwrap();
    leave("formulas.docx", &written.bytes);
    assert!(written.report.is_empty(), "{:?}", written.report);
    let root = document(&written.bytes);
    let mut equations = Vec::new();
    all(&root, "oMath", &mut equations);
    assert_eq!(equations.len(), formulas.len());
}
