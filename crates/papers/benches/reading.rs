//! How fast papers are read and how much memory that takes: `cargo bench -p papers --bench reading`. Prints JSON
//! lines.
//!
//! Bounds, from issue 3, for a Word file of 1,000 questions with 300 formulas: `read_s` at most 1; memory at
//! most 200 MB and ten times the file. The second bound is about files as teachers have them, with pictures
//! (`docx_with_pictures`); a file of letters alone is packed to a twentieth of what it says, so that its ratio
//! (`docx_letters_only`) tells of the packing and is printed without a bound.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use papers::{Format, Paper};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const QUESTIONS: usize = 1000;
const FORMULAS: usize = 300;
/// In the file with pictures: one in ten questions has a drawing, of this size.
const PICTURES: usize = 100;
const PICTURE: usize = 60 << 10;
/// Turns of which the quickest counts: other work on the machine only slows.
const TURNS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, format, file] = arguments.as_slice()
        && word == "--read"
    {
        return measure(Format::of_source(format).unwrap(), Path::new(file));
    }
    let folder = std::env::temp_dir().join(format!("papers-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, pictures) in [("docx_letters_only", 0), ("docx_with_pictures", PICTURES)] {
        let mut figures = child(&folder, Format::Docx, &word_file(pictures));
        let fields = figures.as_object_mut().unwrap();
        fields.insert("limit_s".to_owned(), json!(1));
        fields.insert("limit_mb".to_owned(), json!(200));
        if pictures > 0 {
            fields.insert("limit_over_file".to_owned(), json!(10));
        }
        print(name, &figures);
    }
    let paper = papers::read(&word_file(0), Format::Docx).unwrap();
    for format in Format::WRITTEN.into_iter().filter(|format| *format != Format::Docx) {
        let written = papers::write(&paper, format).unwrap();
        print(format.source_name(), &child(&folder, format, &written.bytes));
    }
    for (format, text) in [(Format::Aiken, aiken(&paper)), (Format::ExTest, ex_test(&paper))] {
        print(format.source_name(), &child(&folder, format, text.as_bytes()));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn print(name: &str, figures: &Value) {
    let mut line = json!({ "bench": "papers", "file": name });
    line.as_object_mut().unwrap().extend(figures.as_object().unwrap().clone());
    println!("{line}");
}

/// Reads in a process of its own, whose peak of memory is nobody else's.
fn child(folder: &Path, format: Format, bytes: &[u8]) -> Value {
    let file = folder.join("file");
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new(std::env::current_exe().unwrap()).args(["--read", format.source_name()]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn measure(format: Format, file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    let before = peak_kb();
    let (mut best, mut peak) = (f64::INFINITY, 0.0);
    let mut questions = 0;
    for turn in 0..TURNS {
        let started = Instant::now();
        let opened = papers::open(&bytes, format).unwrap();
        best = best.min(started.elapsed().as_secs_f64());
        questions = opened.paper.questions.len();
        if turn == 0 {
            // The file itself counts, the program does not.
            peak = (peak_kb() - before) / 1024.0 + megabytes(&bytes);
        }
    }
    let figures = json!({
        "questions": questions,
        "file_mb": round(megabytes(&bytes)),
        "read_s": round(best),
        "mb_per_s": round(megabytes(&bytes) / best),
        "peak_mb": round(peak),
        "peak_over_file": round(peak / megabytes(&bytes)),
    });
    println!("{figures}");
}

fn megabytes(bytes: &[u8]) -> f64 {
    f64::from(u32::try_from(bytes.len()).unwrap()) / f64::from(1_u32 << 20)
}

fn peak_kb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture""#;
const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORDS: [&str; 16] = [
    "hàm số",
    "đồng biến",
    "trên khoảng",
    "phát biểu",
    "nào sau đây",
    "đúng",
    "giá trị",
    "của biểu thức",
    "mặt phẳng",
    "đường thẳng",
    "dao động",
    "điều hòa",
    "nồng độ",
    "phản ứng",
    "tác phẩm",
    "quần thể",
];

/// As Word saves what a teacher typed: runs cut into pieces, each with its font, size and revision marks.
fn word_file(pictures: usize) -> Vec<u8> {
    let mut body = String::new();
    for at in 0..QUESTIONS {
        body.push_str("<w:p w:rsidR=\"00A77B3E\" w:rsidRDefault=\"00A77B3E\" w:rsidP=\"00C2\"><w:pPr><w:spacing w:before=\"60\" w:after=\"0\"/><w:jc w:val=\"both\"/></w:pPr>");
        run(&mut body, "<w:b/><w:color w:val=\"0000FF\"/>", &format!("Câu {}. ", at + 1));
        run(&mut body, "", &sentence(at, 14));
        if at < FORMULAS {
            let _ = write!(
                body,
                "<m:oMath><m:f><m:num><m:r><m:t>x+{at}</m:t></m:r></m:num><m:den><m:rad><m:radPr><m:degHide m:val=\"1\"/></m:radPr><m:deg/><m:e><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:e></m:rad></m:den></m:f></m:oMath>"
            );
        }
        run(&mut body, "", " bằng bao nhiêu?");
        if pictures > 0 && at % (QUESTIONS / pictures) == 0 {
            let picture = at / (QUESTIONS / pictures);
            let _ = write!(
                body,
                "<w:r><w:drawing><wp:inline><wp:extent cx=\"1905000\" cy=\"1428750\"/><wp:docPr id=\"{picture}\" name=\"Hình\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:blipFill><a:blip r:embed=\"p{picture}\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
            );
        }
        body.push_str("</w:p>");
        for (option, letter) in ["A", "B", "C", "D"].iter().enumerate() {
            body.push_str("<w:p w:rsidR=\"00A77B3E\" w:rsidRDefault=\"00A77B3E\"><w:pPr><w:ind w:left=\"284\"/></w:pPr>");
            let look = if option == at * 7 % 4 { "<w:b/><w:u w:val=\"single\"/><w:color w:val=\"FF0000\"/>" } else { "<w:b/>" };
            run(&mut body, look, &format!("{letter}."));
            run(&mut body, "", &format!(" {}", sentence(at + option + 1, 6)));
            body.push_str("</w:p>");
        }
    }
    let relations = |inside: &str| {
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inside}</Relationships>")
    };
    let own: String =
        (0..pictures).map(|at| format!("<Relationship Id=\"p{at}\" Type=\"{KIND}/image\" Target=\"media/image{at}.png\"/>")).collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, content: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    };
    put("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>");
    put(
        "_rels/.rels",
        relations(&format!("<Relationship Id=\"r1\" Type=\"{KIND}/officeDocument\" Target=\"word/document.xml\"/>")).as_bytes(),
    );
    put("word/_rels/document.xml.rels", relations(&own).as_bytes());
    put("word/document.xml", format!("<w:document {NAMES}><w:body>{body}</w:body></w:document>").as_bytes());
    for at in 0..pictures {
        put(&format!("word/media/image{at}.png"), &drawing(at));
    }
    zip.finish().unwrap().into_inner()
}

fn run(body: &mut String, look: &str, text: &str) {
    // Spelling marks cut a line every few words.
    for piece in text.split_inclusive(", ") {
        let _ = write!(
            body,
            "<w:r w:rsidRPr=\"00A77B3E\"><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\"/>{look}<w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/></w:rPr><w:t xml:space=\"preserve\">{piece}</w:t></w:r><w:proofErr w:type=\"spellStart\"/>"
        );
    }
}

/// Words that differ from question to question.
fn sentence(seed: usize, count: usize) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut words = Vec::new();
    for at in 0..count {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) % (1 << 31);
        let word = WORDS[state / 65_536 % WORDS.len()];
        words.push(if at % 4 == 3 { format!("{word} {}", state % 1000) } else { word.to_owned() });
    }
    words.join(", ")
}

