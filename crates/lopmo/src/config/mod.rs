//! Configuration: one TOML file and environment variables over it. Every key has a default, and an
//! unknown one is refused wherever it stands: a misspelt setting must not be silently without effect.

mod load;

pub use load::{ConfigError, load};

use std::net::SocketAddr;
use std::path::PathBuf;

use blobs::BlobsConfig;
use db::DbUrl;
use serde::{Deserialize, Serialize};

/// Everything that can be set. An empty text means "not set". `infra/lopmo.example.toml` explains
/// each key to the one who runs the server, and a test holds it equal to the defaults here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The folder with everything this server keeps.
    pub data_folder: PathBuf,
    /// Where it listens: HTTPS when `https.mode` is not `off`.
    pub listen: SocketAddr,
    /// The address people use, for links; found from `listen` when empty.
    pub public_url: String,
    /// Proxies (addresses or networks) whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<String>,
    /// The database.
    pub database: DatabaseConfig,
    /// Where files are kept.
    pub storage: StorageConfig,
    /// HTTPS.
    pub https: HttpsConfig,
    /// Limits on uploads.
    pub uploads: UploadsConfig,
    /// Background work.
    pub worker: WorkerConfig,
    /// The log of who did what.
    pub audit: AuditConfig,
    /// What is written to the log.
    pub log: LogConfig,
}

/// The database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://…`, or `sqlite:PATH`; empty is `lopmo.db` in the data folder.
    pub url: String,
}

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// A folder or a bucket.
    pub kind: StorageKind,
    /// `local`: the folder; empty is `blobs` in the data folder.
    pub folder: PathBuf,
    /// `s3`: address of the service.
    pub endpoint: String,
    /// `s3`: region.
    pub region: String,
    /// `s3`: bucket, which must exist.
    pub bucket: String,
    /// `s3`: id of the access key.
    pub access_key: String,
    /// `s3`: secret of the access key.
    pub secret_key: String,
    /// `s3`: bucket in the path (most own servers) or in the host name (Amazon).
    pub path_style: bool,
}

/// A folder or a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    /// A folder of this machine.
    Local,
    /// A bucket of any service that speaks S3.
    S3,
}

/// HTTPS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpsConfig {
    /// Where the certificate comes from.
    pub mode: HttpsMode,
    /// `files`: PEM with the certificate and those that signed it.
    pub certificate: PathBuf,
    /// `files`: PEM with the private key.
    pub key: PathBuf,
    /// `acme`: names to ask a certificate for. `own-ca`: names beside the machine's own.
    pub names: Vec<String>,
    /// `acme`: where the authority may write to.
    pub email: String,
    /// `acme`: the authority's directory; empty is Let's Encrypt.
    pub directory: String,
    /// A second, plain listener; empty for none.
    pub plain_listen: String,
    /// What the plain listener does.
    pub plain: PlainAnswers,
}

/// Where the certificate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HttpsMode {
    /// No HTTPS here: a proxy does it, or nobody.
    Off,
    /// Given files, read again when they change.
    Files,
    /// An authority that speaks ACME, over the listening port.
    Acme,
    /// An authority of our own, kept in the data folder.
    OwnCa,
}

/// What the plain listener beside HTTPS does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlainAnswers {
    /// Sends everybody to HTTPS (but for the page that helps to trust our own authority).
    Redirect,
    /// Serves: for devices that do not trust our own authority yet.
    Serve,
}

/// Limits on uploads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UploadsConfig {
    /// The largest file, in bytes.
    pub max_file_bytes: u64,
    /// Bytes of the disk that uploads leave free.
    pub keep_free_bytes: u64,
    /// Hours after which an upload that nobody continued is forgotten.
    pub keep_unfinished_hours: u64,
}

/// Background work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerConfig {
    /// How many videos are made at once.
    pub videos: usize,
    /// How many short jobs are done at once beside them.
    pub short_jobs: usize,
}

/// The log of who did what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditConfig {
    /// Days after which its lines are removed; 0: never.
    pub keep_days: u64,
}

/// What is written to the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// For people or for machines.
    pub format: LogFormat,
    /// A level, or directives such as `info,web=debug`.
    pub level: String,
}

/// For people or for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines of text.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_folder: PathBuf::from("./data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            database: DatabaseConfig::default(),
            storage: StorageConfig::default(),
            https: HttpsConfig::default(),
            uploads: UploadsConfig::default(),
            worker: WorkerConfig::default(),
            audit: AuditConfig::default(),
            log: LogConfig::default(),
        }
    }
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            kind: StorageKind::Local,
            folder: PathBuf::new(),
            endpoint: String::new(),
            region: "us-east-1".to_owned(),
            bucket: String::new(),
            access_key: String::new(),
            secret_key: String::new(),
            path_style: true,
        }
    }
}

impl Default for HttpsConfig {
    fn default() -> Self {
        Self {
            mode: HttpsMode::Off,
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            names: Vec::new(),
            email: String::new(),
            directory: String::new(),
            plain_listen: String::new(),
            plain: PlainAnswers::Redirect,
        }
    }
}

impl Default for UploadsConfig {
    fn default() -> Self {
        Self { max_file_bytes: 8 << 30, keep_free_bytes: 512 << 20, keep_unfinished_hours: 168 }
    }
}

impl Default for WorkerConfig {
    fn default() -> Self {
        Self { videos: 1, short_jobs: 2 }
    }
}

impl Default for AuditConfig {
    fn default() -> Self {
        // Three years: a stay at an upper secondary school.
        Self { keep_days: 3 * 365 + 1 }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info,tantivy=warn".to_owned() }
    }
}

impl Config {
    /// The database's place.
    pub fn database_url(&self) -> DbUrl {
        let url = self.database.url.as_str();
        if url.is_empty() {
            DbUrl::Sqlite(self.data_folder.join("lopmo.db"))
        } else if let Some(path) = url.strip_prefix("sqlite:") {
            DbUrl::Sqlite(PathBuf::from(path.trim_start_matches("//")))
        } else {
            DbUrl::Postgres(url.to_owned())
        }
    }

    /// Where files are kept.
    pub fn blobs(&self) -> BlobsConfig {
        let storage = &self.storage;
        match storage.kind {
            StorageKind::Local if storage.folder.as_os_str().is_empty() => BlobsConfig::Local(self.data_folder.join("blobs")),
            StorageKind::Local => BlobsConfig::Local(storage.folder.clone()),
            StorageKind::S3 => BlobsConfig::S3 {
                endpoint: Some(storage.endpoint.clone()).filter(|endpoint| !endpoint.is_empty()),
                region: storage.region.clone(),
                bucket: storage.bucket.clone(),
                access_key: storage.access_key.clone(),
                secret_key: storage.secret_key.clone(),
                path_style: storage.path_style,
            },
        }
    }

    /// The address people use.
    pub fn address(&self) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.trim_end_matches('/').to_owned();
        }
        let scheme = if self.https.mode == HttpsMode::Off { "http" } else { "https" };
        let host = match (self.https.names.first(), self.listen.ip().is_unspecified()) {
            (Some(name), _) => name.clone(),
            (None, true) => "localhost".to_owned(),
            (None, false) => match self.listen.ip() {
                std::net::IpAddr::V4(address) => address.to_string(),
                std::net::IpAddr::V6(address) => format!("[{address}]"),
            },
        };
        match (scheme, self.listen.port()) {
            ("http", 80) | ("https", 443) => format!("{scheme}://{host}"),
            (_, port) => format!("{scheme}://{host}:{port}"),
        }
    }
}
