//! What a migration does with the rows it finds.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use db::testing::engines_before;
use db::{WriteTx, migrate, sql};
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const PROVINCE: u128 = 1;
const SCHOOL: u128 = 2;
const CAMPUS: u128 = 3;

async fn organisation(tx: &mut WriteTx, number: u128, kind: &str, above: &[u128]) {
    sql!("INSERT INTO organisation (id, parent_id, kind, name, name_folded, created_at) VALUES ($1, $2, $3, '', '', 0)")
        .bind(id(number))
        .bind(above.first().map(|parent| id(*parent)))
        .bind(kind)
        .execute(tx)
        .await
        .unwrap();
    for (depth, ancestor) in (0_i64..).zip(std::iter::once(&number).chain(above)) {
        sql!("INSERT INTO organisation_closure (ancestor_id, descendant_id, depth) VALUES ($1, $2, $3)")
            .bind(id(*ancestor))
            .bind(id(number))
            .bind(depth)
            .execute(tx)
            .await
            .unwrap();
    }
}

/// A person as the third migration knows her, with roles (where, since, until).
async fn person(tx: &mut WriteTx, number: u128, code: Option<&str>, national_id: Option<&str>, roles: &[(u128, i64, Option<i64>)]) {
    // Not by sql!, which the test of all statements prepares on the schema of today.
    let insert = "INSERT INTO person (id, display_name, name_folded, name_key, username, code, national_id, created_at)
        VALUES ($1, '', '', '', $2, $3, $4, $5)";
    db::Query::new(insert)
        .bind(id(number))
        .bind(format!("u{number}"))
        .bind(code)
        .bind(national_id)
        .bind(i64::try_from(number).unwrap())
        .execute(tx)
        .await
        .unwrap();
    for (place, (organisation, from, until)) in roles.iter().enumerate() {
        sql!("INSERT INTO role_assignment (id, person_id, organisation_id, role, from_at, until_at) VALUES ($1, $2, $3, 'pupil', $4, $5)")
            .bind(id(number * 1000 + place as u128))
            .bind(id(number))
            .bind(id(*organisation))
            .bind(*from)
            .bind(*until)
            .execute(tx)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn codes_of_the_whole_server_become_numbers_of_the_school_of_their_holder() {
    for test in engines_before(4).await {
        let mut tx = test.env.db.write().await.unwrap();
        organisation(&mut tx, PROVINCE, "department", &[]).await;
        organisation(&mut tx, SCHOOL, "school", &[PROVINCE]).await;
        organisation(&mut tx, CAMPUS, "campus", &[SCHOOL, PROVINCE]).await;
        person(&mut tx, 10, Some("HS1"), None, &[(SCHOOL, 5, None)]).await;
        person(&mut tx, 11, Some("HS2"), None, &[(CAMPUS, 6, None)]).await;
        person(&mut tx, 12, Some("CV1"), None, &[(PROVINCE, 7, None)]).await;
        person(&mut tx, 13, Some("HS3"), None, &[(PROVINCE, 1, Some(2)), (SCHOOL, 3, Some(9))]).await;
        person(&mut tx, 14, None, None, &[(SCHOOL, 5, None)]).await;
        tx.commit().await.unwrap();

        migrate(&test.env.db).await.unwrap();
        let mut tx = test.env.db.read().await.unwrap();
        let numbers: Vec<(Uuid, Uuid, String, i64, Option<i64>)> =
            sql!("SELECT person_id, organisation_id, number, given_at, until_at FROM school_number ORDER BY person_id")
                .fetch_all(&mut tx)
                .await
                .unwrap();
        let expected = [
            (id(10), id(SCHOOL), "HS1".to_owned(), 5, None),
            (id(11), id(SCHOOL), "HS2".to_owned(), 6, None),
            (id(12), id(PROVINCE), "CV1".to_owned(), 7, None),
            (id(13), id(SCHOOL), "HS3".to_owned(), 3, Some(9)),
        ];
        assert_eq!(numbers, expected);
        let left: Vec<(String,)> = sql!("SELECT username FROM person WHERE ministry_id IS NOT NULL").fetch_all(&mut tx).await.unwrap();
        assert!(left.is_empty(), "a school's number is nobody's identifier of the ministry");
    }
}

#[tokio::test]
async fn a_national_identifier_entered_twice_stays_with_both_and_counts_for_the_first() {
    for test in engines_before(4).await {
        let mut tx = test.env.db.write().await.unwrap();
        for (number, card) in [(20, Some("012345678901")), (21, Some("012345678901")), (22, Some("012345678901")), (23, None)] {
            person(&mut tx, number, None, card, &[]).await;
        }
        tx.commit().await.unwrap();
        migrate(&test.env.db).await.unwrap();
        let mut tx = test.env.db.read().await.unwrap();
        let cards: Vec<(Option<String>, bool)> =
            sql!("SELECT national_id, national_id_disputed FROM person ORDER BY id").fetch_all(&mut tx).await.unwrap();
        let card = Some("012345678901".to_owned());
        assert_eq!(cards, [(card.clone(), false), (card.clone(), true), (card, true), (None, false)]);
    }
}

#[tokio::test]
async fn papers_and_pictures_of_before_are_counted_for_whom_they_belong_to() {
    for test in engines_before(7).await {
        let mut tx = test.env.db.write().await.unwrap();
        organisation(&mut tx, PROVINCE, "department", &[]).await;
        organisation(&mut tx, SCHOOL, "school", &[PROVINCE]).await;
        organisation(&mut tx, CAMPUS, "campus", &[SCHOOL, PROVINCE]).await;
        for (number, place) in [(30_u128, Some(SCHOOL)), (31, None)] {
            sql!("INSERT INTO person (id, display_name, name_folded, name_key, username, created_at) VALUES ($1, '', '', '', $2, 0)")
                .bind(id(number))
                .bind(format!("u{number}"))
                .execute(&mut tx)
                .await
                .unwrap();
            if let Some(place) = place {
                sql!("INSERT INTO role_assignment (id, person_id, organisation_id, role, from_at) VALUES ($1, $2, $3, 'teacher', 5)")
                    .bind(id(number * 1000))
                    .bind(id(number))
                    .bind(id(place))
                    .execute(&mut tx)
                    .await
                    .unwrap();
            }
        }
        sql!("UPDATE organisation SET used_bytes = 1 WHERE id = $1").bind(id(SCHOOL)).execute(&mut tx).await.unwrap();
        sql!("INSERT INTO blob (id, sha256, size, mime, object_key, created_at) VALUES ($1, 'x', 0, '', 'x', 0)")
            .bind(id(40))
            .execute(&mut tx)
            .await
            .unwrap();
        sql!(
            "INSERT INTO question_import (id, owner_id, organisation_id, filename, size, source_blob_id, state, revision, created_at, updated_at)
             VALUES ($1, $2, $3, '', 1000, $4, 'ready', 1, 0, 0)"
        )
        .bind(id(41))
        .bind(id(30))
        .bind(id(CAMPUS))
        .bind(id(40))
        .execute(&mut tx)
        .await
        .unwrap();
        // Of the paper, of a teacher, and of somebody who works nowhere.
        for (number, size, by) in [(50_u128, 10, 30_u128), (51, 200, 30), (52, 5000, 31)] {
            sql!("INSERT INTO question_file (id, blob_id, mime, size, created_by, created_at) VALUES ($1, $2, 'image/png', $3, $4, 0)")
                .bind(id(number))
                .bind(id(40))
                .bind(size)
                .bind(id(by))
                .execute(&mut tx)
                .await
                .unwrap();
        }
        sql!("INSERT INTO question_import_file (import_id, media_id, file_id) VALUES ($1, 'img1', $2)")
            .bind(id(41))
            .bind(id(50))
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();

        migrate(&test.env.db).await.unwrap();
        let mut tx = test.env.db.read().await.unwrap();
        let used: Vec<(Uuid, i64)> = sql!("SELECT id, used_bytes FROM organisation ORDER BY id").fetch_all(&mut tx).await.unwrap();
        assert_eq!(used, [(id(PROVINCE), 0), (id(SCHOOL), 201), (id(CAMPUS), 1010)]);
        let files: Vec<(Option<Uuid>,)> = sql!("SELECT organisation_id FROM question_file ORDER BY id").fetch_all(&mut tx).await.unwrap();
        assert_eq!(files, [(Some(id(CAMPUS)),), (Some(id(SCHOOL)),), (None,)]);
    }
}

#[tokio::test]
async fn a_database_that_ran_the_first_form_of_the_eighteenth_migration_goes_on() {
    const FIRST_FORM: &str = "0a39a5a6e4965bf78d5880746214a352e6bc653dfbec5b3aba1cf423bdd918e600cf0433fbecb6f192cb290311cbe3b4";
    for test in engines_before(19).await {
        let db = &test.env.db;
        let mut tx = db.write().await.unwrap();
        db::Query::new("UPDATE _sqlx_migrations SET checksum = $1 WHERE version = 18")
            .bind(hex::decode(FIRST_FORM).unwrap())
            .execute(&mut tx)
            .await
            .unwrap();
        db::Query::new("DROP INDEX attempt_test").execute(&mut tx).await.unwrap();
        db::Query::new("CREATE INDEX attempt_test ON attempt (test_id)").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        migrate(db).await.unwrap();
        migrate(db).await.unwrap();
        let text = match test.url {
            db::DbUrl::Sqlite(_) => "SELECT sql FROM sqlite_master WHERE name = 'attempt_test'",
            db::DbUrl::Postgres(_) => "SELECT indexdef FROM pg_indexes WHERE indexname = 'attempt_test'",
        };
        let (made,): (String,) = db::Query::new(text).fetch_one(&mut db.read().await.unwrap()).await.unwrap();
        assert!(made.ends_with("(test_id, kind, state)"), "{made}");
    }
}

#[tokio::test]
async fn a_migration_that_ran_in_a_text_nobody_knows_stops_the_start() {
    for test in engines_before(19).await {
        let mut tx = test.env.db.write().await.unwrap();
        db::Query::new("UPDATE _sqlx_migrations SET checksum = $1 WHERE version = 18").bind(vec![7_u8; 48]).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert!(migrate(&test.env.db).await.is_err());
    }
}
