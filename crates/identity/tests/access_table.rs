//! The access table, as one picture: whoever changes it sees here what she changes.

use identity::access::{OrganisationAction, role_allows};
use kernel::Role;

#[test]
fn each_role_may_do_what_the_picture_says() {
    let mut picture = String::new();
    for role in Role::ALL {
        let row: Vec<&str> = OrganisationAction::ALL.iter().map(|action| if role_allows(*role, *action) { "yes" } else { " - " }).collect();
        picture.push_str(&format!("{:<14}{}\n", role.as_str(), row.join(" ")));
    }
    assert_eq!(format!("{:?}", OrganisationAction::ALL), "[See, Manage, SeePeople, ManagePeople, SeeAudit, AuthorLessons]");
    assert_eq!(
        picture,
        "administrator yes yes yes yes yes yes\n\
         school_head   yes  -  yes  -  yes yes\n\
         reviewer      yes  -  yes  -   -  yes\n\
         teacher       yes  -  yes  -   -  yes\n\
         pupil         yes  -   -   -   -   - \n\
         parent        yes  -   -   -   -   - \n"
    );
}
