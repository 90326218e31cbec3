//! Pictures that teachers upload, and some they would not.
#![allow(clippy::unwrap_used, reason = "a test's helpers stand outside its functions")]

mod support;

use std::path::Path;

use image::{ImageFormat, RgbImage, RgbaImage};
use media::{Event, Limits, PictureSpec, Reason, Task};
use support::{Made, run};

async fn picture(source: &Path, max_side: u32, limits: Limits) -> Made {
    run(|out| Task::Picture(PictureSpec { source: source.into(), out_dir: out.into(), limits, max_side })).await
}

fn made_picture(made: &Made) -> (String, u32, u32) {
    match &made.events[..] {
        [Event::Picture { file, width, height }, Event::Done { .. }] => (file.clone(), *width, *height),
        other => panic!("{other:?}"),
    }
}

/// A JPEG whose EXIF says: turn me clockwise, and where I was taken.
fn turned_photo() -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    let photo = RgbImage::from_fn(400, 200, |x, _| image::Rgb(if x < 200 { [255, 0, 0] } else { [0, 0, 255] }));
    photo.write_to(&mut plain, ImageFormat::Jpeg).unwrap();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(b"GPS-SECRET");
    let mut bytes = plain.get_ref()[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain.get_ref()[2..]);
    bytes
}

#[tokio::test]
async fn a_phone_photo_is_upright_bounded_and_without_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("photo");
    std::fs::write(&source, turned_photo()).unwrap();
    let made = picture(&source, 100, Limits::small()).await;
    assert_eq!(made_picture(&made), ("picture.jpg".into(), 50, 100));
    let path = made.dir.path().join("picture.jpg");
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"SECRET"));
    let seen = image::open(path).unwrap().to_rgb8();
    assert!(seen.get_pixel(25, 10)[0] > 200 && seen.get_pixel(25, 90)[2] > 200, "red above blue");
}

#[tokio::test]
async fn transparency_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("drawing.png");
    RgbaImage::from_pixel(30, 20, image::Rgba([10, 20, 30, 128])).save(&source).unwrap();
    let made = picture(&source, 1600, Limits::small()).await;
    assert_eq!(made_picture(&made), ("picture.webp".into(), 30, 20));
    let seen = image::open(made.dir.path().join("picture.webp")).unwrap().to_rgba8();
    assert_eq!(seen.get_pixel(5, 5)[3], 128);
}

#[tokio::test]
async fn bad_pictures_say_why() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let reason = async |path: &Path| picture(path, 1600, Limits::small()).await.failure();
    assert_eq!(reason(&write("empty.png", b"")).await, Reason::Empty);
    assert_eq!(reason(&write("page.jpg", b"<html></html>")).await, Reason::NotMedia);
    let mut png = std::io::Cursor::new(Vec::new());
    RgbImage::new(8, 8).write_to(&mut png, ImageFormat::Png).unwrap();
    let cut = reason(&write("cut.png", &png.get_ref()[..40])).await;
    assert!(matches!(cut, Reason::Truncated | Reason::Damaged), "{cut:?}");
    // A header that claims 60,000 × 60,000; its checksum made to fit.
    let mut bomb = png.into_inner();
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let checksum = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(reason(&write("bomb.png", &bomb)).await, Reason::TooLarge);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())))
}
