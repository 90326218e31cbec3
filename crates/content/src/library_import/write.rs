//! One batch, one transaction. Eight rows a statement: a statement costs more than a row.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, WriteTx, changes, sql};
use kernel::{LessonId, OrganisationId, PersonId, Timestamp};
use uuid::Uuid;

use super::prepare::{New, Prepared};
use crate::Content;
use crate::lessons::{PublishedVersion, insert_version};

/// Rows of one statement.
const GROUP: usize = 8;

/// Whose the items become, and in whose name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Publisher {
    pub organisation: OrganisationId,
    pub author: PersonId,
}

/// What became of the items of a batch.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub added: u64,
    pub updated: u64,
    pub unchanged: u64,
}

/// Publishes a batch, all of it or nothing.
pub(super) async fn write(content: &Content, publisher: Publisher, items: Vec<Prepared>) -> Result<Written, DbError> {
    let mut written = Written::default();
    if items.is_empty() {
        return Ok(written);
    }
    let now = content.env.now();
    let mut changed: BTreeSet<Uuid> = BTreeSet::new();
    let mut tx = content.env.db.write().await?;
    for round in rounds(items) {
        let (mut new, mut other) = (Vec::new(), Vec::new());
        for group in round.chunks(GROUP) {
            let known = known(&mut tx, publisher.organisation, group).await?;
            for item in group {
                match known.get(&item.external_id) {
                    None => new.push(New { id: content.env.ids.make(), item }),
                    Some(stored) if stored.is(item) => written.unchanged += 1,
                    Some(_) => other.push(item),
                }
            }
        }
        let inserted = insert(&mut tx, publisher, &new, now).await?;
        // Somebody else's import brought the same item in meanwhile: ours is the later one.
        other.extend(new.iter().filter(|new| !inserted.contains(&new.id)).map(|new| new.item));
        new.retain(|new| inserted.contains(&new.id));
        insert_first_versions(&mut tx, publisher, &new, now).await?;
        written.added += new.len() as u64;
        changed.extend(new.iter().map(|new| new.id.as_uuid()));
        for item in other {
            changed.insert(replace(&mut tx, publisher, item, now).await?.as_uuid());
            written.updated += 1;
        }
    }
    changes::record(&mut tx, changes::EntityKind::Lesson, &changed.into_iter().collect::<Vec<_>>(), now).await?;
    tx.commit().await?;
    content.search.wake();
    Ok(written)
}

/// An id that comes again in a file updates what its earlier line made, so each round has an id once.
/// In the order of the ids: two imports of the same items then wait for each other on PostgreSQL, row
/// by row, and never both at once.
fn rounds(items: Vec<Prepared>) -> Vec<Vec<Prepared>> {
    let mut rounds: Vec<BTreeMap<String, Prepared>> = Vec::new();
    for item in items {
        let at = rounds.iter().position(|round| !round.contains_key(&item.external_id)).unwrap_or(rounds.len());
        if at == rounds.len() {
            rounds.push(BTreeMap::new());
        }
        rounds[at].insert(item.external_id.clone(), item);
    }
    rounds.into_iter().map(|round| round.into_values().collect()).collect()
}

#[derive(sqlx::FromRow)]
struct Stored {
    external_id: String,
    shown: bool,
    draft_meta: String,
    draft_doc: String,
}

impl Stored {
    /// Whether readers see exactly this already.
    fn is(&self, item: &Prepared) -> bool {
        self.shown && self.draft_meta == item.meta_json && self.draft_doc == item.doc
    }
}

async fn known(tx: &mut WriteTx, organisation: OrganisationId, group: &[Prepared]) -> Result<BTreeMap<String, Stored>, DbError> {
    let mut query = sql!(
        "SELECT external_id, (withdrawn_at IS NULL AND COALESCE(published_revision, 0) = revision) AS shown, draft_meta, draft_doc
         FROM lesson WHERE organisation_id = $1 AND external_id IN ($2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(organisation);
    for at in 0..GROUP {
        // A short group asks for its last id again.
        query = query.bind(group.get(at).or(group.last()).map(|item| item.external_id.as_str()));
    }
    let rows: Vec<Stored> = query.fetch_all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.external_id.clone(), row)).collect())
}

