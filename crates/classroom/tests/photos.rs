//! Photos of what was worked out on paper: taken when a saved answer names them, whenever they come; seen by
//! nobody else.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod room;

use bytes::Bytes;
use classroom::attempts::{self, Asking, AttemptError, FileOf, PhotoError, PhotoState, RefusedBecause, Token};
use classroom::rehearsals::{self, Others};
use classroom::tests::{self, Release, TestSettings};
use content::processing::{KeepError, garbage};
use content::uploads::ReceiveBody;
use db::sql;
use futures::StreamExt as _;
use identity::access::{Caller, Denied};
use identity::people;
use kernel::Role;
use papers::model::{Question, QuestionType};
use papers::rich::Rich;
use room::*;
use scoring::MarkState;
use sha2::{Digest as _, Sha256};

fn essay() -> Vec<Question> {
    let mut essay = Question::new(QuestionType::Essay);
    essay.stem = Rich::plain("Giải phương trình, trình bày ra giấy.");
    vec![essay]
}

/// What begins like a JPEG is taken; whether it is one is found out by the worker.
fn jpeg(words: &str) -> Vec<u8> {
    [b"\xff\xd8\xff\xe0\0\x10JFIF\0", words.as_bytes()].concat()
}

fn name(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn body(bytes: &[u8]) -> ReceiveBody {
    let pieces: Vec<_> = bytes.chunks(7).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    Box::pin(futures::stream::iter(pieces))
}

fn naming(photos: &[&[u8]]) -> String {
    let names: Vec<String> = photos.iter().map(|photo| format!("\"{}\"", name(photo))).collect();
    format!("{{\"w\":{{\"p\":[{}]}}}}", names.join(","))
}

impl Room {
    async fn photo(&self, token: &Token, bytes: &[u8]) -> Result<(), PhotoError> {
        attempts::keep_photo(&self.classroom, token, &name(bytes), body(bytes)).await
    }

    async fn used(&self) -> i64 {
        let mut tx = self.classroom.env().db.read().await.unwrap();
        let (used,): (i64,) =
            sql!("SELECT used_bytes FROM organisation WHERE id = $1").bind(self.world.school).fetch_one(&mut tx).await.unwrap();
        used
    }

    async fn blobs(&self) -> i64 {
        let mut tx = self.classroom.env().db.read().await.unwrap();
        let (count,): (i64,) = sql!("SELECT COUNT(*) FROM blob").fetch_one(&mut tx).await.unwrap();
        count
    }
}

#[tokio::test]
async fn a_photo_is_taken_once_a_saved_answer_names_it_and_also_after_the_bell() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings { show_answers: Release::Never, ..TestSettings::default() }).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let (page, next) = (jpeg("trang một"), jpeg("trang hai"));
        assert!(matches!(room.photo(&sitting.token, &page).await, Err(PhotoError::NotNamed)), "nothing names it yet");

        let saved = room.answer(&sitting.token, &[(1, 0, &naming(&[&page, &next]))]).await;
        assert_eq!(saved.refused, []);
        room.photo(&sitting.token, &page).await.unwrap();
        room.photo(&sitting.token, &page).await.unwrap();
        assert_eq!(room.used().await, page.len() as i64, "counted once");
        // Her telephone died, and she goes on at another: what was sent is there.
        let again = room.begin(&room.pupils[0], &test).await.unwrap();
        assert_eq!(again.answers[0].response.get(), naming(&[&page, &next]));
        assert_eq!(attempts::own_photo(&room.classroom, &again.token, &name(&page)).await.unwrap().1, page);
        assert!(attempts::own_photo(&room.classroom, &again.token, &name(&next)).await.is_err(), "not here yet");

        let receipt = attempts::hand_in(&room.classroom, &again.token).await.unwrap();
        assert_eq!(receipt.answered, 1);
        let seen = attempts::detail(&room.classroom, &room.teacher, sitting.attempt_id).await.unwrap();
        assert_eq!(seen.marks.items[0].state, MarkState::ByHand);
        let come: Vec<_> = seen.review.photos.iter().map(|photo| (photo.name.clone(), photo.state)).collect();
        assert_eq!(come, [(name(&page), PhotoState::Checking)]);
        // The first telephone has its battery back a day later: what its answer named is settled, so it is taken.
        room.wait(MINUTE * 60 * 24);
        room.photo(&sitting.token, &next).await.unwrap();
        let seen = attempts::detail(&room.classroom, &room.teacher, sitting.attempt_id).await.unwrap();
        assert_eq!(seen.review.photos.len(), 2);
        let late = room.send(&sitting.token, room.now(), room.now(), &[(2, 0, &naming(&[b"other"]))]).await.unwrap();
        assert_eq!(because(&late), [(2, RefusedBecause::HandedIn)]);
        assert!(
            matches!(room.photo(&sitting.token, b"other").await, Err(PhotoError::NotNamed)),
            "an answer that was refused names nothing"
        );
    }
}

