use std::collections::BTreeMap;

use db::{DbError, WriteTx, sql};
use kernel::OrganisationId;

/// Gives organisations back the space that rows took which are gone; what counted nowhere names none.
///
/// # Errors
/// [`DbError`].
pub async fn give_back(tx: &mut WriteTx, gone: impl IntoIterator<Item = (Option<OrganisationId>, i64)>) -> Result<(), DbError> {
    // In the order of their ids: two that give back to the same organisations do not wait for each other.
    let mut sums: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    for (organisation, bytes) in gone {
        if let Some(organisation) = organisation {
            *sums.entry(organisation).or_default() += bytes;
        }
    }
    for (organisation, bytes) in sums {
        sql!("UPDATE organisation SET used_bytes = used_bytes - $2 WHERE id = $1").bind(organisation).bind(bytes).execute(tx).await?;
    }
    Ok(())
}
