#![allow(clippy::unwrap_used, dead_code, missing_docs, clippy::panic)]
#[path = "layout/sheet.rs"]
mod sheet;
#[test]
fn dbg() {
    let text = std::fs::read_to_string("/tmp/lay/in.txt").unwrap();
    for text in text.split("=====") {
        println!("==========");
        let paper = sheet::paper(&text);
        println!("KEYS {}", sheet::keys(&paper));
        for q in &paper.questions {
            println!(
                "{} [{:?}] p={:?} {:?} || {:?} || {:?} || {:?}",
                sheet::shown(q),
                q.level,
                q.passage,
                q.stem.to_text(),
                sheet::options(q),
                q.statements.iter().map(|s| s.content.to_text()).collect::<Vec<_>>(),
                q.explanation.as_ref().map(|e| e.to_text())
            );
        }
        for p in &paper.passages {
            println!("PASSAGE {} {:?}", p.id, p.content.to_text());
        }
        println!("{}", sheet::report(&paper));
    }
}