#[tokio::test]
async fn what_is_no_photo_or_not_the_one_named_leaves_nothing() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let (page, script) = (jpeg("trang"), b"<svg onload=alert(1)>".to_vec());
        let large = [jpeg(""), vec![0; usize::try_from(attempts::LARGEST_PHOTO).unwrap()]].concat();
        room.answer(&sitting.token, &[(1, 0, &naming(&[&page, &script, &large, b""]))]).await;
        let named = name(&page);
        let other = attempts::keep_photo(&room.classroom, &sitting.token, &named, body(&jpeg("khác"))).await;
        assert!(matches!(other, Err(PhotoError::OtherBytes)));
        assert!(matches!(room.photo(&sitting.token, &script).await, Err(PhotoError::NotPhoto)));
        assert!(matches!(room.photo(&sitting.token, &large).await, Err(PhotoError::Keep(KeepError::TooLarge))));
        assert!(matches!(room.photo(&sitting.token, b"").await, Err(PhotoError::Keep(KeepError::Empty))));
        let broken: ReceiveBody =
            Box::pin(futures::stream::iter([Ok(Bytes::copy_from_slice(&page[..5])), Err(std::io::Error::other("the line"))]));
        let broken = attempts::keep_photo(&room.classroom, &sitting.token, &named, broken).await;
        assert!(matches!(broken, Err(PhotoError::Keep(KeepError::Broken))));
        for wrong in ["", "../../../etc/passwd", "%", &named.to_uppercase(), &named[..63]] {
            let refused = attempts::keep_photo(&room.classroom, &sitting.token, wrong, body(&page)).await;
            assert!(matches!(refused, Err(PhotoError::NotNamed)), "{wrong}");
        }
        assert_eq!((room.used().await, room.blobs().await), (0, 0));
        room.photo(&sitting.token, &page).await.unwrap();
    }
}

#[tokio::test]
async fn who_sends_many_photos_that_never_end_keeps_only_her_own_waiting() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings::default()).await;
        let (hers, his) = (room.begin(&room.pupils[0], &test).await.unwrap(), room.begin(&room.pupils[1], &test).await.unwrap());
        let page = jpeg("trang");
        for sitting in [&hers, &his] {
            room.answer(&sitting.token, &[(1, 0, &naming(&[&page]))]).await;
        }
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let send = || {
            let mut tell = Some(tell.clone());
            // Begins to come, and goes on for ever.
            let body: ReceiveBody = Box::pin(futures::stream::poll_fn(move |_| {
                if let Some(tell) = tell.take() {
                    tell.send(()).unwrap();
                }
                std::task::Poll::Pending
            }));
            async { attempts::keep_photo(&room.classroom, &hers.token, &name(&page), body).await }
        };
        let endless = futures::future::join_all([send(), send(), send()]);
        let others = async {
            for _ in 0..3 {
                told.recv().await.unwrap();
            }
            assert!(matches!(room.photo(&hers.token, &page).await, Err(PhotoError::Busy)));
            room.photo(&his.token, &page).await.unwrap();
        };
        tokio::select! {
            ended = endless => panic!("{ended:?}"),
            () = others => {}
        }
        // Her lines broke: nothing of it is left behind.
        room.photo(&hers.token, &page).await.unwrap();
    }
}

