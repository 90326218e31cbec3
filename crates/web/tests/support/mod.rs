//! A server in memory: the real router over a fresh database, and people to ask it things.
#![allow(dead_code, reason = "each test file uses its own part of this")]

pub mod world;

use axum::Router;
use axum::body::Body;
use content::{Content, ContentConfig};
use db::testing::TestDb;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use identity::access::{Caller, ManageOrganisation, ManagePeople, ManageServer, authorise};
use identity::organisations::{self, NewOrganisation, Place};
use identity::password::NewPassword;
use identity::people::{self, FirstPassword, PersonDraft, PersonInput};
use kernel::{OrganisationId, OrganisationKind, PersonId, Role};
use serde_json::Value;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;
use web::app::{Demo, Settings};
use web::{App, Origin};

/// The password of everybody made by [`TestApp::person`].
pub const PASSWORD: &str = "con mèo trèo cây cau";

/// The router with its database.
pub struct TestApp {
    pub test: TestDb,
    pub app: App,
    pub router: Router,
    pub folder: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The problem's code.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The codes of a field's problems.
    pub fn field(&self, name: &str) -> Option<String> {
        let json = self.json();
        let fields = json["fields"].as_array()?;
        let pointer = format!("/{name}");
        fields.iter().find(|field| field["pointer"] == *pointer).and_then(|field| field["code"].as_str().map(str::to_owned))
    }

    /// The session cookie, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let line = self.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        line.split(';').next().map(str::to_owned)
    }

    /// Panics unless the status is the one expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}

/// One hash of [`PASSWORD`] for all: hashing is slow on purpose.
async fn password_hash() -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(|| async { NewPassword::parse(PASSWORD, "nobody").unwrap().hash().await.unwrap() }).await.clone()
}

impl TestApp {
    /// A server over a database of [`db::testing`].
    pub async fn new(test: TestDb) -> Self {
        let settings = Settings { demo: Demo::Absent, trusted_proxies: Vec::new(), public_url: None, data_folder: std::env::temp_dir() };
        let folder = tempfile::tempdir().unwrap();
        let content = Content::open(test.env.clone(), &ContentConfig::below(folder.path())).unwrap();
        let app = App::new(content, settings);
        let router = web::router(app.clone(), Origin::Plain);
        Self { test, app, router, folder }
    }

    /// A server on SQLite.
    pub async fn sqlite() -> Self {
        Self::new(db::testing::sqlite().await).await
    }

    /// A server on each engine.
    pub async fn each_engine() -> Vec<Self> {
        let mut all = Vec::new();
        for test in db::testing::engines().await {
            all.push(Self::new(test).await);
        }
        all
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Sends JSON (or nothing, for `Value::Null`) with a cookie (or without, for an empty one).
    pub async fn call(&self, method: &str, path: &str, cookie: &str, body: Value) -> Reply {
        let mut request =
            Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path).header(header::HOST, "lopmo.test");
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Sends bytes with the secret of a device that sits a test.
    pub async fn by_device(&self, begun: &Value, method: &str, path: &str, body: impl Into<Body>) -> Reply {
        let bearer = format!("Bearer {}", begun["token"].as_str().unwrap());
        let request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        let request = request.header(header::AUTHORIZATION, bearer).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Reply {
        self.call("GET", path, cookie, Value::Null).await
    }

    pub async fn post(&self, path: &str, cookie: &str, body: Value) -> Reply {
        self.call("POST", path, cookie, body).await
    }

    /// Signs somebody made by [`Self::person`] in; her cookie.
    pub async fn sign_in(&self, username: &str) -> String {
        self.sign_in_with(username, PASSWORD).await.expect(200).cookie().unwrap()
    }

    pub async fn sign_in_with(&self, login: &str, password: &str) -> Reply {
        self.post("/api/session", "", serde_json::json!({ "login": login, "password": password })).await
    }

    /// Adds an organisation, as somebody at the machine.
    pub async fn organisation(&self, parent: Option<OrganisationId>, kind: OrganisationKind, name: &str) -> OrganisationId {
        let new = NewOrganisation::parse(kind, name, None).unwrap();
        let mut tx = self.test.env.db.write().await.unwrap();
        let id = match parent {
            Some(parent) => {
                let grant = authorise::<ManageOrganisation>(&mut tx, &Caller::Operator, parent).await.unwrap();
                organisations::add(&mut tx, &self.test.env, Place::Below(&grant), &new).await.unwrap()
            }
            None => {
                let grant = authorise::<ManageServer>(&mut tx, &Caller::Operator, ()).await.unwrap();
                organisations::add(&mut tx, &self.test.env, Place::Root(&grant), &new).await.unwrap()
            }
        };
        tx.commit().await.unwrap();
        id
    }

    /// Adds a person with [`PASSWORD`], as somebody at the machine.
    pub async fn person(&self, organisation: OrganisationId, role: Role, name: &str, username: &str) -> PersonId {
        let hash = password_hash().await;
        let input = PersonInput { display_name: name.to_owned(), username: Some(username.to_owned()), ..PersonInput::default() };
        let draft = PersonDraft::parse(&input).unwrap();
        let mut tx = self.test.env.db.write().await.unwrap();
        let grant = authorise::<ManagePeople>(&mut tx, &Caller::Operator, organisation).await.unwrap();
        let id = people::add(&mut tx, &self.test.env, &grant, &draft, role, Some(FirstPassword::Chosen(hash))).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}
