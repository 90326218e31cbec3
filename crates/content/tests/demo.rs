//! What a fresh server starts with.

mod support;

use content::curriculum::Curriculum;

#[test]
fn the_curriculum_built_in_can_be_read() {
    let curriculum = Curriculum::embedded().unwrap();
    assert!(curriculum.lookup_subject("toan").is_some_and(|subject| subject.grades.contains(&12)));
}
