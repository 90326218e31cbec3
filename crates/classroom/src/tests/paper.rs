//! Papers: what is sat, made once from the versions its questions have then.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use db::{Conn, DbError, WriteTx, sql};
use kernel::{QuestionFileId, QuestionId, TestId, TestPaperId};
use moka::sync::Cache;
use papers::rich::Rich;
use questions::bank::{self, MediaUse, UsedVersion};
use scoring::{Compiled, Draft, DraftItem, DraftPart, KeyedPaper, Layout, Seed, Shape, ShownQuestion};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::needs::{self, Needs};
use super::{Plan, TestError, TestSettings, UnfitQuestion, seal};
use crate::Classroom;
use crate::attempts::SealedPaper;

/// Most bytes of what is shown of a paper.
const LARGEST: usize = 8 << 20;

/// What is shown of a paper while it is sat: no key, no explanation, everything in neutral order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShownPaper {
    /// In the order they are sat.
    pub parts: Vec<ShownPart>,
    /// By item.
    pub items: Vec<ShownItem>,
    /// Texts above several questions.
    pub passages: Vec<ShownPassage>,
}

/// A part of a paper as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShownPart {
    /// `Phần I`, or nothing.
    pub title: String,
    /// What is said above its questions.
    pub note: String,
    /// How many items it has; their numbers go on from part to part.
    pub count: usize,
    /// "Answer n of m".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_at_most: Option<u32>,
}

/// A question as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShownItem {
    /// Its texts.
    pub question: ShownQuestion,
    /// What can be answered.
    pub shape: Shape,
    /// What it is worth.
    pub points: String,
    /// The text above it, by its place among the passages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<u16>,
    /// Its pictures and sounds: the number of the file of each name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub media: BTreeMap<String, ShownFile>,
}

/// A text above several questions.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShownPassage {
    /// What it says.
    pub content: Rich,
    /// Its pictures and sounds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub media: BTreeMap<String, ShownFile>,
}

/// A picture or sound of a paper.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShownFile {
    /// Its number in the paper, from 1: sealed under it.
    pub number: u64,
    /// Media type.
    pub mime: String,
}

/// A paper in memory, for those who sit it and for marking.
pub(crate) struct LoadedPaper {
    pub layout: Layout,
    shapes: Vec<Shape>,
    pub keyed: KeyedPaper,
    /// Which key this is: the first is the paper's own, later ones were put right.
    pub key_revision: i64,
    pub sealed: SealedPaper,
    pub seal_key: Vec<u8>,
    pub sealed_bytes: Bytes,
    pub needs: Needs,
}

impl LoadedPaper {
    /// What can be answered to an item.
    pub(crate) fn shape(&self, item: u16) -> Option<&Shape> {
        self.shapes.get(usize::from(item))
    }

    /// By item.
    pub(crate) fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

/// Papers that are sat now. Copies of rows that never change, but for a corrected key.
#[derive(Clone)]
pub(crate) struct Papers(Cache<TestPaperId, Arc<LoadedPaper>>);

impl std::fmt::Debug for Papers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Papers")
    }
}

impl Default for Papers {
    fn default() -> Self {
        // The key of a paper may be corrected at another server: what is kept is not kept for long.
        Self(Cache::builder().max_capacity(200).time_to_live(std::time::Duration::from_secs(600)).build())
    }
}

impl Papers {
    /// A paper with the key it has now, as the caller's transaction sees it. Another server may have put the
    /// key right a moment ago, so marks are never worked out by [`Papers::get`] alone.
    pub(crate) async fn marked_by(&self, conn: &mut Conn, paper: TestPaperId) -> Result<Arc<LoadedPaper>, DbError> {
        let (now,): (i64,) = sql!("SELECT key_revision FROM test_paper WHERE id = $1").bind(paper).fetch_one(conn).await?;
        self.with_key(conn, paper, now).await
    }

    /// The same, where it has been read already which key the paper has now.
    pub(crate) async fn with_key(&self, conn: &mut Conn, paper: TestPaperId, now: i64) -> Result<Arc<LoadedPaper>, DbError> {
        match self.0.get(&paper) {
            Some(loaded) if loaded.key_revision >= now => Ok(loaded),
            // Over the caller's connection: thousands who hold one each and wait for another would wait for each other.
            _ => self.load(conn, paper).await,
        }
    }

