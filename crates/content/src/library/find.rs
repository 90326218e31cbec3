use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, readable_owner_organisations};
use kernel::{LessonId, OrganisationId, OrganisationKind};
use search::{Filter, Highlight, Hit, Query, Snippet};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Content;
use crate::indexing::FollowError;
use crate::lessons::OrganisationRef;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// As typed.
    pub text: String,
    /// Most hits, 100 at most.
    pub limit: usize,
    /// Hits to skip.
    pub offset: usize,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// Only this kind of thing.
    pub kind: Option<String>,
}

/// One page of what was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchResults {
    /// In all.
    pub total: usize,
    /// This page, best first.
    pub items: Vec<SearchHit>,
}

/// Something found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// Which.
    pub id: LessonId,
    /// What it is: `lesson`.
    pub kind: String,
    /// The giver's own id, of imported lessons.
    pub external_id: Option<String>,
    /// Its title.
    pub title: String,
    /// The best place in it, plain text.
    pub snippet: String,
    /// Marked ranges of the snippet, in UTF-16 units, end exclusive.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub highlights: Vec<(usize, usize)>,
    /// Higher is better, within one answer.
    pub score: f32,
    /// Subject code.
    pub subject: Option<String>,
    /// 1 to 12.
    pub grade: Option<u8>,
    /// Whose it is.
    pub organisation: OrganisationRef,
    /// A picture for its card.
    pub cover_url: Option<String>,
}

/// Why nothing could be looked for.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// By the index.
    #[error(transparent)]
    Index(#[from] FollowError),
}

/// Looks in everything the caller may read.
///
/// # Errors
/// [`FindError`].
pub async fn find(content: &Content, caller: &Caller, what: &Find) -> Result<SearchResults, FindError> {
    if caller.person_id().is_none() {
        return Err(Denied::SignInNeeded.into());
    }
    let mut tx = content.env.db.read().await?;
    let readable = readable_owner_organisations(&mut tx, caller).await?;
    let readers = readable.iter().map(OrganisationId::to_string).collect();
    drop(tx);
    let filter =
        Filter { any_of_readers: readers, subject: what.subject.clone(), grade: what.grade, kind: what.kind.clone(), ..Filter::default() };
    let found = content.search.search(Query { text: what.text.clone(), limit: what.limit, offset: what.offset, filter }).await?;
    let mut tx = content.env.db.read().await?;
    let mut items = Vec::with_capacity(found.hits.len());
    for hit in found.hits {
        // The index may be a moment behind: what was withdrawn or moved meanwhile is not shown any more.
        items.extend(shown(&mut tx, hit).await?.filter(|hit| readable.contains(&hit.organisation.id)));
    }
    Ok(SearchResults { total: found.total, items })
}

#[derive(sqlx::FromRow)]
struct Owner {
    organisation_id: OrganisationId,
    name: String,
    kind: String,
    code: Option<String>,
    meta: String,
}

async fn shown(conn: &mut Conn, hit: Hit) -> Result<Option<SearchHit>, DbError> {
    let Ok(id) = hit.id.parse::<LessonId>() else { return Ok(None) };
    let owner: Option<Owner> = sql!(
        "SELECT o.id AS organisation_id, o.name, o.kind, o.code, v.meta FROM lesson l JOIN organisation o ON o.id = l.organisation_id
         JOIN lesson_version v ON v.lesson_id = l.id AND v.version = l.published_version WHERE l.id = $1 AND l.withdrawn_at IS NULL"
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    let Some(owner) = owner else { return Ok(None) };
    let meta: crate::lessons::LessonMeta = serde_json::from_str(&owner.meta)?;
    let (snippet, highlights) = marked(&hit.snippet);
    Ok(Some(SearchHit {
        id,
        kind: hit.kind,
        external_id: hit.external_id,
        title: hit.title,
        snippet,
        highlights,
        score: hit.score,
        subject: hit.subject,
        grade: hit.grade,
        organisation: OrganisationRef {
            id: owner.organisation_id,
            name: owner.name,
            kind: OrganisationKind::try_from(owner.kind)?,
            code: owner.code,
        },
        cover_url: meta.cover_asset_id.map(|asset| format!("/api/assets/{asset}/preview?width=320")),
    }))
}

/// The text, and its marks as browsers count.
fn marked(snippet: &Snippet) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut marks, mut at) = (String::new(), Vec::new(), 0);
    for segment in &snippet.segments {
        let length = segment.text.encode_utf16().count();
        if segment.highlight == Highlight::Match {
            marks.push((at, at + length));
        }
        text.push_str(&segment.text);
        at += length;
    }
    (text, marks)
}
