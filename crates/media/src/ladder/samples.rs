//! Sound as plain numbers.
#![allow(unsafe_code, reason = "writing into frames, which FFmpeg's wrapper allows for planar ones only")]

use ff::ChannelLayout;
use ff::format::Sample;
use ffmpeg_next as ff;

/// Full scale is 1; an intact decoder overshoots by little.
const LOUDEST: f32 = 4.0;

/// Silences samples that are no sound. A damaged file decodes to infinities;
/// loudness filters never recover from one, and FFmpeg's AAC encoder searches
/// for a fitting step size for ever.
pub(crate) fn tame(frame: &mut ff::frame::Audio) {
    let Sample::F32(_) = frame.format() else {
        return;
    };
    let channels = usize::from(frame.channels());
    let (planes, length) = match frame.is_planar() {
        true => (channels, frame.samples()),
        false => (1, frame.samples() * channels),
    };
    // SAFETY: made writable first (or left alone); a frame of this form holds
    // `length` floats in each of its planes.
    unsafe {
        let raw = frame.as_mut_ptr();
        if ff::ffi::av_frame_make_writable(raw) < 0 {
            return;
        }
        for plane in 0..planes {
            let data = *(*raw).extended_data.add(plane);
            if data.is_null() {
                return;
            }
            for sample in std::slice::from_raw_parts_mut(data.cast::<f32>(), length) {
                if sample.is_nan() || sample.abs() > LOUDEST {
                    *sample = 0.0;
                }
            }
        }
    }
}

/// A second of silence in the form of a frame.
pub(crate) fn silence_like(frame: &ff::frame::Audio) -> ff::frame::Audio {
    let samples = frame.rate().max(1) as usize;
    let mut layout = frame.channel_layout();
    if layout.bits() == 0 {
        layout = ChannelLayout::default(i32::from(frame.channels().max(1)));
    }
    let mut silence = ff::frame::Audio::new(frame.format(), samples, layout);
    silence.set_rate(frame.rate());
    silence.set_channels(frame.channels());
    // SAFETY: the buffers were allocated for exactly this form just now.
    unsafe {
        let raw = silence.as_mut_ptr();
        if !(*raw).buf[0].is_null() {
            let form = frame.format().into();
            ff::ffi::av_samples_set_silence((*raw).extended_data, 0, (*raw).nb_samples, (*raw).channels, form);
        }
    }
    silence
}
