//! What a teacher does with a test that was sat: marks by hand, the key put right, the workbook of marks.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod room;

use calamine::{Data, Reader as _, Xlsx};
use classroom::Classroom;
use classroom::attempts::{self, AttemptError, HandMarkInput, KeyChange, KeyEffect, Sitting};
use classroom::tests::{self, Entrant, EntrantInput, LinkInput, Release, TestDetail, TestError, TestSettings};
use db::sql;
use db::testing::all_but;
use identity::access::Denied;
use kernel::{AttemptId, Locale, PageLimit, Role};
use papers::model::{Question, QuestionType};
use papers::rich::Rich;
use questions::Questions;
use room::*;
use scoring::{Ruling, Solution};

fn with_essay() -> Vec<Question> {
    let mut essay = Question::new(QuestionType::Essay);
    essay.stem = Rich::plain("Trình bày cách đo chu kì.");
    essay.rubric = Some(Rich::plain("Nêu đủ ba bước."));
    let mut all = questions();
    all.push(essay);
    all
}

fn given(points: &str, comment: &str) -> HandMarkInput {
    HandMarkInput { points: Some(exact(points)), comment: comment.to_owned() }
}

impl Room {
    /// A pupil sits it, with the first question right or wrong, and hands in.
    async fn sat(&self, pupil: usize, test: &TestDetail, first: &str) -> AttemptId {
        let sitting = self.begin(&self.pupils[pupil], test).await.unwrap();
        let right = self.right_option(&sitting, 0).await;
        let wrong = format!("{{\"c\":{}}}", u8::from(right == "{\"c\":0}"));
        self.answer(&sitting.token, &[(1, 0, if first == "right" { &right } else { &wrong })]).await;
        if self.questions.len() > 4 {
            self.answer(&sitting.token, &[(2, 4, r#"{"e":"=1+1 là ba bước"}"#)]).await;
        }
        attempts::hand_in(&self.classroom, &sitting.token).await.unwrap();
        sitting.attempt_id
    }

    async fn score(&self, test: &TestDetail, pupil: usize) -> Option<String> {
        let board = attempts::board(&self.classroom, &self.teacher, test.id).await.unwrap();
        let person = self.pupils[pupil].person_id();
        let row = board.rows.into_iter().find(|row| row.person_id == person).unwrap();
        row.attempt.unwrap().score.map(|score| score.normalize().to_string())
    }
}

/// Whoever waited for another connection while holding one would wait for all who do the same.
#[tokio::test]
async fn a_sitting_and_what_is_seen_of_it_needs_one_connection_at_a_time() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings { show_marks: Release::AtOnce, ..raw() }).await;
        let _busy = all_but(&room.classroom.env().db, 1).await;
        // A server that has just been started: nothing is in memory.
        let fresh = || Classroom::new(Questions::new(room.world.content.clone()));
        attempts::lobby(&fresh(), &room.pupils[0], test.id).await.unwrap();
        let Sitting { token, attempt_id, .. } = attempts::begin(&fresh(), &room.pupils[0], test.id, room.input()).await.unwrap();
        classroom::tests::open_paper(&fresh(), &token).await.unwrap();
        attempts::messages(&fresh(), &token).await.unwrap();
        attempts::hand_in(&fresh(), &token).await.unwrap();
        attempts::result(&fresh(), &room.pupils[0], attempt_id).await.unwrap();
        attempts::detail(&fresh(), &room.teacher, attempt_id).await.unwrap();
        attempts::board(&fresh(), &room.teacher, test.id).await.unwrap();
        attempts::book(&fresh(), &room.teacher, test.id, None, Locale::Vi).await.unwrap();
        attempts::key(&fresh(), &room.teacher, test.id).await.unwrap();
    }
}

fn raw() -> TestSettings {
    TestSettings { out_of: None, ..TestSettings::default() }
}