    /// A copy of what is shown of it, its shape, or its key as it was some minutes ago at most.
    pub(crate) async fn get(&self, classroom: &Classroom, paper: TestPaperId) -> Result<Arc<LoadedPaper>, DbError> {
        match self.0.get(&paper) {
            Some(loaded) => Ok(loaded),
            None => self.load(&mut *classroom.env().db.glance().await?, paper).await,
        }
    }

    async fn load(&self, conn: &mut Conn, paper: TestPaperId) -> Result<Arc<LoadedPaper>, DbError> {
        let (layout, keyed, key_revision, seal_key, sha256, sealed): (String, String, i64, Vec<u8>, String, Vec<u8>) = sql!(
            "SELECT p.layout, COALESCE(k.keyed, p.keyed), p.key_revision, p.seal_key, p.sealed_sha256, p.sealed FROM test_paper p
             LEFT JOIN test_paper_key k ON k.paper_id = p.id AND k.revision = p.key_revision WHERE p.id = $1"
        )
        .bind(paper)
        .fetch_one(conn)
        .await?;
        let needs = needs::of(conn, paper).await?;
        let layout: Layout = serde_json::from_str(&layout)?;
        let loaded = Arc::new(LoadedPaper {
            shapes: layout.items().map(|item| item.shape.clone()).collect(),
            layout,
            keyed: serde_json::from_str(&keyed)?,
            key_revision,
            sealed: SealedPaper::new(paper, sha256),
            seal_key,
            sealed_bytes: sealed.into(),
            needs,
        });
        self.0.insert(paper, Arc::clone(&loaded));
        Ok(loaded)
    }
}

