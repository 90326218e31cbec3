//! One track on its way to disk: packets in, whole segments out.

use ffmpeg_next as ff;

use crate::failure::Failure;
use crate::fmp4::{self, Sample, Timing, Unit};
use crate::playlist::{TrackInfo, segment_name};
use crate::protocol::Event;
use crate::publish::Publisher;

/// A packet, in the track's ticks.
pub(crate) struct Coded<'a> {
    pub data: &'a [u8],
    pub shown: i64,
    pub decoded: i64,
    pub duration: u32,
    pub key: bool,
}

/// Gathers packets into segments and announces each when it is on disk.
pub(crate) struct TrackWriter<'a> {
    publisher: &'a Publisher,
    info: TrackInfo,
    timescale: u32,
    sequence: u64,
    units: Vec<Unit>,
    data: Vec<u8>,
    /// Decoding time of the segment's first unit.
    start: i64,
    ticks: u64,
    total_ticks: u64,
    total_bytes: u64,
    peak: u64,
}

impl<'a> TrackWriter<'a> {
    /// Announces the track and its initialisation segment.
    pub fn begin(publisher: &'a Publisher, info: TrackInfo, sample: &Sample, timing: Timing) -> Result<Self, Failure> {
        let file = format!("{}/init.mp4", info.track);
        publisher.file(&file, &fmp4::init(sample, timing))?;
        publisher.event(&info.clone().into_event())?;
        publisher.event(&Event::Init { track: info.track.clone(), file })?;
        Ok(Self {
            publisher,
            info,
            timescale: timing.timescale,
            sequence: 0,
            units: Vec::new(),
            data: Vec::new(),
            start: 0,
            ticks: 0,
            total_ticks: 0,
            total_bytes: 0,
            peak: 0,
        })
    }

    /// Adds a packet to the current segment.
    pub fn push(&mut self, packet: &Coded<'_>, fill: impl FnOnce(&[u8], &mut Vec<u8>)) {
        if self.units.is_empty() {
            self.start = packet.decoded;
        }
        let before = self.data.len();
        fill(packet.data, &mut self.data);
        self.units.push(Unit {
            size: u32::try_from(self.data.len() - before).unwrap_or(u32::MAX),
            duration: packet.duration,
            offset: i32::try_from(packet.shown - packet.decoded).unwrap_or(0),
            key: packet.key,
        });
        self.ticks += u64::from(packet.duration);
    }

    /// Writes and announces what was gathered, if anything.
    pub fn cut(&mut self) -> Result<(), Failure> {
        if self.units.is_empty() {
            return Ok(());
        }
        self.sequence += 1;
        let start = u64::try_from(self.start).unwrap_or(0);
        let bytes = fmp4::segment(self.sequence, start, &self.units, &self.data);
        let file = format!("{}/{}", self.info.track, segment_name(self.sequence));
        self.publisher.file(&file, &bytes)?;
        let length = bytes.len() as u64;
        // A last sliver's rate means nothing.
        if self.ticks * 2 >= u64::from(self.timescale) || self.peak == 0 {
            self.peak = self.peak.max(rate(length, self.ticks, self.timescale));
        }
        let duration_us = self.us(self.ticks);
        self.total_ticks += self.ticks;
        self.total_bytes += length;
        self.ticks = 0;
        self.units.clear();
        self.data.clear();
        self.publisher.event(&Event::Segment { track: self.info.track.clone(), file, sequence: self.sequence, duration_us, bytes: length })
    }

    /// The last segment, the measured rates, the end. Returns the track's
    /// length in microseconds.
    pub fn finish(mut self) -> Result<u64, Failure> {
        self.cut()?;
        self.info.bandwidth = self.peak;
        self.info.average_bandwidth = rate(self.total_bytes, self.total_ticks, self.timescale).min(self.peak);
        let duration = self.us(self.total_ticks);
        self.publisher.event(&self.info.clone().into_event())?;
        self.publisher.event(&Event::TrackDone { track: self.info.track })?;
        Ok(duration)
    }

    fn us(&self, ticks: u64) -> u64 {
        let us = u128::from(ticks) * 1_000_000 / u128::from(self.timescale.max(1));
        u64::try_from(us).unwrap_or(u64::MAX)
    }
}

fn rate(bytes: u64, ticks: u64, timescale: u32) -> u64 {
    let bits = u128::from(bytes) * 8 * u128::from(timescale) / u128::from(ticks.max(1));
    u64::try_from(bits).unwrap_or(u64::MAX)
}

/// Whether a `receive_*` or a sink merely has nothing yet, or nothing more.
pub(crate) fn is_waiting(error: ff::Error) -> bool {
    matches!(error, ff::Error::Eof | ff::Error::Other { errno: libc::EAGAIN })
}
