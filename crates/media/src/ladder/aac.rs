//! The AAC encoder and the one audio track.

use ff::codec::{self, encoder};
use ff::{ChannelLayout, Packet, Rational, format};
use ffmpeg_next as ff;

use super::coding;
use super::samples::tame;
use super::track::{Coded, TrackWriter};
use crate::failure::Failure;
use crate::fmp4::{Sample, Timing};
use crate::playlist::{SEGMENT_SECONDS, TrackInfo};
use crate::protocol::{Reason, TrackKind};
use crate::publish::Publisher;

const RATE: i32 = 48_000;
const FRAME: i64 = 1024;
/// Bits a second for each channel.
const CHANNEL_RATE: usize = 64_000;
/// The name of the one audio track, after its rate in stereo.
const TRACK: &str = "a128";

/// The encoder and the track it fills.
pub(super) struct AacEncoder<'a> {
    encoder: encoder::Audio,
    packets: Packets<'a>,
    pub channels: u32,
    /// Samples taken so far.
    pub samples: i64,
}

/// Packets on their way into segments.
struct Packets<'a> {
    writer: TrackWriter<'a>,
    segment: i64,
}

impl<'a> AacEncoder<'a> {
    pub fn open(channels: u32, publisher: &'a Publisher) -> Result<Self, Failure> {
        let failed = |error| Failure::ffmpeg("encoder", error);
        let codec = encoder::find_by_name("aac").ok_or_else(|| Failure::new(Reason::Internal, "this FFmpeg lacks AAC"))?;
        let mut audio = codec::Context::new_with_codec(codec).encoder().audio().map_err(failed)?;
        let bit_rate = CHANNEL_RATE * channels as usize;
        audio.set_rate(RATE);
        audio.set_format(format::Sample::F32(format::sample::Type::Planar));
        audio.set_channel_layout(ChannelLayout::default(channels.cast_signed()));
        audio.set_channels(channels.cast_signed());
        audio.set_time_base(Rational::new(1, RATE));
        audio.set_bit_rate(bit_rate);
        audio.set_flags(codec::Flags::GLOBAL_HEADER);
        let encoder = audio.open().map_err(failed)?;
        let info = TrackInfo {
            track: TRACK.to_owned(),
            kind: TrackKind::Audio,
            width: 0,
            height: 0,
            bandwidth: bit_rate as u64 * 11 / 10,
            average_bandwidth: bit_rate as u64,
            codecs: "mp4a.40.2".to_owned(),
            frame_rate: 0.0,
        };
        let sample = Sample::Audio {
            channels: u16::try_from(channels).unwrap_or(2),
            rate: RATE.unsigned_abs(),
            config: coding::global_header(&encoder),
            bit_rate: u32::try_from(bit_rate).unwrap_or(0),
        };
        let timing = Timing { timescale: RATE.unsigned_abs(), delay: 0 };
        let writer = TrackWriter::begin(publisher, info, &sample, timing)?;
        Ok(Self { encoder, packets: Packets { writer, segment: 0 }, channels, samples: 0 })
    }

    /// Encodes samples that follow those before.
    pub fn push(&mut self, frame: &mut ff::frame::Audio) -> Result<(), Failure> {
        tame(frame);
        frame.set_pts(Some(self.samples));
        self.samples += i64::try_from(frame.samples()).unwrap_or(FRAME);
        coding::encode(&mut self.encoder, frame, |packet| self.packets.write(packet))
    }

    /// Empties the encoder and ends the track; returns its microseconds.
    pub fn finish(mut self) -> Result<u64, Failure> {
        coding::end(&mut self.encoder, |packet| self.packets.write(packet))?;
        self.packets.writer.finish()
    }
}

impl Packets<'_> {
    fn write(&mut self, packet: &Packet) -> Result<(), Failure> {
        let (Some(at), Some(data)) = (packet.pts(), packet.data()) else {
            return Err(Failure::new(Reason::Internal, "AAC gave a packet without a time"));
        };
        // The encoder's run-up before time 0 is left out rather than hidden by
        // an edit list, which not every player honours: the first 21 ms fade
        // in, and sound and picture start together.
        if at < 0 {
            return Ok(());
        }
        let segment = at / (i64::from(RATE) * SEGMENT_SECONDS.cast_signed());
        if segment != self.segment {
            self.segment = segment;
            self.writer.cut()?;
        }
        let coded = Coded { data, shown: at, decoded: at, duration: 1024, key: true };
        self.writer.push(&coded, |data, into| into.extend_from_slice(data));
        Ok(())
    }
}
