//! Classes on both engines: who makes, sees and teaches them, how pupils come in, and what another
//! school learns of it.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

#[path = "../../content/tests/support/mod.rs"]
mod support;

use classroom::Classroom;
use classroom::classes::joining::{self, Joined};
use classroom::classes::members::{self, ClassMember, MemberState};
use classroom::classes::teachers::{self, NewTeacher};
use classroom::classes::teams::{self, TeamInput};
use classroom::classes::{
    self, ClassDetail, ClassError, ClassFilter, ClassInput, ClassStanding, JoinPolicy, TeacherRole, UnknownRow, UnknownWhy, Whose, schools,
};
use db::sql;
use identity::access::{Caller, Denied};
use identity::people;
use kernel::{ClassId, PageLimit, PersonId, Role};
use questions::Questions;
use support::World;

struct School {
    world: World,
    classroom: Classroom,
    teacher: Caller,
    class: ClassDetail,
}

impl School {
    async fn each_engine() -> Vec<Self> {
        let mut all = Vec::new();
        for world in World::each_engine().await {
            let classroom = Classroom::new(Questions::new(world.content.clone()));
            let teacher = world.teacher().await;
            let input = ClassInput { name: "Toán 10A1".to_owned(), subject: None, grade: Some(10) };
            let class = classes::create(&classroom, &teacher, world.school, &input).await.unwrap();
            all.push(Self { world, classroom, teacher, class });
        }
        all
    }

    fn id(&self) -> ClassId {
        self.class.row.id
    }

    fn code(&self) -> String {
        self.class.join.clone().unwrap().code.unwrap()
    }

    async fn pupil(&self, name: &str) -> Caller {
        self.world.person(self.world.school, Role::Pupil, name).await
    }

    async fn elsewhere(&self, role: Role, name: &str) -> Caller {
        self.world.person(self.world.other_school, role, name).await
    }

    async fn join(&self, caller: &Caller) -> Result<Joined, ClassError> {
        joining::join(&self.classroom, caller, &self.code()).await
    }

    async fn members(&self, caller: &Caller) -> Vec<ClassMember> {
        members::list(&self.classroom, caller, self.id()).await.unwrap()
    }

    async fn names(&self, caller: &Caller) -> Vec<String> {
        self.members(caller).await.into_iter().map(|member| member.display_name).collect()
    }

    async fn listed(&self, caller: &Caller, whose: Whose) -> Vec<(String, ClassStanding)> {
        let filter = ClassFilter { whose, ..ClassFilter::default() };
        let page = classes::list(&self.classroom, caller, &filter, None, PageLimit::asked(None)).await.unwrap();
        page.items.into_iter().map(|row| (row.name, row.standing)).collect()
    }
}

fn person(caller: &Caller) -> PersonId {
    caller.person_id().unwrap()
}

fn is_hidden<T>(result: Result<T, ClassError>) -> bool {
    matches!(result, Err(ClassError::Denied(Denied::NotFound)))
}

fn is_forbidden<T>(result: Result<T, ClassError>) -> bool {
    matches!(result, Err(ClassError::Denied(Denied::Forbidden)))
}