/// A file that begins as a PNG and can't be packed further, as pictures are.
fn drawing(seed: usize) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x90\0\0\x01\x2c\x08\x06\0\0\0".to_vec();
    let mut state = u32::try_from(seed).unwrap_or(0).wrapping_add(1).wrapping_mul(747_796_405);
    while out.len() < PICTURE {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        out.extend(state.to_le_bytes());
    }
    out
}

fn aiken(paper: &Paper) -> String {
    let mut out = String::new();
    for question in &paper.questions {
        let _ = writeln!(out, "{}", question.stem.to_text());
        for option in &question.options {
            let _ = writeln!(out, "{}. {}", option.label, option.content.to_text());
        }
        let right = question.options.iter().find(|option| option.correct == Some(true));
        let _ = writeln!(out, "ANSWER: {}\n", right.map_or("A", |right| right.label.as_str()));
    }
    out
}

fn ex_test(paper: &Paper) -> String {
    let mut out = String::new();
    for question in &paper.questions {
        let _ = write!(out, "\\begin{{ex}}\n{}\n\\choice", question.stem.to_text());
        for option in &question.options {
            let _ = write!(out, "{{{}{}}}", if option.correct == Some(true) { "\\True " } else { "" }, option.content.to_text());
        }
        out.push_str("\n\\loigiai{Vì thế.}\n\\end{ex}\n");
    }
    out
}
