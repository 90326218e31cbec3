//! Watch evidence: seconds that were really played, no more.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::time::Duration;

use content::watch::{self, Credit, SamePlayer, Seen, WatchError, WatchReport, WatcherFilter, WatcherOrder, clip, take_within};
use identity::access::{Caller, Denied};
use kernel::{AssetId, ClassGroupId, LessonId, OrganisationId, PageLimit, PersonId, Role, SchoolYearId, WatchSessionId};
use proptest::prelude::*;
use support::World;

/// All watchers, read in pages of three.
async fn names(
    world: &World,
    caller: &Caller,
    lesson: LessonId,
    filter: WatcherFilter,
    order: WatcherOrder,
) -> Result<Vec<(String, f64)>, WatchError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let limit = PageLimit::asked(Some(3));
        let page = watch::watchers(&world.content, caller, lesson, filter, order, after.as_ref(), limit).await?;
        all.extend(page.items.into_iter().map(|row| (row.person.display_name, row.fraction)));
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// A video of a hundred seconds.
async fn video(world: &World, owner: &Caller, organisation: OrganisationId) -> AssetId {
    let file = world.finished(owner, organisation, "a.bin", b"\x00\x01 bytes").await;
    let mut tx = world.content.env.db.write().await.unwrap();
    db::sql!("INSERT INTO media (blob_id, state, duration_us, updated_at) SELECT blob_id, 'ready', 100000000, 0 FROM asset WHERE id = $1")
        .bind(file.id)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    file.id
}

