//! The live board of a large test: what it costs to look, and how much goes out.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod room;

use classroom::attempts;
use classroom::tests::{self, EntrantInput, LinkInput, TestSettings};
use futures::future::join_all;
use room::*;

const PUPILS: usize = 5_000;
/// Five thousand pupils who save every 15 seconds are so many between two looks.
const BETWEEN: usize = 700;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_attempts_are_watched_by_many_with_some_kilobytes_a_look() {
    let room = Room::each_engine().await.remove(0);
    let test = room.give(TestSettings::default()).await;
    let names = (0..PUPILS).map(|at| EntrantInput { name: format!("Nguyễn Thị Minh {at:04}"), number: Some(at.to_string()) }).collect();
    let given =
        tests::give(&room.classroom, &room.teacher, test.id, test.revision, &room.targets(), LinkInput::For(names)).await.unwrap().given;
    let link = given.link.unwrap();
    let begun = given.entrants.iter().map(|entrant| attempts::begin_by_link(&room.classroom, &link, entrant.id, room.input(), ""));
    let mut sittings = Vec::new();
    for sitting in join_all(begun).await {
        sittings.push(sitting.unwrap());
    }
    room.wait(MINUTE);
    let board = attempts::board(&room.classroom, &room.teacher, test.id).await.unwrap();
    let whole = serde_json::to_string(&board).unwrap().len();
    let mut watchers = Vec::new();
    for _ in 0..20 {
        let mut news = attempts::watch_board(&room.classroom, &room.teacher, test.id, board.now).await.unwrap();
        assert!(news.next().await.unwrap().len() < 200, "nothing has changed since the board was read");
        watchers.push(news);
    }
    join_all(sittings[..BETWEEN].iter().map(|sitting| room.answer(&sitting.token, &[(1, 0, r#"{"c":1}"#)]))).await;
    let (mut told, mut bytes) = (0, 0);
    while told < BETWEEN {
        let text = watchers[0].next().await.unwrap();
        for other in &mut watchers[1..] {
            assert!(std::sync::Arc::ptr_eq(&text, &other.next().await.unwrap()), "one text for all");
        }
        let change: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(change["attempts"], serde_json::json!([]));
        told += change["answered"].as_array().unwrap().len();
        bytes += text.len();
    }
    println!("{{\"attempts\":{PUPILS},\"board_bytes\":{whole},\"changed\":{told},\"change_bytes\":{bytes}}}");
    assert!(bytes / told <= 70, "{bytes} bytes for {told} answers");
    assert!(bytes * 20 < whole, "{bytes} of {whole}");
}
