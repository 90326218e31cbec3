//! Papers of questions from their last byte to the desk, with real children.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use db::jobs::{self, Lane};
use db::testing::hours;
use identity::access::Caller;
use kernel::QuestionImportId;
use media::office::LibreOffice;
use papers::model::{Key, Media, Paper};
use papers::{Format, light};
use questions::Questions;
use questions::imports::{self, ImportState, QuestionImport};
use support::World;
use worker::{Process, Worker, WorkerConfig};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";

const TEXT: &str = "Câu 1. [NB] Cho ![img1] và $x^2$. Chất nào?\nA. Sắt\n*B. Đồng\nC. Nhôm\nD. Bạc\n\
    Câu 2. Số nào?\nA. 1\nB. 2\nC. 3\nD. 4\nCâu 3. Bao nhiêu?\nĐáp án: 12,5\n";

fn child() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_worker-child"))
}

fn worker_with(world: &World, program: &str) -> Worker {
    Worker::new(world.content.clone(), WorkerConfig { media_program: program.into(), long_lanes: 1, short_lanes: 1, keep_audit: None })
}

fn worker(world: &World) -> Worker {
    worker_with(world, child().to_str().unwrap())
}

fn paper() -> Paper {
    let picture =
        Media { id: "img1".to_owned(), file: "img1.png".to_owned(), mime: "image/png".to_owned(), content: Bytes::from_static(PNG) };
    let mut paper = light::parse(TEXT, vec![picture.clone()]);
    paper.media = vec![picture];
    paper
}

fn docx() -> Vec<u8> {
    papers::write(&paper(), Format::Docx).unwrap().bytes
}

