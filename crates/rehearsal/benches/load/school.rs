//! A school with so many pupils, all given one test of forty questions.
#![allow(dead_code, reason = "each bench uses its own part of this")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use classroom::Classroom;
use classroom::classes::{self, ClassInput, members};
use classroom::tests::{self, LinkInput, NewTest, Plan, PlanItem, PlanPart, Release, TargetInput, TestSettings};
use db::sql;
use db::testing::TestDb;
use http::{HeaderName, HeaderValue, Method, header};
use identity::access::{Caller, ManagePeople, authorise};
use identity::people::{self, PersonDraft, PersonInput};
use kernel::{DeviceId, PersonId, Role, TestId, Timestamp};
use papers::model::{Choice, Question, QuestionType};
use papers::rich::Rich;
use questions::bank::{self, NewQuestion, QuestionMeta, folders};
use questions::{EditFolder, Questions};
use rehearsal::{Choose, Entry, Line, Papers, Pupil};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower_sessions::session::Id;

use crate::support::World;

pub const QUESTIONS: usize = 40;
/// Pupils of a class.
const CLASS: usize = 200;
const PASSWORD: &str = "mua-thu-ha-noi";
/// What the right option says: no real paper does, and here the pupils must know it.
const RIGHT: &str = "phương án này đúng";

pub struct School {
    pub world: World,
    pub pupils: Vec<PersonId>,
    /// Sat by all at once.
    test: TestId,
    /// Sat by one after the other.
    second: TestId,
    teacher: PersonId,
}

/// Whether a pupil answers an item rightly.
pub fn is_right(pupil: u64, item: usize) -> bool {
    !(pupil as usize + item * 3).is_multiple_of(4)
}

/// Whether a result has the mark that its answers are worth: ten points over all questions, rounded half up to
/// hundredths. Pupils answer in the paper's order, so that what was answered is its beginning.
pub fn is_marked_right(pupil: u64, result: &Value) -> bool {
    let answered = result["receipt"]["answered"].as_u64().unwrap_or(0) as usize;
    let worth = (0..answered).filter(|item| is_right(pupil, *item)).count();
    let hundredths = (worth * 1000 * 2 + QUESTIONS) / (QUESTIONS * 2);
    result["score"].as_str().and_then(|score| score.parse::<f64>().ok()) == Some(hundredths as f64 / 100.0)
}

