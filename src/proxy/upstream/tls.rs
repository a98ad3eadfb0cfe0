//! TLS to an origin: the system's roots, beside them `upstream.ca_file` or the route's own, the name always checked.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::fault::{DialError, Why};

/// The authorities that this system trusts, as they were at the start.
#[derive(Clone)]
pub(super) struct Roots(Arc<RootCertStore>);

impl Roots {
    pub(super) fn of_system() -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self(Arc::new(roots))
    }

    pub(super) fn are_none(&self) -> bool {
        self.0.is_empty()
    }
}

/// What connections rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Trust {
    /// Stands for all authorities that are believed.
    pub(super) roots: u64,
    /// Whether private addresses are allowed.
    pub(super) private: bool,
}

/// Makes TLS connections; sessions are resumed across all workers.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    trust: Trust,
}

impl Tls {
    /// With the certificates of `file` beside `roots`; `setting` names the file.
    pub(super) fn new(roots: &Roots, setting: &str, file: Option<&Path>) -> Result<Self, String> {
        let mut roots = RootCertStore::clone(&roots.0);
        if let Some(file) = file {
            add_file(&mut roots, setting, file)?;
        }
        let trust = Trust { roots: number(&roots), private: false };
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|error| error.to_string())?
                .with_root_certificates(roots)
                .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), trust })
    }

    pub(super) fn trust(&self) -> Trust {
        self.trust
    }

    pub(super) async fn connect(
        &self,
        name: &str,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, DialError> {
        let server_name = ServerName::try_from(name.to_owned()).map_err(|_| {
            DialError::new(Why::TlsProtocol, format!("{name} is not a name that TLS can ask for"))
        })?;
        self.connector.connect(server_name, stream).await.map_err(|error| explain(name, &error))
    }
}

/// The same for the same authorities, and for others another.
fn number(roots: &RootCertStore) -> u64 {
    let mut digest = Sha256::new();
    for anchor in &roots.roots {
        let constraints = anchor.name_constraints.as_deref().unwrap_or_default();
        for part in [&anchor.subject[..], &anchor.subject_public_key_info[..], constraints] {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
    }
    digest.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn add_file(roots: &mut RootCertStore, setting: &str, file: &Path) -> Result<(), String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{setting}: {}: {error}", file.display());
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| wrong(&e))? {
        roots.add(certificate.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
    }
    if roots.len() == before { Err(wrong(&"it holds no certificate")) } else { Ok(()) }
}

/// The RFC 9209 error for a failed handshake.
fn explain(name: &str, error: &io::Error) -> DialError {
    let tls = error
        .get_ref()
        .and_then(|inner| (inner as &(dyn StdError + 'static)).downcast_ref::<rustls::Error>());
    let why = match tls {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            Why::TlsCertificate
        }
        Some(rustls::Error::AlertReceived(_)) => Why::TlsAlert,
        Some(_) => Why::TlsProtocol,
        None if error.kind() == io::ErrorKind::UnexpectedEof => Why::TlsProtocol,
        None => Why::Terminated,
    };
    DialError::new(why, format!("the TLS handshake with {name} failed: {error}"))
}
