//! Questions of the bank as a file.

use std::collections::{BTreeMap, HashMap};

use bytes::{Bytes, BytesMut};
use content::sets::{GROUP, bind_group};
use db::{Conn, DbError, sql};
use futures::StreamExt as _;
use identity::access::{Caller, authorise};
use identity::fault::Faults;
use kernel::{QuestionFileId, QuestionFolderId, QuestionId};
use papers::model::{Address, Entry, Media, Passage, Question, QuestionType};
use papers::rich::Rich;
use papers::write_docx::{self, DocxOptions, KeyPlace};
use papers::{Format, Paper, WriteError, Written};
use uuid::Uuid;

use super::BankError;
use crate::access::{ReadFolder, ReadQuestion};
use crate::{Questions, files};

/// Most questions of one file.
pub const MOST_QUESTIONS: usize = 2_000;
/// Most bytes of pictures and sounds of one file.
const MOST_MEDIA: u64 = 200 << 20;

/// Which questions.
#[derive(Clone, Debug)]
pub enum Which {
    /// These, in this order.
    Ids(Vec<QuestionId>),
    /// All of a folder and below it, in the order they were made.
    Folder(QuestionFolderId),
}

/// A file made of questions.
#[derive(Clone, Debug)]
pub struct Exported {
    /// A name for it.
    pub filename: String,
    /// Media type.
    pub mime: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// What the format could not hold.
    pub report: Vec<Entry>,
}

/// Writes questions the caller may read as a file. `key` matters to Word files alone.
///
/// # Errors
/// [`BankError`].
pub async fn export(questions: &Questions, caller: &Caller, which: &Which, format: Format, key: KeyPlace) -> Result<Exported, BankError> {
    let mut tx = questions.content.env.db.read().await?;
    let ids = readable(&mut tx, caller, which).await?;
    let rows = load(&mut tx, &ids).await?;
    let name = name_of(&mut tx, which, &ids, &rows).await?;
    let mut sources = HashMap::new();
    let mut wanted: Vec<QuestionFileId> = Vec::new();
    for row in &rows {
        wanted.extend(row.media.iter().map(|(_, file)| *file));
    }
    for file in wanted {
        if let std::collections::hash_map::Entry::Vacant(free) = sources.entry(file) {
            free.insert(files::source(&mut tx, file).await?);
        }
    }
    drop(tx);
    // It is never closed.
    let _turn = questions.exports.acquire().await.ok();
    let mut contents: HashMap<QuestionFileId, (String, Bytes)> = HashMap::new();
    let mut room = MOST_MEDIA;
    for (file, source) in sources {
        let bytes = whole(questions, &source.object_key, &mut room).await?;
        contents.insert(file, (source.mime, bytes));
    }
    let paper = joined(rows, &contents);
    let written = tokio::task::spawn_blocking(move || write(&paper, format, key))
        .await
        .map_err(|_| WriteError("the file could not be written".to_owned()))??;
    let (extension, mime) = of_format(format);
    Ok(Exported { filename: format!("{name}.{extension}"), mime, bytes: written.bytes, report: written.report })
}

/// Longest name of a file, in letters.
const LONGEST_NAME: usize = 60;

