//! Which questions say nearly the same. What a question says is a set of runs of three words or signs
//! (shingles); two sets are compared by what they share (Jaccard). MinHash signatures cut into bands
//! find candidates without comparing everything (Broder 1997; Leskovec, Rajaraman and Ullman, Mining
//! of Massive Datasets, chapter 3): with 8 bands of 4 rows, pairs from about 0.6 on are met.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use content::sets::{GROUP, bind_group};
use db::{Conn, DbError, Query, sql};
use identity::access::{Caller, authorise};
use kernel::{QuestionFolderId, QuestionId};
use papers::model::{Question, QuestionType};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::rows::{QuestionRow, rows_of};
use super::{BankError, QuestionFolderRef};
use crate::Questions;
use crate::access::{ReadFolder, ReadQuestion};

/// Bands of a signature.
pub(crate) const BANDS: usize = 8;
const ROWS: usize = 4;
/// Least similarity that is told.
const LEAST: f64 = 0.6;
/// Most candidates compared for one question.
const MOST_CANDIDATES: i64 = 60;
/// Questions of a paper whose candidates are in memory at once.
const AT_ONCE: usize = 32;

/// One hash a band.
pub(crate) type Bands = [i64; BANDS];

/// Binds the hash of each band, one place after the other.
pub(super) fn bind_bands(query: Query, bands: &Bands) -> Query {
    bands.iter().fold(query, |query, hash| query.bind(*hash))
}

/// What a question says, for comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    kind: QuestionType,
    /// The stem first, then the rest in an order of its own: options may be shuffled.
    pieces: Vec<String>,
    shingles: BTreeSet<u64>,
}

impl Shape {
    pub(crate) fn of(question: &Question) -> Self {
        let mut rest: Vec<String> = question
            .options
            .iter()
            .map(|option| &option.content)
            .chain(question.statements.iter().map(|statement| &statement.content))
            .chain(question.pairs.iter().flat_map(|pair| [&pair.left, &pair.right]))
            .chain(&question.items)
            .chain(question.blanks.iter().flat_map(|blank| blank.options.iter().map(|option| &option.content)))
            .map(|text| words(&text.to_text()).join(" "))
            .filter(|text| !text.is_empty())
            .collect();
        rest.sort();
        let mut pieces = vec![words(&question.stem.to_text()).join(" ")];
        pieces.append(&mut rest);
        let mut shingles = BTreeSet::new();
        for piece in &pieces {
            let words: Vec<&str> = piece.split(' ').filter(|word| !word.is_empty()).collect();
            if words.len() < 3 && !words.is_empty() {
                shingles.insert(hash(&words.join(" ")));
            }
            shingles.extend(words.windows(3).map(|run| hash(&run.join(" "))));
        }
        Self { kind: question.kind, pieces, shingles }
    }

    /// The same for questions that say the same, in whatever order their options stand.
    pub(crate) fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(format!("{:?}", self.kind));
        for piece in &self.pieces {
            digest.update([0]);
            digest.update(piece);
        }
        hex::encode(digest.finalize())
    }

    pub(crate) fn bands(&self) -> Bands {
        let mut bands = [0; BANDS];
        for (at, band) in bands.iter_mut().enumerate() {
            let mut all = 0xcbf2_9ce4_8422_2325_u64;
            for row in 0..ROWS {
                let seed = mixed((at * ROWS + row) as u64 + 1);
                let least = self.shingles.iter().map(|shingle| mixed(shingle ^ seed)).min().unwrap_or(0);
                all = mixed(all ^ least);
            }
            *band = i64::from_ne_bytes(all.to_ne_bytes());
        }
        bands
    }

    /// From 0, nothing shared, to 1.
    pub(crate) fn similarity(&self, other: &Self) -> f64 {
        if self.shingles.is_empty() || other.shingles.is_empty() {
            return 0.0;
        }
        let shared = self.shingles.intersection(&other.shingles).count() as f64;
        shared / (self.shingles.len() as f64 + other.shingles.len() as f64 - shared)
    }
}

/// Words folded; formulas as their signs, since in mathematics they are what tells questions apart.
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, part) in text.split('$').enumerate() {
        if at % 2 == 1 {
            out.extend(search::formula::signs(part));
        } else {
            out.extend(search::analysis::syllables(&exchange::vietnamese::nfc(part)).into_iter().map(|word| word.folded));
        }
    }
    out
}

/// FNV-1a, the same on every machine and in every version: hashes are stored.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A question that says nearly what another does.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NearDuplicate {
    /// Which.
    pub question: QuestionRow,
    /// From 0.6 to 1.
    pub similarity: f64,
    /// It says the very same, but perhaps for the order of options.
    pub same: bool,
}

