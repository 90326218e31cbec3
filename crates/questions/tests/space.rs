//! Papers, pictures and sounds of questions count against the space of an organisation, and give it back.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use bytes::Bytes;
use db::sql;
use db::testing::hours;
use identity::access::Caller;
use kernel::{OrganisationId, QuestionFolderId, QuestionImportId, Role};
use papers::model::Media;
use papers::{Format, light};
use questions::bank::folders;
use questions::files::{self, FileError};
use questions::imports::reading::{self, Source};
use questions::imports::{self, ImportError, ImportState, SaveInput};
use questions::{Questions, bank, upkeep};
use support::World;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";

fn size(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap()
}

struct School {
    world: World,
    questions: Questions,
    teacher: Caller,
}

impl School {
    async fn each() -> Vec<Self> {
        let mut all = Vec::new();
        for world in World::each_engine().await {
            let questions = Questions::new(world.content.clone());
            let teacher = world.teacher().await;
            all.push(Self { world, questions, teacher });
        }
        all
    }

    /// Bytes that an organisation takes.
    async fn used(&self, organisation: OrganisationId) -> i64 {
        let mut tx = self.world.content.env.db.read().await.unwrap();
        let (used,): (i64,) =
            sql!("SELECT used_bytes FROM organisation WHERE id = $1").bind(organisation).fetch_one(&mut tx).await.unwrap();
        used
    }

