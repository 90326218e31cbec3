//! Figures of the content service at the size of a province, as one JSON object on standard output:
//! 91,000 pupils and 9,000 teachers in 518 places, 20,000 lessons, a lesson that every pupil has watched.
//! How many lines an import takes a second, and how long each page's reads take, in milliseconds.
//! On SQLite; on PostgreSQL too where `LOPMO_TEST_POSTGRES` names a server.
#![allow(clippy::unwrap_used, reason = "a bench may end at the first error")]
#![allow(missing_docs, reason = "a bench has no readers of its documentation")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::Cursor;
use std::time::Instant;

use content::assets::{self, AssetFilter};
use content::library::{self, Browse, Find, Sort};
use content::library_import::import;
use content::watch::{self, WatcherFilter, WatcherOrder};
use content::{Content, lessons};
use db::{Engine, WriteTx};
use identity::access::{Caller, SignedIn};
use kernel::{
    AssetId, BlobId, ClassGroupId, DeviceId, LessonId, OrganisationId, OrganisationKind, PageLimit, PersonId, Role, SchoolYearId,
};
use serde_json::{Map, Value, json};
use support::World;

const SCHOOLS: usize = 517;
const PUPILS: usize = 91_000;
const TEACHERS: usize = 9_000;
const LESSONS: usize = 20_000;
/// Lessons with a film, a sheet and a picture each.
const WITH_FILES: usize = 2_000;
const ROUNDS: usize = 30;

#[tokio::main]
async fn main() {
    let mut engines = vec![("sqlite", Some(db::testing::sqlite().await)), ("postgres", None)];
    if std::env::var_os("LOPMO_TEST_POSTGRES").is_some() {
        engines[1].1 = db::testing::postgres().await;
    }
    for (engine, test) in engines {
        let Some(test) = test else { continue };
        let figures = measure(&World::new(test).await).await;
        println!("{}", json!({ "bench": "province", "engine": engine, "figures": figures }));
    }
}

/// A row of many to be written.
macro_rules! write_all {
    ($tx:expr, $text:literal $(, $value:expr)*) => {
        db::sql!($text)$(.bind($value))*.execute(&mut $tx).await.unwrap()
    };
}

struct Province {
    administrator: Caller,
    head: Caller,
    teacher: Caller,
    pupil: Caller,
    watched: LessonId,
    with_files: LessonId,
}