#[tokio::test]
async fn an_essay_is_marked_by_hand_and_the_total_is_worked_out_at_once() {
    for room in Room::each_engine_with(&with_essay()).await {
        let test = room.give(TestSettings { show_marks: Release::AllDone, ..raw() }).await;
        let attempt = room.sat(0, &test, "right").await;
        let other = room.sat(1, &test, "wrong").await;
        let list = tests::list(&room.classroom, &room.teacher, None, None, PageLimit::asked(None)).await.unwrap();
        assert_eq!(list.items[0].to_mark, 2);
        let seen = attempts::detail(&room.classroom, &room.teacher, attempt).await.unwrap();
        assert_eq!((seen.marks.waiting, seen.next_to_mark), (1, Some(other)));
        assert_eq!(seen.rubrics[0].text.to_text(), "Nêu đủ ba bước.");
        assert!(seen.review.items[0].explanation.is_some() && seen.review.items[0].solution.is_some());

        let by = |caller, item, input| attempts::mark_by_hand(&room.classroom, caller, attempt, item, input);
        let marked = by(&room.teacher, 4, given("0.75", " Thiếu bước ba. ")).await.unwrap();
        assert_eq!((marked.marks.total, marked.marks.waiting), (exact("1.75"), 0));
        assert_eq!(room.score(&test, 0).await.as_deref(), Some("1.75"));
        for wrong in ["1.25", "-0.5", "0.12345"] {
            assert!(matches!(by(&room.teacher, 4, given(wrong, "")).await, Err(AttemptError::Test(TestError::Invalid(_)))), "{wrong}");
        }
        assert!(matches!(by(&room.teacher, 9, given("1", "")).await, Err(AttemptError::Denied(Denied::NotFound))));
        let stranger = room.world.person(room.world.school, Role::Teacher, "Cô Khác").await;
        for nobody in [&stranger, &room.pupils[0]] {
            assert!(matches!(by(nobody, 4, given("1", "")).await, Err(AttemptError::Denied(Denied::NotFound))));
        }

        // Not before marks are shown; then with the number she knows the question by.
        let hers = attempts::result(&room.classroom, &room.pupils[0], attempt).await.unwrap();
        assert!(hers.score.is_none() && hers.comments.is_empty());
        room.sat(2, &test, "wrong").await;
        let hers = attempts::result(&room.classroom, &room.pupils[0], attempt).await.unwrap();
        let place = marked.review.form.order.iter().position(|item| *item == 4).map(|place| place as u16 + 1);
        assert_eq!((hers.comments[0].comment.as_str(), hers.comments[0].number), ("Thiếu bước ba.", place));
        assert_eq!(hers.score, Some(exact("1.75")));

        // Taken back, it waits again; and what the key marks can be given by hand too.
        let back = by(&room.teacher, 4, HandMarkInput { points: None, comment: String::new() }).await.unwrap();
        assert_eq!((back.marks.total, back.marks.waiting), (exact("1"), 1));
        assert_eq!(by(&room.teacher, 3, given("1", "Cách làm khác")).await.unwrap().marks.total, exact("2"));
        let mut tx = room.classroom.env().db.read().await.unwrap();
        let (logged,): (i64,) =
            sql!("SELECT COUNT(*) FROM audit_entry WHERE action = 'attempt.marked_by_hand'").fetch_one(&mut tx).await.unwrap();
        assert_eq!(logged, 3);
    }
}

