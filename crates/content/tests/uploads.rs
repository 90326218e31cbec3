//! Uploads: what is acknowledged is kept, in order, once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use bytes::Bytes;
use content::assets::AssetState;
use content::uploads::{self, Algorithm, Checksum, NewUpload, UploadError, clean_filename};
use futures::stream;
use identity::access::Caller;
use kernel::UploadId;
use sha2::{Digest as _, Sha256};
use support::World;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

type Piece = Result<Bytes, std::io::Error>;

fn body(pieces: Vec<Piece>) -> uploads::ReceiveBody {
    Box::pin(stream::iter(pieces))
}

fn broken() -> Piece {
    Err(std::io::Error::other("the line is dead"))
}

async fn begin(world: &World, caller: &Caller, length: usize) -> UploadId {
    let new = NewUpload { organisation: world.school, filename: "Bài giảng.mp4".to_owned(), length: length as u64 };
    uploads::create(&world.content, caller, &new).await.unwrap().id
}

async fn stored(world: &World, upload: UploadId) -> Vec<u8> {
    let mut tx = world.content.env.db.read().await.unwrap();
    let parts: Vec<(i64, String)> = db::sql!("SELECT start_byte, object_key FROM upload_part WHERE upload_id = $1 ORDER BY start_byte")
        .bind(upload)
        .fetch_all(&mut tx)
        .await
        .unwrap();
    drop(tx);
    let mut all = Vec::new();
    for (start, key) in parts {
        assert_eq!(start, all.len() as i64);
        all.extend_from_slice(&world.content.blobs.get(&key, None).await.unwrap().collect().await.unwrap());
    }
    all
}

#[tokio::test]
async fn an_upload_goes_on_where_the_connection_broke() {
    for world in World::each_engine().await {
        let (content, teacher, all) = (&world.content, world.teacher().await, bytes(300_000));
        let upload = begin(&world, &teacher, all.len()).await;
        let piece = |from: usize, to: usize| Ok(Bytes::copy_from_slice(&all[from..to]));
        let cut =
            uploads::receive(content, &teacher, upload, 0, body(vec![piece(0, 70_000), piece(70_000, 100_001), broken()]), None).await;
        assert!(matches!(cut, Err(UploadError::Broken)));
        let status = uploads::status(content, &teacher, upload).await.unwrap();
        assert_eq!(status.received, 100_001);
        assert!(matches!(
            uploads::receive(content, &teacher, upload, 0, body(vec![piece(0, 10)]), None).await,
            Err(UploadError::WrongOffset(100_001))
        ));
        let done = uploads::receive(content, &teacher, upload, 100_001, body(vec![piece(100_001, 300_000)]), None).await.unwrap();
        assert!(done.asset.is_some());
        assert_eq!(stored(&world, upload).await, all);
        let stranger = world.person(world.school, kernel::Role::Teacher, "Người khác").await;
        assert!(uploads::status(content, &stranger, upload).await.is_err());
    }
}

