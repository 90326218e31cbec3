//! Tests on both engines: made, given, sat on several devices, marked, and what is told to whom when.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod room;

use std::collections::BTreeMap;
use std::time::Duration;

use classroom::attempts::{self, Action, AttemptError, BeginInput, EventInput, EventKind, RefusedBecause, SaveInput, Sitting};
use classroom::rehearsals::{self, Others, RehearsalError, RehearsalState};
use classroom::tests::{
    self, Entrant, EntrantInput, Exception, LinkInput, Mode, Plan, Release, TestDetail, TestError, TestInput, TestSettings, Whom,
};
use db::sql;
use identity::access::{Caller, Denied};
use kernel::{Role, Timestamp};
use papers::rich::Rich;
use questions::bank;
use room::*;

#[tokio::test]
async fn a_test_is_made_given_sat_handed_in_and_marked_at_once() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let (an, binh) = (&room.pupils[0], &room.pupils[1]);
        let lobby = attempts::lobby(&room.classroom, an, test.id).await.unwrap();
        assert_eq!((lobby.question_count, lobby.attempts_left, lobby.seconds), (4, Some(1), Some(45 * 60)));
        let sitting = room.begin(an, &test).await.unwrap();
        assert_eq!(sitting.due_at.unwrap().since(sitting.started_at), 45 * MINUTE + Duration::from_secs(5));
        room.all_right(&sitting).await;
        let receipt = attempts::hand_in(&room.classroom, &sitting.token).await.unwrap();
        assert_eq!(receipt.answered, 4);
        assert_eq!(attempts::hand_in(&room.classroom, &sitting.token).await.unwrap(), receipt, "twice is as good as once");
        let result = room.result(an, &sitting).await;
        assert_eq!((result.score, result.out_of), (Some(exact("10")), Some(exact("10"))));
        // Half of it, and the rest left blank.
        let other = room.begin(binh, &test).await.unwrap();
        let right = room.right_option(&other, 0).await;
        room.answer(&other.token, &[(1, 0, &right), (2, 3, r#"{"t":"2"}"#)]).await;
        attempts::hand_in(&room.classroom, &other.token).await.unwrap();
        assert_eq!(room.result(binh, &other).await.score, Some(exact("2.5")));
        assert!(matches!(room.begin(an, &test).await, Err(AttemptError::NoAttemptLeft)));

        let board = attempts::board(&room.classroom, &room.teacher, test.id).await.unwrap();
        let rows: Vec<_> = board
            .rows
            .iter()
            .map(|row| (row.name.as_str(), row.attempt.as_ref().map(|attempt| (attempt.answered, attempt.score))))
            .collect();
        assert_eq!(
            rows,
            [("Nguyễn Thị An", Some((4, Some(exact("10"))))), ("Trần Văn Bình", Some((2, Some(exact("2.5"))))), ("Lê Thị Cúc", None)]
        );
    }
}

#[tokio::test]
async fn nothing_a_pupil_gets_before_the_release_tells_right_from_wrong() {
    for room in Room::each_engine().await {
        let closes = Timestamp(room.now().0 + 60 * 60_000_000);
        let settings = TestSettings { closes_at: Some(closes), show_marks: Release::Never, ..TestSettings::default() };
        let test = room.give(settings).await;
        let an = &room.pupils[0];
        let lobby = attempts::lobby(&room.classroom, an, test.id).await.unwrap();
        let sitting = room.begin(an, &test).await.unwrap();
        let paper = tests::open_paper(&room.classroom, &sitting.token).await.unwrap();
        room.all_right(&sitting).await;
        attempts::hand_in(&room.classroom, &sitting.token).await.unwrap();
        let result = room.result(an, &sitting).await;
        let texts = [
            serde_json::to_string(&lobby).unwrap(),
            serde_json::to_string(&sitting).unwrap(),
            paper,
            serde_json::to_string(&result).unwrap(),
        ];
        for text in &texts {
            for secret in ["BIMAT", "correct", "\"right\"", "1,5", "solution\":{", "keyed"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
        assert!(result.review.is_none() && result.score.is_none());
        // Over for everybody, and nothing more may come: answers are shown, and why.
        room.wait(75 * MINUTE);
        let review = room.result(an, &sitting).await.review.unwrap();
        assert!(serde_json::to_string(&review.items[0]).unwrap().contains("BIMAT"));
        // Another's result is nobody's.
        assert!(matches!(
            attempts::result(&room.classroom, &room.pupils[1], sitting.attempt_id).await,
            Err(AttemptError::Denied(Denied::NotFound))
        ));
        assert!(matches!(
            attempts::detail(&room.classroom, &room.pupils[1], sitting.attempt_id).await,
            Err(AttemptError::Denied(Denied::NotFound))
        ));
    }
}

#[tokio::test]
async fn what_is_sent_twice_out_of_order_or_changed_ends_as_the_device_shows_it() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let token = &sitting.token;
        assert_eq!(room.answer(token, &[(3, 0, r#"{"c":2}"#), (1, 0, r#"{"c":0}"#)]).await.refused, []);
        assert_eq!(room.answer(token, &[(2, 0, r#"{"c":1}"#), (1, 0, r#"{"c":0}"#)]).await.refused, []);
        assert_eq!(room.answer(token, &[(3, 0, r#"{"c":2}"#)]).await.refused, []);
        // The same number for something else is not taken, also within one sending.
        assert_eq!(because(&room.answer(token, &[(3, 0, r#"{"c":1}"#)]).await), [(3, RefusedBecause::SequenceReused)]);
        let twice = room.answer(token, &[(7, 1, r#"{"c":1}"#), (7, 1, r#"{"c":2}"#)]).await;
        assert_eq!(because(&twice), [(7, RefusedBecause::SequenceReused)]);
        // What does not fit is not taken, and takes nothing else with it.
        let wrong = [
            (8, 0, r#"{"c":4}"#),
            (9, 0, r#"{"t":"x"}"#),
            (10, 99, r#"{"c":0}"#),
            (0, 0, r#"{"c":0}"#),
            (20_001, 0, r#"{"c":0}"#),
            (11, 3, r#"{"t":"1,5"}"#),
        ];
        let saved = room.answer(token, &wrong).await;
        assert_eq!(because(&saved).iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), [8, 9, 10, 0, 20_001]);
        let again = room.begin(&room.pupils[0], &test).await.unwrap();
        let answers: BTreeMap<i64, String> = again.answers.iter().map(|given| (given.item, given.response.get().to_owned())).collect();
        let expected = [(0, r#"{"c":2}"#), (1, r#"{"c":1}"#), (3, r#"{"t":"1,5"}"#)];
        assert_eq!(answers, expected.map(|(item, response)| (item, response.to_owned())).into());
        // Taken back again.
        room.answer(&again.token, &[(1, 0, "null")]).await;
        let third = room.begin(&room.pupils[0], &test).await.unwrap();
        assert_eq!(third.answers.iter().map(|given| given.item).collect::<Vec<_>>(), [1, 3]);
    }
}

#[tokio::test]
async fn a_phone_that_died_is_gone_on_from_at_another_and_keeps_what_it_answered_before() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let first = room.begin(&room.pupils[0], &test).await.unwrap();
        let offline_at = room.now();
        room.wait(MINUTE);
        let second = room.begin(&room.pupils[0], &test).await.unwrap();
        assert_eq!((second.attempt_id, second.device), (first.attempt_id, 2));
        assert_eq!(second.form, first.form);
        room.wait(MINUTE);
        room.answer(&second.token, &[(1, 0, r#"{"c":1}"#)]).await;
        // The first phone wakes up: what it answered before counts, what it answers now does not.
        let woken = room.send(&first.token, offline_at, room.now(), &[(1, 1, r#"{"c":3}"#), (2, 0, r#"{"c":0}"#)]).await.unwrap();
        assert_eq!((because(&woken), woken.other_device), (Vec::new(), true));
        let late = room.answer(&first.token, &[(3, 1, r#"{"c":2}"#)]).await;
        assert_eq!(because(&late), [(3, RefusedBecause::OtherDevice)]);
        let detail = attempts::detail(&room.classroom, &room.teacher, first.attempt_id).await.unwrap();
        let answers: Vec<_> = detail.answers.iter().map(|kept| (kept.item, kept.response.get())).collect();
        assert_eq!(answers, [(0, r#"{"c":1}"#), (1, r#"{"c":3}"#)]);
    }
}

#[tokio::test]
async fn answers_made_in_time_count_when_they_come_late_and_others_do_not() {
    for room in Room::each_engine().await {
        let settings = TestSettings { minutes: Some(10), grace_seconds: 0, ..TestSettings::default() };
        let test = room.give(settings).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        room.wait(9 * MINUTE);
        let in_time = room.now();
        room.wait(3 * MINUTE);
        let late = room.send(&sitting.token, in_time, room.now(), &[(1, 0, r#"{"c":0}"#)]).await.unwrap();
        assert_eq!(late.refused, []);
        let after = room.answer(&sitting.token, &[(2, 1, r#"{"c":0}"#)]).await;
        assert_eq!(because(&after), [(2, RefusedBecause::MadeTooLate)]);
        assert_eq!(attempts::close_due(&room.classroom).await.unwrap(), 0, "more may still come");
        room.wait(9 * MINUTE);
        let too_late = room.send(&sitting.token, in_time, room.now(), &[(3, 1, r#"{"c":0}"#)]).await.unwrap();
        assert_eq!(because(&too_late), [(3, RefusedBecause::CameTooLate)]);
        assert_eq!(attempts::close_due(&room.classroom).await.unwrap(), 1);
        let detail = attempts::detail(&room.classroom, &room.teacher, sitting.attempt_id).await.unwrap();
        assert_eq!(detail.submitted_by.as_deref(), Some("deadline"));
        assert_eq!(detail.answers.iter().map(|kept| (kept.item, kept.late)).collect::<Vec<_>>(), [(0, true)]);
        // Sent again after all that, since no answer of the server came: it is there, and is said to be.
        let again = room.send(&sitting.token, in_time, room.now(), &[(1, 0, r#"{"c":0}"#)]).await.unwrap();
        assert_eq!((again.refused, again.handed_in), (Vec::new(), true));
    }
}

#[tokio::test]
async fn a_device_whose_clock_is_wrong_is_measured_by_the_server() {
    for room in Room::each_engine().await {
        let settings = TestSettings { minutes: Some(10), grace_seconds: 0, ..TestSettings::default() };
        let test = room.give(settings).await;
        // An hour ahead.
        let wrong = |at: Timestamp| Timestamp(at.0 + 3_600_000_000);
        let input = BeginInput { sent_at: wrong(room.now()), ..room.input() };
        let sitting = attempts::begin(&room.classroom, &room.pupils[0], test.id, input).await.unwrap();
        room.wait(5 * MINUTE);
        let saved = room.send(&sitting.token, wrong(room.now()), wrong(room.now()), &[(1, 0, r#"{"c":0}"#)]).await.unwrap();
        assert_eq!(saved.refused, []);
        let detail = attempts::detail(&room.classroom, &room.teacher, sitting.attempt_id).await.unwrap();
        assert_eq!(detail.answers[0].made_at, room.now());
    }
}

#[tokio::test]
async fn more_time_is_given_while_it_runs_and_a_lock_stops_it() {
    for room in Room::each_engine().await {
        let settings = TestSettings { minutes: Some(10), grace_seconds: 0, ..TestSettings::default() };
        let test = room.give(settings).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        attempts::act(&room.classroom, &room.teacher, sitting.attempt_id, Action::MoreTime(300)).await.unwrap();
        room.wait(14 * MINUTE);
        let saved = room.answer(&sitting.token, &[(1, 0, r#"{"c":0}"#)]).await;
        assert_eq!(saved.refused, []);
        assert_eq!(saved.due_at.unwrap().since(sitting.started_at), 15 * MINUTE);
        attempts::act(&room.classroom, &room.teacher, sitting.attempt_id, Action::Lock).await.unwrap();
        room.wait(Duration::from_secs(1));
        let locked = room.answer(&sitting.token, &[(2, 1, r#"{"c":0}"#)]).await;
        assert_eq!((because(&locked), locked.locked), (vec![(2, RefusedBecause::Locked)], true));
        attempts::act(&room.classroom, &room.teacher, sitting.attempt_id, Action::Unlock).await.unwrap();
        assert_eq!(room.answer(&sitting.token, &[(3, 1, r#"{"c":0}"#)]).await.refused, []);
        attempts::act(&room.classroom, &room.teacher, sitting.attempt_id, Action::HandIn).await.unwrap();
        assert!(room.answer(&sitting.token, &[(4, 1, r#"{"c":1}"#)]).await.handed_in);
        attempts::act(&room.classroom, &room.teacher, sitting.attempt_id, Action::Restore).await.unwrap();
        assert_eq!(room.answer(&sitting.token, &[(5, 1, r#"{"c":1}"#)]).await.refused, []);
        // A pupil does none of this, to her own attempt or another's.
        for pupil in &room.pupils {
            let denied = attempts::act(&room.classroom, pupil, sitting.attempt_id, Action::Unlock).await;
            assert!(matches!(denied, Err(AttemptError::Denied(Denied::NotFound))));
        }
    }
}

#[tokio::test]
async fn the_time_in_which_no_server_ran_is_given_back() {
    for room in Room::each_engine().await {
        let settings = TestSettings { minutes: Some(10), grace_seconds: 0, ..TestSettings::default() };
        let test = room.give(settings).await;
        let server = uuid::Uuid::from_u128(1);
        assert_eq!(attempts::recover(&room.classroom, server).await.unwrap(), Duration::ZERO);
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        room.wait(2 * MINUTE);
        attempts::beat(&room.classroom, server).await.unwrap();
        room.answer(&sitting.token, &[(1, 0, r#"{"c":0}"#)]).await;
        room.wait(7 * MINUTE);
        assert_eq!(attempts::recover(&room.classroom, server).await.unwrap(), 7 * MINUTE);
        let saved = room.answer(&sitting.token, &[(2, 1, r#"{"c":0}"#)]).await;
        assert_eq!(saved.due_at.unwrap().since(sitting.started_at), 17 * MINUTE);
        // A restart that nobody noticed, and a night in which nobody sat, move nothing.
        attempts::beat(&room.classroom, server).await.unwrap();
        room.wait(Duration::from_secs(3));
        attempts::recover(&room.classroom, server).await.unwrap();
        attempts::hand_in(&room.classroom, &sitting.token).await.unwrap();
        room.wait(600 * MINUTE);
        attempts::recover(&room.classroom, server).await.unwrap();
        let mut tx = room.classroom.env().db.read().await.unwrap();
        let (outages,): (i64,) = sql!("SELECT COUNT(*) FROM outage").fetch_one(&mut tx).await.unwrap();
        assert_eq!(outages, 1);
    }
}

#[tokio::test]
async fn people_without_an_account_sit_by_the_link_under_a_name_of_its_roster() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let names = ["Phạm Văn Dũng", "Đỗ Thị Em"].map(|name| EntrantInput { name: name.to_owned(), number: None });
        let given = tests::give(&room.classroom, &room.teacher, test.id, test.revision, &room.targets(), LinkInput::For(names.into()))
            .await
            .unwrap();
        let link = given.given.link.unwrap();
        let lobby = attempts::by_link(&room.classroom, &link).await.unwrap();
        assert_eq!(lobby.entrants.iter().map(|entrant| entrant.name.as_str()).collect::<Vec<_>>(), ["Phạm Văn Dũng", "Đỗ Thị Em"]);
        let begin = |entrant: &Entrant| attempts::begin_by_link(&room.classroom, &link, entrant.id, room.input(), "203.0.113.7");
        let sitting = begin(&lobby.entrants[0]).await.unwrap();
        room.all_right(&sitting).await;
        // Somebody else who picks the name does not get at it, until the teacher says so.
        assert!(matches!(begin(&lobby.entrants[0]).await, Err(AttemptError::OtherDevice)));
        attempts::act(&room.classroom, &room.teacher, sitting.attempt_id, Action::AllowDevice).await.unwrap();
        let second = begin(&lobby.entrants[0]).await.unwrap();
        assert_eq!(second.answers.len(), 4);
        let receipt = attempts::hand_in(&room.classroom, &second.token).await.unwrap();
        let result = attempts::result_by_receipt(&room.classroom, sitting.attempt_id, &receipt.code).await.unwrap();
        assert_eq!(result.score, Some(exact("10")));
        assert!(attempts::result_by_receipt(&room.classroom, sitting.attempt_id, "khongphai").await.is_err());
        assert!(attempts::by_link(&room.classroom, "khongphai").await.is_err());
        // A receipt of somebody with an account opens nothing.
        let own = room.begin(&room.pupils[0], &test).await.unwrap();
        let receipt = attempts::hand_in(&room.classroom, &own.token).await.unwrap();
        assert!(attempts::result_by_receipt(&room.classroom, own.attempt_id, &receipt.code).await.is_err());
    }
}

#[tokio::test]
async fn the_door_is_kept() {
    for room in Room::each_engine().await {
        let opens = Timestamp(room.now().0 + 60_000_000);
        let settings = TestSettings {
            opens_at: Some(opens),
            closes_at: Some(Timestamp(opens.0 + 600_000_000)),
            password: Some("hoa sen".to_owned()),
            networks: vec!["10.0.0.0/8".to_owned()],
            ..TestSettings::default()
        };
        let test = room.give(settings.clone()).await;
        let outside = room.world.person(room.world.other_school, Role::Pupil, "Người ngoài").await;
        assert!(matches!(attempts::lobby(&room.classroom, &outside, test.id).await, Err(AttemptError::Denied(Denied::NotFound))));
        assert!(matches!(tests::get(&room.classroom, &room.pupils[0], test.id).await, Err(TestError::Denied(Denied::Forbidden))));
        let an = match &room.pupils[0] {
            Caller::Person(signed_in) => Caller::Person(identity::access::SignedIn { address: "10.1.2.3".to_owned(), ..signed_in.clone() }),
            other => other.clone(),
        };
        let word = |text: &str| BeginInput { password: Some(text.to_owned()), ..room.input() };
        let begin = |who: &Caller, input: BeginInput| {
            let (classroom, who) = (room.classroom.clone(), who.clone());
            async move { attempts::begin(&classroom, &who, test.id, input).await }
        };
        assert!(matches!(begin(&room.pupils[0], word("hoa sen")).await, Err(AttemptError::WrongNetwork)));
        assert!(matches!(begin(&an, word("hoa sen")).await, Err(AttemptError::NotOpenYet)));
        room.wait(MINUTE);
        assert!(matches!(begin(&an, word("hoa mai")).await, Err(AttemptError::WrongPassword)));
        assert!(matches!(begin(&an, room.input()).await, Err(AttemptError::WrongPassword)));
        room.wait(11 * MINUTE);
        assert!(matches!(begin(&an, word("hoa sen")).await, Err(AttemptError::Over)));
        // Another date for one pupil.
        let exception = Exception { closes_at: Some(Timestamp(room.now().0 + 600_000_000)), ..Exception::default() };
        let whom = Whom::Person(an.person_id().unwrap());
        tests::set_exception(&room.classroom, &room.teacher, test.id, whom, exception).await.unwrap();
        assert!(begin(&an, word("hoa sen")).await.is_ok());
        // Whoever tries it as a teacher passes, and nothing of it counts.
        let trial = begin(&room.teacher, room.input()).await.unwrap();
        assert!(trial.trial);
        let board = attempts::board(&room.classroom, &room.teacher, test.id).await.unwrap();
        assert_eq!(board.rows.iter().filter(|row| row.attempt.is_some()).count(), 1);
    }
}

#[tokio::test]
async fn what_is_sat_does_not_change_and_what_changes_before_is_a_new_paper() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let input = |test: &TestDetail, plan: Plan| TestInput {
            revision: test.revision,
            title: "Khác".to_owned(),
            subject: None,
            grade: None,
            plan,
            settings: test.settings.clone(),
        };
        let mut shorter = room.plan();
        shorter.parts[0].items.pop();
        let changed = tests::save(&room.classroom, &room.teacher, test.id, input(&test, shorter)).await.unwrap();
        let lobby = attempts::lobby(&room.classroom, &room.pupils[0], test.id).await.unwrap();
        assert_eq!(lobby.question_count, 3);
        assert!(matches!(
            tests::save(&room.classroom, &room.teacher, test.id, input(&test, room.plan())).await,
            Err(TestError::NewerDraft { .. })
        ));
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        assert!(matches!(tests::save(&room.classroom, &room.teacher, test.id, input(&changed, room.plan())).await, Err(TestError::Begun)));
        assert!(matches!(tests::take_back(&room.classroom, &room.teacher, test.id).await, Err(TestError::Begun)));
        // The bank goes on: the paper keeps what it was made of.
        let detail = bank::get(&room.classroom.questions, &room.teacher, room.questions[0], None).await.unwrap();
        let mut question = detail.question.clone();
        question.stem = Rich::plain("Câu khác hẳn?");
        let edit = bank::QuestionInput { revision: detail.revision, question, passage: None, media: Vec::new(), meta: detail.meta };
        assert_eq!(bank::save(&room.classroom.questions, &room.teacher, room.questions[0], edit).await.unwrap().version, 2);
        assert!(tests::open_paper(&room.classroom, &sitting.token).await.unwrap().contains("Thủ đô của nước ta?"));
    }
}

#[tokio::test]
async fn practice_does_not_open_a_paper_whose_test_is_not_over() {
    for room in Room::each_engine().await {
        let closes = Timestamp(room.now().0 + 3_600_000_000);
        room.give(TestSettings { closes_at: Some(closes), ..TestSettings::default() }).await;
        let practice = room.give(TestSettings { mode: Mode::Practice, attempts: None, ..TestSettings::default() }).await;
        assert!(matches!(room.begin(&room.pupils[0], &practice).await, Err(AttemptError::Guarded)));
        room.wait(61 * MINUTE);
        assert!(room.begin(&room.pupils[0], &practice).await.is_ok());
    }
}

#[tokio::test]
async fn messages_reach_whom_they_are_for_and_events_are_counted() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let an = room.begin(&room.pupils[0], &test).await.unwrap();
        let binh = room.begin(&room.pupils[1], &test).await.unwrap();
        attempts::send(&room.classroom, &room.teacher, test.id, None, "Còn 5 phút").await.unwrap();
        attempts::send(&room.classroom, &room.teacher, test.id, Some(an.attempt_id), "Em xem lại câu 2").await.unwrap();
        let texts = async |sitting: &Sitting| {
            let all = attempts::messages(&room.classroom, &sitting.token).await.unwrap();
            all.into_iter().map(|message| message.text).collect::<Vec<_>>()
        };
        assert_eq!(texts(&an).await, ["Còn 5 phút", "Em xem lại câu 2"]);
        assert_eq!(texts(&binh).await, ["Còn 5 phút"]);
        let event = |sequence| EventInput { sequence, kind: EventKind::LostFocus, at: room.now(), lasted_ms: Some(1_200) };
        for _ in 0..2 {
            let input = SaveInput { sent_at: room.now(), answers: Vec::new(), events: vec![event(1), event(2)] };
            attempts::save(&room.classroom, &an.token, input).await.unwrap();
        }
        let board = attempts::board(&room.classroom, &room.teacher, test.id).await.unwrap();
        let counted = board.rows[0].attempt.as_ref().unwrap().events[0];
        assert_eq!((counted.kind, counted.count), (EventKind::LostFocus, 2));
        assert!(matches!(
            attempts::send(&room.classroom, &room.pupils[0], test.id, None, "x").await,
            Err(AttemptError::Denied(Denied::Forbidden))
        ));
    }
}

#[tokio::test]
async fn a_rehearsal_plays_the_test_with_synthetic_pupils_and_leaves_only_its_report() {
    for room in Room::each_engine().await {
        let (classroom, teacher) = (&room.classroom, &room.teacher);
        // At once: what a rehearsed pupil may see is what the settings release, not what a teacher's trial shows.
        let test = room.give(TestSettings { show_answers: Release::Never, ..TestSettings::default() }).await;
        let ask = async |students| rehearsals::ask(classroom, teacher, test.id, students, Others::First).await;
        assert!(matches!(ask(0).await, Err(RehearsalError::Students { most: 1000 })));
        assert!(matches!(ask(1001).await, Err(RehearsalError::Students { .. })));
        let pupil = rehearsals::ask(classroom, &room.pupils[0], test.id, 5, Others::First).await;
        assert!(matches!(pupil, Err(RehearsalError::Denied(Denied::Forbidden))));
        let asked = ask(2).await.unwrap();
        assert_eq!(asked.state, RehearsalState::Waiting);
        assert!(matches!(ask(2).await, Err(RehearsalError::UnderWay)), "one at a time");

        let casting = rehearsals::take(classroom).await.unwrap().unwrap();
        assert!(rehearsals::take(classroom).await.unwrap().is_none(), "one server plays it");
        let begin = async |number| rehearsals::begin(classroom, &casting.token, number, room.input()).await;
        let (first, again, second) = (begin(0).await.unwrap(), begin(0).await.unwrap(), begin(1).await.unwrap());
        assert_eq!(first.attempt_id, again.attempt_id, "a beginning whose answer was lost is the same attempt");
        assert_ne!(first.attempt_id, second.attempt_id);
        assert!(begin(2).await.is_err(), "as many as were asked for");
        room.answer(&again.token, &[(1, 0, r#"{"c":0}"#)]).await;
        let receipt = attempts::hand_in(classroom, &again.token).await.unwrap();
        let result = attempts::result_by_receipt(classroom, first.attempt_id, &receipt.code).await.unwrap();
        assert!(result.review.is_none(), "the key stays where it is");

        let board = attempts::board(classroom, teacher, test.id).await.unwrap();
        assert!(board.rows.iter().all(|row| row.attempt.is_none()), "the board shows pupils only");
        assert!(!rehearsals::cancelled(classroom, casting.id).await.unwrap());
        rehearsals::end(classroom, casting.id, None).await.unwrap();
        assert!(begin(0).await.is_err(), "its secret opens nothing any more");
        let mut tx = classroom.env().db.read().await.unwrap();
        let (left,): (i64,) = sql!("SELECT COUNT(*) FROM attempt").fetch_one(&mut tx).await.unwrap();
        assert_eq!(left, 0);
        drop(tx);
        let listed = rehearsals::list(classroom, teacher, test.id).await.unwrap();
        assert_eq!((listed.len(), listed[0].state), (1, RehearsalState::Failed));
    }
}

#[tokio::test]
async fn a_rehearsal_gives_way_to_real_pupils_and_one_of_a_dead_server_is_cleaned_up() {
    for room in Room::each_engine().await {
        let (classroom, teacher) = (&room.classroom, &room.teacher);
        let test = room.give(TestSettings::default()).await;
        rehearsals::ask(classroom, teacher, test.id, 5, Others::First).await.unwrap();
        let casting = rehearsals::take(classroom).await.unwrap().unwrap();
        rehearsals::begin(classroom, &casting.token, 0, room.input()).await.unwrap();
        let real = room.begin(&room.pupils[0], &test).await.unwrap();
        assert!(rehearsals::cancelled(classroom, casting.id).await.unwrap(), "a real pupil came");
        // The server that played it dies before it has taken anything away.
        room.wait(2 * MINUTE);
        rehearsals::clean_up(classroom).await.unwrap();
        let listed = rehearsals::list(classroom, teacher, test.id).await.unwrap();
        assert_eq!((listed[0].state, listed[0].ended_at.is_some()), (RehearsalState::Stopped, true));
        let mut tx = classroom.env().db.read().await.unwrap();
        let left: Vec<(String,)> = sql!("SELECT kind FROM attempt").fetch_all(&mut tx).await.unwrap();
        assert_eq!(left, [("real".to_owned(),)], "the pupil's own attempt is hers");
        drop(tx);
        // She still sits: a teacher is refused, and the operator may all the same.
        room.answer(&real.token, &[(1, 0, r#"{"c":0}"#)]).await;
        let refused = rehearsals::ask(classroom, teacher, test.id, 5, Others::Beside).await;
        assert!(matches!(refused, Err(RehearsalError::TestsAreSat)));
        let asked = rehearsals::ask(classroom, &Caller::Operator, test.id, 5, Others::Beside).await.unwrap();
        rehearsals::stop(classroom, teacher, asked.id).await.unwrap();
        assert!(rehearsals::take(classroom).await.unwrap().is_none());
    }
}
