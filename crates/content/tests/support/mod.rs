//! A content service over a fresh database, with schools and people.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use bytes::Bytes;
use content::assets::Asset;
use content::uploads::{self, NewUpload};
use content::{Content, ContentConfig, assets};
use db::testing::TestDb;
use db::{Db, Engine, WriteTx};
use futures::stream;
use identity::access::{Caller, ManageOrganisation, ManagePeople, ManageServer, SignedIn, authorise};
use identity::organisations::{self, NewOrganisation, Place};
use identity::people::{self, PersonDraft, PersonInput};
use kernel::{AssetId, DeviceId, LessonId, OrganisationId, OrganisationKind, Role};
use serde_json::{Value, json};

pub struct World {
    pub test: TestDb,
    pub content: Content,
    pub department: OrganisationId,
    pub school: OrganisationId,
    pub other_school: OrganisationId,
    pub folder: tempfile::TempDir,
}

impl World {
    pub async fn new(test: TestDb) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = ContentConfig::below(folder.path());
        Self::with(test, folder, config).await
    }

    /// With its objects on the S3 server of `LOPMO_TEST_S3`, where there is one.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests must see that S3 was left out")]
    pub async fn on_s3(test: TestDb) -> Option<Self> {
        let Ok(endpoint) = std::env::var("LOPMO_TEST_S3") else {
            assert!(std::env::var_os("CI").is_none(), "LOPMO_TEST_S3 must be set in CI");
            eprintln!("LOPMO_TEST_S3 is not set: S3 is left out");
            return None;
        };
        let or = |name: &str, value: &str| std::env::var(name).unwrap_or_else(|_| value.to_owned());
        let blobs = blobs::BlobsConfig::S3 {
            endpoint: Some(endpoint),
            region: "us-east-1".to_owned(),
            bucket: or("LOPMO_TEST_S3_BUCKET", "lopmo-test"),
            access_key: or("LOPMO_TEST_S3_ACCESS_KEY", "lopmo"),
            secret_key: or("LOPMO_TEST_S3_SECRET_KEY", "lopmo-secret"),
            path_style: true,
        };
        let folder = tempfile::tempdir().unwrap();
        let config = ContentConfig { blobs, ..ContentConfig::below(folder.path()) };
        Some(Self::with(test, folder, config).await)
    }

    async fn with(test: TestDb, folder: tempfile::TempDir, config: ContentConfig) -> Self {
        let content = Content::open(test.env.clone(), &config).unwrap();
        let department = organisation(&content, None, OrganisationKind::Department, "Sở Ánh Dương", "ANHDUONG").await;
        let school = organisation(&content, Some(department), OrganisationKind::School, "Trường Hoa Sen", "HOASEN").await;
        let other_school = organisation(&content, Some(department), OrganisationKind::School, "Trường Trúc Xanh", "TRUCXANH").await;
        Self { test, content, department, school, other_school, folder }
    }

    pub async fn each_engine() -> Vec<Self> {
        let mut all = Vec::new();
        for test in db::testing::engines().await {
            all.push(Self::new(test).await);
        }
        all
    }

    pub async fn person(&self, organisation: OrganisationId, role: Role, name: &str) -> Caller {
        let draft = PersonDraft::parse(&PersonInput { display_name: name.to_owned(), ..PersonInput::default() }).unwrap();
        let mut tx = self.content.env.db.write().await.unwrap();
        let grant = authorise::<ManagePeople>(&mut tx, &Caller::Operator, organisation).await.unwrap();
        let person_id = people::add(&mut tx, &self.content.env, &grant, &draft, role, None).await.unwrap();
        tx.commit().await.unwrap();
        Caller::Person(SignedIn { person_id, device_id: self.content.env.ids.make::<DeviceId>(), address: String::new() })
    }

    pub async fn teacher(&self) -> Caller {
        self.person(self.school, Role::Teacher, "Trần Thị Bình").await
    }

    /// Uploads bytes in one go; the file is still being checked.
    pub async fn upload(&self, caller: &Caller, organisation: OrganisationId, filename: &str, bytes: &[u8]) -> AssetId {
        let new = NewUpload { organisation, filename: filename.to_owned(), length: bytes.len() as u64 };
        let begun = uploads::create(&self.content, caller, &new).await.unwrap();
        if let Some(asset) = begun.asset {
            return asset;
        }
        let body = Box::pin(stream::iter([Ok(Bytes::copy_from_slice(bytes))]));
        uploads::receive(&self.content, caller, begun.id, 0, body, None).await.unwrap().asset.unwrap()
    }

    /// Uploads bytes and finds out what they are.
    pub async fn finished(&self, caller: &Caller, organisation: OrganisationId, filename: &str, bytes: &[u8]) -> Asset {
        let asset = self.upload(caller, organisation, filename, bytes).await;
        let mut tx = self.content.env.db.read().await.unwrap();
        let (upload,): (kernel::UploadId,) =
            db::sql!("SELECT upload_id FROM asset WHERE id = $1").bind(asset).fetch_one(&mut tx).await.unwrap();
        drop(tx);
        content::processing::finish(&self.content, upload, asset).await.unwrap();
        assets::get(&self.content, caller, asset).await.unwrap()
    }

    /// Writes and publishes a lesson of one paragraph and some files.
    pub async fn published(&self, caller: &Caller, organisation: OrganisationId, title: &str, text: &str, files: &[AssetId]) -> LessonId {
        let draft = content::lessons::create(&self.content, caller, organisation, title).await.unwrap();
        let input = content::lessons::DraftInput { revision: draft.revision, meta: draft.meta, doc: doc(text, files) };
        let saved = content::lessons::save(&self.content, caller, draft.id, &input).await.unwrap();
        assert_eq!(saved.dropped, Vec::<String>::new());
        content::lessons::publish(&self.content, caller, draft.id, saved.revision, None).await.unwrap();
        draft.id
    }
}

