//! Trying a test before it is given, make-up sittings, the tests of a class, and the board as it changes.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod room;

use std::time::{Duration, Instant};

use classroom::Classroom;
use classroom::attempts::{self, Action, AttemptError, BoardNews, EventInput, EventKind, SaveInput, Sitting};
use classroom::tests::{self, LinkInput, MakeUpInput, NewTest, TestDetail, TestError, TestSettings};
use db::sql;
use identity::access::Denied;
use kernel::{PageLimit, Role, Timestamp};
use room::*;

const HOUR: i64 = 60 * 60_000_000;

/// Somebody who has just begun to watch.
async fn watching(room: &Room, test: &TestDetail) -> BoardNews {
    room.wait(MINUTE);
    let mut news = attempts::watch_board(&room.classroom, &room.teacher, test.id, room.now()).await.unwrap();
    news.next().await.unwrap();
    news
}

/// Longer than a few looks, and shorter than it takes until all is looked at anew, which would mend whatever was missed.
const SOON: Duration = Duration::from_secs(15);

/// What those who watch are told next.
async fn told(news: &mut BoardNews) -> serde_json::Value {
    let text = tokio::time::timeout(SOON, news.next()).await.expect("told with one of the next looks");
    serde_json::from_str(&text.unwrap()).unwrap()
}

#[tokio::test]
async fn a_teacher_tries_a_test_before_it_is_given_and_nobody_else_can() {
    for room in Room::each_engine().await {
        let new = NewTest {
            organisation_id: room.world.school,
            title: "Bản soạn".to_owned(),
            subject: None,
            grade: None,
            plan: room.plan(),
            settings: TestSettings { opens_at: Some(Timestamp(room.now().0 + HOUR)), ..TestSettings::default() },
        };
        let made = tests::create(&room.classroom, &room.teacher, new).await.unwrap();
        assert!(matches!(room.begin(&room.teacher, &made).await, Err(AttemptError::Denied(Denied::NotFound))), "no paper yet");
        let stranger = room.world.person(room.world.school, Role::Teacher, "Cô Khác").await;
        for nobody in [&stranger, &room.pupils[0]] {
            assert!(matches!(tests::try_out(&room.classroom, nobody, made.id).await, Err(TestError::Denied(Denied::NotFound))));
        }
        tests::try_out(&room.classroom, &room.teacher, made.id).await.unwrap();
        let sitting = room.begin(&room.teacher, &made).await.unwrap();
        assert!(sitting.trial && sitting.due_at.is_none());
        room.all_right(&sitting).await;
        attempts::hand_in(&room.classroom, &sitting.token).await.unwrap();
        assert_eq!(room.result(&room.teacher, &sitting).await.score, Some(exact("10")));
        assert!(matches!(room.begin(&room.pupils[0], &made).await, Err(AttemptError::Denied(Denied::NotFound))));
        // Changed and tried again: another paper, and another attempt.
        tests::try_out(&room.classroom, &room.teacher, made.id).await.unwrap();
        let again = room.begin(&room.teacher, &made).await.unwrap();
        assert!(again.paper.id != sitting.paper.id && again.attempt_id != sitting.attempt_id);
        let now = tests::get(&room.classroom, &room.teacher, made.id).await.unwrap();
        assert!(!now.begun);
        let given = tests::give(&room.classroom, &room.teacher, made.id, now.revision, &room.targets(), LinkInput::Keep).await.unwrap();
        let board = attempts::board(&room.classroom, &room.teacher, given.id).await.unwrap();
        assert!(board.rows.iter().all(|row| row.attempt.is_none()), "a trial is on no board");
    }
}

