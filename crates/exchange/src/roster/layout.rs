//! Where the headings are, and which class a sheet is of.

use std::collections::HashSet;

use super::table::{Cell, Table, TableRow};
use super::{Field, field_of_heading, values};
use crate::vietnamese::fold;

/// Headings are looked for among this many rows from the top.
const HEADING_SEARCH: usize = 40;

/// The row with the most known headings, at least two of them, one a name if possible.
/// A second heading row right below (merged cells above it) fills the gaps.
pub(super) fn find_headings(rows: &[TableRow]) -> Option<(usize, Vec<Option<Field>>)> {
    let understood = |row: &TableRow| -> Vec<Option<Field>> {
        row.cells
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) => field_of_heading(text),
                _ => None,
            })
            .collect()
    };
    let score = |fields: &[Option<Field>]| {
        let known: HashSet<Field> = fields.iter().flatten().copied().collect();
        let named = known.contains(&Field::FullName) || known.contains(&Field::GivenName);
        known.len() + if named { 10 } else { 0 }
    };
    let (mut at, mut fields) = rows
        .iter()
        .take(HEADING_SEARCH)
        .enumerate()
        .map(|(at, row)| (at, understood(row)))
        // The first of equals: a person called "Nam Nữ" further down is no heading.
        .rev()
        .max_by_key(|(_, fields)| score(fields))?;
    let known = fields.iter().flatten().count();
    if known < 2 && !(known == 1 && fields.contains(&Some(Field::FullName))) {
        return None;
    }
    if let Some(below) = rows.get(at + 1) {
        let second = understood(below);
        let is_heading = second.iter().flatten().count() >= 2
            && !below.cells.iter().any(|cell| match cell {
                Cell::Text(text) => text.starts_with(|letter: char| letter.is_ascii_digit()),
                Cell::Empty => false,
                _ => true,
            });
        if is_heading {
            fields.resize(fields.len().max(second.len()), None);
            for (place, found) in fields.iter_mut().zip(second) {
                *place = found.or(*place);
            }
            at += 1;
        }
    }
    split_merged_name(rows, at, &mut fields);
    Some((at, fields))
}

/// "Họ và tên" merged over two columns: the given name stands in the column
/// without a heading after it, in at least half of the rows.
fn split_merged_name(rows: &[TableRow], heading_at: usize, fields: &mut Vec<Option<Field>>) {
    let name = fields.iter().position(|field| matches!(field, Some(Field::FullName | Field::FamilyNames)));
    let Some(name) = name else { return };
    let next_is_free = fields.get(name + 1).is_none_or(Option::is_none) && rows[heading_at].cells.get(name + 1).is_none_or(Cell::is_empty);
    if !next_is_free || fields.contains(&Some(Field::GivenName)) {
        return;
    }
    let is_text = |row: &TableRow, column: usize| matches!(row.cells.get(column), Some(Cell::Text(text)) if !text.is_empty());
    let named = rows[heading_at + 1..].iter().filter(|row| is_text(row, name)).count();
    let given = rows[heading_at + 1..].iter().filter(|row| is_text(row, name + 1)).count();
    if given > 0 && given * 2 >= named {
        fields.resize(fields.len().max(name + 2), None);
        fields[name] = Some(Field::FamilyNames);
        fields[name + 1] = Some(Field::GivenName);
    }
}

/// "Lớp 10A1" among the titles, else a sheet named like a class.
pub(super) fn class_of_sheet(table: &Table, heading_at: usize) -> Option<String> {
    for row in &table.rows[..heading_at] {
        for cell in &row.cells {
            if let Cell::Text(text) = cell
                && let Some(class) = class_in_title(text)
            {
                return Some(class);
            }
        }
    }
    let folded = fold(&table.sheet);
    let name = folded
        .strip_prefix("lop")
        .map_or(table.sheet.as_str(), |rest| table.sheet.get(table.sheet.len() - rest.len()..).unwrap_or(&table.sheet));
    let name = name.trim_matches([' ', ':', '_', '-']);
    looks_like_class(name).then(|| name.to_owned())
}

fn class_in_title(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split([' ', ':', ',', ';']).filter(|word| !word.is_empty()).collect();
    words.windows(2).find_map(|pair| (fold(pair[0]) == "lop" && looks_like_class(pair[1])).then(|| pair[1].to_owned()))
}

/// 1 to 12 and then at least one more sign: 10A1, 9/2, 12 Toán, 1B.
fn looks_like_class(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let grade: Option<u8> = text.get(..digits).and_then(|number| number.parse().ok());
    grade.is_some_and(|grade| (1..=12).contains(&grade)) && text.len() > digits && values::class(text).is_ok() && text.chars().count() <= 20
}
