//! Where the bytes of a formula lie: in a stream of an OLE object, or in comments of a picture.

use std::io::{Cursor, Read as _};

use super::error::MtefError;

/// A formula of a page has some kilobytes.
const MOST: u64 = 1 << 20;
/// An object may carry its picture beside the formula.
const MOST_OLE: usize = 32 << 20;
const STREAM: &str = "Equation Native";

pub(super) fn equation_of_ole(bytes: &[u8]) -> Result<Vec<u8>, MtefError> {
    if bytes.len() > MOST_OLE {
        return Err(MtefError::TooLarge);
    }
    let broken = |error: std::io::Error| MtefError::Broken(error.to_string());
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(broken)?;
    // Objects of old Word files lie in a storage of their own.
    let path = file.walk().take(10_000).find(|entry| entry.is_stream() && entry.name() == STREAM).map(|entry| entry.path().to_owned());
    let stream = file.open_stream(path.ok_or(MtefError::NoEquation)?).map_err(broken)?;
    let mut native = Vec::new();
    stream.take(MOST).read_to_end(&mut native).map_err(broken)?;
    without_header(&native)
}

/// The header says its own length, and how much follows; where that is wrong, all that follows counts.
fn without_header(native: &[u8]) -> Result<Vec<u8>, MtefError> {
    let field = |at: usize| native.get(at..at + 4).and_then(|field| field.try_into().ok()).map(u32::from_le_bytes);
    let header = native.first_chunk::<2>().map(|field| usize::from(u16::from_le_bytes(*field)));
    let header = header.filter(|length| (12..=64).contains(length)).ok_or_else(|| MtefError::Broken("phần đầu".to_owned()))?;
    let length = field(8).and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let body = native.get(header..).unwrap_or_default();
    Ok(body.get(..length).filter(|body| !body.is_empty()).unwrap_or(body).to_vec())
}

/// MathType's comments begin with this; the lengths of the whole and of this piece follow, then the
/// maker's name.
const SIGNATURE: &[u8] = b"AppsMFCC";

pub(super) fn equation_of_wmf(bytes: &[u8]) -> Result<Vec<u8>, MtefError> {
    let mut equation = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(SIGNATURE.len()).position(|window| window == SIGNATURE) {
        rest = rest.get(at + SIGNATURE.len()..).unwrap_or_default();
        let field = |at: usize| rest.get(at..at + 4).and_then(|field| field.try_into().ok()).map(u32::from_le_bytes);
        let (Some(total), Some(length)) = (field(2), field(6)) else { break };
        let data = rest.get(10..).unwrap_or_default();
        let Some(name) = data.iter().take(64).position(|byte| *byte == 0) else { break };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let piece = data.get(name + 1..).unwrap_or_default();
        let Some(piece) = piece.get(..length) else { break };
        equation.extend_from_slice(piece);
        if u64::from(total) > MOST || equation.len() as u64 > MOST {
            return Err(MtefError::TooLarge);
        }
        if equation.len() as u64 >= u64::from(total) {
            break;
        }
        rest = data.get(name + 1 + length..).unwrap_or_default();
    }
    if equation.is_empty() { Err(MtefError::NoEquation) } else { Ok(equation) }
}