/// A Word file with something in its text part.
fn word(prolog: &str, body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let document = format!(
        "{prolog}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    for (name, text) in [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>",
        ),
        ("word/document.xml", &document),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn given(world: &World, caller: &Caller, name: &str, bytes: &[u8]) -> QuestionImportId {
    let questions = Questions::new(world.content.clone());
    let pieces: Vec<_> = bytes.chunks(1 << 20).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    imports::create(&questions, caller, world.school, name, Box::pin(futures::stream::iter(pieces))).await.unwrap().id
}

async fn look(world: &World, caller: &Caller, id: QuestionImportId) -> QuestionImport {
    imports::get(&Questions::new(world.content.clone()), caller, id).await.unwrap()
}

async fn read(world: &World, caller: &Caller, name: &str, bytes: &[u8]) -> QuestionImport {
    let id = given(world, caller, name, bytes).await;
    worker(world).run_due().await.unwrap();
    look(world, caller, id).await
}

#[tokio::test]
async fn a_word_paper_comes_onto_the_desk_with_its_pictures_and_its_look() {
    for world in World::each_engine().await {
        let (questions, teacher) = (Questions::new(world.content.clone()), world.teacher().await);
        let id = given(&world, &teacher, "Đề thi/Đề 1.docx", &docx()).await;
        assert_eq!(look(&world, &teacher, id).await.state, ImportState::Waiting);
        worker(&world).run_due().await.unwrap();
        let found = look(&world, &teacher, id).await;
        assert_eq!(
            (found.state, found.format.as_deref(), found.filename.as_str()),
            (ImportState::Ready, Some("docx"), "Đề 1.docx"),
            "{found:?}"
        );
        assert_eq!((found.counts.questions, found.counts.missing_keys), (3, 1));
        let paper = imports::get_paper(&questions, &teacher, id).await.unwrap();
        assert_eq!(paper.questions.iter().map(|question| question.key).collect::<Vec<_>>(), [Key::Known, Key::Missing, Key::Known]);
        let media = imports::get_media(&questions, &teacher, id, &paper.media[0].id).await.unwrap().unwrap();
        assert_eq!(media.mime, "image/png");
        assert_eq!(world.content.blobs.get(&media.object_key, None).await.unwrap().collect().await.unwrap(), PNG);
        let document = imports::get_document(&questions, &teacher, id).await.unwrap();
        assert!(document.contains("Chất nào?") && document.contains("\"kind\":\"paragraph\""), "{document}");
        assert_eq!(std::fs::read_dir(&*world.content.temp_folder).unwrap().count(), 0, "nothing is left in the temporary folder");
    }
}

#[tokio::test]
async fn a_text_of_questions_has_no_look_and_is_read_by_its_content() {
    let world = World::new(db::testing::sqlite().await).await;
    let (questions, teacher) = (Questions::new(world.content.clone()), world.teacher().await);
    let found = read(&world, &teacher, "câu hỏi.docx", "::Một:: Thủ đô? {=Hà Nội ~Huế}".as_bytes()).await;
    assert_eq!((found.state, found.format.as_deref()), (ImportState::Ready, Some("gift")));
    assert_eq!(imports::get_document(&questions, &teacher, found.id).await.unwrap(), "{\"blocks\":[]}");
}

#[tokio::test]
async fn an_old_word_file_in_an_old_font_is_read_in_unicode() {
    let Some(office) = LibreOffice::find() else {
        assert!(std::env::var_os("CI").is_none(), "LibreOffice must be installed in CI");
        println!("NOTE: LibreOffice is absent, this test was left out");
        return;
    };
    let world = World::new(db::testing::sqlite().await).await;
    let (questions, teacher) = (Questions::new(world.content.clone()), world.teacher().await);
    let line = |text: &str| {
        format!("<w:p><w:r><w:rPr><w:rFonts w:ascii=\"VNI-Times\" w:hAnsi=\"VNI-Times\"/></w:rPr><w:t>{text}</w:t></w:r></w:p>")
    };
    let lines = ["Caâu 1. Chaát naøo daãn ñieän toát nhaát?", "A. Saét", "B. Ñoàng", "C. Nhöïa", "D. Goã", "Ñaùp aùn: B"];
    let folder = tempfile::tempdir().unwrap();
    let doc = old_word(&office, folder.path(), &word("", &lines.map(line).concat()));
    let found = read(&world, &teacher, "de cu.doc", &doc).await;
    assert_eq!((found.state, found.format.as_deref()), (ImportState::Ready, Some("doc")), "{found:?}");
    let paper = imports::get_paper(&questions, &teacher, found.id).await.unwrap();
    let question = &paper.questions[0];
    assert_eq!(question.stem.to_text(), "Chất nào dẫn điện tốt nhất?");
    assert_eq!(question.options[1].content.to_text(), "Đồng");
    assert_eq!((question.key, question.options[1].correct), (Key::Known, Some(true)));

    // Rich text is converted too; a broken old file and a locked one say so.
    let rtf = read(&world, &teacher, "đề.rtf", b"{\\rtf1\\ansi C\\'e2u 1. H\\u7887?i\\par A. m\\u7897?t\\par B. hai\\par}").await;
    assert_eq!(rtf.state, ImportState::Ready, "{rtf:?}");
    let mut locked = doc.clone();
    let header = (0..locked.len()).step_by(64).find(|at| locked[*at..].starts_with(b"\xec\xa5")).unwrap();
    locked[header + 11] |= 1;
    for (bytes, code) in [(locked.as_slice(), "file-locked"), (&doc[..doc.len() / 2], "file-broken")] {
        let found = read(&world, &teacher, "de.doc", bytes).await;
        assert_eq!((found.state, found.failure.unwrap().code.as_str()), (ImportState::Failed, code));
    }
}

/// A `.doc` that LibreOffice made, outside any sandbox.
fn old_word(office: &LibreOffice, folder: &Path, docx: &[u8]) -> Vec<u8> {
    std::fs::write(folder.join("made.docx"), docx).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let made = folder.join("made.doc");
    // The first start only makes its profile.
    for _ in 0..2 {
        if !made.exists() {
            let mut command = Command::new(office.program());
            command.args(["--headless", "--norestore", &profile, "--convert-to", "doc:MS Word 97", "--outdir"]).arg(folder);
            command.arg(folder.join("made.docx")).env("HOME", folder).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        }
    }
    std::fs::read(made).unwrap()
}

/// A file inside a zip that unpacks to so many zeros.
fn bomb(name: &str, megabytes: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("[Content_Types].xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>").unwrap();
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..megabytes {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn files_that_mean_harm_and_files_that_are_none_fail_with_a_sentence_and_the_worker_lives() {
    let world = World::new(db::testing::sqlite().await).await;
    let teacher = world.teacher().await;
    let whole = docx();
    let lock: Vec<u8> = [&[4][..], b"Minh", &[0; 157]].concat();
    let laughs = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    let deep = "<w:p>".repeat(200_000);
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("bomb.docx", bomb("word/document.xml", 100)),
        ("bomb.zip", bomb("a.xml", 100)),
        ("laughs.docx", word(laughs, "<w:p><w:r><w:t>Câu 1. &b;</w:t></w:r></w:p>")),
        ("xxe.docx", word(outside, "<w:p><w:r><w:t>Câu 1. &a;</w:t></w:r></w:p>")),
        ("deep.docx", word("", &deep)),
        ("half.docx", whole[..whole.len() / 2].to_vec()),
        ("broken.docx", word("", "<w:p><w:r></w:p>")),
        ("~$de.docx", lock),
        ("empty words.docx", word("", "<w:p/>")),
        ("page.doc", b"<html><body><img src='http://127.0.0.1:9/x'></body></html>".to_vec()),
        ("picture.docx", PNG.to_vec()),
        ("program.docx", b"MZ\x90\0\x03\0\0\0".to_vec()),
        ("letter.txt", "xin chào".as_bytes().to_vec()),
    ];
    let mut ids = Vec::new();
    for (name, bytes) in &files {
        ids.push(given(&world, &teacher, name, bytes).await);
    }
    worker(&world).run_due().await.unwrap();
    for ((name, _), id) in files.iter().zip(ids) {
        let found = look(&world, &teacher, id).await;
        let failure = found.failure.unwrap_or_else(|| panic!("{name}: {:?}", found.state));
        assert_eq!(found.state, ImportState::Failed, "{name}");
        assert!(!failure.message.is_empty() && !["internal", "reader-failed"].contains(&failure.code.as_str()), "{name}: {failure:?}");
        assert!(!failure.message.contains("root:"), "{name}: {failure:?}");
    }
    let fine = read(&world, &teacher, "đề.docx", &whole).await;
    assert_eq!(fine.state, ImportState::Ready);
}

#[tokio::test]
async fn the_samples_of_attacks_end_as_failures_or_as_papers_and_fetch_nothing() {
    let folder = Path::new("/work/shared/samples/security/zips");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("NOTE: the samples are absent, this test was left out");
        return;
    };
    let world = World::new(db::testing::sqlite().await).await;
    let teacher = world.teacher().await;
    let mut ids = Vec::new();
    for entry in entries.flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        if bytes.len() <= 20 << 20 {
            let name = entry.file_name().to_string_lossy().into_owned();
            ids.push((given(&world, &teacher, &name, &bytes).await, name));
        }
    }
    worker(&world).run_due().await.unwrap();
    assert!(!ids.is_empty());
    for (id, name) in ids {
        let found = look(&world, &teacher, id).await;
        assert!(matches!(found.state, ImportState::Failed | ImportState::Ready), "{name}: {found:?}");
        let code = found.failure.map(|failure| failure.code);
        assert!(!matches!(code.as_deref(), Some("internal" | "reader-failed")), "{name}: {code:?}");
    }
}

