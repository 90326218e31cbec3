use std::path::Path;

use db::sql;
use exchange::text::{ExtractError, ExtractedText, extract};
use serde::{Deserialize, Serialize};

use super::outcome::{media_ready, record_lessons};
use super::run::{Run, RunError, hold};
use crate::Content;

/// The name of the child's handler.
pub const TEXT_HANDLER: &str = "text";
/// The file it writes.
pub const TEXT_FILE: &str = "text.json";

/// Why a document cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFailure {
    /// It unpacks to far more than it is.
    ZipBomb,
    /// It declares or nests things that Office never writes, as attacks do.
    UnsafeDocument,
    /// It is locked.
    Encrypted,
    /// It cannot be opened.
    Damaged,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Text(ExtractedText),
    Failed(TextFailure),
}

/// Runs in the sandboxed child: reads a document, writes what it says. `lopmo` gives it to
/// `media::child_main` under [`TEXT_HANDLER`].
///
/// # Errors
/// When the files cannot be read or written; what is wrong with the document is in the result.
pub fn extract_text_in_child(input: &Path, out_dir: &Path) -> Result<(), String> {
    let bytes = std::fs::read(input).map_err(|error| error.to_string())?;
    let pdf = bytes.starts_with(b"%PDF") || exchange::kind::sniff(&bytes[..bytes.len().min(4096)]) == exchange::kind::FileKind::Pdf;
    let outcome = match extract(&bytes) {
        Ok(text) => Outcome::Text(text),
        Err(ExtractError::TooLarge(_)) => Outcome::Failed(TextFailure::ZipBomb),
        Err(ExtractError::Hostile { .. }) => Outcome::Failed(TextFailure::UnsafeDocument),
        Err(ExtractError::Encrypted) => Outcome::Failed(TextFailure::Encrypted),
        // Browsers show PDFs that a text reader gives up on; and old office files are kept for download.
        Err(ExtractError::Damaged { .. }) if !pdf => Outcome::Failed(TextFailure::Damaged),
        Err(_) => Outcome::Text(ExtractedText::default()),
    };
    let json = serde_json::to_vec(&outcome).map_err(|error| error.to_string())?;
    std::fs::write(out_dir.join(TEXT_FILE), json).map_err(|error| error.to_string())
}

/// Reads what the child wrote. A child taken over by its document can write anything: what does not
/// parse counts as damaged.
pub fn read_extracted(json: &[u8]) -> Result<String, TextFailure> {
    match serde_json::from_slice(json) {
        Ok(Outcome::Text(text)) => Ok(exchange::vietnamese::nfc(&text.joined())),
        Ok(Outcome::Failed(failure)) => Err(failure),
        Err(_) => Err(TextFailure::Damaged),
    }
}

/// Keeps the words of a document, and has search look at the lessons that use it.
///
/// # Errors
/// [`RunError`].
pub async fn store_text(content: &Content, run: &Run, text: &str) -> Result<(), RunError> {
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    hold(&mut tx, run, now).await?;
    sql!("UPDATE media SET extracted_text = $2 WHERE blob_id = $1").bind(run.blob).bind(text.replace('\0', "")).execute(&mut tx).await?;
    media_ready(&mut tx, run.blob, now).await?;
    record_lessons(&mut tx, content, run.blob).await?;
    tx.commit().await?;
    content.search.wake();
    Ok(())
}