#[tokio::test]
async fn those_who_missed_a_test_get_another_window_and_nobody_else() {
    for room in Room::each_engine().await {
        let closes = Timestamp(room.now().0 + HOUR);
        let test = room.give(TestSettings { closes_at: Some(closes), ..TestSettings::default() }).await;
        room.wait(Duration::from_secs(2 * 3600));
        assert!(matches!(room.begin(&room.pupils[0], &test).await, Err(AttemptError::Over)));
        let input = MakeUpInput {
            person_ids: vec![room.pupils[0].person_id().unwrap()],
            entrant_ids: Vec::new(),
            opens_at: Some(room.now()),
            closes_at: Some(Timestamp(room.now().0 + HOUR)),
        };
        let given = tests::make_up(&room.classroom, &room.teacher, test.id, input.clone()).await.unwrap();
        assert_eq!(given.exceptions.len(), 1);
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        assert_eq!(sitting.due_at.unwrap().since(sitting.started_at), 45 * MINUTE + Duration::from_secs(5));
        assert!(matches!(room.begin(&room.pupils[1], &test).await, Err(AttemptError::Over)));
        // Her list tells her own window.
        let hers = tests::list(&room.classroom, &room.pupils[0], None, None, PageLimit::asked(None)).await.unwrap();
        assert_eq!(hers.items[0].closes_at, input.closes_at);
        let stranger = room.world.person(room.world.school, Role::Pupil, "Trò Lớp Khác").await;
        let other = MakeUpInput { person_ids: vec![stranger.person_id().unwrap()], ..input.clone() };
        assert!(matches!(tests::make_up(&room.classroom, &room.teacher, test.id, other).await, Err(TestError::Denied(Denied::NotFound))));
        let nobody = MakeUpInput { person_ids: Vec::new(), ..input.clone() };
        assert!(matches!(tests::make_up(&room.classroom, &room.teacher, test.id, nobody).await, Err(TestError::Invalid(_))));
        assert!(matches!(
            tests::make_up(&room.classroom, &room.pupils[0], test.id, input).await,
            Err(TestError::Denied(Denied::Forbidden))
        ));
    }
}

#[tokio::test]
async fn a_class_lists_the_tests_that_were_given_to_it() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let other = classroom::classes::ClassInput { name: "Lí 11".to_owned(), subject: None, grade: None };
        let other = classroom::classes::create(&room.classroom, &room.teacher, room.world.school, &other).await.unwrap().row.id;
        for caller in [&room.teacher, &room.pupils[0]] {
            let of = async |class| {
                let page = tests::list(&room.classroom, caller, Some(class), None, PageLimit::asked(None)).await.unwrap();
                page.items.into_iter().map(|row| row.id).collect::<Vec<_>>()
            };
            assert_eq!((of(room.class).await, of(other).await), (vec![test.id], vec![]));
        }
    }
}

/// Says that a server is alive, and looks whether there are others.
async fn beat(server: &Classroom, id: u128) {
    attempts::beat(server, uuid::Uuid::from_u128(id)).await.unwrap();
}

#[tokio::test]
async fn who_watches_is_told_what_changes_and_only_that() {
    for is_alone in [false, true] {
        told_what_changes(is_alone).await;
    }
}

