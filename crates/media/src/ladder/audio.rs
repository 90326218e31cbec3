//! The sound: one AAC track of even loudness.
#![allow(unsafe_code, reason = "the global header and channel count of raw contexts")]

use ff::codec::{self, encoder};
use ff::{ChannelLayout, Packet, Rational, format};
use ffmpeg_next as ff;

use super::decode::Stream;
use super::graph::{self, Filters};
use super::samples::{silence_like, tame};
use super::source::Source;
use super::track::{Coded, TrackWriter, is_waiting};
use crate::failure::Failure;
use crate::fmp4::{Sample, Timing};
use crate::playlist::{SEGMENT_SECONDS, TrackInfo};
use crate::protocol::{Event, LadderSpec, Reason, TrackKind};
use crate::publish::Publisher;

/// A step in time that is no mere jitter, in microseconds.
const LEAP_US: i64 = 5_000_000;

const RATE: i32 = 48_000;
const FRAME: i64 = 1024;
/// Bits a second for each channel.
const CHANNEL_RATE: usize = 64_000;
/// The name of the one audio track, after its rate in stereo.
const TRACK: &str = "a128";

/// Makes the audio track; returns its length in microseconds, 0 where nothing
/// could be decoded.
pub(crate) fn make(spec: &LadderSpec, source: &Source, index: usize, publisher: &Publisher) -> Result<u64, Failure> {
    let mut stream = Stream::open(&spec.source, index, &spec.limits)?;
    let alone = source.video.is_none();
    let mut work =
        Work { publisher, filters: None, form: None, encoder: None, announced: alone.then_some(0), total_us: source.probe.duration_us };
    let longest = i64::try_from(spec.limits.max_duration.as_micros()).unwrap_or(i64::MAX);
    let mut frame = ff::frame::Audio::empty();
    let mut end_us = 0;
    while !publisher.is_stopped() && stream.next(&mut frame)? {
        let rate = i64::from(frame.rate().max(1));
        let us = Rational::new(1, 1_000_000);
        let at_us = match frame.timestamp() {
            Some(at) => rescale(at, stream.time_base, us).saturating_sub(source.start_us),
            None => end_us,
        };
        if at_us > longest {
            return Err(Failure::new(Reason::TooLong, "sound lies beyond the longest duration"));
        }
        // Steps back in time (a joined recording) would be cut away by the
        // filters; they follow on instead, as the picture does.
        let at_us = if at_us < end_us - LEAP_US { end_us } else { at_us };
        // A long silence is made in small pieces: the filters would make it in one.
        while at_us > end_us + LEAP_US && !publisher.is_stopped() {
            let mut silence = silence_like(&frame);
            silence.set_pts(Some(end_us * rate / 1_000_000));
            work.push(&mut silence)?;
            end_us += 1_000_000;
        }
        frame.set_pts(Some(at_us * rate / 1_000_000));
        end_us = at_us + i64::try_from(frame.samples()).unwrap_or(0) * 1_000_000 / rate;
        work.push(&mut frame)?;
    }
    work.finish()
}

fn rescale(value: i64, from: Rational, to: Rational) -> i64 {
    use ff::mathematics::Rescale;
    value.rescale(from, to)
}

struct Work<'a> {
    publisher: &'a Publisher,
    filters: Option<Filters>,
    /// Format, rate and channels the filters were built for.
    form: Option<(format::Sample, u32, u64)>,
    encoder: Option<AudioEncoder<'a>>,
    /// Seconds of progress told, where no picture tells it.
    announced: Option<u64>,
    total_us: u64,
}

