//! A class with a teacher, three pupils and a bank of questions, on each engine.
#![allow(dead_code, reason = "each test file uses its own part of this")]

#[path = "../../../content/tests/support/mod.rs"]
mod support;

use std::time::Duration;

use classroom::Classroom;
use classroom::attempts::{
    self, AnswerInput, AttemptError, BeginInput, RefusedBecause, ResultView, SaveInput, SaveOutcome, Sitting, Token,
};
use classroom::classes::{self, ClassInput, members};
use classroom::tests::{self, LinkInput, NewTest, Plan, PlanItem, PlanPart, TargetInput, TestDetail, TestSettings};
use db::sql;
use identity::access::{Caller, authorise};
use kernel::{ClassId, QuestionId, Role, Timestamp};
use papers::model::{Answer, Choice, Exact, Question, QuestionType, Statement};
use papers::rich::Rich;
use questions::bank::{self, NewQuestion, QuestionMeta, folders};
use questions::{EditFolder, Questions};
use serde_json::value::RawValue;
pub use support::World;

pub const MINUTE: Duration = Duration::from_secs(60);

pub struct Room {
    pub world: World,
    pub classroom: Classroom,
    pub teacher: Caller,
    pub class: ClassId,
    pub pupils: Vec<Caller>,
    pub questions: Vec<QuestionId>,
}

pub fn choice(stem: &str, options: [&str; 4], right: usize) -> Question {
    let mut question = Question::new(QuestionType::SingleChoice);
    question.stem = Rich::plain(stem);
    question.explanation = Some(Rich::plain(&format!("BIMAT giải thích {stem}")));
    question.options = options
        .iter()
        .enumerate()
        .map(|(at, text)| Choice {
            label: ["A", "B", "C", "D"][at].to_owned(),
            content: Rich::plain(text),
            correct: Some(at == right),
            ..Choice::default()
        })
        .collect();
    question
}

pub fn questions() -> Vec<Question> {
    let mut truths = Question::new(QuestionType::TrueFalse);
    truths.stem = Rich::plain("Về con lắc đơn:");
    truths.statements = [("một", true), ("hai", false), ("ba", true), ("bốn", true)]
        .iter()
        .map(|(text, correct)| Statement { content: Rich::plain(text), correct: Some(*correct), ..Statement::default() })
        .collect();
    let mut short = Question::new(QuestionType::ShortAnswer);
    short.stem = Rich::plain("Chu kì là bao nhiêu giây?");
    short.answers = vec![Answer { text: "1,5".to_owned(), ..Answer::default() }];
    vec![
        choice("Thủ đô của nước ta?", ["Hà Nội", "Huế", "Vinh", "Đà Lạt"], 0),
        choice("Sông dài nhất nước ta?", ["Hồng", "Đồng Nai", "Mã", "Cả"], 1),
        truths,
        short,
    ]
}

impl Room {
    pub async fn each_engine() -> Vec<Self> {
        Self::each_engine_with(&questions()).await
    }

    /// The same with other questions.
    pub async fn each_engine_with(asked: &[Question]) -> Vec<Self> {
        let mut all = Vec::new();
        for world in World::each_engine().await {
            let classroom = Classroom::new(Questions::new(world.content.clone()));
            let teacher = world.teacher().await;
            let input = ClassInput { name: "Lí 10A1".to_owned(), subject: None, grade: Some(10) };
            let class = classes::create(&classroom, &teacher, world.school, &input).await.unwrap().row.id;
            let mut pupils = Vec::new();
            for name in ["Nguyễn Thị An", "Trần Văn Bình", "Lê Thị Cúc"] {
                pupils.push(world.person(world.school, Role::Pupil, name).await);
            }
            let people: Vec<_> = pupils.iter().map(|pupil| pupil.person_id().unwrap()).collect();
            members::add(&classroom, &teacher, class, &people).await.unwrap();
            let own = folders::list(&classroom.questions, &teacher).await.unwrap();
            let own = own.iter().find(|folder| folder.owner.is_some()).unwrap().id;
            let mut tx = classroom.env().db.write().await.unwrap();
            let grant = authorise::<EditFolder>(&mut tx, &teacher, own).await.unwrap();
            let new = asked
                .iter()
                .cloned()
                .map(|question| NewQuestion { question, passage: None, media: Vec::new(), meta: QuestionMeta::default() })
                .collect();
            let questions = bank::create_many(&mut tx, &classroom.questions, &grant, new).await.unwrap();
            bank::commit(tx, &classroom.questions, &questions).await.unwrap();
            all.push(Self { world, classroom, teacher, class, pupils, questions });
        }
        all
    }