async fn measure(world: &World) -> Value {
    let content = &world.content;
    let mut figures = Map::new();
    let province = fill(world, &mut figures).await;
    let page = PageLimit::asked(None);
    let Province { administrator, head, teacher, pupil, watched, with_files } = &province;
    for (name, caller) in [("administrator", administrator), ("head", head), ("teacher", teacher)] {
        let list = async || lessons::list_editable(content, caller, lessons::LessonFilter::All, None, page).await.unwrap().items.len();
        assert!(list().await > 0, "{name}");
        time(&mut figures, &format!("my_lessons_{name}"), list).await;
    }
    for (name, caller) in [("administrator", administrator), ("pupil", pupil)] {
        for (order, sort) in [("newest", Sort::Newest), ("title", Sort::Title)] {
            let what = Browse { sort, ..Browse::default() };
            let browse = async || library::browse(content, caller, &what, None, page).await.unwrap().items.len();
            assert!(browse().await > 0);
            time(&mut figures, &format!("library_{order}_{name}"), browse).await;
        }
        time(&mut figures, &format!("facets_{name}"), async || library::facets(content, caller).await.unwrap().subjects.len()).await;
    }
    time(&mut figures, "lesson_page_pupil", async || lessons::get_lesson(content, pupil, *watched).await.unwrap().assets.len()).await;
    time(&mut figures, "draft_with_files_teacher", async || lessons::get_draft(content, head, *with_files).await.unwrap().assets.len())
        .await;
    let files = AssetFilter::default();
    time(&mut figures, "my_files_teacher", async || assets::list(content, teacher, files, None, page).await.unwrap().items.len()).await;
    time(&mut figures, "recent_pupil", async || watch::recent(content, pupil).await.unwrap().len()).await;
    for (name, order) in [("name", WatcherOrder::Name), ("least", WatcherOrder::Least)] {
        let list = async || {
            let found = watch::watchers(content, administrator, *watched, WatcherFilter::default(), order, None, page).await.unwrap();
            found.items.len()
        };
        assert_eq!(list().await, 50);
        time(&mut figures, &format!("watchers_{name}_administrator"), list).await;
    }
    let own = async || {
        let filter = WatcherFilter::default();
        watch::watchers(content, teacher, *watched, filter, WatcherOrder::Least, None, page).await.unwrap().items.len()
    };
    assert!(own().await > 0);
    time(&mut figures, "watchers_class_teacher", own).await;
    let summary = async || watch::watch_summary(content, administrator, *watched, WatcherFilter::default()).await.unwrap().people as usize;
    assert_eq!(summary().await, PUPILS);
    time(&mut figures, "watch_summary_administrator", summary).await;
    time(&mut figures, "co_author_candidates", async || {
        lessons::list_candidates(content, head, *with_files, "nguyen").await.unwrap().len()
    })
    .await;
    // Unoptimised, the index alone takes many minutes: a debug build only shows that the rest runs.
    if !cfg!(debug_assertions) {
        let began = Instant::now();
        content.search.catch_up(&content.env).await.unwrap();
        figures.insert("indexed_lessons_per_second".to_owned(), json!((LESSONS as f64 / began.elapsed().as_secs_f64()).round()));
        for (name, caller) in [("administrator", administrator), ("pupil", pupil)] {
            let what = Find { text: "bài số".to_owned(), limit: 20, ..Find::default() };
            time(&mut figures, &format!("search_{name}"), async || library::find(content, caller, &what).await.unwrap().items.len()).await;
        }
    }
    Value::Object(figures)
}

/// The median of some rounds.
async fn time(figures: &mut Map<String, Value>, name: &str, run: impl AsyncFn() -> usize) {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        std::hint::black_box(run().await);
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    figures.insert(format!("{name}_ms"), json!((times[ROUNDS / 2] * 100.0).round() / 100.0));
}

fn caller(content: &Content, person_id: PersonId) -> Caller {
    Caller::Person(SignedIn { person_id, device_id: content.env.ids.make::<DeviceId>(), address: String::new() })
}

async fn person(
    tx: &mut WriteTx,
    content: &Content,
    organisation: OrganisationId,
    role: Role,
    number: usize,
    class: Option<ClassGroupId>,
) -> PersonId {
    const FAMILY: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"];
    let id: PersonId = content.env.ids.make();
    let name = format!("{} Văn {number}", FAMILY[number % 8]);
    let folded = exchange::vietnamese::fold(&name);
    let key = exchange::vietnamese::name_sort_key(&name);
    write_all!(
        *tx,
        "INSERT INTO person (id, display_name, name_folded, name_key, username, created_at) VALUES ($1, $2, $3, $4, $5, 0)",
        id,
        name,
        folded,
        key,
        format!("{}.{number}", role.as_str())
    );
    write_all!(
        *tx,
        "INSERT INTO role_assignment (id, person_id, organisation_id, role, from_at) VALUES ($1, $2, $3, $4, 0)",
        content.env.ids.make::<uuid::Uuid>(),
        id,
        organisation,
        role
    );
    write_all!(
        *tx,
        "INSERT INTO enrolment (id, person_id, organisation_id, class_group_id, role, reason, from_at) VALUES ($1, $2, $3, $4, $5, 'created', 0)",
        content.env.ids.make::<uuid::Uuid>(),
        id,
        organisation,
        class,
        role
    );
    id
}

