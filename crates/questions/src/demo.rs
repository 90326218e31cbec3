//! The demo school's questions, of `content/demo/questions`: light text, written for it.

use db::sql;
use identity::access::{Caller, SignedIn, authorise};
use kernel::{DeviceId, OrganisationId, PersonId};
use papers::light;
use serde::Deserialize;

use crate::Questions;
use crate::access::EditFolder;
use crate::bank::{BankError, NewQuestion, QuestionMeta, commit, create_many, folders};

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../content/demo/questions"]
struct Files;

/// `index.json`.
#[derive(Debug, Deserialize)]
struct DemoPaper {
    file: String,
    folder: String,
    organisation_code: String,
    author_username: String,
    meta: QuestionMeta,
}

/// Why the demo's questions cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file is not what its description says.
    #[error("content/demo/questions/{file}: {cause}")]
    Shape {
        /// Which.
        file: String,
        /// What is wrong.
        cause: String,
    },
    /// The bank.
    #[error(transparent)]
    Bank(#[from] BankError),
}

/// Puts the demo's questions into its school's bank; folders that are there stay as they are.
///
/// # Errors
/// [`DemoError`].
pub async fn load(questions: &Questions) -> Result<(), DemoError> {
    let shape = |file: &str, cause: String| DemoError::Shape { file: file.to_owned(), cause };
    let index = Files::get("index.json").ok_or_else(|| shape("index.json", "missing".to_owned()))?;
    let papers: Vec<DemoPaper> = serde_json::from_slice(&index.data).map_err(|error| shape("index.json", error.to_string()))?;
    for paper in papers {
        let found = Files::get(&paper.file).ok_or_else(|| shape(&paper.file, "missing".to_owned()))?;
        let text = String::from_utf8(found.data.into_owned()).map_err(|error| shape(&paper.file, error.to_string()))?;
        load_one(questions, &paper, &text).await?;
    }
    Ok(())
}

async fn load_one(questions: &Questions, paper: &DemoPaper, text: &str) -> Result<(), DemoError> {
    let mut tx = questions.content.env.db.read().await.map_err(BankError::from)?;
    let place = identity::organisations::lookup_by_code(&mut tx, &paper.organisation_code).await.map_err(BankError::from)?;
    let author: Option<(PersonId,)> = sql!("SELECT id FROM person WHERE username = $1")
        .bind(&paper.author_username)
        .fetch_optional(&mut tx)
        .await
        .map_err(BankError::from)?;
    drop(tx);
    let (Some(place), Some((person_id,))) = (place, author) else {
        return Err(DemoError::Shape { file: paper.file.clone(), cause: "no such organisation or author".to_owned() });
    };
    let caller = Caller::Person(SignedIn { person_id, device_id: questions.content.env.ids.make::<DeviceId>(), address: String::new() });
    put(questions, &caller, place, paper, text).await.map_err(DemoError::from)
}

async fn put(questions: &Questions, caller: &Caller, place: OrganisationId, paper: &DemoPaper, text: &str) -> Result<(), BankError> {
    let all = folders::list(questions, caller).await?;
    let root = all.iter().find(|folder| folder.parent_id.is_none() && folder.organisation.as_ref().is_some_and(|own| own.id == place));
    let Some(root) = root else { return Err(identity::access::Denied::NotFound.into()) };
    if all.iter().any(|folder| folder.parent_id == Some(root.id) && folder.name == paper.folder) {
        return Ok(());
    }
    let folder = folders::create(questions, caller, root.id, &paper.folder).await?.id;
    let read = light::parse(text, Vec::new());
    let passage = |id: &String| read.passages.iter().find(|passage| passage.id == *id).map(|passage| (id.clone(), passage.content.clone()));
    let new = read
        .questions
        .iter()
        .map(|question| NewQuestion {
            passage: question.passage.as_ref().and_then(passage),
            meta: QuestionMeta::of(question, &paper.meta),
            question: question.clone(),
            media: Vec::new(),
        })
        .collect();
    let mut tx = questions.content.env.db.write().await?;
    let grant = authorise::<EditFolder>(&mut tx, caller, folder).await?;
    let ids = create_many(&mut tx, questions, &grant, new).await?;
    Ok(commit(tx, questions, &ids).await?)
}

#[cfg(test)]
mod tests {
    use papers::model::Key;

    use super::*;

    #[test]
    fn every_demo_question_is_read_with_its_key_and_without_a_doubt() {
        let index = Files::get("index.json").expect("built in");
        let papers: Vec<DemoPaper> = serde_json::from_slice(&index.data).expect("a list");
        for paper in papers {
            let text = Files::get(&paper.file).expect("built in").data.into_owned();
            let read = light::parse(&String::from_utf8(text).expect("UTF-8"), Vec::new());
            assert!(read.questions.len() >= 5, "{}", paper.file);
            assert_eq!(read.report, [], "{}", paper.file);
            assert!(
                read.questions
                    .iter()
                    .all(|question| question.key == Key::Known && question.level.is_some() || !question.statements.is_empty())
            );
        }
    }
}
