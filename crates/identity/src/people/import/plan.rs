//! What each row of a list will do, decided against the database.

use std::collections::HashMap;

use db::{Conn, DbError};
use exchange::roster::{PartialPerson, ProblemCode, Roster, Row};
use kernel::{OrganisationId, PersonId, Role};

use super::known::Known;
use super::{ImportAction, ImportRow, RowProblem, guardians, word};
use crate::access::{Capability as _, Decision, Grant, ManagePeople, ManagePerson};
use crate::people::identifiers::{email_is_taken, ministry_id_is_in_use, national_id_is_in_use};
use crate::people::{Gender, PersonDraft, PersonInput};

/// Every row's plan, in the file's order.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) rows: Vec<PlannedRow>,
    /// Whose numbers the list has.
    pub(super) school: OrganisationId,
}

/// A row's plan.
#[derive(Debug)]
pub(super) struct PlannedRow {
    pub(super) target: Target,
    pub(super) role: Role,
    /// `None` when the row is faulty.
    pub(super) draft: Option<PersonDraft>,
    username: Option<String>,
    problems: Vec<RowProblem>,
}

/// Whom a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    New,
    Known(PersonId),
}

impl Plan {
    /// Whether the list can be taken as a whole.
    pub(super) fn is_ready(&self, roster: &Roster) -> bool {
        roster.is_clean() && self.rows.iter().all(|row| row.problems.is_empty())
    }
}

impl PlannedRow {
    pub(super) fn shown(&self, row: &Row) -> ImportRow {
        ImportRow {
            sheet: Some(row.sheet.clone()).filter(|sheet| !sheet.is_empty()),
            line: row.line,
            display_name: row.person.full_name.clone(),
            birth_date: row.person.birth_date.map(|day| day.to_string()),
            class_name: row.person.class.clone(),
            code: row.person.code.clone(),
            username: self.username.clone(),
            action: if self.target == Target::New { ImportAction::Create } else { ImportAction::Update },
            problems: self.problems.clone(),
        }
    }
}

fn problem(field: &'static str, code: &'static str, value: Option<&str>) -> RowProblem {
    RowProblem { field: Some(field.to_owned()), code: code.to_owned(), value: value.map(str::to_owned) }
}

fn input(person: &PartialPerson) -> PersonInput {
    PersonInput {
        display_name: person.full_name.clone().unwrap_or_default(),
        username: person.username.clone(),
        email: person.email.clone(),
        code: person.code.clone(),
        ministry_id: person.ministry_id.clone(),
        birth_date: person.birth_date.map(|day| day.to_string()),
        gender: person.gender.map(|gender| match gender {
            exchange::roster::Gender::Male => Gender::Male,
            exchange::roster::Gender::Female => Gender::Female,
        }),
        national_id: person.national_id.clone(),
        phone: person.phone.clone(),
        guardians: guardians::as_text(person),
        class_group_id: None,
    }
}

/// Plans a list for the organisation of the grant.
pub(super) async fn make(conn: &mut Conn, grant: &Grant<ManagePeople>, role: Role, roster: &Roster) -> Result<Plan, DbError> {
    let mut known = Known::read(conn, *grant.scope()).await?;
    // Usernames the file itself names are not given to others.
    let mut seen: HashMap<PersonId, u32> = HashMap::new();
    let mut rows = Vec::with_capacity(roster.rows.len());
    for row in &roster.rows {
        if let Some(username) = row.person.username.as_deref().filter(|name| !known.username_is_taken(name)) {
            known.take_username_for_file(username);
        }
    }
    for row in &roster.rows {
        rows.push(plan_row(conn, grant, role, row, &mut known, &mut seen).await?);
    }
    Ok(Plan { rows, school: known.school })
}

