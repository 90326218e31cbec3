//! How fast a large paper is read, and in how much memory. Run by hand in release:
//! `cargo test --release -p papers --test docx_figures -- --ignored --nocapture`
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests may stop and tell")]

mod support;

use std::time::Instant;

use support::docx::{Docx, PNG, p, run};

const PROPERTIES: &str = "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\"/><w:color w:val=\"0070C0\"/><w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/>";

/// A thousand questions as teachers' files have them: many small runs, a formula in every third.
fn paper() -> Vec<u8> {
    let mut body = String::new();
    for number in 1..=1000_u32 {
        let words =
            format!("cho hàm số có đồ thị {} như hình {} bên dưới {}", number * 7919 % 1009, number * 104_729 % 997, number * 31 % 89);
        let mut stem = run(&format!("<w:b/>{PROPERTIES}"), &format!("Câu {number}. "));
        for word in words.split_inclusive(' ') {
            stem.push_str(&run(PROPERTIES, word));
        }
        if number % 10 < 3 {
            stem.push_str(&format!(
                "<m:oMath><m:f><m:num><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>{}</m:t></m:r></m:sup></m:sSup></m:num><m:den><m:rad><m:deg/><m:e><m:r><m:t>{number}y+1</m:t></m:r></m:e></m:rad></m:den></m:f></m:oMath>",
                number % 7
            ));
        }
        body.push_str(&p(&stem));
        for label in ["A", "B", "C", "D"] {
            body.push_str(&p(
                &(run(&format!("<w:b/>{PROPERTIES}"), &format!("{label}. ")) + &run(PROPERTIES, &format!("giá trị {}", number * 13 % 101)))
            ));
        }
    }
    // Half of real papers' bytes are pictures that do not shrink.
    let mut noise = PNG.to_vec();
    let mut state = 1_u32;
    noise.extend((0..150_000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    }));
    body.push_str(&p("<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed=\"r1\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"));
    Docx::new(body).media("r1", "image", "image1.png", &noise).bytes()
}

fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[test]
#[ignore = "measures, and needs release"]
fn a_thousand_questions_are_read_in_time_and_memory() {
    let path = std::env::temp_dir().join("papers-figures.docx");
    // Made in another run, so that making it is not measured.
    let Ok(bytes) = std::fs::read(&path) else {
        std::fs::write(&path, paper()).unwrap();
        println!("made {}; run again", path.display());
        return;
    };
    let before = peak_kilobytes();
    let start = Instant::now();
    let read = papers::docx::read_document(&bytes).unwrap();
    let elapsed = start.elapsed();
    let grown = peak_kilobytes() - before;
    println!("{} kB file, {} blocks: {elapsed:?}, {grown} kB more at the peak", bytes.len() / 1024, read.document.blocks.len());
    assert!(elapsed.as_millis() < 700);
}
