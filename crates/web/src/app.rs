//! What handlers reach, and how the server presents itself.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use blobs::HotObjects;
use classroom::Classroom;
use content::Content;
use db::Env;
use questions::Questions;

use crate::http::stream_cache::StreamCache;

/// What every handler can reach. Cheap to clone, which each layer does with each request; holds no state another
/// server process would need.
#[derive(Clone, Debug)]
pub struct App(Arc<Reach>);

impl Deref for App {
    type Target = Reach;
    fn deref(&self) -> &Reach {
        &self.0
    }
}

/// What [`App`] reaches.
#[derive(Debug)]
pub struct Reach {
    /// Database, time, ids.
    pub env: Env,
    /// How this server presents itself.
    pub settings: Settings,
    /// Lessons and files.
    pub content: Content,
    /// The question bank and the import desk.
    pub questions: Questions,
    /// Classes.
    pub classroom: Classroom,
    /// Stored objects, the small ones many ask for kept in memory for a while.
    pub objects: HotObjects,
    /// Who was allowed to which stream a moment ago.
    pub streams: StreamCache,
}

impl App {
    /// Over an open content service, whose database, time and ids it shares.
    pub fn new(content: Content, settings: Settings) -> Self {
        let objects = HotObjects::new(content.blobs.clone());
        let questions = Questions::new(content);
        let content = questions.content.clone();
        Self(Arc::new(Reach {
            env: content.env.clone(),
            settings,
            content,
            classroom: Classroom::new(questions.clone()),
            questions,
            objects,
            streams: StreamCache::default(),
        }))
    }
}

/// How this server presents itself.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether demo accounts exist, so that the sign-in page may say so.
    pub demo: Demo,
    /// Proxies whose forwarded headers are believed (addresses or networks).
    pub trusted_proxies: Vec<String>,
    /// The address people reach the server at, if configured: used in links.
    pub public_url: Option<String>,
    /// Where this server keeps what it must; the folder's free space is watched.
    pub data_folder: PathBuf,
}

/// Whether the demo school was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    /// It was.
    Loaded,
    /// It was not.
    Absent,
}

/// How a request reached us: decides whether cookies are Secure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// TLS, our own or a trusted proxy's.
    Secure,
    /// Plain HTTP.
    Plain,
}

/// Session cookies: their name and how long a device stays signed in without being used.
#[derive(Clone, Copy, Debug)]
pub struct Sessions;

impl Sessions {
    /// The cookie's name.
    pub const COOKIE: &'static str = "lopmo_session";
    /// Days of not being used after which a device is signed out.
    pub const IDLE_DAYS: i64 = 30;
}
