//! The zip package: which part is which, and what relationships point to. Nothing outside the file
//! is ever looked at.

use std::collections::HashMap;
use std::io::{BufReader, Read};

use exchange::archive::{ArchiveLimits, LimitedArchive};

use crate::error::ReadError;
use crate::xml::{Element, Piece, stream};

/// Parts read as trees take many times their bytes.
const LARGEST_TREE: usize = 6 << 20;

/// An opened file.
pub(super) struct Package<'a> {
    bytes: &'a [u8],
    archive: LimitedArchive<'a>,
    /// Entry names as they are, by how they are looked for.
    names: HashMap<String, String>,
}

/// Where a relationship leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To a part of the package.
    Part(String),
    /// Out of it: never fetched.
    External(String),
}

/// What one part's relationships are.
#[derive(Clone, Debug, Default)]
pub(super) struct Relations {
    by_id: HashMap<String, (String, Target)>,
}

impl Relations {
    pub(super) fn target(&self, id: &str) -> Option<&Target> {
        self.by_id.get(id).map(|(_, target)| target)
    }

    /// The part a relationship of this kind leads to. Kinds end alike in strict and transitional files.
    pub(super) fn part_of_kind(&self, kind: &str) -> Option<&str> {
        let mut found: Vec<&str> = self
            .by_id
            .values()
            .filter(|(own, _)| own == kind)
            .filter_map(|(_, target)| match target {
                Target::Part(name) => Some(name.as_str()),
                Target::External(_) => None,
            })
            .collect();
        found.sort_unstable();
        found.first().copied()
    }
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let archive = LimitedArchive::open(bytes, ArchiveLimits::OFFICE)?;
        let names = archive.names().into_iter().map(|name| (looked_for(&name), name)).collect();
        Ok(Self { bytes, archive, names })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&looked_for(name))
    }

    /// Whether there is a part whose name satisfies something.
    pub(super) fn any(&self, is: impl Fn(&str) -> bool) -> bool {
        self.names.keys().any(|name| is(name))
    }

    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(own) = self.names.get(&looked_for(name)) else { return Ok(None) };
        Ok(self.archive.read(own)?)
    }

    /// A small part as a tree; `None` where there is none.
    pub(super) fn tree(&mut self, name: &str) -> Result<Option<Element>, ReadError> {
        match self.read(name)? {
            Some(bytes) if bytes.len() > LARGEST_TREE => Err(ReadError::too_large(name)),
            Some(bytes) => Element::parse(&bytes, name).map(Some),
            None => Ok(None),
        }
    }

    /// Reads a part piece by piece. It is unpacked on the way, beside this package, so that pictures
    /// may be read meanwhile.
    pub(super) fn source(&self, name: &str) -> Result<Source<'a>, ReadError> {
        let own = self.names.get(&looked_for(name)).cloned().unwrap_or_else(|| name.to_owned());
        Ok(Source { archive: LimitedArchive::open(self.bytes, ArchiveLimits::OFFICE)?, name: own })
    }

    pub(super) fn relations(&mut self, part: &str) -> Result<Relations, ReadError> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let own = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let Some(tree) = self.tree(&own)? else { return Ok(Relations::default()) };
        let mut by_id = HashMap::new();
        for relation in tree.all("Relationship") {
            let (Some(id), Some(target)) = (relation.attribute("Id"), relation.attribute("Target")) else { continue };
            let kind = relation.attribute("Type").and_then(|kind| kind.rsplit('/').next()).unwrap_or("");
            let target = if relation.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external")) {
                Target::External(target.chars().take(200).collect())
            } else {
                Target::Part(joined(folder, target))
            };
            by_id.insert(id.to_owned(), (kind.to_owned(), target));
        }
        Ok(Relations { by_id })
    }
}

/// A part about to be read piece by piece.
pub(super) struct Source<'a> {
    archive: LimitedArchive<'a>,
    name: String,
}

impl Source<'_> {
    pub(super) fn stream(
        &mut self,
        enters: impl Fn(&str) -> bool,
        see: &mut dyn FnMut(Piece) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let missing = || ReadError::broken(&self.name, "không có trong tệp");
        let mut head = [0_u8; 2];
        let found = self.archive.stream(&self.name)?;
        let count = found.ok_or_else(missing)?.read(&mut head).unwrap_or(0);
        if count == 2 && matches!(head, [0xff, 0xfe] | [0xfe, 0xff] | [b'<', 0] | [0, b'<']) {
            // UTF-16 is allowed and never seen: read whole, then go through it the same way.
            let bytes = self.archive.read(&self.name)?.unwrap_or_default();
            return stream(exchange::decode::decode_text(&bytes).as_bytes(), &self.name, enters, see);
        }
        let entry = self.archive.stream(&self.name)?.ok_or_else(|| ReadError::broken(&self.name, "không có trong tệp"))?;
        stream(BufReader::with_capacity(1 << 16, entry), &self.name, enters, see)
    }
}

/// Some programs write back slashes or other capitals than their relationships say.
fn looked_for(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// A target relative to a folder. It only ever names an entry of the package.
fn joined(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_stay_inside_the_package() {
        for (folder, target, expected) in [
            ("word", "media/image1.png", "word/media/image1.png"),
            ("word", "/word/media/a.png", "word/media/a.png"),
            ("word", "../customXml/item1.xml", "customXml/item1.xml"),
            ("word", "..\\..\\..\\etc\\passwd", "etc/passwd"),
            ("", "word/document.xml", "word/document.xml"),
        ] {
            assert_eq!(joined(folder, target), expected);
        }
    }
}
