//! A province with two schools, and somebody of every role in each.

use kernel::{OrganisationId, OrganisationKind, PersonId, Role};

use super::TestApp;

/// Two schools under one Sở.
pub struct World {
    pub department: OrganisationId,
    pub school_a: OrganisationId,
    pub school_b: OrganisationId,
    /// Everybody of school A: her role, id and username.
    pub people_a: Vec<(Role, PersonId, String)>,
    /// Everybody of school B.
    pub people_b: Vec<(Role, PersonId, String)>,
    /// The administrator of the Sở, `admin.so`.
    pub province_administrator: PersonId,
}

impl World {
    /// Makes it.
    pub async fn make(app: &TestApp) -> Self {
        let department = app.organisation(None, OrganisationKind::Department, "Sở Giáo dục Tam Giang").await;
        let school_a = app.organisation(Some(department), OrganisationKind::School, "THPT Sông Hương").await;
        let school_b = app.organisation(Some(department), OrganisationKind::School, "THPT Núi Ngự").await;
        let province_administrator = app.person(department, Role::Administrator, "Trần Quản Trị", "admin.so").await;
        let mut people = Vec::new();
        for (school, letter) in [(school_a, 'a'), (school_b, 'b')] {
            let mut here = Vec::new();
            for role in Role::ALL {
                let username = format!("{}.{letter}", role.as_str().replace('_', "-"));
                let name = format!("Nguyễn Văn {} {}", role.as_str().replace('_', " "), letter.to_uppercase());
                here.push((*role, app.person(school, *role, &name, &username).await, username));
            }
            people.push(here);
        }
        let people_b = people.pop().unwrap_or_default();
        let people_a = people.pop().unwrap_or_default();
        Self { department, school_a, school_b, people_a, people_b, province_administrator }
    }

    /// Somebody of school A.
    pub fn in_a(&self, role: Role) -> PersonId {
        self.people_a.iter().find(|(held, ..)| *held == role).map(|(_, id, _)| *id).unwrap()
    }

    /// Somebody of school B.
    pub fn in_b(&self, role: Role) -> PersonId {
        self.people_b.iter().find(|(held, ..)| *held == role).map(|(_, id, _)| *id).unwrap()
    }
}