#[tokio::test]
async fn a_key_that_was_wrong_is_put_right_and_everybody_is_marked_again() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings { show_answers: Release::AtOnce, ..raw() }).await;
        let (an, _) = (room.sat(0, &test, "right").await, room.sat(1, &test, "wrong").await);
        let key = attempts::key(&room.classroom, &room.teacher, test.id).await.unwrap();
        assert_eq!((key.revision, key.left, key.changes.len()), (1, 0, 0));
        assert_eq!(key.items[0].statistics.unwrap().share, exact("50"));
        let Some(Solution::Options(was)) = key.items[0].solution.clone() else { panic!("a choice") };
        let now = vec![u8::from(was == [0])];
        let change = |revision, solution, ruling, note: &str| KeyChange { revision, item: 0, ruling, solution, note: note.to_owned() };
        let solved = change(1, Some(Solution::Options(now.clone())), Ruling::Marked, "Sách in nhầm");
        let effect = attempts::key_effect(&room.classroom, &room.teacher, test.id, &solved).await.unwrap();
        assert_eq!(effect, KeyEffect { looked_at: 2, of: 2, higher: 1, lower: 1 });
        assert_eq!(room.score(&test, 0).await.as_deref(), Some("1"), "nothing has changed yet");

        let key = attempts::correct_key(&room.classroom, &room.teacher, test.id, solved.clone()).await.unwrap();
        assert_eq!((key.revision, key.left), (2, 0));
        assert_eq!((key.changes[0].note.as_str(), key.changes[0].solved), ("Sách in nhầm", true));
        assert_eq!((room.score(&test, 0).await.as_deref(), room.score(&test, 1).await.as_deref()), (Some("0"), Some("1")));
        let hers = attempts::result(&room.classroom, &room.pupils[0], an).await.unwrap();
        assert_eq!(hers.score, Some(exact("0")));
        // Somebody else was faster; somebody who may not; something that does not fit.
        let again = attempts::correct_key(&room.classroom, &room.teacher, test.id, solved).await;
        assert!(matches!(again, Err(AttemptError::Test(TestError::NewerDraft { revision: 2 }))));
        let own = attempts::correct_key(&room.classroom, &room.pupils[0], test.id, change(2, None, Ruling::GivenToAll, "")).await;
        assert!(matches!(own, Err(AttemptError::Denied(Denied::Forbidden))));
        let odd = change(2, Some(Solution::Statements(vec![true])), Ruling::Marked, "");
        let odd = attempts::key_effect(&room.classroom, &room.teacher, test.id, &odd).await;
        assert!(matches!(odd, Err(AttemptError::Test(TestError::Invalid(_)))));

        // For everybody; who hands in afterwards too.
        attempts::correct_key(&room.classroom, &room.teacher, test.id, change(2, None, Ruling::GivenToAll, "")).await.unwrap();
        room.sat(2, &test, "wrong").await;
        for pupil in 0..3 {
            assert_eq!(room.score(&test, pupil).await.as_deref(), Some("1"));
        }
        let mut tx = room.classroom.env().db.read().await.unwrap();
        let by: Vec<(Option<i64>,)> = sql!("SELECT key_revision FROM attempt ORDER BY id").fetch_all(&mut tx).await.unwrap();
        assert_eq!(by, [(Some(3),), (Some(3),), (Some(3),)], "each mark knows its key");
    }
}

#[tokio::test]
async fn marking_again_goes_on_where_a_crash_left_it() {
    for room in Room::each_engine().await {
        let test = room.give(raw()).await;
        for pupil in 0..3 {
            room.sat(pupil, &test, "wrong").await;
        }
        let all = KeyChange { revision: 1, item: 0, ruling: Ruling::GivenToAll, solution: None, note: String::new() };
        attempts::correct_key(&room.classroom, &room.teacher, test.id, all).await.unwrap();
        // As a crash leaves it: the key is there, and the marks of two are by the one before.
        let mut tx = room.classroom.env().db.write().await.unwrap();
        sql!("UPDATE attempt SET key_revision = 1, score = 0 WHERE person_id <> $1")
            .bind(room.pupils[0].person_id())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let key = attempts::key(&room.classroom, &room.teacher, test.id).await.unwrap();
        assert_eq!(key.left, 2);
        assert_eq!(attempts::remark_due(&room.classroom).await.unwrap(), 2);
        assert_eq!(room.score(&test, 1).await.as_deref(), Some("1"));
        assert_eq!(attempts::remark_due(&room.classroom).await.unwrap(), 0);
        // And is at an end after a while.
        room.wait(2 * MINUTE);
        attempts::remark_due(&room.classroom).await.unwrap();
        let mut tx = room.classroom.env().db.read().await.unwrap();
        let (left,): (i64,) = sql!("SELECT COUNT(*) FROM test_paper WHERE remarking_since IS NOT NULL").fetch_one(&mut tx).await.unwrap();
        assert_eq!(left, 0);
    }
}

