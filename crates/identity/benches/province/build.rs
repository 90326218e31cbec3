//! The province: its tree, its classes and its people, written straight into the tables.

use db::{Env, WriteTx, sql};
use exchange::vietnamese::{fold, name_sort_key};
use identity::access::{Caller, SignedIn};
use kernel::{ClassGroupId, DeviceId, EnrolmentId, OrganisationId, PersonId, Role, RoleAssignmentId, SchoolYearId};

const PUPILS: usize = 91_000;
const TEACHERS: usize = 9_000;
const SCHOOLS: usize = 518;
const COMMUNES: usize = 40;
const OF_A_CLASS: usize = 40;

const FAMILY: [&str; 12] = ["Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ"];
const MIDDLE: [&str; 12] = ["Văn", "Thị", "Minh", "Gia", "Ngọc", "Hải", "Bảo", "Thu", "Quang", "Đức", "Thanh", "Kim"];
const GIVEN: [&str; 24] = [
    "An", "Anh", "Ánh", "Bình", "Châu", "Chi", "Dung", "Dũng", "Điệp", "Đức", "Giang", "Hà", "Hiếu", "Hương", "Khang", "Khoa", "Lan",
    "Linh", "Nga", "Phong", "Quân", "Trang", "Vy", "Yến",
];

/// What the figures are about.
pub struct Province {
    pub administrator: Caller,
    pub school_administrator: Caller,
    pub commune: OrganisationId,
    pub school: OrganisationId,
    pub class: ClassGroupId,
}

fn signed_in(person_id: PersonId) -> Caller {
    Caller::Person(SignedIn { person_id, device_id: DeviceId(uuid::Uuid::nil()), address: "192.0.2.1".to_owned() })
}

/// Fills an empty database.
pub async fn province(env: &Env) -> Province {
    let mut people = People { env, count: 0, state: 0x9e37_79b9_7f4a_7c15 };
    let mut tx = env.db.write().await.unwrap();
    let department = organisation(&mut tx, env, "department", "Sở Giáo dục và Đào tạo", &[]).await;
    let administrator = people.add(&mut tx, department, Role::Administrator, None, None).await;
    let mut communes = Vec::new();
    for number in 0..COMMUNES {
        communes.push(organisation(&mut tx, env, "commune", &format!("Xã {number}"), &[department]).await);
    }
    tx.commit().await.unwrap();
    let mut last = None;
    for number in 0..SCHOOLS {
        let commune = communes[number % COMMUNES];
        let mut tx = env.db.write().await.unwrap();
        let school = organisation(&mut tx, env, "school", &format!("Trường số {number}"), &[commune, department]).await;
        let year = year(&mut tx, env, school).await;
        let school_administrator = people.add(&mut tx, school, Role::Administrator, None, None).await;
        for _ in 0..share(TEACHERS, number) {
            people.add(&mut tx, school, Role::Teacher, None, Some(year)).await;
        }
        let mut class = None;
        for pupil in 0..share(PUPILS, number) {
            if pupil % OF_A_CLASS == 0 {
                class = Some(class_group(&mut tx, env, school, year, &format!("10A{pupil}")).await);
            }
            people.add(&mut tx, school, Role::Pupil, class, Some(year)).await;
        }
        tx.commit().await.unwrap();
        last = Some((school_administrator, commune, school, class.unwrap()));
    }
    let (school_administrator, commune, school, class) = last.unwrap();
    Province { administrator: signed_in(administrator), school_administrator: signed_in(school_administrator), commune, school, class }
}

/// A school's part of so many people.
fn share(people: usize, school: usize) -> usize {
    people / SCHOOLS + usize::from(school < people % SCHOOLS)
}

