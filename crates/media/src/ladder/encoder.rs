//! One H.264 rung.
#![allow(unsafe_code, reason = "threads and reordering, which FFmpeg's wrapper hides")]

use ff::codec::{self, encoder};
use ff::{Dictionary, Packet, Rational, color, format, picture};
use ffmpeg_next as ff;

use super::coding;
use super::plan::Rung;
use super::track::{Coded, TrackWriter};
use crate::failure::Failure;
use crate::fmp4::{Sample, Timing};
use crate::h264;
use crate::playlist::{SEGMENT_SECONDS, TrackInfo};
use crate::protocol::{Reason, TrackKind};
use crate::publish::Publisher;

/// x264's speed against size; the next slower costs half again the time for a
/// tenth of the size, and a school's server has other work.
pub(crate) const PRESET: &str = "veryfast";
/// Constant quality; the caps of the rungs bound it.
pub(crate) const CRF: &str = "23";

/// An encoder and the track it fills.
pub(crate) struct RungEncoder<'a> {
    encoder: encoder::Video,
    packets: Packets<'a>,
    rate: (u32, u32),
    segment: Option<i64>,
}

/// Packets on their way into segments.
struct Packets<'a> {
    writer: TrackWriter<'a>,
    /// Ticks of the track to a frame.
    frame_ticks: u32,
    /// How far decoding runs ahead of showing, in frames.
    delay: i64,
}

impl<'a> RungEncoder<'a> {
    pub fn open(rung: &Rung, rate: (u32, u32), publisher: &'a Publisher) -> Result<Self, Failure> {
        let failed = |error| Failure::ffmpeg("encoder", error);
        let codec = encoder::find_by_name("libx264").ok_or_else(|| Failure::new(Reason::Internal, "this FFmpeg lacks libx264"))?;
        let mut video = codec::Context::new_with_codec(codec).encoder().video().map_err(failed)?;
        let signed = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let fps = Rational::new(signed(rate.0), signed(rate.1));
        video.set_width(rung.size.width);
        video.set_height(rung.size.height);
        video.set_format(format::Pixel::YUV420P);
        video.set_time_base(fps.invert());
        video.set_frame_rate(Some(fps));
        video.set_aspect_ratio(Rational::new(1, 1));
        video.set_colorspace(color::Space::BT709);
        video.set_color_primaries(color::Primaries::BT709);
        video.set_color_transfer_characteristic(color::TransferCharacteristic::BT709);
        video.set_color_range(color::Range::MPEG);
        video.set_flags(codec::Flags::GLOBAL_HEADER);
        // Never reached: a key frame is asked for each segment before that.
        let segment_frames = SEGMENT_SECONDS * u64::from(rate.0) / u64::from(rate.1);
        video.set_gop(u32::try_from(segment_frames + 8).unwrap_or(u32::MAX));
        video.set_max_bit_rate(usize::try_from(rung.max_rate).unwrap_or(usize::MAX));
        // SAFETY: plain fields of a context not opened yet.
        unsafe {
            let context = video.as_mut_ptr();
            // x264 is busiest with half again as many as processors.
            (*context).thread_count = super::threads() * 3 / 2;
            (*context).rc_buffer_size = i32::try_from(rung.max_rate * 3 / 2).unwrap_or(i32::MAX);
        }
        let mut options = Dictionary::new();
        options.set("preset", PRESET);
        options.set("crf", CRF);
        options.set("profile", rung.profile);
        options.set("forced-idr", "1");
        // Key frames only where all rungs have them.
        options.set("sc_threshold", "0");
        let encoder = video.open_with(options).map_err(failed)?;
        let found = h264::configuration(&coding::global_header(&encoder))
            .ok_or_else(|| Failure::new(Reason::Internal, "libx264 gave no parameter sets"))?;
        let sample = Sample::Video {
            width: u16::try_from(rung.size.width).unwrap_or(u16::MAX),
            height: u16::try_from(rung.size.height).unwrap_or(u16::MAX),
            avcc: found.avcc,
        };
        let info = TrackInfo {
            track: rung.track.clone(),
            kind: TrackKind::Video,
            width: rung.size.width,
            height: rung.size.height,
            bandwidth: rung.max_rate,
            average_bandwidth: rung.max_rate / 2,
            codecs: found.codecs,
            frame_rate: f64::from(rate.0) / f64::from(rate.1),
        };
        // A fine clock that a frame divides exactly.
        let multiple = 12_800_u32.div_ceil(rate.0).max(1);
        let timing = Timing {
            timescale: rate.0 * multiple,
            // libx264 announces its reordering so.
            delay: u32::try_from(unsafe { (*encoder.as_ptr()).has_b_frames }).unwrap_or(0) * rate.1 * multiple,
        };
        let writer = TrackWriter::begin(publisher, info, &sample, timing)?;
        let frame_ticks = rate.1 * multiple;
        let delay = i64::from(timing.delay / frame_ticks);
        Ok(Self { encoder, packets: Packets { writer, frame_ticks, delay }, rate, segment: None })
    }

    /// Encodes the frame shown at `index` frames. The first frame of each four
    /// seconds is a key frame, in every rung the same.
    pub fn push(&mut self, frame: &mut ff::frame::Video, index: i64) -> Result<(), Failure> {
        let segment = index * i64::from(self.rate.1) / (i64::from(self.rate.0) * SEGMENT_SECONDS.cast_signed());
        let first = self.segment != Some(segment);
        self.segment = Some(segment);
        frame.set_pts(Some(index));
        frame.set_kind(if first { picture::Type::I } else { picture::Type::None });
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
        let (Some(shown), Some(decoded), Some(data)) = (packet.pts(), packet.dts(), packet.data()) else {
            return Err(Failure::new(Reason::Internal, "libx264 gave a packet without a time"));
        };
        if packet.is_key() {
            self.writer.cut()?;
        }
        let ticks = i64::from(self.frame_ticks);
        let coded = Coded {
            data,
            shown: (shown + self.delay) * ticks,
            decoded: (decoded + self.delay) * ticks,
            duration: self.frame_ticks,
            key: packet.is_key(),
        };
        self.writer.push(&coded, h264::to_lengths);
        Ok(())
    }
}
