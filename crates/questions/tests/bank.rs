//! The bank on both engines: who sees what, versions, finding, near-duplicates, files, folders.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use bytes::Bytes;
use identity::access::{Caller, Denied, authorise};
use kernel::{PageLimit, QuestionFolderId, QuestionId, Role};
use papers::Format;
use papers::model::{Answer, Choice, Key, Level, Question, QuestionType};
use papers::rich::{Inline, MediaKind, Rich};
use papers::write_docx::KeyPlace;
use questions::bank::export::{self, Which};
use questions::bank::folders::{self, FolderChange, FolderScope, QuestionFolder};
use questions::bank::reports::{self, ReportReason};
use questions::bank::shares::{self, ShareRight, ShareWith};
use questions::bank::{
    self, BankError, BulkChange, Cleared, MediaUse, Merge, QuestionDetail, QuestionFilter, QuestionInput, QuestionMeta, similar,
};
use questions::{Questions, files};
use support::World;

/// The smallest PNG: one grey point.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

struct Bank {
    world: World,
    questions: Questions,
    teacher: Caller,
}

impl Bank {
    async fn each_engine() -> Vec<Self> {
        let mut all = Vec::new();
        for world in World::each_engine().await {
            let questions = Questions::new(world.content.clone());
            let teacher = world.teacher().await;
            all.push(Self { world, questions, teacher });
        }
        all
    }

    async fn own(&self, caller: &Caller) -> QuestionFolder {
        self.folders(caller).await.into_iter().find(|folder| folder.scope == FolderScope::Mine && folder.parent_id.is_none()).unwrap()
    }

    async fn school(&self, caller: &Caller) -> QuestionFolder {
        let all = self.folders(caller).await;
        all.into_iter().find(|folder| folder.organisation.as_ref().is_some_and(|own| own.id == self.world.school)).unwrap()
    }

    async fn folders(&self, caller: &Caller) -> Vec<QuestionFolder> {
        folders::list(&self.questions, caller).await.unwrap()
    }

    async fn write(&self, caller: &Caller, folder: QuestionFolderId, question: Question) -> QuestionDetail {
        bank::create(&self.questions, caller, folder, input(question)).await.unwrap()
    }

    async fn search(&self, caller: &Caller, text: &str) -> Vec<QuestionId> {
        self.filter(caller, QuestionFilter { text: text.to_owned(), ..QuestionFilter::default() }).await
    }

    async fn filter(&self, caller: &Caller, filter: QuestionFilter) -> Vec<QuestionId> {
        self.questions.content.search.catch_up(&self.questions.content.env).await.unwrap();
        let found = bank::find(&self.questions, caller, &filter, None, PageLimit::asked(None)).await.unwrap();
        found.items.iter().map(|row| row.id).collect()
    }

    async fn sees(&self, caller: &Caller, question: QuestionId) -> bool {
        match bank::get(&self.questions, caller, question, None).await {
            Ok(_) => true,
            Err(BankError::Denied(Denied::NotFound)) => false,
            Err(error) => panic!("{error}"),
        }
    }
}

fn input(question: Question) -> QuestionInput {
    QuestionInput { revision: 0, question, passage: None, media: Vec::new(), meta: QuestionMeta::default() }
}

fn changed(detail: &QuestionDetail) -> QuestionInput {
    QuestionInput {
        revision: detail.revision,
        question: detail.question.clone(),
        passage: detail.passage.clone(),
        media: detail.media.clone(),
        meta: detail.meta.clone(),
    }
}

fn choice(stem: &str, options: [&str; 4], right: usize) -> Question {
    let mut question = Question::new(QuestionType::SingleChoice);
    question.stem = Rich::plain(stem);
    question.options = options
        .iter()
        .enumerate()
        .map(|(at, text)| Choice {
            label: char::from(b'A' + u8::try_from(at).unwrap()).to_string(),
            content: Rich::plain(text),
            correct: Some(at == right),
            ..Choice::default()
        })
        .collect();
    question
}

fn capital() -> Question {
    choice("Thủ đô của nước Việt Nam là thành phố nào sau đây?", ["Hà Nội", "Huế", "Đà Nẵng", "Vinh"], 0)
}

