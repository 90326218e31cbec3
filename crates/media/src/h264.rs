//! The little of H.264's byte stream that packaging needs.

/// The NAL units of an Annex B byte stream, without start codes.
pub(crate) fn units(stream: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    let mut at = 0;
    while at + 3 <= stream.len() {
        if stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1 {
            starts.push(at + 3);
            at += 3;
        } else {
            at += 1;
        }
    }
    let mut units = Vec::with_capacity(starts.len());
    for (index, &start) in starts.iter().enumerate() {
        let mut end = starts.get(index + 1).map_or(stream.len(), |next| next - 3);
        // The zero byte of a four-byte start code, and trailing zeros.
        while end > start && stream[end - 1] == 0 {
            end -= 1;
        }
        if end > start {
            units.push(&stream[start..end]);
        }
    }
    units
}

const SPS: u8 = 7;
const PPS: u8 = 8;
const DELIMITER: u8 = 9;

fn kind(unit: &[u8]) -> u8 {
    unit.first().map_or(0, |byte| byte & 0x1f)
}

/// Rewrites a packet from start codes to four-byte lengths (ISO 14496-15).
/// Parameter sets are left out: they are in the sample entry.
pub(crate) fn to_lengths(packet: &[u8], into: &mut Vec<u8>) {
    for unit in units(packet) {
        if matches!(kind(unit), SPS | PPS | DELIMITER) {
            continue;
        }
        into.extend_from_slice(&u32::try_from(unit.len()).unwrap_or(u32::MAX).to_be_bytes());
        into.extend_from_slice(unit);
    }
}

/// The decoder configuration of a sample entry, and its RFC 6381 name.
pub(crate) struct Configuration {
    /// The body of `avcC`.
    pub avcc: Vec<u8>,
    /// Such as `avc1.64001f`.
    pub codecs: String,
}

/// From an encoder's global header; none where it lacks a parameter set.
pub(crate) fn configuration(header: &[u8]) -> Option<Configuration> {
    let units = units(header);
    let sps = units.iter().find(|unit| kind(unit) == SPS && unit.len() > 3)?;
    let pps = units.iter().find(|unit| kind(unit) == PPS)?;
    let (profile, compatible, level) = (sps[1], sps[2], sps[3]);
    let mut avcc = vec![1, profile, compatible, level, 0xff, 0xe1];
    avcc.extend_from_slice(&u16::try_from(sps.len()).ok()?.to_be_bytes());
    avcc.extend_from_slice(sps);
    avcc.push(1);
    avcc.extend_from_slice(&u16::try_from(pps.len()).ok()?.to_be_bytes());
    avcc.extend_from_slice(pps);
    if profile == 100 {
        // 4:2:0, eight bits, no extension: all that the ladder makes.
        avcc.extend_from_slice(&[0xfd, 0xf8, 0xf8, 0]);
    }
    Some(Configuration { avcc, codecs: format!("avc1.{profile:02x}{compatible:02x}{level:02x}") })
}
