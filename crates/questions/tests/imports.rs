//! The import desk: what its maker may do with a paper, and what nobody else may.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use bytes::Bytes;
use db::sql;
use db::testing::hours;
use identity::access::{Caller, Denied};
use kernel::{PageLimit, QuestionFolderId, QuestionImportId, Role};
use papers::model::{Key, Media, Paper, Question};
use papers::rich::Rich;
use papers::{Format, light};
use questions::bank::{self, BankError, QuestionFilter, folders};
use questions::imports::reading::{self, Source};
use questions::imports::{self, ImportError, ImportState, LARGEST_UPLOAD, PaperInput, QuestionFault, QuestionPaper, SaveInput};
use questions::{Questions, upkeep};
use serde_json::json;
use support::World;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";
const TEXT: &str = "Đoạn chung p1:\nĐọc đoạn sau về dòng điện.\nCâu 1. [NB] Cho ![img1]. Chất nào dẫn điện tốt?\nA. Gỗ\n*B. Đồng\nC. Nhựa\nD. Sứ\n\
    Câu 2. Đơn vị của điện trở là gì?\nA. V\nB. A\n*C. ôm\nD. W\nHết đoạn chung\nCâu 3. Nêu định luật Ôm cho toàn mạch bằng lời của em.\nA. một\nB. hai\n";

struct Desk {
    world: World,
    questions: Questions,
    teacher: Caller,
}

impl Desk {
    async fn each() -> Vec<Self> {
        let mut all = Vec::new();
        for world in World::each_engine().await {
            all.push(Self::over(world).await);
        }
        all
    }

    async fn sqlite() -> Self {
        Self::over(World::new(db::testing::sqlite().await).await).await
    }

    async fn over(world: World) -> Self {
        let questions = Questions::new(world.content.clone());
        let teacher = world.teacher().await;
        Self { world, questions, teacher }
    }

    async fn give(&self, caller: &Caller, pieces: Vec<Result<Bytes, std::io::Error>>) -> Result<QuestionImportId, ImportError> {
        let body = Box::pin(futures::stream::iter(pieces));
        imports::create(&self.questions, caller, self.world.school, "Đề Vật lí.docx", body).await.map(|import| import.id)
    }

    /// What a worker does, without the child's walls.
    async fn read(&self, import: QuestionImportId, bytes: &[u8]) {
        let folder = tempfile::tempdir().unwrap();
        let (source, out) = (folder.path().join("source"), folder.path().join("out"));
        std::fs::write(&source, bytes).unwrap();
        std::fs::create_dir(&out).unwrap();
        reading::write_request(&out, "Đề Vật lí.docx").unwrap();
        reading::read_paper_in_child(&source, &out).unwrap();
        reading::store(&self.questions, import, &out, Source::AsGiven).await.unwrap();
    }

    /// A paper of three questions on the desk.
    async fn paper(&self) -> QuestionImportId {
        let bytes = docx();
        let id = self.give(&self.teacher, vec![Ok(Bytes::from(bytes.clone()))]).await.unwrap();
        self.read(id, &bytes).await;
        id
    }

    async fn shown(&self, import: QuestionImportId) -> QuestionPaper {
        imports::get_paper(&self.questions, &self.teacher, import).await.unwrap()
    }

    async fn put(&self, import: QuestionImportId, paper: &QuestionPaper) -> Result<i64, ImportError> {
        imports::put_paper(&self.questions, &self.teacher, import, input(paper)).await.map(|saved| saved.revision)
    }

    async fn own_folder(&self) -> QuestionFolderId {
        let all = folders::list(&self.questions, &self.teacher).await.unwrap();
        all.iter().find(|folder| folder.owner.is_some() && folder.parent_id.is_none()).unwrap().id
    }
}

fn docx() -> Vec<u8> {
    let picture =
        Media { id: "img1".to_owned(), file: "img1.png".to_owned(), mime: "image/png".to_owned(), content: Bytes::from_static(PNG) };
    let mut paper: Paper = light::parse(TEXT, vec![picture.clone()]);
    paper.media = vec![picture];
    papers::write(&paper, Format::Docx).unwrap().bytes
}

