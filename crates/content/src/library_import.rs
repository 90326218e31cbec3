//! Many items at once: `lopmo library import FILE.jsonl --org CODE`.

use std::io::BufRead;

use db::{DbError, WriteTx, changes, sql};
use exchange::library_lines::{LibraryItem, LibraryLines, LineProblem, NumberedItem};
use identity::access::{Caller, Denied, ManageOrganisation, authorise};
use identity::audit::{self, Event};
use kernel::{LessonId, Licence, OrganisationId, PersonId, Timestamp};
use uuid::Uuid;

use crate::Content;
use crate::doc::{Block, Doc, Inline};
use crate::lessons::{LessonMeta, NewLesson, PublishedVersion, insert_version};

/// Lines written in one transaction.
const BATCH: usize = 500;
/// Bad lines named in full; of more only the number is known.
const MOST_PROBLEMS: usize = 10_000;

/// What has been done so far, or in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Items that are new.
    pub added: u64,
    /// Items that were there and have changed.
    pub updated: u64,
    /// Items that were there just so.
    pub unchanged: u64,
    /// Lines that could not be taken.
    pub bad: u64,
    /// Which and why, the first ten thousand.
    pub problems: Vec<LineProblem>,
}

/// Why an import stopped; batches before are kept, and importing again goes on where it matters.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// By the policy, or there is no such organisation.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No organisation has this code.
    #[error("no organisation has the code {0:?}")]
    NoOrganisation(String),
    /// Published in whose name? Nobody administers the organisation.
    #[error("the organisation has no administrator in whose name to publish")]
    NoAdministrator,
}

/// Publishes every item of a file in an organisation's name. Bad lines are reported with their
/// numbers and the rest goes in. `progress` is called after each batch.
///
/// # Errors
/// [`ImportError`].
pub async fn import(
    content: &Content,
    caller: &Caller,
    code: &str,
    file: impl BufRead + Send + 'static,
    mut progress: impl FnMut(&ImportReport) + Send,
) -> Result<ImportReport, ImportError> {
    let (organisation, author) = place(content, caller, code).await?;
    // Parsing goes on in a thread of its own while a batch is being written.
    let (send, mut batches) = tokio::sync::mpsc::channel::<Vec<Result<NumberedItem, LineProblem>>>(2);
    tokio::task::spawn_blocking(move || {
        let mut lines = LibraryLines::new(file);
        loop {
            let batch: Vec<_> = lines.by_ref().take(BATCH).collect();
            if batch.is_empty() || send.blocking_send(batch).is_err() {
                return;
            }
        }
    });
    let mut report = ImportReport::default();
    while let Some(batch) = batches.recv().await {
        let mut items = Vec::with_capacity(batch.len());
        for line in batch {
            match line {
                Ok(item) => items.push(item.item),
                Err(problem) => {
                    report.bad += 1;
                    if report.problems.len() < MOST_PROBLEMS {
                        report.problems.push(problem);
                    }
                }
            }
        }
        write(content, organisation, author, &items, &mut report).await?;
        progress(&report);
    }
    let mut tx = content.env.db.write().await?;
    let detail = serde_json::json!({ "added": report.added, "updated": report.updated, "bad": report.bad });
    audit::record(&mut tx, &content.env, caller, Event::about_organisation("library.imported", organisation).with(detail)).await?;
    tx.commit().await?;
    Ok(report)
}

/// Where the items go and in whose name: the caller's, or for a command the organisation's nearest
/// administrator's.
async fn place(content: &Content, caller: &Caller, code: &str) -> Result<(OrganisationId, PersonId), ImportError> {
    let mut tx = content.env.db.read().await?;
    let found: Option<(OrganisationId,)> = sql!("SELECT id FROM organisation WHERE code = $1").bind(code).fetch_optional(&mut tx).await?;
    let Some((organisation,)) = found else { return Err(ImportError::NoOrganisation(code.to_owned())) };
    authorise::<ManageOrganisation>(&mut tx, caller, organisation).await?;
    if let Some(person) = caller.person_id() {
        return Ok((organisation, person));
    }
    let nearest: Option<(PersonId,)> = sql!(
        "SELECT r.person_id FROM role_assignment r JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
         WHERE c.descendant_id = $1 AND r.role = 'administrator' AND r.until_at IS NULL ORDER BY c.depth, r.from_at LIMIT 1"
    )
    .bind(organisation)
    .fetch_optional(&mut tx)
    .await?;
    nearest.map(|(person,)| (organisation, person)).ok_or(ImportError::NoAdministrator)
}

