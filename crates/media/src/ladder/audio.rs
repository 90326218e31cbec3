//! The sound: one AAC track of even loudness.

use ff::{ChannelLayout, Rational, format};
use ffmpeg_next as ff;

use super::aac::AacEncoder;
use super::decode::Stream;
use super::graph::{self, Filters};
use super::samples::{silence_like, tame};
use super::source::Source;
use crate::failure::Failure;
use crate::protocol::{Event, LadderSpec, Reason};
use crate::publish::Publisher;

/// A step in time that is no mere jitter, in microseconds.
const LEAP_US: i64 = 5_000_000;

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
    encoder: Option<AacEncoder<'a>>,
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
                self.encoder = Some(AacEncoder::open(channels, self.publisher)?);
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