impl Work<'_> {
    fn push(&mut self, frame: &mut ff::frame::Audio) -> Result<(), Failure> {
        if frame.channel_layout().bits() == 0 {
            let channels = i32::from(frame.channels().max(1));
            frame.set_channel_layout(ChannelLayout::default(channels));
        }
        let form = (frame.format(), frame.rate(), frame.channel_layout().bits());
        if self.form.is_some_and(|built| built != form) {
            // Some files change on the way: a new graph goes on where the old
            // one ends, as frames carry their times.
            self.close()?;
        }
        if self.filters.is_none() {
            let channels = match &self.encoder {
                Some(encoder) => encoder.channels,
                None if frame.channels() == 1 => 1,
                None => 2,
            };
            let start = self.encoder.as_ref().map_or(0, |encoder| encoder.samples);
            self.filters = Some(graph::audio(frame, channels, start)?);
            self.form = Some(form);
            if self.encoder.is_none() {
                self.encoder = Some(AudioEncoder::open(channels, self.publisher)?);
            }
        }
        tame(frame);
        if let Some(filters) = &mut self.filters {
            filters.push(frame)?;
        }
        self.drain()
    }

    fn drain(&mut self) -> Result<(), Failure> {
        let (Some(filters), Some(encoder)) = (&mut self.filters, &mut self.encoder) else {
            return Ok(());
        };
        let mut frame = ff::frame::Audio::empty();
        while !self.publisher.is_stopped() && filters.pull(0, &mut frame)? {
            encoder.push(&mut frame)?;
            if let Some(announced) = &mut self.announced {
                let done_us = encoder.samples.unsigned_abs() * 1_000_000 / 48_000;
                if done_us / 4_000_000 > *announced {
                    *announced = done_us / 4_000_000;
                    let total_us = self.total_us.max(done_us);
                    self.publisher.event(&Event::Progress { done_us, total_us })?;
                }
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Failure> {
        if let Some(filters) = &mut self.filters {
            filters.close(i64::MAX)?;
        }
        self.drain()?;
        self.filters = None;
        self.form = None;
        Ok(())
    }

    fn finish(mut self) -> Result<u64, Failure> {
        if self.publisher.is_stopped() {
            return Ok(0);
        }
        self.close()?;
        match self.encoder {
            Some(encoder) => encoder.finish(),
            None => Ok(0),
        }
    }
}

struct AudioEncoder<'a> {
    encoder: encoder::Audio,
    writer: TrackWriter<'a>,
    channels: u32,
    samples: i64,
    segment: i64,
}

impl<'a> AudioEncoder<'a> {
    fn open(channels: u32, publisher: &'a Publisher) -> Result<Self, Failure> {
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
        // SAFETY: the header belongs to the open context and is copied.
        let config = unsafe {
            let context = encoder.as_ptr();
            let length = usize::try_from((*context).extradata_size).unwrap_or(0);
            if (*context).extradata.is_null() {
                Vec::new()
            } else {
                std::slice::from_raw_parts((*context).extradata, length.min(64)).to_vec()
            }
        };
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
            config,
            bit_rate: u32::try_from(bit_rate).unwrap_or(0),
        };
        let timing = Timing { timescale: RATE.unsigned_abs(), delay: 0 };
        let writer = TrackWriter::begin(publisher, info, &sample, timing)?;
        Ok(Self { encoder, writer, channels, samples: 0, segment: 0 })
    }

    fn push(&mut self, frame: &mut ff::frame::Audio) -> Result<(), Failure> {
        tame(frame);
        frame.set_pts(Some(self.samples));
        self.samples += i64::try_from(frame.samples()).unwrap_or(FRAME);
        self.encoder.send_frame(frame).map_err(|error| Failure::ffmpeg("encoding", error))?;
        self.collect()
    }

    fn collect(&mut self) -> Result<(), Failure> {
        let mut packet = Packet::empty();
        loop {
            match self.encoder.receive_packet(&mut packet) {
                Ok(()) => self.write(&packet)?,
                Err(error) if is_waiting(error) => return Ok(()),
                Err(error) => return Err(Failure::ffmpeg("encoding", error)),
            }
        }
    }

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

    fn finish(mut self) -> Result<u64, Failure> {
        self.encoder.send_eof().map_err(|error| Failure::ffmpeg("encoding", error))?;
        self.collect()?;
        self.writer.finish()
    }
}
