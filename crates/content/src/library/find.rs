use std::collections::HashMap;

use db::{Conn, DbError, sql};
use identity::access::{Caller, Denied, readable_owner_organisations};
use kernel::{LessonId, OrganisationId, OrganisationKind};
use search::{Filter, Highlight, Hit, Query, Snippet};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Content;
use crate::indexing::FollowError;
use crate::lessons::OrganisationRef;
use crate::sets::{GROUP, bind_group};

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
    let ids: Vec<LessonId> = found.hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
    let mut tx = content.env.db.read().await?;
    let mut owners = owners(&mut tx, &ids).await?;
    drop(tx);
    let mut items = Vec::with_capacity(found.hits.len());
    for hit in found.hits {
        let Ok(id) = hit.id.parse::<LessonId>() else { continue };
        // The index may be a moment behind: what was withdrawn or moved meanwhile is not shown any more.
        let Some(owner) = owners.remove(&id).filter(|owner| readable.contains(&owner.organisation_id)) else { continue };
        match shown(id, hit, owner) {
            Ok(hit) => items.push(hit),
            Err(error) => tracing::error!(lesson = %id, %error, "a lesson that was found cannot be read"),
        }
    }
    Ok(SearchResults { total: found.total, items })
}

#[derive(sqlx::FromRow)]
struct Owner {
    id: LessonId,
    organisation_id: OrganisationId,
    organisation_name: String,
    organisation_kind: String,
    organisation_code: Option<String>,
    meta: String,
}

/// What the database says of the lessons found; nothing of those that are not shown any more.
async fn owners(conn: &mut Conn, ids: &[LessonId]) -> Result<HashMap<LessonId, Owner>, DbError> {
    let mut all = HashMap::new();
    for group in ids.chunks(GROUP) {
        let rows: Vec<Owner> = bind_group(
            sql!(
                "SELECT id, organisation_id, organisation_name, organisation_kind, organisation_code, meta FROM lesson_shown
                 WHERE withdrawn_at IS NULL
                   AND id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
            ),
            group,
        )
        .fetch_all(conn)
        .await?;
        all.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(all)
}

fn shown(id: LessonId, hit: Hit, owner: Owner) -> Result<SearchHit, DbError> {
    let meta: crate::lessons::LessonMeta = serde_json::from_str(&owner.meta)?;
    let (snippet, highlights) = marked(&hit.snippet);
    Ok(SearchHit {
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
            name: owner.organisation_name,
            kind: OrganisationKind::try_from(owner.organisation_kind)?,
            code: owner.organisation_code,
        },
        cover_url: meta.cover_asset_id.map(|asset| format!("/api/assets/{asset}/preview?width=320")),
    })
}

/// The text of an excerpt, and its marks as browsers count: in UTF-16 units, end exclusive.
pub fn marked(snippet: &Snippet) -> (String, Vec<(usize, usize)>) {
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
