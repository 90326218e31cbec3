//! Lines of `lopmo library import FILE.jsonl`: one learning material each.

use std::io::BufRead;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::vietnamese::{collapse_whitespace, nfc};

/// Longest line, in bytes.
pub const MAX_LINE: usize = 4 << 20;
/// Longest title, in characters.
pub const MAX_TITLE: usize = 500;
/// Most tags of one item.
pub const MAX_TAGS: usize = 50;

/// Licences a shared library may carry, by SPDX id. `LicenseRef-PublicDomain`
/// stands for works whose protection has ended.
pub const LICENCES: [&str; 36] = [
    "CC0-1.0", "PDDL-1.0", "CC-PDDC", "CC-PDM-1.0", "LicenseRef-PublicDomain",
    "CC-BY-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0",
    "CC-BY-SA-1.0", "CC-BY-SA-2.0", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-4.0",
    "CC-BY-NC-1.0", "CC-BY-NC-2.0", "CC-BY-NC-2.5", "CC-BY-NC-3.0", "CC-BY-NC-4.0",
    "CC-BY-ND-1.0", "CC-BY-ND-2.0", "CC-BY-ND-2.5", "CC-BY-ND-3.0", "CC-BY-ND-4.0",
    "CC-BY-NC-SA-1.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-2.5", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0",
    "CC-BY-NC-ND-1.0", "CC-BY-NC-ND-2.0", "CC-BY-NC-ND-2.5", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0",
    "GFDL-1.3-or-later",
];

/// One material, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryItem {
    /// The giver's own id: what a later import updates by. 1 to 200 characters.
    pub external_id: String,
    /// One line, NFC.
    pub title: String,
    /// Plain text, NFC, line breaks kept.
    pub text: String,
    /// Code of a subject; whether the curriculum has it is the caller's check.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// BCP 47, in canonical case; `vi` where the line says nothing.
    pub language: String,
    /// SPDX id in canonical case; `None` where the line says nothing.
    pub licence: Option<String>,
    /// Each once, NFC, one line.
    pub tags: Vec<String>,
}

/// A line that can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LineProblem {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong.
    pub code: LineProblemCode,
    /// The field it is about, where it is about one.
    pub field: Option<String>,
    /// English sentence for logs and the terminal.
    pub message: String,
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineProblemCode {
    /// Not a JSON object.
    NotJson,
    /// Longer than [`MAX_LINE`].
    TooLong,
    /// Not UTF-8.
    NotUtf8,
    /// The reader failed; nothing follows.
    Unreadable,
    /// A required field is missing or empty.
    MissingField,
    /// A field of the wrong type or too long.
    BadField,
    /// Not an SPDX id of [`LICENCES`].
    BadLicence,
    /// Not a BCP 47 tag.
    BadLanguage,
    /// Not 1 to 12.
    BadGrade,
}

impl LineProblemCode {
    /// The stable kebab-case word, such as `not-json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not-json",
            Self::TooLong => "too-long",
            Self::NotUtf8 => "not-utf8",
            Self::Unreadable => "unreadable",
            Self::MissingField => "missing-field",
            Self::BadField => "bad-field",
            Self::BadLicence => "bad-licence",
            Self::BadLanguage => "bad-language",
            Self::BadGrade => "bad-grade",
        }
    }
}

/// One good line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedItem {
    /// Line of the file, from 1.
    pub line: u64,
    /// What it says.
    pub item: LibraryItem,
}

/// Lines one by one; blank lines are skipped, a bad line does not stop the rest.
pub struct LibraryLines<R> {
    source: R,
    line: u64,
    done: bool,
    buffer: Vec<u8>,
}

impl<R: BufRead> LibraryLines<R> {
    /// Reads from the start of a file. Memory is bounded by [`MAX_LINE`].
    pub fn new(source: R) -> Self {
        Self {
            source,
            line: 0,
            done: false,
            buffer: Vec::new(),
        }
    }