/// A question of the bank that says nearly what one on the desk does.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BankMatch {
    /// Which.
    pub question_id: QuestionId,
    /// From 0.6 to 1.
    pub similarity: f64,
    /// It says the very same.
    pub same: bool,
    /// Its first words.
    pub text: String,
    /// Where it is.
    pub folder: QuestionFolderRef,
}

/// A question of the same paper that says nearly the same.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PaperMatch {
    /// Its place in the paper, from 0.
    pub index: usize,
    /// From 0.6 to 1.
    pub similarity: f64,
}

/// What is like one question of a paper.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaperDuplicates {
    /// Its place in the paper, from 0.
    pub index: usize,
    /// In the bank, as far as the caller may read it, the most alike first.
    pub matches: Vec<BankMatch>,
    /// Earlier in the same paper.
    pub inside: Vec<PaperMatch>,
}

#[derive(sqlx::FromRow)]
struct Candidate {
    id: QuestionId,
    fingerprint: String,
    body: String,
}

/// Stored questions that share a band with one, among those a person may read.
async fn candidates(conn: &mut Conn, caller: &Caller, shape: &Shape) -> Result<Vec<Candidate>, DbError> {
    if shape.shingles.is_empty() {
        return Ok(Vec::new());
    }
    bind_bands(
        sql!(
            "SELECT q.id, q.fingerprint, v.body FROM question q
         JOIN question_version v ON v.question_id = q.id AND v.version = q.version
         WHERE q.deleted_at IS NULL AND q.id IN (
           SELECT question_id FROM question_band
           WHERE (band = 0 AND hash = $2) OR (band = 1 AND hash = $3) OR (band = 2 AND hash = $4) OR (band = 3 AND hash = $5)
              OR (band = 4 AND hash = $6) OR (band = 5 AND hash = $7) OR (band = 6 AND hash = $8) OR (band = 7 AND hash = $9))
           AND EXISTS (SELECT 1 FROM question_folder_access a WHERE a.folder_id = q.folder_id AND a.person_id = $1)
         ORDER BY q.id LIMIT $10"
        )
        .bind(caller.person_id()),
        &shape.bands(),
    )
    .bind(MOST_CANDIDATES)
    .fetch_all(conn)
    .await
}

struct Match {
    id: QuestionId,
    similarity: f64,
    same: bool,
}

fn matches(shape: &Shape, candidates: &[Candidate]) -> Result<Vec<Match>, DbError> {
    let own = shape.fingerprint();
    let mut found = Vec::new();
    for candidate in candidates {
        let same = candidate.fingerprint == own;
        let similarity = if same { 1.0 } else { shape.similarity(&Shape::of(&serde_json::from_str(&candidate.body)?)) };
        if similarity >= LEAST {
            found.push(Match { id: candidate.id, similarity, same });
        }
    }
    found.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then(a.id.cmp(&b.id)));
    Ok(found)
}

/// Comparing takes the processor's time, for a long paper seconds of it: it holds up nobody else meanwhile.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, DbError> + Send + 'static) -> Result<T, DbError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| DbError::Stored(format!("comparing questions: {error}")))?
}

/// What is like a question of the bank, among what the caller may read.
///
/// # Errors
/// [`BankError`].
pub async fn of_question(questions: &Questions, caller: &Caller, question: QuestionId) -> Result<Vec<NearDuplicate>, BankError> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<ReadQuestion>(&mut tx, caller, question).await?;
    let (body,): (String,) =
        sql!("SELECT v.body FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version WHERE q.id = $1")
            .bind(question)
            .fetch_one(&mut tx)
            .await?;
    let shape = Shape::of(&serde_json::from_str(&body).map_err(DbError::from)?);
    let mut met = candidates(&mut tx, caller, &shape).await?;
    met.retain(|candidate| candidate.id != question);
    let found = aside(move || matches(&shape, &met)).await?;
    let ids: Vec<QuestionId> = found.iter().map(|found| found.id).collect();
    let mut rows: HashMap<QuestionId, QuestionRow> = rows_of(&mut tx, caller, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    Ok(found
        .into_iter()
        .filter_map(|found| {
            let question = rows.remove(&found.id)?;
            Some(NearDuplicate { question, similarity: found.similarity, same: found.same })
        })
        .collect())
}