#[tokio::test]
async fn a_bank_is_its_owners_and_a_schools_is_its_teachers_and_pupils_have_none() {
    for bank in Bank::each_engine().await {
        let colleague = bank.world.person(bank.world.school, Role::Teacher, "Lê Văn Cường").await;
        let stranger = bank.world.person(bank.world.other_school, Role::Teacher, "Phạm Thị Dung").await;
        let head = bank.world.person(bank.world.school, Role::SchoolHead, "Hoàng Văn Em").await;
        let pupil = bank.world.person(bank.world.school, Role::Pupil, "Trò Giang").await;
        let own = bank.own(&bank.teacher).await;
        let school = bank.school(&bank.teacher).await;
        assert!(own.can_edit && own.can_share && school.can_edit && !school.can_share);

        let mine = bank.write(&bank.teacher, own.id, capital()).await.id;
        let shared =
            bank.write(&bank.teacher, school.id, choice("Sông nào dài nhất thế giới hiện nay?", ["Nile", "Hồng", "Mã", "Lam"], 0)).await.id;
        for (who, sees_mine, sees_schools) in [
            (&bank.teacher, true, true),
            (&colleague, false, true),
            (&head, false, true),
            (&stranger, false, false),
            (&pupil, false, false),
        ] {
            assert_eq!((bank.sees(who, mine).await, bank.sees(who, shared).await), (sees_mine, sees_schools), "{who:?}");
            let found = bank.search(who, "thu do song dai nhat").await;
            assert_eq!((found.contains(&mine), found.contains(&shared)), (sees_mine, sees_schools), "{who:?}");
            let listed = bank.filter(who, QuestionFilter::default()).await;
            assert_eq!((listed.contains(&mine), listed.contains(&shared)), (sees_mine, sees_schools), "{who:?}");
        }
        assert!(matches!(folders::list(&bank.questions, &pupil).await, Err(BankError::Denied(Denied::NotFound))));
        assert!(bank.own(&colleague).await.id != own.id);
        assert!(matches!(
            bank::create(&bank.questions, &stranger, school.id, input(capital())).await,
            Err(BankError::Denied(Denied::NotFound))
        ));
        assert!(bank.school(&head).await.can_share);
    }
}

#[tokio::test]
async fn what_the_department_owns_all_its_schools_read_and_only_it_changes() {
    for bank in Bank::each_engine().await {
        let officer = bank.world.person(bank.world.department, Role::Reviewer, "Vũ Thị Hạnh").await;
        let all = bank.folders(&officer).await;
        let root = all.iter().find(|folder| folder.organisation.as_ref().is_some_and(|own| own.id == bank.world.department)).unwrap();
        let id = bank.write(&officer, root.id, capital()).await.id;
        assert!(bank.sees(&bank.teacher, id).await);
        assert_eq!(bank.search(&bank.teacher, "thu do").await, [id]);
        assert!(matches!(bank::delete(&bank.questions, &bank.teacher, id).await, Err(BankError::Denied(Denied::Forbidden))));
        let seen = bank.folders(&bank.teacher).await.into_iter().find(|folder| folder.id == root.id).unwrap();
        assert!(!seen.can_edit && !seen.can_share);
    }
}