    /// One line into the buffer, without its end; what passes the limit is read and dropped.
    fn fill(&mut self) -> std::io::Result<Fill> {
        self.buffer.clear();
        let (mut any, mut dropped) = (false, false);
        loop {
            let available = match self.source.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(match (any, dropped) {
                    (false, _) => Fill::End,
                    (true, false) => Fill::Line,
                    (true, true) => Fill::TooLong,
                });
            }
            any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            if self.buffer.len() + part.len() > MAX_LINE {
                dropped = true;
                self.buffer.clear();
            } else if !dropped {
                self.buffer.extend_from_slice(part);
            }
            let used = end.map_or(part.len(), |end| end + 1);
            self.source.consume(used);
            if end.is_some() {
                return Ok(if dropped { Fill::TooLong } else { Fill::Line });
            }
        }
    }
}

enum Fill {
    Line,
    TooLong,
    End,
}

impl<R: BufRead> Iterator for LibraryLines<R> {
    type Item = Result<NumberedItem, LineProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.line += 1;
            let line = self.line;
            match self.fill() {
                Ok(Fill::End) => self.done = true,
                Ok(Fill::TooLong) => {
                    return Some(Err(problem(line, LineProblemCode::TooLong, None, format!("longer than {MAX_LINE} bytes"))));
                }
                Ok(Fill::Line) => {
                    let bytes = match line {
                        1 => self.buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.buffer),
                        _ => &self.buffer,
                    };
                    let Ok(text) = std::str::from_utf8(bytes) else {
                        return Some(Err(problem(line, LineProblemCode::NotUtf8, None, "not UTF-8".to_owned())));
                    };
                    if !text.trim().is_empty() {
                        return Some(parse_line(line, text).map(|item| NumberedItem { line, item }));
                    }
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(problem(line, LineProblemCode::Unreadable, None, error.to_string())));
                }
            }
        }
        None
    }
}

fn problem(line: u64, code: LineProblemCode, field: Option<&str>, message: String) -> LineProblem {
    LineProblem {
        line,
        code,
        field: field.map(str::to_owned),
        message,
    }
}

/// One line; `line` is only repeated in the problem.
///
/// # Errors
/// The first thing wrong with the line.
pub fn parse_line(line: u64, text: &str) -> Result<LibraryItem, LineProblem> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        problem(line, LineProblemCode::NotJson, None, format!("not JSON: {error}"))
    })?;
    let Value::Object(object) = value else {
        return Err(problem(line, LineProblemCode::NotJson, None, "not a JSON object".to_owned()));
    };
    let fields = Fields { line, object: &object };
    let external_id = fields.required("external_id", 200)?;
    let title = collapse_whitespace(&fields.required("title", MAX_TITLE)?);
    let text = match object.get("text") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => nfc(text),
        Some(_) => return Err(fields.bad("text", "must be a text")),
    };
    let subject = fields.optional("subject", 60)?;
    if let Some(code) = &subject
        && !code.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
    {
        return Err(fields.bad("subject", "must be a code of letters, digits, - _ ."));
    }
    let language = match fields.optional("language", 60)? {
        None => "vi".to_owned(),
        Some(tag) => canonical_language(&tag).ok_or_else(|| {
            problem(line, LineProblemCode::BadLanguage, Some("language"), format!("{tag:?} is no BCP 47 language tag"))
        })?,
    };
    let licence = match fields.optional("licence", 60)? {
        None => None,
        Some(id) => Some(canonical_licence(&id).map(str::to_owned).ok_or_else(|| {
            problem(line, LineProblemCode::BadLicence, Some("licence"), format!("{id:?} is no open licence known by its SPDX id"))
        })?),
    };
    Ok(LibraryItem {
        external_id,
        title,
        text,
        subject,
        grade: fields.grade()?,
        language,
        licence,
        tags: fields.tags()?,
    })
}

struct Fields<'a> {
    line: u64,
    object: &'a Map<String, Value>,
}

