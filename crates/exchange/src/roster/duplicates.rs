//! The same person or the same code twice in one file.

use std::collections::HashSet;

use super::{Field, Problem, ProblemCode, Row};

/// The later of two rows gets the problem; the first is presumed right.
pub(super) fn find_duplicates(rows: &mut [Row]) {
    let mut seen: HashSet<(Field, String)> = HashSet::new();
    let mut people: HashSet<(String, String, Option<String>)> = HashSet::new();
    for row in rows {
        let person = &row.person;
        let keys = [
            (Field::Code, ProblemCode::DuplicateCode, &person.code),
            (Field::MinistryId, ProblemCode::DuplicateMinistryId, &person.ministry_id),
            (Field::NationalId, ProblemCode::DuplicateNationalId, &person.national_id),
            (Field::Email, ProblemCode::DuplicateEmail, &person.email),
            (Field::Username, ProblemCode::DuplicateUsername, &person.username),
        ];
        let mut found = Vec::new();
        for (field, code, value) in keys {
            if let Some(value) = value
                && !seen.insert((field, value.to_lowercase()))
            {
                found.push(Problem { field: Some(field), code, value: value.clone() });
            }
        }
        // Without any code only the same name born on the same day in the same class is suspicious.
        if person.code.is_none()
            && person.ministry_id.is_none()
            && person.national_id.is_none()
            && person.email.is_none()
            && person.username.is_none()
            && let (Some(name), Some(born)) = (&person.full_name, person.birth_date)
            && !people.insert((name.to_lowercase(), born.to_string(), person.class.clone()))
        {
            found.push(Problem { field: Some(Field::FullName), code: ProblemCode::DuplicatePerson, value: name.clone() });
        }
        row.problems.extend(found);
    }
}
