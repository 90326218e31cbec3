//! HTTPS: given files, an ACME authority, or a small authority of our own for a school's network.

mod acme;
mod files;
mod own_authority;
mod trust_page;

pub use trust_page::TrustPage;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_acme::axum::AxumAcceptor;

use crate::config::{Config, HttpsMode};
use crate::data_folder::DataFolder;

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("HTTPS: {}: {cause}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file is not what it should be.
    #[error("HTTPS: {}: {problem}", file.display())]
    Content {
        /// Which.
        file: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The certificate and the key cannot be used.
    #[error("HTTPS: {0}")]
    Rustls(#[from] rustls::Error),
    /// The authority of our own failed.
    #[error("HTTPS, own authority: {0}")]
    Authority(#[from] rcgen::Error),
}

/// How connections become secure.
#[derive(Clone)]
pub enum Tls {
    /// They do not.
    Off,
    /// By a certificate that may be replaced while running.
    Certificate(RustlsConfig),
    /// By certificates that an ACME authority gives us.
    Acme(AxumAcceptor),
}

/// What the listeners need, and the page for our own authority if we have one.
pub struct Secured {
    /// How connections become secure.
    pub tls: Tls,
    /// The page that helps to trust our own authority.
    pub trust: Option<TrustPage>,
}

/// Prepares HTTPS as configured and keeps its certificate fresh in the background.
///
/// # Errors
/// [`TlsError`].
pub fn prepare(config: &Config, folder: &DataFolder) -> Result<Secured, TlsError> {
    Ok(match config.https.mode {
        HttpsMode::Off => Secured { tls: Tls::Off, trust: None },
        HttpsMode::Files => Secured { tls: Tls::Certificate(files::start(&config.https)?), trust: None },
        HttpsMode::Acme => Secured { tls: Tls::Acme(acme::start(&config.https, folder)), trust: None },
        HttpsMode::OwnCa => {
            let (rustls, authority) = own_authority::start(&config.https, folder)?;
            Secured { tls: Tls::Certificate(rustls), trust: Some(TrustPage::new(authority)) }
        }
    })
}

/// Checks what [`prepare`] would use, without asking anybody or changing anything: for `doctor`.
///
/// # Errors
/// [`TlsError`].
pub fn check(config: &Config) -> Result<(), TlsError> {
    match config.https.mode {
        HttpsMode::Files => files::read(&config.https).map(drop),
        HttpsMode::Off | HttpsMode::Acme | HttpsMode::OwnCa => Ok(()),
    }
}

fn server_config(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
