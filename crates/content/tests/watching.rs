//! Watch evidence: seconds that were really played, no more.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::time::Duration;

use content::watch::{self, Credit, SamePlayer, Seen, WatchReport, clip, take_within};
use kernel::WatchSessionId;
use proptest::prelude::*;
use support::World;

proptest! {
    #[test]
    fn nobody_is_believed_more_than_the_time_that_passed(
        reports in prop::collection::vec((0u64..30, 0.0f64..16.0, prop::collection::vec((0i64..200_000_000, 0i64..200_000_000), 0..5), any::<bool>()), 1..40),
    ) {
        let duration = 120_000_000;
        let (mut credit, mut seen, mut passed) = (Credit::first(), Seen::default(), 0u64);
        for (seconds, rate, played, same) in reports {
            passed += seconds;
            credit = credit.after(Duration::from_secs(seconds), rate, if same { SamePlayer::Yes } else { SamePlayer::No });
            let (believed, left) = take_within(&clip(&played, duration), credit);
            seen.mark(&believed);
            credit = left;
            prop_assert!(credit.us >= 0);
        }
        // Twice the time, twenty seconds to begin with; a second counts from its half.
        prop_assert!(seen.count() <= i64::try_from(2 * (2 * passed + 20)).unwrap());
        prop_assert!(seen.count() <= 120);
    }

    #[test]
    fn seconds_cut_by_reports_are_counted_once_and_not_lost(mut cuts in prop::collection::vec(0i64..60_000_000, 0..30)) {
        cuts.extend([0, 60_000_000]);
        cuts.sort_unstable();
        let mut seen = Seen::default();
        for pair in cuts.windows(2) {
            seen.mark(&clip(&[(pair[0], pair[1])], 60_000_000));
        }
        // A second cut into three pieces or more may miss; cut once it never does.
        let mut whole = Seen::default();
        whole.mark(&[(0, 60_000_000)]);
        prop_assert_eq!(whole.count(), 60);
        prop_assert!(seen.count() <= 60);
        let crowded = cuts.windows(3).filter(|three| three[2] - three[0] < 1_000_000).count() as i64;
        prop_assert!(seen.count() >= 60 - crowded);
    }

    #[test]
    fn claiming_a_range_twice_says_no_more(from in 0i64..50_000_000, length in 0i64..50_000_000) {
        let (mut once, mut twice) = (Seen::default(), Seen::default());
        once.mark(&[(from, from + length)]);
        twice.mark(&[(from, from + length), (from, from + length)]);
        prop_assert_eq!(once, twice);
    }
}

#[tokio::test]
async fn a_teacher_sees_what_was_really_watched() {
    for world in World::each_engine().await {
        let (content, teacher) = (&world.content, world.teacher().await);
        let pupil = world.person(world.school, kernel::Role::Pupil, "Lê Gia Dung").await;
        let file = world.finished(&teacher, world.school, "a.bin", b"\x00\x01 bytes").await;
        let mut tx = content.env.db.write().await.unwrap();
        db::sql!(
            "INSERT INTO media (blob_id, state, duration_us, updated_at) SELECT blob_id, 'ready', 100000000, 0 FROM asset WHERE id = $1"
        )
        .bind(file.id)
        .execute(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let lesson = world.published(&teacher, world.school, "Phim", "chữ", &[file.id]).await;
        let session: WatchSessionId = content.env.ids.make();
        let send = async |session, sequence, position_us, played: &[(i64, i64)]| {
            let report = WatchReport { session, sequence, position_us, rate: 1.0, played: played.to_vec() };
            watch::report(content, &pupil, lesson, file.id, &report).await.unwrap();
            watch::mine(content, &pupil, lesson).await.unwrap().first().map(|row| (row.watched_us, row.position_us)).unwrap()
        };
        const S: i64 = 1_000_000;
        assert_eq!(send(session, 1, 10 * S, &[(0, 10 * S)]).await, (10 * S, 10 * S));
        // The same report again, and an older one: nothing.
        assert_eq!(send(session, 1, 50 * S, &[(0, 50 * S)]).await, (10 * S, 10 * S));
        // Everything at once, after ten seconds: ten seconds and what was left of the beginning.
        world.test.clock.advance(Duration::from_secs(10));
        assert_eq!(send(session, 2, 100 * S, &[(10 * S, 100 * S)]).await, (30 * S, 100 * S));
        // Another player at once has nothing to spend.
        assert_eq!(send(content.env.ids.make(), 1, 100 * S, &[(40 * S, 100 * S)]).await, (30 * S, 100 * S));
        let watchers = watch::watchers(content, &teacher, lesson).await.unwrap();
        assert_eq!(watchers.len(), 1);
        assert_eq!((watchers[0].person.display_name.as_str(), watchers[0].fraction), ("Lê Gia Dung", 0.3));
        assert!(watch::watchers(content, &pupil, lesson).await.is_err());
        assert_eq!(watch::recent(content, &pupil).await.unwrap().len(), 1);
    }
}
