//! Questions as a file.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{QuestionFolderId, QuestionId};
use papers::Format;
use papers::model::Entry;
use papers::write_docx::KeyPlace;
use questions::bank::export::{self, Which};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::author::Author;
use crate::http::extract::Json;
use crate::http::problem::{ApiError, Problem};
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(export_questions))
}

/// Where the key stands in a Word file.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportKey {
    /// In the questions.
    #[default]
    Marked,
    /// In tables behind them.
    Table,
    /// Nowhere.
    Absent,
}

/// The formats questions are written in.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum ExportFormat {
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// GIFT.
    Gift,
    /// Moodle XML.
    MoodleXml,
    /// QTI 3 package.
    Qti3,
    /// Our JSON.
    Json,
}

/// What to export.
#[derive(Debug, Deserialize, ToSchema)]
struct ExportInput {
    /// These questions, in this order; or null.
    #[serde(default)]
    ids: Option<Vec<QuestionId>>,
    /// All of a folder and below it.
    #[serde(default)]
    folder_id: Option<QuestionFolderId>,
    /// The format.
    format: ExportFormat,
    /// Where the key stands in a Word file.
    #[serde(default)]
    key: ExportKey,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
struct ExportedFile {
    /// A name for it.
    filename: String,
    /// Media type.
    mime: String,
    /// The file, as base64.
    content: String,
    /// What the format could not hold.
    report: Vec<Entry>,
}

/// Writes questions as a file, and tells what the format could not hold.
#[utoipa::path(post, path = "/api/questions/export", operation_id = "export_questions", tag = "questions", request_body = ExportInput,
    responses((status = 200, body = ExportedFile), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn export_questions(
    State(app): State<App>,
    Author(caller): Author,
    Json(input): Json<ExportInput>,
) -> Result<Json<ExportedFile>, ApiError> {
    let which = match (input.ids, input.folder_id) {
        (Some(ids), _) => Which::Ids(ids),
        (None, Some(folder)) => Which::Folder(folder),
        (None, None) => return Err(ApiError::invalid_field("/ids", "missing")),
    };
    let format = match input.format {
        ExportFormat::Docx => Format::Docx,
        ExportFormat::Xlsx => Format::Xlsx,
        ExportFormat::Gift => Format::Gift,
        ExportFormat::MoodleXml => Format::MoodleXml,
        ExportFormat::Qti3 => Format::Qti,
        ExportFormat::Json => Format::Json,
    };
    let key = match input.key {
        ExportKey::Marked => KeyPlace::Marked,
        ExportKey::Table => KeyPlace::TableAfterEnd,
        ExportKey::Absent => KeyPlace::Absent,
    };
    let file = export::export(&app.questions, &caller, &which, format, key).await?;
    let content = STANDARD.encode(&file.bytes);
    Ok(Json(ExportedFile { filename: file.filename, mime: file.mime.to_owned(), content, report: file.report }))
}