#[tokio::test]
async fn two_writers_at_one_place_never_mix() {
    for world in World::each_engine().await {
        let (content, teacher, all) = (&world.content, world.teacher().await, bytes(9 << 20));
        let upload = begin(&world, &teacher, all.len()).await;
        let whole = || body(all.chunks(300_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect());
        let (one, two) = tokio::join!(
            uploads::receive(content, &teacher, upload, 0, whole(), None),
            uploads::receive(content, &teacher, upload, 0, whole(), None),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert!(matches!(one.and(two), Err(UploadError::WrongOffset(_))));
        assert_eq!(stored(&world, upload).await, all);
        assert_eq!(content.blobs.list(&format!("uploads/{upload}")).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn bytes_that_are_not_what_their_checksum_says_leave_no_trace() {
    for world in World::each_engine().await {
        let (content, teacher, all) = (&world.content, world.teacher().await, bytes(10_000));
        let upload = begin(&world, &teacher, all.len()).await;
        let checksum = |of: &[u8]| Some(Checksum { algorithm: Algorithm::Sha256, digest: Sha256::digest(of).to_vec() });
        let send = |sum| uploads::receive(content, &teacher, upload, 0, body(vec![Ok(Bytes::copy_from_slice(&all))]), sum);
        assert!(matches!(send(checksum(b"other")).await, Err(UploadError::Checksum)));
        assert_eq!(uploads::status(content, &teacher, upload).await.unwrap().received, 0);
        assert!(content.blobs.list(&format!("uploads/{upload}")).await.unwrap().is_empty());
        assert!(send(checksum(&all)).await.unwrap().asset.is_some());
    }
}

#[tokio::test]
async fn more_bytes_than_announced_and_files_too_large_are_refused() {
    for mut world in World::each_engine().await {
        let teacher = world.teacher().await;
        let upload = begin(&world, &teacher, 10).await;
        let more = uploads::receive(&world.content, &teacher, upload, 0, body(vec![Ok(Bytes::from_static(b"twelve bytes"))]), None).await;
        assert!(matches!(more, Err(UploadError::TooLarge)));
        assert_eq!(uploads::status(&world.content, &teacher, upload).await.unwrap().received, 0);
        world.content.limits.file_bytes = 5;
        let new = NewUpload { organisation: world.school, filename: String::new(), length: 6 };
        assert!(matches!(uploads::create(&world.content, &teacher, &new).await, Err(UploadError::TooLarge)));
        world.content.limits.file_bytes = u64::MAX;
        world.content.limits.reserve_bytes = u64::MAX / 2;
        assert!(matches!(uploads::create(&world.content, &teacher, &new).await, Err(UploadError::DiskFull)));
    }
}

#[tokio::test]
async fn a_quota_above_counts_for_all_schools_below() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let elsewhere = world.person(world.other_school, kernel::Role::Teacher, "Võ Minh").await;
        let mut tx = content.env.db.write().await.unwrap();
        db::sql!("UPDATE organisation SET quota_bytes = 100 WHERE id = $1").bind(world.department).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let asset = world.upload(&teacher, world.school, "a.bin", &bytes(60)).await;
        let new = NewUpload { organisation: world.other_school, filename: "b".to_owned(), length: 41 };
        assert!(matches!(uploads::create(content, &elsewhere, &new).await, Err(UploadError::Quota)));
        content::assets::delete(content, &teacher, asset).await.unwrap();
        assert!(uploads::create(content, &elsewhere, &new).await.is_ok());
    }
}

#[tokio::test]
async fn uploads_begun_at_once_do_not_count_on_the_same_room() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let mut tx = content.env.db.write().await.unwrap();
        db::sql!("UPDATE organisation SET quota_bytes = 100 WHERE id = $1").bind(world.school).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let first = begin(&world, &teacher, 60).await;
        let new = NewUpload { organisation: world.school, filename: "b".to_owned(), length: 60 };
        assert!(matches!(uploads::create(content, &teacher, &new).await, Err(UploadError::Quota)));
        // Given up, or left behind without a byte, it keeps nobody out.
        uploads::terminate(content, &teacher, first).await.unwrap();
        begin(&world, &teacher, 60).await;
        world.test.clock.advance(std::time::Duration::from_secs(2 * 3600));
        assert!(uploads::create(content, &teacher, &new).await.is_ok());
    }
}

#[tokio::test]
async fn uploads_that_rest_are_forgotten_with_their_bytes() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let upload = begin(&world, &teacher, 100).await;
        let cut = uploads::receive(content, &teacher, upload, 0, body(vec![Ok(Bytes::from_static(b"half")), broken()]), None).await;
        assert!(cut.is_err());
        world.test.clock.advance(content.limits.expires_after + std::time::Duration::from_secs(1));
        assert!(matches!(uploads::status(content, &teacher, upload).await, Err(UploadError::Gone)));
        assert_eq!(uploads::expire(content).await.unwrap(), 1);
        content::processing::garbage::collect(content).await.unwrap();
        assert!(content.blobs.list(&format!("uploads/{upload}")).await.unwrap().is_empty());
    }
}

#[test]
fn names_lose_paths_controls_and_direction_tricks() {
    let table = [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\Bài 1.docx", "Bài 1.docx"),
        ("a\u{0}b\r\nSet-Cookie: x.mp4", "abSet-Cookie: x.mp4"),
        ("abc\u{202e}gpj.exe", "abcgpj.exe"),
        ("", "tệp"),
        ("..", "tệp"),
        ("Ba\u{300}i.mp4", "Bài.mp4"),
    ];
    for (given, kept) in table {
        assert_eq!(clean_filename(given), kept);
    }
    let long = clean_filename(&format!("{}.mp4", "à".repeat(5_000)));
    assert!(long.ends_with(".mp4") && long.chars().count() == 200);
}

