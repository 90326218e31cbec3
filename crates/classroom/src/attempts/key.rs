//! The key of a paper after it was sat ("phúc khảo"): seen, put right, ruled about. Every key is kept, and with
//! each mark which key it is by.

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use identity::audit::{self, Event};
use identity::fault::{Fault, Faults, optional_line};
use kernel::{AttemptId, OrganisationId, TestId, TestPaperId, Timestamp};
use papers::model::Exact;
use scoring::{Form, KeyedPaper, Ruling, Solution};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::statistics::{ItemStatistics, statistics};
use super::{AttemptError, answers, marking, remark};
use crate::Classroom;
use crate::tests::{ManageTest, ShownPaper, TestError};

/// Most attempts that are looked at before a change is confirmed.
const LOOKED_AT: i64 = 5_000;

/// The key of a test's paper, as its teachers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = TestKey)]
pub struct PaperKey {
    /// Counts what was put right; a change names the one it is made from.
    pub revision: i64,
    /// The paper.
    pub paper: ShownPaper,
    /// The author's order.
    pub form: Form,
    /// By item.
    pub items: Vec<KeyItem>,
    /// What was put right, the newest first.
    pub changes: Vec<KeyEntry>,
    /// Attempts that still have marks by an older key.
    pub left: i64,
}

/// What is right in an item, and how it was answered.
#[derive(Serialize, ToSchema)]
#[schema(as = TestKeyItem)]
pub struct KeyItem {
    /// What is right.
    pub solution: Option<Solution>,
    /// What was ruled.
    pub ruling: Ruling,
    /// How it was answered, once some attempts are marked.
    pub statistics: Option<ItemStatistics>,
}

/// Something that was put right.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TestKeyEntry)]
pub struct KeyEntry {
    /// The key it made.
    pub revision: i64,
    /// The item.
    pub item: i64,
    /// What was ruled.
    pub ruling: Ruling,
    /// Whether the right answer itself was changed.
    pub solved: bool,
    /// Why.
    pub note: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What is to be put right.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(as = TestKeyChange)]
pub struct KeyChange {
    /// The key it is made from.
    pub revision: i64,
    /// The item.
    pub item: u16,
    /// How it counts.
    #[serde(default)]
    pub ruling: Ruling,
    /// What is right; as it was where there is none.
    #[serde(default)]
    pub solution: Option<Solution>,
    /// Why, for colleagues.
    #[serde(default)]
    pub note: String,
}

/// What a change would do to marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TestKeyEffect)]
pub struct KeyEffect {
    /// Attempts that were looked at.
    pub looked_at: u32,
    /// Attempts there are.
    pub of: i64,
    /// Of those looked at, how many get a higher mark.
    pub higher: u32,
    /// How many get a lower one.
    pub lower: u32,
}

#[derive(sqlx::FromRow)]
struct Head {
    paper_id: Option<TestPaperId>,
    organisation_id: OrganisationId,
}

async fn paper_of(conn: &mut Conn, caller: &Caller, test: TestId) -> Result<(TestPaperId, OrganisationId), AttemptError> {
    authorise::<ManageTest>(conn, caller, test).await?;
    let head: Head = sql!("SELECT paper_id, organisation_id FROM test WHERE id = $1").bind(test).fetch_one(conn).await?;
    Ok((head.paper_id.ok_or(TestError::WrongState)?, head.organisation_id))
}

/// The key of a test that was given.
///
/// # Errors
/// [`AttemptError`].
pub async fn key(classroom: &Classroom, caller: &Caller, test: TestId) -> Result<PaperKey, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let (paper, _) = paper_of(&mut tx, caller, test).await?;
    let loaded = classroom.papers.marked_by(&mut tx, paper).await?;
    let (shown,): (String,) = sql!("SELECT shown FROM test_paper WHERE id = $1").bind(paper).fetch_one(&mut tx).await?;
    let mut statistics = statistics(&mut tx, test, loaded.keyed.len()).await?.into_iter();
    let items = (0..=u16::MAX).take(loaded.keyed.len()).map(|item| KeyItem {
        solution: loaded.keyed.solution(item),
        ruling: loaded.keyed.ruling(item).unwrap_or_default(),
        statistics: statistics.next().flatten(),
    });
    Ok(PaperKey {
        revision: loaded.key_revision,
        paper: serde_json::from_str(&shown).map_err(DbError::from)?,
        form: loaded.keyed.as_written(),
        items: items.collect(),
        changes: changes(&mut tx, paper).await?,
        left: remark::left(&mut tx, paper, loaded.key_revision).await?,
    })
}

/// What is kept of a change beside the whole key.
#[derive(Serialize, Deserialize)]
struct KeptChange {
    ruling: Ruling,
    solved: bool,
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    revision: i64,
    item: i64,
    change: String,
    note: String,
    by: String,
    at: Timestamp,
}

async fn changes(conn: &mut Conn, paper: TestPaperId) -> Result<Vec<KeyEntry>, DbError> {
    let rows: Vec<EntryRow> = sql!(
        "SELECT k.revision, k.item, k.change, k.note, p.display_name AS \"by\", k.made_at AS at
         FROM test_paper_key k JOIN person p ON p.id = k.made_by WHERE k.paper_id = $1 ORDER BY k.revision DESC LIMIT 200"
    )
    .bind(paper)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let change: KeptChange = serde_json::from_str(&row.change)?;
            let EntryRow { revision, item, note, by, at, .. } = row;
            Ok(KeyEntry { revision, item, ruling: change.ruling, solved: change.solved, note, by, at })
        })
        .collect()
}

