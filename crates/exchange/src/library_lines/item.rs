//! One line to one material.

use serde_json::{Map, Value};

use super::{LibraryItem, LineProblem, LineProblemCode, MAX_TAGS, MAX_TITLE, canonical_language, canonical_licence};
use crate::vietnamese::{collapse_whitespace, nfc};

pub(super) fn problem(line: u64, code: LineProblemCode, field: Option<&str>, message: String) -> LineProblem {
    LineProblem { line, code, field: field.map(str::to_owned), message }
}

/// One line; `line` is only repeated in the problem.
///
/// # Errors
/// The first thing wrong with the line.
pub fn parse_line(line: u64, text: &str) -> Result<LibraryItem, LineProblem> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| problem(line, LineProblemCode::NotJson, None, format!("not JSON: {error}")))?;
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
        Some(tag) => canonical_language(&tag)
            .ok_or_else(|| problem(line, LineProblemCode::BadLanguage, Some("language"), format!("{tag:?} is no BCP 47 language tag")))?,
    };
    let licence = match fields.optional("licence", 60)? {
        None => None,
        Some(id) => Some(canonical_licence(&id).map(str::to_owned).ok_or_else(|| {
            problem(line, LineProblemCode::BadLicence, Some("licence"), format!("{id:?} is no open licence known by its SPDX id"))
        })?),
    };
    Ok(LibraryItem { external_id, title, text, subject, grade: fields.grade()?, language, licence, tags: fields.tags()? })
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
        self.optional(field, longest)?
            .ok_or_else(|| problem(self.line, LineProblemCode::MissingField, Some(field), format!("{field} is missing or empty")))
    }

    fn grade(&self) -> Result<Option<u8>, LineProblem> {
        let bad = || problem(self.line, LineProblemCode::BadGrade, Some("grade"), "grade must be a whole number from 1 to 12".to_owned());
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