/// Writes lessons that are published from their start; tells which are in.
async fn insert(tx: &mut WriteTx, publisher: Publisher, new: &[New<'_>], now: Timestamp) -> Result<BTreeSet<LessonId>, DbError> {
    let mut inserted = BTreeSet::new();
    let mut groups = new.chunks_exact(GROUP);
    for group in groups.by_ref() {
        let mut query = sql!(
            "INSERT INTO lesson (revision, published_version, published_revision, organisation_id, created_by, saved_at, created_at,
                                 published_at, id, external_id, draft_title, draft_meta, draft_doc) VALUES
             (1, 1, 1, $1, $2, $3, $3, $3, $4, $5, $6, $7, $8),
             (1, 1, 1, $1, $2, $3, $3, $3, $9, $10, $11, $12, $13),
             (1, 1, 1, $1, $2, $3, $3, $3, $14, $15, $16, $17, $18),
             (1, 1, 1, $1, $2, $3, $3, $3, $19, $20, $21, $22, $23),
             (1, 1, 1, $1, $2, $3, $3, $3, $24, $25, $26, $27, $28),
             (1, 1, 1, $1, $2, $3, $3, $3, $29, $30, $31, $32, $33),
             (1, 1, 1, $1, $2, $3, $3, $3, $34, $35, $36, $37, $38),
             (1, 1, 1, $1, $2, $3, $3, $3, $39, $40, $41, $42, $43)
             ON CONFLICT (organisation_id, external_id) DO NOTHING RETURNING id"
        )
        .bind(publisher.organisation)
        .bind(publisher.author)
        .bind(now);
        for New { id, item } in group {
            query = query.bind(*id).bind(&item.external_id).bind(&item.meta.title).bind(&item.meta_json).bind(&item.doc);
        }
        let rows: Vec<(LessonId,)> = query.fetch_all(tx).await?;
        inserted.extend(rows.into_iter().map(|(id,)| id));
    }
    for New { id, item } in groups.remainder() {
        let row: Option<(LessonId,)> = sql!(
            "INSERT INTO lesson (revision, published_version, published_revision, organisation_id, created_by, saved_at, created_at,
                                 published_at, id, external_id, draft_title, draft_meta, draft_doc)
             VALUES (1, 1, 1, $1, $2, $3, $3, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (organisation_id, external_id) DO NOTHING RETURNING id"
        )
        .bind(publisher.organisation)
        .bind(publisher.author)
        .bind(now)
        .bind(*id)
        .bind(&item.external_id)
        .bind(&item.meta.title)
        .bind(&item.meta_json)
        .bind(&item.doc)
        .fetch_optional(tx)
        .await?;
        inserted.extend(row.map(|(id,)| id));
    }
    Ok(inserted)
}

async fn insert_first_versions(tx: &mut WriteTx, publisher: Publisher, new: &[New<'_>], now: Timestamp) -> Result<(), DbError> {
    let mut groups = new.chunks_exact(GROUP);
    for group in groups.by_ref() {
        let mut query = sql!(
            "INSERT INTO lesson_version (version, published_by, published_at,
                                         lesson_id, title, title_key, subject, grade, language, licence, meta, doc, plain_text) VALUES
             (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12),
             (1, $1, $2, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22),
             (1, $1, $2, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32),
             (1, $1, $2, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42),
             (1, $1, $2, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52),
             (1, $1, $2, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62),
             (1, $1, $2, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72),
             (1, $1, $2, $73, $74, $75, $76, $77, $78, $79, $80, $81, $82)"
        )
        .bind(publisher.author)
        .bind(now);
        for New { id, item } in group {
            query = query
                .bind(*id)
                .bind(&item.meta.title)
                .bind(&item.title_key)
                .bind(item.meta.subject.as_deref())
                .bind(item.meta.grade.map(i64::from))
                .bind(&item.meta.language)
                .bind(&item.meta.licence)
                .bind(&item.meta_json)
                .bind(&item.doc)
                .bind(&item.plain_text);
        }
        query.execute(tx).await?;
    }
    for New { id, item } in groups.remainder() {
        insert_version(tx, &version_of(publisher, *id, 1, item, now)).await?;
    }
    Ok(())
}

fn version_of<'a>(publisher: Publisher, lesson: LessonId, version: i64, item: &'a Prepared, at: Timestamp) -> PublishedVersion<'a> {
    PublishedVersion {
        lesson,
        version,
        meta: &item.meta,
        doc: &item.doc,
        plain_text: &item.plain_text,
        by: publisher.author,
        at,
        note: None,
    }
}

/// Publishes a new version of what is there. The row is held before its versions are counted: on
/// PostgreSQL somebody may be publishing it at this moment.
async fn replace(tx: &mut WriteTx, publisher: Publisher, item: &Prepared, now: Timestamp) -> Result<LessonId, DbError> {
    let (lesson,): (LessonId,) = sql!("UPDATE lesson SET saved_at = $3 WHERE organisation_id = $1 AND external_id = $2 RETURNING id")
        .bind(publisher.organisation)
        .bind(&item.external_id)
        .bind(now)
        .fetch_one(tx)
        .await?;
    let (version,): (i64,) = sql!(
        "UPDATE lesson SET revision = revision + 1, draft_title = $2, draft_meta = $3, draft_doc = $4, published_revision = revision + 1,
                published_at = $5, withdrawn_at = NULL,
                published_version = 1 + (SELECT COALESCE(MAX(v.version), 0) FROM lesson_version v WHERE v.lesson_id = lesson.id)
         WHERE id = $1 RETURNING published_version"
    )
    .bind(lesson)
    .bind(&item.meta.title)
    .bind(&item.meta_json)
    .bind(&item.doc)
    .bind(now)
    .fetch_one(tx)
    .await?;
    sql!("DELETE FROM lesson_asset WHERE lesson_id = $1 AND version = 0").bind(lesson).execute(tx).await?;
    insert_version(tx, &version_of(publisher, lesson, version, item, now)).await?;
    Ok(lesson)
}