impl Fields<'_> {
    fn bad(&self, field: &str, why: &str) -> LineProblem {
        problem(self.line, LineProblemCode::BadField, Some(field), format!("{field} {why}"))
    }

    fn optional(&self, field: &str, longest: usize) -> Result<Option<String>, LineProblem> {
        match self.object.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => {
                let text = collapse_whitespace(text);
                if text.chars().count() > longest {
                    return Err(self.bad(field, &format!("is longer than {longest} characters")));
                }
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
            // Ids that were numbers in somebody's database.
            Some(Value::Number(number)) if field == "external_id" => Ok(Some(number.to_string())),
            Some(_) => Err(self.bad(field, "must be a text")),
        }
    }

    fn required(&self, field: &str, longest: usize) -> Result<String, LineProblem> {
        self.optional(field, longest)?.ok_or_else(|| {
            problem(self.line, LineProblemCode::MissingField, Some(field), format!("{field} is missing or empty"))
        })
    }

    fn grade(&self) -> Result<Option<u8>, LineProblem> {
        let bad = || {
            problem(self.line, LineProblemCode::BadGrade, Some("grade"), "grade must be a whole number from 1 to 12".to_owned())
        };
        match self.object.get("grade") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => number
                .as_u64()
                .and_then(|grade| u8::try_from(grade).ok())
                .filter(|grade| (1..=12).contains(grade))
                .map(Some)
                .ok_or_else(bad),
            Some(_) => Err(bad()),
        }
    }

    fn tags(&self) -> Result<Vec<String>, LineProblem> {
        let list = match self.object.get("tags") {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(self.bad("tags", "must be a list of texts")),
        };
        if list.len() > MAX_TAGS {
            return Err(self.bad("tags", &format!("has more than {MAX_TAGS} entries")));
        }
        let mut tags: Vec<String> = Vec::new();
        for value in list {
            let Value::String(tag) = value else {
                return Err(self.bad("tags", "must be a list of texts"));
            };
            let tag = collapse_whitespace(tag);
            if tag.chars().count() > 100 {
                return Err(self.bad("tags", "has an entry longer than 100 characters"));
            }
            if !tag.is_empty() && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        Ok(tags)
    }
}

/// The SPDX id as the list writes it, whatever case it came in; `None` when it is none of [`LICENCES`].
pub fn canonical_licence(id: &str) -> Option<&'static str> {
    LICENCES.into_iter().find(|known| known.eq_ignore_ascii_case(id.trim()))
}

/// A well-formed BCP 47 tag in the case RFC 5646 section 2.1.1 advises; `None`
/// when not well-formed. Only the form is checked, not the registry.
pub fn canonical_language(tag: &str) -> Option<String> {
    let parts: Vec<&str> = tag.trim().split('-').collect();
    let (first, rest) = parts.split_first()?;
    let alphabetic = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(2..=8).contains(&first.len()) || !alphabetic(first) || first.len() == 4 {
        return None;
    }
    let mut out = first.to_ascii_lowercase();
    let mut extension = false;
    for (index, part) in rest.iter().enumerate() {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        out.push('-');
        if part.len() == 1 {
            // A singleton opens an extension and must be followed by something.
            if index + 1 == rest.len() {
                return None;
            }
            extension = true;
            out.push_str(&part.to_ascii_lowercase());
        } else if extension {
            out.push_str(&part.to_ascii_lowercase());
        } else if part.len() == 4 && alphabetic(part) {
            out.push_str(&part[..1].to_ascii_uppercase());
            out.push_str(&part[1..].to_ascii_lowercase());
        } else if part.len() == 2 && alphabetic(part) {
            out.push_str(&part.to_ascii_uppercase());
        } else {
            let region = part.len() == 3;
            let variant = (5..=8).contains(&part.len()) || (part.len() == 4 && part.as_bytes()[0].is_ascii_digit());
            if !region && !variant {
                return None;
            }
            out.push_str(&part.to_ascii_lowercase());
        }
    }
    Some(out)
}
