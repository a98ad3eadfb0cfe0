//! The settings of the ways in and out: `[[map]]`, `[tls]`, `[intercept]`, custom domains, `[[route]]`, proxies.

use std::path::PathBuf;

use insta::assert_snapshot;
use rcgen::{CertificateParams, IsCa, KeyPair};

use crate::{file, file_with_mode, said};

#[test]
fn a_mapped_host_is_one_that_requests_can_carry() {
    let map = |host: &str| format!("[[map]]\nhost = {host:?}\nregion = \"ap-x\"\n");
    assert_snapshot!(said(map("http://files.internal"), &[]), @r#"coswhy.toml:2:8: map[0].host: found "http://files.internal": a scheme or path is not wanted; expected a host, such as "files.internal", "127.0.0.1:8080" or "[::1]", or "*" for any"#);
    assert_snapshot!(said(map("*.internal"), &[]), @r#"coswhy.toml:2:8: map[0].host: found "*.internal": `*` stands alone; expected a host, such as "files.internal", "127.0.0.1:8080" or "[::1]", or "*" for any"#);
    assert_snapshot!(said(map("::1"), &[]), @r#"coswhy.toml:2:8: map[0].host: found "::1": an IPv6 address stands in brackets; expected a host, such as "files.internal", "127.0.0.1:8080" or "[::1]", or "*" for any"#);
    assert_snapshot!(said(map("files.internal:x"), &[]), @r#"coswhy.toml:2:8: map[0].host: found "files.internal:x": the port is no number from 1 to 65535; expected a host, such as "files.internal", "127.0.0.1:8080" or "[::1]", or "*" for any"#);
    assert_snapshot!(said(map("b-1250000000.cos.ap-x.myqcloud.com"), &[]), @r#"coswhy.toml:2:8: map[0].host: found "b-1250000000.cos.ap-x.myqcloud.com": a name of COS means itself; expected a host, such as "files.internal", "127.0.0.1:8080" or "[::1]", or "*" for any"#);
    assert_snapshot!(said(map("me:hunter2@files"), &[]), @r#"coswhy.toml:2:8: map[0].host: a user or password is not wanted; expected a host"#);
    assert_eq!(said(["*", "[::1]:8080", "a", "127.0.0.1"].map(map).concat(), &[]), "ok\n");
}

#[test]
fn a_map_leads_to_a_bucket_of_a_region() {
    let text = "[[map]]\nhost = \"*\"\nregion = \"cos.ap-guangzhou\"\nbucket = \"photos-2024\"\n";
    assert_snapshot!(said(text, &[]), @r#"
coswhy.toml:3:10: map[0].region: found "cos.ap-guangzhou", expected a region's short name, such as "ap-guangzhou"
coswhy.toml:4:10: map[0].bucket: found "photos-2024": a bucket's name ends in -APPID; expected a bucket, such as "photos-1250000000"
"#);
    let text = "upstream.allowed_buckets = [\"*-1250000000\"]\n[[map]]\nhost = \"*\"\nregion = \"ap-x\"\nbucket = \"photos-1250000001\"\n";
    assert_snapshot!(said(text, &[]), @r#"
ok
coswhy.toml:5:10: map[0].bucket: is not in upstream.allowed_buckets, so every request to it is refused
"#);
    assert_eq!(said(text.replace("photos-1250000001", "photos-1250000000"), &[]), "ok\n");
}

#[test]
fn a_host_is_mapped_once() {
    let maps = |hosts: &[&str]| -> String {
        hosts.iter().map(|host| format!("[[map]]\nhost = {host:?}\nregion = \"ap-x\"\n")).collect()
    };
    assert_snapshot!(said(maps(&["Files:80", "*", "files:80", "*"]), &[]), @r#"
coswhy.toml:8:8: map[2].host: the same as that of map[0]
coswhy.toml:11:8: map[3].host: the same as that of map[1]
"#);
    assert_snapshot!(said(maps(&["files", "files:80"]), &[]), @r#"
ok
coswhy.toml:5:8: map[1].host: has no effect, for map[0] comes first and takes any port
"#);
    assert_eq!(said(maps(&["files:80", "files"]), &[]), "ok\n");
}

#[test]
fn a_name_on_two_ports_that_lead_to_two_places_is_warned_about() {
    let map = |host: &str, bucket: &str| {
        format!("[[map]]\nhost = {host:?}\nregion = \"ap-x\"\nbucket = \"{bucket}-1250000000\"\n")
    };
    assert_snapshot!(said(map("Files:8080", "a") + &map("files:8081", "b"), &[]), @r#"
ok
coswhy.toml:6:8: map[1].host: is the name of map[0] on another port, and leads elsewhere: clients that sign the name without its port cannot be told apart, so nothing signed that way is signed anew; give each address a name of its own
"#);
    assert_snapshot!(said(map("files:8080", "a") + &map("files", "b"), &[]), @r#"
ok
coswhy.toml:6:8: map[1].host: is the name of map[0] on another port, and leads elsewhere: clients that sign the name without its port cannot be told apart, so nothing signed that way is signed anew; give each address a name of its own
"#);
    for fine in [["files:8080", "files:8081"], ["files:8080", "files"]] {
        assert_eq!(said(fine.map(|host| map(host, "a")).concat(), &[]), "ok\n");
    }
    assert_eq!(said(map("files:8080", "a") + &map("other:8081", "b") + &map("*", "c"), &[]), "ok\n");
}

#[test]
fn a_mapped_host_that_is_listed_too_is_warned_about() {
    let text = |mapped: &str, listed: &str| {
        format!(
            "upstream.allowed_hosts = [\"x.test\", {listed}]\n[[map]]\nhost = {mapped:?}\nregion = \"ap-x\"\n"
        )
    };
    assert_snapshot!(said(text("Files.test", "\"files.TEST\""), &[]), @r#"
ok
coswhy.toml:3:8: map[0].host: is in upstream.allowed_hosts as well, and this entry comes first: such requests go where it leads
"#);
    for (mapped, listed) in [("files.test:80", "\"files.test\""), ("a.test", "{ host = \"a.test\" }")] {
        assert!(said(text(mapped, listed), &[]).contains("map[0].host: is in upstream"), "{mapped}");
    }
    // The list is for a scheme's own port; a map is the exception to a pattern.
    assert_eq!(said(text("files.test:8080", "\"files.test\""), &[]), "ok\n");
    assert_eq!(said(text("files.test", "\"*.test.example\""), &[]), "ok\n");
    assert_eq!(said(text("a.files.test", "\"*.files.test\""), &[]), "ok\n");
}

#[test]
fn a_name_of_cos_is_not_listed() {
    let listed = |host: &str| said(format!("upstream.allowed_hosts = [{host:?}]\n"), &[]);
    assert_snapshot!(listed("*.myqcloud.com"), @r#"coswhy.toml:1:27: upstream.allowed_hosts[0]: found "*.myqcloud.com": the names of COS need no entry, upstream.allowed_buckets says which of them may be asked for; expected a domain of your own, such as "cos.example.com" or "*.example.com""#);
    for name in [
        "x.tencentcos.cn",
        "*.tencentcos.cn",
        "MYQCLOUD.com",
        "tencentcos.cn",
        "*.cos.ap-x.MyQcloud.com",
        "b-1250000000.cos.ap-x.myqcloud.com",
        "evil.myqcloud.com",
    ] {
        let says = listed(name);
        assert!(says.contains("the names of COS need no entry"), "{name}: {says}");
        let table = said(format!("upstream.allowed_hosts = [{{ host = {name:?} }}]\n"), &[]);
        assert!(table.contains("upstream.allowed_hosts[0].host: found "), "{name}: {table}");
    }
    for fine in ["notmyqcloud.com", "myqcloud.com.example", "*.xtencentcos.cn"] {
        assert_eq!(listed(fine), "ok\n");
    }
    for wide in ["*.com", "*.co.uk", "*.com.CN"] {
        assert!(listed(wide).contains("anybody can register a name below that"), "{wide}");
    }
    // A route is for any name.
    assert_eq!(
        said("[[route]]\nhost = \"*.cos.ap-x.myqcloud.com\"\nurl = \"https://10.0.0.1\"\n", &[]),
        "ok\n"
    );
}

#[test]
fn a_listed_domains_bucket_is_one_that_may_be_asked_for() {
    let text = "[upstream]\nallowed_buckets = [\"*-1250000000\"]\nallowed_hosts = [{ host = \"a.test\", bucket = \"photos-1250000001\" }]\n";
    assert_snapshot!(said(text, &[]), @r#"
ok
coswhy.toml:3:46: upstream.allowed_hosts[0].bucket: is not in upstream.allowed_buckets, so every request to it is refused
"#);
    assert_eq!(said(text.replace("photos-1250000001", "photos-1250000000"), &[]), "ok\n");
    assert_eq!(said(text.replace("*-1250000000", "*"), &[]), "ok\n");
}

#[test]
fn a_listed_domain_has_a_bucket_and_a_region() {
    let text = "[upstream]\nallowed_hosts = [{ host = \"*.com\", bucket = \"photos\", region = \"x.y\" }]\n";
    assert_snapshot!(said(text, &[]), @r#"
coswhy.toml:2:27: upstream.allowed_hosts[0].host: found "*.com": anybody can register a name below that; expected a host name, such as "cos.example.com" or "*.example.com"
coswhy.toml:2:45: upstream.allowed_hosts[0].bucket: found "photos": a bucket's name ends in -APPID; expected a bucket, such as "photos-1250000000"
coswhy.toml:2:64: upstream.allowed_hosts[0].region: found "x.y", expected a region's short name, such as "ap-guangzhou"
"#);
}

#[test]
fn a_route_goes_by_bucket_or_by_host() {
    assert_snapshot!(said("[[route]]\nurl = \"https://x\"\n", &[]), @r#"coswhy.toml:1:1: route[0]: it needs bucket or host, to say which requests go there"#);
    assert_snapshot!(said("[[route]]\nurl = \"https://x\"\nhost = \"a.test\"\nbucket = \"*\"\n", &[]), @r#"coswhy.toml:1:1: route[0]: it takes one of bucket and host"#);
    let text = "[[route]]\nurl = \"x\"\nhost = \"a.*.test\"\n[[route]]\nurl = \"http://x/y\"\nbucket = \"a.b\"\nresponse_timeout = \"0s\"\nconnect_timeout = \"25h\"\n";
    assert_snapshot!(said(text, &[]), @r#"
coswhy.toml:2:7: route[0].url: expected http://HOST[:PORT] or https://HOST[:PORT]
coswhy.toml:3:8: route[0].host: found "a.*.test": `*` stands only for the first label; expected a host name, such as "cos.example.com" or "*.example.com"
coswhy.toml:5:7: route[1].url: a path is not wanted: the requests bring their own
coswhy.toml:6:10: route[1].bucket: found "a.b": buckets are named with a-z, 0-9 and -; expected a name or pattern, such as "photos-1250000000", "*-1250000000" or "*"
coswhy.toml:7:20: route[1].response_timeout: must be longer than nothing
coswhy.toml:8:19: route[1].connect_timeout: 90000s is longer than a day; is the unit right?
"#);
    let text =
        "[[route]]\nurl = \"http://x\"\nhost = \"*.cos.ap-x.myqcloud.com\"\nca_file = \"no/such.pem\"\n";
    assert_snapshot!(said(text, &[]), @r#"coswhy.toml:4:11: route[0].ca_file: no/such.pem: No such file or directory (os error 2)"#);
}

#[test]
fn an_outgoing_proxy_is_an_address() {
    let proxy = |text: &str| said(format!("upstream.proxy = {text:?}\n"), &[]);
    assert_snapshot!(proxy("https://proxy.test:3128"), @r#"coswhy.toml:1:18: upstream.proxy: only http:// leads to a proxy that coswhy can use; expected http://HOST:PORT, or env for what HTTPS_PROXY and NO_PROXY say"#);
    assert_snapshot!(proxy("proxy.test:3128"), @r#"coswhy.toml:1:18: upstream.proxy: expected http://HOST:PORT, or env for what HTTPS_PROXY and NO_PROXY say"#);
    assert_snapshot!(proxy("http://me:hunter2@proxy.test:3128"), @r#"coswhy.toml:1:18: upstream.proxy: a user and password go into upstream.proxy_authorization"#);
    assert_eq!(proxy("http://proxy.test:3128") + &proxy("env"), "ok\nok\n");
    assert_snapshot!(said("upstream.proxy_authorization = \"hunter2\"\n", &[]), @r#"coswhy.toml:1:32: upstream.proxy_authorization: expected the whole value of Proxy-Authorization, such as "Basic dXNlcjpwYXNzd29yZA==""#);
    assert_snapshot!(said("upstream.proxy_authorization = \"Basic aHVudGVyMg==\"\n", &[]), @r#"
ok
coswhy.toml:1:32: upstream.proxy_authorization: has no effect, for there is no upstream.proxy
"#);
}

#[test]
fn a_tls_listener_is_held_to_what_the_other_is() {
    assert_snapshot!(said("[tls]\nlisten = \"127.0.0.1:8443\"\n", &[]), @r#"coswhy.toml:2:10: tls.listen: needs tls.cert and tls.key as well"#);
    assert_snapshot!(said("[tls]\nlisten = \"0.0.0.0:8443\"\ncert = \"c\"\n", &[]), @r#"
coswhy.toml:2:10: tls.listen: other machines can reach 0.0.0.0:8443, and a bucket's policy may trust this machine's address: say in upstream.allowed_buckets which buckets they may ask for (["*"] for any)
coswhy.toml:3:8: tls.cert: needs tls.key as well
"#);
    let text = "[tls]\nlisten = \"127.0.0.1:8080\"\ncert = \"c\"\nkey = \"k\"\n";
    assert_snapshot!(said(text, &[]), @r#"coswhy.toml:2:10: tls.listen: listen is on 127.0.0.1:8080 already: choose another port"#);
    assert_snapshot!(said(text.replace("8080", "9180"), &[]), @r#"coswhy.toml:2:10: tls.listen: admin.listen is on 127.0.0.1:9180 already: choose another port"#);
    assert_snapshot!(said("[intercept]\nca_key = \"k\"\n[tls]\nkey = \"k\"\n", &[]), @r#"
coswhy.toml:2:10: intercept.ca_key: needs intercept.ca_cert as well
coswhy.toml:4:7: tls.key: needs tls.cert as well
"#);
}

/// A certificate and its key in files.
fn pair(mode: u32) -> (PathBuf, PathBuf) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["x.test".to_owned()]).unwrap().self_signed(&key).unwrap();
    (file(certificate.pem()), file_with_mode(key.serialize_pem(), mode))
}

/// What is said of these files, their names left out.
fn tls(cert: &PathBuf, key: &PathBuf) -> String {
    let text = format!("[tls]\nlisten = \"127.0.0.1:8443\"\ncert = {cert:?}\nkey = {key:?}\n");
    let says = said(text, &[]);
    says.replace(cert.to_str().unwrap(), "CERT").replace(key.to_str().unwrap(), "KEY")
}

#[test]
fn a_certificate_comes_with_its_own_key() {
    let ((cert, key), (other_cert, other_key)) = (pair(0o640), pair(0o644));
    assert_eq!(tls(&cert, &key), "ok\n");
    assert_snapshot!(tls(&cert, &other_key), @r#"coswhy.toml:4:7: tls.key: KEY: not the key of the certificate in CERT"#);
    assert_snapshot!(tls(&other_cert, &other_key), @r#"
ok
coswhy.toml:4:7: tls.key: KEY: every user of this machine can read it (mode 644); `chmod 600` keeps it to its owner
"#);
    assert_snapshot!(tls(&key, &cert), @r#"
coswhy.toml:3:8: tls.cert: CERT: holds no certificate (-----BEGIN CERTIFICATE-----)
coswhy.toml:4:7: tls.key: KEY: holds no private key (-----BEGIN PRIVATE KEY-----)
"#);
    assert_snapshot!(tls(&"no/cert.pem".into(), &"no/key.pem".into()), @r#"
coswhy.toml:3:8: tls.cert: CERT: No such file or directory (os error 2)
coswhy.toml:4:7: tls.key: KEY: No such file or directory (os error 2)
"#);
    let encrypted =
        file("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    assert_snapshot!(tls(&cert, &encrypted), @r#"coswhy.toml:4:7: tls.key: KEY: the key in it needs a passphrase, for which coswhy cannot ask"#);
    let broken = file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assert_snapshot!(tls(&broken, &key), @r#"coswhy.toml:3:8: tls.cert: CERT: the first certificate in it cannot be used: BadEncoding"#);
    let strange = file("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assert_snapshot!(tls(&cert, &strange), @r#"coswhy.toml:4:7: tls.key: KEY: no key of a kind that coswhy knows (RSA, ECDSA, Ed25519)"#);
}

#[test]
fn a_certificate_that_is_out_of_date_is_warned_about() {
    let key = KeyPair::generate().unwrap();
    let key_file = file(key.serialize_pem());
    let says = |from: i32, until: i32| {
        let mut params = CertificateParams::new(["x.test".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 2);
        params.not_after = rcgen::date_time_ymd(until, 1, 2);
        tls(&file(params.self_signed(&key).unwrap().pem()), &key_file)
    };
    assert_eq!(says(2020, 2500), "ok\n");
    assert_snapshot!(says(2020, 2021), @r#"
ok
coswhy.toml:3:8: tls.cert: CERT: the certificate ended at 2021-01-02T00:00:00Z, and clients refuse it
"#);
    assert_snapshot!(says(2500, 2501), @r#"
ok
coswhy.toml:3:8: tls.cert: CERT: the certificate begins at 2500-01-02T00:00:00Z, and clients refuse it until then
"#);
}

#[test]
fn each_further_certificate_comes_with_its_own_key() {
    let ((cert, key), (_, other_key)) = (pair(0o600), pair(0o600));
    let text = format!(
        "[[tls.certificates]]\ncert = {cert:?}\nkey = {key:?}\n[[tls.certificates]]\ncert = {cert:?}\nkey = {other_key:?}\n"
    );
    let says = said(text, &[]).replace(cert.to_str().unwrap(), "CERT");
    assert_snapshot!(says.replace(other_key.to_str().unwrap(), "KEY"), @r#"coswhy.toml:6:7: tls.certificates[1].key: KEY: not the key of the certificate in CERT"#);
}

#[test]
fn what_needs_a_tls_listener_has_no_effect_without() {
    let (cert, key) = pair(0o600);
    let text = format!(
        "[tls]\ncert = {cert:?}\nkey = {key:?}\n[[tls.certificates]]\ncert = {cert:?}\nkey = {key:?}\n"
    );
    assert_snapshot!(said(text, &[]), @r#"
ok
coswhy.toml:2:8: tls.cert: has no effect, for there is no tls.listen
coswhy.toml:4:1: tls.certificates: has no effect, for there is no tls.listen
"#);
}

#[test]
fn a_ca_with_name_constraints_and_its_key_are_taken() {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    let permitted = vec![rcgen::GeneralSubtree::DnsName("myqcloud.com".into())];
    params.name_constraints =
        Some(rcgen::NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() });
    let cert = file(params.self_signed(&key).unwrap().pem());
    let says = |mode: u32| {
        let key = file_with_mode(key.serialize_pem(), mode);
        let text = format!("[intercept]\nca_cert = {cert:?}\nca_key = {key:?}\n");
        said(text, &[]).replace(key.to_str().unwrap(), "KEY")
    };
    assert_eq!(says(0o600), "ok\n");
    assert_snapshot!(says(0o604), @r#"
ok
coswhy.toml:3:10: intercept.ca_key: KEY: every user of this machine can read it (mode 604); `chmod 600` keeps it to its owner
"#);
    // As for a SecretKey: who reads it can pose as COS.
    assert_snapshot!(says(0o640), @r#"
ok
coswhy.toml:3:10: intercept.ca_key: KEY: its whole group can read it (mode 640); `chmod 600` keeps it to its owner
"#);
}
