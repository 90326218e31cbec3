//! Fragmented MP4 (ISO 14496-12, CMAF) written by hand: one `moov` a track,
//! one `moof` and `mdat` a segment. FFmpeg's muxers would do, but they publish
//! files half-written and move timestamps to suit edit lists; here a segment
//! starts exactly at its first picture, which is what lets rungs be swapped.

/// A box around what `body` writes.
fn boxed(out: &mut Vec<u8>, kind: &[u8; 4], body: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(kind);
    body(out);
    let length = u32::try_from(out.len() - at).unwrap_or(u32::MAX);
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
}

fn full(out: &mut Vec<u8>, kind: &[u8; 4], version: u8, flags: u32, body: impl FnOnce(&mut Vec<u8>)) {
    boxed(out, kind, |out| {
        u32s(out, &[u32::from(version) << 24 | flags]);
        body(out);
    });
}

fn u32s(out: &mut Vec<u8>, values: &[u32]) {
    for value in values {
        out.extend_from_slice(&value.to_be_bytes());
    }
}

fn u16s(out: &mut Vec<u8>, values: &[u16]) {
    for value in values {
        out.extend_from_slice(&value.to_be_bytes());
    }
}

/// What a track carries.
pub(crate) enum Sample {
    Video { width: u16, height: u16, avcc: Vec<u8> },
    Audio { channels: u16, rate: u32, config: Vec<u8>, bit_rate: u32 },
}

/// A track's clock.
#[derive(Clone, Copy)]
pub(crate) struct Timing {
    /// Ticks a second.
    pub timescale: u32,
    /// Ticks from a unit's decoding to its showing at the least. An edit list
    /// takes them off again; offsets below zero would do the same more simply,
    /// but FFmpeg and players made of it then show the picture that much late.
    pub delay: u32,
}

const MATRIX: [u32; 9] = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000];

/// The initialisation segment of a track.
pub(crate) fn init(sample: &Sample, timing: Timing) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    boxed(&mut out, b"ftyp", |out| out.extend_from_slice(b"iso6\0\0\0\0iso6mp41cmfc"));
    boxed(&mut out, b"moov", |out| {
        full(out, b"mvhd", 0, 0, |out| {
            u32s(out, &[0, 0, 1000, 0, 0x10000, 0x0100_0000, 0, 0]);
            u32s(out, &MATRIX);
            u32s(out, &[0, 0, 0, 0, 0, 0, 2]);
        });
        boxed(out, b"trak", |out| track(out, sample, timing));
        boxed(out, b"mvex", |out| full(out, b"trex", 0, 0, |out| u32s(out, &[1, 1, 0, 0, 0])));
    });
    out
}

fn track(out: &mut Vec<u8>, sample: &Sample, timing: Timing) {
    let (width, height, volume, handler, name) = match sample {
        Sample::Video { width, height, .. } => (*width, *height, 0, b"vide", b"video\0"),
        Sample::Audio { .. } => (0, 0, 0x100, b"soun", b"audio\0"),
    };
    full(out, b"tkhd", 0, 3, |out| {
        u32s(out, &[0, 0, 1, 0, 0, 0, 0]);
        u16s(out, &[0, 0, volume, 0]);
        u32s(out, &MATRIX);
        u16s(out, &[width, 0, height, 0]);
    });
    if timing.delay > 0 {
        boxed(out, b"edts", |out| {
            full(out, b"elst", 0, 0, |out| u32s(out, &[1, 0, timing.delay, 0x10000]));
        });
    }
    boxed(out, b"mdia", |out| {
        // 0x55c4 is the language "und".
        full(out, b"mdhd", 0, 0, |out| u32s(out, &[0, 0, timing.timescale, 0, 0x55c4_0000]));
        full(out, b"hdlr", 0, 0, |out| {
            u32s(out, &[0]);
            out.extend_from_slice(handler);
            u32s(out, &[0, 0, 0]);
            out.extend_from_slice(name);
        });
        boxed(out, b"minf", |out| {
            match sample {
                Sample::Video { .. } => full(out, b"vmhd", 0, 1, |out| u32s(out, &[0, 0])),
                Sample::Audio { .. } => full(out, b"smhd", 0, 0, |out| u32s(out, &[0])),
            }
            boxed(out, b"dinf", |out| {
                full(out, b"dref", 0, 0, |out| {
                    u32s(out, &[1]);
                    full(out, b"url ", 0, 1, |_| {});
                });
            });
            boxed(out, b"stbl", |out| {
                full(out, b"stsd", 0, 0, |out| {
                    u32s(out, &[1]);
                    entry(out, sample);
                });
                full(out, b"stts", 0, 0, |out| u32s(out, &[0]));
                full(out, b"stsc", 0, 0, |out| u32s(out, &[0]));
                full(out, b"stsz", 0, 0, |out| u32s(out, &[0, 0]));
                full(out, b"stco", 0, 0, |out| u32s(out, &[0]));
            });
        });
    });
}