#[tokio::test]
async fn a_folder_lent_is_read_by_whom_it_is_lent_to_until_it_is_taken_back() {
    for bank in Bank::each_engine().await {
        let colleague = bank.world.person(bank.world.school, Role::Teacher, "Lê Văn Cường").await;
        let stranger = bank.world.person(bank.world.other_school, Role::Teacher, "Phạm Thị Dung").await;
        let own = bank.own(&bank.teacher).await;
        let folder = folders::create(&bank.questions, &bank.teacher, own.id, "Chương 1").await.unwrap();
        let below = folders::create(&bank.questions, &bank.teacher, folder.id, "Bài 1").await.unwrap();
        let id = bank.write(&bank.teacher, below.id, capital()).await.id;
        let colleague_id = colleague.person_id().unwrap();

        let given =
            shares::add(&bank.questions, &bank.teacher, folder.id, ShareWith::Person(colleague_id), ShareRight::Read).await.unwrap();
        assert_eq!(bank.search(&colleague, "thu do").await, [id]);
        let shown = bank.folders(&colleague).await;
        let seen: Vec<_> = shown.iter().filter(|seen| seen.scope == FolderScope::Shared).map(|seen| (seen.id, seen.parent_id)).collect();
        assert_eq!(seen.len(), 2);
        assert!(
            seen.contains(&(folder.id, None)) && seen.contains(&(below.id, Some(folder.id))),
            "the folder above is not shown: {seen:?}"
        );
        assert!(matches!(bank::delete(&bank.questions, &colleague, id).await, Err(BankError::Denied(Denied::Forbidden))));
        // What is lent is not lent on.
        assert!(matches!(shares::list(&bank.questions, &colleague, folder.id).await, Err(BankError::Denied(Denied::Forbidden))));

        let given_more =
            shares::add(&bank.questions, &bank.teacher, folder.id, ShareWith::Person(colleague_id), ShareRight::Edit).await.unwrap();
        assert_eq!((given.len(), given_more.len()), (1, 1));
        let detail = bank::get(&bank.questions, &colleague, id, None).await.unwrap();
        assert!(detail.can_edit);
        bank::save(&bank.questions, &colleague, id, changed(&detail)).await.unwrap();

        shares::remove(&bank.questions, &bank.teacher, folder.id, given_more[0].id).await.unwrap();
        assert!(!bank.sees(&colleague, id).await);
        assert_eq!(bank.search(&colleague, "thu do").await, []);

        // To a whole school, that one may know of; not to one that is a stranger's.
        shares::add(&bank.questions, &bank.teacher, folder.id, ShareWith::Organisation(bank.world.school), ShareRight::Read).await.unwrap();
        assert!(bank.sees(&colleague, id).await && !bank.sees(&stranger, id).await);
        let other = ShareWith::Organisation(bank.world.other_school);
        assert!(matches!(
            shares::add(&bank.questions, &bank.teacher, folder.id, other, ShareRight::Read).await,
            Err(BankError::Denied(Denied::NotFound))
        ));
        let candidates = shares::candidates(&bank.questions, &bank.teacher, folder.id, "cuong").await.unwrap();
        let names: Vec<_> = candidates.iter().filter_map(|one| one.person.as_ref()).map(|person| person.display_name.as_str()).collect();
        assert_eq!(names, ["Lê Văn Cường"]);
        assert!(shares::candidates(&bank.questions, &bank.teacher, folder.id, "dung").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_edit_of_a_used_question_makes_a_version_and_the_used_one_stays() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let first = bank.write(&bank.teacher, own.id, capital()).await;
        let mut edit = changed(&first);
        edit.question.stem = Rich::plain("Thủ đô nước ta?");
        let second = bank::save(&bank.questions, &bank.teacher, first.id, edit.clone()).await.unwrap();
        assert_eq!((second.version, second.history.len()), (1, 1), "nothing has used it");
        let Err(BankError::NewerDraft { revision }) = bank::save(&bank.questions, &bank.teacher, first.id, edit).await else {
            panic!("a stale save was taken")
        };
        assert_eq!(revision, second.revision);

        let mut tx = bank.questions.content.env.db.write().await.unwrap();
        let versions = bank::mark_used(&mut tx, &bank.questions, &BTreeSet::from([first.id])).await.unwrap();
        bank::commit(tx, &bank.questions, &[first.id]).await.unwrap();
        assert_eq!(versions[&first.id], 1);
        let mut edit = changed(&second);
        edit.question.stem = Rich::plain("Thủ đô của nước ta là đâu?");
        let third = bank::save(&bank.questions, &bank.teacher, first.id, edit).await.unwrap();
        assert_eq!((third.version, third.history.len(), third.use_count), (2, 2, 1));
        let old = bank::get(&bank.questions, &bank.teacher, first.id, Some(1)).await.unwrap();
        assert_eq!(old.question.stem.to_text(), "Thủ đô nước ta?");
        // Telling more about it is no new version: pupils see nothing of it.
        let level = BulkChange { level: Some(Level::Th), ..BulkChange::default() };
        bank::bulk(&bank.questions, &bank.teacher, &[first.id], &level).await.unwrap();
        let told = bank::get(&bank.questions, &bank.teacher, first.id, None).await.unwrap();
        assert_eq!((told.version, told.question.level), (2, Some(Level::Th)));
        assert!(matches!(bank::get(&bank.questions, &bank.teacher, first.id, Some(9)).await, Err(BankError::NoVersion)));
    }
}

#[tokio::test]
async fn questions_are_found_by_words_without_diacritics_by_formula_and_by_every_filter() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let folder = folders::create(&bank.questions, &bank.teacher, own.id, "Đại số").await.unwrap();
        let mut equation = Question::new(QuestionType::ShortAnswer);
        equation.stem = Rich::paragraph(vec![Inline::text("Giải phương trình "), Inline::math("x^{2}-3x+2=0")]);
        equation.level = Some(Level::Vd);
        equation.tags = vec!["Phương trình bậc hai".to_owned()];
        let mut new = input(equation);
        new.meta = QuestionMeta { subject: Some("toan".to_owned()), grade: Some(10), ..QuestionMeta::default() };
        let equation = bank::create(&bank.questions, &bank.teacher, folder.id, new).await.unwrap();
        assert_eq!(equation.question.key, Key::Missing);
        let mut other = Question::new(QuestionType::ShortAnswer);
        other.stem = Rich::paragraph(vec![Inline::text("Giải phương trình "), Inline::math("x^2-5x+6=0")]);
        other.answers = vec![Answer { text: "2".to_owned(), ..Answer::default() }];
        let other = bank.write(&bank.teacher, own.id, other).await;
        let capital = bank.write(&bank.teacher, own.id, capital()).await;

        assert_eq!(bank.search(&bank.teacher, "viet nam thanh pho").await.first(), Some(&capital.id));
        assert_eq!(bank.search(&bank.teacher, "$x^2 - 3x + 2 = 0$").await, [equation.id]);
        assert_eq!(bank.search(&bank.teacher, "phương trình").await.len(), 2);
        for (what, filter, expected) in [
            ("folder", QuestionFilter { folder: Some(folder.id), ..QuestionFilter::default() }, vec![equation.id]),
            ("above", QuestionFilter { folder: Some(own.id), ..QuestionFilter::default() }, vec![capital.id, other.id, equation.id]),
            ("kind", QuestionFilter { kind: Some(QuestionType::SingleChoice), ..QuestionFilter::default() }, vec![capital.id]),
            ("level", QuestionFilter { level: Some(Level::Vd), ..QuestionFilter::default() }, vec![equation.id]),
            ("subject", QuestionFilter { subject: Some("toan".to_owned()), ..QuestionFilter::default() }, vec![equation.id]),
            ("grade", QuestionFilter { grade: Some(10), ..QuestionFilter::default() }, vec![equation.id]),
            ("tag", QuestionFilter { tag: Some("phuong trinh bac hai".to_owned()), ..QuestionFilter::default() }, vec![equation.id]),
            ("key", QuestionFilter { key: Some(Key::Missing), ..QuestionFilter::default() }, vec![equation.id]),
            ("used", QuestionFilter { used: Some(bank::Used::Yes), ..QuestionFilter::default() }, vec![]),
        ] {
            assert_eq!(bank.filter(&bank.teacher, filter.clone()).await, expected, "{what}");
            let mut found = bank.filter(&bank.teacher, QuestionFilter { text: "phuong trinh thanh pho".to_owned(), ..filter }).await;
            let mut expected = expected;
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{what} with words");
        }

        bank::delete(&bank.questions, &bank.teacher, capital.id).await.unwrap();
        assert!(bank.search(&bank.teacher, "viet nam thanh pho").await.is_empty());
        bank::restore(&bank.questions, &bank.teacher, capital.id).await.unwrap();
        assert_eq!(bank.search(&bank.teacher, "viet nam thanh pho").await.first(), Some(&capital.id));
    }
}