fn input(paper: &QuestionPaper) -> PaperInput {
    PaperInput {
        revision: paper.revision,
        questions: paper.questions.clone(),
        passages: paper.passages.clone(),
        report: paper.report.clone(),
    }
}

fn saving(folder: QuestionFolderId, revision: i64, indices: Option<Vec<usize>>) -> SaveInput {
    SaveInput { folder_id: folder, revision, indices, subject: None, grade: Some(11), tags: vec!["đề giữa kì".to_owned()] }
}

#[tokio::test]
async fn only_those_who_author_give_files_and_only_files_that_fit() {
    for desk in Desk::each().await {
        let give = async |caller: &Caller, pieces| desk.give(caller, pieces).await.unwrap_err();
        let some = || vec![Ok(Bytes::from_static(b"x"))];
        for role in [Role::Pupil, Role::Parent] {
            let caller = desk.world.person(desk.world.school, role, "Ai Đó").await;
            assert!(matches!(give(&caller, some()).await, ImportError::Denied(Denied::Forbidden)), "{role:?}");
        }
        let stranger = desk.world.person(desk.world.other_school, Role::Teacher, "Người Lạ").await;
        assert!(matches!(give(&stranger, some()).await, ImportError::Denied(_)));
        let nobody = Caller::Anonymous { address: String::new() };
        assert!(matches!(give(&nobody, some()).await, ImportError::Denied(Denied::SignInNeeded)));
        assert!(matches!(give(&desk.teacher, vec![]).await, ImportError::Empty));
        assert!(matches!(
            give(&desk.teacher, vec![Ok(Bytes::from_static(b"x")), Err(std::io::Error::other("cut"))]).await,
            ImportError::Broken
        ));
        let listed = imports::list(&desk.questions, &desk.teacher, None, PageLimit::asked(None)).await.unwrap();
        assert!(listed.items.is_empty(), "nothing of it was kept");
    }
}

#[tokio::test]
async fn a_byte_over_a_hundred_megabytes_is_too_much_and_leaves_nothing() {
    let desk = Desk::sqlite().await;
    let megabyte = Bytes::from(vec![7; 1 << 20]);
    let exact = vec![megabyte; usize::try_from(LARGEST_UPLOAD >> 20).unwrap()];
    let pieces = exact.into_iter().chain([Bytes::from_static(b"!")]).map(Ok).collect();
    assert!(matches!(desk.give(&desk.teacher, pieces).await.unwrap_err(), ImportError::TooLarge));
    desk.world.test.clock.advance(hours(26));
    content::processing::garbage::collect(&desk.world.content).await.unwrap();
    let mut tx = desk.world.content.env.db.read().await.unwrap();
    let (blobs,): (i64,) = sql!("SELECT COUNT(*) FROM blob").fetch_one(&mut tx).await.unwrap();
    let (tickets,): (i64,) = sql!("SELECT COUNT(*) FROM object_garbage").fetch_one(&mut tx).await.unwrap();
    assert_eq!((blobs, tickets), (0, 0));
}

#[tokio::test]
async fn an_import_is_its_makers_alone() {
    for desk in Desk::each().await {
        let id = desk.paper().await;
        let questions = &desk.questions;
        for (organisation, role) in [
            (desk.world.school, Role::Teacher),
            (desk.world.school, Role::Administrator),
            (desk.world.department, Role::Administrator),
            (desk.world.school, Role::Pupil),
        ] {
            let other = desk.world.person(organisation, role, "Người Khác").await;
            let folder = desk.own_folder().await;
            let hidden = |error: ImportError| assert!(matches!(error, ImportError::Denied(Denied::NotFound)), "{role:?}: {error:?}");
            hidden(imports::get(questions, &other, id).await.unwrap_err());
            hidden(imports::get_paper(questions, &other, id).await.unwrap_err());
            hidden(imports::get_document(questions, &other, id).await.unwrap_err());
            hidden(imports::get_media(questions, &other, id, "img1").await.unwrap_err());
            hidden(imports::put_paper(questions, &other, id, input(&desk.shown(id).await)).await.unwrap_err());
            hidden(imports::save(questions, &other, id, saving(folder, 1, None)).await.unwrap_err());
            hidden(imports::duplicates(questions, &other, id).await.unwrap_err());
            hidden(imports::retry(questions, &other, id).await.unwrap_err());
            hidden(imports::delete(questions, &other, id).await.unwrap_err());
            assert!(imports::list(questions, &other, None, PageLimit::asked(None)).await.unwrap().items.is_empty());
        }
        assert_eq!(imports::list(questions, &desk.teacher, None, PageLimit::asked(None)).await.unwrap().items.len(), 1);
    }
}

