use std::collections::HashMap;

use db::{Conn, DbError, WriteTx, sql};
use kernel::{AssetId, LessonId, OrganisationId, OrganisationKind, Timestamp};

use super::{LessonMeta, LessonRow, LessonState, MaterialKind, OrganisationRef};
use crate::assets::AssetKind;
use crate::sets::{GROUP, bind_group};

/// What a list reads of each lesson; `meta` is the draft's or a version's.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct RowSource {
    pub id: LessonId,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub organisation_kind: String,
    pub organisation_code: Option<String>,
    pub revision: i64,
    pub published_version: Option<i64>,
    pub published_revision: Option<i64>,
    pub published_at: Option<Timestamp>,
    pub withdrawn_at: Option<i64>,
    pub saved_at: Timestamp,
    pub meta: String,
    pub asset_version: i64,
}

impl RowSource {
    pub(crate) fn organisation(&self) -> Result<OrganisationRef, DbError> {
        Ok(OrganisationRef {
            id: self.organisation_id,
            name: self.organisation_name.clone(),
            kind: OrganisationKind::try_from(self.organisation_kind.clone())?,
            code: self.organisation_code.clone(),
        })
    }

    fn is_draft(&self) -> bool {
        self.asset_version == 0
    }

    pub(crate) fn state(&self) -> LessonState {
        match (self.published_version, self.withdrawn_at, self.published_revision) {
            (None, ..) => LessonState::Draft,
            (Some(_), Some(_), _) => LessonState::Withdrawn,
            (Some(_), None, Some(published)) if published < self.revision => LessonState::Changed,
            (Some(_), None, _) => LessonState::Published,
        }
    }
}

/// Makes changes of one lesson wait for each other until the commit, also on PostgreSQL. Whatever
/// the change is made from must be read after this.
pub(super) async fn hold(tx: &mut WriteTx, lesson: LessonId) -> Result<(), DbError> {
    sql!("UPDATE lesson SET revision = revision WHERE id = $1").bind(lesson).execute(tx).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct File {
    lesson_id: LessonId,
    id: AssetId,
    kind: String,
    duration_us: Option<i64>,
    poster_file: Option<String>,
}

/// One row; see [`lesson_rows`].
pub(crate) async fn lesson_row(conn: &mut Conn, source: &RowSource) -> Result<LessonRow, DbError> {
    let rows = lesson_rows(conn, &[source]).await?;
    rows.into_iter().next().ok_or_else(|| DbError::Stored("a lesson without a row".to_owned()))
}

/// Rows of a list, in its order. Their files are read by one statement, however many lessons.
pub(crate) async fn lesson_rows(conn: &mut Conn, sources: &[&RowSource]) -> Result<Vec<LessonRow>, DbError> {
    let mut files: HashMap<(LessonId, bool), Vec<File>> = HashMap::new();
    for draft in [true, false] {
        let ids: Vec<LessonId> = sources.iter().filter(|source| source.is_draft() == draft).map(|source| source.id).collect();
        for group in ids.chunks(GROUP) {
            for file in files_of(conn, group, draft).await? {
                files.entry((file.lesson_id, draft)).or_default().push(file);
            }
        }
    }
    sources.iter().map(|source| row(source, files.get(&(source.id, source.is_draft())).map_or(&[], Vec::as_slice))).collect()
}

async fn files_of(conn: &mut Conn, group: &[LessonId], draft: bool) -> Result<Vec<File>, DbError> {
    bind_group(
        sql!(
            "SELECT la.lesson_id, a.id, a.kind, m.duration_us, m.poster_file
             FROM lesson l JOIN lesson_asset la ON la.lesson_id = l.id AND la.version = CASE WHEN $33 THEN 0 ELSE l.published_version END
             JOIN asset a ON a.id = la.asset_id LEFT JOIN media m ON m.blob_id = a.blob_id
             WHERE l.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
             ORDER BY a.id"
        ),
        group,
    )
    .bind(draft)
    .fetch_all(conn)
    .await
}

fn row(source: &RowSource, files: &[File]) -> Result<LessonRow, DbError> {
    let meta: LessonMeta = serde_json::from_str(&source.meta)?;
    let mut kinds = Vec::new();
    for file in files.iter().filter(|file| Some(file.id) != meta.cover_asset_id) {
        kinds.extend(match AssetKind::try_from(file.kind.clone())? {
            AssetKind::Video => Some(MaterialKind::Video),
            AssetKind::Audio => Some(MaterialKind::Audio),
            AssetKind::Pdf => Some(MaterialKind::Pdf),
            AssetKind::Picture => Some(MaterialKind::Picture),
            AssetKind::Office => Some(MaterialKind::Office),
            AssetKind::Text | AssetKind::Other => None,
        });
    }
    if kinds.is_empty() {
        kinds.push(MaterialKind::Text);
    }
    kinds.sort();
    kinds.dedup();
    let poster = || files.iter().find(|file| file.poster_file.is_some()).map(|file| format!("/api/assets/{}/poster", file.id));
    let cover = meta.cover_asset_id.map(|id| format!("/api/assets/{id}/preview?width=640"));
    Ok(LessonRow {
        id: source.id,
        title: meta.title,
        summary: meta.summary,
        subject: meta.subject,
        grade: meta.grade,
        language: meta.language,
        state: source.state(),
        cover_url: cover.or_else(poster),
        duration_us: files.iter().filter_map(|file| file.duration_us).reduce(|a, b| a.saturating_add(b)),
        organisation: source.organisation()?,
        authors: meta.authors,
        updated_at: source.saved_at,
        published_at: source.published_at,
        kinds,
    })
}