#[tokio::test]
async fn pages_go_on_where_the_last_ended() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let mut made = Vec::new();
        for number in 0..5 {
            made.push(bank.write(&bank.teacher, own.id, choice(&format!("Câu hỏi số {number} về rừng"), ["a", "b", "c", "d"], 1)).await.id);
        }
        bank.questions.content.search.catch_up(&bank.questions.content.env).await.unwrap();
        for text in ["", "rừng"] {
            let filter = QuestionFilter { text: text.to_owned(), ..QuestionFilter::default() };
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let page = bank::find(&bank.questions, &bank.teacher, &filter, after.as_ref(), PageLimit::asked(Some(2))).await.unwrap();
                all.extend(page.items.iter().map(|row| row.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            all.sort();
            assert_eq!(all, made, "{text:?}");
        }
    }
}

#[tokio::test]
async fn near_duplicates_are_told_and_two_become_one() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let mut one = capital();
        one.tags = vec!["Địa lí".to_owned()];
        let one = bank.write(&bank.teacher, own.id, one).await;
        let shuffled = choice("Thủ đô của nước Việt Nam là thành phố nào sau đây?", ["Huế", "Vinh", "Hà Nội", "Đà Nẵng"], 2);
        let other = bank.write(&bank.teacher, own.id, shuffled.clone()).await;
        bank.write(&bank.teacher, own.id, choice("Cho hàm số bậc ba có đồ thị như hình bên", ["1", "2", "3", "4"], 0)).await;
        let found = similar::of_question(&bank.questions, &bank.teacher, one.id).await.unwrap();
        assert_eq!(found.iter().map(|near| (near.question.id, near.same)).collect::<Vec<_>>(), [(other.id, true)]);
        let groups = similar::in_folder(&bank.questions, &bank.teacher, own.id).await.unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].questions.len(), 2);
        let paper = similar::of_paper(&bank.questions, &bank.teacher, vec![shuffled.clone(), shuffled]).await.unwrap();
        assert_eq!(paper.len(), 2);
        assert_eq!((paper[0].matches.len(), paper[1].inside[0].index), (2, 0));
        // Another's bank is not told of.
        let colleague = bank.world.person(bank.world.school, Role::Teacher, "Lê Văn Cường").await;
        assert!(similar::of_paper(&bank.questions, &colleague, vec![capital()]).await.unwrap().is_empty());

        let merged = bank::merge(&bank.questions, &bank.teacher, one.id, other.id).await.unwrap();
        assert_eq!(merged.question.tags, ["Địa lí"]);
        assert!(bank::get(&bank.questions, &bank.teacher, one.id, None).await.unwrap().deleted);
        assert!(similar::in_folder(&bank.questions, &bank.teacher, own.id).await.unwrap().is_empty());
        assert!(matches!(bank::merge(&bank.questions, &bank.teacher, other.id, other.id).await, Err(BankError::CannotMerge)));
    }
}