fn entry(out: &mut Vec<u8>, sample: &Sample) {
    match sample {
        Sample::Video { width, height, avcc } => boxed(out, b"avc1", |out| {
            u16s(out, &[0, 0, 0, 1]);
            u32s(out, &[0, 0, 0, 0]);
            u16s(out, &[*width, *height]);
            u32s(out, &[0x0048_0000, 0x0048_0000, 0]);
            u16s(out, &[1]);
            out.extend_from_slice(&[0; 32]);
            u16s(out, &[0x18, 0xffff]);
            boxed(out, b"avcC", |out| out.extend_from_slice(avcc));
            boxed(out, b"colr", |out| {
                // BT.709 throughout, limited range.
                out.extend_from_slice(b"nclx");
                u16s(out, &[1, 1, 1]);
                out.push(0);
            });
            boxed(out, b"pasp", |out| u32s(out, &[1, 1]));
        }),
        Sample::Audio { channels, rate, config, bit_rate } => boxed(out, b"mp4a", |out| {
            u16s(out, &[0, 0, 0, 1]);
            u32s(out, &[0, 0]);
            u16s(out, &[*channels, 16, 0, 0]);
            u32s(out, &[rate << 16]);
            full(out, b"esds", 0, 0, |out| descriptors(out, config, *bit_rate));
        }),
    }
}

/// The MPEG-4 descriptors of an AAC stream (ISO 14496-1, 7.2.6).
fn descriptors(out: &mut Vec<u8>, config: &[u8], bit_rate: u32) {
    // All of them are far shorter than the 128 bytes one length byte holds.
    let length = u8::try_from(config.len()).unwrap_or(0);
    out.extend_from_slice(&[3, 23 + length, 0, 1, 0]);
    out.extend_from_slice(&[4, 15 + length, 0x40, 0x15, 0, 0, 0]);
    u32s(out, &[bit_rate, bit_rate]);
    out.extend_from_slice(&[5, length]);
    out.extend_from_slice(config);
    out.extend_from_slice(&[6, 1, 2]);
}

/// One coded picture or sound frame of a segment.
pub(crate) struct Unit {
    pub size: u32,
    /// In ticks.
    pub duration: u32,
    /// When it is shown, from when it is decoded, in ticks; may be negative.
    pub offset: i32,
    pub key: bool,
}

/// A media segment whose first unit is decoded at `start` ticks.
pub(crate) fn segment(sequence: u64, start: u64, units: &[Unit], data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + units.len() * 16 + 256);
    boxed(&mut out, b"styp", |out| out.extend_from_slice(b"msdh\0\0\0\0msdhmsixcmfc"));
    let moof = out.len();
    let mut offset_at = 0;
    boxed(&mut out, b"moof", |out| {
        full(out, b"mfhd", 0, 0, |out| u32s(out, &[u32::try_from(sequence).unwrap_or(u32::MAX)]));
        boxed(out, b"traf", |out| {
            // Offsets count from the moof.
            full(out, b"tfhd", 0, 0x02_0000, |out| u32s(out, &[1]));
            full(out, b"tfdt", 1, 0, |out| out.extend_from_slice(&start.to_be_bytes()));
            // Data offset; each unit's duration, size, flags and signed offset.
            full(out, b"trun", 1, 0xf01, |out| {
                u32s(out, &[u32::try_from(units.len()).unwrap_or(u32::MAX)]);
                offset_at = out.len();
                u32s(out, &[0]);
                for unit in units {
                    let flags = if unit.key { 0x0200_0000 } else { 0x0101_0000 };
                    u32s(out, &[unit.duration, unit.size, flags, unit.offset.cast_unsigned()]);
                }
            });
        });
    });
    let offset = u32::try_from(out.len() - moof + 8).unwrap_or(u32::MAX);
    out[offset_at..offset_at + 4].copy_from_slice(&offset.to_be_bytes());
    boxed(&mut out, b"mdat", |out| out.extend_from_slice(data));
    out
}
