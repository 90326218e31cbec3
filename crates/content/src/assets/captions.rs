use db::{DbError, WriteTx, changes, sql};
use exchange::captions;
use exchange::library_lines::canonical_language;
use identity::access::{Caller, authorise};
use identity::fault::{Fault, optional_line};
use kernel::AssetId;
use uuid::Uuid;

use super::{Asset, AssetError, Chapter, loading};
use crate::Content;
use crate::access::ManageAsset;

/// Most languages of one file.
const MOST_LANGUAGES: i64 = 30;
/// Most chapters of one file.
const MOST_CHAPTERS: usize = 500;

/// Puts captions in one language, from WebVTT or SubRip; what is stored is clean WebVTT.
///
/// # Errors
/// [`AssetError::BadCaptions`] naming the line.
pub async fn put_captions(
    content: &Content,
    caller: &Caller,
    asset: AssetId,
    language: &str,
    label: Option<&str>,
    bytes: &[u8],
) -> Result<Asset, AssetError> {
    let fault = |field, code| AssetError::Invalid(vec![Fault { field, code }]);
    let language = canonical_language(language).ok_or_else(|| fault("language", "bad-language"))?;
    let label = optional_line(label, 60).map_err(|code| fault("label", code))?;
    let read = captions::read(bytes).map_err(|error| AssetError::BadCaptions {
        code: error.code(),
        line: match error {
            captions::CaptionError::NoCues { first_problem } => first_problem,
            captions::CaptionError::TooManyCues { line } => Some(line),
            captions::CaptionError::TooLarge => None,
        },
    })?;
    let now = content.env.now();
    let mut tx = content.env.db.write().await?;
    authorise::<ManageAsset>(&mut tx, caller, asset).await?;
    let (present,): (i64,) = sql!("SELECT COUNT(*) FROM asset_caption WHERE asset_id = $1 AND language <> $2")
        .bind(asset)
        .bind(&language)
        .fetch_one(&mut tx)
        .await?;
    if present >= MOST_LANGUAGES {
        return Err(fault("language", "too-many"));
    }
    sql!(
        "INSERT INTO asset_caption (asset_id, language, label, vtt, plain_text, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (asset_id, language) DO UPDATE SET label = excluded.label, vtt = excluded.vtt,
           plain_text = excluded.plain_text, updated_at = excluded.updated_at"
    )
    .bind(asset)
    .bind(&language)
    .bind(label.unwrap_or_else(|| language.clone()))
    .bind(read.to_webvtt())
    .bind(read.plain_text())
    .bind(now)
    .execute(&mut tx)
    .await?;
    let shown = loading::load(&mut tx, asset).await?;
    record_lessons(&mut tx, content, asset).await?;
    tx.commit().await?;
    content.search.wake();
    Ok(shown)
}

/// Takes the captions of one language away.
///
/// # Errors
/// [`AssetError::Absent`].
pub async fn remove_captions(content: &Content, caller: &Caller, asset: AssetId, language: &str) -> Result<(), AssetError> {
    let mut tx = content.env.db.write().await?;
    authorise::<ManageAsset>(&mut tx, caller, asset).await?;
    let removed =
        sql!("DELETE FROM asset_caption WHERE asset_id = $1 AND language = $2").bind(asset).bind(language).execute(&mut tx).await?;
    if removed == 0 {
        return Err(AssetError::Absent);
    }
    record_lessons(&mut tx, content, asset).await?;
    tx.commit().await?;
    content.search.wake();
    Ok(())
}

/// Search shows captions with the lessons that use the file.
async fn record_lessons(tx: &mut WriteTx, content: &Content, asset: AssetId) -> Result<(), DbError> {
    let lessons: Vec<(Uuid,)> = sql!(
        "SELECT DISTINCT l.id FROM lesson_asset a JOIN lesson l ON l.id = a.lesson_id AND l.published_version = a.version
         WHERE a.asset_id = $1 LIMIT 10000"
    )
    .bind(asset)
    .fetch_all(tx)
    .await?;
    let ids: Vec<Uuid> = lessons.into_iter().map(|(id,)| id).collect();
    changes::record(tx, changes::EntityKind::Lesson, &ids, content.env.now()).await
}

/// Replaces the chapters; they are kept in order of time.
///
/// # Errors
/// [`AssetError::Invalid`].
pub async fn put_chapters(content: &Content, caller: &Caller, asset: AssetId, chapters: &[Chapter]) -> Result<Asset, AssetError> {
    let fault = |code| AssetError::Invalid(vec![Fault { field: "chapters", code }]);
    if chapters.len() > MOST_CHAPTERS {
        return Err(fault("too-many"));
    }
    let mut tidy = Vec::with_capacity(chapters.len());
    for chapter in chapters {
        let title = optional_line(Some(&chapter.title), 200).map_err(fault)?.ok_or_else(|| fault("missing"))?;
        if !(0..=i64::from(u32::MAX) * 1_000_000).contains(&chapter.start_us) {
            return Err(fault("bad-time"));
        }
        tidy.push(Chapter { start_us: chapter.start_us, title });
    }
    tidy.sort_by_key(|chapter| chapter.start_us);
    if tidy.windows(2).any(|pair| pair[0].start_us == pair[1].start_us) {
        return Err(fault("same-time"));
    }
    let text = serde_json::to_string(&tidy).map_err(DbError::from)?;
    let mut tx = content.env.db.write().await?;
    authorise::<ManageAsset>(&mut tx, caller, asset).await?;
    sql!("UPDATE asset SET chapters = $2, updated_at = $3 WHERE id = $1")
        .bind(asset)
        .bind(text)
        .bind(content.env.now())
        .execute(&mut tx)
        .await?;
    let shown = loading::load(&mut tx, asset).await?;
    tx.commit().await?;
    Ok(shown)
}
