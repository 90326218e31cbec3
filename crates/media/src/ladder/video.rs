//! The picture: decoded once, filtered once, encoded in all rungs together.
#![allow(unsafe_code, reason = "rewrapping frames, and their best timestamp")]

use std::thread::{self, Scope};

use ff::Rational;
use ffmpeg_next as ff;

use super::decode::Stream;
use super::encoder::RungEncoder;
use super::graph::{self, Filters};
use super::lane::Lane;
use super::plan::{self, Rung};
use super::source::{Source, VideoStream};
use super::stills::Stills;
use crate::failure::Failure;
use crate::protocol::{Event, LadderSpec, Reason};
use crate::publish::Publisher;

/// Makes all rungs, poster and storyboard; returns the length in microseconds.
pub(crate) fn make(spec: &LadderSpec, source: &Source, video: &VideoStream, publisher: &Publisher) -> Result<u64, Failure> {
    let mut stream = Stream::open(&spec.source, video.index, &spec.limits)?;
    let rungs = plan::rungs(video.display, &spec.rungs);
    thread::scope(|scope| {
        let mut work = Work {
            time_base: stream.time_base,
            video,
            total_us: source.probe.duration_us,
            publisher,
            scope,
            filters: None,
            lanes: Vec::new(),
            stills: Stills::new(source.probe.duration_us, &rungs, publisher),
            rungs,
            announced: 0,
        };
        let drawn = draw(spec, source, &mut stream, &mut work);
        if drawn.is_err() {
            publisher.stop();
        }
        // Every lane is ended, whatever the others say.
        let ended: Vec<_> = work.lanes.drain(..).map(Lane::finish).collect();
        drawn?;
        let lengths = ended.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(lengths.into_iter().max().unwrap_or(0))
    })
}

/// Decodes and filters to the end, or until another thread fails.
fn draw(spec: &LadderSpec, source: &Source, stream: &mut Stream, work: &mut Work<'_, '_>) -> Result<(), Failure> {
    let (video, publisher) = (work.video, work.publisher);
    let start = rescale(source.start_us, Rational::new(1, 1_000_000), stream.time_base);
    let longest = i64::try_from(spec.limits.max_duration.as_micros()).unwrap_or(i64::MAX);
    let longest = rescale(longest, Rational::new(1, 1_000_000), stream.time_base);
    let frame_length = rescale(1, Rational::new(video.rate.1.cast_signed(), video.rate.0.cast_signed()), stream.time_base).max(1);
    let mut form = Form::default();
    let mut frame = ff::frame::Video::empty();
    let (mut end, mut last) = (0, None);
    while !publisher.is_stopped() && stream.next(&mut frame)? {
        let at = match frame.timestamp() {
            Some(at) => at.saturating_sub(start),
            None => end,
        };
        if at > longest {
            return Err(Failure::new(Reason::TooLong, "a picture lies beyond the longest duration"));
        }
        // Steps back in time (a joined recording) would be dropped by the
        // filters one by one; they follow on instead.
        let at = match last {
            Some(last) if at <= last && last - at > frame_length * 100 => end,
            _ => at,
        };
        frame.set_pts(Some(at));
        let own = frame_duration(&frame);
        end = at.saturating_add(if own > 0 { own } else { frame_length });
        last = Some(at);
        let shaped = form.keep(&mut frame)?;
        work.push(shaped)?;
    }
    if work.filters.is_none() {
        let reason = if source.looks_like_media { Reason::Damaged } else { Reason::NotMedia };
        return Err(Failure::new(reason, "no picture could be decoded"));
    }
    work.finish(end)
}

fn frame_duration(frame: &ff::frame::Video) -> i64 {
    unsafe { (*frame.as_ptr()).pkt_duration }
}

fn rescale(value: i64, from: Rational, to: Rational) -> i64 {
    use ff::mathematics::Rescale;
    value.rescale(from, to)
}

