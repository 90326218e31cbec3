//! The filters between decoder and encoders.
#![allow(unsafe_code, reason = "rewrapping a video or audio frame as the plain frame it is")]

use ff::{Rational, filter};
use ffmpeg_next as ff;

use super::plan::{Rung, Size};
use super::source::{Turn, VideoStream};
use super::track::is_waiting;
use crate::failure::Failure;
use crate::protocol::Reason;

/// A running filter graph with one way in.
pub(crate) struct Filters {
    // Contexts point into the graph, which frees them.
    source: filter::Context,
    sinks: Vec<filter::Context>,
    _graph: filter::Graph,
}

impl Filters {
    /// Builds a graph of `buffer` (or `abuffer`) with `arguments`, `chain` from
    /// `[in]` to `[o0]`, `[o1]` …, and as many sinks.
    pub fn new(kind: (&str, &str), arguments: &str, chain: &str, outputs: usize) -> Result<Self, Failure> {
        let failed = |error| Failure::ffmpeg("filters", error);
        let missing = || Failure::new(Reason::Internal, "this FFmpeg lacks a filter");
        let (source, sink) = kind;
        let source = filter::find(source).ok_or_else(missing)?;
        let sink = filter::find(sink).ok_or_else(missing)?;
        let mut graph = filter::Graph::new();
        // SAFETY: a plain field of a graph without filters yet.
        unsafe { (*graph.as_mut_ptr()).nb_threads = super::threads() };
        let source = graph.add(&source, "in", arguments).map_err(failed)?;
        let names: Vec<String> = (0..outputs).map(|index| format!("o{index}")).collect();
        let mut sinks = Vec::with_capacity(outputs);
        for name in &names {
            sinks.push(graph.add(&sink, name, "").map_err(failed)?);
        }
        let mut parser = graph.output("in", 0).map_err(failed)?;
        for name in &names {
            parser = parser.input(name, 0).map_err(failed)?;
        }
        parser.parse(chain).map_err(failed)?;
        graph.validate().map_err(failed)?;
        Ok(Self { source, sinks, _graph: graph })
    }

    pub fn push(&mut self, frame: &ff::Frame) -> Result<(), Failure> {
        self.source.source().add(frame).map_err(|error| Failure::ffmpeg("filtering", error))
    }

    /// No more frames; the last one lasts until `end` (in the source's ticks).
    pub fn close(&mut self, end: i64) -> Result<(), Failure> {
        self.source.source().close(end).map_err(|error| Failure::ffmpeg("filtering", error))
    }

    /// One frame from a sink, if it has one.
    pub fn pull(&mut self, sink: usize, frame: &mut ff::Frame) -> Result<bool, Failure> {
        match self.sinks[sink].sink().frame(frame) {
            Ok(()) => Ok(true),
            Err(error) if is_waiting(error) => Ok(false),
            Err(error) => Err(Failure::ffmpeg("filtering", error)),
        }
    }

    pub fn time_base(&mut self, sink: usize) -> Rational {
        self.sinks[sink].sink().time_base()
    }
}

/// The video graph for a stream whose first decoded frame is `first`; output
/// `o0` is the smallest rung.
pub(crate) fn video(stream: &VideoStream, rungs: &[Rung], first: &ff::frame::Video, time_base: Rational) -> Result<Filters, Failure> {
    let aspect = first.aspect_ratio();
    let arguments = format!(
        "video_size={}x{}:pix_fmt={}:time_base={}/{}:pixel_aspect={}/{}:frame_rate={}/{}",
        first.width(),
        first.height(),
        unsafe { (*first.as_ptr()).format },
        time_base.numerator(),
        time_base.denominator(),
        aspect.numerator().max(0),
        aspect.denominator().max(1),
        stream.rate.0,
        stream.rate.1,
    );
    let build = |stream: &VideoStream| {
        let chain = chain(stream, rungs, first);
        Filters::new(("buffer", "buffersink"), &arguments, &chain, rungs.len())
    };
    match build(stream) {
        // Colours that claim to be HDR and fit no known conversion: flat is
        // better than nothing.
        Err(_) if stream.hdr => build(&VideoStream { hdr: false, ..stream.clone() }),
        built => built,
    }
}

/// Deinterlacing, constant rate, the largest rung's size and colour, upright,
/// then each rung scaled from the next larger.
fn chain(stream: &VideoStream, rungs: &[Rung], first: &ff::frame::Video) -> String {
    let mut steps = Vec::new();
    if stream.interlaced || first.is_interlaced() {
        steps.push("bwdif=mode=send_frame:deint=interlaced".to_owned());
    }
    steps.push(format!("fps=fps={}/{}:start_time=0", stream.rate.0, stream.rate.1));
    let top = rungs.last().map_or(stream.display, |rung| rung.size);
    // Scaled first, turned after: fewer pixels to turn.
    let lying = if stream.turn.degrees % 180 == 90 { top.turned() } else { top };
    steps.push(to_sdr(stream, first, lying));
    steps.extend(turning(stream.turn).map(str::to_owned));
    steps.push("setsar=1".to_owned());

    let mut chain = format!("[in]{}", steps.join(","));
    for (index, rung) in rungs.iter().enumerate().rev() {
        if index + 1 < rungs.len() {
            chain.push_str(&format!("[s{index}]scale={}:{}:flags=bicubic", rung.size.width, rung.size.height));
        }
        if index == 0 {
            chain.push_str("[o0]");
        } else {
            chain.push_str(&format!(",split=2[o{index}][s{}];", index - 1));
        }
    }
    chain
}

