//! Opening a file nobody vouches for, and saying what it is.
#![allow(unsafe_code, reason = "fields FFmpeg's wrapper does not show")]

use std::fs::File;
use std::io::Read;
use std::path::Path;

use ff::format::context::Input;
use ff::{ffi, media};
use ffmpeg_next as ff;

use super::container::{self, Shape};
use super::plan::{self, Size};
use crate::failure::Failure;
use crate::protocol::{AudioInfo, LadderSpec, Limits, Probe, Reason, VideoInfo};

/// Containers that hold their own streams. Absent on purpose: everything that
/// names other files or addresses (HLS, DASH, concat, image sequences, VobSub),
/// devices, and pictures.
const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpeg,mpegts,mpegvideo,m4v,h264,hevc,\
avi,flv,asf,ogg,wav,w64,aiff,au,caf,mp3,aac,flac,ac3,eac3,amr,ape,tta,wv,mxf,ivf,dv,rm";

/// What the ladder needs to know of its source.
pub(crate) struct Source {
    pub probe: Probe,
    pub video: Option<VideoStream>,
    pub audio: Option<AudioStream>,
    /// Where the source's time begins, in microseconds.
    pub start_us: i64,
    /// Whether the file starts like media at all.
    pub looks_like_media: bool,
}

/// The sound's stream.
#[derive(Clone, Copy)]
pub(crate) struct AudioStream {
    pub index: usize,
    /// Its length as the file claims, in microseconds; 0 where it does not.
    pub declared_us: u64,
}

/// The picture's stream.
#[derive(Clone)]
pub(crate) struct VideoStream {
    pub index: usize,
    /// Its length as the file claims, in microseconds; 0 where it does not.
    pub declared_us: u64,
    pub rate: (u32, u32),
    pub turn: Turn,
    /// As shown: upright, square pixels.
    pub display: Size,
    pub hdr: bool,
    pub interlaced: bool,
}

/// How a stream's pictures have to be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Clockwise: 0, 90, 180 or 270.
    pub degrees: u32,
    pub mirrored: bool,
}

/// Opens a file with a demuxer that stays inside it.
pub(crate) fn open(path: &Path) -> Result<Input, ff::Error> {
    let mut options = ff::Dictionary::new();
    options.set("protocol_whitelist", "file");
    options.set("format_whitelist", FORMATS);
    ff::format::input_with_dictionary(path, options)
}

/// Probes the source, refusing what the limits exclude.
pub(crate) fn probe(spec: &LadderSpec) -> Result<Source, Failure> {
    let failed = |error| Failure::io("source", &error);
    let length = std::fs::metadata(&spec.source).map_err(failed)?.len();
    if length == 0 {
        return Err(Failure::new(Reason::Empty, "no bytes"));
    }
    let mut head = Vec::new();
    File::open(&spec.source).and_then(|file| file.take(4096).read_to_end(&mut head)).map_err(failed)?;
    let input = open(&spec.source).map_err(|error| unopened(&spec.source, &head, error))?;
    let looks_like_media = container::starts_like_media(&head) || input.probe_score() > 50;
    describe(&input, &spec.limits, looks_like_media)
}

fn unopened(path: &Path, head: &[u8], error: ff::Error) -> Failure {
    let reason = match error {
        ff::Error::Other { errno: libc::ENOMEM } => Reason::OutOfMemory,
        _ if !container::starts_like_media(head) => Reason::NotMedia,
        // What cannot even be opened has lost its beginning's sense, most often by a cut.
        _ => match container::shape(path) {
            Some(Shape::Whole) => Reason::Damaged,
            Some(Shape::CutOff) | None => Reason::Truncated,
        },
    };
    Failure::new(reason, format!("opening: {error}"))
}

fn describe(input: &Input, limits: &Limits, looks_like_media: bool) -> Result<Source, Failure> {
    if input.streams().any(|stream| is_encrypted(&stream)) {
        return Err(Failure::new(Reason::Encrypted, "a stream needs a key"));
    }
    let duration_us = u64::try_from(input.duration()).unwrap_or(0);
    if u128::from(duration_us) > limits.max_duration.as_micros() {
        return Err(Failure::new(Reason::TooLong, format!("{} s", duration_us / 1_000_000)));
    }
    let picture = input
        .streams()
        .best(media::Type::Video)
        .filter(|stream| !stream.disposition().contains(ff::format::stream::Disposition::ATTACHED_PIC));
    let sound = input.streams().best(media::Type::Audio);
    if picture.is_none() && sound.is_none() {
        let reason = if looks_like_media { Reason::NoStreams } else { Reason::NotMedia };
        return Err(Failure::new(reason, "neither picture nor sound"));
    }
    // A length that FFmpeg worked out from the file's size says nothing of what was cut off.
    let guessed = unsafe { (*input.as_ptr()).duration_estimation_method } == ffi::AVDurationEstimationMethod::AVFMT_DURATION_FROM_BITRATE;
    let video = picture.as_ref().map(|stream| video_stream(stream, limits)).transpose()?;
    let audio = sound.as_ref().map(audio_info);
    let start_us = match unsafe { (*input.as_ptr()).start_time } {
        ffi::AV_NOPTS_VALUE => 0,
        start => start,
    };
    let declared = |stream: &ff::Stream<'_>| if guessed { 0 } else { declared_us(stream).unwrap_or(duration_us) };
    let (mut video, info) = video.unzip();
    if let (Some(video), Some(stream)) = (&mut video, &picture) {
        video.declared_us = declared(stream);
    }
    Ok(Source {
        probe: Probe { container: container_name(input.format().name()), duration_us, video: info, audio },
        video,
        audio: sound.map(|stream| AudioStream { index: stream.index(), declared_us: declared(&stream) }),
        start_us,
        looks_like_media,
    })
}