    pub fn plan(&self) -> Plan {
        let items = self.questions.iter().map(|id| PlanItem { question_id: *id, points: None }).collect();
        Plan { parts: vec![PlanPart { title: "Phần I".to_owned(), items, ..PlanPart::default() }] }
    }

    pub fn targets(&self) -> Vec<TargetInput> {
        vec![TargetInput { class_id: self.class, team_id: None, member_id: None }]
    }

    pub async fn give(&self, settings: TestSettings) -> TestDetail {
        let new = NewTest {
            organisation_id: self.world.school,
            title: "Kiểm tra 15 phút".to_owned(),
            subject: None,
            grade: Some(10),
            plan: self.plan(),
            settings,
        };
        let made = tests::create(&self.classroom, &self.teacher, new).await.unwrap();
        tests::give(&self.classroom, &self.teacher, made.id, made.revision, &self.targets(), LinkInput::Keep).await.unwrap()
    }

    pub async fn begin(&self, pupil: &Caller, test: &TestDetail) -> Result<Sitting, AttemptError> {
        attempts::begin(&self.classroom, pupil, test.id, self.input()).await
    }

    pub fn input(&self) -> BeginInput {
        BeginInput { sent_at: self.now(), password: None, user_agent: "Chrome".to_owned() }
    }

    pub fn now(&self) -> Timestamp {
        self.classroom.env().now()
    }

    pub fn wait(&self, by: Duration) {
        self.world.test.clock.advance(by);
    }

    /// Sends answers made now.
    pub async fn answer(&self, token: &Token, answers: &[(i64, u16, &str)]) -> SaveOutcome {
        let now = self.now();
        self.send(token, now, now, answers).await.unwrap()
    }

    pub async fn send(
        &self,
        token: &Token,
        at: Timestamp,
        sent_at: Timestamp,
        answers: &[(i64, u16, &str)],
    ) -> Result<SaveOutcome, AttemptError> {
        self.send_to(&self.classroom, token, at, sent_at, answers).await
    }

    /// To one of several servers.
    pub async fn send_to(
        &self,
        server: &Classroom,
        token: &Token,
        at: Timestamp,
        sent_at: Timestamp,
        answers: &[(i64, u16, &str)],
    ) -> Result<SaveOutcome, AttemptError> {
        let answers = answers
            .iter()
            .map(|(sequence, item, response)| AnswerInput {
                sequence: *sequence,
                item: *item,
                at,
                response: RawValue::from_string((*response).to_owned()).unwrap(),
            })
            .collect();
        attempts::save(server, token, SaveInput { sent_at, answers, events: Vec::new() }).await
    }

    /// The neutral index of the right option, as only the server knows it.
    pub async fn right_option(&self, sitting: &Sitting, item: u16) -> String {
        let mut tx = self.classroom.env().db.read().await.unwrap();
        let (keyed,): (String,) =
            sql!("SELECT keyed FROM test_paper WHERE id = $1").bind(sitting.paper.id).fetch_one(&mut tx).await.unwrap();
        let keyed: scoring::KeyedPaper = serde_json::from_str(&keyed).unwrap();
        let solution = serde_json::to_value(keyed.solution(item).unwrap()).unwrap();
        match (&solution["options"], &solution["statements"]) {
            (serde_json::Value::Array(right), _) => format!("{{\"c\":{}}}", right[0]),
            (_, statements) => format!("{{\"s\":{statements}}}"),
        }
    }

    pub async fn all_right(&self, sitting: &Sitting) {
        let (a, b, c) = (self.right_option(sitting, 0).await, self.right_option(sitting, 1).await, self.right_option(sitting, 2).await);
        let saved = self.answer(&sitting.token, &[(1, 0, &a), (2, 1, &b), (3, 2, &c), (4, 3, r#"{"t":"1.50"}"#)]).await;
        assert_eq!(saved.refused, []);
    }

    pub async fn result(&self, pupil: &Caller, sitting: &Sitting) -> ResultView {
        attempts::result(&self.classroom, pupil, sitting.attempt_id).await.unwrap()
    }
}

pub fn because(saved: &SaveOutcome) -> Vec<(i64, RefusedBecause)> {
    saved.refused.iter().map(|refused| (refused.sequence, refused.because)).collect()
}

pub fn exact(text: &str) -> Exact {
    text.parse().unwrap()
}
