//! Questions made and edited.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::{DbError, WriteTx, sql};
use identity::access::{Caller, Denied, Grant, authorise};
use kernel::{QuestionFolderId, QuestionId};
use papers::model::Question;
use papers::rich::Rich;
use uuid::Uuid;

use super::question::load;
use super::record::{Held, Place, Said, hold, write};
use super::stored::Stored;
use super::{BankError, MediaUse, QuestionDetail, QuestionInput, QuestionMeta, indexing};
use crate::Questions;
use crate::access::{EditFolder, EditQuestion, ReadQuestion};

/// A question to be put into the bank.
#[derive(Clone, Debug)]
pub struct NewQuestion {
    /// The question.
    pub question: Question,
    /// The passage above it: what names it among those made together, and its text.
    pub passage: Option<(String, Rich)>,
    /// The files its texts name.
    pub media: Vec<MediaUse>,
    /// Where it stands in the curriculum.
    pub meta: QuestionMeta,
}

/// Puts questions into a folder, in their order; end with [`super::commit`], which tells the index. Files
/// the caller may not read are refused.
///
/// # Errors
/// [`BankError`]; faults name no place among several, so check questions one by one where that matters.
pub async fn create_many(
    tx: &mut WriteTx,
    questions: &Questions,
    folder: &Grant<EditFolder>,
    new: Vec<NewQuestion>,
) -> Result<Vec<QuestionId>, BankError> {
    let env = &questions.content.env;
    let now = env.now();
    let mut groups: HashMap<String, Uuid> = HashMap::new();
    let mut ids = Vec::with_capacity(new.len());
    for (position, new) in (0_i64..).zip(new) {
        let meta = new.meta.check(&questions.content.curriculum)?;
        let (group, passage) = match new.passage {
            Some((name, text)) => (Some(*groups.entry(name).or_insert_with(|| env.ids.make())), Some(text)),
            None => (None, None),
        };
        let place = Place { id: env.ids.make(), folder: *folder.scope(), group, position };
        let said = Said { stored: Stored::new(new.question, passage)?, meta, media: new.media };
        write(tx, folder.caller(), now, &place, 1, &said).await?;
        ids.push(place.id);
    }
    Ok(ids)
}

/// Writes a new question.
///
/// # Errors
/// [`BankError`].
pub async fn create(
    questions: &Questions,
    caller: &Caller,
    folder: QuestionFolderId,
    input: QuestionInput,
) -> Result<QuestionDetail, BankError> {
    let mut tx = questions.content.env.db.write().await?;
    let grant: Grant<EditFolder> = authorise(&mut tx, caller, folder).await?;
    let passage = input.passage.filter(|text| !text.is_empty()).map(|text| (String::new(), text));
    let new = NewQuestion { question: input.question, passage, media: input.media, meta: input.meta };
    let ids = create_many(&mut tx, questions, &grant, vec![new]).await?;
    let Some(id) = ids.first().copied() else { return Err(Denied::NotFound.into()) };
    let detail = shown(&mut tx, caller, id).await?;
    indexing::commit(tx, questions, &ids).await?;
    Ok(detail)
}

/// What an editor shows of a question after a change.
pub(super) async fn shown(tx: &mut WriteTx, caller: &Caller, id: QuestionId) -> Result<QuestionDetail, BankError> {
    let read = authorise::<ReadQuestion>(tx, caller, id).await?;
    load(tx, &read, None).await
}

/// Saves a question over the revision it was made from. A version that a test has used stays as it
/// is, and a new one is made. A changed passage is changed for all questions below it.
///
/// # Errors
/// [`BankError::NewerDraft`] when somebody saved in between; nothing is lost then.
pub async fn save(questions: &Questions, caller: &Caller, id: QuestionId, input: QuestionInput) -> Result<QuestionDetail, BankError> {
    let meta = input.meta.check(&questions.content.curriculum)?;
    let stored = Stored::new(input.question, input.passage)?;
    let env = &questions.content.env;
    let mut tx = env.db.write().await?;
    authorise::<EditQuestion>(&mut tx, caller, id).await?;
    let mut held = hold_with_siblings(&mut tx, id).await?;
    let Some(was) = held.remove(&id) else { return Err(Denied::NotFound.into()) };
    if was.revision != input.revision {
        return Err(BankError::NewerDraft { revision: was.revision });
    }
    let version = was.next_version();
    // A question that gets its first passage begins a group.
    let group = was.place.group.or_else(|| stored.passage.as_ref().map(|_| env.ids.make()));
    let said = Said { stored, meta, media: input.media };
    write(&mut tx, caller, env.now(), &Place { group, ..was.place }, version, &said).await?;
    let mut touched = vec![id];
    for sibling in held.into_values() {
        if sibling.passage_json != said.stored.passage_json && authorise::<EditQuestion>(&mut tx, caller, sibling.place.id).await.is_ok() {
            touched.push(sibling.place.id);
            put_under(&mut tx, questions, caller, sibling, &said).await?;
        }
    }
    let detail = shown(&mut tx, caller, id).await?;
    indexing::commit(tx, questions, &touched).await?;
    Ok(detail)
}

/// A question and all that stand under the same passage. Once in a group, a question stays in it.
async fn hold_with_siblings(tx: &mut WriteTx, id: QuestionId) -> Result<BTreeMap<QuestionId, Held>, DbError> {
    let siblings: Vec<(QuestionId,)> = sql!(
        "SELECT s.id FROM question q JOIN question s ON s.passage_group_id = q.passage_group_id
         WHERE q.id = $1 ORDER BY s.id"
    )
    .bind(id)
    .fetch_all(tx)
    .await?;
    let ids: BTreeSet<QuestionId> = siblings.into_iter().map(|(id,)| id).chain([id]).collect();
    let mut held = BTreeMap::new();
    for id in ids {
        held.insert(id, hold(tx, id).await?);
    }
    Ok(held)
}

/// Gives a sibling the passage that a question has now.
async fn put_under(tx: &mut WriteTx, questions: &Questions, caller: &Caller, sibling: Held, said: &Said) -> Result<(), BankError> {
    let version = sibling.next_version();
    // The sibling's own pictures keep their ids; the passage's come under ids nothing else has.
    let used: BTreeSet<String> = sibling.question.media_ids().into_iter().collect();
    let mut media = sibling.media;
    media.retain(|medium| used.contains(&medium.id));
    let mut passage = said.stored.passage.clone();
    let names = fresh_names(passage.as_ref(), &media);
    if let Some(text) = &mut passage {
        text.rename_media(&names);
    }
    media.extend(said.media.iter().filter_map(|medium| Some(MediaUse { id: names.get(&medium.id)?.clone(), ..medium.clone() })));
    let said = Said { stored: Stored::new(sibling.question, passage)?, meta: sibling.meta, media };
    write(tx, caller, questions.content.env.now(), &sibling.place, version, &said).await
}

/// Ids for the pictures of a passage that none of a question's own have.
fn fresh_names(passage: Option<&Rich>, taken: &[MediaUse]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for id in passage.map(Rich::media_ids).unwrap_or_default() {
        let free = (0..)
            .map(|count| if count == 0 { id.clone() } else { format!("{id}-{count}") })
            .find(|name| !taken.iter().any(|medium| medium.id == *name) && !names.values().any(|known| known == name));
        names.insert(id, free.unwrap_or_default());
    }
    names
}
