//! A rung's encoder in its own thread, so that no rung waits for another.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use ffmpeg_next as ff;

use super::encoder::RungEncoder;
use crate::failure::Failure;
use crate::protocol::Reason;
use crate::publish::Publisher;

/// Frames that may wait for an encoder: enough to even out key frames, few
/// enough that 1080p costs 25 MB.
const WAITING: usize = 8;

/// Where a rung's frames go.
pub(crate) struct Lane<'scope> {
    frames: SyncSender<(ff::frame::Video, i64)>,
    thread: ScopedJoinHandle<'scope, Result<u64, Failure>>,
}

impl<'scope> Lane<'scope> {
    pub fn start(scope: &'scope Scope<'scope, '_>, mut encoder: RungEncoder<'scope>, publisher: &'scope Publisher) -> Self {
        let (frames, incoming) = sync_channel::<(ff::frame::Video, i64)>(WAITING);
        let thread = scope.spawn(move || {
            let encode = || {
                for (mut frame, index) in incoming {
                    if publisher.is_stopped() {
                        return Ok(0);
                    }
                    encoder.push(&mut frame, index)?;
                }
                // The frames also end where their maker failed.
                if publisher.is_stopped() { Ok(0) } else { encoder.finish() }
            };
            let made = encode();
            if made.is_err() {
                publisher.stop();
            }
            made
        });
        Self { frames, thread }
    }

    /// Hands over a frame, waiting for room. One nobody takes any more is
    /// dropped: [`Lane::finish`] says why.
    pub fn push(&self, frame: ff::frame::Video, index: i64) {
        let _ = self.frames.send((frame, index));
    }

    /// No more frames; the track's length in microseconds.
    pub fn finish(self) -> Result<u64, Failure> {
        drop(self.frames);
        self.thread.join().unwrap_or_else(|_| Err(Failure::new(Reason::Internal, "an encoder's thread panicked")))
    }
}
