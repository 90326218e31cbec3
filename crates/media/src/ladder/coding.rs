//! What is the same of every encoder, whatever it encodes.
#![allow(unsafe_code, reason = "the global header, which FFmpeg's wrapper hides")]

use ff::Packet;
use ff::codec::encoder::Encoder;
use ffmpeg_next as ff;

use super::track::is_waiting;
use crate::failure::Failure;

/// A copy of what an opened encoder says once about all its packets.
pub(super) fn global_header(encoder: &Encoder) -> Vec<u8> {
    // SAFETY: the header belongs to the open context, which the borrow keeps, and is copied.
    unsafe {
        let context = encoder.as_ptr();
        let length = usize::try_from((*context).extradata_size).unwrap_or(0);
        if (*context).extradata.is_null() { Vec::new() } else { std::slice::from_raw_parts((*context).extradata, length).to_vec() }
    }
}

/// Gives the encoder a frame, and `write` every packet that it then has.
pub(super) fn encode(encoder: &mut Encoder, frame: &ff::Frame, write: impl FnMut(&Packet) -> Result<(), Failure>) -> Result<(), Failure> {
    encoder.send_frame(frame).map_err(failed)?;
    collect(encoder, write)
}

/// Ends the encoder, and gives `write` what it still holds.
pub(super) fn end(encoder: &mut Encoder, write: impl FnMut(&Packet) -> Result<(), Failure>) -> Result<(), Failure> {
    encoder.send_eof().map_err(failed)?;
    collect(encoder, write)
}

fn collect(encoder: &mut Encoder, mut write: impl FnMut(&Packet) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut packet = Packet::empty();
    loop {
        match encoder.receive_packet(&mut packet) {
            Ok(()) => write(&packet)?,
            Err(error) if is_waiting(error) => return Ok(()),
            Err(error) => return Err(failed(error)),
        }
    }
}

fn failed(error: ff::Error) -> Failure {
    Failure::ffmpeg("encoding", error)
}
