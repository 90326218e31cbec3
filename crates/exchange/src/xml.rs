//! XML of Office files as a flat run of events: no entities but the five built in,
//! no DTD, bounded depth, nothing external.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::decode::decode_text;

/// Deeper nesting than any Office program writes (text boxes in tables in text boxes reach 60).
const MAX_DEPTH: usize = 256;

#[derive(Debug, thiserror::Error)]
pub(crate) enum XmlError {
    #[error("byte {at}: {message}")]
    Broken { at: u64, message: String },
    #[error("byte {at}: a document type declaration")]
    DocType { at: u64 },
    #[error("byte {at}: elements nested deeper than {MAX_DEPTH}")]
    TooDeep { at: u64 },
}

/// What the visitor is shown. Names are without their prefix.
pub(crate) enum Node<'a> {
    Start { name: &'a str, attributes: &'a [(String, String)] },
    End { name: &'a str },
    Text(&'a str),
}

/// Whether to go on; a reader with enough text stops early.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    Stop,
}

/// Calls `visit` for every start, end and piece of text.
pub(crate) fn walk(bytes: &[u8], mut visit: impl FnMut(Node<'_>) -> Flow) -> Result<(), XmlError> {
    let text = decode_text(bytes);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut depth = 0_usize;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|error| XmlError::Broken { at: reader.error_position(), message: error.to_string() })?;
        let flow = match event {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(XmlError::TooDeep { at });
                }
                visit(Node::Start { name: start.local_name().as_ref(), attributes: &attributes(&start) })
            }
            Event::Empty(start) => {
                let name = start.local_name();
                let flow = visit(Node::Start { name: name.as_ref(), attributes: &attributes(&start) });
                match flow {
                    Flow::Continue => visit(Node::End { name: name.as_ref() }),
                    Flow::Stop => Flow::Stop,
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Node::End { name: end.local_name().as_ref() })
            }
            Event::Text(text) => visit(Node::Text(&text)),
            Event::CData(text) => visit(Node::Text(&text)),
            Event::GeneralRef(reference) => match built_in(&reference) {
                Some(letter) => visit(Node::Text(letter.encode_utf8(&mut [0; 4]))),
                // Without a DTD no other entity can be declared: drop it.
                None => Flow::Continue,
            },
            Event::DocType(_) => return Err(XmlError::DocType { at }),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Flow::Continue,
            Event::Eof => return Ok(()),
        };
        if flow == Flow::Stop {
            return Ok(());
        }
    }
}

/// Malformed attributes are left out rather than failing a whole document over one.
fn attributes(start: &quick_xml::events::BytesStart<'_>) -> Vec<(String, String)> {
    start
        .attributes()
        .flatten()
        .map(|attribute| {
            let raw: &str = attribute.value.as_ref();
            let value = quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |value| value.into_owned());
            (attribute.key.local_name().as_ref().to_owned(), value)
        })
        .collect()
}

fn built_in(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        numeric => {
            let number = numeric.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|letter| !letter.is_control() || letter.is_whitespace())
        }
    }
}
