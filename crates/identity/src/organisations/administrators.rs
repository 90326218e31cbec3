//! Somebody must be left to look after the server.

use db::{DbError, WriteTx, sql};
use kernel::PersonId;

use crate::access::server_administrators;

/// Watches over a change that might leave the server without an administrator.
#[derive(Debug)]
pub(crate) struct AdministratorWatch {
    before: i64,
}

impl AdministratorWatch {
    /// Begins to watch, before a change of a person. Where she looks after the server, such changes
    /// wait for each other: two administrators who remove each other at once would each still see the
    /// other, since on PostgreSQL neither sees what the other has not committed.
    pub(crate) async fn over_person(tx: &mut WriteTx, person: PersonId) -> Result<Self, DbError> {
        let held: Option<(i64,)> = sql!(
            "SELECT CAST(1 AS BIGINT) FROM role_assignment r JOIN organisation o ON o.id = r.organisation_id
             WHERE r.person_id = $1 AND r.role = 'administrator' AND r.until_at IS NULL AND o.parent_id IS NULL LIMIT 1"
        )
        .bind(person)
        .fetch_optional(tx)
        .await?;
        if held.is_none() {
            return Ok(Self { before: 0 });
        }
        Self::over_tree(tx).await
    }

    /// Begins to watch, before a change of the tree.
    pub(crate) async fn over_tree(tx: &mut WriteTx) -> Result<Self, DbError> {
        super::lock_tree(tx).await?;
        Ok(Self { before: server_administrators(tx).await? })
    }

    /// Whether the change leaves nobody: it must not be committed then.
    pub(crate) async fn sees_nobody_left(&self, tx: &mut WriteTx) -> Result<bool, DbError> {
        Ok(self.before > 0 && server_administrators(tx).await? == 0)
    }
}