async fn organisation(tx: &mut WriteTx, env: &Env, kind: &str, name: &str, above: &[OrganisationId]) -> OrganisationId {
    let id: OrganisationId = env.ids.make();
    sql!("INSERT INTO organisation (id, parent_id, kind, name, name_folded, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(above.first().copied())
        .bind(kind)
        .bind(name)
        .bind(fold(name))
        .bind(env.now())
        .execute(tx)
        .await
        .unwrap();
    for (depth, ancestor) in (0_i64..).zip(std::iter::once(&id).chain(above)) {
        sql!("INSERT INTO organisation_closure (ancestor_id, descendant_id, depth) VALUES ($1, $2, $3)")
            .bind(*ancestor)
            .bind(id)
            .bind(depth)
            .execute(tx)
            .await
            .unwrap();
    }
    id
}

async fn year(tx: &mut WriteTx, env: &Env, school: OrganisationId) -> SchoolYearId {
    let id: SchoolYearId = env.ids.make();
    sql!(
        "INSERT INTO school_year (id, organisation_id, name, starts_on, ends_on) VALUES ($1, $2, '2026–2027', '2026-08-01', '2027-07-31')"
    )
    .bind(id)
    .bind(school)
    .execute(tx)
    .await
    .unwrap();
    id
}

async fn class_group(tx: &mut WriteTx, env: &Env, school: OrganisationId, year: SchoolYearId, name: &str) -> ClassGroupId {
    let id: ClassGroupId = env.ids.make();
    sql!("INSERT INTO class_group (id, organisation_id, year_id, name, name_folded, grade) VALUES ($1, $2, $3, $4, $5, 10)")
        .bind(id)
        .bind(school)
        .bind(year)
        .bind(name)
        .bind(fold(name))
        .execute(tx)
        .await
        .unwrap();
    id
}

/// Makes people with names in a mixture like the real one; a fixed seed.
struct People<'a> {
    env: &'a Env,
    count: usize,
    state: u64,
}

impl People<'_> {
    fn pick<'w>(&mut self, words: &[&'w str]) -> &'w str {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        words[usize::try_from(self.state >> 33).unwrap() % words.len()]
    }

    async fn add(
        &mut self,
        tx: &mut WriteTx,
        organisation: OrganisationId,
        role: Role,
        class: Option<ClassGroupId>,
        year: Option<SchoolYearId>,
    ) -> PersonId {
        self.count += 1;
        let given = self.pick(&GIVEN);
        let name = format!("{} {} {} {given}", self.pick(&FAMILY), self.pick(&MIDDLE), self.pick(&MIDDLE));
        let id: PersonId = self.env.ids.make();
        sql!(
            "INSERT INTO person (id, display_name, name_folded, name_key, username, birth_date, gender, created_at)
             VALUES ($1, $2, $3, $4, $5, '2011-04-07', 'female', $6)"
        )
        .bind(id)
        .bind(&name)
        .bind(fold(&name))
        .bind(name_sort_key(&name))
        .bind(format!("{}.x{}", fold(given), self.count))
        .bind(self.env.now())
        .execute(tx)
        .await
        .unwrap();
        sql!("INSERT INTO role_assignment (id, person_id, organisation_id, role, from_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(self.env.ids.make::<RoleAssignmentId>())
            .bind(id)
            .bind(organisation)
            .bind(role)
            .bind(self.env.now())
            .execute(tx)
            .await
            .unwrap();
        sql!(
            "INSERT INTO enrolment (id, person_id, organisation_id, year_id, class_group_id, role, reason, from_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'import', $7)"
        )
        .bind(self.env.ids.make::<EnrolmentId>())
        .bind(id)
        .bind(organisation)
        .bind(year)
        .bind(class)
        .bind(role)
        .bind(self.env.now())
        .execute(tx)
        .await
        .unwrap();
        sql!("INSERT INTO school_number (person_id, organisation_id, number, given_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(organisation)
            .bind(format!("HS{:06}", self.count))
            .bind(self.env.now())
            .execute(tx)
            .await
            .unwrap();
        id
    }
}