#[tokio::test]
async fn all_groups_of_near_duplicates_become_one_question_each_and_come_back_with_one_undo() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let mut made = Vec::new();
        for number in 0..9 {
            let stem = ["Thủ đô của nước Việt Nam là thành phố nào?", "Tam giác đều có mấy trục đối xứng?", "Nước sôi ở bao nhiêu độ?"];
            let mut question = choice(stem[number % 3], ["Huế", "Vinh", "Hà Nội", "Đà Nẵng"], 2);
            question.tags = vec![format!("đợt {number}")];
            made.push(bank.write(&bank.teacher, own.id, question).await.id);
        }
        let groups = similar::in_folder(&bank.questions, &bank.teacher, own.id).await.unwrap();
        assert_eq!(groups.iter().map(|group| (group.same, group.questions.len())).collect::<Vec<_>>(), [(true, 3), (true, 3), (true, 3)]);
        let merges: Vec<Merge> = (0..3).map(|at| Merge { into: made[at], ids: vec![made[at + 3], made[at + 6]] }).collect();

        let colleague = bank.world.person(bank.world.school, Role::Teacher, "Lê Văn Cường").await;
        assert!(matches!(bank::merge_all(&bank.questions, &colleague, &merges).await, Err(BankError::Denied(_))));
        let twice = [merges.clone(), vec![Merge { into: made[3], ids: vec![made[1]] }]].concat();
        assert!(matches!(bank::merge_all(&bank.questions, &bank.teacher, &twice).await, Err(BankError::CannotMerge)));
        assert!(!bank::get(&bank.questions, &bank.teacher, made[3], None).await.unwrap().deleted, "all of them or none");

        assert_eq!(bank::merge_all(&bank.questions, &bank.teacher, &merges).await.unwrap(), 6);
        assert!(similar::in_folder(&bank.questions, &bank.teacher, own.id).await.unwrap().is_empty());
        let stays = bank::get(&bank.questions, &bank.teacher, made[0], None).await.unwrap();
        assert_eq!(stays.question.tags, ["đợt 0", "đợt 3", "đợt 6"]);
        assert_eq!(bank::restore_all(&bank.questions, &bank.teacher, &made[3..]).await.unwrap(), 6);
        assert_eq!(similar::in_folder(&bank.questions, &bank.teacher, own.id).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn many_are_changed_at_once_or_none() {
    for bank in Bank::each_engine().await {
        let colleague = bank.world.person(bank.world.school, Role::Teacher, "Lê Văn Cường").await;
        let own = bank.own(&bank.teacher).await;
        let folder = folders::create(&bank.questions, &bank.teacher, own.id, "Ôn tập").await.unwrap();
        let mine = bank.write(&bank.teacher, own.id, capital()).await.id;
        let hers = bank.write(&colleague, bank.own(&colleague).await.id, capital()).await.id;
        let change =
            BulkChange { level: Some(Level::Nb), folder: Some(folder.id), add_tags: vec!["ôn tập".to_owned()], ..BulkChange::default() };
        assert!(matches!(
            bank::bulk(&bank.questions, &bank.teacher, &[mine, hers], &change).await,
            Err(BankError::Denied(Denied::NotFound))
        ));
        assert_eq!(bank::get(&bank.questions, &bank.teacher, mine, None).await.unwrap().question.level, None);
        assert_eq!(bank::bulk(&bank.questions, &bank.teacher, &[mine, mine], &change).await.unwrap(), 1);
        let detail = bank::get(&bank.questions, &bank.teacher, mine, None).await.unwrap();
        assert_eq!(
            (detail.question.level, detail.folder.id, detail.question.tags),
            (Some(Level::Nb), folder.id, vec!["ôn tập".to_owned()])
        );
        let less = BulkChange { remove_tags: vec!["ON TAP".to_owned()], clear: vec![Cleared::Level], ..BulkChange::default() };
        bank::bulk(&bank.questions, &bank.teacher, &[mine], &less).await.unwrap();
        let detail = bank::get(&bank.questions, &bank.teacher, mine, None).await.unwrap();
        assert_eq!((detail.question.level, detail.question.tags), (None, Vec::new()));
        assert!(matches!(bank::bulk_delete(&bank.questions, &bank.teacher, &[]).await, Err(BankError::Invalid(_))));
    }
}

#[tokio::test]
async fn a_passage_changed_once_is_changed_for_all_its_questions() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let mut tx = bank.questions.content.env.db.write().await.unwrap();
        let grant = authorise_edit(&mut tx, &bank.teacher, own.id).await;
        let passage = Some(("p1".to_owned(), Rich::plain("Đọc đoạn văn sau.")));
        let new = |stem: &str| bank::NewQuestion {
            question: choice(stem, ["a", "b", "c", "d"], 0),
            passage: passage.clone(),
            media: Vec::new(),
            meta: QuestionMeta::default(),
        };
        let ids = bank::create_many(&mut tx, &bank.questions, &grant, vec![new("Câu một?"), new("Câu hai?")]).await.unwrap();
        bank::commit(tx, &bank.questions, &ids).await.unwrap();
        let first = bank::get(&bank.questions, &bank.teacher, ids[0], None).await.unwrap();
        assert_eq!(first.siblings.iter().map(|sibling| sibling.id).collect::<Vec<_>>(), [ids[1]]);
        let mut edit = changed(&first);
        edit.passage = Some(Rich::plain("Đọc kĩ đoạn văn sau."));
        bank::save(&bank.questions, &bank.teacher, ids[0], edit).await.unwrap();
        let second = bank::get(&bank.questions, &bank.teacher, ids[1], None).await.unwrap();
        assert_eq!(second.passage.unwrap().to_text(), "Đọc kĩ đoạn văn sau.");
    }
}

