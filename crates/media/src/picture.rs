//! Pictures: decoded within limits, turned upright, bounded, and written anew
//! so that no metadata (a phone's position, for one) is left.

use std::fs::{self, File};
use std::io::{BufReader, Cursor};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::error::{ImageError, LimitErrorKind};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader};

use crate::failure::Failure;
use crate::protocol::{Event, PictureSpec, Reason};
use crate::publish::Publisher;

const JPEG_QUALITY: u8 = 85;

/// JPEG for the opaque, lossless WebP where there is transparency. Of an
/// animation the first picture.
pub(crate) fn make(spec: &PictureSpec, publisher: &Publisher) -> Result<(), Failure> {
    let length = fs::metadata(&spec.source).map_err(|error| Failure::io("source", &error))?.len();
    if length == 0 {
        return Err(Failure::new(Reason::Empty, "no bytes"));
    }
    let file = File::open(&spec.source).map_err(|error| Failure::io("source", &error))?;
    let mut reader = ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(|error| Failure::io("source", &error))?;
    if reader.format().is_none() {
        return Err(Failure::new(Reason::NotMedia, "no picture format known here"));
    }
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(spec.limits.memory_bytes / 2);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > spec.limits.max_pixels {
        return Err(Failure::new(Reason::TooLarge, format!("{width}x{height}")));
    }
    // A broken EXIF block is no reason to refuse the picture.
    let upright = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if picture.width().max(picture.height()) > spec.max_side {
        picture = picture.resize(spec.max_side, spec.max_side, FilterType::Lanczos3);
    }
    picture.apply_orientation(upright);
    let transparent = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel[3] != 255);
    let mut bytes = Cursor::new(Vec::new());
    let name = if transparent {
        picture.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).map_err(refused)?;
        "picture.webp"
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)).map_err(refused)?;
        "picture.jpg"
    };
    publisher.file(name, bytes.get_ref())?;
    publisher.event(&Event::Picture { file: name.to_owned(), width: picture.width(), height: picture.height() })
}

fn refused(error: ImageError) -> Failure {
    let reason = match &error {
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::DimensionError => Reason::TooLarge,
            _ => Reason::OutOfMemory,
        },
        ImageError::Unsupported(_) => Reason::UnsupportedCodec,
        ImageError::IoError(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => Reason::Truncated,
        _ => Reason::Damaged,
    };
    Failure::new(reason, error.to_string())
}
