//! Tables to people: find the headings, read the rows, look for duplicates.

use std::collections::{HashMap, HashSet};

use super::duplicates::find_duplicates;
use super::layout::{class_of_sheet, find_headings};
use super::table::{Cell, Table, TableRow};
use super::{Column, Field, Gender, MAX_CELL, MAX_ROWS, PartialPerson, Problem, ProblemCode, Roster, RosterError, Row, values};
use crate::vietnamese::fold;

pub(super) fn interpret(tables: &[Table]) -> Result<Roster, RosterError> {
    let mut roster = Roster::default();
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        read_table(table, &mut roster)?;
    }
    find_duplicates(&mut roster.rows);
    Ok(roster)
}

fn file_problem(code: ProblemCode, field: Option<Field>, value: &str) -> Problem {
    Problem { field, code, value: cut(value) }
}

/// Problems show the start of a value, not a novel.
fn cut(value: &str) -> String {
    value.chars().take(100).collect()
}

fn read_table(table: &Table, roster: &mut Roster) -> Result<(), RosterError> {
    let Some((at, fields)) = find_headings(&table.rows) else {
        roster.problems.push(file_problem(ProblemCode::NoHeadings, None, &table.sheet));
        return Ok(());
    };
    let head = &table.rows[at];
    let mut seen = HashSet::new();
    let mut used = vec![None; fields.len()];
    for (index, field) in fields.iter().enumerate() {
        let heading = head.cells.get(index).map(Cell::shown).unwrap_or_default();
        if heading.is_empty() && field.is_none() {
            continue;
        }
        if let Some(field) = field {
            if seen.insert(*field) {
                used[index] = Some(*field);
            } else {
                roster.problems.push(file_problem(ProblemCode::DuplicateColumn, Some(*field), &heading));
            }
        }
        roster.columns.push(Column { sheet: table.sheet.clone(), heading: cut(&heading), field: used[index] });
    }
    if !seen.contains(&Field::FullName) && !seen.contains(&Field::GivenName) {
        roster.problems.push(file_problem(ProblemCode::NoNameColumn, None, &table.sheet));
        return Ok(());
    }
    let sheet = Sheet { name: &table.sheet, class: class_of_sheet(table, at), fields: &used, heading: head };
    let before = roster.rows.len();
    for row in &table.rows[at + 1..] {
        if let Some(row) = sheet.read_row(row) {
            if roster.rows.len() >= MAX_ROWS {
                return Err(RosterError::TooManyRows { sheet: table.sheet.clone(), line: row.line });
            }
            roster.rows.push(row);
        }
    }
    if roster.rows.len() == before {
        roster.problems.push(file_problem(ProblemCode::NoRows, None, &table.sheet));
    }
    Ok(())
}

struct Sheet<'a> {
    name: &'a str,
    class: Option<String>,
    fields: &'a [Option<Field>],
    heading: &'a TableRow,
}

impl Sheet<'_> {
    /// `None` for rows that are no people: blank, repeated headings, numbers of columns, footers.
    fn read_row(&self, row: &TableRow) -> Option<Row> {
        let mut cells: HashMap<Field, &Cell> = HashMap::new();
        for (field, cell) in self.fields.iter().zip(&row.cells) {
            if let Some(field) = field
                && !cell.is_empty()
            {
                cells.insert(*field, cell);
            }
        }
        let telling = cells.keys().filter(|field| !matches!(field, Field::Ordinal | Field::Note | Field::Class)).count();
        if telling == 0 || self.repeats_heading(row) || is_footer(row, &cells) {
            return None;
        }
        let mut reading = Reading { cells, person: PartialPerson::default(), problems: Vec::new() };
        reading.read(self);
        Some(Row { line: row.line, sheet: self.name.to_owned(), person: reading.person, problems: reading.problems })
    }

    fn repeats_heading(&self, row: &TableRow) -> bool {
        let same = row.cells.iter().zip(&self.heading.cells).filter(|(cell, head)| !cell.is_empty() && cell == head).count();
        let filled = row.cells.iter().filter(|cell| !cell.is_empty()).count();
        // Forms number their columns (1) (2) (3) below the headings.
        let counting = filled >= 3
            && row
                .cells
                .iter()
                .filter(|cell| !cell.is_empty())
                .enumerate()
                .all(|(index, cell)| cell.shown().trim_matches(['(', ')']) == (index + 1).to_string());
        same >= 2 || counting
    }
}

/// "Danh sách này có 42 học sinh", signatures: up to three cells that begin with
/// words no person is called.
fn is_footer(row: &TableRow, cells: &HashMap<Field, &Cell>) -> bool {
    let born = cells.get(&Field::BirthDate).is_some_and(|cell| values::date(cell).is_ok());
    if born {
        return false;
    }
    let filled: Vec<String> = row.cells.iter().filter(|cell| !cell.is_empty()).map(|cell| fold(&cell.shown())).collect();
    let marks = [
        "danh sach",
        "tong so",
        "tong cong",
        "cong:",
        "nguoi lap",
        "hieu truong",
        "ngay ",
        "ky ten",
        "giao vien chu nhiem",
        "ky va ghi",
        "xac nhan",
        "trong do",
        "ban nay co",
    ];
    filled.len() <= 3 && filled.iter().any(|text| marks.iter().any(|mark| text.starts_with(mark)))
}