#[tokio::test]
async fn what_a_dead_worker_was_reading_is_read_by_another_once() {
    for world in World::each_engine().await {
        let (questions, teacher) = (Questions::new(world.content.clone()), world.teacher().await);
        let env = &world.content.env;
        let id = given(&world, &teacher, "đề.docx", &docx()).await;
        // A worker takes the job, tells what it does, and its process dies.
        let mut dead = Command::new("true").spawn().unwrap();
        let (holder, own): (uuid::Uuid, _) = (env.ids.make(), Process::own().unwrap());
        dead.wait().unwrap();
        let mut tx = env.db.write().await.unwrap();
        db::sql!("INSERT INTO worker_process (id, host, pid, started, seen_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(holder)
            .bind(&own.host)
            .bind(i64::from(dead.id()))
            .bind(1_i64)
            .bind(env.now())
            .execute(&mut tx)
            .await
            .unwrap();
        jobs::claim_in(&mut tx, holder, env.now(), Duration::from_secs(30), Lane::Any).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        imports::reading::mark(&questions, id, ImportState::Reading).await.unwrap();
        worker(&world).run_due().await.unwrap();
        let found = look(&world, &teacher, id).await;
        assert_eq!((found.state, found.counts.questions), (ImportState::Ready, 3), "{:?}", found.failure);

        // The teacher has begun to put it right; a job that comes late changes nothing.
        let paper = imports::get_paper(&questions, &teacher, id).await.unwrap();
        let input = imports::PaperInput {
            revision: paper.revision,
            questions: paper.questions[..1].to_vec(),
            passages: Vec::new(),
            report: Vec::new(),
        };
        imports::put_paper(&questions, &teacher, id, input).await.unwrap();
        let mut tx = env.db.write().await.unwrap();
        let job = jobs::NewJob {
            kind: imports::reading::READ_PAPER,
            payload: format!("{{\"import\":\"{id}\"}}"),
            subject_id: Some(id.as_uuid()),
            dedup_key: None,
            max_attempts: 5,
            run_at: env.now(),
        };
        jobs::enqueue(&mut tx, &env.ids, env.now(), job).await.unwrap();
        tx.commit().await.unwrap();
        worker(&world).run_due().await.unwrap();
        assert_eq!(look(&world, &teacher, id).await.counts.questions, 1, "her work is still there");
    }
}

#[tokio::test]
async fn a_reader_that_cannot_be_started_is_our_fault_and_can_be_tried_again() {
    let world = World::new(db::testing::sqlite().await).await;
    let (questions, teacher) = (Questions::new(world.content.clone()), world.teacher().await);
    let id = given(&world, &teacher, "đề.docx", &docx()).await;
    for _ in 0..6 {
        worker_with(&world, "/bin/false").run_due().await.unwrap();
        world.test.clock.advance(hours(3));
    }
    let found = look(&world, &teacher, id).await;
    assert_eq!((found.state, found.failure.unwrap().code.as_str()), (ImportState::Failed, "internal"));
    let again = imports::retry(&questions, &teacher, id).await.unwrap();
    assert_eq!((again.state, again.failure), (ImportState::Waiting, None));
    worker(&world).run_due().await.unwrap();
    assert_eq!(look(&world, &teacher, id).await.state, ImportState::Ready);
    assert!(matches!(imports::retry(&questions, &teacher, id).await, Err(imports::ImportError::NotFailed)));
}

#[tokio::test]
async fn an_import_thrown_away_while_it_waits_leaves_nothing() {
    for world in World::each_engine().await {
        let (questions, teacher) = (Questions::new(world.content.clone()), world.teacher().await);
        let id = given(&world, &teacher, "đề.docx", &docx()).await;
        let mut tx = world.content.env.db.read().await.unwrap();
        let (key,): (String,) = db::sql!("SELECT object_key FROM blob").fetch_one(&mut tx).await.unwrap();
        drop(tx);
        imports::delete(&questions, &teacher, id).await.unwrap();
        worker(&world).run_due().await.unwrap();
        assert!(imports::list(&questions, &teacher, None, kernel::PageLimit::asked(None)).await.unwrap().items.is_empty());
        world.test.clock.advance(hours(26));
        content::processing::garbage::collect(&world.content).await.unwrap();
        assert_eq!(world.content.blobs.size(&key).await.unwrap(), None);
    }
}