#[tokio::test]
async fn the_same_bytes_are_stored_once_and_go_a_day_after_the_last_file() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let text = b"PK\x03\x04 not really a zip, but the same twice".to_vec();
        let one = world.finished(&teacher, world.school, "mot.zip", &text).await;
        let two = world.finished(&teacher, world.school, "hai.zip", &text).await;
        let blobs = async || content.blobs.list("blobs").await.unwrap().len();
        content::processing::garbage::collect(content).await.unwrap();
        assert_eq!(blobs().await, 1);
        content::assets::delete(content, &teacher, one.id).await.unwrap();
        world.test.clock.advance(db::testing::hours(48));
        content::processing::garbage::collect(content).await.unwrap();
        assert_eq!(blobs().await, 1, "the second file still has them");
        content::assets::delete(content, &teacher, two.id).await.unwrap();
        world.test.clock.advance(db::testing::hours(23));
        content::processing::garbage::collect(content).await.unwrap();
        assert_eq!(blobs().await, 1, "not yet a day");
        // The same file comes back before the day is over, and stays.
        let three = world.finished(&teacher, world.school, "ba.zip", &text).await;
        world.test.clock.advance(db::testing::hours(48));
        content::processing::garbage::collect(content).await.unwrap();
        let target = content::assets::file_target(content, &teacher, three.id).await.unwrap();
        assert_eq!(content.blobs.get(&target.object_key, None).await.unwrap().collect().await.unwrap(), text);
        content::assets::delete(content, &teacher, three.id).await.unwrap();
        world.test.clock.advance(db::testing::hours(25));
        content::processing::garbage::collect(content).await.unwrap();
        assert_eq!(blobs().await, 0);
    }
}

#[tokio::test]
async fn a_file_deleted_before_it_was_put_together_leaves_nothing_behind() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let asset = world.upload(&teacher, world.school, "Bài.mp4", &bytes(50_000)).await;
        assert!(!content.blobs.list("uploads").await.unwrap().is_empty());
        content::assets::delete(content, &teacher, asset).await.unwrap();
        let mut tx = content.env.db.read().await.unwrap();
        let (upload,): (UploadId,) = db::sql!("SELECT id FROM upload WHERE asset_id = $1").bind(asset).fetch_one(&mut tx).await.unwrap();
        drop(tx);
        // The job that was waiting finds nothing to do.
        content::processing::finish(content, upload, asset).await.unwrap();
        content::processing::garbage::collect(content).await.unwrap();
        assert_eq!(content.blobs.list("uploads").await.unwrap(), Vec::<String>::new());
        assert_eq!(stored(&world, upload).await, Vec::<u8>::new());
    }
}

#[tokio::test]
async fn what_failed_in_the_making_is_open_again_when_its_dead_job_is_retried() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let made = world.finished(&teacher, world.school, "Đề.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n").await;
        assert_eq!(made.state, AssetState::Processing);
        let mut tx = content.env.db.write().await.unwrap();
        let (blob,): (kernel::BlobId,) =
            db::sql!("SELECT blob_id FROM asset WHERE id = $1").bind(made.id).fetch_one(&mut tx).await.unwrap();
        content::processing::fail_media(&mut tx, blob, "internal", content.env.now()).await.unwrap();
        content::processing::reopen(&mut tx, content::processing::kinds::PROCESS_FILE, Some(blob.as_uuid()), content.env.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let shown = content::assets::get(content, &teacher, made.id).await.unwrap();
        assert_eq!((shown.state, shown.failure.map(|failure| failure.code)), (AssetState::Processing, None));
    }
}

#[tokio::test]
async fn a_file_refused_for_what_it_is_stays_refused_when_tried_again() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let refused = world.finished(&teacher, world.school, "Bài.mp4", "không phải phim".as_bytes()).await;
        assert_eq!(refused.state, AssetState::Failed);
        let again = content::assets::retry(content, &teacher, refused.id).await;
        assert!(matches!(again, Err(content::assets::AssetError::NotFailed)));
        assert_eq!(content::assets::get(content, &teacher, refused.id).await.unwrap().state, AssetState::Failed);
    }
}