/// A text of one paragraph with files below.
pub fn doc(text: &str, files: &[AssetId]) -> Value {
    let mut content = vec![json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] })];
    content.extend(files.iter().map(|id| json!({ "type": "file", "attrs": { "asset": id, "title": "tệp" } })));
    json!({ "type": "doc", "content": content })
}

pub async fn organisation(
    content: &Content,
    parent: Option<OrganisationId>,
    kind: OrganisationKind,
    name: &str,
    code: &str,
) -> OrganisationId {
    let new = NewOrganisation::parse(kind, name, Some(code)).unwrap();
    let mut tx = content.env.db.write().await.unwrap();
    let id = match parent {
        Some(parent) => {
            let grant = authorise::<ManageOrganisation>(&mut tx, &Caller::Operator, parent).await.unwrap();
            organisations::add(&mut tx, &content.env, Place::Below(&grant), &new).await.unwrap()
        }
        None => {
            let grant = authorise::<ManageServer>(&mut tx, &Caller::Operator, ()).await.unwrap();
            organisations::add(&mut tx, &content.env, Place::Root(&grant), &new).await.unwrap()
        }
    };
    tx.commit().await.unwrap();
    id
}

/// Runs two futures while `holder` keeps them from ending; the other begins when the first has come to a
/// lock, and lets go of both when it has come to one too.
pub async fn at_once<A: Send + 'static, B: Send + 'static>(
    db: &Db,
    holder: WriteTx,
    one: impl Future<Output = A> + Send + 'static,
    other: impl Future<Output = B> + Send + 'static,
) -> (A, B) {
    let one = tokio::spawn(one);
    waiting(db, 1, || one.is_finished()).await;
    let other = tokio::spawn(other);
    waiting(db, 2, || one.is_finished() || other.is_finished()).await;
    drop(holder);
    (one.await.unwrap(), other.await.unwrap())
}

/// Until so many wait for a lock. On SQLite they wait for the holder itself.
async fn waiting(db: &Db, count: i64, ended: impl Fn() -> bool) {
    while db.engine() == Engine::Postgres && !ended() {
        let mut tx = db.read().await.unwrap();
        let (waiting,): (i64,) =
            db::sql!("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .fetch_one(&mut tx)
                .await
                .unwrap();
        if waiting >= count {
            break;
        }
    }
}
