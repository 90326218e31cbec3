use kernel::{AssetId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AssetKind, AssetState};
use crate::lessons::PersonRef;

/// A file as shown to those who may read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Asset {
    /// Which.
    pub id: AssetId,
    /// Whose space it takes.
    pub organisation_id: OrganisationId,
    /// Who uploaded it.
    pub owner: PersonRef,
    /// As it was called.
    pub filename: String,
    /// In bytes.
    pub size: i64,
    /// Media type, once known.
    pub mime: Option<String>,
    /// What it is.
    pub kind: AssetKind,
    /// How far it is.
    pub state: AssetState,
    /// Why it cannot be used.
    pub failure: Option<AssetFailure>,
    /// What its owner should know though it can be used.
    pub warning: Option<AssetWarning>,
    /// 0 to 1.
    pub progress: f64,
    /// Whether a player can start.
    pub playable: bool,
    /// In microseconds.
    pub duration_us: Option<i64>,
    /// In pixels.
    pub width: Option<i64>,
    /// In pixels.
    pub height: Option<i64>,
    /// Qualities made so far.
    pub tracks: Vec<AssetTrack>,
    /// Whether there is a still to show before playing.
    pub poster: bool,
    /// Languages there are captions in.
    pub captions: Vec<CaptionTrack>,
    /// Named places.
    pub chapters: Vec<Chapter>,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// Where its parts are.
    pub urls: AssetUrls,
}

/// Why a file cannot be used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssetFailure {
    /// The message's key is `asset_failure.<code>`.
    pub code: String,
    /// More, where it helps.
    pub detail: Option<String>,
}

/// What is wrong with a file that can be used all the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssetWarning {
    /// The message's key is `asset_warning.<code>`: `cut_short` when the end of a film is missing.
    pub code: String,
    /// Microseconds that can be played, of a film that was cut.
    pub playable_us: Option<i64>,
    /// Microseconds the file says it has, where it does.
    pub declared_us: Option<i64>,
}

/// One quality of a video, or its sound.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssetTrack {
    /// Such as `v720`.
    pub id: String,
    /// `video` or `audio`.
    pub kind: String,
    /// In pixels, of a video.
    pub height: Option<i64>,
    /// Whether it is whole.
    pub done: bool,
}

/// Captions in one language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaptionTrack {
    /// BCP 47.
    pub language: String,
    /// As shown in the menu.
    pub label: String,
    /// WebVTT.
    pub url: String,
}

/// A named place in a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chapter {
    /// In microseconds.
    pub start_us: i64,
    /// Its name.
    pub title: String,
}

/// Where the parts of a file are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssetUrls {
    /// The file as uploaded.
    pub file: String,
    /// The master playlist.
    pub hls: Option<String>,
    /// The still.
    pub poster: Option<String>,
    /// Thumbnails for the seek bar.
    pub storyboard: Option<String>,
    /// A picture in a size for the page; add `?width=`.
    pub preview: Option<String>,
}
