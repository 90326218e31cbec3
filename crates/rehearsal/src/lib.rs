//! A rehearsal: as many synthetic pupils as wanted sit a test over real HTTP, each with a connection and a
//! clock of its own, and what they see is measured. Nothing here knows the server from inside.
//!
//! Times are measured from the moment a pupil meant to ask, not from when the machine got round to it: a
//! server that stops for a second is slow for all who came in that second.

mod machine;
mod measure;
mod paper;
mod play;
mod pupil;
mod verdict;
mod wire;

pub use machine::{Machine, raise_file_limit, ticks_of};
pub use measure::{Measured, Phase};
pub use play::{Plan, Report, Step, play};
pub use pupil::{Choose, Entry, Papers, Pupil, PupilError};
pub use verdict::{Bend, Part, SAVE_WITHIN, Shortage, Verdict};
pub use wire::{Line, Lost};
