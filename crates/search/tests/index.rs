//! What a user finds, and what survives on disk.
#![allow(clippy::unwrap_used, reason = "fixtures are made outside of test functions")]

use std::path::Path;

use proptest::prelude::*;
use search::{Change, Document, Filter, Highlight, Index, Opened, Query, Results, SearchError};

fn lesson(id: &str, title: &str, text: &str) -> Document {
    Document {
        id: id.to_owned(),
        kind: "lesson".to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        readable_by: vec!["school:1".to_owned()],
        ..Document::default()
    }
}

fn upsert(document: Document) -> Change {
    Change::Upsert(Box::new(document))
}

fn ask(text: &str) -> Query {
    Query {
        text: text.to_owned(),
        limit: 10,
        offset: 0,
        filter: Filter { any_of_readers: vec!["school:1".to_owned()], ..Filter::default() },
    }
}

fn ids(results: &Results) -> Vec<&str> {
    results.hits.iter().map(|hit| hit.id.as_str()).collect()
}

fn index_of(folder: &Path, documents: Vec<Document>) -> Index {
    let index = Index::open(folder).unwrap();
    let batch: Vec<Change> = documents.into_iter().map(upsert).collect();
    index.apply(&batch, 1).unwrap();
    index
}

fn found(documents: Vec<Document>, query: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let index = index_of(folder.path(), documents);
    let results = index.search(&ask(query)).unwrap();
    results.hits.into_iter().map(|hit| hit.id).collect()
}

#[test]
fn a_word_is_found_with_without_and_with_wrongly_placed_diacritics() {
    let documents = || {
        vec![
            lesson("a", "Hòa bình", "Chiến tranh và hòa bình"),
            lesson("b", "Quang hợp", "Cây xanh quang hợp nhờ ánh sáng"),
            lesson("c", "Vật lí 10", "Chuyển động thẳng đều"),
        ]
    };
    let table = [
        ("hòa bình", "a"),
        ("hoà bình", "a"),
        ("HOÀ BÌNH", "a"),
        ("hoa binh", "a"),
        ("ho\u{300}a bi\u{300}nh", "a"),
        ("quang hop", "b"),
        ("vật lý", "c"),
        ("vat ly", "c"),
        ("chuyen dong thang deu", "c"),
    ];
    for (query, id) in table {
        assert_eq!(found(documents(), query).first().map(String::as_str), Some(id), "{query}");
    }
}

#[test]
fn diacritics_decide_but_a_text_typed_without_them_is_found_too() {
    let documents = vec![
        lesson("dao", "Cái dao", "con dao sắc"),
        lesson("dao2", "Đảo xa", "hòn đảo ngoài khơi"),
        lesson("plain", "Hon dao", "mot hon dao nho"),
    ];
    assert_eq!(found(documents.clone(), "đảo"), ["dao2", "dao", "plain"].map(str::to_owned).to_vec().into_iter().collect::<Vec<_>>());
    let folded = found(documents, "dao");
    assert_eq!(folded.len(), 3);
}

#[test]
fn two_syllables_side_by_side_beat_the_same_apart() {
    let documents = vec![
        lesson("apart", "", "phân chia các con số rồi viết số vào phân loại này của bảng"),
        lesson("together", "", "các em học phân số trong chương này của bảng và bài khác nữa"),
    ];
    assert_eq!(found(documents.clone(), "phân số")[0], "together");
    assert_eq!(found(documents, "phan so")[0], "together");
}

#[test]
fn a_title_weighs_more_than_the_text() {
    let documents = vec![lesson("text", "Ôn tập", "hàm số bậc nhất"), lesson("title", "Hàm số", "ôn tập bậc nhất")];
    assert_eq!(found(documents, "hàm số")[0], "title");
}

