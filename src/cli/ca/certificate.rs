//! A CA that can do no more than it is for: vouch for COS's names and the user's own domains.

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
};
use time::{Duration, OffsetDateTime};
use zeroize::{Zeroize, Zeroizing};

/// The domains below which COS's own names are.
pub(super) const COS: [&str; 2] = ["myqcloud.com", "tencentcos.cn"];

const DAYS: i64 = 2 * 365;

/// The longest common name that X.520 allows.
const LONGEST_COMMON_NAME: usize = 64;

/// A CA in PEM.
pub(super) struct Made {
    pub(super) certificate: String,
    pub(super) key: Zeroizing<String>,
    pub(super) until: OffsetDateTime,
}

/// Makes a CA for COS's names and those below `domains`, valid from an hour before `now`.
pub(super) fn make(domains: &[String], host: &str, now: OffsetDateTime) -> Result<Made, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name(host, now));
    params.distinguished_name.push(DnType::OrganizationName, "coswhy");
    params.not_before = now - Duration::hours(1);
    params.not_after = now + Duration::days(DAYS);
    // It signs certificates of servers and no further CA.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let names = COS.into_iter().map(str::to_owned).chain(domains.iter().cloned());
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.map(GeneralSubtree::DnsName).collect(),
        // A list of permitted names says nothing of addresses: these are excluded, all of them.
        excluded_subtrees: vec![
            GeneralSubtree::IpAddress(CidrSubnet::V4([0; 4], [0; 4])),
            GeneralSubtree::IpAddress(CidrSubnet::V6([0; 16], [0; 16])),
        ],
    });
    let mut pair = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let made = params.self_signed(&pair).map(|certificate| Made {
        certificate: certificate.pem(),
        key: Zeroizing::new(pair.serialize_pem()),
        until: params.not_after,
    });
    pair.zeroize();
    made
}

/// What lists of certificates show: whose it is, and since when.
fn common_name(host: &str, now: OffsetDateTime) -> String {
    let date = now.date();
    let rest = LONGEST_COMMON_NAME - format!("coswhy CA of , {date}").len();
    let host: String = host.chars().filter(|c| c.is_ascii_graphic()).take(rest).collect();
    if host.is_empty() { format!("coswhy CA, {date}") } else { format!("coswhy CA of {host}, {date}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_never_too_long() {
        let now = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(common_name("desk", now), "coswhy CA of desk, 1970-01-01");
        assert_eq!(common_name("", now), "coswhy CA, 1970-01-01");
        assert_eq!(common_name(&"x".repeat(200), now).len(), LONGEST_COMMON_NAME);
    }
}
