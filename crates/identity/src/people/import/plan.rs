//! What each row of a list will do, decided against the database.

use std::collections::HashMap;

use db::{Conn, DbError, sql};
use exchange::roster::{PartialPerson, ProblemCode, Roster, Row};
use kernel::{PersonId, Role};
use uuid::Uuid;

use super::known::Known;
use super::{ImportAction, ImportRow, RowProblem, guardians, word};
use crate::access::{Capability as _, Decision, Grant, ManagePeople, ManagePerson};
use crate::people::{Gender, PersonDraft, PersonInput};

/// Every row's plan, in the file's order.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) rows: Vec<PlannedRow>,
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
    Ok(Plan { rows })
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
    let found = match person.code.as_deref() {
        Some(code) => known.with_code(code),
        None => None,
    };
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

/// A code or e-mail that somebody of another school has. Her name is not told.
async fn check_elsewhere(conn: &mut Conn, person: &PartialPerson, target: Target, problems: &mut Vec<RowProblem>) -> Result<(), DbError> {
    let is_other = |found: Option<(Uuid,)>| found.is_some_and(|(id,)| target != Target::Known(PersonId(id)));
    if let Some(code) = &person.code {
        let found: Option<(Uuid,)> = sql!("SELECT id FROM person WHERE code = $1").bind(code).fetch_optional(conn).await?;
        if is_other(found) {
            problems.push(problem("code", "belongs-to-another-school", Some(code)));
        }
    }
    if let Some(email) = &person.email {
        let found: Option<(Uuid,)> =
            sql!("SELECT id FROM person WHERE email_folded = $1").bind(email.to_lowercase()).fetch_optional(conn).await?;
        if is_other(found) {
            problems.push(problem("email", "email-taken", Some(email)));
        }
    }
    Ok(())
}
