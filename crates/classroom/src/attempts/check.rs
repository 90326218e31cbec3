//! Practice: whether what has been answered is right, told at once. Never in a test.

use std::collections::BTreeMap;

use db::{Conn, DbError, sql};
use identity::access::Denied;
use kernel::{AttemptId, Timestamp};
use papers::rich::Rich;
use scoring::{Form, ItemMark, Response, Seed, Solution};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::afterwards::Stored;
use super::begin::unguarded;
use super::letters::Letters;
use super::{AttemptError, Token, answers, device, result};
use crate::Classroom;
use crate::tests::{Mode, Release, TestSettings};

/// What a pupil wants to know.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = SittingCheck)]
pub struct CheckInput {
    /// The item, from 0 in neutral order.
    pub item: u16,
}

/// Whether what has been saved of an item is right.
#[derive(Serialize, ToSchema)]
#[schema(as = SittingChecked)]
pub struct Checked {
    /// What it earns; blank when nothing of it has been saved.
    pub mark: ItemMark,
    /// What is right, where the settings show it at once.
    pub solution: Option<Solution>,
    /// Why, where the settings show it at once.
    #[schema(value_type = Option<Rich>)]
    pub explanation: Option<Stored>,
    /// Where the pictures and sounds of the explanation are, by their names in it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub explanation_media: BTreeMap<String, String>,
    /// Whose letters the explanation names options by, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation_letters: Option<Letters>,
}

/// Tells whether what a device's attempt has saved of an item is right. What is right and why is told only
/// of an item that has been answered, and as the settings release it.
///
/// # Errors
/// [`AttemptError`].
pub async fn check(classroom: &Classroom, token: &Token, input: CheckInput) -> Result<Checked, AttemptError> {
    let card = device::get(classroom, token).await?;
    let now = classroom.env().now();
    let mut tx = classroom.env().db.read().await?;
    let head = result::head(&mut tx, card.attempt_id).await?;
    let settings: TestSettings = serde_json::from_str(&head.settings).map_err(DbError::from)?;
    if settings.mode != Mode::Practice {
        tracing::warn!(attempt = %card.attempt_id, "an answer of a test was to be checked");
        return Err(Denied::Forbidden.into());
    }
    open(&mut tx, card.attempt_id).await?;
    // A test with the same questions may have been given since the practice began.
    unguarded(&mut tx, head.paper_id, head.test_id, now).await?;
    let paper = classroom.papers.with_key(&mut tx, head.paper_id, head.key_revision).await?;
    let kept = answers::counting(&mut tx, card.attempt_id).await?.remove(&i64::from(input.item));
    let response: Option<Response> = match kept {
        Some(kept) => serde_json::from_str(&kept.response).map_err(DbError::from)?,
        None => None,
    };
    let response = response.filter(|response| !response.is_blank());
    let mark = paper.keyed.mark_one(input.item, response.as_ref()).ok_or(Denied::NotFound)?;
    let mut checked = Checked { mark, solution: None, explanation: None, explanation_media: BTreeMap::new(), explanation_letters: None };
    // From which mark on something is shown is known only when all is answered.
    if response.is_none() || settings.from_score.is_some() {
        return Ok(checked);
    }
    if shown(settings.show_answers, now) {
        checked.solution = paper.keyed.solution(input.item);
    }
    if shown(settings.show_explanations, now)
        && let form = Form::deal(&paper.layout, &Seed::from_bytes(result::seed(&head)?))
        && let taken = classroom.shelf.take(&mut tx, head.paper_id).await?
        && let Some(told) = taken.explanation(&paper, &form, input.item)?
    {
        checked.explanation_media = told.media_at(|name| format!("/api/sitting/items/{}/files/{name}", input.item));
        (checked.explanation, checked.explanation_letters) = (Some(told.text), told.letters);
    }
    Ok(checked)
}

/// In practice "at once" is when it is answered; what waits for all waits here too.
fn shown(release: Release, now: Timestamp) -> bool {
    match release {
        Release::AtOnce => true,
        Release::At(at) => now >= at,
        Release::Never | Release::AllDone => false,
    }
}

async fn open(conn: &mut Conn, attempt: AttemptId) -> Result<(), AttemptError> {
    let (state, locked_at): (String, Option<Timestamp>) =
        sql!("SELECT state, locked_at FROM attempt WHERE id = $1").bind(attempt).fetch_one(conn).await?;
    if locked_at.is_some() {
        return Err(Denied::Forbidden.into());
    }
    if state == "open" { Ok(()) } else { Err(AttemptError::HandedIn) }
}
