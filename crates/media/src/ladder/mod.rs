//! The ladder: from one source to rungs, sound, poster and storyboard.

mod aac;
mod audio;
mod coding;
mod container;
mod cut;
mod decode;
mod encoder;
mod graph;
mod lane;
mod plan;
mod samples;
mod source;
mod stills;
mod track;
mod video;

use std::thread;

use ffmpeg_next as ff;

use self::container::Shape;
use crate::failure::Failure;
use crate::protocol::{Event, LadderSpec, Reason};
use crate::publish::Publisher;

/// Makes everything; returns the length in microseconds.
pub(crate) fn make(spec: &LadderSpec, publisher: &Publisher) -> Result<u64, Failure> {
    ff::log::set_level(ff::log::Level::Fatal);
    // Or errors have no text.
    ff::util::error::register_all();
    let source = source::probe(spec)?;
    let shape = container::shape(&spec.source).unwrap_or(Shape::Whole);
    publisher.event(&Event::Probed(source.probe.clone()))?;
    let (video, audio) = thread::scope(|scope| {
        let stop_on_failure = |outcome: Result<u64, Failure>| {
            if outcome.is_err() {
                publisher.stop();
            }
            outcome
        };
        let sound = source.audio.map(|stream| {
            let source = &source;
            scope.spawn(move || {
                let made = audio::make(spec, source, stream.index, publisher);
                // A picture without its sound is still a lesson; a full disk is not.
                match made {
                    Err(failure) if source.video.is_some() && is_the_streams_own(failure.reason) => Ok(0),
                    made => stop_on_failure(made),
                }
            })
        });
        let picture = source.video.as_ref().map(|video| stop_on_failure(video::make(spec, &source, video, publisher)));
        let sound =
            sound.map(|thread| thread.join().unwrap_or_else(|_| Err(Failure::new(Reason::Internal, "the sound's thread panicked"))));
        (picture, sound)
    });
    let failed = video.is_none() && matches!(audio, Some(Ok(0)));
    if failed {
        let reason = if source.looks_like_media { Reason::Damaged } else { Reason::NotMedia };
        return Err(cut_instead(shape, Failure::new(reason, "no sound could be decoded")));
    }
    let video = video.transpose().map_err(|failure| cut_instead(shape, failure))?;
    let audio = audio.transpose()?;
    let made = [
        source.video.as_ref().map(|stream| (video.unwrap_or(0), stream.declared_us)),
        source.audio.map(|stream| (audio.unwrap_or(0), stream.declared_us)),
    ];
    let made: Vec<cut::Made> = made
        .into_iter()
        .flatten()
        .map(|(made_us, declared_us)| cut::Made { made_us, declared_us })
        .filter(|made| made.made_us > 0)
        .collect();
    if let Some(cut) = cut::short(&made, shape) {
        publisher.event(&Event::CutShort { playable_us: cut.playable_us, declared_us: cut.declared_us })?;
    }
    Ok(video.unwrap_or(0).max(audio.unwrap_or(0)))
}

/// Nothing could be played of a file whose end is missing: that is what its owner can mend.
fn cut_instead(shape: Shape, failure: Failure) -> Failure {
    match (failure.reason, shape) {
        (Reason::Damaged, Shape::CutOff) => Failure::new(Reason::Truncated, failure.detail),
        _ => failure,
    }
}

/// Threads for one decoder, encoder or filter graph. Each costs a stack and a
/// frame of the memory limit, so a large server doesn't get all it could use:
/// there more files are made at once instead.
fn threads() -> i32 {
    let processors = thread::available_parallelism().map_or(1, |count| count.get());
    i32::try_from(processors.min(6)).unwrap_or(1)
}

fn is_the_streams_own(reason: Reason) -> bool {
    matches!(reason, Reason::Damaged | Reason::UnsupportedCodec | Reason::Internal)
}
