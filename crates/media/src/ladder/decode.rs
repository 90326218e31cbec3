//! Reading one stream of a file and decoding it, for as long as anything comes.
#![allow(unsafe_code, reason = "decoder fields FFmpeg's wrapper does not show")]

use std::path::Path;

use ff::codec::{self, decoder};
use ff::format::context::Input;
use ff::{Packet, Rational};
use ffmpeg_next as ff;

use super::source;
use super::track::is_waiting;
use crate::failure::Failure;
use crate::protocol::{Limits, Reason};

/// Read errors in a row after which the rest of a file is given up.
const PATIENCE: u32 = 50;

/// A decoder with its own reader on the file.
pub(crate) struct Stream {
    input: Input,
    pub decoder: decoder::Opened,
    pub time_base: Rational,
    index: usize,
    packet: Packet,
    ended: bool,
}

impl Stream {
    /// Opens the file again for this stream alone; other streams are skipped.
    pub fn open(path: &Path, index: usize, limits: &Limits) -> Result<Self, Failure> {
        // Parameters a decoder won't start with are the file's fault.
        let failed = |error| {
            let Failure { reason, detail } = Failure::ffmpeg("decoder", error);
            let ours = reason == Reason::Internal;
            Failure::new(if ours { Reason::UnsupportedCodec } else { reason }, detail)
        };
        let mut input = source::open(path).map_err(failed)?;
        let gone = || Failure::new(Reason::Damaged, "a stream vanished");
        for mut stream in input.streams_mut() {
            if stream.index() != index {
                // SAFETY: a plain field, changed before reading.
                unsafe { (*stream.as_mut_ptr()).discard = ff::ffi::AVDiscard::AVDISCARD_ALL };
            }
        }
        let stream = input.stream(index).ok_or_else(gone)?;
        let time_base = stream.time_base();
        let parameters = stream.parameters();
        let mut context = codec::Context::from_parameters(parameters).map_err(failed)?;
        // SAFETY: plain fields of a context not opened yet.
        unsafe {
            let raw = context.as_mut_ptr();
            (*raw).thread_count = super::threads();
            (*raw).max_pixels = i64::try_from(limits.max_pixels).unwrap_or(i64::MAX);
            (*raw).pkt_timebase = time_base.into();
        }
        let decoder = context.decoder();
        let codec = decoder::find(decoder.id())
            .ok_or_else(|| Failure::new(Reason::UnsupportedCodec, format!("no decoder for {:?}", decoder.id())))?;
        let decoder = decoder.open_as(codec).map_err(failed)?;
        Ok(Self { input, decoder, time_base, index, packet: Packet::empty(), ended: false })
    }

    /// The next decoded frame; false at the end of what can be had. Damaged
    /// packets are skipped.
    pub fn next(&mut self, frame: &mut ff::Frame) -> Result<bool, Failure> {
        loop {
            match self.decoder.receive_frame(frame) {
                Ok(()) => return Ok(true),
                Err(ff::Error::Eof) => return Ok(false),
                Err(error) if is_waiting(error) => {
                    if self.ended {
                        return Ok(false);
                    }
                    self.feed()?;
                }
                Err(ff::Error::Other { errno: libc::ENOMEM }) => return Err(starved()),
                // The broken picture is skipped; a decoder that is done says Eof.
                Err(_) if self.ended => return Ok(false),
                Err(_) => self.feed()?,
            }
        }
    }

    fn feed(&mut self) -> Result<(), Failure> {
        let mut failures = 0;
        loop {
            // Reading does not free what the packet held: a packet read into again and again keeps the whole film.
            self.packet = Packet::empty();
            match self.packet.read(&mut self.input) {
                Ok(()) if self.packet.stream() != self.index => {}
                Ok(()) if needs_key(&self.packet) => {
                    return Err(Failure::new(Reason::Encrypted, "a stream needs a key"));
                }
                Ok(()) => match self.decoder.send_packet(&self.packet) {
                    Err(ff::Error::Other { errno: libc::ENOMEM }) => return Err(starved()),
                    // Anything else concerns this packet alone.
                    Ok(()) | Err(_) => return Ok(()),
                },
                Err(ff::Error::Other { errno: libc::ENOMEM }) => return Err(starved()),
                Err(error) => {
                    failures += 1;
                    if error == ff::Error::Eof || failures > PATIENCE {
                        self.ended = true;
                        let _ = self.decoder.send_eof();
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// MP4 files with Common Encryption say so packet by packet.
fn needs_key(packet: &Packet) -> bool {
    packet.side_data().any(|data| data.kind() == codec::packet::side_data::Type::EncryptionInfo)
}

fn starved() -> Failure {
    Failure::new(Reason::OutOfMemory, "decoding ran out of memory")
}