#[tokio::test]
async fn a_list_goes_on_where_its_page_ended() {
    for desk in Desk::each().await {
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(desk.give(&desk.teacher, vec![Ok(Bytes::from_static(b"x"))]).await.unwrap());
            desk.world.test.clock.advance(std::time::Duration::from_secs(1));
        }
        let limit = PageLimit::asked(Some(2));
        let first = imports::list(&desk.questions, &desk.teacher, None, limit).await.unwrap();
        let second = imports::list(&desk.questions, &desk.teacher, first.next.as_ref(), limit).await.unwrap();
        let seen: Vec<_> = first.items.iter().chain(&second.items).map(|import| import.id).collect();
        ids.reverse();
        assert_eq!(seen, ids);
        assert!(second.next.is_none());
    }
}

#[tokio::test]
async fn what_is_saved_while_another_window_saves_is_not_lost() {
    for desk in Desk::each().await {
        let id = desk.paper().await;
        let mut paper = desk.shown(id).await;
        assert_eq!(paper.questions[2].key, Key::Missing);
        paper.questions[2].options[0].correct = Some(true);
        paper.questions[2].options[1].correct = Some(false);
        let revision = desk.put(id, &paper).await.unwrap();
        assert_eq!(revision, paper.revision + 1);
        let stale = desk.put(id, &paper).await.unwrap_err();
        assert!(matches!(stale, ImportError::NewerDraft { revision: now } if now == revision), "{stale:?}");
        let now = desk.shown(id).await;
        assert_eq!((now.revision, now.questions[2].key), (revision, Key::Known));
        let found = imports::get(&desk.questions, &desk.teacher, id).await.unwrap();
        assert_eq!((found.counts.missing_keys, found.counts.questions, found.state), (0, 3, ImportState::Ready));
    }
}

#[tokio::test]
async fn a_client_cannot_put_scripts_false_keys_or_foreign_pictures_into_a_paper() {
    let desk = Desk::sqlite().await;
    let id = desk.paper().await;
    let shown = desk.shown(id).await;
    let mut sent = serde_json::to_value(&shown.questions).unwrap();
    sent[0]["stem"] =
        json!({ "html": "<p onclick=\"x()\">An <script>alert(1)</script><img src=\"http://a.vn/x\"><b>toàn</b></p>", "text": "" });
    sent[2]["key"] = json!("known");
    let questions: Vec<Question> = serde_json::from_value(sent).unwrap();
    desk.put(id, &QuestionPaper { questions, ..shown.clone() }).await.unwrap();
    let kept = desk.shown(id).await;
    let html = serde_json::to_value(&kept.questions[0].stem).unwrap()["html"].as_str().unwrap().to_owned();
    assert!(html.contains("<b>toàn</b>") || html.contains("<strong>toàn</strong>"), "{html}");
    assert!(!html.contains("script") && !html.contains("onclick") && !html.contains("http"), "{html}");
    assert_eq!(kept.questions[2].key, Key::Missing, "a key is what is there, not what is claimed");

    let picture: Rich = serde_json::from_value(json!({ "html": "<img data-media=\"img77\">", "text": "" })).unwrap();
    let mut foreign = kept.clone();
    foreign.questions[1].stem = picture;
    let Err(ImportError::Faulty(faults)) = desk.put(id, &foreign).await else { panic!("a picture the paper does not have") };
    assert_eq!(faults, [QuestionFault { index: 1, field: "stem", code: "unknown-media" }]);
    let mut orphan = kept.clone();
    orphan.passages.clear();
    assert!(matches!(desk.put(id, &orphan).await, Err(ImportError::Faulty(_))), "a question of a passage that is not there");
    let mut huge = kept;
    huge.questions = vec![huge.questions[2].clone(); 5001];
    assert!(matches!(desk.put(id, &huge).await, Err(ImportError::Invalid(_))));
}