async fn saw(world: &World, person: PersonId, lesson: LessonId, asset: AssetId, seconds: i64) {
    let mut tx = world.content.env.db.write().await.unwrap();
    db::sql!(
        "INSERT INTO watch (person_id, lesson_id, asset_id, position_us, seconds_seen, seen_count, credit_us, updated_at)
         VALUES ($1, $2, $3, 0, $4, $5, 0, 0)"
    )
    .bind(person)
    .bind(lesson)
    .bind(asset)
    .bind(Vec::<u8>::new())
    .bind(seconds)
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn class(world: &World, school: OrganisationId, name: &str) -> ClassGroupId {
    let (year, class): (SchoolYearId, ClassGroupId) = (world.content.env.ids.make(), world.content.env.ids.make());
    let mut tx = world.content.env.db.write().await.unwrap();
    db::sql!("INSERT INTO school_year (id, organisation_id, name, starts_on, ends_on) VALUES ($1, $2, $3, '2026-09-05', '2027-05-31')")
        .bind(year)
        .bind(school)
        .bind(name)
        .execute(&mut tx)
        .await
        .unwrap();
    db::sql!("INSERT INTO class_group (id, organisation_id, year_id, name, name_folded) VALUES ($1, $2, $3, $4, $4)")
        .bind(class)
        .bind(school)
        .bind(year)
        .bind(name)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    class
}

async fn put_in_class(world: &World, caller: &Caller, class: ClassGroupId) {
    let mut tx = world.content.env.db.write().await.unwrap();
    let changed = db::sql!("UPDATE enrolment SET class_group_id = $2 WHERE person_id = $1 AND until_at IS NULL")
        .bind(caller.person_id())
        .bind(class)
        .execute(&mut tx)
        .await
        .unwrap();
    assert_eq!(changed, 1);
    tx.commit().await.unwrap();
}

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
        let watchers = names(&world, &teacher, lesson, WatcherFilter::default(), WatcherOrder::Name).await.unwrap();
        assert_eq!(watchers, [("Lê Gia Dung".to_owned(), 0.3)]);
        assert!(names(&world, &pupil, lesson, WatcherFilter::default(), WatcherOrder::Name).await.is_err());
        assert_eq!(watch::recent(content, &pupil).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_class_teacher_sees_her_own_pupils_on_a_lesson_of_the_department_and_nobody_else() {
    for world in World::each_engine().await {
        let content = &world.content;
        let author = world.person(world.department, Role::Teacher, "Phan Thị Ở Sở").await;
        let film = video(&world, &author, world.department).await;
        let lesson = world.published(&author, world.department, "Bài của Sở", "chữ", &[film]).await;
        let (ours, theirs) = (class(&world, world.school, "10A1").await, class(&world, world.school, "10A2").await);
        let far = class(&world, world.other_school, "10B").await;
        let teacher = world.teacher().await;
        put_in_class(&world, &teacher, ours).await;
        let without_class = world.person(world.school, Role::Teacher, "Lý Không Lớp").await;
        for (school, class, name, seconds) in [
            (world.school, ours, "Nguyễn Văn An", 100),
            (world.school, ours, "Trần Thị Bé", 20),
            (world.school, theirs, "Lê Gia Dung", 50),
            (world.other_school, far, "Võ Minh", 70),
        ] {
            let pupil = world.person(school, Role::Pupil, name).await;
            put_in_class(&world, &pupil, class).await;
            saw(&world, pupil.person_id().unwrap(), lesson, film, seconds).await;
        }
        let all = |filter, order| names(&world, &author, lesson, filter, order);
        let of = |class| WatcherFilter { class: Some(class), asset: None };
        assert_eq!(all(WatcherFilter::default(), WatcherOrder::Name).await.unwrap().len(), 4);
        assert_eq!(all(of(theirs), WatcherOrder::Name).await.unwrap(), [("Lê Gia Dung".to_owned(), 0.5)]);

        let own = [("Nguyễn Văn An".to_owned(), 1.0), ("Trần Thị Bé".to_owned(), 0.2)];
        let seen = |filter, order| names(&world, &teacher, lesson, filter, order);
        assert_eq!(seen(WatcherFilter::default(), WatcherOrder::Name).await.unwrap(), own);
        assert_eq!(seen(of(ours), WatcherOrder::Least).await.unwrap()[0].0, "Trần Thị Bé");
        assert_eq!(seen(of(theirs), WatcherOrder::Name).await.unwrap(), []);
        assert_eq!(seen(of(far), WatcherOrder::Name).await.unwrap(), []);
        let summary = watch::watch_summary(content, &teacher, lesson, WatcherFilter::default()).await.unwrap();
        assert_eq!((summary.people, summary.nearly_all, summary.own_classes_only), (2, 1, true));
        assert!((summary.average - 0.6).abs() < 1e-9);
        assert_eq!(summary.classes.iter().map(|class| class.name.as_str()).collect::<Vec<_>>(), ["10A1"]);
        assert!(content::lessons::get_lesson(content, &teacher, lesson).await.unwrap().can_see_watchers);

        let refused = names(&world, &without_class, lesson, WatcherFilter::default(), WatcherOrder::Name).await;
        assert!(matches!(refused, Err(WatchError::Denied(Denied::Forbidden))));
        let summary = watch::watch_summary(content, &author, lesson, WatcherFilter::default()).await.unwrap();
        assert_eq!((summary.people, summary.own_classes_only), (4, false));
        let named: Vec<_> = summary.classes.iter().map(|class| (class.organisation.as_str(), class.name.as_str())).collect();
        assert_eq!(named, [("Trường Hoa Sen", "10A1"), ("Trường Hoa Sen", "10A2"), ("Trường Trúc Xanh", "10B")]);
    }
}

#[tokio::test]
async fn the_watchers_of_a_whole_province_come_page_by_page_in_every_order() {
    for world in World::each_engine().await {
        let content = &world.content;
        let author = world.person(world.department, Role::Teacher, "Phan Thị Ở Sở").await;
        let film = video(&world, &author, world.department).await;
        let lesson = world.published(&author, world.department, "Bài của Sở", "chữ", &[film]).await;
        let count = 2_100_i64;
        let mut tx = content.env.db.write().await.unwrap();
        for number in 0..count {
            let person: PersonId = content.env.ids.make();
            // Not in the order of their ids.
            let name = format!("Trò {:04}", (number * 1_013) % count);
            db::sql!("INSERT INTO person (id, display_name, name_folded, name_key, username, created_at) VALUES ($1, $2, $2, $2, $3, 0)")
                .bind(person)
                .bind(&name)
                .bind(format!("p{number}"))
                .execute(&mut tx)
                .await
                .unwrap();
            db::sql!(
                "INSERT INTO watch (person_id, lesson_id, asset_id, position_us, seconds_seen, seen_count, credit_us, updated_at)
                 VALUES ($1, $2, $3, 0, $4, $5, 0, 0)"
            )
            .bind(person)
            .bind(lesson)
            .bind(film)
            .bind(Vec::<u8>::new())
            .bind(number % 101)
            .execute(&mut tx)
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        for order in [WatcherOrder::Name, WatcherOrder::Least, WatcherOrder::Most] {
            let (mut rows, mut after) = (Vec::new(), None);
            loop {
                let limit = PageLimit::asked(Some(200));
                let filter = WatcherFilter { class: None, asset: Some(film) };
                let page = watch::watchers(content, &author, lesson, filter, order, after.as_ref(), limit).await.unwrap();
                rows.extend(page.items);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let people: std::collections::BTreeSet<_> = rows.iter().map(|row| row.person.id).collect();
            assert_eq!((rows.len() as i64, people.len() as i64), (count, count), "{order:?}");
            match order {
                WatcherOrder::Name => assert!(rows.is_sorted_by_key(|row| row.person.display_name.clone())),
                WatcherOrder::Least => assert!(rows.is_sorted_by(|a, b| a.fraction <= b.fraction)),
                WatcherOrder::Most => assert!(rows.is_sorted_by(|a, b| a.fraction >= b.fraction)),
            }
        }
        let summary = watch::watch_summary(content, &author, lesson, WatcherFilter::default()).await.unwrap();
        assert_eq!(summary.people, count);
        assert!((summary.average - 0.5).abs() < 0.02, "{}", summary.average);
        assert!((200..260).contains(&summary.nearly_all), "{}", summary.nearly_all);
    }
}
