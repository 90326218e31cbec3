//! The document under construction: its XML, the files it refers to, and what could not be held.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::package::{Attached, Attachment};
use super::{DocxOptions, KeyPlace};
use crate::model::{Address, Entry, Media, Paper};

/// How a run of letters looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RunLook {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) strike: bool,
    pub(super) red: bool,
    pub(super) fixed: bool,
    /// `superscript`, `subscript` or nothing.
    pub(super) raised: Option<&'static str>,
}

impl RunLook {
    pub(super) const BOLD: Self =
        Self { bold: true, italic: false, underline: false, strike: false, red: false, fixed: false, raised: None };
    pub(super) const RIGHT: Self = Self { underline: true, red: true, ..Self::BOLD };
}

/// Where a paragraph stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At the margin.
    Plain,
    /// With tab stops for so many options on a line.
    Options(u16),
    /// Set in, as the statements are.
    Inset,
    /// In a table's cell.
    Cell,
}

/// Twips between the margins: A4 with 2 cm left and 1.5 cm right.
pub(super) const TEXT_WIDTH: u32 = 11_906 - 1134 - 850;

pub(super) struct Body<'a> {
    pub(super) paper: &'a Paper,
    pub(super) options: &'a DocxOptions,
    pub(super) media: HashMap<&'a str, &'a Media>,
    /// The question being written, for the report.
    pub(super) address: Option<Address>,
    pub(super) report: Vec<Entry>,
    pub(super) xml: String,
    pub(super) attached: Attached,
    /// Ids of drawings, from 1.
    pub(super) drawings: u32,
    /// Whether the right options are named in a line too.
    pub(super) marks_need_words: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(paper: &'a Paper, options: &'a DocxOptions) -> Self {
        let media = paper.media.iter().map(|media| (media.id.as_str(), media)).collect();
        Self {
            paper,
            options,
            media,
            address: None,
            report: Vec::new(),
            xml: String::new(),
            attached: Attached::default(),
            drawings: 0,
            marks_need_words: super::choices::need_words(paper),
        }
    }

    pub(super) fn finish(self) -> (String, Vec<Attachment>, Vec<Entry>) {
        (self.xml, self.attached.list, self.report)
    }

    pub(super) fn shows_key(&self) -> bool {
        self.options.key == KeyPlace::Marked
    }

    /// Tells something that the file does not hold.
    pub(super) fn tell(&mut self, entry: Entry) {
        let entry = match self.address {
            Some(address) => entry.at(address),
            None => entry,
        };
        self.report.push(entry);
    }

    pub(super) fn open(&mut self, place: Place) {
        self.xml.push_str("<w:p>");
        match place {
            Place::Plain => {}
            Place::Options(columns) => {
                let columns = u32::from(columns.max(1));
                let width = TEXT_WIDTH / columns;
                self.xml.push_str("<w:pPr>");
                if columns > 1 {
                    self.xml.push_str("<w:tabs>");
                    for stop in 1..columns {
                        let _ = write!(self.xml, "<w:tab w:val=\"left\" w:pos=\"{}\"/>", 283 + stop * (width - 70));
                    }
                    self.xml.push_str("</w:tabs>");
                }
                self.xml.push_str("<w:ind w:left=\"283\"/></w:pPr>");
            }
            Place::Inset => self.xml.push_str("<w:pPr><w:ind w:left=\"283\"/></w:pPr>"),
            Place::Cell => self.xml.push_str("<w:pPr><w:spacing w:before=\"20\" w:after=\"20\"/></w:pPr>"),
        }
    }

    pub(super) fn close(&mut self) {
        self.xml.push_str("</w:p>");
    }

    /// Letters in one look.
    pub(super) fn run(&mut self, text: &str, look: RunLook) {
        if text.is_empty() {
            return;
        }
        self.xml.push_str("<w:r>");
        if look != RunLook::default() {
            self.xml.push_str("<w:rPr>");
            if look.fixed {
                self.xml.push_str("<w:rFonts w:ascii=\"Courier New\" w:hAnsi=\"Courier New\" w:cs=\"Courier New\"/>");
            }
            for (worn, element) in [(look.bold, "<w:b/>"), (look.italic, "<w:i/>"), (look.strike, "<w:strike/>")] {
                if worn {
                    self.xml.push_str(element);
                }
            }
            if look.red {
                self.xml.push_str("<w:color w:val=\"FF0000\"/>");
            }
            if look.underline {
                self.xml.push_str("<w:u w:val=\"single\"/>");
            }
            if let Some(raised) = look.raised {
                let _ = write!(self.xml, "<w:vertAlign w:val=\"{raised}\"/>");
            }
            self.xml.push_str("</w:rPr>");
        }
        // A tab in text is a tab of Word.
        for (at, piece) in text.split('\t').enumerate() {
            if at > 0 {
                self.xml.push_str("<w:tab/>");
            }
            if !piece.is_empty() {
                self.xml.push_str("<w:t xml:space=\"preserve\">");
                escape(piece, &mut self.xml);
                self.xml.push_str("</w:t>");
            }
        }
        self.xml.push_str("</w:r>");
    }

    pub(super) fn tab(&mut self) {
        self.xml.push_str("<w:r><w:tab/></w:r>");
    }

    /// A line of its own in one look.
    pub(super) fn line(&mut self, text: &str, look: RunLook) {
        self.open(Place::Plain);
        self.run(text, look);
        self.close();
    }

    pub(super) fn centred(&mut self, text: &str) {
        self.xml.push_str("<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>");
        self.run(text, RunLook::BOLD);
        self.close();
    }
}

/// Letters of a run: a new line in them is a space, as breaks are elements of their own.
pub(super) fn escape(text: &str, out: &mut String) {
    crate::xml::escape(&text.replace('\n', " "), out);
}
