//! Figures of the question bank at the size of a province, as one JSON object on standard output: 100
//! schools with 1,000 questions each, a teacher with a bank of her own. How long each page's reads take,
//! in milliseconds, how fast a paper is saved and the index follows.
//! On SQLite; on PostgreSQL too where `LOPMO_TEST_POSTGRES` names a server.
#![allow(clippy::unwrap_used, reason = "a bench may end at the first error")]
#![allow(missing_docs, reason = "a bench has no readers of its documentation")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use std::time::Instant;

use identity::access::{Caller, authorise};
use kernel::{OrganisationKind, PageLimit, QuestionFolderId, Role};
use papers::model::{Choice, Level, Question, QuestionType};
use papers::rich::{Inline, Rich};
use questions::bank::{self, NewQuestion, QuestionFilter, QuestionMeta, folders, similar};
use questions::{EditFolder, Questions};
use serde_json::{Map, Value, json};
use support::World;

const SCHOOLS: usize = 100;
const EACH: usize = 1_000;
const ROUNDS: usize = 20;

/// Words of questions; combined by number they say something else each time.
const WORDS: &[&str] = &[
    "vật", "dao", "động", "điều", "hoà", "biên", "độ", "chu", "kì", "tần", "số", "khối", "lượng", "lò", "xo", "hàm", "đồ", "thị", "phương",
    "trình", "nghiệm", "thực", "cực", "trị", "khoảng", "đồng", "biến", "tam", "giác", "cạnh", "góc", "diện", "tích", "thể", "sông", "núi",
    "rừng", "biển", "đảo", "tỉnh", "dân", "cư", "kinh", "tế", "axit", "bazơ", "muối", "phản", "ứng", "chất", "rắn", "lỏng", "khí", "gen",
];

#[tokio::main]
async fn main() {
    let mut engines = vec![("sqlite", Some(db::testing::sqlite().await)), ("postgres", None)];
    if std::env::var_os("LOPMO_TEST_POSTGRES").is_some() {
        engines[1].1 = db::testing::postgres().await;
    }
    for (engine, test) in engines {
        let Some(test) = test else { continue };
        let figures = measure(&World::new(test).await).await;
        println!("{}", json!({ "bench": "bank", "engine": engine, "questions": SCHOOLS * EACH, "figures": figures }));
    }
}

fn question(number: usize) -> NewQuestion {
    let word = |at: usize| WORDS[(number.wrapping_mul(2_654_435_761).wrapping_add(at * at * 97 + at * (number / 7 + 3))) % WORDS.len()];
    let mut question = Question::new(QuestionType::SingleChoice);
    let text: Vec<&str> = (0..24).map(word).collect();
    question.stem = Rich::paragraph(vec![
        Inline::text(format!("Câu {number}: {} ", text.join(" "))),
        Inline::math(format!("x^2-{}x+{}=0", number % 97, number % 89)),
    ]);
    question.level = [Some(Level::Nb), Some(Level::Th), Some(Level::Vd), None][number % 4];
    question.tags = vec![format!("chương {}", number % 9)];
    question.options = (0..4)
        .map(|at| Choice {
            label: ["A", "B", "C", "D"][at].to_owned(),
            content: Rich::plain(&format!("{} {} {}", word(30 + at), word(40 + at), number + at)),
            correct: Some(at == number % 4),
            ..Choice::default()
        })
        .collect();
    let grade = u8::try_from(10 + number % 3).ok();
    NewQuestion {
        question,
        passage: None,
        media: Vec::new(),
        meta: QuestionMeta { subject: Some("toan".to_owned()), grade, ..QuestionMeta::default() },
    }
}

async fn save(questions: &Questions, caller: &Caller, folder: QuestionFolderId, new: Vec<NewQuestion>) {
    let mut tx = questions.content.env.db.write().await.unwrap();
    let grant = authorise::<EditFolder>(&mut tx, caller, folder).await.unwrap();
    let ids = bank::create_many(&mut tx, questions, &grant, new).await.unwrap();
    bank::commit(tx, questions, &ids).await.unwrap();
}

