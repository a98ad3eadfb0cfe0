//! The user's CA, read once at the start: whatever would make every client refuse its certificates is found then.

use std::fmt;
use std::path::Path;

use rcgen::{CertificateParams, Issuer, KeyPair, PublicKeyData};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use zeroize::Zeroizing;

use super::constraint::Constraint;
use crate::config::settings;

/// A CA that ends within this time is worth a warning.
const SOON: i64 = 30 * 86_400;

/// What certificates are signed with.
pub(super) struct Authority {
    pub(super) issuer: Issuer<'static, KeyPair>,
    /// What a client needs between a leaf and the root that it trusts.
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) valid_from: i64,
    pub(super) valid_until: i64,
    constraints: Vec<Constraint>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("valid_until", &self.valid_until).finish_non_exhaustive()
    }
}

impl Authority {
    /// Reads `intercept.ca_cert` and `intercept.ca_key`; the sentence names the setting, the file and what is wrong.
    pub(super) fn load(settings: &settings::Intercept) -> Result<Option<Self>, String> {
        let (cert, key) = match (&settings.ca_cert, &settings.ca_key) {
            (Some(cert), Some(key)) => (cert, key),
            (None, None) => return Ok(None),
            (Some(_), None) => return Err("intercept.ca_cert is set, but not intercept.ca_key".into()),
            (None, Some(_)) => return Err("intercept.ca_key is set, but not intercept.ca_cert".into()),
        };
        let certificates = certificates(cert)?;
        let pair = private_key(key)?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let authority = Self::new(&certificates, pair, now).map_err(|problem| match problem {
            Problem::Certificate(says) => format!("intercept.ca_cert: {}: {says}", cert.display()),
            Problem::Key => format!(
                "intercept.ca_key: {} is not the private key of the certificate in {}",
                key.display(),
                cert.display()
            ),
        })?;
        if authority.valid_until - now < SOON {
            let days = (authority.valid_until - now) / 86_400;
            tracing::warn!(
                "intercept.ca_cert: the CA in {} ends in {days} days; `coswhy ca new` makes another",
                cert.display()
            );
        }
        Ok(Some(authority))
    }

    /// Of certificates, the CA's own first, and its key.
    fn new(certificates: &[CertificateDer<'static>], key: KeyPair, now: i64) -> Result<Self, Problem> {
        let read = certificates.iter().map(|der| parse(der)).collect::<Result<Vec<_>, _>>()?;
        let Some(own) = read.first() else {
            return wrong("it holds no certificate (-----BEGIN CERTIFICATE-----)");
        };
        if !own.is_ca() {
            return wrong(
                "its certificate is not a CA's (basicConstraints has no CA:TRUE), clients would trust nothing that \
                 it signs",
            );
        }
        if own.key_usage().ok().flatten().is_some_and(|usage| !usage.value.key_cert_sign()) {
            return wrong("its certificate may not sign others (keyUsage has no keyCertSign)");
        }
        let (from, until) = (own.validity().not_before.timestamp(), own.validity().not_after.timestamp());
        if now < from || now > until {
            let day = |at: i64| OffsetDateTime::from_unix_timestamp(at).map(|at| at.date().to_string());
            return wrong(&format!(
                "it is valid from {} until {}, and today is not in between; `coswhy ca new` makes another",
                day(from).unwrap_or_default(),
                day(until).unwrap_or_default()
            ));
        }
        if own.public_key().raw != key.subject_public_key_info() {
            return Err(Problem::Key);
        }
        let constraints = read.iter().filter_map(|certificate| certificate.name_constraints().ok().flatten());
        let constraints = constraints.map(|found| Constraint::read(found.value)).collect();
        let is_root = |certificate: &X509Certificate<'_>| {
            certificate.subject().as_raw() == certificate.issuer().as_raw()
        };
        let between = certificates.iter().zip(&read).filter(|(_, certificate)| !is_root(certificate));
        let chain = between.map(|(der, _)| der.clone()).collect();
        let issuer = issuer(certificates.first().ok_or(Problem::Key)?, own, key)?;
        Ok(Self { issuer, chain, valid_from: from, valid_until: until, constraints })
    }

    /// Whether clients would believe this CA about `name`.
    pub(super) fn permits(&self, name: &str) -> bool {
        self.constraints.iter().all(|constraint| constraint.permits(name))
    }
}

enum Problem {
    Certificate(String),
    Key,
}

fn wrong<T>(says: &str) -> Result<T, Problem> {
    Err(Problem::Certificate(says.to_owned()))
}

fn parse<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, Problem> {
    match x509_parser::parse_x509_certificate(der) {
        Ok((_, certificate)) => Ok(certificate),
        Err(error) => wrong(&format!("it holds a certificate that cannot be read: {error}")),
    }
}

/// The issuer as its certificates will name it, which must be byte for byte the CA's own name.
fn issuer(
    der: &CertificateDer<'_>,
    own: &X509Certificate<'_>,
    key: KeyPair,
) -> Result<Issuer<'static, KeyPair>, Problem> {
    let unusual = || wrong("its subject has a form that certificates cannot be issued under here");
    // Tried with a key that nobody trusts.
    let Ok(trial) = KeyPair::generate() else { return unusual() };
    let Ok(stand_in) = Issuer::from_ca_cert_der(der, &trial) else { return unusual() };
    let Ok(issued) = CertificateParams::default().signed_by(&trial, &stand_in) else { return unusual() };
    if parse(issued.der())?.issuer().as_raw() != own.subject().as_raw() {
        return unusual();
    }
    Issuer::from_ca_cert_der(der, key).or_else(|_| unusual())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| format!("intercept.ca_cert: {}: {error}", path.display()))
}

fn private_key(path: &Path) -> Result<KeyPair, String> {
    let wrong = |says: String| format!("intercept.ca_key: {}: {says}", path.display());
    let pem = Zeroizing::new(std::fs::read(path).map_err(|error| wrong(error.to_string()))?);
    let pkcs8 = "openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW";
    if memchr::memmem::find(&pem, b"ENCRYPTED").is_some() {
        return Err(wrong(format!("the key is encrypted; `{pkcs8}` writes it without a password")));
    }
    let found = PrivateKeyDer::from_pem_slice(&pem)
        .map_err(|_| wrong("it holds no private key (-----BEGIN PRIVATE KEY-----)".into()))?;
    let PrivateKeyDer::Pkcs8(der) = &found else {
        return Err(wrong(format!("the key is not in PKCS #8; `{pkcs8}` converts it")));
    };
    KeyPair::try_from(der).map_err(|_| {
        wrong("the key is of a kind that is not supported; ECDSA (P-256, P-384), Ed25519 and RSA are".into())
    })
}