/// What is like the questions of a paper: in the bank, and in the paper itself.
///
/// # Errors
/// [`BankError`].
pub async fn of_paper(questions: &Questions, caller: &Caller, paper: Vec<Question>) -> Result<Vec<PaperDuplicates>, BankError> {
    let compare = move || {
        let shapes: Vec<Shape> = paper.iter().map(Shape::of).collect();
        let inside = alike_inside(&shapes);
        Ok((shapes, inside))
    };
    let (shapes, mut inside) = aside(compare).await?;
    let mut tx = questions.content.env.db.read().await?;
    let mut out = Vec::new();
    let mut shapes = shapes.into_iter().enumerate().peekable();
    while shapes.peek().is_some() {
        let mut met = Vec::with_capacity(AT_ONCE);
        for (index, shape) in shapes.by_ref().take(AT_ONCE) {
            let candidates = candidates(&mut tx, caller, &shape).await?;
            met.push((index, shape, candidates));
        }
        let compare = move || met.iter().map(|(index, shape, met)| Ok((*index, matches(shape, met)?))).collect::<Result<Vec<_>, _>>();
        for (index, found) in aside(compare).await? {
            let matches = shown(&mut tx, caller, &found).await?;
            let inside = inside.remove(&index).unwrap_or_default();
            if !matches.is_empty() || !inside.is_empty() {
                out.push(PaperDuplicates { index, matches, inside });
            }
        }
    }
    Ok(out)
}

/// The most alike, as the desk shows them.
async fn shown(conn: &mut Conn, caller: &Caller, found: &[Match]) -> Result<Vec<BankMatch>, BankError> {
    let ids: Vec<QuestionId> = found.iter().map(|found| found.id).take(3).collect();
    let rows: HashMap<QuestionId, QuestionRow> = rows_of(conn, caller, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let known = |found: &Match| {
        let row = rows.get(&found.id)?;
        let (text, folder) = (row.text.clone(), row.folder.clone());
        Some(BankMatch { question_id: found.id, similarity: found.similarity, same: found.same, text, folder })
    };
    Ok(found.iter().filter_map(known).collect())
}

/// For each question of a list, the earlier ones that are like it.
fn alike_inside(shapes: &[Shape]) -> BTreeMap<usize, Vec<PaperMatch>> {
    let mut met: HashMap<(usize, i64), Vec<usize>> = HashMap::new();
    let mut out: BTreeMap<usize, Vec<PaperMatch>> = BTreeMap::new();
    for (index, shape) in shapes.iter().enumerate().filter(|(_, shape)| !shape.shingles.is_empty()) {
        let mut earlier = BTreeSet::new();
        for key in shape.bands().into_iter().enumerate() {
            let known = met.entry(key).or_default();
            earlier.extend(known.iter().copied().take(50));
            known.push(index);
        }
        for other in earlier {
            let Some(similarity) = shapes.get(other).map(|other| shape.similarity(other)).filter(|found| *found >= LEAST) else { continue };
            out.entry(index).or_default().push(PaperMatch { index: other, similarity });
        }
    }
    out
}

/// Questions that say nearly the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DuplicateGroup {
    /// They say the very same, but perhaps for the order of options.
    pub same: bool,
    /// Two or more.
    pub questions: Vec<QuestionRow>,
}

/// Groups of near-duplicates in a folder and all below it.
///
/// # Errors
/// [`BankError`].
pub async fn in_folder(questions: &Questions, caller: &Caller, folder: QuestionFolderId) -> Result<Vec<DuplicateGroup>, BankError> {
    const MOST: i64 = 50_000;
    const MOST_GROUPS: usize = 100;
    let mut tx = questions.content.env.db.read().await?;
    authorise::<ReadFolder>(&mut tx, caller, folder).await?;
    // Only questions that share a band with another of the folder are read whole: which, is told from
    // the bands alone, in memory. A join of the table with itself took a second for a school's thousand.
    let bands: Vec<(QuestionId, i64, i64)> = sql!(
        "SELECT b.question_id, b.band, b.hash FROM question_folder_closure c JOIN question q ON q.folder_id = c.descendant_id
         JOIN question_band b ON b.question_id = q.id WHERE c.ancestor_id = $1 AND q.deleted_at IS NULL ORDER BY b.question_id LIMIT $2"
    )
    .bind(folder)
    .bind(MOST * BANDS as i64)
    .fetch_all(&mut tx)
    .await?;
    let mut counts: HashMap<(i64, i64), u32> = HashMap::new();
    for (_, band, hash) in &bands {
        *counts.entry((*band, *hash)).or_default() += 1;
    }
    let shared: BTreeSet<QuestionId> = bands
        .into_iter()
        .filter(|(_, band, hash)| counts.get(&(*band, *hash)).is_some_and(|count| *count > 1))
        .map(|(id, ..)| id)
        .collect();
    let mut shapes: Vec<(QuestionId, Shape)> = Vec::new();
    for group in shared.into_iter().collect::<Vec<_>>().chunks(GROUP) {
        let rows: Vec<(QuestionId, String)> = bind_group(
            sql!(
                "SELECT q.id, v.body FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version
                 WHERE q.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 ORDER BY q.id"
            ),
            group,
        )
        .fetch_all(&mut tx)
        .await?;
        shapes.extend(
            aside(move || {
                rows.into_iter().map(|(id, body)| Ok((id, Shape::of(&serde_json::from_str(&body)?)))).collect::<Result<Vec<_>, DbError>>()
            })
            .await?,
        );
    }
    let mut out = Vec::new();
    for (group, same) in aside(move || Ok(grouped(shapes))).await?.into_iter().take(MOST_GROUPS) {
        out.push(DuplicateGroup { same, questions: rows_of(&mut tx, caller, &group).await? });
    }
    Ok(out)
}

