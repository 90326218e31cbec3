use std::marker::PhantomData;

use db::{Conn, DbError, sql};
use kernel::{OrganisationId, Role};

use super::{Caller, Capability, Decision, standing_at};

/// What may be done at an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganisationAction {
    /// See that it is there and what it is called.
    See,
    /// Change it, add nodes below it.
    Manage,
    /// See its people.
    SeePeople,
    /// Add, change, move and erase its people.
    ManagePeople,
    /// Read its audit log.
    SeeAudit,
    /// Write and publish lessons in its name.
    AuthorLessons,
}

impl OrganisationAction {
    /// Every action, for the snapshot of the table.
    pub const ALL: &'static [Self] = &[Self::See, Self::Manage, Self::SeePeople, Self::ManagePeople, Self::SeeAudit, Self::AuthorLessons];
}

/// The access table: what a role at an organisation allows there and below.
pub fn role_allows(role: Role, action: OrganisationAction) -> bool {
    use OrganisationAction as A;
    match role {
        Role::Administrator => true,
        Role::SchoolHead => matches!(action, A::See | A::SeePeople | A::SeeAudit | A::AuthorLessons),
        Role::Reviewer | Role::Teacher => matches!(action, A::See | A::SeePeople | A::AuthorLessons),
        Role::Pupil | Role::Parent => matches!(action, A::See),
    }
}

/// A capability whose scope is an organisation and whose rule is one line of [`role_allows`].
#[derive(Debug)]
pub struct OnOrganisation<A>(PhantomData<A>);

/// Names a line of the access table as a type.
pub trait NamedAction: Send + Sync + 'static {
    /// The action.
    const ACTION: OrganisationAction;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident, $marker:ident = $action:ident;)*) => {$(
        #[doc(hidden)]
        #[derive(Debug)]
        pub struct $marker;
        impl NamedAction for $marker {
            const ACTION: OrganisationAction = OrganisationAction::$action;
        }
        $(#[$doc])*
        pub type $name = OnOrganisation<$marker>;
    )*};
}

actions! {
    /// May see an organisation.
    SeeOrganisation, SeeAction = See;
    /// May change an organisation and the tree below it.
    ManageOrganisation, ManageAction = Manage;
    /// May see the people of an organisation.
    SeePeople, SeePeopleAction = SeePeople;
    /// May manage the people of an organisation.
    ManagePeople, ManagePeopleAction = ManagePeople;
    /// May read the audit log of an organisation.
    SeeAudit, SeeAuditAction = SeeAudit;
    /// May write lessons in the name of an organisation.
    AuthorLessons, AuthorLessonsAction = AuthorLessons;
}

impl<A: NamedAction> Capability for OnOrganisation<A> {
    type Scope = OrganisationId;

    async fn decide(conn: &mut Conn, caller: &Caller, scope: &OrganisationId) -> Result<Decision, DbError> {
        let standing = standing_at(conn, caller, *scope).await?;
        let see_from_below = A::ACTION == OrganisationAction::See && !standing.below.is_empty();
        Ok(if standing.operator || see_from_below || standing.at_or_above.iter().any(|role| role_allows(*role, A::ACTION)) {
            Decision::Allow
        } else if standing.is_related() {
            Decision::Forbid
        } else {
            Decision::Hide
        })
    }
}

/// May look after the server itself: an administrator of a root of the tree.
#[derive(Debug)]
pub struct ManageServer;

impl Capability for ManageServer {
    type Scope = ();

    async fn decide(conn: &mut Conn, caller: &Caller, _scope: &()) -> Result<Decision, DbError> {
        let person = match caller {
            Caller::Operator => return Ok(Decision::Allow),
            Caller::Anonymous { .. } => return Ok(Decision::Hide),
            Caller::Person(signed_in) => signed_in.person_id,
        };
        let found: Option<(i64,)> = sql!(
            "SELECT CAST(1 AS BIGINT) FROM role_assignment r JOIN organisation o ON o.id = r.organisation_id
             WHERE r.person_id = $1 AND r.role = 'administrator' AND r.until_at IS NULL AND o.parent_id IS NULL LIMIT 1"
        )
        .bind(person)
        .fetch_optional(conn)
        .await?;
        Ok(if found.is_some() { Decision::Allow } else { Decision::Forbid })
    }
}