/// Keeps frames in the size and format of the first: the graph is built for
/// one, and some files change on the way.
#[derive(Default)]
struct Form {
    first: Option<(ff::format::Pixel, u32, u32)>,
    scaler: Option<ff::software::scaling::Context>,
    copy: Option<ff::frame::Video>,
}

impl Form {
    fn keep<'a>(&'a mut self, frame: &'a mut ff::frame::Video) -> Result<&'a mut ff::frame::Video, Failure> {
        let own = (frame.format(), frame.width(), frame.height());
        let (format, width, height) = *self.first.get_or_insert(own);
        if own == (format, width, height) {
            return Ok(frame);
        }
        let failed = |error| Failure::ffmpeg("rescaling", error);
        let flags = ff::software::scaling::Flags::BICUBIC;
        let scaler = match &mut self.scaler {
            Some(scaler) => {
                scaler.cached(own.0, own.1, own.2, format, width, height, flags);
                scaler
            }
            empty => empty.insert(ff::software::scaling::Context::get(own.0, own.1, own.2, format, width, height, flags).map_err(failed)?),
        };
        let mut copy = ff::frame::Video::new(format, width, height);
        scaler.run(frame, &mut copy).map_err(failed)?;
        copy.set_pts(frame.pts());
        Ok(self.copy.insert(copy))
    }
}

struct Work<'scope, 'a: 'scope> {
    time_base: Rational,
    video: &'a VideoStream,
    total_us: u64,
    publisher: &'a Publisher,
    scope: &'scope Scope<'scope, 'a>,
    filters: Option<Filters>,
    lanes: Vec<Lane<'scope>>,
    stills: Stills<'a>,
    rungs: Vec<Rung>,
    /// Seconds of progress told.
    announced: u64,
}

impl<'scope, 'a: 'scope> Work<'scope, 'a> {
    fn push(&mut self, frame: &ff::frame::Video) -> Result<(), Failure> {
        if self.filters.is_none() {
            self.filters = Some(graph::video(self.video, &self.rungs, frame, self.time_base)?);
            for rung in &self.rungs {
                let encoder = RungEncoder::open(rung, self.video.rate, self.publisher)?;
                self.lanes.push(Lane::start(self.scope, encoder, self.publisher));
            }
        }
        if let Some(filters) = &mut self.filters {
            filters.push(frame)?;
        }
        self.drain()
    }

    /// Takes what the filters have, one frame of each rung in turn, so that
    /// none of them piles up while another is emptied.
    fn drain(&mut self) -> Result<(), Failure> {
        let Some(filters) = &mut self.filters else {
            return Ok(());
        };
        let tick = Rational::new(self.video.rate.1.cast_signed(), self.video.rate.0.cast_signed());
        loop {
            let mut any = false;
            for (rung, lane) in self.lanes.iter().enumerate() {
                if self.publisher.is_stopped() {
                    return Ok(());
                }
                let mut frame = ff::frame::Video::empty();
                if !filters.pull(rung, &mut frame)? {
                    continue;
                }
                any = true;
                let index = rescale(frame.pts().unwrap_or(0), filters.time_base(rung), tick);
                self.stills.see(rung, &frame, index, self.video.rate)?;
                lane.push(frame, index);
                if rung == 0 {
                    let done_us = index.unsigned_abs() * 1_000_000 * u64::from(self.video.rate.1) / u64::from(self.video.rate.0);
                    if done_us / 1_000_000 > self.announced {
                        self.announced = done_us / 1_000_000;
                        let total_us = self.total_us.max(done_us);
                        self.publisher.event(&Event::Progress { done_us, total_us })?;
                    }
                }
            }
            if !any {
                return Ok(());
            }
        }
    }

    fn finish(&mut self, end: i64) -> Result<(), Failure> {
        if self.publisher.is_stopped() {
            return Ok(());
        }
        if let Some(filters) = &mut self.filters {
            filters.close(end)?;
        }
        self.drain()?;
        self.stills.finish()
    }
}
