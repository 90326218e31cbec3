//! Lessons: drafts that are saved as they are written, and immutable published versions.

mod compare;
mod drafts;
mod editors;
mod list;
mod meta;
mod publish;
mod rows;
mod versions;

use db::DbError;
use identity::access::Denied;
use identity::fault::Fault;
use kernel::{AssetId, LessonId, OrganisationId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use compare::{BlockChange, ChangeKind, Comparison, MetaChange, compare};
pub use drafts::{DraftInput, SavedDraft, create, get_draft, save};
pub use editors::{LessonEditor, LessonEditors, add_editor, list_candidates, list_editors, remove_editor};
pub use list::{LessonFilter, list_editable};
pub use meta::LessonMeta;
pub(crate) use publish::{PublishedVersion, insert_version};
pub use publish::{delete, publish, withdraw};
pub(crate) use rows::{RowSource, lesson_rows};
pub use versions::{get_lesson, get_version, list_versions, restore};

use crate::assets::Asset;
use crate::doc::DocError;

/// Why something about a lesson was refused.
#[derive(Debug, thiserror::Error)]
pub enum LessonError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("fields are wrong")]
    Invalid(Vec<Fault>),
    /// The text is no document or too long.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// Somebody, or another window, saved in between.
    #[error("the draft is at revision {revision}")]
    NewerDraft {
        /// The revision the server has.
        revision: i64,
    },
    /// It was published once and can only be withdrawn.
    #[error("a lesson that was published cannot be deleted")]
    Published,
    /// There is no such version.
    #[error("no such version")]
    NoVersion,
    /// Who made a lesson stays among those who write it.
    #[error("who made a lesson stays among its editors")]
    CreatorStays,
}

/// An organisation as shown beside something of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrgRef)]
pub struct OrganisationRef {
    /// Which.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: kernel::OrganisationKind,
    /// Its code.
    pub code: Option<String>,
}

/// A person as shown beside something of hers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonRef {
    /// Who.
    pub id: PersonId,
    /// Her name.
    pub display_name: String,
}

/// Where a lesson stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LessonState {
    /// Never published.
    Draft,
    /// Published as it is.
    Published,
    /// Published, and changed since.
    Changed,
    /// Taken out of the library.
    Withdrawn,
}

/// What a lesson is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MaterialKind {
    /// Video.
    Video,
    /// Sound.
    Audio,
    /// PDF.
    Pdf,
    /// A picture.
    Picture,
    /// An Office file.
    Office,
    /// Text alone.
    Text,
}

/// A lesson in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LessonRow {
    /// Which.
    pub id: LessonId,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: Option<String>,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// BCP 47.
    pub language: String,
    /// Where it stands.
    pub state: LessonState,
    /// A picture for its card.
    pub cover_url: Option<String>,
    /// Length of its videos and sounds together, in microseconds.
    pub duration_us: Option<i64>,
    /// Whose it is.
    pub organisation: OrganisationRef,
    /// Names.
    pub authors: Vec<String>,
    /// When it was last saved.
    pub updated_at: Timestamp,
    /// When it was last published.
    pub published_at: Option<Timestamp>,
    /// What it is made of.
    pub kinds: Vec<MaterialKind>,
}

/// A lesson being written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LessonDraft {
    /// Which.
    pub id: LessonId,
    /// Whose.
    pub organisation: OrganisationRef,
    /// Where it stands.
    pub state: LessonState,
    /// Counts saves; a save names the one it changes.
    pub revision: i64,
    /// About it.
    pub meta: LessonMeta,
    /// Its text as ProseMirror JSON.
    #[schema(value_type = Object)]
    pub doc: serde_json::Value,
    /// Every file it refers to.
    pub assets: Vec<Asset>,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The published version, if any.
    pub version: Option<i64>,
    /// Whether the caller may publish it.
    pub can_publish: bool,
}

/// A published version.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Lesson {
    /// Which.
    pub id: LessonId,
    /// Whose.
    pub organisation: OrganisationRef,
    /// Where it stands.
    pub state: LessonState,
    /// From 1.
    pub version: i64,
    /// When.
    pub published_at: Timestamp,
    /// About it.
    pub meta: LessonMeta,
    /// Its text as ProseMirror JSON.
    #[schema(value_type = Object)]
    pub doc: serde_json::Value,
    /// Every file it refers to.
    pub assets: Vec<Asset>,
    /// Whether the caller may change it.
    pub can_edit: bool,
    /// Whether the caller may see who watched it.
    pub can_see_watchers: bool,
}

/// One entry of a lesson's history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LessonVersion {
    /// From 1.
    pub version: i64,
    /// When.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: PersonRef,
    /// What she wrote about the change.
    pub note: Option<String>,
    /// Its title then.
    pub title: String,
}

/// The covers and files a lesson refers to.
pub(crate) fn referenced(meta: &LessonMeta, doc: &crate::doc::Doc) -> std::collections::BTreeSet<AssetId> {
    let mut all = doc.assets();
    all.extend(meta.cover_asset_id);
    all
}
