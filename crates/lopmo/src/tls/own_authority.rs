//! A small certificate authority of our own, for a school's network where no public name leads to the
//! server. Its key stays in the data folder; devices learn to trust it once, at `/ca`.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{TlsError, server_config};
use crate::config::HttpsConfig;
use crate::data_folder::DataFolder;

/// Apple's devices refuse certificates of more than 398 days.
const LEAF_DAYS: i64 = 397;
const RENEW_BEFORE_DAYS: i64 = 60;
const AUTHORITY_DAYS: i64 = 3650;
/// How often names, addresses and age are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(3600);

/// What was put into the certificate in use.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Leaf {
    names: BTreeSet<String>,
    expires: i64,
}

/// Starts with what the data folder holds, making what is missing. Returns the authority's
/// certificate in PEM too.
pub(super) fn start(config: &HttpsConfig, folder: &DataFolder) -> Result<(RustlsConfig, String), TlsError> {
    let authority = Authority::open(folder)?;
    let rustls = RustlsConfig::from_config(authority.leaf(&names(config), now())?);
    let certificate = authority.certificate.clone();
    tokio::spawn(keep_fresh(authority, config.clone(), rustls.clone()));
    Ok((rustls, certificate))
}

async fn keep_fresh(authority: Authority, config: HttpsConfig, rustls: RustlsConfig) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        match authority.leaf(&names(&config), now()) {
            Ok(fresh) => rustls.reload_from_config(fresh),
            Err(error) => tracing::error!(%error, "the certificate could not be renewed"),
        }
    }
}

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(jiff::Timestamp::now().as_second()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// By which this machine may be called: what is configured, its own name, its addresses.
fn names(config: &HttpsConfig) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = config.names.iter().cloned().collect();
    names.insert("localhost".to_owned());
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if !host.is_empty() {
        names.insert(format!("{host}.local"));
        names.insert(host);
    }
    // Without a list of interfaces the names still work.
    for interface in if_addrs::get_if_addrs().unwrap_or_default() {
        match interface.ip() {
            IpAddr::V6(address) if address.is_unicast_link_local() => {}
            address => _ = names.insert(address.to_string()),
        }
    }
    names
}

struct Authority {
    folder: std::path::PathBuf,
    certificate: String,
    key: String,
}

impl Authority {
    fn open(folder: &DataFolder) -> Result<Self, TlsError> {
        let folder = folder.tls();
        let (certificate_file, key_file) = (folder.join("ca.pem"), folder.join("ca-key.pem"));
        if certificate_file.exists() && key_file.exists() {
            return Ok(Self { certificate: read(&certificate_file)?, key: read(&key_file)?, folder });
        }
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = DistinguishedName::new();
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        params.distinguished_name.push(DnType::CommonName, format!("Lop Mo {host}"));
        params.distinguished_name.push(DnType::OrganizationName, "Lop Mo");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (params.not_before, params.not_after) = validity(now(), AUTHORITY_DAYS);
        let certificate = params.self_signed(&key)?.pem();
        // The key first: a certificate without its key would never be used again.
        write(&key_file, &key.serialize_pem())?;
        write(&certificate_file, &certificate)?;
        Ok(Self { certificate, key: key.serialize_pem(), folder })
    }

    /// The certificate in use, or a new one when that one is old or names and addresses changed.
    fn leaf(&self, names: &BTreeSet<String>, now: OffsetDateTime) -> Result<Arc<ServerConfig>, TlsError> {
        let (description, pair) = (self.folder.join("server.json"), self.folder.join("server.pem"));
        let known: Option<Leaf> = fs::read(&description).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let good = known
            .is_some_and(|leaf| leaf.names == *names && leaf.expires > (now + time::Duration::days(RENEW_BEFORE_DAYS)).unix_timestamp());
        if !(good && pair.exists()) {
            let (text, expires) = self.sign(names, now)?;
            write(&pair, &text)?;
            let leaf = Leaf { names: names.clone(), expires };
            let text = serde_json::to_string(&leaf)
                .map_err(|error| TlsError::Content { file: description.clone(), problem: error.to_string() })?;
            write(&description, &text)?;
            tracing::info!(names = ?names, "a new certificate was made");
        }
        let text = read(&pair)?;
        let wrong = |error: rustls::pki_types::pem::Error| TlsError::Content { file: pair.clone(), problem: error.to_string() };
        let chain = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<_, _>>().map_err(wrong)?;
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(wrong)?;
        Ok(server_config(chain, key)?)
    }

    fn sign(&self, names: &BTreeSet<String>, now: OffsetDateTime) -> Result<(String, i64), TlsError> {
        let issuer = Issuer::from_ca_cert_pem(&self.certificate, KeyPair::from_pem(&self.key)?)?;
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Lop Mo");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        (params.not_before, params.not_after) = validity(now, LEAF_DAYS);
        let expires = params.not_after.unix_timestamp();
        let certificate = params.signed_by(&key, &issuer)?.pem();
        Ok((format!("{certificate}{}{}", self.certificate, key.serialize_pem()), expires))
    }
}

/// A day earlier than now: clocks of old phones lag.
fn validity(now: OffsetDateTime, days: i64) -> (OffsetDateTime, OffsetDateTime) {
    (now - time::Duration::days(1), now + time::Duration::days(days - 1))
}

fn read(file: &Path) -> Result<String, TlsError> {
    fs::read_to_string(file).map_err(|cause| TlsError::File { file: file.to_owned(), cause })
}

/// Whole or not at all, and for nobody else on the machine.
fn write(file: &Path, text: &str) -> Result<(), TlsError> {
    let write = || -> io::Result<()> {
        let unfinished = file.with_extension("new");
        let mut out = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        fs::rename(unfinished, file)
    };
    write().map_err(|cause| TlsError::File { file: file.to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start_of_2026() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap()
    }

    fn text_of(folder: &DataFolder) -> String {
        fs::read_to_string(folder.tls().join("server.pem")).unwrap()
    }

    #[test]
    fn a_certificate_is_kept_until_it_is_old_or_the_names_change() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(temporary.path()).unwrap();
        let authority = Authority::open(&folder).unwrap();
        let names = BTreeSet::from(["localhost".to_owned(), "192.168.1.10".to_owned()]);
        authority.leaf(&names, start_of_2026()).unwrap();
        let first = text_of(&folder);
        authority.leaf(&names, start_of_2026() + time::Duration::days(100)).unwrap();
        assert_eq!(text_of(&folder), first, "still young");
        authority.leaf(&names, start_of_2026() + time::Duration::days(350)).unwrap();
        let second = text_of(&folder);
        assert_ne!(second, first, "old");
        authority.leaf(&BTreeSet::from(["other.test".to_owned()]), start_of_2026() + time::Duration::days(351)).unwrap();
        assert_ne!(text_of(&folder), second, "another name");
    }

    #[test]
    fn the_authority_is_the_same_after_a_restart_and_its_key_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let temporary = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(temporary.path()).unwrap();
        let first = Authority::open(&folder).unwrap().certificate;
        assert_eq!(Authority::open(&folder).unwrap().certificate, first);
        let mode = fs::metadata(folder.tls().join("ca-key.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
