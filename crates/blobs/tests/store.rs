//! The same promises on a folder and on a real S3 server.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use blobs::{BlobError, Blobs, BlobsConfig, HotObjects};
use bytes::Bytes;
use futures::StreamExt as _;

/// A folder, and the S3 server of `LOPMO_TEST_S3` (its address; bucket, keys and region by
/// `LOPMO_TEST_S3_BUCKET`, `_ACCESS_KEY`, `_SECRET_KEY`). `make test` starts one. Without it S3 is
/// left out on a developer's machine and missing in CI.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see that S3 was left out")]
fn stores() -> Vec<(Blobs, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec![(Blobs::open(&BlobsConfig::Local(folder.path().join("objects"))).unwrap(), Some(folder))];
    match std::env::var("LOPMO_TEST_S3") {
        Ok(endpoint) => {
            let or = |name: &str, value: &str| std::env::var(name).unwrap_or_else(|_| value.to_owned());
            let config = BlobsConfig::S3 {
                endpoint: Some(endpoint),
                region: "us-east-1".to_owned(),
                bucket: or("LOPMO_TEST_S3_BUCKET", "lopmo-test"),
                access_key: or("LOPMO_TEST_S3_ACCESS_KEY", "lopmo"),
                secret_key: or("LOPMO_TEST_S3_SECRET_KEY", "lopmo-secret"),
                path_style: true,
            };
            all.push((Blobs::open(&config).unwrap(), None));
        }
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "LOPMO_TEST_S3 must be set in CI");
            eprintln!("LOPMO_TEST_S3 is not set: S3 is left out");
        }
    }
    all
}

/// A prefix of this run alone: the bucket may be shared.
fn prefix(name: &str) -> String {
    format!("test-{}-{name}", std::process::id())
}

fn bytes(length: usize) -> Bytes {
    (0..length).map(|at| (at * 7 % 253) as u8).collect::<Vec<_>>().into()
}

#[tokio::test]
async fn what_is_put_comes_back_whole_and_in_parts() {
    for (blobs, _folder) in stores() {
        let (key, all) = (format!("{}/a", prefix("put")), bytes(700_000));
        blobs.put(&key, all.clone()).await.unwrap();
        assert_eq!(blobs.size(&key).await.unwrap(), Some(700_000));
        let whole = blobs.get(&key, None).await.unwrap();
        assert_eq!((whole.size, whole.range.clone()), (700_000, 0..700_000));
        assert_eq!(whole.collect().await.unwrap(), all);
        for range in [0..1, 5..600_000, 699_999..700_000] {
            let part = blobs.get(&key, Some(range.clone())).await.unwrap();
            assert_eq!((part.size, part.range.clone()), (700_000, range.clone()));
            assert_eq!(part.collect().await.unwrap(), all.slice(range.start as usize..range.end as usize));
        }
        blobs.delete(&key).await.unwrap();
        blobs.delete(&key).await.unwrap();
        assert_eq!(blobs.size(&key).await.unwrap(), None);
        assert!(matches!(blobs.get(&key, None).await, Err(BlobError::NotFound(_))));
    }
}

