//! Who may do what. A [`Grant`] has private fields and only [`authorise`] makes one, from the caller
//! and facts read in the same transaction; functions that touch data demand a grant and read
//! their scope from it. What you may not see is answered as if it did not exist.

mod caller;
mod capability;
mod listing;
mod person;
mod standing;

pub use caller::{Caller, SignedIn};
pub use capability::{
    AuthorLessons, ManageOrganisation, ManagePeople, ManageServer, OnOrganisation, OrganisationAction, SeeAudit, SeeOrganisation,
    SeePeople, role_allows,
};
pub use listing::{ListScope, VisibleOrganisations, server_administrators};
pub use person::{ManagePerson, SeePerson};
pub use standing::{Standing, readable_owner_organisations, standing_at};

use db::{Conn, DbError};

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in, and somebody must be.
    #[error("sign-in is needed")]
    SignInNeeded,
    /// There is no such thing, or the caller may not know that there is.
    #[error("not found")]
    NotFound,
    /// The caller may see it but not do this.
    #[error("forbidden")]
    Forbidden,
    /// The facts could not be read.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What the policy says about one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allow,
    /// No, and the thing is not shown either.
    Hide,
    /// No, though the caller may see the thing.
    Forbid,
}

/// Something that can be allowed, with the rule that allows it.
pub trait Capability: Send + Sync + 'static {
    /// What it is asked about, for example an organisation.
    type Scope: Send + Sync;

    /// The rule. Reads its facts in the transaction of the use case.
    fn decide(conn: &mut Conn, caller: &Caller, scope: &Self::Scope) -> impl Future<Output = Result<Decision, DbError>> + Send;
}

/// Proof that the policy allowed `C` in this transaction.
#[derive(Debug)]
pub struct Grant<C: Capability> {
    caller: Caller,
    scope: C::Scope,
}

impl<C: Capability> Grant<C> {
    /// What was allowed upon.
    pub fn scope(&self) -> &C::Scope {
        &self.scope
    }

    /// Who was allowed.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

/// Asks the policy.
///
/// # Errors
/// [`Denied`], ready to be the answer to the request.
pub async fn authorise<C: Capability>(conn: &mut Conn, caller: &Caller, scope: C::Scope) -> Result<Grant<C>, Denied> {
    match C::decide(conn, caller, &scope).await? {
        Decision::Allow => Ok(Grant { caller: caller.clone(), scope }),
        Decision::Hide | Decision::Forbid if matches!(caller, Caller::Anonymous { .. }) => Err(Denied::SignInNeeded),
        Decision::Hide => Err(Denied::NotFound),
        Decision::Forbid => Err(Denied::Forbidden),
    }
}