async fn write(
    content: &Content,
    organisation: OrganisationId,
    author: PersonId,
    items: &[LibraryItem],
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    if items.is_empty() {
        return Ok(());
    }
    let now = content.env.now();
    let prepared: Vec<Prepared> = items.iter().map(Prepared::of).collect();
    let (mut changed, mut counts): (Vec<Uuid>, _) = (Vec::new(), (0, 0, 0));
    let mut tx = content.env.db.write().await?;
    for item in &prepared {
        match publish(&mut tx, content, organisation, author, item, now).await? {
            (lesson, Change::Added) => {
                counts.0 += 1;
                changed.push(lesson.as_uuid());
            }
            (lesson, Change::Updated) => {
                counts.1 += 1;
                changed.push(lesson.as_uuid());
            }
            (_, Change::None) => counts.2 += 1,
        }
    }
    changes::record(&mut tx, changes::EntityKind::Lesson, &changed, now).await?;
    tx.commit().await?;
    content.search.wake();
    report.added += counts.0;
    report.updated += counts.1;
    report.unchanged += counts.2;
    Ok(())
}

struct Prepared {
    external_id: String,
    meta: LessonMeta,
    doc: String,
    plain_text: String,
}

impl Prepared {
    fn of(item: &LibraryItem) -> Self {
        let paragraph = |line: &str| Block::Paragraph(vec![Inline::Text(line.to_owned(), Vec::new())]);
        let mut blocks: Vec<Block> = item.text.lines().map(str::trim).filter(|line| !line.is_empty()).map(paragraph).collect();
        if blocks.is_empty() {
            blocks.push(Block::Paragraph(Vec::new()));
        }
        let doc = Doc { blocks };
        let mut meta = LessonMeta::new(&item.title, None);
        meta.subject.clone_from(&item.subject);
        meta.grade = item.grade;
        meta.language.clone_from(&item.language);
        // Where nothing is said about sharing, nothing is allowed.
        meta.licence = item.licence.clone().unwrap_or_else(|| Licence::SchoolOnly.spdx().to_owned());
        meta.tags.clone_from(&item.tags);
        Self { external_id: item.external_id.clone(), meta, doc: doc.to_json().to_string(), plain_text: doc.plain_text() }
    }
}

enum Change {
    Added,
    Updated,
    None,
}

async fn publish(
    tx: &mut WriteTx,
    content: &Content,
    organisation: OrganisationId,
    author: PersonId,
    item: &Prepared,
    now: Timestamp,
) -> Result<(LessonId, Change), DbError> {
    let meta = serde_json::to_string(&item.meta)?;
    let new = NewLesson { organisation, external_id: Some(&item.external_id), created_by: author, meta: &item.meta, doc: &item.doc };
    let (lesson, version, change) = match crate::lessons::insert_published(tx, &content.env, &new, now).await? {
        Some(lesson) => (lesson, 1, Change::Added),
        None => {
            let (lesson, last, known_meta, known_doc): (LessonId, i64, String, String) = sql!(
                "SELECT l.id, CAST(COALESCE((SELECT MAX(version) FROM lesson_version v WHERE v.lesson_id = l.id), 0) AS BIGINT), l.draft_meta, l.draft_doc
                 FROM lesson l WHERE l.organisation_id = $1 AND l.external_id = $2"
            )
            .bind(organisation)
            .bind(&item.external_id)
            .fetch_one(tx)
            .await?;
            let shown: Option<(i64,)> =
                sql!("SELECT CAST(1 AS BIGINT) FROM lesson WHERE id = $1 AND withdrawn_at IS NULL AND published_revision = revision")
                    .bind(lesson)
                    .fetch_optional(tx)
                    .await?;
            if shown.is_some() && known_meta == meta && known_doc == item.doc {
                return Ok((lesson, Change::None));
            }
            sql!(
                "UPDATE lesson SET revision = revision + 1, draft_title = $2, draft_meta = $3, draft_doc = $4, saved_at = $5, published_version = $6,
                        published_revision = revision + 1, published_at = $5, withdrawn_at = NULL WHERE id = $1"
            )
            .bind(lesson)
            .bind(&item.meta.title)
            .bind(&meta)
            .bind(&item.doc)
            .bind(now)
            .bind(last + 1)
            .execute(tx)
            .await?;
            sql!("DELETE FROM lesson_asset WHERE lesson_id = $1 AND version = 0").bind(lesson).execute(tx).await?;
            (lesson, last + 1, Change::Updated)
        }
    };
    let published = PublishedVersion {
        lesson,
        version,
        meta: &item.meta,
        doc: &item.doc,
        plain_text: &item.plain_text,
        by: author,
        at: now,
        note: None,
    };
    insert_version(tx, &published).await?;
    Ok((lesson, change))
}