/// The key that a change makes.
fn changed(keyed: &KeyedPaper, change: &KeyChange) -> Result<KeyedPaper, TestError> {
    let refused = |_| TestError::Invalid(vec![Fault { field: "solution", code: "does-not-fit" }]);
    let solved = match &change.solution {
        Some(solution) => keyed.solved(change.item, solution).map_err(refused)?,
        None => keyed.clone(),
    };
    solved.ruled(change.item, change.ruling).map_err(refused)
}

/// How many marks a change would change.
///
/// # Errors
/// [`AttemptError`].
pub async fn key_effect(classroom: &Classroom, caller: &Caller, test: TestId, change: &KeyChange) -> Result<KeyEffect, AttemptError> {
    let mut tx = classroom.env().db.read().await?;
    let (paper, _) = paper_of(&mut tx, caller, test).await?;
    let loaded = classroom.papers.marked_by(&mut tx, paper).await?;
    let keyed = changed(&loaded.keyed, change)?;
    let (of,): (i64,) = sql!("SELECT COUNT(*) FROM attempt WHERE paper_id = $1 AND kind = 'real' AND state = 'submitted'")
        .bind(paper)
        .fetch_one(&mut tx)
        .await?;
    let attempts: Vec<(AttemptId,)> =
        sql!("SELECT id FROM attempt WHERE paper_id = $1 AND kind = 'real' AND state = 'submitted' ORDER BY id LIMIT $2")
            .bind(paper)
            .bind(LOOKED_AT)
            .fetch_all(&mut tx)
            .await?;
    let mut effect = KeyEffect { of, ..KeyEffect::default() };
    for (attempt,) in attempts {
        let counting = answers::counting(&mut tx, attempt).await?;
        let responses = marking::responses(&loaded, &counting)?;
        let by_hand = marking::given(&marking::by_hand(&mut tx, attempt).await?);
        let total = |keyed: &KeyedPaper| -> Exact { keyed.mark_with(&responses, &by_hand).total };
        effect.looked_at += 1;
        match total(&keyed).cmp(&total(&loaded.keyed)) {
            std::cmp::Ordering::Greater => effect.higher += 1,
            std::cmp::Ordering::Less => effect.lower += 1,
            std::cmp::Ordering::Equal => {}
        }
    }
    Ok(effect)
}

/// Puts the key of a test right. Attempts are marked again at once, as many as are done in a moment; the others
/// follow by themselves.
///
/// # Errors
/// [`AttemptError`].
pub async fn correct_key(classroom: &Classroom, caller: &Caller, test: TestId, change: KeyChange) -> Result<PaperKey, AttemptError> {
    let env = classroom.env();
    let mut faults = Faults::default();
    let note = faults.take("note", optional_line(Some(&change.note), 500)).unwrap_or_default();
    faults.check().map_err(TestError::from)?;
    let Some(person) = caller.person_id() else { return Err(Denied::NotFound.into()) };
    let mut tx = env.db.read().await?;
    let (paper, organisation) = paper_of(&mut tx, caller, test).await?;
    let loaded = classroom.papers.marked_by(&mut tx, paper).await?;
    drop(tx);
    let newer = |revision| Err(TestError::NewerDraft { revision }.into());
    if loaded.key_revision != change.revision {
        return newer(loaded.key_revision);
    }
    let keyed = changed(&loaded.keyed, &change)?;
    let revision = change.revision + 1;
    let kept = KeptChange { ruling: change.ruling, solved: change.solution.is_some() };
    let keyed = serde_json::to_string(&keyed).map_err(DbError::from)?;
    let kept = serde_json::to_string(&kept).map_err(DbError::from)?;
    let mut tx = env.db.write().await?;
    paper_of(&mut tx, caller, test).await?;
    let moved = sql!("UPDATE test_paper SET key_revision = $2, remarking_since = $3 WHERE id = $1 AND key_revision = $4")
        .bind(paper)
        .bind(revision)
        .bind(env.now())
        .bind(change.revision)
        .execute(&mut tx)
        .await?;
    if moved == 0 {
        return newer(revision);
    }
    sql!(
        "INSERT INTO test_paper_key (paper_id, revision, keyed, item, change, note, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(paper)
    .bind(revision)
    .bind(keyed)
    .bind(i64::from(change.item))
    .bind(kept)
    .bind(&note)
    .bind(person)
    .bind(env.now())
    .execute(&mut tx)
    .await?;
    let event = Event {
        action: "test.key_corrected",
        subject_kind: "test",
        subject_id: Some(test.as_uuid()),
        organisation: Some(organisation),
        detail: serde_json::json!({ "question": change.item + 1, "ruling": change.ruling, "key": revision }),
    };
    audit::record(&mut tx, env, caller, event).await?;
    tx.commit().await?;
    remark::piece(classroom, paper, revision).await?;
    key(classroom, caller, test).await
}