#[tokio::test]
async fn a_class_is_seen_by_its_teachers_its_pupils_and_those_who_look_after_its_school() {
    for school in School::each_engine().await {
        let pupil = school.pupil("Trò An").await;
        school.join(&pupil).await.unwrap();
        let colleague = school.world.person(school.world.school, Role::Teacher, "Lê Văn Cường").await;
        let head = school.world.person(school.world.school, Role::SchoolHead, "Hoàng Văn Em").await;
        let province = school.world.person(school.world.department, Role::Administrator, "Sở Quản Trị").await;
        let stranger = school.elsewhere(Role::Teacher, "Phạm Thị Dung").await;
        let other_admin = school.elsewhere(Role::Administrator, "Quản Trị Kia").await;
        let other_pupil = school.pupil("Trò Bình").await;
        let parent = school.world.person(school.world.school, Role::Parent, "Mẹ Trò An").await;
        let get = async |caller: &Caller| classes::get(&school.classroom, caller, school.id()).await;

        assert_eq!(get(&school.teacher).await.unwrap().row.standing, ClassStanding::Owner);
        assert_eq!(get(&pupil).await.unwrap().row.standing, ClassStanding::Member);
        assert_eq!(get(&head).await.unwrap().row.standing, ClassStanding::SchoolHead);
        assert_eq!(get(&province).await.unwrap().row.standing, ClassStanding::Administrator);
        for nobody in [&colleague, &stranger, &other_admin, &other_pupil, &parent] {
            assert!(is_hidden(get(nobody).await), "{nobody:?}");
            assert!(is_hidden(members::list(&school.classroom, nobody, school.id()).await));
            assert!(is_hidden(teams::list(&school.classroom, nobody, school.id()).await));
            assert_eq!(school.listed(nobody, Whose::Mine).await, []);
            assert_eq!(school.listed(nobody, Whose::Overseen).await, []);
            assert!(is_hidden(classes::archive(&school.classroom, nobody, school.id()).await));
        }
        let anonymous = Caller::Anonymous { address: String::new() };
        assert!(matches!(get(&anonymous).await, Err(ClassError::Denied(Denied::SignInNeeded))));

        assert_eq!(school.listed(&school.teacher, Whose::Mine).await, [("Toán 10A1".to_owned(), ClassStanding::Owner)]);
        assert_eq!(school.listed(&pupil, Whose::Mine).await, [("Toán 10A1".to_owned(), ClassStanding::Member)]);
        assert_eq!(school.listed(&head, Whose::Overseen).await, [("Toán 10A1".to_owned(), ClassStanding::SchoolHead)]);
        assert_eq!(school.listed(&head, Whose::Mine).await, []);

        // Those who see it change nothing of it, and only its teachers know the code.
        for other in [&pupil, &head, &province] {
            assert!(get(other).await.unwrap().join.is_none());
            assert!(is_forbidden(classes::archive(&school.classroom, other, school.id()).await));
            assert!(is_forbidden(members::add(&school.classroom, other, school.id(), &[person(&other_pupil)]).await));
            assert!(is_forbidden(joining::renew_code(&school.classroom, other, school.id()).await));
            assert!(is_forbidden(teams::create(&school.classroom, other, school.id(), &TeamInput::default()).await));
        }
    }
}

#[tokio::test]
async fn only_those_who_author_at_a_school_make_classes_there() {
    for school in School::each_engine().await {
        let pupil = school.pupil("Trò An").await;
        let stranger = school.elsewhere(Role::Teacher, "Phạm Thị Dung").await;
        let input = ClassInput { name: "Văn".to_owned(), ..ClassInput::default() };
        assert!(is_forbidden(classes::create(&school.classroom, &pupil, school.world.school, &input).await));
        assert!(is_hidden(classes::create(&school.classroom, &stranger, school.world.school, &input).await));
        for bad in [
            ClassInput::default(),
            ClassInput { grade: Some(13), ..input.clone() },
            ClassInput { subject: Some("phep-thuat".to_owned()), ..input.clone() },
            ClassInput { name: "x".repeat(101), ..input.clone() },
        ] {
            let made = classes::create(&school.classroom, &school.teacher, school.world.school, &bad).await;
            assert!(matches!(made, Err(ClassError::Invalid(_))), "{bad:?}");
        }
    }
}