/// The right option, or another.
pub fn choose() -> Choose {
    Arc::new(|pupil, item, _, question: &Value| {
        let options = question["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        let right = options.iter().position(|option| option.to_string().contains(RIGHT)).unwrap();
        let chosen = if is_right(pupil, item.into()) { right } else { (right + 1) % options.len() };
        json!({ "c": chosen })
    })
}

/// A session as the cookie names it, and as it is kept.
fn session(person: PersonId) -> Id {
    Id(person.as_uuid().as_u128() as i128)
}

fn cookie(person: PersonId) -> (HeaderName, HeaderValue) {
    (header::COOKIE, HeaderValue::try_from(format!("lopmo_session={}", session(person))).unwrap())
}

impl School {
    pub async fn found(test: TestDb, count: usize) -> Self {
        let world = World::new(test).await;
        let classroom = Classroom::new(Questions::new(world.content.clone()));
        let teacher = world.teacher().await;
        let env = world.content.env.clone();
        let mut pupils = Vec::with_capacity(count);
        let mut tx = env.db.write().await.unwrap();
        let grant = authorise::<ManagePeople>(&mut tx, &Caller::Operator, world.school).await.unwrap();
        for number in 0..count {
            let draft =
                PersonDraft::parse(&PersonInput { display_name: format!("Nguyễn Thị Số {number}"), ..PersonInput::default() }).unwrap();
            pupils.push(people::add(&mut tx, &env, &grant, &draft, Role::Pupil, None).await.unwrap());
        }
        tx.commit().await.unwrap();
        let mut targets = Vec::new();
        for some in pupils.chunks(CLASS) {
            let input = ClassInput { name: format!("Lớp {}", targets.len() + 1), subject: None, grade: Some(12) };
            let class = classes::create(&classroom, &teacher, world.school, &input).await.unwrap().row.id;
            members::add(&classroom, &teacher, class, some).await.unwrap();
            targets.push(TargetInput { class_id: class, team_id: None, member_id: None });
        }
        let own = folders::list(&classroom.questions, &teacher).await.unwrap();
        let own = own.iter().find(|folder| folder.owner.is_some()).unwrap().id;
        let mut tx = env.db.write().await.unwrap();
        let grant = authorise::<EditFolder>(&mut tx, &teacher, own).await.unwrap();
        let new = (0..QUESTIONS)
            .map(|at| NewQuestion { question: question(at), passage: None, media: Vec::new(), meta: QuestionMeta::default() })
            .collect();
        let questions = bank::create_many(&mut tx, &classroom.questions, &grant, new).await.unwrap();
        bank::commit(tx, &classroom.questions, &questions).await.unwrap();
        let mut given = Vec::new();
        for title in ["Kiểm tra học kì", "Kiểm tra học kì, đề dự phòng"] {
            let items = questions.iter().map(|id| PlanItem { question_id: *id, points: None }).collect();
            let new = NewTest {
                organisation_id: world.school,
                title: title.to_owned(),
                subject: None,
                grade: Some(12),
                plan: Plan { parts: vec![PlanPart { title: "Phần I".to_owned(), items, ..PlanPart::default() }] },
                settings: TestSettings { minutes: Some(90), show_marks: Release::AtOnce, ..TestSettings::default() },
            };
            let made = tests::create(&classroom, &teacher, new).await.unwrap();
            tests::give(&classroom, &teacher, made.id, made.revision, &targets, LinkInput::Keep).await.unwrap();
            given.push(made.id);
        }
        let school = Self { pupils, test: given[0], second: given[1], teacher: teacher.person_id().unwrap(), world };
        school.sign_everybody_in().await;
        school
    }

    /// Everybody has a session; the password is the same for all, since hashing it thousands of times is not
    /// what is measured here.
    async fn sign_everybody_in(&self) {
        let env = &self.world.content.env;
        let hash = identity::password::NewPassword::parse(PASSWORD, "ai").unwrap().hash().await.unwrap();
        let mut tx = env.db.write().await.unwrap();
        // The program's clock is the real one.
        let (now, later) = (Timestamp(now()), Timestamp(now() + 86_400_000_000));
        for person in self.pupils.iter().chain([&self.teacher]) {
            sql!(
                "INSERT INTO session (id_hash, public_id, person_id, data, user_agent, address, created_at, last_seen_at, expires_at)
                 VALUES ($1, $2, $3, $4, 'bench', '127.0.0.1', $5, $5, $6)"
            )
            .bind(hex::encode(<sha2::Sha256 as sha2::Digest>::digest(session(*person).0.to_be_bytes())))
            .bind(env.ids.make::<DeviceId>())
            .bind(*person)
            .bind(json!({ "person_id": person.as_uuid() }).to_string())
            .bind(now)
            .bind(later)
            .execute(&mut tx)
            .await
            .unwrap();
            sql!(
                "INSERT INTO credential (person_id, password_hash, must_change, changed_at) VALUES ($1, $2, $4, $3)
                 ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash, must_change = excluded.must_change"
            )
            .bind(*person)
            .bind(&hash)
            .bind(now)
            .bind(false)
            .execute(&mut tx)
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.pupils.iter().map(|person| Self::entry(self.test, cookie(*person))).collect()
    }

    fn entry(test: TestId, header: (HeaderName, HeaderValue)) -> Entry {
        Entry {
            lobby: Some(format!("/api/tests/{test}/lobby")),
            begin: format!("/api/tests/{test}/begin"),
            header,
            body: Map::new(),
            result: Some("/api/attempts/{}/result".to_owned()),
        }
    }

    /// The teacher looks at the board all the time, as her page does.
    pub fn watch(&self, address: SocketAddr) -> impl Future<Output = ()> + Send + 'static {
        let (path, header) = (format!("/api/tests/{}/board", self.test), cookie(self.teacher));
        async move {
            let mut line = Line::new(address, 0);
            loop {
                let board: Value = line.json(Method::GET, &path, Some(&header), bytes::Bytes::new()).await.unwrap();
                let changes = format!("{path}/changes?since={}&seconds=300", board["now"]);
                line.listen(&changes, Some(&header)).await.unwrap();
            }
        }
    }

    /// All at once, from signed out to the lobby with the sealed paper, sign-in included.
    pub async fn crowd(&self, address: SocketAddr, count: usize) -> Value {
        let mut tx = self.world.content.env.db.read().await.unwrap();
        let mut names = Vec::with_capacity(count);
        for person in self.pupils.iter().take(count) {
            let (name,): (String,) = sql!("SELECT username FROM person WHERE id = $1").bind(*person).fetch_one(&mut tx).await.unwrap();
            names.push(name);
        }
        drop(tx);
        let from = Instant::now();
        let mut all = JoinSet::new();
        for (number, name) in names.into_iter().enumerate() {
            let mut entry = Self::entry(self.test, cookie(self.teacher));
            all.spawn(async move {
                let mut line = Line::new(address, number);
                let body = json!({ "login": name, "password": PASSWORD }).to_string();
                let cookie = line.sign_in("/api/session", body.into()).await.unwrap();
                entry.header = (header::COOKIE, cookie);
                Pupil::new(number as u64, entry, line).load().await.unwrap();
                from.elapsed().as_secs_f64()
            });
        }
        let mut took: Vec<f64> = all.join_all().await;
        took.sort_by(f64::total_cmp);
        json!({ "pupils": count, "median_s": took.get(took.len() / 2), "last_s": took.last() })
    }

    /// Whole attempts one after the other at so many devices, each as fast as the server answers: open, begin, forty
    /// answers saved one by one, hand in, read the result. Tells how many marks were wrong; an attempt that could not be
    /// sat ends the bench.
    pub async fn sit_in_turn(&self, address: SocketAddr, count: usize, devices: usize) -> usize {
        let coming = Arc::new(Mutex::new((0..).zip(self.pupils.clone()).take(count)));
        let (papers, second) = (Papers::default(), self.second);
        let mut all = JoinSet::new();
        for device in 0..devices {
            let (coming, papers) = (Arc::clone(&coming), papers.clone());
            all.spawn(async move {
                let (mut wrong, choose) = (0, choose());
                loop {
                    let Some((number, person)) = coming.lock().unwrap().next() else { return wrong };
                    let mut pupil = Pupil::new(number, Self::entry(second, cookie(person)), Line::new(address, device));
                    pupil.load().await.unwrap();
                    pupil.begin(&papers).await.unwrap();
                    for _ in 0..QUESTIONS {
                        pupil.answer(&choose).await.unwrap();
                    }
                    pupil.hand_in().await.unwrap();
                    wrong += usize::from(!is_marked_right(number, &pupil.result().await.unwrap()));
                }
            });
        }
        all.join_all().await.iter().sum()
    }

    /// Whether what is committed is on the disk.
    pub async fn is_durable(&self) -> bool {
        if self.world.content.env.db.engine() == db::Engine::Sqlite {
            return true;
        }
        let mut tx = self.world.content.env.db.read().await.unwrap();
        let (fsync,): (String,) = sql!("SELECT current_setting('fsync')").fetch_one(&mut tx).await.unwrap();
        fsync == "on"
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench has no clock of its own to set")]
fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap().as_micros() as i64
}

fn question(number: usize) -> Question {
    let mut question = Question::new(QuestionType::SingleChoice);
    question.stem = Rich::plain(&format!(
        "Câu số {number}: một vật dao động điều hoà với biên độ {} cm và chu kì {} s; tốc độ lớn nhất của vật là bao nhiêu?",
        number + 2,
        number + 1
    ));
    question.explanation = Some(Rich::plain("Tốc độ lớn nhất bằng tích của tần số góc và biên độ."));
    question.options = (0..4)
        .map(|at| Choice {
            label: ["A", "B", "C", "D"][at].to_owned(),
            content: Rich::plain(&if at == number % 4 { RIGHT.to_owned() } else { format!("phương án {at} của câu {number}") }),
            correct: Some(at == number % 4),
            ..Choice::default()
        })
        .collect();
    question
}
