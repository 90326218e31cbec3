//! The same trees, one at a time: a Word file of a thousand questions is never held whole.

use std::io::BufRead;

use exchange::archive::ArchiveError;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Child, DEEPEST, Element, MOST_NODES, add, add_text, built_in, element};
use crate::error::ReadError;

/// Of one piece: a paragraph, a row of a table. A thousand questions laid out in one cell have 800,000.
const MOST_NODES_OF_PIECE: usize = 1_000_000;

/// What comes out of a document that is read piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The beginning of an element that is entered; it has no children here.
    Enter(Element),
    /// An element directly below entered ones, with all it holds.
    Whole(Element),
    /// The end of the element entered last.
    Leave,
}

/// Reads UTF-8 XML. Elements that `enters` says yes to, and whose parents were all entered, are not
/// collected: their children are handed out one by one. Letters directly in them are dropped.
///
/// # Errors
/// [`ReadError`] with the place, or the one `see` gives.
pub fn stream(
    mut source: impl BufRead,
    part: &str,
    enters: impl Fn(&str) -> bool,
    see: &mut dyn FnMut(Piece) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    skip_mark(&mut source, part)?;
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    // Elements being collected; empty between two pieces.
    let mut open: Vec<Element> = Vec::new();
    let mut entered = 0_usize;
    let mut nodes = 0_usize;
    let mut piece_nodes = 0_usize;
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(refused(&error, part, reader.error_position())),
        };
        nodes += 1;
        piece_nodes = if open.is_empty() { 0 } else { piece_nodes + 1 };
        if nodes > MOST_NODES || piece_nodes > MOST_NODES_OF_PIECE || open.len() + entered > DEEPEST {
            return Err(ReadError::too_large(part));
        }
        match event {
            Event::Start(start) => {
                let started = element(&start);
                if open.is_empty() && enters(&started.name) {
                    entered += 1;
                    see(Piece::Enter(started))?;
                } else {
                    open.push(started);
                }
            }
            Event::Empty(start) if open.is_empty() => see(Piece::Whole(element(&start)))?,
            Event::Empty(start) => add(&mut open, Child::Element(element(&start))),
            Event::End(_) => match open.pop() {
                Some(done) if open.is_empty() => see(Piece::Whole(done))?,
                Some(done) => add(&mut open, Child::Element(done)),
                None => {
                    entered = entered.saturating_sub(1);
                    see(Piece::Leave)?;
                }
            },
            Event::Text(piece) => add_text(&mut open, &piece),
            Event::CData(piece) => add_text(&mut open, &piece),
            Event::GeneralRef(reference) => {
                if let Some(letter) = built_in(&reference) {
                    add_text(&mut open, letter.encode_utf8(&mut [0; 4]));
                }
            }
            // Office never writes one.
            Event::DocType(_) => {
                return Err(ReadError::new("file-entities", format!("Tệp có khai báo DOCTYPE ở phần “{part}”, không được chấp nhận.")));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if entered > 0 || !open.is_empty() {
        return Err(ReadError::broken(part, "kết thúc giữa chừng"));
    }
    Ok(())
}

fn skip_mark(source: &mut impl BufRead, part: &str) -> Result<(), ReadError> {
    let head = source.fill_buf().map_err(|error| ReadError::broken(part, &error.to_string()))?;
    if head.starts_with(b"\xef\xbb\xbf") {
        source.consume(3);
    }
    Ok(())
}

fn refused(error: &quick_xml::Error, part: &str, at: u64) -> ReadError {
    if let quick_xml::Error::Io(inner) = error
        && let Some(ArchiveError::TooLarge { name }) = inner.get_ref().and_then(|inner| inner.downcast_ref())
    {
        return ReadError::too_large(name);
    }
    ReadError::broken(part, &format!("byte {at}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Result<String, ReadError> {
        let mut out = String::new();
        stream(text.as_bytes(), "thử", |name| matches!(name, "a" | "t"), &mut |piece| {
            match piece {
                Piece::Enter(element) => out.push_str(&format!("<{}>", element.name)),
                Piece::Whole(element) => out.push_str(&format!("{}({})", element.name, element.text())),
                Piece::Leave => out.push_str("</>"),
            }
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn entered_elements_give_their_children_one_by_one() {
        let text = "\u{feff}<?xml version='1.0'?><a>lost<p>x<a>y</a>&amp;</p><q/><t><r>1</r></t></a>";
        assert_eq!(pieces(text).unwrap(), "<a>p(xy&)q()<t>r(1)</></>");
    }

    #[test]
    fn hostile_documents_are_refused() {
        assert_eq!(pieces("<a><p>").unwrap_err().code, "file-broken");
        assert_eq!(pieces("<a><p></a>").unwrap_err().code, "file-broken");
        assert_eq!(pieces("<!DOCTYPE a><a/>").unwrap_err().code, "file-entities");
        assert_eq!(pieces(&"<a>".repeat(1000)).unwrap_err().code, "file-too-large");
        assert_eq!(pieces(&"<p>".repeat(1000)).unwrap_err().code, "file-too-large");
    }
}
