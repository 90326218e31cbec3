//! Questions made, changed, thrown away and brought back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use db::{DbError, WriteTx, sql};
use exchange::vietnamese::collapse_whitespace;
use identity::access::{Caller, Denied, Grant, authorise};
use identity::audit::{self, Event};
use identity::fault::Faults;
use kernel::{PersonId, QuestionFileId, QuestionFolderId, QuestionId, Timestamp};
use papers::model::{Level, Question};
use papers::rich::Rich;
use uuid::Uuid;

use super::question::load;
use super::rows::word;
use super::stored::{Stored, tag_key, tags};
use super::{BankError, MediaUse, QuestionDetail, QuestionInput, QuestionMeta, indexing};
use crate::Questions;
use crate::access::{EditFolder, EditQuestion, ReadQuestion};
use crate::files::ReadFile;

/// How long a question stays in the bin.
pub const KEPT_IN_BIN: Duration = Duration::from_secs(30 * 24 * 3600);
/// Most questions of one change.
pub const MOST_AT_ONCE: usize = 500;

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

/// Puts questions into a folder, in their order. Files the caller may not read are refused.
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
    let Some(person) = folder.caller().person_id() else { return Err(Denied::Forbidden.into()) };
    let now = env.now();
    let mut groups: HashMap<String, Uuid> = HashMap::new();
    let mut ids = Vec::with_capacity(new.len());
    for (position, new) in (0_i64..).zip(new) {
        let meta = new.meta.check(&questions.content.curriculum)?;
        let (group, passage) = match new.passage {
            Some((name, text)) => (Some(*groups.entry(name).or_insert_with(|| env.ids.make())), Some(text)),
            None => (None, None),
        };
        let stored = Stored::new(new.question, passage)?;
        let id: QuestionId = env.ids.make();
        let place = Place { id, folder: *folder.scope(), group, position, person, now };
        insert(tx, &place, &stored, &meta).await?;
        write_version(tx, folder.caller(), &place, 1, &stored, &new.media).await?;
        write_finding(tx, id, &stored).await?;
        ids.push(id);
    }
    indexing::changed(tx, &ids, now).await?;
    Ok(ids)
}

struct Place {
    id: QuestionId,
    folder: QuestionFolderId,
    group: Option<Uuid>,
    position: i64,
    person: PersonId,
    now: Timestamp,
}

async fn insert(tx: &mut WriteTx, place: &Place, stored: &Stored, meta: &QuestionMeta) -> Result<(), DbError> {
    sql!(
        "INSERT INTO question (id, folder_id, passage_group_id, position, version, revision, kind, level, key_state, subject, grade, strand,
                               requirement, language, source, fingerprint, created_by, created_at, updated_at, plain_text)
         VALUES ($1, $2, $3, $4, 1, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17)"
    )
    .bind(place.id)
    .bind(place.folder)
    .bind(place.group)
    .bind(place.position)
    .bind(word(stored.question.kind)?)
    .bind(stored.question.level.map(word).transpose()?)
    .bind(word(stored.question.key)?)
    .bind(meta.subject.clone())
    .bind(meta.grade.map(i64::from))
    .bind(meta.strand.clone())
    .bind(meta.requirement.clone())
    .bind(meta.language.clone().unwrap_or_else(|| "vi".to_owned()))
    .bind(meta.source.clone())
    .bind(&stored.fingerprint)
    .bind(place.person)
    .bind(place.now)
    .bind(&stored.plain_text)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes a version, or over one that nothing has used, with its files.