/// The length of one stream, where the container gives it.
fn declared_us(stream: &ff::Stream<'_>) -> Option<u64> {
    use ff::mathematics::Rescale;
    let ticks = Some(stream.duration()).filter(|ticks| *ticks > 0)?;
    u64::try_from(ticks.rescale(stream.time_base(), ff::Rational::new(1, 1_000_000))).ok()
}

fn container_name(names: &str) -> String {
    match names.split(',').next().unwrap_or_default() {
        "mov" => "mp4",
        "matroska" => "matroska",
        other => other,
    }
    .to_owned()
}

fn is_encrypted(stream: &ff::Stream<'_>) -> bool {
    let tag = unsafe { (*(*stream.as_ptr()).codecpar).codec_tag }.to_le_bytes();
    &tag == b"encv"
        || &tag == b"enca"
        || stream.metadata().get("enc_key_id").is_some()
        || stream.side_data().any(|data| data.kind() == ff::codec::packet::side_data::Type::EncryptionInitInfo)
}

fn codec_name(id: ff::codec::Id) -> String {
    id.name().to_owned()
}

fn video_stream(stream: &ff::Stream<'_>, limits: &Limits) -> Result<(VideoStream, VideoInfo), Failure> {
    // SAFETY: a stream's parameters live as long as its context, which the
    // borrow keeps.
    let coded = unsafe { &*(*stream.as_ptr()).codecpar };
    let (width, height) = (u32::try_from(coded.width).unwrap_or(0), u32::try_from(coded.height).unwrap_or(0));
    if width == 0 || height == 0 {
        return Err(Failure::new(Reason::Damaged, "a picture without a size"));
    }
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(Failure::new(Reason::TooLarge, format!("{width}x{height}")));
    }
    let turn = turn_of(stream);
    let (rate, mean) = (stream.rate(), stream.avg_frame_rate());
    let rate = plan::frame_rate((rate.numerator(), rate.denominator()), (mean.numerator(), mean.denominator()));
    let aspect = {
        let own = unsafe { (*stream.as_ptr()).sample_aspect_ratio };
        if own.num > 0 { own } else { coded.sample_aspect_ratio }
    };
    let square = square_pixels(Size { width, height }, aspect.num, aspect.den);
    let display = if turn.degrees % 180 == 90 { square.turned() } else { square };
    use ffi::AVColorTransferCharacteristic as Transfer;
    use ffi::AVFieldOrder as Order;
    let hdr = matches!(coded.color_trc, Transfer::AVCOL_TRC_SMPTE2084 | Transfer::AVCOL_TRC_ARIB_STD_B67);
    let interlaced = !matches!(coded.field_order, Order::AV_FIELD_UNKNOWN | Order::AV_FIELD_PROGRESSIVE);
    let found = VideoStream { index: stream.index(), declared_us: 0, rate, turn, display, hdr, interlaced };
    let info = VideoInfo {
        codec: codec_name(stream.parameters().id()),
        width,
        height,
        rotation: turn.degrees,
        fps: f64::from(rate.0) / f64::from(rate.1),
        hdr,
        interlaced,
        bit_depth: bit_depth(coded.format),
        display_width: display.width,
        display_height: display.height,
    };
    Ok((found, info))
}

/// The size with square pixels; never wilder than four to one, since a
/// nonsense ratio must not make a nonsense size.
fn square_pixels(size: Size, num: i32, den: i32) -> Size {
    if num <= 0 || den <= 0 || num == den {
        return size;
    }
    let ratio = (f64::from(num) / f64::from(den)).clamp(0.25, 4.0);
    let width = (f64::from(size.width) * ratio).round() as u32;
    Size { width: width.max(2), height: size.height }
}

fn bit_depth(format: i32) -> u32 {
    // SAFETY: a lookup in a static table; null for unknown formats.
    unsafe {
        let known = std::mem::transmute::<i32, ffi::AVPixelFormat>(format.max(-1));
        let descriptor = ffi::av_pix_fmt_desc_get(known);
        if descriptor.is_null() { 8 } else { u32::try_from((*descriptor).comp[0].depth).unwrap_or(8) }
    }
}

fn turn_of(stream: &ff::Stream<'_>) -> Turn {
    let matrix = stream.side_data().find(|data| data.kind() == ff::codec::packet::side_data::Type::DisplayMatrix).map(|data| {
        data.data().chunks_exact(4).map(|bytes| f64::from(i32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))).collect::<Vec<_>>()
    });
    match matrix {
        Some(matrix) if matrix.len() == 9 => turn_of_matrix(&matrix),
        _ => Turn { degrees: 0, mirrored: false },
    }
}

/// A display matrix (ISO 14496-12, 8.3.2) as a turn to the nearest quarter.
fn turn_of_matrix(matrix: &[f64]) -> Turn {
    let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4]);
    let quarters = (b.atan2(a) / std::f64::consts::FRAC_PI_2).round() as i32;
    Turn { degrees: quarters.rem_euclid(4).unsigned_abs() * 90, mirrored: a * d - b * c < 0.0 }
}

fn audio_info(stream: &ff::Stream<'_>) -> AudioInfo {
    let coded = unsafe { &*(*stream.as_ptr()).codecpar };
    AudioInfo {
        codec: codec_name(stream.parameters().id()),
        channels: u32::try_from(coded.channels).unwrap_or(0),
        sample_rate: u32::try_from(coded.sample_rate).unwrap_or(0),
    }
}
