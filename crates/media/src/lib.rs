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
//! scaled from the next larger one (a cascade costs less than scaling each from
//! the top), and all encoders advance together, segment by segment. So the
//! lowest rung's first segments are on disk after a few seconds of work, long
//! before anything is whole. Making the lowest rung first, alone, was measured
//! against it: it decodes and scales twice, which alone breaks the budget of
//! 1.10 of ffmpeg's time, and brings the first segment hardly sooner. Sound
//! runs in its own thread with its own reader, so a badly interleaved file
//! delays neither.
//!
//! Absent here: storage, databases, HTTP, clocks. Files go into a folder that
//! the caller owns.

mod child;
mod failure;
mod fmp4;
mod h264;
mod ladder;
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
    AudioInfo, Event, LadderSpec, Limits, OtherSpec, PictureSpec, Probe, RUNGS, Reason, Task,
    TrackKind, VideoInfo,
};
pub use sandbox::{SandboxError, enter_sandbox};
pub use storyboard::Sheet;
