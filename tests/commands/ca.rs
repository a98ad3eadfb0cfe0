//! `coswhy ca new`: what it leaves on the disk, and what its certificate can vouch for.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{Error, RootCertStore};

use super::{coswhy, text};

/// A directory that is not there yet.
fn absent(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ca-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

fn made(name: &str, domains: &[&str]) -> (PathBuf, String) {
    let path = absent(name);
    let mut arguments = vec!["ca", "new", path.to_str().unwrap()];
    domains.iter().for_each(|domain| arguments.extend(["--domain", domain]));
    let output = coswhy(&arguments, "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    (path, text(&output.stdout))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Whether a client that trusts the CA believes a certificate that was signed for `name` with its key.
fn is_believed(folder: &Path, name: &str) -> Result<(), Error> {
    let ca = CertificateDer::from_pem_file(folder.join("ca.pem")).unwrap();
    let key = KeyPair::from_pem(&fs::read_to_string(folder.join("ca-key.pem")).unwrap()).unwrap();
    let issuer = Issuer::from_ca_cert_der(&ca, &key).unwrap();
    let own = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(ca).unwrap();
    let provider = rustls::crypto::ring::default_provider().into();
    let verifier =
        rustls::client::WebPkiServerVerifier::builder_with_provider(std::sync::Arc::new(roots), provider)
            .build()
            .unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    verifier.verify_server_cert(leaf.der(), &[], &name, &[], UnixTime::now()).map(drop)
}

#[test]
fn the_key_is_for_its_owner_alone_and_nothing_is_overwritten() {
    let (path, said) = made("files", &[]);
    assert_eq!(mode(&path), 0o700);
    assert_eq!(mode(&path.join("ca-key.pem")), 0o600);
    let (cert, key) = (fs::read(path.join("ca.pem")).unwrap(), fs::read(path.join("ca-key.pem")).unwrap());
    assert!(!said.contains("PRIVATE KEY"), "{said}");

    let again = coswhy(&["ca", "new", path.to_str().unwrap()], "");
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("ca.pem is there already"), "{}", text(&again.stderr));
    fs::remove_file(path.join("ca.pem")).unwrap();
    let again = coswhy(&["ca", "new", path.to_str().unwrap()], "");
    assert!(text(&again.stderr).contains("ca-key.pem is there already"), "{}", text(&again.stderr));
    assert!(!path.join("ca.pem").exists());
    assert_eq!(fs::read(path.join("ca-key.pem")).unwrap(), key);
    assert!(!cert.is_empty());
}

#[test]
fn it_says_the_settings_and_how_each_client_comes_to_trust_it() {
    let (path, said) = made("words", &[]);
    let cert = path.join("ca.pem").canonicalize().unwrap();
    assert!(said.contains(&format!("intercept.ca_cert = \"{}\"", cert.display())), "{said}");
    assert!(said.contains("intercept.ca_key = "), "{said}");
    for way in [
        "curl --cacert",
        "REQUESTS_CA_BUNDLE",
        "AWS_CA_BUNDLE",
        "SSL_CERT_FILE",
        "NODE_EXTRA_CA_CERTS",
        "keytool -importcert",
        "update-ca-certificates",
        "update-ca-trust",
        "add-trusted-cert",
        "certutil",
        "Firefox",
    ] {
        assert!(said.contains(way), "{way} is missing: {said}");
    }
}

#[test]
fn the_settings_it_says_are_settings_that_hold() {
    let (path, said) = made("settings", &[]);
    let lines: Vec<&str> =
        said.lines().map(str::trim).filter(|line| line.starts_with("intercept.")).collect();
    let file = path.join("coswhy.toml");
    fs::write(&file, lines.join("\n")).unwrap();
    let checked = coswhy(&["config", "check", file.to_str().unwrap()], "");
    assert!(checked.status.success(), "{}{}", text(&checked.stdout), text(&checked.stderr));
}

#[test]
fn it_vouches_for_cos_and_the_named_domains_and_nothing_else() {
    let (path, _) = made("names", &["*.example.com"]);
    for name in [
        "b-1250000000.cos.ap-guangzhou.myqcloud.com",
        "cos.ap-guangzhou.tencentcos.cn",
        "service.cos.myqcloud.com",
        "img.example.com",
        "example.com",
    ] {
        assert!(is_believed(&path, name).is_ok(), "{name}");
    }
    for name in ["www.other.example", "evilmyqcloud.com", "badexample.com", "127.0.0.1", "::1"] {
        assert!(is_believed(&path, name).is_err(), "{name}");
    }
}

#[test]
fn openssl_reads_it_as_it_is_meant() {
    let (path, _) = made("openssl", &[]);
    let ca = path.join("ca.pem");
    let output = Command::new("openssl").args(["x509", "-noout", "-text", "-in"]).arg(&ca).output().unwrap();
    let said = text(&output.stdout);
    for part in ["CA:TRUE, pathlen:0", "Certificate Sign", "Name Constraints: critical", "DNS:myqcloud.com"] {
        assert!(said.contains(part), "{part} is missing: {said}");
    }
    let output = Command::new("openssl").arg("verify").arg("-CAfile").arg(&ca).arg(&ca).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_domain_that_is_none_is_bad_usage() {
    for wrong in ["com", "co.uk", "*.com.cn", "10.0.0.1", "a b.example"] {
        let path = absent("wrong");
        let output = coswhy(&["ca", "new", path.to_str().unwrap(), "--domain", wrong], "");
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(!path.exists());
    }
}
