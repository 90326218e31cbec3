//! Files as their owners know them, and what was made of them.

mod captions;
mod deletion;
mod file;
mod hls;
mod kind;
mod list;
mod loading;
mod view;

use db::DbError;
use identity::access::Denied;
use identity::fault::Fault;

pub use captions::{put_captions, put_chapters, remove_captions};
pub use deletion::{delete, retry};
pub use file::{
    FileTarget, PreviewSide, caption_file, file_target, picture_of, poster_target, preview_target, storyboard_sheet, storyboard_vtt,
};
pub use hls::{Stream, get_stream, is_stream_file, master_playlist, media_playlist};
pub use kind::{AssetKind, AssetState};
pub use list::{AssetFilter, AssetSort, list};
pub use loading::get;
pub(crate) use loading::of_lesson;
pub use view::{Asset, AssetFailure, AssetTrack, AssetUrls, AssetWarning, CaptionTrack, Chapter};

/// Why something about a file was refused.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
    /// A caption file cannot be read; with the line, where one is to blame.
    #[error("the captions cannot be read")]
    BadCaptions {
        /// What is wrong, stable.
        code: &'static str,
        /// From 1.
        line: Option<u32>,
    },
    /// Lessons still show it.
    #[error("used by lessons")]
    InUse {
        /// Their titles.
        lessons: Vec<String>,
    },
    /// There is nothing of that sort (yet).
    #[error("not there")]
    Absent,
    /// Only what failed can be tried again.
    #[error("it did not fail")]
    NotFailed,
}
