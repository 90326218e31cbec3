//! Formulas of MathType, from bytes written here and from a real paper where the samples are.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use papers::math::mtef;

#[test]
fn a_formula_of_a_real_paper_is_read_from_its_object_and_from_its_picture() {
    let Ok(paper) = std::fs::read("/work/shared/samples/questions/word/DE-01-DE-BAI.docx") else {
        println!("the samples are not here");
        return;
    };
    let mut archive = exchange::archive::LimitedArchive::open(&paper, exchange::archive::ArchiveLimits::OFFICE).unwrap();
    let object = archive.read("word/embeddings/oleObject1.bin").unwrap().unwrap();
    let picture = archive.read("word/media/image1.wmf").unwrap().unwrap();
    assert_eq!(mtef::from_ole(&object).unwrap(), r"-C\text{OO}^{-}");
    assert_eq!(mtef::from_wmf(&picture).unwrap(), r"-C\text{OO}^{-}");
}
