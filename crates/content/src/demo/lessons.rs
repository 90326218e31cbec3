use std::collections::BTreeMap;

use bytes::Bytes;
use db::sql;
use futures::stream;
use identity::access::{Caller, SignedIn};
use kernel::{AssetId, DeviceId, OrganisationId, PersonId};

use super::shape::{DemoFile, DemoLesson};
use super::{DemoError, organisation_of, read, refused};
use crate::Content;
use crate::assets::{self, Chapter};
use crate::lessons::{self, DraftInput};
use crate::uploads::{self, NewUpload};

/// Writes and publishes a lesson in its author's name, unless the organisation has it.
pub(super) async fn load(content: &Content, file: &str, lesson: &DemoLesson) -> Result<(), DemoError> {
    let organisation = organisation_of(content, &lesson.organisation_code).await?;
    let mut tx = content.env.db.read().await?;
    let known: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM lesson WHERE organisation_id = $1 AND external_id = $2")
        .bind(organisation)
        .bind(&lesson.external_id)
        .fetch_optional(&mut tx)
        .await?;
    let author: Option<(PersonId,)> =
        sql!("SELECT id FROM person WHERE username = $1").bind(&lesson.author_username).fetch_optional(&mut tx).await?;
    drop(tx);
    if known.is_some() {
        return Ok(());
    }
    let Some((person_id,)) = author else { return Err(refused(file)(&"no such author")) };
    let caller = Caller::Person(SignedIn { person_id, device_id: content.env.ids.make::<DeviceId>(), address: String::new() });
    let mut ids = BTreeMap::new();
    for asset in &lesson.assets {
        let id = upload(content, &caller, organisation, asset).await?;
        describe(content, &caller, id, asset).await?;
        ids.insert(asset.name.clone(), id.to_string());
    }
    let (meta, doc) = lesson.placed(&ids).map_err(|error| DemoError::Shape { file: file.to_owned(), cause: error.to_string() })?;
    let draft = lessons::create(content, &caller, organisation, &meta.title).await?;
    let saved = lessons::save(content, &caller, draft.id, &DraftInput { revision: draft.revision, meta, doc }).await?;
    if !saved.dropped.is_empty() {
        tracing::warn!(file, dropped = ?saved.dropped, "parts of a demo lesson were dropped");
    }
    lessons::publish(content, &caller, draft.id, saved.revision, None).await?;
    let mut tx = content.env.db.write().await?;
    sql!("UPDATE lesson SET external_id = $2 WHERE id = $1").bind(draft.id).bind(&lesson.external_id).execute(&mut tx).await?;
    db::changes::record(&mut tx, db::changes::EntityKind::Lesson, &[draft.id.as_uuid()], content.env.now()).await?;
    tx.commit().await?;
    Ok(())
}

async fn upload(content: &Content, caller: &Caller, organisation: OrganisationId, file: &DemoFile) -> Result<AssetId, DemoError> {
    let bytes = Bytes::from(read(&file.file)?.into_owned());
    let new = NewUpload { organisation, filename: file.filename.clone(), length: bytes.len() as u64 };
    let begun = uploads::create(content, caller, &new).await?;
    let done = uploads::receive(content, caller, begun.id, 0, Box::pin(stream::iter([Ok(bytes)])), None).await?;
    done.asset.ok_or_else(|| refused(&file.file)(&"not whole"))
}

async fn describe(content: &Content, caller: &Caller, asset: AssetId, file: &DemoFile) -> Result<(), DemoError> {
    for caption in &file.captions {
        let text = read(&caption.file)?;
        assets::put_captions(content, caller, asset, &caption.language, Some(&caption.label), &text)
            .await
            .map_err(|error| refused(&caption.file)(&error))?;
    }
    if let Some(chapters) = &file.chapters {
        let list: Vec<Chapter> = super::parse(chapters)?;
        assets::put_chapters(content, caller, asset, &list).await.map_err(|error| refused(chapters)(&error))?;
    }
    Ok(())
}