struct Reading<'a> {
    cells: HashMap<Field, &'a Cell>,
    person: PartialPerson,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn read(&mut self, sheet: &Sheet<'_>) {
        let name = self.full_name();
        self.person.full_name = name;
        self.person.birth_date = self.take(Field::BirthDate, values::date);
        self.person.gender = self.gender(sheet);
        self.person.class = match self.take(Field::Class, |cell| values::class(&cell.shown())) {
            Some(class) => Some(class),
            None => sheet.class.clone().filter(|_| !self.cells.contains_key(&Field::Class)),
        };
        self.person.code = self.take(Field::Code, |cell| values::code(&cell.shown()));
        self.person.ministry_id = self.take(Field::MinistryId, |cell| values::code(&cell.shown()));
        self.person.national_id = self.take(Field::NationalId, values::national_id);
        self.person.email = self.take(Field::Email, |cell| values::email(&cell.shown()));
        self.person.phone = self.take(Field::Phone, values::phone);
        self.person.username = self.take(Field::Username, |cell| values::username(&cell.shown()));
        self.person.role = self.take(Field::Role, |cell| values::role(&cell.shown()));
        self.person.father.name = self.take(Field::FatherName, |cell| values::name(&cell.shown()));
        self.person.father.phone = self.take(Field::FatherPhone, values::phone);
        self.person.mother.name = self.take(Field::MotherName, |cell| values::name(&cell.shown()));
        self.person.mother.phone = self.take(Field::MotherPhone, values::phone);
        self.person.guardian.name = self.take(Field::GuardianName, |cell| values::name(&cell.shown()));
        self.person.guardian.phone = self.take(Field::GuardianPhone, values::phone);
    }

    fn problem(&mut self, field: Field, code: ProblemCode, value: &str) {
        self.problems.push(Problem { field: Some(field), code, value: cut(value) });
    }

    fn take<T>(&mut self, field: Field, parse: impl Fn(&Cell) -> Result<T, ProblemCode>) -> Option<T> {
        let cell = *self.cells.get(&field)?;
        let outcome = match cell {
            Cell::Error(_) => Err(ProblemCode::CellError),
            Cell::Text(text) if text.chars().count() > MAX_CELL => Err(ProblemCode::CellTooLong),
            _ => parse(cell),
        };
        match outcome {
            Ok(value) => Some(value),
            Err(code) => {
                self.problem(field, code, &cell.shown());
                None
            }
        }
    }

    fn full_name(&mut self) -> Option<String> {
        let name = |cell: &Cell| values::name(&cell.shown());
        if self.cells.contains_key(&Field::FullName) {
            let mut full = self.take(Field::FullName, name)?;
            // A given name in its own column beside "Họ và tên" means that column has the rest.
            if let Some(given) = self.take(Field::GivenName, name)
                && !fold(&full).split(' ').any(|word| fold(&given).split(' ').next_back() == Some(word))
            {
                full = format!("{full} {given}");
            }
            return Some(full);
        }
        let family = self.take(Field::FamilyNames, name);
        let given = self.take(Field::GivenName, name);
        match (family, given) {
            (Some(family), Some(given)) => Some(format!("{family} {given}")),
            (None, Some(given)) if !self.cells.contains_key(&Field::FamilyNames) => Some(given),
            _ => {
                if self.problems.is_empty() {
                    let field = if self.cells.contains_key(&Field::FamilyNames) { Field::GivenName } else { Field::FullName };
                    self.problem(field, ProblemCode::MissingName, "");
                }
                None
            }
        }
    }

    /// A column of crosses says both: a cross is the one, no cross the other.
    fn gender(&mut self, sheet: &Sheet<'_>) -> Option<Gender> {
        if self.cells.contains_key(&Field::Gender) {
            return self.take(Field::Gender, |cell| values::gender(&cell.shown()));
        }
        let has = |field| sheet.fields.contains(&Some(field));
        let mark = |reading: &mut Self, field| reading.take(field, |cell| values::is_mark(&cell.shown())).unwrap_or(false);
        match (has(Field::FemaleMark), has(Field::MaleMark)) {
            (true, true) => match (mark(self, Field::FemaleMark), mark(self, Field::MaleMark)) {
                (true, false) => Some(Gender::Female),
                (false, true) => Some(Gender::Male),
                (true, true) => {
                    self.problem(Field::FemaleMark, ProblemCode::UnknownGender, "x, x");
                    None
                }
                (false, false) => None,
            },
            (true, false) => {
                let before = self.problems.len();
                let female = mark(self, Field::FemaleMark);
                (self.problems.len() == before).then_some(if female { Gender::Female } else { Gender::Male })
            }
            (false, true) => {
                let before = self.problems.len();
                let male = mark(self, Field::MaleMark);
                (self.problems.len() == before).then_some(if male { Gender::Male } else { Gender::Female })
            }
            (false, false) => None,
        }
    }
}