#[test]
fn captions_attachments_and_tags_are_searched() {
    let mut spoken = lesson("spoken", "Bài 1", "");
    spoken.captions = "hôm nay học nguyên phân".to_owned();
    let mut attached = lesson("attached", "Bài 2", "");
    attached.attached = "phiếu học tập giảm phân".to_owned();
    let mut tagged = lesson("tagged", "Bài 3", "");
    tagged.tags = vec!["di truyền".to_owned()];
    let folder = tempfile::tempdir().unwrap();
    let index = index_of(folder.path(), vec![spoken, attached, tagged]);
    let results = index.search(&ask("nguyên phân")).unwrap();
    assert_eq!(ids(&results)[0], "spoken");
    assert!(results.hits[0].snippet.plain().contains("nguyên phân"));
    assert_eq!(ids(&index.search(&ask("giam phan")).unwrap())[0], "attached");
    assert_eq!(ids(&index.search(&ask("di truyền")).unwrap()), ["tagged"]);
}

#[test]
fn nobody_finds_what_they_may_not_see() {
    let folder = tempfile::tempdir().unwrap();
    let mut secret = lesson("secret", "Đề thi", "đề thi học kì");
    secret.readable_by = vec!["school:2".to_owned()];
    let mut nobody = lesson("nobody", "Đề thi", "đề thi học kì");
    nobody.readable_by = Vec::new();
    let mut both = lesson("both", "Đề thi", "đề thi");
    both.readable_by.push("school:2".to_owned());
    let index = index_of(folder.path(), vec![secret, nobody, both]);
    for text in ["đề thi", "", "\"đề thi\"", "de"] {
        let results = index.search_as_typed(&ask(text)).unwrap();
        assert_eq!(ids(&results), ["both"], "{text}");
        assert_eq!(results.total, 1, "{text}");
        let mut blind = ask(text);
        blind.filter.any_of_readers.clear();
        assert_eq!(index.search(&blind).unwrap().total, 0, "{text}");
        blind.filter.any_of_readers = vec!["school".to_owned(), "SCHOOL:1".to_owned(), String::new()];
        assert_eq!(index.search(&blind).unwrap().total, 0, "{text}");
    }
}

#[test]
fn filters_narrow_and_pages_do_not_overlap() {
    let folder = tempfile::tempdir().unwrap();
    let documents = (0..30_u8)
        .map(|number| Document {
            subject: Some(if number % 2 == 0 { "toan" } else { "van" }.to_owned()),
            grade: Some(number % 3 + 6),
            language: Some("vi".to_owned()),
            tags: vec![format!("Chương {}", number % 2)],
            published_at: i64::from(number),
            ..lesson(&number.to_string(), "Bài", "luyện tập")
        })
        .collect();
    let index = index_of(folder.path(), documents);
    let total = |change: &dyn Fn(&mut Filter)| {
        let mut query = ask("luyện tập");
        change(&mut query.filter);
        index.search(&query).unwrap().total
    };
    assert_eq!(total(&|_| ()), 30);
    assert_eq!(total(&|filter| filter.subject = Some("toan".to_owned())), 15);
    assert_eq!(total(&|filter| filter.grade = Some(6)), 10);
    assert_eq!(total(&|filter| filter.language = Some("en".to_owned())), 0);
    assert_eq!(total(&|filter| filter.tags = vec!["chuong 1".to_owned()]), 15);
    assert_eq!(total(&|filter| filter.kind = Some("material".to_owned())), 0);
    let mut newest = ask("");
    newest.limit = 3;
    assert_eq!(ids(&index.search(&newest).unwrap()), ["29", "28", "27"]);
    newest.offset = 3;
    assert_eq!(ids(&index.search(&newest).unwrap()), ["26", "25", "24"]);
    newest.limit = 0;
    assert_eq!(index.search(&newest).unwrap().total, 30);
    newest.offset = usize::MAX;
    assert!(index.search(&newest).unwrap().hits.is_empty());
}