async fn write_version(
    tx: &mut WriteTx,
    caller: &Caller,
    place: &Place,
    version: i64,
    stored: &Stored,
    media: &[MediaUse],
) -> Result<(), BankError> {
    let present: Vec<(QuestionFileId,)> =
        sql!("SELECT DISTINCT file_id FROM question_version_file WHERE question_id = $1").bind(place.id).fetch_all(tx).await?;
    let present: BTreeSet<QuestionFileId> = present.into_iter().map(|(id,)| id).collect();
    sql!(
        "INSERT INTO question_version (question_id, version, saved_by, saved_at, body, passage) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (question_id, version) DO UPDATE SET saved_by = excluded.saved_by, saved_at = excluded.saved_at,
           body = excluded.body, passage = excluded.passage"
    )
    .bind(place.id)
    .bind(version)
    .bind(place.person)
    .bind(place.now)
    .bind(&stored.body)
    .bind(stored.passage_json.clone())
    .execute(tx)
    .await?;
    sql!("DELETE FROM question_version_file WHERE question_id = $1 AND version = $2").bind(place.id).bind(version).execute(tx).await?;
    let mut faults = Faults::default();
    for id in &stored.media {
        let Some(file) = media.iter().find(|medium| medium.id == *id) else {
            faults.add("media", "missing");
            continue;
        };
        // A question lends its readers the right to read its files, so nobody may put in one that she
        // may not read herself; files that the question has already may stay.
        if !present.contains(&file.file_id) && authorise::<ReadFile>(tx, caller, file.file_id).await.is_err() {
            faults.add("media", "unknown-file");
            continue;
        }
        sql!("INSERT INTO question_version_file (question_id, version, media_id, file_id) VALUES ($1, $2, $3, $4)")
            .bind(place.id)
            .bind(version)
            .bind(id)
            .bind(file.file_id)
            .execute(tx)
            .await?;
    }
    faults.check()?;
    Ok(())
}

/// What lists, tags and near-duplicates look a question up by.
async fn write_finding(tx: &mut WriteTx, id: QuestionId, stored: &Stored) -> Result<(), DbError> {
    write_tags(tx, id, &stored.question.tags).await?;
    sql!("DELETE FROM question_band WHERE question_id = $1").bind(id).execute(tx).await?;
    let [a, b, c, d, e, f, g, h] = stored.bands;
    sql!(
        "INSERT INTO question_band (question_id, band, hash) VALUES
         ($1, 0, $2), ($1, 1, $3), ($1, 2, $4), ($1, 3, $5), ($1, 4, $6), ($1, 5, $7), ($1, 6, $8), ($1, 7, $9)"
    )
    .bind(id)
    .bind(a)
    .bind(b)
    .bind(c)
    .bind(d)
    .bind(e)
    .bind(f)
    .bind(g)
    .bind(h)
    .execute(tx)
    .await?;
    Ok(())
}

