//! Lists that name people who are there already: nobody is made or changed by them.

use db::{Conn, DbError};
use exchange::decode::decode_text;
use exchange::roster::{Roster, parse_date};
use kernel::{OrganisationId, PersonId};

use super::ImportError;
use super::known::Known;
use crate::access::{Grant, SeePeople};

/// Whom a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// Nobody of the organisation.
    Nobody,
    /// More than one.
    Several,
    /// Her.
    One(PersonId),
}

impl Recognised {
    /// Who, if it is one.
    pub fn person(&self) -> Option<PersonId> {
        if let Self::One(person) = self { Some(*person) } else { None }
    }

    /// What two organisations say together: two people called so are several.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nobody, other) => other,
            (this, Self::Nobody) => this,
            (Self::One(this), Self::One(other)) if this == other => Self::One(this),
            _ => Self::Several,
        }
    }
}

/// Reads a file, or a text as people paste it: with headings, or lines with a name, a number, or both.
///
/// # Errors
/// [`ImportError::Unreadable`].
pub async fn read_list(content: Vec<u8>) -> Result<Roster, ImportError> {
    let roster = super::read(content.clone()).await?;
    if !roster.rows.is_empty() || !roster.columns.is_empty() || content.starts_with(b"PK") {
        return Ok(roster);
    }
    super::read(with_headings(&decode_text(&content)).into_bytes()).await
}

/// The text under headings, each cell in the column that it looks to be of.
fn with_headings(text: &str) -> String {
    let mut out = String::from("Mã học sinh\tHọ và tên\tNgày sinh\tTên đăng nhập\n");
    for line in text.lines() {
        let mut cells = [""; 4];
        let counted = line.trim().trim_start_matches(|sign: char| sign.is_ascii_digit());
        // "12. Nguyễn Văn An" and "12) …" count; "0123456" alone is a number.
        let line = if counted.starts_with(['.', ')']) { &counted[1..] } else { line };
        for cell in line.split(['\t', ';', ',']).map(str::trim).filter(|cell| !cell.is_empty()) {
            cells[column_of(cell)] = cell;
        }
        out.push_str(&cells.join("\t"));
        out.push('\n');
    }
    out
}

fn column_of(cell: &str) -> usize {
    let is_bare = cell.is_ascii() && !cell.contains(' ');
    if parse_date(cell).is_some() {
        2
    } else if is_bare && cell.contains('.') && cell.starts_with(|first: char| first.is_ascii_lowercase()) {
        3
    } else if is_bare && cell.contains(|letter: char| letter.is_ascii_digit()) {
        0
    } else {
        1
    }
}

/// Whom each row of a list means, of the people of an organisation.
///
/// # Errors
/// [`DbError`].
pub async fn recognise(conn: &mut Conn, grant: &Grant<SeePeople>, roster: &Roster) -> Result<Vec<Recognised>, DbError> {
    let organisation: OrganisationId = *grant.scope();
    let known = Known::read_people(conn, organisation).await?;
    let answer = |row: &exchange::roster::Row| match known.meant_by(&row.person)[..] {
        [] => Recognised::Nobody,
        [one] => Recognised::One(one.id),
        _ => Recognised::Several,
    };
    Ok(roster.rows.iter().map(answer).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pasted_list_without_headings_is_understood() {
        let text = "1. Nguyễn Văn An\n2) Trần Thị Bình, 12/03/2010\nHS0012\tLê Văn Cường\n0123456\npham.dung\n\n";
        let roster = read_list(text.as_bytes().to_vec()).await.unwrap_or_default();
        let shown: Vec<_> = roster
            .rows
            .iter()
            .map(|row| {
                let person = &row.person;
                (person.full_name.as_deref(), person.code.as_deref(), person.birth_date.is_some(), person.username.as_deref())
            })
            .collect();
        assert_eq!(
            shown,
            [
                (Some("Nguyễn Văn An"), None, false, None),
                (Some("Trần Thị Bình"), None, true, None),
                (Some("Lê Văn Cường"), Some("HS0012"), false, None),
                (None, Some("0123456"), false, None),
                (None, None, false, Some("pham.dung")),
            ]
        );
    }

    #[test]
    fn two_schools_with_one_each_are_several() {
        let (one, two) = (Recognised::One(PersonId(uuid::Uuid::from_u128(1))), Recognised::One(PersonId(uuid::Uuid::from_u128(2))));
        assert_eq!(Recognised::Nobody.or(one), one);
        assert_eq!(one.or(Recognised::Nobody), one);
        assert_eq!(one.or(one), one);
        assert_eq!(one.or(two), Recognised::Several);
    }
}