    async fn allow(&self, organisation: OrganisationId, bytes: i64) {
        let mut tx = self.world.content.env.db.write().await.unwrap();
        sql!("UPDATE organisation SET quota_bytes = $2 WHERE id = $1").bind(organisation).bind(bytes).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn give(&self, bytes: &[u8]) -> Result<QuestionImportId, ImportError> {
        let body = Box::pin(futures::stream::iter([Ok(Bytes::copy_from_slice(bytes))]));
        imports::create(&self.questions, &self.teacher, self.world.school, "Đề.docx", body).await.map(|import| import.id)
    }

    /// What a worker does, without the child's walls.
    async fn read(&self, import: QuestionImportId, bytes: &[u8]) {
        let folder = tempfile::tempdir().unwrap();
        let (source, out) = (folder.path().join("source"), folder.path().join("out"));
        std::fs::write(&source, bytes).unwrap();
        std::fs::create_dir(&out).unwrap();
        reading::write_request(&out, "Đề.docx").unwrap();
        reading::read_paper_in_child(&source, &out).unwrap();
        reading::store(&self.questions, import, &out, Source::AsGiven).await.unwrap();
    }

    async fn folder(&self, caller: &Caller, organisation: Option<OrganisationId>) -> QuestionFolderId {
        let all = folders::list(&self.questions, caller).await.unwrap();
        let id = |of: &folders::QuestionFolder| of.organisation.as_ref().map(|organisation| organisation.id);
        all.iter().find(|folder| folder.parent_id.is_none() && id(folder) == organisation).unwrap().id
    }

    async fn upload(&self, folder: QuestionFolderId) -> Result<(), FileError> {
        files::upload(&self.questions, &self.teacher, folder, Bytes::from_static(PNG)).await.map(|_| ())
    }
}

/// Two questions, the first with a picture.
fn docx() -> Vec<u8> {
    let picture =
        Media { id: "img1".to_owned(), file: "img1.png".to_owned(), mime: "image/png".to_owned(), content: Bytes::from_static(PNG) };
    let mut paper = light::parse("Câu 1. Nhìn ![img1].\n*A. một\nB. hai\nCâu 2. Gì?\n*A. ba\nB. bốn\n", vec![picture.clone()]);
    paper.media = vec![picture];
    papers::write(&paper, Format::Docx).unwrap().bytes
}

#[tokio::test]
async fn a_paper_and_its_pictures_take_space_of_the_school_until_they_are_thrown_away() {
    for school in School::each().await {
        let bytes = docx();
        let import = school.give(&bytes).await.unwrap();
        assert_eq!(school.used(school.world.school).await, size(&bytes));
        school.read(import, &bytes).await;
        assert_eq!(school.used(school.world.school).await, size(&bytes) + size(PNG));
        assert_eq!(school.used(school.world.other_school).await, 0);
        imports::delete(&school.questions, &school.teacher, import).await.unwrap();
        assert_eq!(school.used(school.world.school).await, 0, "at once, whoever makes room needs it now");
        upkeep::tidy(&school.questions).await.unwrap();
        assert_eq!(school.used(school.world.school).await, 0);
    }
}

#[tokio::test]
async fn a_picture_added_on_the_desk_takes_space_and_gives_it_back_with_the_paper() {
    for school in School::each().await {
        let bytes = docx();
        let import = school.give(&bytes).await.unwrap();
        school.read(import, &bytes).await;
        let add = || imports::add_media(&school.questions, &school.teacher, import, Bytes::from_static(PNG));
        add().await.unwrap();
        assert_eq!(school.used(school.world.school).await, size(&bytes) + 2 * size(PNG));
        school.allow(school.world.school, size(&bytes) + 2 * size(PNG) + 1).await;
        assert!(matches!(add().await, Err(ImportError::Quota)));
        assert_eq!(school.used(school.world.school).await, size(&bytes) + 2 * size(PNG));
        imports::delete(&school.questions, &school.teacher, import).await.unwrap();
        assert_eq!(school.used(school.world.school).await, 0);
    }
}

#[tokio::test]
async fn a_picture_that_went_into_the_bank_stays_counted_until_its_question_is_forgotten() {
    for school in School::each().await {
        let bytes = docx();
        let import = school.give(&bytes).await.unwrap();
        school.read(import, &bytes).await;
        let folder = school.folder(&school.teacher, None).await;
        let save = SaveInput { folder_id: folder, revision: 1, indices: None, subject: None, grade: None, tags: Vec::new() };
        let saved = imports::save(&school.questions, &school.teacher, import, save).await.unwrap();
        imports::delete(&school.questions, &school.teacher, import).await.unwrap();
        assert_eq!(school.used(school.world.school).await, size(PNG));
        bank::bulk_delete(&school.questions, &school.teacher, &saved.ids).await.unwrap();
        school.world.test.clock.advance(hours(31 * 24));
        upkeep::tidy(&school.questions).await.unwrap();
        assert_eq!(school.used(school.world.school).await, 0);
    }
}

#[tokio::test]
async fn nothing_is_taken_in_that_the_quota_has_no_room_for_and_room_made_counts_at_once() {
    for school in School::each().await {
        let (bytes, world) = (docx(), &school.world);
        let folder = school.folder(&school.teacher, None).await;
        // The limit of the Sở above binds its schools.
        school.allow(world.department, size(&bytes)).await;
        let import = school.give(&bytes).await.unwrap();
        assert!(matches!(school.give(b"x").await, Err(ImportError::Quota)));
        let announced = imports::foresee(&school.questions, &school.teacher, world.school, 1).await;
        assert!(matches!(announced, Err(ImportError::Quota)), "before a byte comes");
        assert!(matches!(school.upload(folder).await, Err(FileError::Quota)));
        assert_eq!(school.used(world.school).await, size(&bytes), "what was refused is not counted");

        // Its pictures do not fit: said plainly, nothing of them kept, and read again when there is room.
        school.read(import, &bytes).await;
        let failed = imports::get(&school.questions, &school.teacher, import).await.unwrap();
        assert_eq!((failed.state, failed.failure.unwrap().code.as_str()), (ImportState::Failed, "quota"));
        assert_eq!(school.used(world.school).await, size(&bytes));
        school.allow(world.department, size(&bytes) + size(PNG)).await;
        imports::retry(&school.questions, &school.teacher, import).await.unwrap();
        school.read(import, &bytes).await;
        let ready = imports::get(&school.questions, &school.teacher, import).await.unwrap();
        assert_eq!((ready.state, ready.failure.is_none()), (ImportState::Ready, true));

        imports::delete(&school.questions, &school.teacher, import).await.unwrap();
        school.upload(folder).await.unwrap();
    }
}

#[tokio::test]
async fn files_of_a_bank_count_for_the_organisation_it_belongs_to_or_where_its_owner_works() {
    for school in School::each().await {
        let world = &school.world;
        let own = school.folder(&school.teacher, None).await;
        school.upload(own).await.unwrap();
        assert_eq!(school.used(world.school).await, size(PNG));
        let shared = school.folder(&school.teacher, Some(world.school)).await;
        school.upload(shared).await.unwrap();
        assert_eq!(school.used(world.school).await, 2 * size(PNG));

        let head = world.person(world.department, Role::Administrator, "Lê Thị Hoa").await;
        let above = school.folder(&head, Some(world.department)).await;
        files::upload(&school.questions, &head, above, Bytes::from_static(PNG)).await.unwrap();
        assert_eq!((school.used(world.school).await, school.used(world.department).await), (2 * size(PNG), size(PNG)));

        // Nothing shows them: after a day they are forgotten, and the space is free.
        world.test.clock.advance(hours(25));
        upkeep::tidy(&school.questions).await.unwrap();
        assert_eq!((school.used(world.school).await, school.used(world.department).await), (0, 0));
    }
}

#[tokio::test]
async fn papers_of_a_person_who_is_erased_give_their_space_back() {
    for school in School::each().await {
        let bytes = docx();
        let import = school.give(&bytes).await.unwrap();
        school.read(import, &bytes).await;
        let env = &school.world.content.env;
        let person = school.teacher.person_id().unwrap();
        identity::people::erase(env, &Caller::Operator, person).await.unwrap();
        assert_eq!(school.used(school.world.school).await, size(PNG));
        school.world.test.clock.advance(hours(25));
        upkeep::tidy(&school.questions).await.unwrap();
        assert_eq!(school.used(school.world.school).await, 0);
    }
}