async fn fill(world: &World, figures: &mut Map<String, Value>) -> Province {
    let content = &world.content;
    let department = world.department;
    let mut schools = Vec::with_capacity(SCHOOLS);
    for number in 0..SCHOOLS {
        let (name, code) = (format!("Trường số {number}"), format!("S{number}"));
        schools.push(support::organisation(content, Some(department), OrganisationKind::School, &name, &code).await);
    }
    let mut tx = content.env.db.write().await.unwrap();
    let administrator = person(&mut tx, content, department, Role::Administrator, 0, None).await;
    let head = person(&mut tx, content, schools[0], Role::SchoolHead, 1, None).await;
    let mut classes = Vec::new();
    for (number, school) in schools.iter().enumerate() {
        let year: SchoolYearId = content.env.ids.make();
        write_all!(
            tx,
            "INSERT INTO school_year (id, organisation_id, name, starts_on, ends_on) VALUES ($1, $2, '2026-2027', '2026-09-05', '2027-05-31')",
            year,
            *school
        );
        for class in 0..4 {
            let (id, name): (ClassGroupId, _) = (content.env.ids.make(), format!("10A{class}"));
            write_all!(
                tx,
                "INSERT INTO class_group (id, organisation_id, year_id, name, name_folded) VALUES ($1, $2, $3, $4, $4)",
                id,
                *school,
                year,
                name
            );
            classes.push((number, id));
        }
    }
    let (mut teachers, mut pupils) = (Vec::new(), Vec::new());
    for number in 0..TEACHERS {
        // The first of a school has a class.
        let (at, class) = (number % SCHOOLS, (number < SCHOOLS).then(|| classes[number * 4].1));
        teachers.push((at, person(&mut tx, content, schools[at], Role::Teacher, number, class).await));
    }
    for number in 0..PUPILS {
        let (at, class) = classes[number % classes.len()];
        pupils.push(person(&mut tx, content, schools[at], Role::Pupil, number, Some(class)).await);
    }
    tx.commit().await.unwrap();

    let lines: String = (0..LESSONS).map(line).collect();
    let began = Instant::now();
    let report = import(content, &Caller::Operator, "S0", Cursor::new(lines.clone()), |_| {}).await.unwrap();
    assert_eq!((report.added as usize, report.bad), (LESSONS, 0));
    figures.insert("import_lines_per_second".to_owned(), json!((LESSONS as f64 / began.elapsed().as_secs_f64()).round()));
    let began = Instant::now();
    let again = import(content, &Caller::Operator, "S0", Cursor::new(lines), |_| {}).await.unwrap();
    assert_eq!(again.unchanged as usize, LESSONS);
    figures.insert("reimport_lines_per_second".to_owned(), json!((LESSONS as f64 / began.elapsed().as_secs_f64()).round()));

    let mut tx = content.env.db.write().await.unwrap();
    let ids: Vec<(LessonId,)> = db::sql!("SELECT id FROM lesson ORDER BY external_id").fetch_all(&mut tx).await.unwrap();
    for (number, (lesson,)) in ids.iter().enumerate() {
        let (at, teacher) = teachers[number % teachers.len()];
        write_all!(tx, "UPDATE lesson SET organisation_id = $2, created_by = $3 WHERE id = $1", *lesson, schools[at], teacher);
        write_all!(tx, "INSERT INTO lesson_editor (lesson_id, person_id) VALUES ($1, $2)", *lesson, teacher);
        if number < WITH_FILES {
            for kind in ["video", "pdf", "picture"] {
                file(&mut tx, content, *lesson, schools[at], teacher, kind).await;
            }
        }
    }
    // One lesson is the department's, with a film that every pupil has seen a part of.
    let watched = ids[0].0;
    write_all!(tx, "UPDATE lesson SET organisation_id = $2 WHERE id = $1", watched, department);
    let (film,): (AssetId,) = db::sql!(
        "SELECT la.asset_id FROM lesson_asset la JOIN asset a ON a.id = la.asset_id WHERE la.lesson_id = $1 AND a.kind = 'video' LIMIT 1"
    )
    .bind(watched)
    .fetch_one(&mut tx)
    .await
    .unwrap();
    for (number, pupil) in pupils.iter().enumerate() {
        write_all!(
            tx,
            "INSERT INTO watch (person_id, lesson_id, asset_id, position_us, seconds_seen, seen_count, credit_us, updated_at)
             VALUES ($1, $2, $3, 0, $4, $5, 0, $6)",
            *pupil,
            watched,
            film,
            vec![255_u8; 75],
            (number % 601) as i64,
            number as i64
        );
    }
    if content.env.db.engine() == Engine::Postgres {
        // As its autovacuum does by itself after a while.
        write_all!(tx, "ANALYZE");
    }
    tx.commit().await.unwrap();
    Province {
        administrator: caller(content, administrator),
        head: caller(content, head),
        teacher: caller(content, teachers[0].1),
        pupil: caller(content, pupils[0]),
        watched,
        with_files: ids[SCHOOLS].0,
    }
}

