//! Who is there already, read once for a whole list.

use std::collections::{HashMap, HashSet};

use db::{Conn, DbError, sql};
use exchange::roster::PartialPerson;
use exchange::vietnamese::{fold, username_with_number};
use kernel::{OrganisationId, PersonId};

use crate::people::numbers::numbering_school;

/// Somebody who belongs, or belonged last, to the organisation.
#[derive(Clone, Debug)]
pub(super) struct KnownPerson {
    pub(super) id: PersonId,
    pub(super) username: String,
    pub(super) class: Option<String>,
    /// Holds roles at other organisations too: whether the caller manages her must be asked.
    pub(super) elsewhere: bool,
    name: String,
    birth_date: Option<String>,
    code: Option<String>,
}

/// The organisation's people, its school's numbers, and every username of the server.
#[derive(Debug)]
pub(super) struct Known {
    /// Whose numbers the list has.
    pub(super) school: OrganisationId,
    people: Vec<KnownPerson>,
    by_code: HashMap<String, usize>,
    by_ministry_id: HashMap<String, usize>,
    by_national_id: HashMap<String, usize>,
    /// Numbers of the school that people elsewhere in it have.
    others: HashSet<String>,
    /// Numbers of people who have gone to another school, with their names.
    gone: HashSet<(String, String)>,
    by_name: HashMap<String, Vec<usize>>,
    usernames: HashSet<String>,
    named_in_file: HashSet<String>,
}

#[derive(sqlx::FromRow)]
struct Facts {
    id: PersonId,
    username: String,
    name_folded: String,
    birth_date: Option<String>,
    ministry_id: Option<String>,
    national_id: Option<String>,
    national_id_disputed: bool,
    class_name: Option<String>,
    elsewhere: bool,
}

#[derive(sqlx::FromRow)]
struct Number {
    person_id: PersonId,
    number: String,
    ended: bool,
    name_folded: String,
}

/// A class's name without case and spaces, as they are compared.
pub(super) fn class_key(name: &str) -> String {
    fold(name).split_whitespace().collect()
}

impl Known {
    /// All of it, for a list that makes people.
    pub(super) async fn read(conn: &mut Conn, organisation: OrganisationId) -> Result<Self, DbError> {
        let mut known = Self::read_people(conn, organisation).await?;
        let usernames: Vec<(String,)> = sql!("SELECT username FROM person").fetch_all(conn).await?;
        known.usernames = usernames.into_iter().map(|(name,)| name).collect();
        Ok(known)
    }

    /// Without the usernames of others, for a list that only names people.
    pub(super) async fn read_people(conn: &mut Conn, organisation: OrganisationId) -> Result<Self, DbError> {
        let rows: Vec<Facts> = sql!(
            "SELECT p.id, p.username, p.name_folded, p.birth_date, p.ministry_id, p.national_id, p.national_id_disputed,
               (SELECT g.name FROM enrolment e JOIN class_group g ON g.id = e.class_group_id
                WHERE e.person_id = p.id AND e.organisation_id = $1 AND e.until_at IS NULL ORDER BY e.from_at DESC, e.id DESC LIMIT 1) AS class_name,
               EXISTS (SELECT 1 FROM role_assignment o WHERE o.person_id = p.id AND o.until_at IS NULL AND o.organisation_id <> $1) AS elsewhere
             FROM person p WHERE p.erased_at IS NULL AND p.id IN (
               SELECT r.person_id FROM role_assignment r WHERE r.organisation_id = $1
                 AND (r.until_at IS NULL OR NOT EXISTS (SELECT 1 FROM role_assignment l
                   WHERE l.person_id = r.person_id AND (l.until_at IS NULL OR l.until_at > r.until_at))))
             ORDER BY p.id"
        )
        .bind(organisation)
        .fetch_all(conn)
        .await?;
        let mut known = Self {
            school: numbering_school(conn, organisation).await?,
            people: Vec::with_capacity(rows.len()),
            by_code: HashMap::new(),
            by_ministry_id: HashMap::new(),
            by_national_id: HashMap::new(),
            others: HashSet::new(),
            gone: HashSet::new(),
            by_name: HashMap::new(),
            usernames: HashSet::new(),
            named_in_file: HashSet::new(),
        };
        let mut places = HashMap::new();
        for facts in rows {
            let place = known.people.len();
            places.insert(facts.id, place);
            if let Some(id) = facts.ministry_id {
                known.by_ministry_id.insert(id, place);
            }
            // One that two people have tells neither.
            if let Some(id) = facts.national_id.filter(|_| !facts.national_id_disputed) {
                known.by_national_id.insert(id, place);
            }
            known.by_name.entry(facts.name_folded.clone()).or_default().push(place);
            known.people.push(KnownPerson {
                id: facts.id,
                username: facts.username,
                class: facts.class_name,
                elsewhere: facts.elsewhere,
                name: facts.name_folded,
                birth_date: facts.birth_date,
                code: None,
            });
        }
        known.read_numbers(conn, &places).await?;
        Ok(known)
    }