#[tokio::test]
async fn a_photo_that_is_here_already_or_never_taken_is_heard_to_its_end() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let page = jpeg("trang");
        room.answer(&sitting.token, &[(1, 0, &naming(&[&page]))]).await;
        room.photo(&sitting.token, &page).await.unwrap();
        for bytes in [page, jpeg("không ai nhắc đến")] {
            let heard = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
            let hears = heard.clone();
            let body: ReceiveBody = Box::pin(body(&bytes).inspect(move |piece| {
                hears.fetch_add(piece.as_ref().unwrap().len(), std::sync::atomic::Ordering::Relaxed);
            }));
            let _ = attempts::keep_photo(&room.classroom, &sitting.token, &name(&bytes), body).await;
            assert_eq!(heard.load(std::sync::atomic::Ordering::Relaxed), bytes.len(), "or the browser takes it for a broken line");
        }
    }
}

#[tokio::test]
async fn an_answer_with_two_equal_keys_is_refused_and_the_attempt_is_marked() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let photo = name(&jpeg("trang"));
        let twice = [format!("{{\"w\":{{\"p\":[],\"p\":[\"{photo}\"]}}}}"), r#"{"e":"một","e":"hai"}"#.to_owned()];
        let answers: Vec<_> = (1..).zip(&twice).map(|(number, response)| (number, 0, response.as_str())).collect();
        let saved = room.send(&sitting.token, room.now(), room.now(), &answers).await.unwrap();
        assert_eq!(because(&saved), [(1, RefusedBecause::DoesNotFit), (2, RefusedBecause::DoesNotFit)]);
        attempts::hand_in(&room.classroom, &sitting.token).await.unwrap();
        attempts::detail(&room.classroom, &room.teacher, sitting.attempt_id).await.unwrap();
    }
}

#[tokio::test]
async fn a_photo_is_named_by_an_answer_and_not_by_a_text_that_speaks_of_it() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings::default()).await;
        let sitting = room.begin(&room.pupils[0], &test).await.unwrap();
        let page = jpeg("trang");
        let (photo, spoken) = (name(&page), serde_json::json!({ "e": naming(&[&page]) }).to_string());
        room.answer(&sitting.token, &[(1, 0, &spoken), (2, 0, &format!("{{\"e\":\"{photo}\"}}"))]).await;
        assert!(matches!(room.photo(&sitting.token, &page).await, Err(PhotoError::NotNamed)));
        // However often it was spoken of before.
        let spoken: Vec<_> = (3..90).map(|number| (number, 0, spoken.as_str())).collect();
        room.answer(&sitting.token, &spoken).await;
        room.answer(&sitting.token, &[(90, 0, &naming(&[&page]))]).await;
        room.photo(&sitting.token, &page).await.unwrap();
    }
}

#[tokio::test]
async fn a_photo_is_for_its_pupil_and_her_teachers() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings { show_answers: Release::AtOnce, ..TestSettings::default() }).await;
        let (own, other) = (room.begin(&room.pupils[0], &test).await.unwrap(), room.begin(&room.pupils[1], &test).await.unwrap());
        let page = jpeg("bài của An");
        room.answer(&own.token, &[(1, 0, &naming(&[&page]))]).await;
        room.photo(&own.token, &page).await.unwrap();
        // To name it, and even to have the same bytes, brings nobody to another's.
        assert!(matches!(
            attempts::own_photo(&room.classroom, &other.token, &name(&page)).await,
            Err(AttemptError::Denied(Denied::NotFound))
        ));
        assert!(matches!(room.photo(&other.token, &page).await, Err(PhotoError::NotNamed)));
        attempts::hand_in(&room.classroom, &own.token).await.unwrap();
        let stranger = room.world.person(room.world.school, Role::Teacher, "Cô Khác").await;
        let head = room.world.person(room.world.school, Role::SchoolHead, "Hiệu trưởng").await;
        let sent = name(&page);
        let photo = FileOf::Photo(&sent, 2000);
        for nobody in [&stranger, &head, &room.pupils[1], &Caller::Anonymous { address: String::new() }] {
            let refused = attempts::attempt_file(&room.classroom, Asking::Caller(nobody), own.attempt_id, photo).await;
            assert!(matches!(refused, Err(AttemptError::Denied(_))), "{nobody:?}");
        }
        // Not drawn anew yet, so even those who may see it do not get what was sent.
        for may in [&room.teacher, &room.pupils[0]] {
            assert!(attempts::attempt_file(&room.classroom, Asking::Caller(may), own.attempt_id, photo).await.is_err());
        }
        let receipt = attempts::hand_in(&room.classroom, &own.token).await.unwrap();
        assert!(
            attempts::attempt_file(&room.classroom, Asking::Receipt(&receipt.code), own.attempt_id, photo).await.is_err(),
            "she has an account"
        );
    }
}