async fn measure(world: &World) -> Value {
    let questions = Questions::new(world.content.clone());
    let mut figures = Map::new();
    let mut teacher = None;
    let began = Instant::now();
    for school in 0..SCHOOLS {
        let name = format!("Trường số {school}");
        let id =
            support::organisation(&world.content, Some(world.department), OrganisationKind::School, &name, &format!("T{school}")).await;
        let here = world.person(id, Role::Teacher, &format!("Giáo viên {school}")).await;
        let all = folders::list(&questions, &here).await.unwrap();
        let root = all.iter().find(|folder| folder.organisation.as_ref().is_some_and(|own| own.id == id)).unwrap().id;
        save(&questions, &here, root, (0..EACH).map(|number| question(school * EACH + number)).collect()).await;
        let own = all.iter().find(|folder| folder.owner.is_some()).unwrap().id;
        teacher = Some((here, own, root));
    }
    figures.insert("saved_questions_per_second".to_owned(), json!(((SCHOOLS * EACH) as f64 / began.elapsed().as_secs_f64()).round()));
    let (teacher, own, root) = teacher.unwrap();
    let began = Instant::now();
    save(&questions, &teacher, own, (0..1_000).map(|number| question(SCHOOLS * EACH + number)).collect()).await;
    figures.insert("paper_of_1000_saved_ms".to_owned(), json!(began.elapsed().as_millis() as u64));
    let administrator = world.person(world.department, Role::Administrator, "Quản trị").await;
    let began = Instant::now();
    questions.content.search.catch_up(&questions.content.env).await.unwrap();
    figures.insert("indexed_questions_per_second".to_owned(), json!(((SCHOOLS * EACH) as f64 / began.elapsed().as_secs_f64()).round()));
    let page = PageLimit::asked(None);
    for (name, caller) in [("teacher", &teacher), ("administrator", &administrator)] {
        let tag = QuestionFilter { tag: Some("chương 3".to_owned()), ..QuestionFilter::default() };
        let rare = QuestionFilter { used: Some(bank::Used::Yes), ..QuestionFilter::default() };
        let folder = QuestionFilter { folder: Some(root), level: Some(Level::Vd), ..QuestionFilter::default() };
        let words = QuestionFilter { text: "dao động điều hoà".to_owned(), ..QuestionFilter::default() };
        let formula = QuestionFilter { text: "$x^2-5x+6=0$".to_owned(), ..QuestionFilter::default() };
        for (what, filter) in [
            ("newest", &QuestionFilter::default()),
            ("tag", &tag),
            ("none", &rare),
            ("folder", &folder),
            ("words", &words),
            ("formula", &formula),
        ] {
            let list = async || bank::find(&questions, caller, filter, None, page).await.unwrap().items.len();
            time(&mut figures, &format!("{what}_{name}"), list).await;
        }
        time(&mut figures, &format!("folders_{name}"), async || folders::list(&questions, caller).await.unwrap().len()).await;
        let paper: Vec<Question> = (0..40).map(|number| question(number * 7).question).collect();
        time(&mut figures, &format!("duplicates_of_40_{name}"), async || {
            similar::of_paper(&questions, caller, paper.clone()).await.unwrap().len()
        })
        .await;
    }
    time(&mut figures, "duplicates_in_school", async || similar::in_folder(&questions, &teacher, root).await.unwrap().len()).await;
    Value::Object(figures)
}

async fn time(figures: &mut Map<String, Value>, name: &str, work: impl AsyncFn() -> usize) {
    work().await;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        std::hint::black_box(work().await);
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    figures.insert(format!("{name}_ms"), json!((times[ROUNDS / 2] * 100.0).round() / 100.0));
}