async fn told_what_changes(is_alone: bool) {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let (an, binh) = (room.begin(&room.pupils[0], &test).await.unwrap(), room.begin(&room.pupils[1], &test).await.unwrap());
        room.wait(MINUTE);
        if is_alone {
            beat(&room.classroom, 1).await;
        }
        let watch = async |caller| attempts::watch_board(&room.classroom, caller, test.id, room.now()).await;
        assert!(matches!(watch(&room.pupils[0]).await, Err(AttemptError::Denied(Denied::Forbidden))));
        let (mut news, mut second) = (watch(&room.teacher).await.unwrap(), watch(&room.teacher).await.unwrap());
        assert_eq!(told(&mut news).await["attempts"], serde_json::json!([]), "nothing since the board was read");
        second.next().await.unwrap();

        room.answer(&an.token, &[(1, 0, r#"{"c":1}"#)]).await;
        let text = news.next().await.unwrap();
        assert_eq!(second.next().await.unwrap(), text, "one look for both");
        let answered: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answered["answered"][0][0], serde_json::json!(an.attempt_id));
        assert_eq!((&answered["answered"][0][1], answered["attempts"].as_array().unwrap().len()), (&serde_json::json!(1), 0));

        // What happens around the test comes with a save, and so does a second device with its beginning.
        let event = EventInput { sequence: 1, kind: EventKind::Pasted, at: room.now(), lasted_ms: None };
        let save = SaveInput { sent_at: room.now(), answers: Vec::new(), events: vec![event] };
        attempts::save(&room.classroom, &an.token, save).await.unwrap();
        let heard = told(&mut news).await;
        let hers = &heard["attempts"][0]["attempt"];
        assert_eq!((&hers["events"], &hers["answered"]), (&serde_json::json!([{ "kind": "pasted", "count": 1 }]), &serde_json::json!(1)));
        room.begin(&room.pupils[0], &test).await.unwrap();
        let heard = told(&mut news).await;
        let hers = &heard["attempts"][0]["attempt"];
        assert_eq!((&hers["devices"], &hers["events"][0]["count"]), (&serde_json::json!(2), &serde_json::json!(1)));

        attempts::act(&room.classroom, &room.teacher, binh.attempt_id, Action::Lock).await.unwrap();
        let heard = told(&mut news).await;
        assert_eq!(heard["attempts"][0]["attempt"]["locked"], true);
        assert_eq!(heard["attempts"][0]["person_id"], serde_json::json!(room.pupils[1].person_id()));
        assert_eq!(heard["answered"], serde_json::json!([]));

        let cuc = room.begin(&room.pupils[2], &test).await.unwrap();
        let heard = told(&mut news).await;
        assert_eq!(heard["attempts"][0]["attempt"]["id"], serde_json::json!(cuc.attempt_id));
        room.all_right(&cuc).await;
        attempts::hand_in(&room.classroom, &cuc.token).await.unwrap();
        let heard = told(&mut news).await;
        let hers = &heard["attempts"][0]["attempt"];
        assert_eq!((&hers["answered"], &hers["handed_in"], &hers["score"]), (&4.into(), &true.into(), &"10".into()));
        // Somebody who comes later, with a board of a minute ago, is told all that was since.
        let mut late = attempts::watch_board(&room.classroom, &room.teacher, test.id, Timestamp(room.now().0 - HOUR)).await.unwrap();
        assert_eq!(told(&mut late).await["attempts"].as_array().unwrap().len(), 3);
    }
}

#[tokio::test]
async fn an_older_attempt_that_is_marked_again_does_not_take_the_place_of_the_newer() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings { attempts: Some(2), ..TestSettings::default() }).await;
        let first = room.begin(&room.pupils[0], &test).await.unwrap();
        attempts::hand_in(&room.classroom, &first.token).await.unwrap();
        room.wait(MINUTE);
        let second = room.begin(&room.pupils[0], &test).await.unwrap();
        let mut news = watching(&room, &test).await;

        mark(&room, &first, room.now()).await;
        room.answer(&second.token, &[(1, 0, r#"{"c":1}"#)]).await;
        let heard = told(&mut news).await;
        assert_eq!(heard["answered"][0][0], serde_json::json!(second.attempt_id));
        assert_eq!(heard["attempts"], serde_json::json!([]));
    }
}

/// Marks an attempt with one point, at a moment that may be past: a commit comes after the moment it names.
async fn mark(room: &Room, sitting: &Sitting, at: Timestamp) {
    let mut tx = room.world.content.env.db.write().await.unwrap();
    sql!("UPDATE attempt SET marked_at = $2, score = 1000000 WHERE id = $1")
        .bind(sitting.attempt_id)
        .bind(at)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_mark_whose_commit_was_held_up_for_seconds_is_told_with_the_next_look() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        attempts::hand_in(&room.classroom, &sitting.token).await.unwrap();
        let mut news = watching(&room, &test).await;
        let from = Instant::now();
        mark(&room, &sitting, Timestamp(room.now().0 - 4_000_000)).await;
        let heard = told(&mut news).await;
        assert_eq!(heard["attempts"][0]["attempt"]["score"], "1");
        // A look at all attempts, half a minute later, would have found it too.
        assert!(from.elapsed() < Duration::from_secs(15), "{:?}", from.elapsed());
    }
}