/// Makes the paper of a plan and keeps it.
pub(super) async fn write(
    tx: &mut WriteTx,
    classroom: &Classroom,
    test: TestId,
    plan: &Plan,
    settings: &TestSettings,
    versions: &BTreeMap<QuestionId, i64>,
) -> Result<TestPaperId, TestError> {
    let mut used = Vec::new();
    let mut unfit = Vec::new();
    for question in plan.questions() {
        match versions.get(&question) {
            Some(version) => used.push(bank::used_version(tx, question, *version).await?),
            None => unfit.push(UnfitQuestion { question, code: "gone" }),
        }
    }
    if !unfit.is_empty() {
        return Err(TestError::Unfit(unfit));
    }
    let mut made = Making::new(plan, settings, &used)?;
    let shown = serde_json::to_string(&made.shown).map_err(DbError::from)?;
    if shown.len() > LARGEST {
        return Err(vec![identity::fault::Fault { field: "plan.parts", code: "too-long" }].into());
    }
    let key = seal::new_key()?;
    let sealed = seal::seal(&key, 0, seal::compress(&shown)?)?;
    let id: TestPaperId = classroom.env().ids.make();
    sql!(
        "INSERT INTO test_paper (id, test_id, created_at, sealed_sha256, sealed, seal_key, layout, keyed, shown)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(id)
    .bind(test)
    .bind(classroom.env().now())
    .bind(hex::encode(Sha256::digest(&sealed)))
    .bind(sealed)
    .bind(key.as_slice())
    .bind(serde_json::to_string(&made.compiled.layout).map_err(DbError::from)?)
    .bind(serde_json::to_string(&made.compiled.keyed).map_err(DbError::from)?)
    .bind(shown)
    .execute(tx)
    .await?;
    for (item, version) in (0_i64..).zip(&used) {
        sql!("INSERT INTO test_paper_question (paper_id, item, question_id, version) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(item)
            .bind(version.id)
            .bind(version.version)
            .execute(tx)
            .await?;
    }
    for (number, file) in (1_i64..).zip(made.files.drain(..)) {
        sql!("INSERT INTO test_paper_file (paper_id, number, file_id) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(number)
            .bind(file)
            .execute(tx)
            .await?;
    }
    Ok(id)
}

/// A paper on its way.
struct Making {
    compiled: Compiled,
    shown: ShownPaper,
    /// The first has the number 1.
    files: Vec<QuestionFileId>,
}

impl Making {
    fn new(plan: &Plan, settings: &TestSettings, used: &[UsedVersion]) -> Result<Self, TestError> {
        let groups = passage_groups(used);
        let mut rest = used.iter().zip(&groups);
        let parts: Vec<DraftPart<'_>> = plan
            .parts
            .iter()
            .map(|part| DraftPart {
                title: part.title.clone(),
                rules: part.rules.clone(),
                items: part
                    .items
                    .iter()
                    .zip(rest.by_ref())
                    .map(|(item, (version, passage))| DraftItem { question: &version.question, points: item.points, passage: *passage })
                    .collect(),
            })
            .collect();
        let draft =
            Draft { parts, out_of: settings.out_of, decimals: settings.decimals, shuffle: settings.shuffle, loose_passages: Vec::new() };
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| TestError::Seal)?;
        let compiled = scoring::compile(&draft, &Seed::from_bytes(seed)).map_err(|errors| TestError::from_compiling(&errors, used))?;
        let mut files = Vec::new();
        let shown = show(plan, &compiled, used, &groups, &mut files);
        Ok(Self { compiled, shown, files })
    }
}

/// Which passage each question stands under, numbered from 0 in the order they are met.
fn passage_groups(used: &[UsedVersion]) -> Vec<Option<u16>> {
    let mut known: Vec<(Option<Uuid>, &Rich)> = Vec::new();
    let mut groups = Vec::with_capacity(used.len());
    for version in used {
        groups.push(version.passage.as_ref().map(|passage| {
            let at = known.iter().position(|(group, text)| *group == version.passage_group && *text == passage);
            u16::try_from(at.unwrap_or_else(|| {
                known.push((version.passage_group, passage));
                known.len() - 1
            }))
            .unwrap_or(u16::MAX)
        }));
    }
    groups
}

fn show(plan: &Plan, compiled: &Compiled, used: &[UsedVersion], groups: &[Option<u16>], files: &mut Vec<QuestionFileId>) -> ShownPaper {
    let mut number = |file: &MediaUse| {
        let at = files.iter().position(|known| *known == file.file_id).unwrap_or_else(|| {
            files.push(file.file_id);
            files.len() - 1
        });
        ShownFile { number: at as u64 + 1, mime: file.mime.clone() }
    };
    let mut media = |names: &BTreeMap<String, String>, own: &[MediaUse]| -> BTreeMap<String, ShownFile> {
        names.iter().filter_map(|(name, id)| Some((name.clone(), number(own.iter().find(|medium| medium.id == *id)?)))).collect()
    };
    let mut passages: Vec<ShownPassage> = Vec::new();
    let mut items = Vec::with_capacity(used.len());
    let layouts = compiled.layout.items();
    for ((((version, group), question), names), layout) in used.iter().zip(groups).zip(&compiled.shown).zip(&compiled.media).zip(layouts) {
        if let (Some(group), Some(passage)) = (group, &version.passage)
            && passages.len() == usize::from(*group)
        {
            let mut content = passage.clone();
            let ids = content.media_ids();
            let renamed: BTreeMap<String, String> = ids.iter().enumerate().map(|(at, id)| (id.clone(), format!("m{}", at + 1))).collect();
            content.rename_media(&renamed);
            let names = renamed.into_iter().map(|(id, name)| (name, id)).collect();
            passages.push(ShownPassage { content, media: media(&names, &version.media) });
        }
        items.push(ShownItem {
            question: question.clone(),
            shape: layout.shape.clone(),
            points: layout.points.to_string(),
            passage: *group,
            media: media(names, &version.media),
        });
    }
    let parts = plan
        .parts
        .iter()
        .map(|part| ShownPart {
            title: part.title.clone(),
            note: part.note.clone(),
            count: part.items.len(),
            answer_at_most: part.rules.answer_at_most,
        })
        .collect();
    ShownPaper { parts, items, passages }
}

impl TestError {
    fn from_compiling(errors: &[scoring::CompileError], used: &[UsedVersion]) -> Self {
        let mut unfit = Vec::new();
        let mut faults = Vec::new();
        for error in errors {
            let code = match error.fault {
                scoring::Fault::Empty => return Self::Empty,
                scoring::Fault::MissingKey => "no-key",
                scoring::Fault::TooMany => "too-many",
                scoring::Fault::BadPoints => "bad-points",
                scoring::Fault::BadRules | scoring::Fault::UnknownVersion | scoring::Fault::OtherShape => "bad-rules",
                scoring::Fault::TooFine => "too-fine",
            };
            match error.item.and_then(|item| used.get(usize::from(item))) {
                Some(version) => unfit.push(UnfitQuestion { question: version.id, code }),
                None => faults.push(identity::fault::Fault { field: "plan.parts", code }),
            }
        }
        if unfit.is_empty() { Self::Invalid(faults) } else { Self::Unfit(unfit) }
    }
}