    async fn read_numbers(&mut self, conn: &mut Conn, places: &HashMap<PersonId, usize>) -> Result<(), DbError> {
        // Ended ones first, so that who has a number now is found by it, and not who had it once.
        let numbers: Vec<Number> = sql!(
            "SELECT n.person_id, n.number, n.until_at IS NOT NULL AS ended, p.name_folded
             FROM school_number n JOIN person p ON p.id = n.person_id WHERE n.organisation_id = $1
             ORDER BY CASE WHEN n.until_at IS NULL THEN 1 ELSE 0 END, n.until_at, n.person_id"
        )
        .bind(self.school)
        .fetch_all(conn)
        .await?;
        for number in numbers {
            match (places.get(&number.person_id), number.ended) {
                (Some(place), _) => {
                    self.people[*place].code = Some(number.number.clone());
                    self.by_code.insert(number.number, *place);
                }
                (None, false) => {
                    self.by_code.remove(&number.number);
                    self.others.insert(number.number);
                }
                (None, true) => {
                    self.gone.insert((number.number, number.name_folded));
                }
            }
        }
        Ok(())
    }

    /// Whom a row's numbers name. Where a list calls the ministry's identifier the pupil's number, or the
    /// other way round, it is understood too: many schools use the one as the other.
    pub(super) fn named_by(&self, person: &PartialPerson) -> Option<&KnownPerson> {
        let find = |by: &HashMap<String, usize>, key: &Option<String>| key.as_ref().and_then(|key| by.get(key)).copied();
        find(&self.by_code, &person.code)
            .or_else(|| find(&self.by_ministry_id, &person.ministry_id))
            .or_else(|| find(&self.by_national_id, &person.national_id))
            .or_else(|| find(&self.by_ministry_id, &person.code))
            .or_else(|| find(&self.by_code, &person.ministry_id))
            .map(|place| &self.people[place])
    }

    /// Whom a row means that need not be exact: by its numbers or username, else by name, with date of birth
    /// and class where several are called so. Never somebody whose number or date of birth is another.
    pub(super) fn meant_by(&self, person: &PartialPerson) -> Vec<&KnownPerson> {
        if let Some(found) = self.named_by(person) {
            return vec![found];
        }
        if let Some(username) = &person.username {
            return self.people.iter().filter(|known| known.username == *username).collect();
        }
        let Some(name) = &person.full_name else { return Vec::new() };
        let born = person.birth_date.map(|day| day.to_string());
        let differs = |here: &Option<String>, there: &Option<String>| here.is_some() && there.is_some() && here != there;
        let places = self.by_name.get(&fold(name)).map(Vec::as_slice).unwrap_or_default();
        let mut meant: Vec<&KnownPerson> = places
            .iter()
            .map(|place| &self.people[*place])
            .filter(|known| !differs(&known.code, &person.code) && !differs(&known.birth_date, &born))
            .collect();
        for same in [&|known: &&KnownPerson| born.is_some() && known.birth_date == born, &|known: &&KnownPerson| {
            person.class.is_some() && known.class.as_deref().map(class_key) == person.class.as_deref().map(class_key)
        }] as [&dyn Fn(&&KnownPerson) -> bool; 2]
        {
            if meant.len() > 1 && meant.iter().any(same) {
                meant.retain(same);
            }
        }
        meant
    }

    /// Whether somebody elsewhere in the school has a number.
    pub(super) fn number_is_anothers(&self, number: &str) -> bool {
        self.others.contains(number)
    }

    /// Whether somebody of that name had a number here and has gone to another school.
    pub(super) fn has_gone(&self, number: &str, name: &str) -> bool {
        self.gone.contains(&(number.to_owned(), fold(name)))
    }

    /// People without a code of their own to tell them by: the same name and date of birth, or,
    /// where a date is missing, the same name and class.
    pub(super) fn alike(&self, name: &str, birth_date: Option<&str>, class: Option<&str>, code: Option<&str>) -> Vec<&KnownPerson> {
        let places = self.by_name.get(&fold(name)).map(Vec::as_slice).unwrap_or_default();
        let same = |person: &&KnownPerson| {
            debug_assert_eq!(person.name, fold(name));
            // Two different codes are two people, however alike.
            if code.is_some() && person.code.is_some() {
                return false;
            }
            match (birth_date, person.birth_date.as_deref()) {
                (Some(here), Some(there)) => here == there,
                _ => match (class, person.class.as_deref()) {
                    (Some(here), Some(there)) => class_key(here) == class_key(there),
                    (None, None) => true,
                    _ => false,
                },
            }
        };
        places.iter().map(|place| &self.people[*place]).filter(same).collect()
    }

    pub(super) fn username_is_taken(&self, username: &str) -> bool {
        self.usernames.contains(username)
    }

    /// Keeps a username that the file itself names from being given to others of the file.
    pub(super) fn take_username_for_file(&mut self, username: &str) {
        self.usernames.insert(username.to_owned());
        self.named_in_file.insert(username.to_owned());
    }

    /// Whether a username is free but for the file itself.
    pub(super) fn is_the_files_own(&self, username: &str) -> bool {
        self.named_in_file.contains(username)
    }

    /// A username nobody has, taken from now on.
    pub(super) fn new_username(&mut self, name: &str) -> String {
        let mut number = 1;
        loop {
            let username = username_with_number(name, number);
            if username.len() >= 3 && self.usernames.insert(username.clone()) {
                return username;
            }
            number += 1;
        }
    }
}