#[tokio::test]
async fn a_board_counts_what_is_answered_at_this_server_and_at_another() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let mut news = watching(&room, &test).await;
        let elsewhere = Classroom::new(room.classroom.questions.clone());
        let save = async |server: &Classroom, answers: &[(i64, u16, &str)]| {
            room.wait(Duration::from_secs(1));
            room.send_to(server, &sitting.token, room.now(), room.now(), answers).await.unwrap().refused
        };
        let mut told = async || told(&mut news).await["answered"][0][1].clone();

        // The first is read; the others are told by who wrote them.
        save(&room.classroom, &[(1, 0, r#"{"c":1}"#)]).await;
        assert_eq!(told().await, 1);
        save(&room.classroom, &[(2, 1, r#"{"c":1}"#)]).await;
        assert_eq!(told().await, 2);
        save(&room.classroom, &[(3, 1, r#"{"c":2}"#), (4, 0, r#"{"c":0}"#)]).await;
        assert_eq!(told().await, 2, "answered anew");
        let refused = save(&room.classroom, &[(4, 3, r#"{"t":"1.50"}"#)]).await;
        assert_eq!((refused.len(), told().await), (1, 2.into()), "refused");
        // Another server takes one, and this one hears that the device is still there.
        save(&elsewhere, &[(5, 2, r#"{"s":[true,true,true,true]}"#)]).await;
        save(&room.classroom, &[]).await;
        assert_eq!(told().await, 3);
        save(&elsewhere, &[(6, 3, r#"{"t":"1.50"}"#)]).await;
        save(&room.classroom, &[(7, 0, r#"{"c":3}"#)]).await;
        assert_eq!(told().await, 4, "elsewhere before it was here");
    }
}

#[tokio::test]
async fn what_is_answered_at_this_server_is_not_read_again() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let mut news = watching(&room, &test).await;
        room.answer(&sitting.token, &[(1, 0, r#"{"c":1}"#), (2, 1, r#"{"c":1}"#)]).await;
        assert_eq!(told(&mut news).await["answered"][0][1], 2);
        // Whoever reads the answers again would miss this one.
        let mut tx = room.world.content.env.db.write().await.unwrap();
        sql!("DELETE FROM attempt_answer WHERE sequence = 1").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        room.wait(MINUTE);
        room.answer(&sitting.token, &[(3, 3, r#"{"t":"1.50"}"#)]).await;
        assert_eq!(told(&mut news).await["answered"][0][1], 3);
    }
}

#[tokio::test]
async fn a_server_that_is_alone_tells_what_it_wrote_and_one_that_is_not_what_all_wrote() {
    for room in Room::each_engine().await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let other = room.begin(&room.pupils[1], &test).await.unwrap();
        let mut news = watching(&room, &test).await;
        let elsewhere = Classroom::new(room.classroom.questions.clone());
        let save = async |server: &Classroom, answers: &[(i64, u16, &str)]| {
            room.wait(Duration::from_secs(1));
            room.send_to(server, &sitting.token, room.now(), room.now(), answers).await.unwrap();
        };
        let hear_of_other = async || {
            room.wait(Duration::from_secs(2));
            room.answer(&other.token, &[]).await;
        };
        let mut told = async || told(&mut news).await["answered"][0][1].clone();

        beat(&room.classroom, 1).await;
        save(&room.classroom, &[(1, 0, r#"{"c":1}"#)]).await;
        assert_eq!(told().await, 1, "the second look still asks the database");
        save(&elsewhere, &[(2, 1, r#"{"c":1}"#)]).await;
        hear_of_other().await;
        assert_eq!(told().await, 0, "whoever asks the database hears of the other server's");
        beat(&elsewhere, 2).await;
        beat(&room.classroom, 1).await;
        assert_eq!(told().await, 2, "at once, with nothing new here");
        save(&elsewhere, &[(3, 3, r#"{"t":"1.50"}"#)]).await;
        assert_eq!(told().await, 3);
        // Whoever has not looked for long believes nothing.
        room.wait(MINUTE);
        beat(&room.classroom, 1).await;
        for _ in 0..2 {
            hear_of_other().await;
            assert_eq!(told().await, 0);
        }
        room.wait(Duration::from_secs(5));
        save(&elsewhere, &[(4, 2, r#"{"s":[true,true,true,true]}"#)]).await;
        assert_eq!(told().await, 4);
    }
}