#[tokio::test]
async fn bytes_stay_as_long_as_an_attempt_names_them() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings::default()).await;
        // Two who photographed the same page to the last bit.
        let page = jpeg("trang chung");
        for pupil in &room.pupils[..2] {
            let sitting = room.begin(pupil, &test).await.unwrap();
            room.answer(&sitting.token, &[(1, 0, &naming(&[&page]))]).await;
            room.photo(&sitting.token, &page).await.unwrap();
        }
        let size = page.len() as i64;
        assert_eq!((room.used().await, room.blobs().await), (2 * size, 1));
        for (pupil, left) in [(&room.pupils[0], (size, 1)), (&room.pupils[1], (0, 0))] {
            people::erase(room.classroom.env(), &Caller::Operator, pupil.person_id().unwrap()).await.unwrap();
            room.wait(MINUTE * 60 * 25);
            garbage::collect(&room.world.content).await.unwrap();
            assert_eq!((room.used().await, room.blobs().await), left);
        }
        assert!(room.world.content.blobs.list("blobs").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_a_teacher_tried_takes_no_space_and_goes_with_the_next_try() {
    for room in Room::each_engine_with(&essay()).await {
        let new = tests::NewTest {
            organisation_id: room.world.school,
            title: "Thử".to_owned(),
            subject: None,
            grade: None,
            plan: room.plan(),
            settings: TestSettings::default(),
        };
        let made = tests::create(&room.classroom, &room.teacher, new).await.unwrap();
        tests::try_out(&room.classroom, &room.teacher, made.id).await.unwrap();
        let sitting = attempts::begin(&room.classroom, &room.teacher, made.id, room.input()).await.unwrap();
        let page = jpeg("cô thử");
        room.answer(&sitting.token, &[(1, 0, &naming(&[&page]))]).await;
        room.photo(&sitting.token, &page).await.unwrap();
        assert_eq!((room.used().await, room.blobs().await), (0, 1));
        tests::try_out(&room.classroom, &room.teacher, made.id).await.unwrap();
        room.wait(MINUTE * 60 * 25);
        garbage::collect(&room.world.content).await.unwrap();
        assert_eq!(room.blobs().await, 0);
    }
}

#[tokio::test]
async fn what_a_rehearsal_sends_is_drawn_by_nobody_and_gone_with_the_next_round() {
    for room in Room::each_engine_with(&essay()).await {
        let test = room.give(TestSettings::default()).await;
        rehearsals::ask(&room.classroom, &room.teacher, test.id, 5, Others::First).await.unwrap();
        let casting = rehearsals::take(&room.classroom).await.unwrap().unwrap();
        let sitting = rehearsals::begin(&room.classroom, &casting.token, 0, room.input()).await.unwrap();
        let page = jpeg("tưởng tượng");
        room.answer(&sitting.token, &[(1, 0, &naming(&[&page]))]).await;
        room.photo(&sitting.token, &page).await.unwrap();
        let mut tx = room.classroom.env().db.read().await.unwrap();
        let (jobs,): (i64,) = sql!("SELECT COUNT(*) FROM job WHERE kind = 'process_photo'").fetch_one(&mut tx).await.unwrap();
        drop(tx);
        assert_eq!((jobs, room.used().await, room.blobs().await), (0, 0, 1));
        rehearsals::end(&room.classroom, casting.id, None).await.unwrap();
        room.wait(MINUTE * 10);
        garbage::collect(&room.world.content).await.unwrap();
        assert_eq!(room.blobs().await, 0);
    }
}
