use db::sql;
use identity::access::{Caller, Denied, ManageOrganisation, SeeOrganisation, authorise};
use kernel::{AssetId, Cursor, OrganisationId, Page, PageLimit};

use super::{Asset, AssetError, AssetKind, loading};
use crate::Content;

/// Which files to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct AssetFilter {
    /// All files of an organisation (its administrators and heads), instead of one's own.
    pub organisation: Option<OrganisationId>,
    /// Only this kind.
    pub kind: Option<AssetKind>,
}

/// Files, newest first: the caller's own, or all of an organisation for those who answer for it.
///
/// # Errors
/// [`AssetError`].
pub async fn list(
    content: &Content,
    caller: &Caller,
    filter: AssetFilter,
    after: Option<&Cursor>,
    limit: PageLimit,
) -> Result<Page<Asset>, AssetError> {
    let mut tx = content.env.db.read().await?;
    let own = match filter.organisation {
        None => Some(caller.person_id().ok_or(Denied::SignInNeeded)?),
        Some(organisation) => {
            authorise::<SeeOrganisation>(&mut tx, caller, organisation).await?;
            match authorise::<ManageOrganisation>(&mut tx, caller, organisation).await {
                Ok(_) => None,
                // Others see their own files there.
                Err(Denied::Forbidden) => Some(caller.person_id().ok_or(Denied::SignInNeeded)?),
                Err(denied) => return Err(denied.into()),
            }
        }
    };
    let ids: Vec<(AssetId,)> = sql!(
        "SELECT id FROM asset
         WHERE (CAST($1 AS UUID) IS NULL OR owner_id = $1) AND (CAST($2 AS UUID) IS NULL OR organisation_id = $2)
           AND (CAST($3 AS TEXT) IS NULL OR kind = $3) AND (CAST($4 AS UUID) IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $5"
    )
    .bind(own)
    .bind(filter.organisation)
    .bind(filter.kind.map(AssetKind::as_str))
    .bind(after.and_then(Cursor::key::<AssetId>))
    .bind(limit.with_surplus())
    .fetch_all(&mut tx)
    .await?;
    let page = Page::from_surplus(ids, limit, |(id,)| *id);
    let ids: Vec<AssetId> = page.items.into_iter().map(|(id,)| id).collect();
    Ok(Page { items: loading::load_all(&mut tx, &ids).await?, next: page.next })
}
