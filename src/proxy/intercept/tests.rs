use std::path::PathBuf;

use http::Request;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose,
    NameConstraints,
};
use x509_parser::extensions::GeneralName;

use super::*;
use crate::config::Settings;
use crate::proxy::address::Addresses;

const NAME: &str = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
const DAY: i64 = 86_400;

struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("coswhy-intercept-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn settings(&self, cert: &str, key: &str) -> settings::Intercept {
        let (cert_file, key_file) = (self.0.join("ca.pem"), self.0.join("ca-key.pem"));
        std::fs::write(&cert_file, cert).unwrap();
        std::fs::write(&key_file, key).unwrap();
        settings::Intercept { ca_cert: Some(cert_file), ca_key: Some(key_file), ..Default::default() }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

fn at(time: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(time).unwrap()
}

fn params() -> CertificateParams {
    changed(|_| {})
}

fn changed(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.distinguished_name.push(DnType::CommonName, "a CA of the tests");
    params.not_before = at(now() - DAY);
    params.not_after = at(now() + 365 * DAY);
    change(&mut params);
    params
}

fn load(name: &str, params: CertificateParams) -> Result<Option<Arc<Interception>>, String> {
    let files = Files::new(name);
    let key = KeyPair::generate().unwrap();
    Interception::load(&files.settings(&params.self_signed(&key).unwrap().pem(), &key.serialize_pem()), None)
}

fn loaded(name: &str, params: CertificateParams) -> Arc<Interception> {
    load(name, params).unwrap().unwrap()
}

fn name(authority: &str) -> ConnectName {
    let mut settings = Settings::default();
    settings.upstream.allowed_hosts = vec![settings::AllowedHost {
        host: "img.example.com".into(),
        scheme: settings::Scheme::default(),
        bucket: None,
        region: None,
    }];
    let head = Request::connect(authority).header("host", authority).body(()).unwrap().into_parts().0;
    Addresses::new(&settings).connect_name(&head).unwrap()
}

#[test]
fn a_certificate_is_for_its_one_name_and_a_week() {
    let made = loaded("week", params());
    let (chain, _) = made.authority.certify(&name(&format!("{NAME}:443")), now()).unwrap();
    let (_, read) = x509_parser::parse_x509_certificate(&chain[0]).unwrap();
    let names = &read.subject_alternative_name().unwrap().unwrap().value.general_names;
    assert_eq!(*names, [GeneralName::DNSName(NAME)]);
    assert!(!read.is_ca());
    assert!(read.extended_key_usage().unwrap().unwrap().value.server_auth);
    let life = read.validity().not_after.timestamp() - now();
    assert!((6 * DAY..=7 * DAY).contains(&life), "{life}");
    assert!(read.validity().not_before.timestamp() <= now() - 3600);
    assert!(read.raw_serial().len() == 16);
}

#[test]
fn no_certificate_outlives_its_ca() {
    let made = loaded("outlives", changed(|params| params.not_after = at(now() + 3 * DAY)));
    let (chain, _) = made.authority.certify(&name(&format!("{NAME}:443")), now()).unwrap();
    let (_, read) = x509_parser::parse_x509_certificate(&chain[0]).unwrap();
    assert_eq!(read.validity().not_after.timestamp(), made.authority.valid_until);
    let leaf = made.authority.mint(&name(&format!("{NAME}:443")), now()).unwrap();
    assert!(leaf.renew_at < made.authority.valid_until);
    let after = made.authority.mint(&name(&format!("{NAME}:443")), now() + 4 * DAY).unwrap_err();
    assert_eq!(after, Unfit::Expired);
}

#[test]
fn a_name_gets_one_certificate_until_it_is_renewed() {
    let made = Arc::new(loaded("once", params()));
    let asked = name(&format!("{NAME}:443"));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (made, asked) = (Arc::clone(&made), asked.clone());
            std::thread::spawn(move || made.server(&asked).unwrap())
        })
        .collect();
    let configs: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(configs.iter().all(|config| Arc::ptr_eq(config, &configs[0])));
    let later = made.server_at(&asked, now() + 5 * DAY).unwrap();
    assert!(!Arc::ptr_eq(&later, &configs[0]));
}

#[test]
fn the_certificates_kept_are_bounded_and_the_longest_unused_goes() {
    let made = loaded("bounded", params());
    let of = |n: usize| name(&format!("b{n}-1250000000.cos.ap-guangzhou.myqcloud.com:443"));
    let start = now();
    let first = made.server_at(&of(0), start).unwrap();
    let second = made.server_at(&of(1), start).unwrap();
    for n in 2..KEPT {
        made.server_at(&of(n), start + 1).unwrap();
    }
    assert!(Arc::ptr_eq(&made.server_at(&of(0), start + 2).unwrap(), &first));
    made.server_at(&of(KEPT), start + 3).unwrap();
    assert_eq!(made.leaves.lock().unwrap().len(), KEPT);
    assert!(Arc::ptr_eq(&made.server_at(&of(0), start + 4).unwrap(), &first));
    assert!(!Arc::ptr_eq(&made.server_at(&of(1), start + 4).unwrap(), &second));
}

#[test]
fn constraints_of_the_ca_are_known_before_a_client_refuses() {
    let constraints = NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("myqcloud.com".into())],
        excluded_subtrees: Vec::new(),
    };
    let made = loaded("constraints", changed(|params| params.name_constraints = Some(constraints)));
    assert!(made.server(&name(&format!("{NAME}:443"))).is_ok());
    assert_eq!(made.server(&name("img.example.com:443")).unwrap_err(), Unfit::Excluded);
}

#[test]
fn a_ca_that_no_client_would_believe_is_refused_at_the_start() {
    let leaf = changed(|params| params.is_ca = IsCa::NoCa);
    assert!(load("not-a-ca", leaf).unwrap_err().contains("CA:TRUE"));
    let mute = changed(|params| params.key_usages = vec![KeyUsagePurpose::DigitalSignature]);
    assert!(load("mute", mute).unwrap_err().contains("keyCertSign"));
    let over = changed(|params| params.not_after = at(now() - 60));
    let says = load("over", over).unwrap_err();
    assert!(says.starts_with("intercept.ca_cert: ") && says.contains("valid from"), "{says}");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let files = Files::new("other-key");
    let (own, other) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let settings = files.settings(&params().self_signed(&own).unwrap().pem(), &other.serialize_pem());
    let says = Interception::load(&settings, None).unwrap_err();
    assert!(says.starts_with("intercept.ca_key: ") && says.contains("is not the private key"), "{says}");
}

#[test]
fn files_that_hold_something_else_are_named() {
    let files = Files::new("else");
    let key = KeyPair::generate().unwrap();
    let cert = params().self_signed(&key).unwrap().pem();
    let sec1 = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
    let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    for (cert, key, setting, says) in [
        ("", key.serialize_pem().as_str(), "intercept.ca_cert", "holds no certificate"),
        (&cert, "", "intercept.ca_key", "holds no private key"),
        (&cert, sec1, "intercept.ca_key", "PKCS #8"),
        (&cert, locked, "intercept.ca_key", "encrypted"),
    ] {
        let error = Interception::load(&files.settings(cert, key), None).unwrap_err();
        assert!(error.starts_with(setting) && error.contains(says), "{error}");
    }
    let half = settings::Intercept { ca_cert: Some("x".into()), ..Default::default() };
    assert!(Interception::load(&half, None).unwrap_err().contains("intercept.ca_key"));
    assert!(Interception::load(&settings::Intercept::default(), None).unwrap().is_none());
}