#[tokio::test]
async fn pupils_of_the_school_join_by_code_at_once_and_others_wait_for_a_teacher() {
    for school in School::each_engine().await {
        let (own, other) = (school.pupil("Trò An").await, school.elsewhere(Role::Pupil, "Trò Bình").await);
        let parent = school.world.person(school.world.school, Role::Parent, "Mẹ Trò An").await;
        let typed = format!(" {}-{} ", &school.code()[..3].to_lowercase(), &school.code()[3..]);
        let told = joining::invitation(&school.classroom, &own, &typed).await.unwrap();
        assert_eq!((told.name.as_str(), told.waits, told.standing), ("Toán 10A1", false, None));
        assert!(joining::invitation(&school.classroom, &other, &typed).await.unwrap().waits);

        assert_eq!(joining::join(&school.classroom, &own, &typed).await.unwrap().state, MemberState::Active);
        assert_eq!(school.join(&other).await.unwrap().state, MemberState::Waiting);
        assert!(matches!(school.join(&parent).await, Err(ClassError::PupilsOnly)));
        assert!(matches!(school.join(&school.teacher).await, Err(ClassError::TeachesIt)));
        assert!(is_hidden(classes::get(&school.classroom, &other, school.id()).await), "who waits sees nothing yet");
        assert_eq!(school.listed(&other, Whose::Mine).await, [("Toán 10A1".to_owned(), ClassStanding::Waiting)]);
        assert_eq!(classes::get(&school.classroom, &school.teacher, school.id()).await.unwrap().row.waiting_count, 1);

        let waiting = school.members(&school.teacher).await.into_iter().find(|member| member.state == MemberState::Waiting).unwrap();
        members::set_state(&school.classroom, &school.teacher, school.id(), waiting.id, MemberState::Active).await.unwrap();
        assert_eq!(school.names(&other).await, ["Trò An", "Trò Bình"]);
        let member = &school.members(&own).await[0];
        assert!(member.person_id.is_none() && member.number.is_none() && member.class_group.is_none(), "pupils are told names only");

        // Who was removed does not come back by herself; the removal is taken back with one step.
        members::set_state(&school.classroom, &school.teacher, school.id(), waiting.id, MemberState::Left).await.unwrap();
        assert!(is_hidden(classes::get(&school.classroom, &other, school.id()).await));
        let mine = school.members(&school.teacher).await.into_iter().find(|member| member.person_id == own.person_id()).unwrap();
        members::set_state(&school.classroom, &school.teacher, school.id(), mine.id, MemberState::Left).await.unwrap();
        assert_eq!(school.join(&own).await.unwrap().state, MemberState::Waiting);
        members::set_state(&school.classroom, &school.teacher, school.id(), mine.id, MemberState::Active).await.unwrap();
        assert_eq!(school.names(&own).await, ["Trò An"]);
    }
}

