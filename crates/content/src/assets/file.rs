use db::{Conn, DbError, sql};
use identity::access::{Caller, authorise};
use kernel::{AssetId, BlobId, Timestamp};
use media::storyboard::{Sheet, vtt};

use super::{AssetError, AssetKind};
use crate::Content;
use crate::access::ReadAsset;

/// An object to be sent.
#[derive(Clone, Debug)]
pub struct FileTarget {
    /// Where it is.
    pub object_key: String,
    /// What it is.
    pub mime: String,
    /// Names its bytes for good.
    pub etag: String,
    /// As its owner called it, where that matters.
    pub filename: Option<String>,
    /// What the file is.
    pub kind: AssetKind,
}

/// Widths of the previews of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewSide {
    /// 320 pixels.
    Small,
    /// 640 pixels.
    Medium,
    /// 1280 pixels.
    Large,
}

impl PreviewSide {
    /// Every side.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The longest side, in pixels.
    pub fn pixels(self) -> u32 {
        match self {
            Self::Small => 320,
            Self::Medium => 640,
            Self::Large => 1280,
        }
    }

    /// The smallest that is at least as wide as asked.
    pub fn at_least(width: u32) -> Self {
        Self::ALL.into_iter().find(|side| side.pixels() >= width).unwrap_or(Self::Large)
    }
}

/// The file as uploaded.
///
/// # Errors
/// [`AssetError::Absent`] while it is still being checked.
pub async fn file_target(content: &Content, caller: &Caller, asset: AssetId) -> Result<FileTarget, AssetError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let row: Option<(String, String, String, String, String)> =
        sql!("SELECT b.object_key, b.mime, b.sha256, a.filename, a.kind FROM asset a JOIN blob b ON b.id = a.blob_id WHERE a.id = $1")
            .bind(asset)
            .fetch_optional(&mut tx)
            .await?;
    let (object_key, mime, etag, filename, kind) = row.ok_or(AssetError::Absent)?;
    Ok(FileTarget { object_key, mime, etag, filename: Some(filename), kind: AssetKind::try_from(kind).map_err(db::DbError::from)? })
}

/// The still of a video.
///
/// # Errors
/// [`AssetError::Absent`].
pub async fn poster_target(content: &Content, caller: &Caller, asset: AssetId) -> Result<FileTarget, AssetError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let row: Option<(Option<String>, Option<String>)> =
        sql!("SELECT m.object_prefix, m.poster_file FROM asset a JOIN media m ON m.blob_id = a.blob_id WHERE a.id = $1")
            .bind(asset)
            .fetch_optional(&mut tx)
            .await?;
    match row {
        Some((Some(prefix), Some(file))) => Ok(made(&prefix, &file)),
        _ => Err(AssetError::Absent),
    }
}

/// A file made by processing; its key names its bytes, since every run has its own prefix.
fn made(prefix: &str, file: &str) -> FileTarget {
    let object_key = format!("{prefix}/{file}");
    let mime = if file.ends_with(".webp") { "image/webp" } else { "image/jpeg" };
    FileTarget { etag: object_key.replace('/', "."), object_key, mime: mime.to_owned(), filename: None, kind: AssetKind::Picture }
}

/// A picture in a size for the page; of a video its still, so that any cover is asked for in one way.
///
/// # Errors
/// [`AssetError::Absent`] for what has no picture or is not ready.
pub async fn preview_target(content: &Content, caller: &Caller, asset: AssetId, side: PreviewSide) -> Result<FileTarget, AssetError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let blob: Option<(Option<BlobId>,)> = sql!("SELECT blob_id FROM asset WHERE id = $1").bind(asset).fetch_optional(&mut tx).await?;
    match blob {
        Some((Some(blob),)) => picture_of(&mut tx, blob, side.pixels()).await?.ok_or(AssetError::Absent),
        _ => Err(AssetError::Absent),
    }
}

