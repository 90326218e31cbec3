//! The tree of organisations: Sở, communes, clusters, schools, campuses, as deep as wanted.

mod administrators;
mod classes;
mod create;
mod listing;
mod moving;
mod moving_up;
mod space;
mod years;

use db::{Conn, DbError, WriteTx, sql};
use kernel::{OrganisationId, OrganisationKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Denied;
use crate::fault::Fault;

pub(crate) use administrators::AdministratorWatch;
pub use classes::{ClassGroup, add_class_group, create_class_group, list_class_groups};
pub use create::{NewOrganisation, NewOrganisationInput, Place, add, create};
pub use listing::{Organisation, get, list};
pub use moving::{OrganisationChange, change, delete};
pub use moving_up::{ClassMove, MovedUp, move_up};
pub use space::give_back;
pub use years::{NewYearInput, SchoolYear, create_year, current_year, ensure_year, list_years};

/// An organisation, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrgRef {
    /// Which.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its code in the sector's registers.
    pub code: Option<String>,
}

/// Why something about organisations is refused.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Vec<Fault>),
    /// There are still people, lessons or nodes in it.
    #[error("not empty")]
    NotEmpty,
    /// It would come to lie below itself.
    #[error("an organisation cannot lie below itself")]
    Cycle,
    /// Nobody would be left to look after the server.
    #[error("the last administrator")]
    LastAdministrator,
}

impl From<Vec<Fault>> for OrganisationError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Invalid(faults)
    }
}

impl OrganisationError {
    fn fault(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![Fault { field, code }])
    }
}

/// Makes changes of the tree wait for each other, also on PostgreSQL: two moves at once could make a cycle.
async fn lock_tree(tx: &mut WriteTx) -> Result<(), DbError> {
    sql!("INSERT INTO setting (name, value) VALUES ('tree-lock', '') ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .execute(tx)
        .await?;
    Ok(())
}

/// The organisation with a code, if there is one.
///
/// # Errors
/// [`DbError`].
pub async fn lookup_by_code(conn: &mut Conn, code: &str) -> Result<Option<OrganisationId>, DbError> {
    let row: Option<(Uuid,)> = sql!("SELECT id FROM organisation WHERE code = $1").bind(code).fetch_optional(conn).await?;
    Ok(row.map(|(id,)| OrganisationId(id)))
}