/// Groups of two and more of those that say nearly the same, and whether all of a group say the very same.
fn grouped(shapes: Vec<(QuestionId, Shape)>) -> Vec<(Vec<QuestionId>, bool)> {
    let (ids, shapes): (Vec<QuestionId>, Vec<Shape>) = shapes.into_iter().unzip();
    // Whatever is like an earlier one joins the group of the earliest.
    let mut first: Vec<usize> = (0..ids.len()).collect();
    for (index, earlier) in alike_inside(&shapes) {
        if let Some(group) = earlier.iter().filter_map(|found| first.get(found.index).copied()).min()
            && let Some(own) = first.get_mut(index)
        {
            *own = group;
        }
    }
    let mut groups: BTreeMap<usize, (Vec<QuestionId>, bool)> = BTreeMap::new();
    for (index, (id, group)) in ids.into_iter().zip(first).enumerate() {
        let (members, same) = groups.entry(group).or_insert_with(|| (Vec::new(), true));
        members.push(id);
        *same &= matches!((shapes.get(group), shapes.get(index)), (Some(one), Some(other)) if one.fingerprint() == other.fingerprint());
    }
    groups.into_values().filter(|(members, _)| members.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use papers::model::Choice;
    use papers::rich::Rich;

    use super::*;

    fn question(stem: &str, options: &[&str]) -> Question {
        let mut question = Question::new(QuestionType::SingleChoice);
        question.stem = Rich::plain(stem);
        question.options = options.iter().map(|text| Choice { content: Rich::plain(text), ..Choice::default() }).collect();
        question
    }

    #[test]
    fn the_order_of_options_and_diacritics_make_no_other_question() {
        let one = Shape::of(&question("Thủ đô của Việt Nam là thành phố nào?", &["Hà Nội", "Huế", "Đà Nẵng", "Vinh"]));
        let other = Shape::of(&question("Thu do cua Viet Nam la thanh pho nao", &["Huế", "Vinh", "Hà Nội", "Đà Nẵng"]));
        assert_eq!(one.fingerprint(), other.fingerprint());
        assert!((one.similarity(&other) - 1.0).abs() < 1e-9);
        assert_eq!(one.bands(), other.bands());
    }

    #[test]
    fn a_changed_word_is_nearly_the_same_and_another_question_is_not() {
        let one = question("Một vật dao động điều hoà với chu kì T và biên độ A trên trục Ox quanh vị trí cân bằng O", &["đúng", "sai"]);
        let near = question("Một vật dao động điều hoà với chu kì T và biên độ A trên trục Oy quanh vị trí cân bằng O", &["đúng", "sai"]);
        let far = question("Cho hàm số bậc ba có đồ thị như hình vẽ bên, số nghiệm của phương trình là bao nhiêu", &["1", "2"]);
        let (one, near, far) = (Shape::of(&one), Shape::of(&near), Shape::of(&far));
        assert!(one.similarity(&near) > 0.7 && one.similarity(&near) < 1.0, "{}", one.similarity(&near));
        assert!(one.similarity(&far) < 0.1);
        assert!(one.bands().iter().zip(near.bands()).any(|(a, b)| *a == b), "they meet in a band");
    }

    #[test]
    fn other_numbers_in_a_formula_are_another_question() {
        let one = Shape::of(&question("Tính $x^2-3x+2$", &[]));
        let other = Shape::of(&question("Tính $x^2-5x+6$", &[]));
        assert_ne!(one.fingerprint(), other.fingerprint());
    }
}