/// What was made of a picture: the smallest whose longer side has at least so many pixels, else the largest
/// there is; of a video its still. The caller has shown that she may see it.
///
/// # Errors
/// [`DbError`].
pub async fn picture_of(conn: &mut Conn, blob: BlobId, pixels: u32) -> Result<Option<FileTarget>, DbError> {
    let row: Option<(Option<String>, Option<String>)> = sql!(
        "SELECT m.object_prefix,
                COALESCE((SELECT p.file FROM media_picture p WHERE p.blob_id = m.blob_id
                          ORDER BY CASE WHEN p.side >= $2 THEN p.side ELSE 1000000 - p.side END LIMIT 1), m.poster_file)
         FROM media m WHERE m.blob_id = $1"
    )
    .bind(blob)
    .bind(i64::from(pixels))
    .fetch_optional(conn)
    .await?;
    Ok(match row {
        Some((Some(prefix), Some(file))) => Some(made(&prefix, &file)),
        _ => None,
    })
}

/// Captions of one language, WebVTT, with when they were last changed.
///
/// # Errors
/// [`AssetError::Absent`].
pub async fn caption_file(content: &Content, caller: &Caller, asset: AssetId, language: &str) -> Result<(String, Timestamp), AssetError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let row: Option<(String, Timestamp)> = sql!("SELECT vtt, updated_at FROM asset_caption WHERE asset_id = $1 AND language = $2")
        .bind(asset)
        .bind(language)
        .fetch_optional(&mut tx)
        .await?;
    row.ok_or(AssetError::Absent)
}

#[derive(sqlx::FromRow)]
struct SheetRow {
    number: i64,
    tile_columns: i64,
    tile_rows: i64,
    tile_width: i64,
    tile_height: i64,
    interval_us: i64,
    tile_count: i64,
}

/// The list of thumbnails, WebVTT, naming sheets as `storyboard/{n}.jpg`.
///
/// # Errors
/// [`AssetError::Absent`].
pub async fn storyboard_vtt(content: &Content, caller: &Caller, asset: AssetId) -> Result<String, AssetError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let media: Option<(BlobId, Option<i64>, Option<uuid::Uuid>)> =
        sql!("SELECT m.blob_id, m.duration_us, m.run_id FROM asset a JOIN media m ON m.blob_id = a.blob_id WHERE a.id = $1")
            .bind(asset)
            .fetch_optional(&mut tx)
            .await?;
    let (blob, duration, run) = media.ok_or(AssetError::Absent)?;
    let rows: Vec<SheetRow> = sql!(
        "SELECT number, tile_columns, tile_rows, tile_width, tile_height, interval_us, tile_count
         FROM media_storyboard WHERE blob_id = $1 ORDER BY number"
    )
    .bind(blob)
    .fetch_all(&mut tx)
    .await?;
    if rows.is_empty() {
        return Err(AssetError::Absent);
    }
    let small = |value: i64| u32::try_from(value).unwrap_or(0);
    let run = run.map(|run| run.simple().to_string()).unwrap_or_default();
    let sheet = |row: &SheetRow| Sheet {
        file: format!("storyboard/{}.jpg?r={run}", row.number),
        columns: small(row.tile_columns),
        rows: small(row.tile_rows),
        tile_width: small(row.tile_width),
        tile_height: small(row.tile_height),
        interval_us: u64::try_from(row.interval_us).unwrap_or(0),
        count: small(row.tile_count),
    };
    let sheets: Vec<Sheet> = rows.iter().map(sheet).collect();
    let whole = sheets.iter().map(|sheet| sheet.interval_us * u64::from(sheet.count)).sum();
    Ok(vtt(&sheets, duration.and_then(|us| u64::try_from(us).ok()).unwrap_or(whole)))
}

/// One sheet of thumbnails.
///
/// # Errors
/// [`AssetError::Absent`].
pub async fn storyboard_sheet(content: &Content, caller: &Caller, asset: AssetId, number: i64) -> Result<FileTarget, AssetError> {
    let mut tx = content.env.db.read().await?;
    authorise::<ReadAsset>(&mut tx, caller, asset).await?;
    let row: Option<(Option<String>, String)> = sql!(
        "SELECT m.object_prefix, s.file FROM asset a JOIN media m ON m.blob_id = a.blob_id
         JOIN media_storyboard s ON s.blob_id = m.blob_id AND s.number = $2 WHERE a.id = $1"
    )
    .bind(asset)
    .bind(number)
    .fetch_optional(&mut tx)
    .await?;
    match row {
        Some((Some(prefix), file)) => Ok(made(&prefix, &file)),
        _ => Err(AssetError::Absent),
    }
}