#[tokio::test]
async fn a_passage_and_a_sibling_saved_at_once_are_both_kept_or_one_is_refused() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let mut tx = bank.questions.content.env.db.write().await.unwrap();
        let grant = authorise_edit(&mut tx, &bank.teacher, own.id).await;
        let new = |stem: &str| bank::NewQuestion {
            question: choice(stem, ["a", "b", "c", "d"], 0),
            passage: Some(("p1".to_owned(), Rich::plain("Đọc đoạn văn sau."))),
            media: Vec::new(),
            meta: QuestionMeta::default(),
        };
        let ids = bank::create_many(&mut tx, &bank.questions, &grant, vec![new("Câu một?"), new("Câu hai?")]).await.unwrap();
        bank::commit(tx, &bank.questions, &ids).await.unwrap();
        let first = bank::get(&bank.questions, &bank.teacher, ids[0], None).await.unwrap();
        let second = bank::get(&bank.questions, &bank.teacher, ids[1], None).await.unwrap();

        let mut passage = changed(&first);
        passage.passage = Some(Rich::plain("Đọc kĩ đoạn văn sau."));
        let mut stem = changed(&second);
        stem.question.stem = Rich::plain("Câu hai là gì?");
        let mut holder = bank.questions.content.env.db.write().await.unwrap();
        db::sql!("UPDATE change_counter SET value = value").execute(&mut holder).await.unwrap();
        let save = |input: QuestionInput, id: QuestionId| {
            let (questions, teacher) = (bank.questions.clone(), bank.teacher.clone());
            async move { bank::save(&questions, &teacher, id, input).await.map(|_| ()) }
        };
        let (stem, passage) = support::at_once(&bank.questions.content.env.db, holder, save(stem, ids[1]), save(passage, ids[0])).await;

        let detail = bank::get(&bank.questions, &bank.teacher, ids[1], None).await.unwrap();
        if stem.is_ok() {
            assert_eq!(detail.question.stem.to_text(), "Câu hai là gì?", "what was acknowledged is there");
        } else {
            assert!(matches!(stem, Err(BankError::NewerDraft { .. })));
        }
        passage.unwrap();
        assert_eq!(detail.passage.unwrap().to_text(), "Đọc kĩ đoạn văn sau.");
    }
}

async fn authorise_edit(tx: &mut db::WriteTx, caller: &Caller, folder: QuestionFolderId) -> identity::access::Grant<questions::EditFolder> {
    authorise(tx, caller, folder).await.unwrap()
}