/// A name that says what is in the file: the question itself, or its folder and how many.
async fn name_of(conn: &mut Conn, which: &Which, ids: &[QuestionId], rows: &[Row]) -> Result<String, DbError> {
    let said = match rows {
        [only] => only.question.stem.to_shown_text().lines().next().unwrap_or_default().replace('$', ""),
        _ => {
            let folder = match which {
                Which::Folder(folder) => Some(*folder),
                Which::Ids(_) => common_folder(conn, ids).await?,
            };
            let name: Option<(String,)> = match folder {
                Some(folder) => sql!("SELECT name FROM question_folder WHERE id = $1").bind(folder).fetch_optional(conn).await?,
                None => None,
            };
            let name = name.map(|(name,)| name).filter(|name| !name.is_empty()).unwrap_or_else(|| "Câu hỏi".to_owned());
            format!("{name} ({} câu)", rows.len())
        }
    };
    let clean: String =
        said.chars().map(|letter| if letter.is_control() || "/\\:*?\"<>|".contains(letter) { ' ' } else { letter }).collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    let mut name = String::new();
    for word in words {
        if name.chars().count() + word.chars().count() >= LONGEST_NAME {
            break;
        }
        name.push_str(if name.is_empty() { "" } else { " " });
        name.push_str(word);
    }
    let name = name.trim_matches(['.', ' ']);
    Ok(if name.is_empty() { "Câu hỏi".to_owned() } else { name.to_owned() })
}