fn line(number: usize) -> String {
    let subjects = ["toan", "vat-li", "hoa-hoc", "sinh-hoc", "lich-su", "dia-li"];
    let text = "Đoạn văn của bài giảng nói về một điều cần nhớ, với ví dụ và câu hỏi để học sinh tự làm ở nhà. ".repeat(6);
    let item = json!({
        "external_id": format!("bai-{number:05}"),
        "title": format!("Bài số {} của bộ học liệu", (number * 7_919) % LESSONS),
        "text": format!("{text}\n{text}\nCâu hỏi {number}"),
        "subject": subjects[number % 6],
        "grade": number % 12 + 1,
        "language": "vi",
        "licence": "CC-BY-4.0",
        "tags": ["ôn tập", "lớp học"],
    });
    format!("{item}\n")
}

async fn file(tx: &mut WriteTx, content: &Content, lesson: LessonId, school: OrganisationId, owner: PersonId, kind: &str) {
    let (asset, blob): (AssetId, BlobId) = (content.env.ids.make(), content.env.ids.make());
    write_all!(
        *tx,
        "INSERT INTO blob (id, sha256, size, mime, object_key, created_at) VALUES ($1, $2, 1000, 'video/mp4', $2, 0)",
        blob,
        blob.to_string()
    );
    write_all!(
        *tx,
        "INSERT INTO media (blob_id, state, duration_us, poster_file, extracted_text, updated_at) VALUES ($1, 'ready', 600000000, 'poster.jpg', $2, 0)",
        blob,
        (kind == "pdf").then(|| "Chữ trong phiếu học tập. ".repeat(200))
    );
    write_all!(
        *tx,
        "INSERT INTO asset (id, organisation_id, owner_id, filename, size, kind, state, blob_id, created_at, updated_at)
         VALUES ($1, $2, $3, 'tep', 1000, $4, 'ready', $5, 0, 0)",
        asset,
        school,
        owner,
        kind,
        blob
    );
    for version in [0_i64, 1] {
        write_all!(*tx, "INSERT INTO lesson_asset (lesson_id, version, asset_id) VALUES ($1, $2, $3)", lesson, version, asset);
    }
    if kind != "video" {
        return;
    }
    for (track, height) in [("v240", 240_i64), ("v480", 480), ("v720", 720), ("a128", 0)] {
        write_all!(
            *tx,
            "INSERT INTO media_track (blob_id, track, kind, width, height, bandwidth, average_bandwidth, codecs, frame_rate, done)
             VALUES ($1, $2, $3, 0, $4, 1, 1, 'x', 25.0, $5)",
            blob,
            track,
            if height == 0 { "audio" } else { "video" },
            height,
            true
        );
        write_all!(
            *tx,
            "INSERT INTO media_segment (blob_id, track, sequence, file, duration_us, bytes) VALUES ($1, $2, 1, 'f', 4000000, 1)",
            blob,
            track
        );
    }
    write_all!(
        *tx,
        "INSERT INTO asset_caption (asset_id, language, label, vtt, plain_text, updated_at) VALUES ($1, 'vi', 'Tiếng Việt', '', 'Lời thoại', 0)",
        asset
    );
}
