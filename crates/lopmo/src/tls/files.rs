//! A given certificate, read again when its files change or on SIGHUP.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::signal::unix::{SignalKind, signal};

use super::{TlsError, server_config};
use crate::config::HttpsConfig;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);

pub(super) fn start(config: &HttpsConfig) -> Result<RustlsConfig, TlsError> {
    let rustls = RustlsConfig::from_config(read(config)?);
    tokio::spawn(keep_fresh(config.clone(), rustls.clone()));
    Ok(rustls)
}

pub(super) fn read(config: &HttpsConfig) -> Result<Arc<ServerConfig>, TlsError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&bytes(&config.certificate)?)
        .collect::<Result<_, _>>()
        .map_err(|error| TlsError::Content { file: config.certificate.clone(), problem: error.to_string() })?;
    if chain.is_empty() {
        return Err(TlsError::Content { file: config.certificate.clone(), problem: "holds no certificate in PEM".to_owned() });
    }
    let key = PrivateKeyDer::from_pem_slice(&bytes(&config.key)?)
        .map_err(|error| TlsError::Content { file: config.key.clone(), problem: error.to_string() })?;
    Ok(server_config(chain, key)?)
}

fn bytes(file: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(file).map_err(|cause| TlsError::File { file: file.to_owned(), cause })
}

fn changed_at(config: &HttpsConfig) -> [Option<std::time::SystemTime>; 2] {
    [&config.certificate, &config.key].map(|file| std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok())
}

async fn keep_fresh(config: HttpsConfig, rustls: RustlsConfig) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    let mut seen = changed_at(&config);
    loop {
        tokio::select! {
            _ = hangup.recv() => seen = [None, None],
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let now = changed_at(&config);
        if now == seen {
            continue;
        }
        seen = now;
        match read(&config) {
            Ok(fresh) => {
                rustls.reload_from_config(fresh);
                tracing::info!("the certificate was read again");
            }
            // Perhaps half of the pair is written: the old one goes on until the next look.
            Err(error) => {
                tracing::error!(%error, "the certificate could not be read again; the earlier one stays");
                seen = [None, None];
            }
        }
    }
}