#[test]
fn a_quoted_phrase_must_occur() {
    let documents = vec![lesson("yes", "", "định luật bảo toàn năng lượng"), lesson("no", "", "năng lượng được bảo toàn theo định luật")];
    assert_eq!(found(documents.clone(), "\"bảo toàn năng lượng\""), ["yes"]);
    assert_eq!(found(documents.clone(), "“bao toan nang luong”"), ["yes"]);
    assert_eq!(found(documents.clone(), "\"luật bảo\" lượng"), ["yes"]);
    // A quote that never closes quotes nothing.
    assert_eq!(found(documents, "\"bảo toàn năng lượng").len(), 2);
}

#[test]
fn formulas_are_found_in_any_notation() {
    let documents = || vec![lesson("acid", "", "Axit H₂SO₄ đặc"), lesson("other", "", "Nước H₂O và SO₃")];
    for query in ["H2SO4", "H_2SO_4", "h₂so₄", "$H_{2}SO_{4}$"] {
        assert_eq!(found(documents(), query), ["acid"], "{query}");
    }
    assert_eq!(found(vec![lesson("x", "", "giải $x^2 + 1 = 0$")], "x²"), ["x"]);
    assert_eq!(found(vec![lesson("c", "", "Lập trình C++ cơ bản"), lesson("d", "", "vitamin C")], "C++"), ["c"]);
}

#[test]
fn the_last_word_may_be_unfinished_while_typing() {
    let folder = tempfile::tempdir().unwrap();
    let index = index_of(folder.path(), vec![lesson("a", "Phương trình bậc hai", ""), lesson("b", "Phương pháp học", "")]);
    for typed in ["phương trì", "phuong tri", "bậc h", "ba"] {
        assert_eq!(ids(&index.search_as_typed(&ask(typed)).unwrap())[0], "a", "{typed}");
    }
    assert_eq!(index.search_as_typed(&ask("ph")).unwrap().total, 2);
    assert_eq!(index.search(&ask("ph")).unwrap().total, 0);
}

#[test]
fn an_excerpt_shows_the_place_and_marks_it() {
    let folder = tempfile::tempdir().unwrap();
    let filler = "lời mở đầu dài dòng ".repeat(60);
    let text = format!("{filler}Định luật Niu-tơn thứ hai nói về gia tốc. {filler}");
    let index = index_of(folder.path(), vec![lesson("a", "Niu-tơn & <b>", &text)]);
    for query in ["gia tốc niu-tơn", "gia toc", "GIA TÔC"] {
        let results = index.search(&ask(query)).unwrap();
        let hit = &results.hits[0];
        let marked: Vec<&str> = hit
            .snippet
            .segments
            .iter()
            .filter(|segment| segment.highlight == Highlight::Match)
            .map(|segment| segment.text.as_str())
            .collect();
        assert!(marked.contains(&"gia tốc"), "{query}: {:?}", hit.snippet);
        let plain = hit.snippet.plain();
        assert!(plain.starts_with("… ") && plain.ends_with(" …"), "{plain}");
        assert!(plain.chars().count() < 400);
        assert_eq!(hit.title_marked.plain(), "Niu-tơn & <b>");
    }
}

#[test]
fn a_change_replaces_and_a_deletion_removes() {
    let folder = tempfile::tempdir().unwrap();
    let index = index_of(folder.path(), vec![lesson("a", "Cũ", "xưa"), lesson("b", "Khác", "gì đó")]);
    index
        .apply(
            &[
                upsert(lesson("a", "Tạm", "giữa")),
                upsert(lesson("a", "Mới", "nay")),
                Change::Delete("b".to_owned()),
                Change::Delete("none".to_owned()),
            ],
            2,
        )
        .unwrap();
    assert_eq!(index.len(), 1);
    assert_eq!(index.search(&ask("cũ xưa tạm giữa")).unwrap().total, 0);
    assert_eq!(index.search(&ask("mới")).unwrap().hits[0].title, "Mới");
    index.rebuild([lesson("c", "Xây lại", "")], 9).unwrap();
    assert_eq!(ids(&index.search(&ask("")).unwrap()), ["c"]);
    assert_eq!(index.cursor(), 9);
}

