//! PEM files of certificates and of their private keys.

use std::fmt::Display;
use std::path::Path;

use jiff::Timestamp;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

/// Which file of a pair something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Certificate,
    Key,
}

/// The certificates of a file: at least one.
pub(super) fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |says: &dyn Display| format!("{}: {says}", path.display());
    let bytes = std::fs::read(path).map_err(|error| wrong(&error))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let found = found.map_err(|error| wrong(&format_args!("not PEM: {error}")))?;
    if found.is_empty() {
        return Err(wrong(&"holds no certificate (-----BEGIN CERTIFICATE-----)"));
    }
    Ok(found)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let wrong = |says: &dyn Display| format!("{}: {says}", path.display());
    let bytes = Zeroizing::new(std::fs::read(path).map_err(|error| wrong(&error))?);
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| match error {
        pem::Error::NoItemsFound
            if memchr::memmem::find(&bytes, b"BEGIN ENCRYPTED PRIVATE KEY").is_some() =>
        {
            wrong(&"the key in it needs a passphrase, for which coswhy cannot ask")
        }
        pem::Error::NoItemsFound => wrong(&"holds no private key (-----BEGIN PRIVATE KEY-----)"),
        // A parser's own words could repeat what it stumbled over.
        _ => wrong(&"not PEM"),
    })
}

/// A certificate with its private key, ready for handshakes.
#[derive(Debug)]
pub struct Pair {
    pub certified: CertifiedKey,
    /// What is wrong with a certificate that can be used all the same.
    pub out_of_date: Option<String>,
}

/// Reads a certificate and its private key; the sentence names the file.
pub fn load_pair(cert: &Path, key: &Path) -> Result<Pair, String> {
    pair(cert, key).map_err(|wrong| wrong.into_iter().map(|(_, says)| says).collect::<Vec<_>>().join("; "))
}

/// A certificate and a private key that can be used together; else what is wrong with which.
pub(super) fn pair(cert: &Path, key: &Path) -> Result<Pair, Vec<(Half, String)>> {
    let (chain, private) = match (chain(cert), private_key(key)) {
        (Ok(chain), Ok(private)) => (chain, private),
        (chain, private) => {
            let wrong = [(Half::Certificate, chain.err()), (Half::Key, private.err())];
            return Err(wrong.into_iter().filter_map(|(half, says)| Some((half, says?))).collect());
        }
    };
    let out_of_date = chain.first().and_then(|der| out_of_date(der, Timestamp::now()));
    let error = match CertifiedKey::from_der(chain, private, &default_provider()) {
        Ok(certified) => {
            let out_of_date = out_of_date.map(|says| format!("{}: {says}", cert.display()));
            return Ok(Pair { certified, out_of_date });
        }
        Err(error) => error,
    };
    Err(vec![match error {
        rustls::Error::InconsistentKeys(_) => {
            (Half::Key, format!("{}: not the key of the certificate in {}", key.display(), cert.display()))
        }
        rustls::Error::InvalidCertificate(why) => (
            Half::Certificate,
            format!("{}: the first certificate in it cannot be used: {why:?}", cert.display()),
        ),
        _ => (
            Half::Key,
            format!("{}: no key of a kind that coswhy knows (RSA, ECDSA, Ed25519)", key.display()),
        ),
    }])
}

fn out_of_date(der: &CertificateDer<'_>, now: Timestamp) -> Option<String> {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
    let validity = certificate.validity();
    let second = |time: x509_parser::time::ASN1Time| Timestamp::from_second(time.timestamp()).ok();
    let (from, until) = (second(validity.not_before)?, second(validity.not_after)?);
    if now > until {
        Some(format!("the certificate ended at {until}, and clients refuse it"))
    } else if now < from {
        Some(format!("the certificate begins at {from}, and clients refuse it until then"))
    } else {
        None
    }
}
