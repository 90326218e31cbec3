//! Ranking on judged questions; plain BM25 over syllables gets 0.959 and, all
//! folded, 0.935 on the same set.

mod xquad;

use search::Index;
use xquad::Typing;

#[test]
fn questions_find_their_passage_however_they_are_typed() {
    let Some(collection) = xquad::load() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    xquad::fill(&index, &collection);
    let step = std::env::var("XQUAD_STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(7);
    let accented = xquad::ndcg(&index, &collection, Typing::Accented, step);
    let stripped = xquad::ndcg(&index, &collection, Typing::Stripped, step);
    println!("accented {accented:.4} stripped {stripped:.4}");
    assert!(accented > 0.96, "with diacritics {accented}");
    assert!(stripped > 0.95, "without diacritics {stripped}");
    let decomposed = xquad::ndcg(&index, &collection, Typing::Decomposed, step);
    let replaced = xquad::ndcg(&index, &collection, Typing::OtherTonePlacement, step);
    assert!((decomposed - accented).abs() < 1e-9, "decomposed {decomposed}");
    assert!((replaced - accented).abs() < 1e-9, "other placement {replaced}");
}