#[tokio::test]
async fn the_workbook_has_marks_answers_and_how_the_questions_did() {
    for room in Room::each_engine_with(&with_essay()).await {
        let test = room.give(raw()).await;
        room.sat(0, &test, "right").await;
        room.sat(1, &test, "wrong").await;
        let now = tests::get(&room.classroom, &room.teacher, test.id).await.unwrap();
        let names = LinkInput::For(vec![EntrantInput { name: "=HYPERLINK(1)".to_owned(), number: Some("12".to_owned()) }]);
        let linked = tests::give(&room.classroom, &room.teacher, test.id, now.revision, &room.targets(), names).await.unwrap();
        let entrants: Vec<Entrant> = linked.given.entrants;
        assert_eq!(entrants.len(), 1);

        let book = attempts::book(&room.classroom, &room.teacher, test.id, None, Locale::Vi).await.unwrap();
        let mut read = Xlsx::new(std::io::Cursor::new(book.bytes)).unwrap();
        assert_eq!(read.sheet_names(), ["Điểm", "Bài làm", "Thống kê"]);
        let marks = read.worksheet_range("Điểm").unwrap();
        let at = |row: u32, name: &str| {
            let column = (0..40).find(|column| marks.get_value((0, *column)).is_some_and(|cell| *cell == Data::String(name.to_owned())));
            marks.get_value((row, column.unwrap())).cloned().unwrap_or(Data::Empty)
        };
        let lines: Vec<(String, Data, Data)> =
            (1..5).map(|row| (at(row, "Họ và tên").to_string(), at(row, "Điểm"), at(row, "Câu 1"))).collect();
        assert!(lines.contains(&("Nguyễn Thị An".to_owned(), Data::Float(1.0), Data::Float(1.0))), "{lines:?}");
        assert!(lines.contains(&("Trần Văn Bình".to_owned(), Data::Float(0.0), Data::Float(0.0))));
        assert!(lines.contains(&("=HYPERLINK(1)".to_owned(), Data::Empty, Data::Empty)), "a name is a name");
        let answers = read.worksheet_range("Bài làm").unwrap();
        let text = |row: u32, column: u32| answers.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
        let key: Vec<String> = (4..9).map(|column| text(1, column)).collect();
        assert_eq!(key, ["A", "B", "ĐSĐĐ", "1,5", "(chấm tay)"]);
        assert_eq!(text(2, 4), "A");
        assert_eq!(text(2, 8), "=1+1 là ba bước");
        let found = read.worksheet_range("Thống kê").unwrap();
        let cells: Vec<String> = found.used_cells().map(|(.., cell)| cell.to_string()).collect();
        assert!(cells.contains(&"Phổ điểm: từ".to_owned()) && cells.contains(&"50".to_owned()), "{cells:?}");
        for sheet in ["Điểm", "Bài làm", "Thống kê"] {
            assert!(read.worksheet_formula(sheet).unwrap().is_empty());
        }
        // The same for somebody who reads English: not a word of Vietnamese but what people wrote.
        let english = attempts::book(&room.classroom, &room.teacher, test.id, None, Locale::En).await.unwrap();
        assert!(english.title.starts_with("Marks - "), "{}", english.title);
        let mut english = Xlsx::new(std::io::Cursor::new(english.bytes)).unwrap();
        assert_eq!(english.sheet_names(), ["Marks", "Answers", "Statistics"]);
        for ours in ["Marks", "Statistics"] {
            let range = english.worksheet_range(ours).unwrap();
            let heads = range.used_cells().filter(|(row, column, _)| ours == "Statistics" || *row == 0 && *column != 1);
            for (row, column, cell) in heads {
                let words = cell.to_string();
                let written = words.starts_with("Phần ");
                assert!(written || !words.chars().any(|c| c.is_alphabetic() && !c.is_ascii()), "{ours} {row},{column}: {cell}");
            }
        }
        let answers = english.worksheet_range("Answers").unwrap();
        let key: Vec<String> = (4..9).map(|column| answers.get_value((1, column)).unwrap().to_string()).collect();
        assert_eq!(key, ["A", "B", "TFTT", "1,5", "(by hand)"]);
        // One class alone: nobody who sits by the link.
        let class = attempts::book(&room.classroom, &room.teacher, test.id, Some(room.class), Locale::Vi).await.unwrap();
        assert_eq!(class.title, "Điểm - Kiểm tra 15 phút - Lí 10A1");
        let mut read = Xlsx::new(std::io::Cursor::new(class.bytes)).unwrap();
        assert_eq!(read.worksheet_range("Điểm").unwrap().height(), 4, "three pupils below the headings");
        assert!(matches!(
            attempts::book(&room.classroom, &room.pupils[0], test.id, None, Locale::Vi).await,
            Err(AttemptError::Denied(Denied::Forbidden))
        ));
    }
}
