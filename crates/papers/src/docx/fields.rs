//! Fields: their code is left out, their result is kept. Some have no result and are worked out.

use crate::document::{Look, Part};
use crate::math::eq_field::{self, Shown};
use crate::rich::{MathDisplay, Script};
use crate::xml::Element;

use super::body::Reader;
use super::line::Line;
use super::look::RunProperties;
use super::losses::Loss;
use super::symbols;

/// Fields in fields; real ones stay below five.
const DEEPEST: usize = 64;
const LONGEST_CODE: usize = 20_000;

/// A field being read.
#[derive(Debug, Default)]
pub(super) struct Field {
    code: String,
    /// What stood in its code that is no code: kept in case the field never ends.
    stray: String,
    in_result: bool,
    has_result: bool,
    /// What a form field shows.
    form: Option<String>,
}

impl Reader<'_> {
    /// Whether what stands here is code of a field and not shown.
    pub(super) fn is_in_code(&self) -> bool {
        self.fields.iter().any(|field| !field.in_result)
    }

    /// Text in a place that is code; see [`Field::stray`].
    pub(super) fn stray(&mut self, text: &str) {
        if let Some(field) = self.fields.iter_mut().rev().find(|field| !field.in_result)
            && field.stray.len() < LONGEST_CODE
        {
            field.stray.push_str(text);
        }
    }

    /// Tells all open fields that they show something.
    pub(super) fn field_shows(&mut self) {
        self.shown = self.shown.wrapping_add(1);
        self.fields.iter_mut().for_each(|field| field.has_result = true);
    }

    pub(super) fn field_code(&mut self, text: &str, run: &RunProperties) {
        let Some(field) = self.fields.last_mut().filter(|field| !field.in_result && field.code.len() < LONGEST_CODE) else { return };
        match run.script {
            Some(Script::Super) => field.code.extend([eq_field::RAISED.to_string().as_str(), text, eq_field::LEVEL.to_string().as_str()]),
            Some(Script::Sub) => field.code.extend([eq_field::LOWERED.to_string().as_str(), text, eq_field::LEVEL.to_string().as_str()]),
            _ => field.code.push_str(text),
        }
    }

    pub(super) fn field_mark(&mut self, mark: &Element, line: &mut Line<'_>, run: &RunProperties) {
        match mark.attribute("fldCharType") {
            Some("begin") if self.fields.len() < DEEPEST => {
                self.fields.push(Field { form: mark.first("ffData").and_then(form), ..Field::default() });
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.in_result = true;
                }
            }
            Some("end") => {
                if let Some(field) = self.fields.pop()
                    && !self.is_in_code()
                {
                    self.without_result(&field, line, run);
                }
            }
            _ => {}
        }
    }

    /// A field in one element, whose result stands in it.
    pub(super) fn simple_field(&mut self, code: &str, shows: bool, line: &mut Line<'_>, run: &RunProperties) {
        if !shows {
            self.without_result(&Field { code: code.to_owned(), ..Field::default() }, line, run);
        }
    }

    /// A field whose code never ended would swallow the paragraph.
    pub(super) fn close_fields(&mut self, line: &mut Line<'_>) {
        if !self.is_in_code() {
            return;
        }
        self.notebook.lost(line.number, Loss::UnfinishedField);
        for field in std::mem::take(&mut self.fields) {
            line.text(&field.stray, &line.inherited.run.clone());
        }
    }

    fn without_result(&mut self, field: &Field, line: &mut Line<'_>, run: &RunProperties) {
        let code = field.code.trim();
        let (name, rest) = code.split_once(|letter: char| letter.is_whitespace() || letter == '\\').unwrap_or((code, ""));
        let rest = code.get(code.len() - rest.len()..).unwrap_or("");
        // The back slash is part of what follows.
        let rest =
            if code.get(name.len()..).is_some_and(|after| after.starts_with('\\')) { code.get(name.len()..).unwrap_or("") } else { rest };
        match name.to_ascii_uppercase().as_str() {
            "FORMCHECKBOX" | "FORMDROPDOWN" if !field.has_result => line.text(field.form.as_deref().unwrap_or("☐"), run),
            _ if field.has_result => {}
            "EQ" => match eq_field::from_eq(rest) {
                Shown::Formula(latex) if latex.is_empty() => {}
                Shown::Formula(latex) => line.part(Part::Math { latex, display: MathDisplay::Inline }),
                Shown::Enclosed(letter) => {
                    let look = Look { highlighted: true, ..run.look() };
                    line.text_looking(&letter, look, run.legacy(), false);
                }
            },
            "SYMBOL" => match symbol_field(rest) {
                Some(letter) => line.text(letter.encode_utf8(&mut [0; 4]), run),
                None => self.notebook.lost(line.number, Loss::UnknownField(short(code))),
            },
            // Marks for indexes and tables of contents, and fields that show nothing.
            "" | "XE" | "TC" | "TA" | "RD" | "SET" | "PRIVATE" | "ADVANCE" | "PAGE" | "NUMPAGES" | "SECTIONPAGES" | "TOC" | "INDEX"
            | "FORMTEXT" | "HYPERLINK" | "MACROBUTTON" | "GOTOBUTTON" | "ADDIN" | "EMBED" | "MERGEFIELD" | "NEXT" | "ASK" | "COMMENTS"
            | "IF" | "REF" | "PAGEREF" | "DATE" | "TIME" => {}
            _ => self.notebook.lost(line.number, Loss::UnknownField(short(code))),
        }
    }
}

/// What a check box or a list of a form shows.
fn form(data: &Element) -> Option<String> {
    if let Some(own) = data.first("checkBox") {
        let state = own.first("checked").or_else(|| own.first("default"))?;
        return Some(if super::look::is_on(state.attribute("val")) { "☑" } else { "☐" }.to_owned());
    }
    let list = data.first("ddList")?;
    let value = |name: &str| list.first(name).and_then(|own| own.attribute("val")).and_then(|value| value.parse().ok());
    let chosen: usize = value("result").or_else(|| value("default")).unwrap_or(0);
    list.all("listEntry").nth(chosen).and_then(|entry| entry.attribute("val")).map(str::to_owned)
}

/// `97 \f "Symbol"`.
fn symbol_field(rest: &str) -> Option<char> {
    let mut words = rest.split_whitespace();
    let number = words.next()?.trim_matches('"');
    let code = match number.strip_prefix("0x").or_else(|| number.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    let font = rest.split("\\f").nth(1).map(|font| font.trim().trim_matches('"').split('"').next().unwrap_or("").trim()).unwrap_or("");
    symbols::symbol(font, &format!("{code:x}"))
}

fn short(code: &str) -> String {
    code.chars().take(60).collect()
}