#[tokio::test]
async fn a_code_opens_nothing_once_it_is_renewed_closed_or_the_class_put_away() {
    for school in School::each_engine().await {
        let old = school.code();
        let renewed = joining::renew_code(&school.classroom, &school.teacher, school.id()).await.unwrap().code.unwrap();
        assert_ne!(old, renewed);
        assert!(renewed.len() == 6 && !renewed.contains(['0', 'O', '1', 'I', 'L']), "{renewed}");
        let pupil = school.pupil("Trò An").await;
        assert!(is_hidden(joining::join(&school.classroom, &pupil, &old).await));

        let settings = joining::set_policy(&school.classroom, &school.teacher, school.id(), JoinPolicy::Closed).await.unwrap();
        assert_eq!(settings.code, None);
        assert!(is_hidden(joining::join(&school.classroom, &pupil, &renewed).await));
        let settings = joining::set_policy(&school.classroom, &school.teacher, school.id(), JoinPolicy::Approve).await.unwrap();
        let code = settings.code.unwrap();
        classes::archive(&school.classroom, &school.teacher, school.id()).await.unwrap();
        assert!(is_hidden(joining::join(&school.classroom, &pupil, &code).await));
        assert_eq!(school.listed(&school.teacher, Whose::Mine).await, []);
        classes::restore(&school.classroom, &school.teacher, school.id()).await.unwrap();
        assert_eq!(joining::join(&school.classroom, &pupil, &code).await.unwrap().state, MemberState::Waiting);
    }
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_like_guessing_passwords() {
    for school in School::each_engine().await {
        let pupil = school.pupil("Trò An").await;
        for _ in 0..4 {
            assert!(is_hidden(joining::join(&school.classroom, &pupil, "abcdef").await));
        }
        assert_eq!(school.join(&pupil).await.unwrap().state, MemberState::Active, "a right one is let in after four");
        for _ in 0..5 {
            assert!(is_hidden(joining::invitation(&school.classroom, &pupil, "abcdef").await));
        }
        assert!(matches!(joining::invitation(&school.classroom, &pupil, &school.code()).await, Err(ClassError::TooManyTries(_))));
        let other = school.pupil("Trò Bình").await;
        assert!(school.join(&other).await.is_ok(), "the class's others go on");
    }
}

#[tokio::test]
async fn pupils_are_added_from_the_schools_a_teacher_sees_and_from_nowhere_else() {
    for school in School::each_engine().await {
        let (own, other) = (school.pupil("Trò An").await, school.elsewhere(Role::Pupil, "Trò Bình").await);
        let parent = school.world.person(school.world.school, Role::Parent, "Mẹ Trò An").await;
        let ids = [person(&own), person(&other), person(&parent), person(&school.teacher)];
        let added = members::add(&school.classroom, &school.teacher, school.id(), &ids).await.unwrap();
        assert_eq!((added.added.len(), added.already, added.unknown), (1, 0, 3));
        let again = members::add(&school.classroom, &school.teacher, school.id(), &ids).await.unwrap();
        assert_eq!((again.added.len(), again.already, again.unknown), (0, 1, 3));
        assert_eq!(school.names(&school.teacher).await, ["Trò An"]);
    }
}

#[tokio::test]
async fn a_class_of_two_schools_shows_each_school_its_own_pupils_and_its_teachers_all() {
    for school in School::each_engine().await {
        let guest = school.elsewhere(Role::Teacher, "Phạm Thị Dung").await;
        let (own_admin, other_admin) = (
            school.world.person(school.world.school, Role::Administrator, "Quản Trị").await,
            school.elsewhere(Role::Administrator, "Quản Trị Kia").await,
        );
        let (own, other) = (school.pupil("Trò An").await, school.elsewhere(Role::Pupil, "Trò Bình").await);
        school.join(&own).await.unwrap();

        // The other school comes in by one of its own teachers, and by nobody else.
        assert!(is_hidden(schools::add(&school.classroom, &school.teacher, school.id(), school.world.other_school).await));
        assert!(is_hidden(schools::add(&school.classroom, &guest, school.id(), school.world.other_school).await));
        teachers::add(&school.classroom, &school.teacher, school.id(), &NewTeacher::Person(person(&guest))).await.unwrap();
        let now = schools::add(&school.classroom, &guest, school.id(), school.world.other_school).await.unwrap();
        assert_eq!(now.len(), 2);
        let added = members::add(&school.classroom, &guest, school.id(), &[person(&other), person(&own)]).await.unwrap();
        assert_eq!((added.added.len(), added.unknown), (1, 1), "a guest adds only whom she may see");

        assert_eq!(school.names(&school.teacher).await, ["Trò An", "Trò Bình"]);
        assert_eq!(school.names(&guest).await, ["Trò An", "Trò Bình"]);
        assert_eq!(school.names(&own_admin).await, ["Trò An"]);
        assert_eq!(school.names(&other_admin).await, ["Trò Bình"]);
        assert_eq!(school.members(&other_admin).await[0].school_id, school.world.other_school);

        let everybody: Vec<_> = school.members(&school.teacher).await.iter().map(|member| member.id).collect();
        let team = TeamInput { name: "Nhóm 1".to_owned(), members: everybody };
        teams::create(&school.classroom, &school.teacher, school.id(), &team).await.unwrap();
        assert_eq!(teams::list(&school.classroom, &school.teacher, school.id()).await.unwrap()[0].members.len(), 2);
        assert_eq!(teams::list(&school.classroom, &other_admin, school.id()).await.unwrap()[0].members.len(), 1);

        let refused = schools::remove(&school.classroom, &school.teacher, school.id(), school.world.other_school).await;
        assert!(matches!(refused, Err(ClassError::SchoolNeeded)), "somebody is there for it");
        let refused = schools::remove(&school.classroom, &school.teacher, school.id(), school.world.school).await;
        assert!(matches!(refused, Err(ClassError::SchoolNeeded)));
    }
}

#[tokio::test]
async fn teachers_come_and_go_but_the_owner_hands_the_class_over_first() {
    for school in School::each_engine().await {
        let colleague = school.world.person(school.world.school, Role::Teacher, "Lê Văn Cường").await;
        let pupil = school.pupil("Trò An").await;
        let add = async |by: &Caller, who: NewTeacher| teachers::add(&school.classroom, by, school.id(), &who).await;
        for nobody in [NewTeacher::Person(person(&pupil)), NewTeacher::Username("khong.co".to_owned())] {
            assert!(matches!(add(&school.teacher, nobody).await, Err(ClassError::Invalid(_))));
        }
        assert!(is_hidden(add(&colleague, NewTeacher::Person(person(&colleague))).await));
        let mut tx = school.world.content.env.db.read().await.unwrap();
        let (username,): (String,) =
            sql!("SELECT username FROM person WHERE id = $1").bind(person(&colleague)).fetch_one(&mut tx).await.unwrap();
        drop(tx);
        let now = add(&school.teacher, NewTeacher::Username(format!(" {} ", username.to_uppercase()))).await.unwrap();
        let shown: Vec<_> = now.iter().map(|teacher| (teacher.person.display_name.as_str(), teacher.role)).collect();
        assert_eq!(shown, [("Trần Thị Bình", TeacherRole::Owner), ("Lê Văn Cường", TeacherRole::Teacher)]);

        let owner = person(&school.teacher);
        assert!(matches!(teachers::remove(&school.classroom, &colleague, school.id(), owner).await, Err(ClassError::OwnerStays)));
        assert!(is_forbidden(teachers::hand_over(&school.classroom, &colleague, school.id(), person(&colleague)).await));
        teachers::hand_over(&school.classroom, &school.teacher, school.id(), person(&colleague)).await.unwrap();
        teachers::remove(&school.classroom, &school.teacher, school.id(), owner).await.unwrap();
        assert!(is_hidden(classes::get(&school.classroom, &school.teacher, school.id()).await));
        assert_eq!(classes::get(&school.classroom, &colleague, school.id()).await.unwrap().row.standing, ClassStanding::Owner);
    }
}

#[tokio::test]
async fn a_class_without_a_teacher_is_given_one_by_its_schools_administrator() {
    for school in School::each_engine().await {
        let admin = school.world.person(school.world.school, Role::Administrator, "Quản Trị").await;
        people::erase(&school.world.content.env, &Caller::Operator, person(&school.teacher)).await.unwrap();
        let seen = classes::get(&school.classroom, &admin, school.id()).await.unwrap();
        assert!(seen.row.teachers.is_empty() && seen.join.is_none());
        let next = school.world.person(school.world.school, Role::Teacher, "Lê Văn Cường").await;
        teachers::add(&school.classroom, &admin, school.id(), &NewTeacher::Person(person(&next))).await.unwrap();
        assert_eq!(classes::get(&school.classroom, &next, school.id()).await.unwrap().row.standing, ClassStanding::Owner);
    }
}

#[tokio::test]
async fn a_list_brings_in_the_pupils_it_names_and_tells_of_the_others() {
    for school in School::each_engine().await {
        for name in ["Trò An", "Trò Bình", "Trần Cúc", "Trần Cúc"] {
            school.pupil(name).await;
        }
        school.elsewhere(Role::Pupil, "Trò Xa").await;
        let text = "1. Trò An\n2. Tro Binh\n3. Trần Cúc\n4. Trò Xa\n5. Trần Thị Bình\n";
        let add =
            async |text: &str| classes::add_from_roster(&school.classroom, &school.teacher, school.id(), text.as_bytes().to_vec()).await;
        let result = add(text).await.unwrap();
        assert_eq!((result.added, result.already), (2, 0), "{result:?}");
        let row = |line, name: &str, why| UnknownRow { line, name: name.to_owned(), why };
        assert_eq!(
            result.unknown,
            [row(4, "Trần Cúc", UnknownWhy::Several), row(5, "Trò Xa", UnknownWhy::NotFound), row(6, "Trần Thị Bình", UnknownWhy::NoPupil),]
        );
        let again = add("Họ và tên;Ngày sinh\nTrò An;\n").await.unwrap();
        assert_eq!((again.added, again.already, again.unknown.len()), (0, 1, 0));
        assert!(matches!(add("").await, Err(ClassError::Unreadable(_))));
        let colleague = school.world.person(school.world.school, Role::Teacher, "Lê Văn Cường").await;
        let by_other = classes::add_from_roster(&school.classroom, &colleague, school.id(), text.as_bytes().to_vec()).await;
        assert!(is_hidden(by_other));
    }
}

#[tokio::test]
async fn teams_hold_members_of_their_class_only() {
    for school in School::each_engine().await {
        let (own, other) = (school.pupil("Trò An").await, school.pupil("Trò Bình").await);
        school.join(&own).await.unwrap();
        school.join(&other).await.unwrap();
        let second = classes::create(
            &school.classroom,
            &school.teacher,
            school.world.school,
            &ClassInput { name: "Lí".to_owned(), ..ClassInput::default() },
        )
        .await
        .unwrap()
        .row
        .id;
        let ids: Vec<_> = school.members(&school.teacher).await.iter().map(|member| member.id).collect();
        let input = |name: &str| TeamInput { name: name.to_owned(), members: ids.clone() };
        let foreign = teams::create(&school.classroom, &school.teacher, second, &input("Nhóm 1")).await.unwrap();
        assert_eq!(foreign.members, [], "members of another class are left out");
        let team = teams::create(&school.classroom, &school.teacher, school.id(), &input("Nhóm 1")).await.unwrap();
        assert_eq!(team.members.len(), 2);
        let same = teams::create(&school.classroom, &school.teacher, school.id(), &input("NHÓM 1")).await;
        assert!(matches!(same, Err(ClassError::Invalid(_))), "one name, one team");
        assert!(is_hidden(teams::change(&school.classroom, &school.teacher, second, team.id, &input("Của lớp khác")).await));

        members::set_state(&school.classroom, &school.teacher, school.id(), ids[0], MemberState::Left).await.unwrap();
        let seen = teams::list(&school.classroom, &own, school.id()).await;
        assert!(is_hidden(seen), "who left sees no teams");
        assert_eq!(teams::list(&school.classroom, &other, school.id()).await.unwrap()[0].members, [ids[1]]);
        members::set_state(&school.classroom, &school.teacher, school.id(), ids[0], MemberState::Active).await.unwrap();
        assert_eq!(teams::list(&school.classroom, &own, school.id()).await.unwrap()[0].members, ids, "who comes back is in her team again");

        let input = TeamInput { name: "Tổ 1".to_owned(), members: vec![ids[1]] };
        let renamed = teams::change(&school.classroom, &school.teacher, school.id(), team.id, &input).await.unwrap();
        assert_eq!(renamed.members, [ids[1]]);
        teams::delete(&school.classroom, &school.teacher, school.id(), team.id).await.unwrap();
        assert!(teams::list(&school.classroom, &own, school.id()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn whoever_teaches_nowhere_any_more_has_left_her_classes_too() {
    for school in School::each_engine().await {
        let mut tx = school.world.content.env.db.write().await.unwrap();
        sql!("UPDATE role_assignment SET until_at = $2 WHERE person_id = $1")
            .bind(person(&school.teacher))
            .bind(school.world.content.env.now())
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(is_hidden(classes::get(&school.classroom, &school.teacher, school.id()).await));
        assert_eq!(school.listed(&school.teacher, Whose::Mine).await, []);
    }
}
