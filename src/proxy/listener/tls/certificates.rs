//! The certificates of `[tls]`, each with its key: which one a client gets, and how they are replaced.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::client::verify_server_name;
use rustls::pki_types::ServerName;
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::config::load_pair;
use crate::config::settings::Tls;

/// A pair of files, and the setting that names the first of them.
#[derive(Debug, Clone)]
pub(super) struct Files {
    setting: String,
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

impl Files {
    /// All that the settings name; `tls.cert` is the first.
    pub(super) fn of(tls: &Tls) -> Vec<Self> {
        let first = tls.cert.clone().zip(tls.key.clone());
        let first = first.map(|(cert, key)| Self { setting: "tls.cert".to_owned(), cert, key });
        let more = tls.certificates.iter().enumerate().map(|(n, more)| Self {
            setting: format!("tls.certificates[{n}].cert"),
            cert: more.cert.clone(),
            key: more.key.clone(),
        });
        first.into_iter().chain(more).collect()
    }

    fn load(&self) -> Result<Arc<CertifiedKey>, String> {
        let pair = load_pair(&self.cert, &self.key).map_err(|says| format!("{}: {says}", self.setting))?;
        if let Some(says) = pair.out_of_date {
            tracing::warn!("{}: {says}", self.setting);
        }
        Ok(Arc::new(pair.certified))
    }
}

/// The certificates as they are now; handshakes that have begun keep what they got.
#[derive(Debug)]
pub(super) struct Certificates(RwLock<Vec<Arc<CertifiedKey>>>);

impl Certificates {
    pub(super) fn load(files: &[Files]) -> Result<Self, String> {
        Ok(Self(RwLock::new(read(files)?)))
    }

    pub(super) fn are_the_same_as(&self, other: &Self) -> bool {
        let chains = |all: &Self| {
            let all = all.0.read().unwrap_or_else(PoisonError::into_inner);
            all.iter().map(|one| one.cert.clone()).collect::<Vec<_>>()
        };
        chains(self) == chains(other)
    }

    /// Takes what is in the files now, all of it or, where something is wrong with any, nothing.
    pub(super) fn replace(&self, files: &[Files]) -> Result<(), String> {
        let new = read(files)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

fn read(files: &[Files]) -> Result<Vec<Arc<CertifiedKey>>, String> {
    files.iter().map(Files::load).collect()
}

impl ResolvesServerCert for Certificates {
    /// The first that has the name that the client asks for (RFC 6066, section 3), rather one that the client can
    /// verify; a client that asks for no name, or for one that none has, gets the first of all.
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let name = hello.server_name().and_then(|name| ServerName::try_from(name).ok());
        let named = || all.iter().filter(|one| name.as_ref().is_none_or(|name| has_name(one, name)));
        let fits = |one: &&Arc<CertifiedKey>| one.key.choose_scheme(hello.signature_schemes()).is_some();
        let chosen = named().find(fits).or_else(|| named().next()).or_else(|| all.iter().find(fits));
        chosen.or_else(|| all.first()).cloned()
    }
}

fn has_name(certified: &CertifiedKey, name: &ServerName<'_>) -> bool {
    let Ok(leaf) = certified.end_entity_cert() else { return false };
    ParsedCertificate::try_from(leaf).is_ok_and(|leaf| verify_server_name(&leaf, name).is_ok())
}
