use std::collections::{BTreeMap, BTreeSet};

use db::{Conn, sql};
use identity::access::{Caller, authorise};
use kernel::{AssetId, LessonId};
use serde::Serialize;
use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use utoipa::ToSchema;

use super::versions::version_parts;
use super::{LessonError, LessonMeta};
use crate::Content;
use crate::access::EditLesson;
use crate::doc::{self, Part};
use crate::sets::{GROUP, bind_group};

/// What differs between two versions.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LessonComparison)]
pub struct Comparison {
    /// The text block by block, in reading order.
    pub blocks: Vec<BlockChange>,
    /// What is said about the lesson, where it differs.
    pub meta: Vec<MetaChange>,
}

/// One block before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BlockChange {
    /// What happened to it.
    pub change: ChangeKind,
    /// Its words before.
    pub before: Option<String>,
    /// Its words after.
    pub after: Option<String>,
}

/// What happened to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Nothing.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its words differ.
    Changed,
}

/// A field of the meta before and after, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MetaChange {
    /// Its name.
    pub field: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// Compares two versions.
///
/// # Errors
/// [`LessonError::NoVersion`].
pub async fn compare(content: &Content, caller: &Caller, lesson: LessonId, from: i64, to: i64) -> Result<Comparison, LessonError> {
    let mut tx = content.env.db.read().await?;
    authorise::<EditLesson>(&mut tx, caller, lesson).await?;
    let (meta_before, doc_before, _) = version_parts(&mut tx, lesson, from).await?;
    let (meta_after, doc_after, _) = version_parts(&mut tx, lesson, to).await?;
    let (before, after) = (parts(&doc_before)?, parts(&doc_after)?);
    let names = filenames(&mut tx, before.iter().chain(&after)).await?;
    drop(tx);
    Ok(Comparison { blocks: diff(&before, &after, &names), meta: meta_changes(&meta_before, &meta_after) })
}

fn parts(text: &str) -> Result<Vec<Part>, LessonError> {
    let value: Value = serde_json::from_str(text).map_err(db::DbError::from)?;
    Ok(doc::read(&value)?.doc.parts())
}

/// What the files of both versions are called: a reader knows them by name.
async fn filenames(conn: &mut Conn, parts: impl Iterator<Item = &Part>) -> Result<BTreeMap<AssetId, String>, LessonError> {
    let files: BTreeSet<AssetId> = parts
        .filter_map(|part| match part {
            Part::File(asset) => Some(*asset),
            Part::Words(_) => None,
        })
        .collect();
    let mut names = BTreeMap::new();
    for group in files.into_iter().collect::<Vec<_>>().chunks(GROUP) {
        let rows: Vec<(AssetId, String)> = bind_group(
            sql!(
                "SELECT id, filename FROM asset
                 WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        names.extend(rows);
    }
    Ok(names)
}

/// Two files of one name are two files: a film that was put right is a change.
fn diff(before: &[Part], after: &[Part], names: &BTreeMap<AssetId, String>) -> Vec<BlockChange> {
    let mut out = Vec::new();
    let shown = |part: &Part| match part {
        Part::Words(words) => words.read.clone(),
        Part::File(asset) => format!("▸ {}", names.get(asset).map_or("", String::as_str)),
    };
    let typed = |part: &Part| match part {
        Part::Words(words) => words.typed.clone(),
        Part::File(_) => shown(part),
    };
    let pair = |change, before: Option<&Part>, after: Option<&Part>| {
        let mut pair = BlockChange { change, before: before.map(shown), after: after.map(shown) };
        // Formulas that differ and read alike are told apart by how they were typed.
        if change == ChangeKind::Changed && pair.before == pair.after {
            (pair.before, pair.after) = (before.map(typed), after.map(typed));
        }
        pair
    };
    for op in capture_diff_slices(Algorithm::Patience, before, after) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                out.extend((0..len).map(|i| pair(ChangeKind::Same, before.get(old_index + i), after.get(new_index + i))));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                out.extend((0..old_len).map(|i| pair(ChangeKind::Removed, before.get(old_index + i), None)));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                out.extend((0..new_len).map(|i| pair(ChangeKind::Added, None, after.get(new_index + i))));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let both = old_len.min(new_len);
                out.extend((0..both).map(|i| pair(ChangeKind::Changed, before.get(old_index + i), after.get(new_index + i))));
                out.extend((both..old_len).map(|i| pair(ChangeKind::Removed, before.get(old_index + i), None)));
                out.extend((both..new_len).map(|i| pair(ChangeKind::Added, None, after.get(new_index + i))));
            }
        }
    }
    out
}

fn meta_changes(before: &LessonMeta, after: &LessonMeta) -> Vec<MetaChange> {
    let fields = |meta: &LessonMeta| match serde_json::to_value(meta) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let words = |value: Option<&Value>| match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Array(list)) => Some(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")),
        Some(other) => Some(other.to_string()),
    };
    after
        .iter()
        .filter(|(field, value)| before.get(*field) != Some(*value))
        .map(|(field, value)| MetaChange { field: field.clone(), before: words(before.get(field)), after: words(Some(value)) })
        .collect()
}