async fn write_tags(tx: &mut WriteTx, id: QuestionId, tags: &[String]) -> Result<(), DbError> {
    sql!("DELETE FROM question_tag WHERE question_id = $1").bind(id).execute(tx).await?;
    for tag in tags {
        sql!("INSERT INTO question_tag (question_id, tag_key, tag) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(tag_key(tag))
            .bind(tag)
            .execute(tx)
            .await?;
    }
    Ok(())
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
    let read = authorise::<ReadQuestion>(&mut tx, caller, id).await?;
    let detail = load(&mut tx, &read, None).await?;
    tx.commit().await?;
    questions.content.search.wake();
    Ok(detail)
}

#[derive(sqlx::FromRow)]
struct Current {
    version: i64,
    revision: i64,
    folder_id: QuestionFolderId,
    passage_group_id: Option<Uuid>,
    position: i64,
    used_at: Option<i64>,
}

async fn current(tx: &mut WriteTx, id: QuestionId) -> Result<Current, DbError> {
    sql!(
        "SELECT q.version, q.revision, q.folder_id, q.passage_group_id, q.position, v.used_at
         FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version WHERE q.id = $1"
    )
    .bind(id)
    .fetch_one(tx)
    .await
}

/// Makes changes of one question wait for each other until the commit, also on PostgreSQL.
async fn hold(tx: &mut WriteTx, id: QuestionId) -> Result<(), DbError> {
    sql!("UPDATE question SET revision = revision WHERE id = $1").bind(id).execute(tx).await?;
    Ok(())
}

/// Saves a question over the revision it was made from. A version that a test has used stays as it
/// is, and a new one is made. A changed passage is changed for all questions below it.
///
/// # Errors
/// [`BankError::NewerDraft`] when somebody saved in between; nothing is lost then.
pub async fn save(questions: &Questions, caller: &Caller, id: QuestionId, input: QuestionInput) -> Result<QuestionDetail, BankError> {
    let meta = input.meta.check(&questions.content.curriculum)?;
    let stored = Stored::new(input.question, input.passage)?;
    let mut tx = questions.content.env.db.write().await?;
    authorise::<EditQuestion>(&mut tx, caller, id).await?;
    hold(&mut tx, id).await?;
    let was = current(&mut tx, id).await?;
    if was.revision != input.revision {
        return Err(BankError::NewerDraft { revision: was.revision });
    }
    let mut touched = vec![id];
    write_change(&mut tx, questions, caller, id, &was, &stored, &meta, &input.media).await?;
    if let Some(group) = was.passage_group_id {
        touched.extend(spread_passage(&mut tx, questions, caller, group, id, &stored, &input.media).await?);
    }
    indexing::changed(&mut tx, &touched, questions.content.env.now()).await?;
    let read = authorise::<ReadQuestion>(&mut tx, caller, id).await?;
    let detail = load(&mut tx, &read, None).await?;
    tx.commit().await?;
    questions.content.search.wake();
    Ok(detail)
}

#[expect(clippy::too_many_arguments, reason = "one row of a table with what belongs to it")]
async fn write_change(
    tx: &mut WriteTx,
    questions: &Questions,
    caller: &Caller,
    id: QuestionId,
    was: &Current,
    stored: &Stored,
    meta: &QuestionMeta,
    media: &[MediaUse],
) -> Result<(), BankError> {
    let Some(person) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    let now = questions.content.env.now();
    let version = if was.used_at.is_some() { was.version + 1 } else { was.version };
    // A question that gets its first passage begins a group.
    let group = was.passage_group_id.or_else(|| stored.passage.as_ref().map(|_| questions.content.env.ids.make()));
    let place = Place { id, folder: was.folder_id, group, position: was.position, person, now };
    write_version(tx, caller, &place, version, stored, media).await?;
    sql!(
        "UPDATE question SET version = $2, revision = revision + 1, kind = $3, level = $4, key_state = $5, subject = $6, grade = $7,
                             strand = $8, requirement = $9, language = $10, source = $11, fingerprint = $12, updated_at = $13,
                             plain_text = $14, passage_group_id = $15 WHERE id = $1"
    )
    .bind(id)
    .bind(version)
    .bind(word(stored.question.kind)?)
    .bind(stored.question.level.map(word).transpose()?)
    .bind(word(stored.question.key)?)
    .bind(meta.subject.clone())
    .bind(meta.grade.map(i64::from))
    .bind(meta.strand.clone())
    .bind(meta.requirement.clone())
    .bind(meta.language.clone().unwrap_or_else(|| "vi".to_owned()))
    .bind(meta.source.clone())
    .bind(&stored.fingerprint)
    .bind(now)
    .bind(&stored.plain_text)
    .bind(group)
    .execute(tx)
    .await?;
    write_finding(tx, id, stored).await?;
    Ok(())
}

/// Gives the siblings of a question the passage it has now.
async fn spread_passage(
    tx: &mut WriteTx,
    questions: &Questions,
    caller: &Caller,
    group: Uuid,
    but: QuestionId,
    stored: &Stored,
    media: &[MediaUse],
) -> Result<Vec<QuestionId>, BankError> {
    let rows: Vec<(QuestionId, String, Option<String>)> = sql!(
        "SELECT q.id, v.body, v.passage FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version
         WHERE q.passage_group_id = $1 AND q.id <> $2 ORDER BY q.position, q.id"
    )
    .bind(group)
    .bind(but)
    .fetch_all(tx)
    .await?;
    let mut touched = Vec::new();
    for (id, body, passage) in rows {
        if passage == stored.passage_json || authorise::<EditQuestion>(tx, caller, id).await.is_err() {
            continue;
        }
        hold(tx, id).await?;
        let was = current(tx, id).await?;
        let question: Question = serde_json::from_str(&body).map_err(DbError::from)?;
        // The sibling's own pictures keep their ids; the passage's come under ids nothing else has.
        let mut own = super::question::media_of(tx, id, was.version).await?;
        let used: BTreeSet<String> = question.media_ids().into_iter().collect();
        own.retain(|medium| used.contains(&medium.id));
        let mut text = stored.passage.clone();
        let names = fresh_names(text.as_ref(), &own);
        if let Some(text) = &mut text {
            text.rename_media(&names);
        }
        own.extend(media.iter().filter_map(|medium| Some(MediaUse { id: names.get(&medium.id)?.clone(), ..medium.clone() })));
        let changed = Stored::new(question, text)?;
        let meta = meta_of(tx, id).await?;
        write_change(tx, questions, caller, id, &was, &changed, &meta, &own).await?;
        touched.push(id);
    }
    Ok(touched)
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

#[derive(sqlx::FromRow)]
struct StoredMeta {
    subject: Option<String>,
    grade: Option<i64>,
    strand: Option<String>,
    requirement: Option<String>,
    language: String,
    source: Option<String>,
}

async fn meta_of(tx: &mut WriteTx, id: QuestionId) -> Result<QuestionMeta, DbError> {
    let row: StoredMeta =
        sql!("SELECT subject, grade, strand, requirement, language, source FROM question WHERE id = $1").bind(id).fetch_one(tx).await?;
    Ok(QuestionMeta {
        subject: row.subject,
        grade: row.grade.and_then(|grade| u8::try_from(grade).ok()),
        strand: row.strand,
        requirement: row.requirement,
        language: Some(row.language),
        source: row.source,
    })
}

/// What is changed of many questions at once. Empty fields stay as they are.
#[derive(Clone, Debug, Default)]
pub struct BulkChange {
    /// Their level.
    pub level: Option<Level>,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// Requirement code.
    pub requirement: Option<String>,
    /// Where they go.
    pub folder: Option<QuestionFolderId>,
    /// Tags they get.
    pub add_tags: Vec<String>,
    /// Tags they lose.
    pub remove_tags: Vec<String>,
}

/// Changes what is said about many questions; all or nothing. Tells how many.
///
/// # Errors
/// [`BankError`].
pub async fn bulk(questions: &Questions, caller: &Caller, ids: &[QuestionId], change: &BulkChange) -> Result<usize, BankError> {
    let ids = at_once(ids)?;
    let mut faults = Faults::default();
    let add = tags(&mut faults, &change.add_tags);
    faults.check()?;
    let remove: BTreeSet<String> = change.remove_tags.iter().map(|tag| tag_key(&collapse_whitespace(tag))).collect();
    let mut tx = questions.content.env.db.write().await?;
    if let Some(folder) = change.folder {
        authorise::<EditFolder>(&mut tx, caller, folder).await?;
    }
    for id in &ids {
        authorise::<EditQuestion>(&mut tx, caller, *id).await?;
        change_one(&mut tx, questions, caller, *id, change, &add, &remove).await?;
    }
    indexing::changed(&mut tx, &ids, questions.content.env.now()).await?;
    tx.commit().await?;
    questions.content.search.wake();
    Ok(ids.len())
}

fn at_once(ids: &[QuestionId]) -> Result<Vec<QuestionId>, BankError> {
    let ids: BTreeSet<QuestionId> = ids.iter().copied().collect();
    let mut faults = Faults::default();
    if ids.is_empty() {
        faults.add("ids", "missing");
    }
    if ids.len() > MOST_AT_ONCE {
        faults.add("ids", "too-many");
    }
    faults.check()?;
    Ok(ids.into_iter().collect())
}

async fn change_one(
    tx: &mut WriteTx,
    questions: &Questions,
    caller: &Caller,
    id: QuestionId,
    change: &BulkChange,
    add: &[String],
    remove: &BTreeSet<String>,
) -> Result<(), BankError> {
    hold(tx, id).await?;
    let was = current(tx, id).await?;
    let read = authorise::<ReadQuestion>(tx, caller, id).await?;
    let detail = load(tx, &read, None).await?;
    let mut question = detail.question;
    question.tags.retain(|tag| !remove.contains(&tag_key(tag)));
    for tag in add {
        if !question.tags.iter().any(|known| tag_key(known) == tag_key(tag)) {
            question.tags.push(tag.clone());
        }
    }
    question.level = change.level.or(question.level);
    let meta = QuestionMeta {
        subject: change.subject.clone().or(detail.meta.subject),
        grade: change.grade.or(detail.meta.grade),
        requirement: change.requirement.clone().or(detail.meta.requirement),
        ..detail.meta
    }
    .check(&questions.content.curriculum)?;
    let stored = Stored::new(question, detail.passage)?;
    // Where a question stands says nothing of what pupils see: a used version may be told more about.
    let unused = Current { used_at: None, ..was };
    write_change(tx, questions, caller, id, &unused, &stored, &meta, &detail.media).await?;
    if let Some(folder) = change.folder {
        sql!("UPDATE question SET folder_id = $2 WHERE id = $1").bind(id).bind(folder).execute(tx).await?;
    }
    Ok(())
}

/// Puts questions into the bin; all or none. Tells how many.
///
/// # Errors
/// [`BankError`].
pub async fn bulk_delete(questions: &Questions, caller: &Caller, ids: &[QuestionId]) -> Result<usize, BankError> {
    let ids = at_once(ids)?;
    let now = questions.content.env.now();
    let mut tx = questions.content.env.db.write().await?;
    for id in &ids {
        authorise::<EditQuestion>(&mut tx, caller, *id).await?;
        throw_away(&mut tx, questions, caller, *id, None).await?;
    }
    indexing::changed(&mut tx, &ids, now).await?;
    tx.commit().await?;
    questions.content.search.wake();
    Ok(ids.len())
}

async fn throw_away(
    tx: &mut WriteTx,
    questions: &Questions,
    caller: &Caller,
    id: QuestionId,
    into: Option<QuestionId>,
) -> Result<(), DbError> {
    sql!("UPDATE question SET deleted_at = $2, merged_into = $3 WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .bind(questions.content.env.now())
        .bind(into)
        .execute(tx)
        .await?;
    let action = if into.is_some() { "question.merged" } else { "question.deleted" };
    let detail = serde_json::json!({ "into": into });
    let event = Event { action, subject_kind: "question", subject_id: Some(id.as_uuid()), organisation: None, detail };
    audit::record(tx, &questions.content.env, caller, event).await
}

/// Puts a question into the bin, where it stays for 30 days.
///
/// # Errors
/// [`BankError`].
pub async fn delete(questions: &Questions, caller: &Caller, id: QuestionId) -> Result<(), BankError> {
    bulk_delete(questions, caller, &[id]).await.map(|_| ())
}

/// Takes a question out of the bin.
///
/// # Errors
/// [`BankError`].
pub async fn restore(questions: &Questions, caller: &Caller, id: QuestionId) -> Result<QuestionDetail, BankError> {
    let now = questions.content.env.now();
    let mut tx = questions.content.env.db.write().await?;
    authorise::<EditQuestion>(&mut tx, caller, id).await?;
    sql!("UPDATE question SET deleted_at = NULL, merged_into = NULL WHERE id = $1").bind(id).execute(&mut tx).await?;
    indexing::changed(&mut tx, &[id], now).await?;
    let read = authorise::<ReadQuestion>(&mut tx, caller, id).await?;
    let detail = load(&mut tx, &read, None).await?;
    tx.commit().await?;
    questions.content.search.wake();
    Ok(detail)
}

/// Makes one of two questions: the tags and uses of the first go to the second, and the first into the
/// bin.
///
/// # Errors
/// [`BankError::CannotMerge`] for a question with itself or with one in the bin.
pub async fn merge(questions: &Questions, caller: &Caller, id: QuestionId, into: QuestionId) -> Result<QuestionDetail, BankError> {
    if id == into {
        return Err(BankError::CannotMerge);
    }
    let now = questions.content.env.now();
    let mut tx = questions.content.env.db.write().await?;
    authorise::<EditQuestion>(&mut tx, caller, id).await?;
    authorise::<EditQuestion>(&mut tx, caller, into).await?;
    let read = authorise::<ReadQuestion>(&mut tx, caller, id).await?;
    let gone = load(&mut tx, &read, None).await?;
    let read = authorise::<ReadQuestion>(&mut tx, caller, into).await?;
    if gone.deleted || load(&mut tx, &read, None).await?.deleted {
        return Err(BankError::CannotMerge);
    }
    let none = BTreeSet::new();
    change_one(&mut tx, questions, caller, into, &BulkChange::default(), &gone.question.tags, &none).await?;
    sql!("UPDATE question SET use_count = use_count + $2 WHERE id = $1").bind(into).bind(gone.use_count).execute(&mut tx).await?;
    throw_away(&mut tx, questions, caller, id, Some(into)).await?;
    indexing::changed(&mut tx, &[id, into], now).await?;
    let detail = load(&mut tx, &read, None).await?;
    tx.commit().await?;
    questions.content.search.wake();
    Ok(detail)
}

/// Forgets questions that were in the bin long enough and that no test has used. Tells how many.
///
/// # Errors
/// [`DbError`].
pub async fn purge(questions: &Questions) -> Result<u64, DbError> {
    let mut tx = questions.content.env.db.write().await?;
    let before = questions.content.env.now().minus(KEPT_IN_BIN);
    sql!("UPDATE question SET merged_into = NULL WHERE merged_into IN (SELECT q.id FROM question q WHERE q.deleted_at < $1)")
        .bind(before)
        .execute(&mut tx)
        .await?;
    let gone = sql!("DELETE FROM question WHERE deleted_at < $1 AND use_count = 0").bind(before).execute(&mut tx).await?;
    tx.commit().await?;
    Ok(gone)
}