#[tokio::test]
async fn chosen_questions_go_into_the_bank_with_their_passage_and_pictures_and_the_others_stay() {
    for desk in Desk::each().await {
        let id = desk.paper().await;
        let folder = desk.own_folder().await;
        let paper = desk.shown(id).await;
        let none = bank::find(&desk.questions, &desk.teacher, &QuestionFilter::default(), None, PageLimit::asked(None)).await.unwrap();
        assert!(none.items.is_empty(), "nothing is in the bank before she says so");

        let saved = imports::save(&desk.questions, &desk.teacher, id, saving(folder, paper.revision, Some(vec![1, 0]))).await.unwrap();
        assert_eq!((saved.saved, saved.revision), (2, paper.revision + 1));
        let first = bank::get(&desk.questions, &desk.teacher, saved.ids[0], None).await.unwrap();
        assert!(first.question.stem.to_text().contains("Chất nào dẫn điện tốt?"));
        assert!(first.passage.unwrap().to_text().contains("Đọc đoạn sau"));
        assert_eq!((first.meta.grade, first.question.tags.as_slice(), first.siblings.len()), (Some(11), &["đề giữa kì".to_owned()][..], 1));
        let file = questions::files::get_source(&desk.questions, &desk.teacher, first.media[0].file_id).await.unwrap();
        assert_eq!(file.mime, "image/png");

        let left = desk.shown(id).await;
        assert_eq!(left.questions.len(), 1);
        assert!(left.passages.is_empty(), "no question needs it any more");
        let import = imports::get(&desk.questions, &desk.teacher, id).await.unwrap();
        assert_eq!((import.state, import.saved_count, import.saved_folder_id), (ImportState::Saved, 2, Some(folder)));

        let twice = imports::save(&desk.questions, &desk.teacher, id, saving(folder, paper.revision, Some(vec![0, 1]))).await;
        assert!(matches!(twice, Err(ImportError::NewerDraft { .. })), "a second click saves nothing twice");
        let rest = imports::save(&desk.questions, &desk.teacher, id, saving(folder, left.revision, None)).await.unwrap();
        assert_eq!(rest.saved, 1);
        let empty = imports::save(&desk.questions, &desk.teacher, id, saving(folder, rest.revision, None)).await;
        assert!(matches!(empty, Err(ImportError::NothingToSave)));
    }
}

