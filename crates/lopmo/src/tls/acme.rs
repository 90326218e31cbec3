//! Certificates from an authority that speaks ACME (RFC 8555), proved over the listening port
//! itself (tls-alpn-01), so that no second port need be open.

use std::sync::Arc;

use futures::StreamExt as _;
use rustls::crypto::aws_lc_rs;
use rustls_acme::AcmeConfig;
use rustls_acme::axum::AxumAcceptor;
use rustls_acme::caches::DirCache;

use crate::config::HttpsConfig;
use crate::data_folder::DataFolder;

pub(super) fn start(config: &HttpsConfig, folder: &DataFolder) -> AxumAcceptor {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut acme = AcmeConfig::new_with_provider(&config.names, Arc::clone(&provider)).cache(DirCache::new(folder.tls().join("acme")));
    if !config.email.is_empty() {
        acme = acme.contact_push(format!("mailto:{}", config.email));
    }
    acme = if config.directory.is_empty() { acme.directory_lets_encrypt(true) } else { acme.directory(&config.directory) };
    let mut state = acme.state();
    let acceptor = state.axum_acceptor(state.default_rustls_config_with_provider(provider));
    tokio::spawn(async move {
        while let Some(event) = state.next().await {
            match event {
                Ok(done) => tracing::info!(event = ?done, "ACME"),
                Err(error) => tracing::error!(error = ?error, "ACME"),
            }
        }
    });
    acceptor
}