/// Scales to `size` as 8-bit 4:2:0 in limited-range BT.709, tone-mapping HDR.
fn to_sdr(stream: &VideoStream, first: &ff::frame::Video, size: Size) -> String {
    use ff::color::{Primaries, Range, Space, TransferCharacteristic as Transfer};
    let Size { width, height } = size;
    if stream.hdr {
        let transfer = match first.color_transfer_characteristic() {
            Transfer::ARIB_STD_B67 => "arib-std-b67",
            _ => "smpte2084",
        };
        let primaries = match first.color_primaries() {
            Primaries::SMPTE432 => "smpte432",
            Primaries::BT709 => "bt709",
            _ => "bt2020",
        };
        let range = if first.color_range() == Range::JPEG { "full" } else { "limited" };
        return format!(
            "zscale=w={width}:h={height}:f=bicubic:tin={transfer}:pin={primaries}:min=2020_ncl:rin={range}:t=linear:npl=100,\
format=gbrpf32le,zscale=pin={primaries}:tin=linear:p=709,tonemap=hable:desat=0,\
zscale=tin=linear:pin=709:t=709:m=709:r=limited,format=yuv420p"
        );
    }
    // Untagged video is BT.709 where it is large and BT.601 where it is not.
    let matrix = match first.color_space() {
        Space::BT709 => "bt709",
        Space::Unspecified | Space::Reserved if first.height() >= 720 => "bt709",
        Space::BT2020NCL | Space::BT2020CL => "bt2020",
        Space::FCC => "fcc",
        Space::SMPTE240M => "smpte240m",
        _ => "bt601",
    };
    let rgb = matches!(first.color_space(), Space::RGB);
    let mut scale = format!("scale={width}:{height}:flags=bicubic");
    if matrix != "bt709" || rgb {
        scale.push_str(&format!(":in_color_matrix={matrix}:out_color_matrix=bt709"));
    }
    if first.color_range() == Range::JPEG || is_full_range_format(first.format()) {
        scale.push_str(":in_range=full:out_range=limited");
    }
    format!("{scale},format=yuv420p")
}

fn is_full_range_format(format: ff::format::Pixel) -> bool {
    use ff::format::Pixel;
    matches!(format, Pixel::YUVJ420P | Pixel::YUVJ422P | Pixel::YUVJ444P | Pixel::YUVJ440P)
}

fn turning(turn: Turn) -> impl Iterator<Item = &'static str> {
    let steps: &[&str] = match (turn.degrees, turn.mirrored) {
        (90, false) => &["transpose=clock"],
        (90, true) => &["transpose=cclock_flip"],
        (180, false) => &["hflip", "vflip"],
        (180, true) => &["hflip"],
        (270, false) => &["transpose=cclock"],
        (270, true) => &["transpose=clock_flip"],
        (_, false) => &[],
        (_, true) => &["vflip"],
    };
    steps.iter().copied()
}

/// Integrated loudness aimed at, in LUFS: EBU R128's −23 is for living rooms;
/// phones in noisy ones need −16, as podcasts use. As a meter reads the file
/// itself, mono or stereo.
pub(crate) const LOUDNESS: i32 = -16;

/// The audio graph for a stream whose first decoded frame is `first`: gaps
/// filled from `start` (in samples of 48 kHz), mono or stereo, loudness normalised in one pass (a
/// second pass would have to decode a whole lecture before its first segment),
/// 48 kHz in frames of 1024.
pub(crate) fn audio(first: &ff::frame::Audio, channels: u32, start: i64) -> Result<Filters, Failure> {
    let layout = if channels == 1 { "mono" } else { "stereo" };
    let rate = first.rate().max(1);
    let arguments = format!(
        "time_base=1/{rate}:sample_rate={rate}:sample_fmt={}:channel_layout=0x{:x}",
        unsafe { (*first.as_ptr()).format },
        first.channel_layout().bits(),
    );
    let start = start.saturating_mul(i64::from(rate)) / 48_000;
    let chain = format!(
        "[in]aresample=async=1:first_pts={start},aformat=channel_layouts={layout},\
loudnorm=I={LOUDNESS}:TP=-1.5:LRA=11,aresample=48000,\
aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts={layout},asetnsamples=n=1024:p=1[o0]"
    );
    Filters::new(("abuffer", "abuffersink"), &arguments, &chain, 1)
}
