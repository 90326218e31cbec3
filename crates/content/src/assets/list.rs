use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, authorise};
use kernel::{AssetId, Cursor, OrganisationId, Page, PageLimit, PersonId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Asset, AssetError, AssetKind, loading};
use crate::Content;
use crate::access::SeeFiles;

/// Which files to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct AssetFilter {
    /// All files of an organisation and of those below it (for its administrators and heads), instead of one's own.
    pub organisation: Option<OrganisationId>,
    /// Only this kind.
    pub kind: Option<AssetKind>,
    /// In which order.
    pub sort: AssetSort,
}

/// The order of a list of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssetSort {
    /// Newest first.
    #[default]
    Newest,
    /// Largest first: what fills a quota.
    Size,
}

/// Files: the caller's own, or all of an organisation and of those below it for those who answer for
/// their space.
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
        Some(organisation) => match authorise::<SeeFiles>(&mut tx, caller, organisation).await {
            Ok(_) => None,
            // Others see their own files there.
            Err(Denied::Forbidden) => Some(caller.person_id().ok_or(Denied::SignInNeeded)?),
            Err(denied) => return Err(denied.into()),
        },
    };
    let which = Which { own, organisation: filter.organisation, kind: filter.kind.map(AssetKind::as_str) };
    let page = match filter.sort {
        AssetSort::Newest => newest(&mut tx, &which, after, limit).await?,
        AssetSort::Size => largest(&mut tx, &which, after, limit).await?,
    };
    Ok(Page { items: loading::load_all(&mut tx, &page.items).await?, next: page.next })
}

struct Which {
    own: Option<PersonId>,
    organisation: Option<OrganisationId>,
    kind: Option<&'static str>,
}

async fn newest(conn: &mut Conn, which: &Which, after: Option<&Cursor>, limit: PageLimit) -> Result<Page<AssetId>, DbError> {
    let ids: Vec<(AssetId,)> = sql!(
        "SELECT id FROM asset
         WHERE (CAST($1 AS UUID) IS NULL OR owner_id = $1)
           AND (CAST($2 AS UUID) IS NULL OR organisation_id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $2))
           AND (CAST($3 AS TEXT) IS NULL OR kind = $3) AND (CAST($4 AS UUID) IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $5"
    )
    .bind(which.own)
    .bind(which.organisation)
    .bind(which.kind)
    .bind(after.and_then(Cursor::key::<AssetId>))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await?;
    Ok(Page::from_surplus(ids, limit, |(id,)| *id).map(|(id,)| id))
}

async fn largest(conn: &mut Conn, which: &Which, after: Option<&Cursor>, limit: PageLimit) -> Result<Page<AssetId>, DbError> {
    let after = after.and_then(Cursor::key::<(i64, AssetId)>);
    let rows: Vec<(i64, AssetId)> = sql!(
        "SELECT size, id FROM asset
         WHERE (CAST($1 AS UUID) IS NULL OR owner_id = $1)
           AND (CAST($2 AS UUID) IS NULL OR organisation_id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $2))
           AND (CAST($3 AS TEXT) IS NULL OR kind = $3) AND (CAST($5 AS UUID) IS NULL OR (size, id) < ($4, $5))
         ORDER BY size DESC, id DESC LIMIT $6"
    )
    .bind(which.own)
    .bind(which.organisation)
    .bind(which.kind)
    .bind(after.map_or(0, |(size, _)| size))
    .bind(after.map(|(_, id)| id))
    .bind(limit.with_surplus())
    .fetch_all(conn)
    .await?;
    Ok(Page::from_surplus(rows, limit, |row| *row).map(|(_, id)| id))
}
