use std::collections::HashMap;

use db::sql;
use identity::access::{Caller, ManageOrganisation, ManagePeople, ManageServer, authorise};
use identity::organisations::{self, NewOrganisation, NewYearInput, Place};
use identity::password::NewPassword;
use identity::people::{self, FirstPassword, PersonDraft, PersonInput};
use kernel::{ClassGroupId, OrganisationId, SchoolYearId};

use super::shape::{School, Somebody};
use super::{DemoError, refused};
use crate::Content;

/// Loads organisations, years, classes and people, and marks the server as a demo.
pub(super) async fn load(content: &Content, school: &School) -> Result<(), DemoError> {
    let places = load_tree(content, school).await?;
    let years = load_years(content, school, &places).await?;
    let classes = load_classes(content, school, &places, &years).await?;
    // One password for all: one hash for all.
    let password = NewPassword::parse(&school.password, "demo").map_err(|error| refused("password")(&error))?;
    let hash = password.hash().await.map_err(|error| refused("password")(&error))?;
    for person in &school.people {
        load_person(content, person, &places, &classes, &hash).await?;
    }
    let mut tx = content.env.db.write().await?;
    sql!("INSERT INTO setting (name, value) VALUES ('demo', 'loaded') ON CONFLICT (name) DO NOTHING").execute(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

type Places = HashMap<String, OrganisationId>;

fn place(places: &Places, code: &str) -> Result<OrganisationId, DemoError> {
    places.get(code).copied().ok_or_else(|| refused(code)(&"no such organisation"))
}

async fn load_tree(content: &Content, school: &School) -> Result<Places, DemoError> {
    let (env, mut places) = (&content.env, Places::new());
    for node in &school.organisations {
        let new = NewOrganisation::parse(node.kind, &node.name, Some(&node.code)).map_err(|faults| refused(&node.code)(&faults))?;
        let mut tx = env.db.write().await?;
        let known = organisations::lookup_by_code(&mut tx, &node.code).await?;
        let id = match (known, &node.parent) {
            (Some(id), _) => id,
            (None, None) => {
                let grant = authorise::<ManageServer>(&mut tx, &Caller::Operator, ()).await.map_err(|error| refused(&node.code)(&error))?;
                organisations::add(&mut tx, env, Place::Root(&grant), &new).await.map_err(|error| refused(&node.code)(&error))?
            }
            (None, Some(parent)) => {
                let parent = place(&places, parent)?;
                let grant = authorise::<ManageOrganisation>(&mut tx, &Caller::Operator, parent)
                    .await
                    .map_err(|error| refused(&node.code)(&error))?;
                organisations::add(&mut tx, env, Place::Below(&grant), &new).await.map_err(|error| refused(&node.code)(&error))?
            }
        };
        tx.commit().await?;
        places.insert(node.code.clone(), id);
    }
    Ok(places)
}

type Years = HashMap<(String, String), SchoolYearId>;

async fn load_years(content: &Content, school: &School, places: &Places) -> Result<Years, DemoError> {
    let mut years = Years::new();
    for year in &school.school_years {
        let organisation = place(places, &year.organisation)?;
        // A school begins with the current year: the one of the file may be it.
        let known =
            organisations::list_years(&content.env, &Caller::Operator, organisation).await.map_err(|error| refused(&year.name)(&error))?;
        let id = match known.into_iter().find(|known| known.name == year.name) {
            Some(known) => known.id,
            None => {
                let input = NewYearInput { name: year.name.clone(), starts_on: year.starts_on.clone(), ends_on: year.ends_on.clone() };
                organisations::create_year(&content.env, &Caller::Operator, organisation, &input)
                    .await
                    .map_err(|error| refused(&year.name)(&error))?
                    .id
            }
        };
        years.insert((year.organisation.clone(), year.name.clone()), id);
    }
    Ok(years)
}

type Classes = HashMap<(String, String, String), ClassGroupId>;

async fn load_classes(content: &Content, school: &School, places: &Places, years: &Years) -> Result<Classes, DemoError> {
    let mut classes = Classes::new();
    for class in &school.class_groups {
        let organisation = place(places, &class.organisation)?;
        let Some(year) = years.get(&(class.organisation.clone(), class.year.clone())) else {
            return Err(refused(&class.name)(&"no such year"));
        };
        let mut tx = content.env.db.write().await?;
        let grant =
            authorise::<ManagePeople>(&mut tx, &Caller::Operator, organisation).await.map_err(|error| refused(&class.name)(&error))?;
        let id = organisations::add_class_group(&mut tx, &content.env, &grant, *year, &class.name, class.grade).await?;
        tx.commit().await?;
        classes.insert((class.organisation.clone(), class.year.clone(), class.name.clone()), id);
    }
    Ok(classes)
}

async fn load_person(content: &Content, person: &Somebody, places: &Places, classes: &Classes, hash: &str) -> Result<(), DemoError> {
    let what = person.username.as_str();
    let Some((first, others)) = person.roles.split_first() else { return Err(refused(what)(&"no role")) };
    let class = person.class_group.as_ref().map(|class| (class.organisation.clone(), class.year.clone(), class.name.clone()));
    let input = PersonInput {
        display_name: person.display_name.clone(),
        username: Some(person.username.clone()),
        email: person.email.clone(),
        code: person.code.clone(),
        birth_date: person.birth_date.clone(),
        gender: person.gender,
        phone: person.phone.clone(),
        guardians: person.guardians.clone(),
        class_group_id: class.and_then(|class| classes.get(&class).copied()),
        ..PersonInput::default()
    };
    let draft = PersonDraft::parse(&input).map_err(|faults| refused(what)(&faults))?;
    let organisation = place(places, &first.organisation)?;
    let mut tx = content.env.db.write().await?;
    let known: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM person WHERE username = $1").bind(what).fetch_optional(&mut tx).await?;
    if known.is_some() {
        return Ok(());
    }
    let grant = authorise::<ManagePeople>(&mut tx, &Caller::Operator, organisation).await.map_err(|error| refused(what)(&error))?;
    let id = people::add(&mut tx, &content.env, &grant, &draft, first.role, Some(FirstPassword::Chosen(hash.to_owned())))
        .await
        .map_err(|error| refused(what)(&error))?;
    tx.commit().await?;
    for held in others {
        let organisation = place(places, &held.organisation)?;
        people::give_role(&content.env, &Caller::Operator, id, organisation, held.role).await.map_err(|error| refused(what)(&error))?;
    }
    Ok(())
}
