#![allow(clippy::unwrap_used, dead_code, missing_docs)]
use papers::document::*;
use papers::model::*;
use papers::rich::*;
use papers::xml::*;
use std::collections::BTreeMap;
fn look(r: &Element) -> Look {
    let mut l = Look::default();
    if let Some(p) = r.all("rPr").next() {
        let on = |n: &str| p.all(n).next().is_some_and(|e| !matches!(e.attribute("val"), Some("0" | "none" | "false")));
        l.marks.bold = on("b");
        l.marks.italic = on("i");
        l.marks.underline = on("u");
        l.highlighted = on("highlight");
        l.marks.script = match p.all("vertAlign").next().and_then(|e| e.attribute("val")) {
            Some("subscript") => Script::Sub,
            Some("superscript") => Script::Super,
            _ => Script::Normal,
        };
        if let Some(c) = p.all("color").next().and_then(|e| e.attribute("val")).filter(|c| c.len() == 6 && *c != "000000") {
            let h = |i: usize| u8::from_str_radix(&c[i..i + 2], 16).unwrap_or(0);
            l.colour = Some([h(0), h(2), h(4)]);
        }
    }
    l
}
fn para(p: &Element, n: &mut u32) -> Paragraph {
    *n += 1;
    let mut out = Paragraph { number: *n, label: None, parts: vec![] };
    for e in p.elements() {
        walk(e, &mut out.parts);
    }
    out
}
fn walk(e: &Element, parts: &mut Vec<Part>) {
    match e.name.rsplit(':').next().unwrap() {
        "r" => {
            let l = look(e);
            for c in e.elements() {
                match c.name.rsplit(':').next().unwrap() {
                    "t" => parts.push(Part::Text(c.text(), l)),
                    "tab" => parts.push(Part::Tab),
                    "br" => parts.push(Part::Break),
                    "drawing" | "object" | "pict" => {
                        parts.push(Part::Media { id: "img1".into(), kind: MediaKind::Picture, alt: String::new(), width: None })
                    }
                    _ => {}
                }
            }
        }
        "oMath" | "oMathPara" => parts.push(Part::Math { latex: e.text(), display: MathDisplay::Inline }),
        "pPr" => {}
        _ => {
            for c in e.elements() {
                walk(c, parts)
            }
        }
    }
}
fn blocks(e: &Element, n: &mut u32) -> Vec<DocumentBlock> {
    let mut out = vec![];
    for c in e.elements() {
        match c.name.rsplit(':').next().unwrap() {
            "p" => out.push(DocumentBlock::Paragraph(para(c, n))),
            "tbl" => {
                let mut t = Table::default();
                for r in c.elements().filter(|r| r.name.ends_with("tr")) {
                    t.rows.push(
                        r.elements()
                            .filter(|x| x.name.ends_with("tc"))
                            .map(|x| TableCell { blocks: blocks(x, n), columns: 1, rows: 1, shaded: false })
                            .collect(),
                    );
                }
                out.push(DocumentBlock::Table(t));
            }
            _ => {}
        }
    }
    out
}
fn read(path: &str) -> Paper {
    let bytes = std::fs::read(path).unwrap();
    let mut a = exchange::archive::LimitedArchive::open(&bytes, exchange::archive::ArchiveLimits::OFFICE).unwrap();
    let x = a.read("word/document.xml").unwrap().unwrap();
    let root = Element::parse(&x, "d").unwrap();
    let body = root.elements().next().unwrap();
    let mut n = 0;
    let doc = Document { blocks: blocks(body, &mut n) };
    let mut p = Paper::default();
    papers::layout::interpret(&doc, &mut p);
    p
}
fn key(q: &Question) -> String {
    q.options.iter().filter(|o| o.correct == Some(true)).map(|o| o.label.clone()).collect()
}
#[test]
fn word() {
    let keys: BTreeMap<String, BTreeMap<u32, String>> =
        serde_json::from_slice(&std::fs::read("/work/shared/samples/questions/word/keys.json").unwrap()).unwrap();
    for (f, k) in keys {
        let p = read(&format!("/work/shared/samples/questions/word/{f}"));
        let right = p.questions.iter().filter(|q| k.get(&q.address.number.unwrap()) == Some(&key(q))).count();
        println!(
            "{f}: {} questions, {right} right, four options {}",
            p.questions.len(),
            p.questions.iter().filter(|q| q.options.len() == 4).count()
        );
        for q in &p.questions {
            if k.get(&q.address.number.unwrap()) != Some(&key(q)) {
                println!("WRONG {:?} {}", q.address, serde_json::to_string(q).unwrap());
            }
        }
        for e in &p.report {
            println!(
                "  {:?} {} {} {:?}",
                e.severity,
                e.code,
                e.message,
                e.values.get("text").map(|t| t.chars().take(300).collect::<String>())
            );
        }
        for q in p.questions.iter().take(3) {
            println!("{} || {:?}", q.stem.to_text(), q.options.iter().map(|o| o.content.to_text()).collect::<Vec<_>>());
        }
    }
}
#[test]
fn tables() {
    for f in ["Bio", "Math"] {
        let j: Vec<BTreeMap<String, String>> =
            serde_json::from_slice(&std::fs::read(format!("/work/shared/samples/questions/tables/MET_{f}_IE_2019.json")).unwrap()).unwrap();
        let p = read(&format!("/work/shared/samples/questions/tables/MET_{f}_IE_2019.docx"));
        let mut right = 0;
        for (q, j) in p.questions.iter().zip(&j) {
            if key(q) == j["Choice"] && q.options.len() == 4 {
                right += 1
            } else {
                println!("WRONG {:?} {} want {}\n{:?}", q.address, key(q), j["Choice"], q.stem.to_text());
            }
        }
        println!(
            "{f}: {} of {}, right {right}, explained {} of {}",
            p.questions.len(),
            j.len(),
            p.questions.iter().filter(|q| q.explanation.is_some()).count(),
            j.iter().filter(|j| !j["Explanation"].is_empty()).count()
        );
        for e in &p.report {
            println!(
                "  {:?} {} {} {:?}",
                e.severity,
                e.code,
                e.message,
                e.values.get("text").map(|t| t.chars().take(200).collect::<String>())
            );
        }
        for q in p.questions.iter().take(2) {
            println!("{}", serde_json::to_string(q).unwrap());
        }
    }
}
