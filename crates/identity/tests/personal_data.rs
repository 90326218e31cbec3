//! Erasure and export reach every table that names a person. The schema itself is read: a new column
//! that names somebody fails here until it is said what becomes of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "personal_data/rows.rs"]
mod rows;

use std::collections::BTreeSet;

use db::{Env, sql};
use identity::access::Caller;
use identity::people;
use kernel::PersonId;
use rows::Rows;
use serde_json::Value;

/// What erasing a person does to the rows that name her.
#[derive(Debug, PartialEq)]
enum Erased {
    /// They are gone.
    Gone,
    /// They stay, with her as nobody in particular; why.
    Kept(&'static str),
}

/// Where the export of a person tells of them.
#[derive(Debug, PartialEq)]
enum Exported {
    /// Under this key.
    Under(&'static str),
    /// Nowhere; why.
    Not(&'static str),
}

use Erased::{Gone, Kept};
use Exported::{Not, Under};

/// Every column that names a person.
const NAMES: &[(&str, &str, Erased, Exported)] = &[
    ("asset", "owner_id", Kept("lessons are made of files"), Under("files")),
    ("attempt", "person_id", Gone, Under("attempts")),
    ("attempt_hand_mark", "marked_by", Kept("the mark is the pupil's"), Not("the mark is the pupil's")),
    ("audit_entry", "actor_id", Kept("the log tells what was done"), Under("audit")),
    ("audit_entry", "subject_id", Kept("the log tells what was done"), Under("audit")),
    ("class", "created_by", Kept("the class is its teachers' and pupils'"), Under("classes_made")),
    ("class_member", "person_id", Gone, Under("classes_joined")),
    ("class_teacher", "person_id", Gone, Under("classes_taught")),
    ("credential", "person_id", Gone, Under("password")),
    ("enrolment", "person_id", Gone, Under("enrolments")),
    ("lesson", "created_by", Kept("lessons stay with the school"), Under("lessons")),
    ("lesson_editor", "person_id", Gone, Under("lessons")),
    ("lesson_version", "published_by", Kept("published lessons stay with the school"), Under("published")),
    ("password_link", "created_by", Kept("the link is another person's"), Not("it is in the log")),
    ("password_link", "person_id", Gone, Under("password_links")),
    ("people_import", "created_by", Gone, Under("imported_lists")),
    ("people_import_row", "person_id", Gone, Under("listed_in")),
    ("question", "created_by", Kept("questions stay with the school"), Under("questions")),
    ("question_file", "created_by", Kept("questions show it"), Not("it is in her questions")),
    ("question_folder", "created_by", Kept("folders stay with the school"), Not("a folder tells nothing of who made it")),
    ("question_folder", "owner_id", Gone, Under("question_folders")),
    ("question_import", "owner_id", Gone, Under("question_papers")),
    ("question_report", "reporter_id", Kept("the question may still be wrong"), Under("question_reports")),
    ("question_report", "resolved_by", Kept("the report is another's"), Not("the report is another's")),
    ("question_share", "created_by", Kept("it is lent to others"), Not("it is in the log")),
    ("question_share", "person_id", Gone, Under("question_folders_lent")),
    ("question_version", "saved_by", Kept("questions stay with the school"), Under("questions")),
    ("rehearsal", "asked_by", Kept("the report is the test's"), Not("the report is the test's")),
    ("role_assignment", "person_id", Gone, Under("roles")),
    ("school_number", "person_id", Gone, Under("school_numbers")),
    ("session", "person_id", Gone, Under("devices")),
    ("sign_in_failure", "subject", Gone, Under("sign_in_failures")),
    ("test", "owner_id", Kept("the test is its classes'"), Under("tests")),
    ("test_exception", "person_id", Gone, Under("test_exceptions")),
    ("test_message", "sent_by", Kept("it was said to those who sat the test"), Under("test_messages")),
    ("test_paper_key", "made_by", Kept("the key is the test's"), Not("the key is the test's")),
    ("upload", "owner_id", Kept("tidied away with its parts, at once due"), Under("uploads")),
    ("watch", "person_id", Gone, Under("watched")),
    ("watch_session", "person_id", Gone, Not("the bookkeeping of an open player")),
];

/// Columns called as if they named a person.
const NAMES_NOBODY: &[(&str, &str)] = &[
    ("attempt", "submitted_by"),
    ("class", "subject"),
    ("enrolment", "ended_by"),
    ("job", "subject_id"),
    ("lesson_version", "subject"),
    ("question", "subject"),
    ("test", "subject"),
];

/// Columns of a person that say nothing that the others do not, or nothing about her.
const NOT_OF_THE_PROFILE: &[&str] = &["id", "name_folded", "name_key", "email_folded", "national_id_disputed", "erased_at"];

/// Everybody's name for a column that names a person, and every reference to one.
fn names_a_person(column: &str, refers_to: Option<&str>) -> bool {
    refers_to == Some("person")
        || matches!(column, "person_id" | "actor_id" | "owner_id" | "user_id" | "subject_id" | "subject")
        || column.ends_with("_by")
        || column.ends_with("_person_id")
}

#[tokio::test]
async fn every_column_that_names_a_person_is_known_to_erasure_and_export() {
    let test = db::testing::sqlite().await;
    let mut rows = Rows::read(&test.env).await;
    let listed: BTreeSet<(String, String)> = NAMES
        .iter()
        .map(|(table, column, ..)| (*table, *column))
        .chain(NAMES_NOBODY.iter().copied())
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect();
    let found: BTreeSet<(String, String)> = rows
        .columns()
        .filter(|column| column.table != "person" && names_a_person(&column.name, column.refers_to.as_deref()))
        .map(|column| (column.table.clone(), column.name.clone()))
        .collect();
    assert_eq!(found, listed, "say in NAMES what becomes of a new column, and see that erasing.rs and export.rs do it");
    for (table, column, erased, exported) in NAMES {
        let texts = [if let Kept(why) = erased { why } else { "-" }, if let Not(why) = exported { why } else { "-" }];
        assert!(texts.iter().all(|why| !why.is_empty()), "{table}.{column} has its reasons");
    }
    rows.finish().await;
}

/// A person with a row in every table that can name her.
async fn somebody_everywhere(env: &Env) -> PersonId {
    let mut rows = Rows::read(env).await;
    let id = rows.add("person", &[]).await;
    for (table, column, ..) in NAMES {
        match *column {
            "subject" => rows.add_text(table, column, &format!("account:{id}")).await,
            _ => {
                rows.add(table, &[(*column, id)]).await;
            }
        }
    }
    rows.finish().await;
    PersonId(id)
}

async fn count(env: &Env, table: &str, column: &str, id: PersonId) -> i64 {
    let mut tx = env.db.read().await.unwrap();
    let text = format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1 OR {column} = $2");
    let query = db::Query::new(Box::leak(text.into_boxed_str())).bind(id).bind(format!("account:{id}"));
    let (count,): (i64,) = query.fetch_one(&mut tx).await.unwrap();
    count
}

#[tokio::test]
async fn the_export_tells_of_every_row_that_names_a_person() {
    let test = db::testing::sqlite().await;
    let id = somebody_everywhere(&test.env).await;
    let export = people::export(&test.env, &Caller::Operator, id).await.unwrap();
    for (table, column, _, exported) in NAMES {
        assert!(count(&test.env, table, column, id).await > 0, "{table}.{column} names her");
        if let Under(key) = exported {
            let told = match &export[*key] {
                Value::Array(lines) => !lines.is_empty(),
                other => !other.is_null(),
            };
            assert!(told, "{table}.{column} should be told under {key}: {export:#}");
        }
    }
    let rows = Rows::read(&test.env).await;
    for column in rows.columns().filter(|column| column.table == "person" && !NOT_OF_THE_PROFILE.contains(&column.name.as_str())) {
        assert!(export["profile"].get(&column.name).is_some(), "person.{} is in the profile", column.name);
    }
}

#[tokio::test]
async fn erasing_a_person_leaves_no_row_that_tells_of_her() {
    let test = db::testing::sqlite().await;
    let id = somebody_everywhere(&test.env).await;
    let mut rows = Rows::read(&test.env).await;
    let texts: Vec<String> =
        rows.columns().filter(|column| column.table == "person" && column.kind == "TEXT").map(|column| column.name.clone()).collect();
    for column in texts.iter().filter(|column| !matches!(column.as_str(), "locale" | "theme" | "state")) {
        rows.set("person", column, "zzmark", id.as_uuid()).await;
    }
    rows.finish().await;

    people::erase(&test.env, &Caller::Operator, id).await.unwrap();
    for (table, column, erased, _) in NAMES {
        let left = count(&test.env, table, column, id).await;
        assert_eq!(left == 0, *erased == Gone, "{table}.{column}: {left} left");
    }
    for column in &texts {
        let text = format!("SELECT {column} FROM person WHERE id = $1 AND {column} LIKE '%zzmark%'");
        let query = db::Query::new(Box::leak(text.into_boxed_str())).bind(id);
        let kept: Option<(String,)> = query.fetch_optional(&mut test.env.db.read().await.unwrap()).await.unwrap();
        assert_eq!(kept, None, "person.{column} is kept");
    }
    let addresses: Vec<(String,)> = sql!("SELECT address FROM audit_entry WHERE actor_id = $1 AND address IS NOT NULL")
        .bind(id)
        .fetch_all(&mut test.env.db.read().await.unwrap())
        .await
        .unwrap();
    assert!(addresses.is_empty(), "the log does not keep where she was");
}
