//! Everything about video, audio and pictures, done in a child process with
//! limits.
//!
//! The parent ([`Child`]) starts `program media-child`, gives it one [`Task`]
//! and reads [`Event`]s; whatever a hostile file does to the child, the parent
//! only ever sees [`Event::Failed`] with a [`Reason`]. The child
//! ([`child_main`]) shuts itself in ([`enter_sandbox`]) before it looks at the
//! file.
//!
//! The ladder is made in **one pass**: the source is decoded once, each rung is
//! scaled from the next larger one, and all encoders advance together, segment
//! by segment. So the lowest rung's first segments are on disk after seconds of
//! work, however long the source (2 s for a 45-minute 720p lecture on two busy
//! processors). Measured against the ffmpeg command that scales each rung from
//! the source (24 s of 720p, processor time): one pass with the cascade 0.95,
//! the lowest rung and the sound first and the others after 1.14, over the
//! budget of 1.10 for decoding and scaling twice, and its first segment comes
//! hardly sooner. `benches/ladder.rs` keeps watch.
//!
//! Sound runs in its own thread with its own reader, so a badly interleaved
//! file delays neither. Loudness is normalised in one pass to −16 LUFS
//! (EBU R128 `loudnorm`); two passes would hit it more exactly and would have
//! to hear a whole lecture before its first segment.
//!
//! Absent here: storage, databases, HTTP, clocks. Files go into a folder that
//! the caller owns.

mod child;
mod failure;
mod fmp4;
mod h264;
mod ladder;
pub mod memory;
pub mod office;
mod parent;
mod picture;
pub mod playlist;
mod protocol;
mod publish;
mod sandbox;
pub mod storyboard;

pub use child::{Handler, child_main};
pub use parent::Child;
pub use playlist::{Completion, SegmentInfo, TrackInfo};
pub use protocol::{
    AudioInfo, Event, LadderSpec, Limits, OfficeSpec, OtherSpec, PictureSpec, Probe, RUNGS, Reason, Task, TrackKind, VideoInfo,
};
pub use sandbox::{SandboxError, enter_sandbox};
pub use storyboard::Sheet;