#[tokio::test]
async fn a_large_object_is_written_piece_by_piece_and_seen_only_when_finished() {
    for (blobs, _folder) in stores() {
        let (key, all) = (format!("{}/big", prefix("writer")), bytes(20 << 20));
        let mut writer = blobs.writer(&key).await.unwrap();
        for piece in all.chunks(1_000_003) {
            writer.write(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        assert_eq!(blobs.size(&key).await.unwrap(), None);
        writer.finish().await.unwrap();
        let mut stream = blobs.get(&key, None).await.unwrap().stream;
        let mut back = Vec::new();
        while let Some(part) = stream.next().await {
            back.extend_from_slice(&part.unwrap());
        }
        assert!(back == all);
        let mut given_up = blobs.writer(&format!("{key}-2")).await.unwrap();
        given_up.write(Bytes::from_static(b"x")).await.unwrap();
        given_up.abort().await;
        assert_eq!(blobs.size(&format!("{key}-2")).await.unwrap(), None);
        blobs.delete(&key).await.unwrap();
    }
}

#[tokio::test]
async fn a_prefix_is_deleted_and_its_neighbour_stays() {
    for (blobs, _folder) in stores() {
        let root = prefix("prefix");
        for key in ["1/a", "1/b/c", "12/a"] {
            blobs.put(&format!("{root}/{key}"), Bytes::from_static(b"x")).await.unwrap();
        }
        blobs.delete_prefix(&format!("{root}/1")).await.unwrap();
        blobs.delete_prefix(&format!("{root}/nothing")).await.unwrap();
        assert_eq!(blobs.list(&root).await.unwrap(), [format!("{root}/12/a")]);
        blobs.delete_prefix(&root).await.unwrap();
    }
}

#[tokio::test]
async fn keys_that_mean_something_to_a_file_system_are_refused() {
    let (blobs, _folder) = stores().remove(0);
    for key in ["", "/", "../a", "a/../b", "a//b", "a/.hidden", "a\0", "à", "a b", "a/", "/a", &"a".repeat(600)] {
        assert!(matches!(blobs.put(key, Bytes::new()).await, Err(BlobError::BadKey(_))), "{key:?}");
    }
}

#[test]
fn a_full_disk_is_told_apart_however_deep_it_lies() {
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(BlobError::from_io(full()), BlobError::DiskFull));
    let wrapped = object_store::Error::Generic { store: "test", source: Box::new(full()) };
    assert!(matches!(BlobError::from(wrapped), BlobError::DiskFull));
    let other = object_store::Error::Generic { store: "test", source: Box::new(std::io::Error::other("x")) };
    assert!(matches!(BlobError::from(other), BlobError::Store(_)));
}

#[tokio::test]
async fn a_small_object_is_kept_in_memory_and_a_large_one_is_left_to_the_store() {
    for (blobs, _folder) in stores() {
        let (small, large) = (format!("{}/small", prefix("hot")), format!("{}/large", prefix("hot")));
        blobs.put(&small, bytes(100_000)).await.unwrap();
        blobs.put(&large, bytes(5 << 20)).await.unwrap();
        let hot = HotObjects::new(blobs.clone());
        let asked = futures::future::join_all((0..20).map(|_| hot.lookup(&small))).await;
        assert!(asked.iter().all(|found| found.as_ref() == Some(&bytes(100_000))));
        assert_eq!(hot.lookup(&large).await, None);
        assert_eq!(hot.lookup(&format!("{}/absent", prefix("hot"))).await, None);
        // Once read it does not need the store.
        blobs.delete(&small).await.unwrap();
        assert_eq!(hot.lookup(&small).await, Some(bytes(100_000)));
        hot.forget_when_idle();
        assert_eq!(hot.lookup(&small).await, Some(bytes(100_000)));
        // Nobody asked between two calls.
        hot.forget_when_idle();
        hot.forget_when_idle();
        assert_eq!(hot.lookup(&small).await, None);
    }
}

#[tokio::test]
async fn readers_that_hold_much_leave_no_room_until_they_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&BlobsConfig::Local(folder.path().join("objects"))).unwrap();
    let hot = HotObjects::new(blobs.clone());
    let key = |at: usize| format!("hot/{at}");
    for at in 0..32 {
        blobs.put(&key(at), bytes(4 << 20)).await.unwrap();
    }
    let mut held = Vec::new();
    for at in 0..32 {
        held.push(hot.lookup(&key(at)).await);
    }
    let in_memory = held.iter().flatten().count();
    assert!((12..=24).contains(&in_memory), "{in_memory} objects of 4 MB are in memory at once");
    let passed = (0..32).find(|at| held[*at].is_none()).unwrap();
    drop(held);
    assert_eq!(hot.lookup(&key(passed)).await, Some(bytes(4 << 20)));
}
