//! Many items at once: `lopmo library import FILE.jsonl --org CODE`.

mod prepare;
mod write;

use std::io::BufRead;

use db::{DbError, sql};
use exchange::library_lines::{LibraryLines, LineProblem};
use identity::access::{Caller, Denied, ManageOrganisation, authorise};
use identity::audit::{self, Event};
use kernel::{OrganisationId, PersonId};

use self::prepare::Prepared;
use self::write::{Publisher, write};
use crate::Content;

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
    /// There is not a single line in it, good or bad.
    #[error("the file is empty")]
    Empty,
    /// The thread that read the file is gone; what it had read is written.
    #[error("reading the file was interrupted")]
    Interrupted,
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
    let publisher = place(content, caller, code).await?;
    // Parsing goes on in a thread of its own while a batch is being written.
    let (send, mut batches) = tokio::sync::mpsc::channel::<Vec<Result<Prepared, LineProblem>>>(2);
    let curriculum = content.curriculum.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let mut lines = LibraryLines::new(file).map(|line| line.and_then(|numbered| Prepared::of(&numbered, &curriculum)));
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
                Ok(item) => items.push(item),
                Err(problem) => {
                    report.bad += 1;
                    if report.problems.len() < MOST_PROBLEMS {
                        report.problems.push(problem);
                    }
                }
            }
        }
        let written = write(content, publisher, items).await?;
        report.added += written.added;
        report.updated += written.updated;
        report.unchanged += written.unchanged;
        progress(&report);
    }
    // The channel closes also when the thread panicked: what it had not read is then missing.
    reading.await.map_err(|_| ImportError::Interrupted)?;
    if report == ImportReport::default() {
        return Err(ImportError::Empty);
    }
    let mut tx = content.env.db.write().await?;
    let detail = serde_json::json!({ "added": report.added, "updated": report.updated, "bad": report.bad });
    audit::record(&mut tx, &content.env, caller, Event::about_organisation("library.imported", publisher.organisation).with(detail))
        .await?;
    tx.commit().await?;
    Ok(report)
}

/// Where the items go and in whose name: the caller's, or for a command the organisation's nearest
/// administrator's.
async fn place(content: &Content, caller: &Caller, code: &str) -> Result<Publisher, ImportError> {
    let mut tx = content.env.db.read().await?;
    let found: Option<(OrganisationId,)> = sql!("SELECT id FROM organisation WHERE code = $1").bind(code).fetch_optional(&mut tx).await?;
    let Some((organisation,)) = found else { return Err(ImportError::NoOrganisation(code.to_owned())) };
    authorise::<ManageOrganisation>(&mut tx, caller, organisation).await?;
    if let Some(person) = caller.person_id() {
        return Ok(Publisher { organisation, author: person });
    }
    let nearest: Option<(PersonId,)> = sql!(
        "SELECT r.person_id FROM role_assignment r JOIN organisation_closure c ON c.ancestor_id = r.organisation_id
         WHERE c.descendant_id = $1 AND r.role = 'administrator' AND r.until_at IS NULL ORDER BY c.depth, r.from_at LIMIT 1"
    )
    .bind(organisation)
    .fetch_optional(&mut tx)
    .await?;
    nearest.map(|(author,)| Publisher { organisation, author }).ok_or(ImportError::NoAdministrator)
}