async fn plan_row(
    conn: &mut Conn,
    grant: &Grant<ManagePeople>,
    role: Role,
    row: &Row,
    known: &mut Known,
    seen: &mut HashMap<PersonId, u32>,
) -> Result<PlannedRow, DbError> {
    let mut problems: Vec<RowProblem> = row
        .problems
        .iter()
        .map(|found| RowProblem {
            field: found.field.and_then(word),
            code: found.code.as_str().to_owned(),
            value: Some(found.value.clone()).filter(|value| !value.is_empty()),
        })
        .collect();
    let person = &row.person;
    let input = input(person);
    let (mut target, mut username) = (Target::New, None);
    let mut elsewhere = false;
    let found = known.named_by(person);
    let alike = match (&found, &person.full_name) {
        (None, Some(name)) => known.alike(name, input.birth_date.as_deref(), person.class.as_deref(), person.code.as_deref()),
        _ => Vec::new(),
    };
    if let Some(one) = found.or_else(|| alike.first().copied().filter(|_| alike.len() == 1)) {
        target = Target::Known(one.id);
        username = Some(one.username.clone());
        elsewhere = one.elsewhere;
    } else if alike.len() > 1 {
        problems.push(problem("full-name", "ambiguous-person", person.full_name.as_deref()));
    }
    if let Target::Known(id) = target {
        if let Some(earlier) = seen.insert(id, row.line) {
            problems.push(problem("full-name", "same-person-as-line", Some(&earlier.to_string())));
        }
        if elsewhere && ManagePerson::decide(conn, grant.caller(), &id).await? != Decision::Allow {
            problems.push(problem("full-name", "not-managed-by-you", None));
        }
    }
    check_number(known, person, target, &mut problems);
    check_elsewhere(conn, person, target, &mut problems).await?;
    let faulty_name = row.problems.iter().any(|found| matches!(found.code, ProblemCode::MissingName | ProblemCode::BadName));
    if target == Target::New && !faulty_name && person.full_name.is_some() {
        username = Some(match &person.username {
            Some(chosen) => {
                if !known.is_the_files_own(chosen) {
                    problems.push(problem("username", "username-taken", Some(chosen)));
                }
                chosen.clone()
            }
            None => known.new_username(&input.display_name),
        });
    }
    let role = person.role.map_or(role, super::role_of);
    let draft = match PersonDraft::parse(&PersonInput { username: username.clone(), ..input }) {
        Ok(draft) => Some(draft),
        Err(faults) => {
            // The reader has told most of these already; what only we refuse must not pass unseen.
            if problems.is_empty() {
                problems.extend(faults.iter().map(|fault| problem(fault.field, fault.code, None)));
            }
            None
        }
    };
    let draft = draft.filter(|_| problems.is_empty());
    Ok(PlannedRow { target, role, draft, username, problems })
}

/// A number of the school that is not this person's to have.
fn check_number(known: &Known, person: &PartialPerson, target: Target, problems: &mut Vec<RowProblem>) {
    let Some(code) = &person.code else { return };
    if known.number_is_anothers(code) {
        problems.push(problem("code", "code-taken", Some(code)));
    }
    let name = person.full_name.as_deref().unwrap_or_default();
    if target == Target::New && known.has_gone(code, name) {
        problems.push(problem("code", "has-gone", Some(code)));
    }
}

/// An identifier or e-mail that somebody else on the server has: neither who nor where is told.
async fn check_elsewhere(conn: &mut Conn, person: &PartialPerson, target: Target, problems: &mut Vec<RowProblem>) -> Result<(), DbError> {
    let but = match target {
        Target::Known(id) => Some(id),
        Target::New => None,
    };
    if let Some(id) = &person.ministry_id
        && ministry_id_is_in_use(conn, id, but).await?
    {
        problems.push(problem("ministry-id", "identifier-in-use", Some(id)));
    }
    if let Some(id) = &person.national_id
        && national_id_is_in_use(conn, id, but).await?
    {
        problems.push(problem("national-id", "identifier-in-use", Some(id)));
    }
    if let Some(email) = &person.email
        && email_is_taken(conn, email, but).await?
    {
        problems.push(problem("email", "email-taken", Some(email)));
    }
    Ok(())
}