#[tokio::test]
async fn one_question_that_cannot_be_kept_keeps_all_out_and_is_named() {
    for desk in Desk::each().await {
        let id = desk.paper().await;
        let folder = desk.own_folder().await;
        let mut paper = desk.shown(id).await;
        paper.questions[2].stem = Rich::default();
        let revision = desk.put(id, &paper).await.unwrap();
        let refused = imports::save(&desk.questions, &desk.teacher, id, saving(folder, revision, None)).await;
        let Err(ImportError::Faulty(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults.iter().map(|fault| fault.index).collect::<Vec<_>>(), [2]);
        let found = bank::find(&desk.questions, &desk.teacher, &QuestionFilter::default(), None, PageLimit::asked(None)).await.unwrap();
        assert!(found.items.is_empty());

        let colleague = desk.world.person(desk.world.school, Role::Teacher, "Đồng Nghiệp").await;
        let hers = folders::list(&desk.questions, &colleague).await.unwrap().iter().find(|one| one.owner.is_some()).unwrap().id;
        let elsewhere = imports::save(&desk.questions, &desk.teacher, id, saving(hers, revision, Some(vec![0]))).await;
        assert!(matches!(elsewhere, Err(ImportError::Denied(Denied::NotFound))), "{elsewhere:?}");
        let unknown = SaveInput { subject: Some("phép-thuật".to_owned()), ..saving(folder, revision, Some(vec![0])) };
        assert!(matches!(
            imports::save(&desk.questions, &desk.teacher, id, unknown).await,
            Err(ImportError::Invalid(_) | ImportError::Bank(BankError::Invalid(_)))
        ));
    }
}

#[tokio::test]
async fn questions_that_are_in_the_bank_already_are_told() {
    for desk in Desk::each().await {
        let folder = desk.own_folder().await;
        let first = desk.paper().await;
        let revision = desk.shown(first).await.revision;
        let saved = imports::save(&desk.questions, &desk.teacher, first, saving(folder, revision, Some(vec![0]))).await.unwrap();
        let again = desk.paper().await;
        let found = imports::duplicates(&desk.questions, &desk.teacher, again).await.unwrap();
        assert_eq!(found.iter().map(|one| one.index).collect::<Vec<_>>(), [0]);
        assert_eq!((found[0].matches[0].question_id, found[0].matches[0].same), (saved.ids[0], true));
    }
}

#[tokio::test]
async fn unfinished_papers_stay_and_what_ended_goes_after_thirty_days_with_its_files() {
    for desk in Desk::each().await {
        let folder = desk.own_folder().await;
        let (unfinished, saved, failed) = (desk.paper().await, desk.paper().await, desk.paper().await);
        let revision = desk.shown(saved).await.revision;
        let kept = imports::save(&desk.questions, &desk.teacher, saved, saving(folder, revision, None)).await.unwrap();
        let mut tx = desk.world.content.env.db.write().await.unwrap();
        sql!("UPDATE question_import SET state = 'failed' WHERE id = $1").bind(failed).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        desk.world.test.clock.advance(hours(29 * 24));
        upkeep::tidy(&desk.questions).await.unwrap();
        assert_eq!(imports::list(&desk.questions, &desk.teacher, None, PageLimit::asked(None)).await.unwrap().items.len(), 3);
        desk.world.test.clock.advance(hours(2 * 24));
        upkeep::tidy(&desk.questions).await.unwrap();
        let left = imports::list(&desk.questions, &desk.teacher, None, PageLimit::asked(None)).await.unwrap();
        assert_eq!(left.items.iter().map(|import| import.id).collect::<Vec<_>>(), [unfinished]);

        // Pictures of the unfinished paper and of the question in the bank stay, the failed one's goes.
        let mut tx = desk.world.content.env.db.read().await.unwrap();
        let (files,): (i64,) = sql!("SELECT COUNT(*) FROM question_file").fetch_one(&mut tx).await.unwrap();
        drop(tx);
        assert_eq!(files, 2);
        desk.world.test.clock.advance(hours(26));
        content::processing::garbage::collect(&desk.world.content).await.unwrap();
        let media = imports::get_media(&desk.questions, &desk.teacher, unfinished, "img1").await.unwrap().unwrap();
        assert_eq!(desk.world.content.blobs.get(&media.object_key, None).await.unwrap().collect().await.unwrap(), PNG);
        let shown = bank::get(&desk.questions, &desk.teacher, kept.ids[0], None).await.unwrap();
        assert_eq!(shown.media.len(), 1);
    }
}

#[tokio::test]
async fn light_text_goes_both_ways_for_authors_and_for_nobody_else() {
    let desk = Desk::sqlite().await;
    let text = light_text("Câu 1. Hỏi?\n*A. một\nB. hai\n");
    let parsed = imports::light::parse(&desk.questions, &desk.teacher, text.clone()).await.unwrap();
    assert_eq!((parsed.questions.len(), parsed.questions[0].key), (1, Key::Known));
    let input = imports::light::LightQuestions { questions: parsed.questions, passages: parsed.passages };
    let printed = imports::light::print(&desk.questions, &desk.teacher, input).await.unwrap();
    assert!(printed.text.contains("*A. một"), "{}", printed.text);
    assert!(imports::light::template(&desk.questions, &desk.teacher).await.unwrap().starts_with(b"PK"));
    let pupil = desk.world.person(desk.world.school, Role::Pupil, "Trò").await;
    assert!(matches!(imports::light::parse(&desk.questions, &pupil, text).await, Err(Denied::NotFound | Denied::Forbidden)));
}

fn light_text(text: &str) -> imports::light::LightText {
    imports::light::LightText { text: text.to_owned() }
}