#[tokio::test]
async fn a_picture_goes_with_its_question_and_nobody_borrows_anothers() {
    for bank in Bank::each_engine().await {
        let colleague = bank.world.person(bank.world.school, Role::Teacher, "Lê Văn Cường").await;
        let own = bank.own(&bank.teacher).await;
        let school = bank.school(&bank.teacher).await;
        let file = files::upload(&bank.questions, &bank.teacher, own.id, Bytes::from_static(PNG)).await.unwrap();
        assert_eq!(file.mime, "image/png");
        let mut question = capital();
        question.stem.append(Rich::paragraph(vec![Inline::Media {
            id: "img1".to_owned(),
            kind: MediaKind::Picture,
            alt: String::new(),
            width: None,
        }]));
        let medium = MediaUse { id: "img1".to_owned(), file_id: file.file_id, mime: String::new(), bytes: 0, url: String::new() };
        let with = QuestionInput { media: vec![medium], ..input(question) };
        assert!(files::get_source(&bank.questions, &colleague, file.file_id).await.is_err());
        let hers = bank.own(&colleague).await.id;
        assert!(matches!(bank::create(&bank.questions, &colleague, hers, with.clone()).await, Err(BankError::Invalid(_))), "borrowed");
        let without = QuestionInput { media: Vec::new(), ..with.clone() };
        assert!(matches!(bank::create(&bank.questions, &bank.teacher, own.id, without).await, Err(BankError::Invalid(_))), "no file");
        let made = bank::create(&bank.questions, &bank.teacher, school.id, with).await.unwrap();
        assert_eq!(made.media[0].url, format!("/api/question-files/{}", file.file_id));
        assert!(files::get_source(&bank.questions, &colleague, file.file_id).await.is_ok(), "who reads the question reads its picture");
        let refused =
            files::upload(&bank.questions, &bank.teacher, own.id, Bytes::from_static(b"<svg><script>alert(1)</script></svg>")).await;
        assert!(matches!(refused, Err(files::FileError::NotMedia)));
        // Garbage collection leaves it alone.
        content::processing::garbage::collect(&bank.questions.content).await.unwrap();
        let exported =
            export::export(&bank.questions, &colleague, &Which::Ids(vec![made.id]), Format::Docx, KeyPlace::Marked).await.unwrap();
        let back = papers::read(&exported.bytes, Format::Docx).unwrap();
        assert_eq!(back.questions[0].media_ids().len(), 1);
        assert_eq!(
            back.questions[0].options.iter().map(|option| option.correct).collect::<Vec<_>>(),
            capital().options.iter().map(|option| option.correct).collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn a_folder_is_exported_whole_and_anothers_is_not() {
    for bank in Bank::each_engine().await {
        let colleague = bank.world.person(bank.world.school, Role::Teacher, "Lê Văn Cường").await;
        let own = bank.own(&bank.teacher).await;
        let folder = folders::create(&bank.questions, &bank.teacher, own.id, "Đề 1").await.unwrap();
        let ids = [
            bank.write(&bank.teacher, own.id, capital()).await.id,
            bank.write(&bank.teacher, folder.id, choice("Hai?", ["1", "2", "3", "4"], 1)).await.id,
        ];
        for format in [Format::Json, Format::Docx, Format::Xlsx, Format::Gift, Format::MoodleXml, Format::Qti] {
            let file = export::export(&bank.questions, &bank.teacher, &Which::Folder(own.id), format, KeyPlace::Marked).await.unwrap();
            let back = papers::read(&file.bytes, format).unwrap();
            let keys: Vec<Vec<Option<bool>>> =
                back.questions.iter().map(|question| question.options.iter().map(|option| option.correct).collect()).collect();
            assert_eq!(keys.len(), 2, "{format:?}");
            assert_eq!(keys[0], [Some(true), Some(false), Some(false), Some(false)], "{format:?}");
            assert_eq!(keys[1], [Some(false), Some(true), Some(false), Some(false)], "{format:?}");
        }
        for which in [Which::Folder(own.id), Which::Ids(ids.to_vec())] {
            let refused = export::export(&bank.questions, &colleague, &which, Format::Json, KeyPlace::Marked).await;
            assert!(matches!(refused, Err(BankError::Denied(Denied::NotFound))), "{which:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_question_is_reported_by_readers_and_resolved_by_those_who_change_it() {
    for bank in Bank::each_engine().await {
        let officer = bank.world.person(bank.world.department, Role::Reviewer, "Vũ Thị Hạnh").await;
        let all = bank.folders(&officer).await;
        let root = all.iter().find(|folder| folder.organisation.as_ref().is_some_and(|own| own.id == bank.world.department)).unwrap();
        let id = bank.write(&officer, root.id, capital()).await.id;
        let reported = reports::add(&bank.questions, &bank.teacher, id, ReportReason::Key, "Đáp án phải là B").await.unwrap();
        assert_eq!((reported.len(), reported[0].note.as_str()), (1, "Đáp án phải là B"));
        let only = QuestionFilter { reported: Some(bank::Reported), ..QuestionFilter::default() };
        assert_eq!(bank.filter(&officer, only.clone()).await, [id]);
        assert!(matches!(
            reports::resolve(&bank.questions, &bank.teacher, reported[0].id).await,
            Err(BankError::Denied(Denied::Forbidden))
        ));
        let resolved = reports::resolve(&bank.questions, &officer, reported[0].id).await.unwrap();
        assert!(resolved[0].resolved_at.is_some());
        assert!(bank.filter(&officer, only).await.is_empty());
    }
}

#[tokio::test]
async fn folders_are_moved_and_deleted_without_losing_a_question() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let school = bank.school(&bank.teacher).await;
        let one = folders::create(&bank.questions, &bank.teacher, own.id, "Một").await.unwrap();
        let two = folders::create(&bank.questions, &bank.teacher, one.id, "Hai").await.unwrap();
        let again = folders::create(&bank.questions, &bank.teacher, one.id, "HAI").await.unwrap();
        assert_eq!(again.id, two.id, "the same name is the same folder");
        let id = bank.write(&bank.teacher, two.id, capital()).await.id;
        let below = |parent| FolderChange { parent: Some(parent), name: None };
        assert!(matches!(folders::change(&bank.questions, &bank.teacher, one.id, &below(two.id)).await, Err(BankError::BadPlace)));
        assert!(matches!(folders::change(&bank.questions, &bank.teacher, one.id, &below(school.id)).await, Err(BankError::BadPlace)));
        assert!(matches!(folders::delete(&bank.questions, &bank.teacher, own.id).await, Err(BankError::RootStays)));
        let moved =
            folders::change(&bank.questions, &bank.teacher, two.id, &FolderChange { name: Some("Ba".to_owned()), parent: Some(own.id) })
                .await;
        assert_eq!(moved.unwrap().parent_id, Some(own.id));
        assert!(bank.filter(&bank.teacher, QuestionFilter { folder: Some(one.id), ..QuestionFilter::default() }).await.is_empty());
        assert_eq!(
            bank.filter(&bank.teacher, QuestionFilter { text: "thu do".to_owned(), folder: Some(own.id), ..QuestionFilter::default() })
                .await,
            [id]
        );
        folders::delete(&bank.questions, &bank.teacher, one.id).await.unwrap();
        assert!(matches!(folders::delete(&bank.questions, &bank.teacher, two.id).await, Err(BankError::FolderNotEmpty)));
        bank::delete(&bank.questions, &bank.teacher, id).await.unwrap();
        folders::delete(&bank.questions, &bank.teacher, two.id).await.unwrap();
        let back = bank::restore(&bank.questions, &bank.teacher, id).await.unwrap();
        assert_eq!(back.folder.id, own.id, "what is in the bin outlives its folder");
    }
}

#[tokio::test]
async fn a_row_shows_lowered_digits_and_an_export_is_called_after_what_is_in_it() {
    for bank in Bank::each_engine().await {
        let own = bank.own(&bank.teacher).await;
        let mut question = capital();
        question.stem = papers::rich::from_html("Chất K<sub>2</sub>O là gì/ở đâu?", &mut papers::rich::HtmlContext::ours());
        let one = bank.write(&bank.teacher, own.id, question).await;
        let rows = bank::find(&bank.questions, &bank.teacher, &QuestionFilter::default(), None, PageLimit::asked(None)).await.unwrap();
        assert!(rows.items[0].text.starts_with("Chất K₂O là gì"), "{}", rows.items[0].text);
        let name = async |which: Which| {
            let file = export::export(&bank.questions, &bank.teacher, &which, Format::Docx, KeyPlace::Marked).await.unwrap();
            file.filename
        };
        assert_eq!(name(Which::Ids(vec![one.id])).await, "Chất K₂O là gì ở đâu.docx");
        let chapter = folders::create(&bank.questions, &bank.teacher, own.id, "Chương 1: Oxit").await.unwrap();
        let two = bank.write(&bank.teacher, chapter.id, capital()).await;
        let three = bank.write(&bank.teacher, chapter.id, choice("Khác hẳn", ["1", "2", "3", "4"], 0)).await;
        assert_eq!(name(Which::Folder(chapter.id)).await, "Chương 1 Oxit (2 câu).docx");
        assert_eq!(name(Which::Ids(vec![two.id, three.id])).await, "Chương 1 Oxit (2 câu).docx");
        assert_eq!(name(Which::Ids(vec![one.id, two.id])).await, "Câu hỏi (2 câu).docx");
    }
}