/// The folder that all of them lie in.
async fn common_folder(conn: &mut Conn, ids: &[QuestionId]) -> Result<Option<QuestionFolderId>, DbError> {
    let mut common = None;
    for group in ids.chunks(GROUP) {
        let folders: Vec<(QuestionFolderId,)> = bind_group(
            sql!(
                "SELECT DISTINCT folder_id FROM question
                 WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (folder,) in folders {
            if *common.get_or_insert(folder) != folder {
                return Ok(None);
            }
        }
    }
    Ok(common)
}

fn write(paper: &Paper, format: Format, key: KeyPlace) -> Result<Written, WriteError> {
    match format {
        Format::Docx => write_docx::write_with(paper, &DocxOptions { key, ..DocxOptions::default() }),
        other => papers::write(paper, other),
    }
}

fn of_format(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Docx => ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Format::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Format::Gift => ("gift", "text/plain; charset=utf-8"),
        Format::MoodleXml => ("xml", "application/xml"),
        Format::Qti | Format::Cc => ("zip", "application/zip"),
        _ => ("json", "application/json"),
    }
}

async fn readable(conn: &mut Conn, caller: &Caller, which: &Which) -> Result<Vec<QuestionId>, BankError> {
    let ids = match which {
        Which::Ids(ids) => {
            for id in ids.iter().take(MOST_QUESTIONS + 1) {
                authorise::<ReadQuestion>(conn, caller, *id).await?;
            }
            ids.clone()
        }
        Which::Folder(folder) => {
            authorise::<ReadFolder>(conn, caller, *folder).await?;
            let rows: Vec<(QuestionId,)> = sql!(
                "SELECT q.id FROM question q JOIN question_folder_closure c ON c.descendant_id = q.folder_id
                 WHERE c.ancestor_id = $1 AND q.deleted_at IS NULL ORDER BY q.id"
            )
            .bind(*folder)
            .fetch_all(conn)
            .await?;
            rows.into_iter().map(|(id,)| id).collect()
        }
    };
    let mut faults = Faults::default();
    if ids.is_empty() {
        faults.add("ids", "missing");
    }
    if ids.len() > MOST_QUESTIONS {
        faults.add("ids", "too-many");
    }
    faults.check()?;
    Ok(ids)
}

struct Row {
    question: Question,
    passage: Option<Rich>,
    group: Option<Uuid>,
    media: Vec<(String, QuestionFileId)>,
}

#[derive(sqlx::FromRow)]
struct Source {
    id: QuestionId,
    passage_group_id: Option<Uuid>,
    requirement: Option<String>,
    language: String,
    source: Option<String>,
    body: String,
    passage: Option<String>,
}

async fn load(conn: &mut Conn, ids: &[QuestionId]) -> Result<Vec<Row>, DbError> {
    let mut found: HashMap<QuestionId, Row> = HashMap::new();
    for group in ids.chunks(GROUP) {
        let sources: Vec<Source> = bind_group(
            sql!(
                "SELECT q.id, q.passage_group_id, q.requirement, q.language, q.source, v.body, v.passage
                 FROM question q JOIN question_version v ON v.question_id = q.id AND v.version = q.version
                 WHERE q.deleted_at IS NULL
                   AND q.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for source in sources {
            let mut question: Question = serde_json::from_str(&source.body)?;
            question.requirement = source.requirement;
            question.source = source.source;
            question.language = Some(source.language).filter(|language| language != "vi");
            let passage = source.passage.as_deref().map(serde_json::from_str).transpose()?;
            found.insert(source.id, Row { question, passage, group: source.passage_group_id, media: Vec::new() });
        }
        let media: Vec<(QuestionId, String, QuestionFileId)> = bind_group(
            sql!(
                "SELECT q.id, v.media_id, v.file_id FROM question q
                 JOIN question_version_file v ON v.question_id = q.id AND v.version = q.version
                 WHERE q.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
                 ORDER BY q.id, v.media_id"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        for (id, medium, file) in media {
            if let Some(row) = found.get_mut(&id) {
                row.media.push((medium, file));
            }
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

async fn whole(questions: &Questions, key: &str, room: &mut u64) -> Result<Bytes, BankError> {
    let read = questions.content.blobs.get(key, None).await.map_err(content::processing::FinishError::from)?;
    let Some(left) = room.checked_sub(read.size) else {
        let mut faults = Faults::default();
        faults.add("ids", "too-many");
        faults.check()?;
        return Ok(Bytes::new());
    };
    *room = left;
    let mut all = BytesMut::new();
    let mut stream = read.stream;
    while let Some(bytes) = stream.next().await {
        all.extend_from_slice(&bytes.map_err(content::processing::FinishError::from)?);
    }
    Ok(all.freeze())
}

/// One paper of many questions: each part in the order of the forms since 2025, media under ids of the
/// paper, a passage once for its questions.
fn joined(rows: Vec<Row>, contents: &HashMap<QuestionFileId, (String, Bytes)>) -> Paper {
    let mut paper = Paper::default();
    let mut passages: HashMap<Uuid, (String, Rich)> = HashMap::new();
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    for mut row in rows {
        let mut names = BTreeMap::new();
        for (id, file) in &row.media {
            let Some((mime, bytes)) = contents.get(file) else { continue };
            names.insert(id.clone(), keep(&mut paper, mime, bytes));
        }
        row.question.rename_media(&names);
        if let Some(mut text) = row.passage {
            text.rename_media(&names);
            let known = row.group.and_then(|group| passages.get(&group)).filter(|(_, known)| *known == text);
            let id = match known {
                Some((id, _)) => id.clone(),
                None => {
                    let id = format!("p{}", paper.passages.len() + 1);
                    paper.passages.push(Passage { id: id.clone(), content: text.clone() });
                    passages.extend(row.group.map(|group| (group, (id.clone(), text))));
                    id
                }
            };
            row.question.passage = Some(id);
        }
        let part = part_of(row.question.kind);
        let number = numbers.entry(part).or_default();
        *number += 1;
        row.question.address = Address { part: Some(part), number: Some(*number), paragraph: None };
        paper.questions.push(row.question);
    }
    paper
}

fn keep(paper: &mut Paper, mime: &str, bytes: &Bytes) -> String {
    let (stem, extension) = match papers::package_media::recognised(bytes) {
        Some(found) if found.mime.starts_with("audio/") => ("aud", found.extension),
        Some(found) => ("img", found.extension),
        None => ("img", "bin"),
    };
    if let Some(Media { id, .. }) = paper.media.iter().find(|known| known.content == *bytes) {
        return id.clone();
    }
    paper.keep_media(stem, extension, mime, bytes.clone())
}

/// The part of the forms since 2025: one choice, true or false, short answers, and what is written.
fn part_of(kind: QuestionType) -> u32 {
    match kind {
        QuestionType::TrueFalse => 2,
        QuestionType::ShortAnswer | QuestionType::Numeric => 3,
        QuestionType::Essay => 4,
        _ => 1,
    }
}
