//! Several questions made one, and brought back out of the bin.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, WriteTx, sql};
use identity::access::{Caller, authorise};
use identity::fault::Faults;
use kernel::QuestionId;

use super::change::{BulkChange, MOST_AT_ONCE, at_once, change_one, throw_away};
use super::record::{Held, hold};
use super::{BankError, QuestionDetail, indexing};
use crate::Questions;
use crate::access::EditQuestion;

/// Questions that say the same, and the one of them that stays.
#[derive(Clone, Debug)]
pub struct Merge {
    /// It gets the tags and uses of the others.
    pub into: QuestionId,
    /// They go into the bin.
    pub ids: Vec<QuestionId>,
}

/// Makes one of two questions: the tags and uses of the first go to the second, and the first into the
/// bin.
///
/// # Errors
/// [`BankError::CannotMerge`] for a question with itself or with one in the bin.
pub async fn merge(questions: &Questions, caller: &Caller, id: QuestionId, into: QuestionId) -> Result<QuestionDetail, BankError> {
    merge_all(questions, caller, &[Merge { into, ids: vec![id] }]).await?;
    super::get(questions, caller, into, None).await
}

/// Makes one question of each group; all of them or none. Tells how many went into the bin.
///
/// # Errors
/// [`BankError::CannotMerge`] when a question is named twice or lies in the bin.
pub async fn merge_all(questions: &Questions, caller: &Caller, groups: &[Merge]) -> Result<usize, BankError> {
    let named: Vec<QuestionId> = groups.iter().flat_map(|group| group.ids.iter().copied().chain([group.into])).collect();
    let ids: BTreeSet<QuestionId> = named.iter().copied().collect();
    if ids.len() < named.len() || groups.iter().any(|group| group.ids.is_empty()) {
        return Err(BankError::CannotMerge);
    }
    let mut faults = Faults::default();
    if groups.is_empty() {
        faults.add("groups", "missing");
    }
    if ids.len() > MOST_AT_ONCE {
        faults.add("groups", "too-many");
    }
    faults.check()?;
    let mut tx = questions.content.env.db.write().await?;
    let mut held: BTreeMap<QuestionId, Held> = BTreeMap::new();
    for id in &ids {
        authorise::<EditQuestion>(&mut tx, caller, *id).await?;
    }
    for id in &ids {
        let question = hold(&mut tx, *id).await?;
        if question.deleted {
            return Err(BankError::CannotMerge);
        }
        held.insert(*id, question);
    }
    for group in groups {
        let Some(stays) = held.remove(&group.into) else { return Err(BankError::CannotMerge) };
        let gone: Vec<Held> = group.ids.iter().filter_map(|id| held.remove(id)).collect();
        let uses: i64 = gone.iter().map(|question| question.use_count).sum();
        let add_tags = gone.into_iter().flat_map(|question| question.question.tags).collect();
        change_one(&mut tx, questions, caller, stays, &BulkChange { add_tags, ..BulkChange::default() }).await?;
        sql!("UPDATE question SET use_count = use_count + $2 WHERE id = $1").bind(group.into).bind(uses).execute(&mut tx).await?;
        for id in &group.ids {
            throw_away(&mut tx, questions, caller, *id, Some(group.into)).await?;
        }
    }
    let ids: Vec<QuestionId> = ids.into_iter().collect();
    indexing::commit(tx, questions, &ids).await?;
    Ok(groups.iter().map(|group| group.ids.len()).sum())
}

/// Takes a question out of the bin.
///
/// # Errors
/// [`BankError`].
pub async fn restore(questions: &Questions, caller: &Caller, id: QuestionId) -> Result<QuestionDetail, BankError> {
    restore_all(questions, caller, &[id]).await?;
    super::get(questions, caller, id, None).await
}

/// Takes questions out of the bin; all or none. Tells how many.
///
/// # Errors
/// [`BankError`].
pub async fn restore_all(questions: &Questions, caller: &Caller, ids: &[QuestionId]) -> Result<usize, BankError> {
    let ids = at_once(ids)?;
    let mut tx = questions.content.env.db.write().await?;
    let mut touched: BTreeSet<QuestionId> = ids.iter().copied().collect();
    for id in &ids {
        authorise::<EditQuestion>(&mut tx, caller, *id).await?;
        let merged: Option<(Option<QuestionId>,)> =
            sql!("SELECT merged_into FROM question WHERE id = $1").bind(*id).fetch_optional(&mut tx).await?;
        touched.extend(merged.and_then(|(into,)| into));
    }
    for id in &touched {
        hold(&mut tx, *id).await?;
    }
    for id in &ids {
        bring_back(&mut tx, *id).await?;
    }
    let touched: Vec<QuestionId> = touched.into_iter().collect();
    indexing::commit(tx, questions, &touched).await?;
    Ok(ids.len())
}

async fn bring_back(tx: &mut WriteTx, id: QuestionId) -> Result<(), DbError> {
    // The uses that a merge moved come back with their question; none was added while it lay in the bin.
    sql!(
        "UPDATE question SET use_count = use_count - (SELECT g.use_count FROM question g WHERE g.id = $1)
         WHERE id = (SELECT g.merged_into FROM question g WHERE g.id = $1)"
    )
    .bind(id)
    .execute(tx)
    .await?;
    sql!("UPDATE question SET deleted_at = NULL, merged_into = NULL WHERE id = $1").bind(id).execute(tx).await?;
    Ok(())
}
