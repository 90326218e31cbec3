//! Practice on both engines: right or wrong is told at once, and in a test never.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod room;

use classroom::attempts::{self, AttemptError, CheckInput, Checked, Sitting};
use classroom::tests::{Mode, Release, TestSettings};
use identity::access::Denied;
use room::Room;
use scoring::MarkState;

fn practice() -> TestSettings {
    TestSettings { mode: Mode::Practice, show_answers: Release::AtOnce, show_explanations: Release::AtOnce, ..TestSettings::default() }
}

async fn check(room: &Room, sitting: &Sitting, item: u16) -> Result<Checked, AttemptError> {
    attempts::check(&room.classroom, &sitting.token, CheckInput { item }).await
}

fn json(checked: &Checked) -> String {
    serde_json::to_string(checked).unwrap()
}

#[tokio::test]
async fn what_was_saved_is_told_right_or_wrong_with_the_reason() {
    for room in Room::each_engine().await {
        let test = room.give(practice()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        // Nothing is saved: nothing is told.
        let before = check(&room, &sitting, 0).await.unwrap();
        assert_eq!(before.mark.state, MarkState::Blank);
        assert!(before.solution.is_none() && before.explanation.is_none(), "{}", json(&before));
        let right = room.right_option(&sitting, 0).await;
        let wrong = if right == r#"{"c":0}"# { r#"{"c":1}"# } else { r#"{"c":0}"# };
        room.answer(&sitting.token, &[(1, 0, wrong)]).await;
        let checked = check(&room, &sitting, 0).await.unwrap();
        assert_eq!(checked.mark.state, MarkState::Wrong);
        assert!(json(&checked).contains("BIMAT giải thích"), "{}", json(&checked));
        assert!(checked.solution.is_some());
        room.answer(&sitting.token, &[(2, 0, &right)]).await;
        assert_eq!(check(&room, &sitting, 0).await.unwrap().mark.state, MarkState::Right);
        // Taken back again.
        room.answer(&sitting.token, &[(3, 0, "null")]).await;
        let taken_back = check(&room, &sitting, 0).await.unwrap();
        assert_eq!(taken_back.mark.state, MarkState::Blank);
        assert!(!json(&taken_back).contains("BIMAT"));
        assert!(matches!(check(&room, &sitting, 99).await, Err(AttemptError::Denied(Denied::NotFound))));
    }
}

#[tokio::test]
async fn what_the_settings_keep_back_is_kept_back_here_too() {
    for room in Room::each_engine().await {
        for settings in [
            TestSettings { show_answers: Release::Never, show_explanations: Release::AllDone, ..practice() },
            TestSettings { from_score: Some("5".parse().unwrap()), ..practice() },
        ] {
            let test = room.give(settings).await;
            let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
            room.answer(&sitting.token, &[(1, 0, r#"{"c":0}"#)]).await;
            let checked = check(&room, &sitting, 0).await.unwrap();
            assert!(matches!(checked.mark.state, MarkState::Right | MarkState::Wrong));
            assert!(checked.solution.is_none() && checked.explanation.is_none(), "{}", json(&checked));
        }
    }
}

#[tokio::test]
async fn in_a_test_nothing_is_ever_checked() {
    for room in Room::each_engine().await {
        let open = TestSettings { mode: Mode::Test, ..practice() };
        let test = room.give(open).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        room.answer(&sitting.token, &[(1, 0, r#"{"c":0}"#)]).await;
        assert!(matches!(check(&room, &sitting, 0).await, Err(AttemptError::Denied(Denied::Forbidden))));
        // The teacher who tries it neither.
        let trial = room.begin(&room.teacher, &test).await.unwrap();
        assert!(matches!(check(&room, &trial, 0).await, Err(AttemptError::Denied(Denied::Forbidden))));
    }
}

#[tokio::test]
async fn practice_tells_nothing_more_once_a_test_with_its_questions_is_given_or_it_is_handed_in() {
    for room in Room::each_engine().await {
        let test = room.give(practice()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let other = room.begin(&room.pupils[1], &test).await.unwrap();
        room.answer(&sitting.token, &[(1, 0, r#"{"c":0}"#)]).await;
        attempts::hand_in(&room.classroom, &sitting.token).await.unwrap();
        assert!(matches!(check(&room, &sitting, 0).await, Err(AttemptError::HandedIn)));
        room.answer(&other.token, &[(1, 0, r#"{"c":0}"#)]).await;
        check(&room, &other, 0).await.unwrap();
        room.give(TestSettings::default()).await;
        assert!(matches!(check(&room, &other, 0).await, Err(AttemptError::Guarded)));
    }
}
