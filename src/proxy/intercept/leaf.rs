//! One name's certificate, made on the spot: a key of its own, the one name, a week at most.

use std::error::Error;
use std::sync::Arc;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    SanType, SerialNumber,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::NoServerSessionStorage;
use time::OffsetDateTime;

use super::Unfit;
use super::authority::Authority;
use crate::proxy::address::ConnectName;
use crate::proxy::listener::protocols;

const HOUR: i64 = 3600;
/// Short enough that nobody keeps one as if it were COS's own; a client's clock may be off by some of it.
const LIFE: i64 = 7 * 24 * HOUR;
/// The longest common name that X.520 allows.
const LONGEST_COMMON_NAME: usize = 64;

/// A certificate with its key, ready to be shown to clients.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) config: Arc<ServerConfig>,
    /// From then on another one is made.
    pub(super) renew_at: i64,
}

/// A certificate, what is between it and the root, and its key.
type Certified = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl Authority {
    /// Makes a certificate for `name`, which only the address rules can give out: there is no way to ask for one
    /// for any other.
    pub(super) fn mint(&self, name: &ConnectName, now: i64) -> Result<Leaf, Unfit> {
        let (chain, key) = self.certify(name, now)?;
        let config = server(chain, key).map_err(|error| Unfit::Failed(error.to_string()))?;
        Ok(Leaf { config: Arc::new(config), renew_at: now + (self.until(now) - now) / 2 })
    }

    pub(super) fn certify(&self, name: &ConnectName, now: i64) -> Result<Certified, Unfit> {
        if !self.permits(name.as_str()) {
            return Err(Unfit::Excluded);
        }
        if now >= self.valid_until {
            return Err(Unfit::Expired);
        }
        let from = (now - HOUR).max(self.valid_from);
        self.sign(name.as_str(), from, self.until(now)).map_err(|error| Unfit::Failed(error.to_string()))
    }

    /// No certificate outlives its CA.
    fn until(&self, now: i64) -> i64 {
        (now + LIFE).min(self.valid_until)
    }

    fn sign(&self, name: &str, from: i64, until: i64) -> Result<Certified, Box<dyn Error>> {
        let mut params = CertificateParams::default();
        params.subject_alt_names = vec![SanType::DnsName(name.try_into()?)];
        params.distinguished_name = DistinguishedName::new();
        let common = if name.len() <= LONGEST_COMMON_NAME { name } else { "coswhy" };
        params.distinguished_name.push(DnType::CommonName, common);
        params.not_before = OffsetDateTime::from_unix_timestamp(from)?;
        params.not_after = OffsetDateTime::from_unix_timestamp(until)?;
        params.serial_number = Some(serial()?);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let chain = std::iter::once(certificate.der()).chain(&self.chain).cloned().collect();
        Ok((chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()))))
    }
}

fn server(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = protocols();
    // Sessions are kept by the clients, so that a thousand names take no memory for them here.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.ticketer = ring::Ticketer::new()?;
    Ok(config)
}

/// 127 random bits, never negative and never shorter (RFC 5280, section 4.1.2.2).
fn serial() -> Result<SerialNumber, rustls::Error> {
    let mut bytes = [0; 16];
    let random = ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| rustls::Error::FailedToGetRandomBytes)?;
    if let Some(first) = bytes.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    Ok(SerialNumber::from_slice(&bytes))
}
