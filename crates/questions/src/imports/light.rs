//! The light syntax of the desk, for whoever writes questions: text in, questions out, and back.
//! Nothing is kept.

use db::DbError;
use identity::access::{Caller, Denied, authorise};
use papers::model::{Entry, Paper, Passage, Question};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Questions, UseBank};

/// Questions to be shown as light text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct LightQuestions {
    /// In order.
    pub questions: Vec<Question>,
    /// What several of them share.
    #[serde(default)]
    pub passages: Vec<Passage>,
}

/// Light text.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LightText {
    /// As a teacher would type it.
    pub text: String,
}

/// What a light text says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LightParsed {
    /// In order.
    pub questions: Vec<Question>,
    /// What several of them share.
    pub passages: Vec<Passage>,
    /// One entry for each doubt.
    pub report: Vec<Entry>,
}

/// Questions as light text.
///
/// # Errors
/// [`Denied`].
pub async fn print(questions: &Questions, caller: &Caller, input: LightQuestions) -> Result<LightText, Denied> {
    allowed(questions, caller).await?;
    let paper = Paper { questions: input.questions, passages: input.passages, ..Paper::default() };
    // A long paper takes its time, and holds up nobody else meanwhile.
    let text = tokio::task::spawn_blocking(move || papers::light::print(&paper)).await.map_err(failed)?;
    Ok(LightText { text })
}

/// Light text as questions.
///
/// # Errors
/// [`Denied`].
pub async fn parse(questions: &Questions, caller: &Caller, input: LightText) -> Result<LightParsed, Denied> {
    allowed(questions, caller).await?;
    let reading = move || {
        let mut paper = papers::light::parse(&input.text, Vec::new());
        paper.questions.iter_mut().for_each(Question::settle_key);
        paper
    };
    let paper = tokio::task::spawn_blocking(reading).await.map_err(failed)?;
    Ok(LightParsed { questions: paper.questions, passages: paper.passages, report: paper.report })
}

/// A spreadsheet to fill in, for those who have questions in tables.
///
/// # Errors
/// [`Denied`].
pub async fn template(questions: &Questions, caller: &Caller) -> Result<Vec<u8>, Denied> {
    allowed(questions, caller).await?;
    Ok(papers::sheet::template())
}

fn failed(error: tokio::task::JoinError) -> Denied {
    Denied::Db(DbError::Stored(format!("light text: {error}")))
}

async fn allowed(questions: &Questions, caller: &Caller) -> Result<(), Denied> {
    let mut tx = questions.content.env.db.read().await?;
    authorise::<UseBank>(&mut tx, caller, ()).await.map(drop)
}
