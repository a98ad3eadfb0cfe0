//! What the log says when coswhy starts with settings that work, but should not stay.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;

use rcgen::{CertificateParams, IsCa, KeyPair};

use crate::harness::{Directory, Proxy};

#[test]
fn a_key_of_a_ca_that_others_can_read_is_warned_about_once() {
    let files = Directory::new();
    let pair = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    let cert = files.write("ca.pem", params.self_signed(&pair).unwrap().pem());
    let key = files.write("ca-key.pem", pair.serialize_pem());
    for (mode, warnings) in [(0o600, 0), (0o640, 1), (0o644, 1)] {
        set_permissions(&key, Permissions::from_mode(mode)).unwrap();
        let proxy = Proxy::start(&format!("[intercept]\nca_cert = {cert:?}\nca_key = {key:?}"));
        let said = [proxy.log_text(), proxy.errors(), proxy.directory.read("stdout")].concat();
        assert_eq!(said.matches("chmod 600").count(), warnings, "{mode:o}: {said}");
        assert_eq!(said.matches("can read").count(), warnings, "{mode:o}: {said}");
    }
}