#[test]
fn cursor_and_documents_survive_together() {
    let folder = tempfile::tempdir().unwrap();
    {
        let index = Index::open(folder.path()).unwrap();
        assert_eq!(*index.opened(), Opened::Created);
        assert_eq!(index.cursor(), 0);
        index.apply(&[upsert(lesson("a", "Một", ""))], 41).unwrap();
        index.apply(&[], 42).unwrap();
        index.rest().unwrap();
        index.apply(&[upsert(lesson("b", "Hai", ""))], 43).unwrap();
    }
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(*index.opened(), Opened::Existing);
    assert_eq!((index.cursor(), index.len()), (43, 2));
    index.verify().unwrap();
}

type Damage = fn(&Path);

#[test]
fn a_damaged_or_foreign_index_is_made_anew() {
    let damages: [(&str, Damage); 4] = [
        ("meta.json cut", |folder| {
            let meta = folder.join("meta.json");
            let text = std::fs::read(&meta).unwrap();
            std::fs::write(&meta, &text[..text.len() / 2]).unwrap();
        }),
        ("another schema version", |folder| {
            let meta = folder.join("meta.json");
            let text = std::fs::read_to_string(&meta).unwrap();
            std::fs::write(&meta, text.replace("\\\"schema\\\":", "\\\"schema\\\":99")).unwrap();
        }),
        ("a byte flipped", |folder| {
            let file = largest(folder, "idx");
            let mut bytes = std::fs::read(&file).unwrap();
            bytes[3] ^= 0xff;
            std::fs::write(&file, bytes).unwrap();
        }),
        ("a file gone", |folder| std::fs::remove_file(largest(folder, "store")).unwrap()),
    ];
    for (name, damage) in damages {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("keep.txt"), "not ours").unwrap();
        {
            let index = index_of(folder.path(), vec![lesson("a", "Một", "hai ba bốn")]);
            index.rest().unwrap();
        }
        damage(folder.path());
        let index = Index::open(folder.path()).unwrap();
        assert!(matches!(index.opened(), Opened::Recreated { .. }), "{name}: {:?}", index.opened());
        assert_eq!((index.cursor(), index.len()), (0, 0), "{name}");
        index.apply(&[upsert(lesson("a", "Một", ""))], 5).unwrap();
        assert_eq!(index.search(&ask("một")).unwrap().total, 1, "{name}");
        assert!(folder.path().join("keep.txt").exists(), "{name}");
    }
}

fn largest(folder: &Path, ending: &str) -> std::path::PathBuf {
    std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .max_by_key(|path| path.metadata().unwrap().len())
        .unwrap()
}

#[test]
fn a_second_writer_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let first = index_of(folder.path(), vec![lesson("a", "Một", "")]);
    let second = Index::open(folder.path()).unwrap();
    assert!(matches!(second.apply(&[], 2), Err(SearchError::Locked)));
    first.rest().unwrap();
    second.apply(&[], 2).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_text_can_be_indexed_and_any_text_asked(texts in proptest::collection::vec("\\PC{0,60}", 1..4), queries in proptest::collection::vec("(\"|phân|so|\\PC| ){0,20}", 1..8)) {
        let folder = tempfile::tempdir().unwrap();
        let documents = texts.iter().enumerate().map(|(id, text)| lesson(&id.to_string(), text, text)).collect();
        let index = index_of(folder.path(), documents);
        for query in texts.iter().chain(&queries) {
            let results = index.search(&ask(query)).unwrap();
            for hit in &results.hits {
                prop_assert!(hit.snippet.segments.iter().all(|segment| !segment.text.is_empty()));
            }
            index.search_as_typed(&ask(query)).unwrap();
        }
    }
}
