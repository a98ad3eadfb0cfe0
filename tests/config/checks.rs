//! What is checked beyond each value's own type.

use coswhy::config::{Overrides, load};
use insta::assert_snapshot;

use crate::{lines, said};

#[test]
fn a_listener_for_others_needs_allowed_buckets() {
    assert_snapshot!(said("listen = \"0.0.0.0:8080\"\n", &[]), @r#"coswhy.toml:1:10: listen: other machines can reach 0.0.0.0:8080, and a bucket's policy may trust this machine's address: say in upstream.allowed_buckets which buckets they may ask for (["*"] for any)"#);
    assert_snapshot!(said("listen = \"[::]:8080\"\n", &[]), @r#"coswhy.toml:1:10: listen: other machines can reach [::]:8080, and a bucket's policy may trust this machine's address: say in upstream.allowed_buckets which buckets they may ask for (["*"] for any)"#);
    assert_snapshot!(said("", &[("COSWHY__LISTEN", "10.0.0.7:8080")]), @r#"COSWHY__LISTEN: listen: other machines can reach 10.0.0.7:8080, and a bucket's policy may trust this machine's address: say in upstream.allowed_buckets which buckets they may ask for (["*"] for any)"#);
    for fine in ["127.9.9.9:8080", "[::1]:8080", "[::ffff:127.0.0.1]:8080"] {
        assert_eq!(said(format!("listen = \"{fine}\"\n"), &[]), "ok\n");
    }
    assert_eq!(said("listen = \"0.0.0.0:8080\"\nupstream.allowed_buckets = [\"*\"]\n", &[]), "ok\n");
}

#[test]
fn an_empty_list_of_buckets_is_no_word() {
    assert_snapshot!(said("listen = \"0.0.0.0:8080\"\nupstream.allowed_buckets = []\n", &[]), @r#"coswhy.toml:2:28: upstream.allowed_buckets: an empty list allows no bucket: name some, or ["*"] for any"#);
}

#[test]
fn an_admin_listener_for_others_needs_a_token() {
    assert_snapshot!(said("[admin]\nlisten = \"0.0.0.0:9180\"\n", &[]), @r#"coswhy.toml:2:10: admin.listen: other machines can reach 0.0.0.0:9180: set admin.token"#);
    assert_eq!(said("[admin]\nlisten = \"0.0.0.0:9180\"\ntoken = \"x\"\n", &[]), "ok\n");
    assert_snapshot!(said("[admin]\ntoken = \"two words\"\n", &[]), @r#"coswhy.toml:2:9: admin.token: a token is of ASCII letters, digits and signs, without spaces"#);
}

#[test]
fn the_listeners_need_a_port_each() {
    assert_snapshot!(said("listen = \"127.0.0.1:9180\"\n", &[]), @r#"coswhy.toml:1:10: listen: admin.listen is on 127.0.0.1:9180 already: choose another port"#);
    assert_snapshot!(said("[admin]\nlisten = \"0.0.0.0:8080\"\ntoken = \"x\"\n", &[]), @r#"coswhy.toml:2:10: admin.listen: listen is on 127.0.0.1:8080 already: choose another port"#);
    assert_eq!(said("listen = \"127.0.0.1:0\"\nadmin.listen = \"127.0.0.1:0\"\n", &[]), "ok\n");
    assert_eq!(said("listen = \"127.0.0.2:9180\"\n", &[]), "ok\n");
}

#[test]
fn a_level_of_the_log_is_one_of_six() {
    assert_snapshot!(said("[log]\nlevel = \"warning\"\n", &[]), @r#"coswhy.toml:2:9: log.level: found "warning", which is none of error, warn, info, debug, trace, off"#);
    assert_snapshot!(said("[log]\nlevel = \"info,hyper\"\n", &[]), @r#"coswhy.toml:2:9: log.level: found "hyper", which is none of error, warn, info, debug, trace, off"#);
    for level in ["WARN", "off", "hyper=debug", "info,coswhy::proxy=trace"] {
        assert_eq!(said(format!("[log]\nlevel = \"{level}\"\n"), &[]), "ok\n");
    }
}

#[test]
fn the_log_and_the_store_need_a_file_each() {
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/one-for-both");
    let text = format!("[log]\nfile = \"{file}\"\n[store]\npath = \"{file}\"\n");
    assert_snapshot!(said(&text, &[]), @"coswhy.toml:4:8: store.path: is log.file too: each needs a file of its own");
}

#[test]
fn the_upstream_is_an_origin() {
    assert_snapshot!(said("[upstream]\nurl = \"cos.example.com\"\n", &[]), @r#"coswhy.toml:2:7: upstream.url: expected http://HOST[:PORT] or https://HOST[:PORT]"#);
    assert_snapshot!(said("[upstream]\nurl = \"https://cos.example.com/base\"\n", &[]), @r#"coswhy.toml:2:7: upstream.url: a path is not wanted: the requests bring their own"#);
    assert_snapshot!(said("[upstream]\nurl = \"https://me:hunter2@cos.example.com\"\n", &[]), @r#"coswhy.toml:2:7: upstream.url: a user or password in a URL is not supported"#);
    assert_snapshot!(said("[upstream]\nurl = \"https://cos.example.com:0\"\n", &[]), @r#"coswhy.toml:2:7: upstream.url: the port is no number from 1 to 65535; expected http://HOST[:PORT] or https://HOST[:PORT]"#);
    assert_snapshot!(said("[upstream]\nconnect_to = \"10.0.0.1\"\n", &[]), @r#"coswhy.toml:2:14: upstream.connect_to: found "10.0.0.1": the port is missing; expected HOST:PORT, such as "10.0.0.1:443" or "[fd00::1]:443""#);
    assert_snapshot!(said("[admin]\npublic_url = \"coswhy.example.com\"\n", &[]), @r#"coswhy.toml:2:14: admin.public_url: expected http://HOST[:PORT] or https://HOST[:PORT]"#);
}

#[test]
fn an_item_of_a_list_is_pointed_at() {
    assert_snapshot!(said("[upstream]\nallowed_hosts = [\n  \"cos.example.com\",\n  \"https://x.example\",\n]\n", &[]), @r#"coswhy.toml:4:3: upstream.allowed_hosts[1]: found "https://x.example": a scheme or path is not wanted; expected a host name, such as "cos.example.com" or "*.example.com""#);
    assert_snapshot!(said("[upstream]\nallowed_buckets = [\"*-1250000000\", \"photos\"]\n", &[]), @r#"coswhy.toml:2:36: upstream.allowed_buckets[1]: found "photos": a bucket's name ends in -APPID; expected a name or pattern, such as "photos-1250000000", "*-1250000000" or "*""#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__ALLOWED_HOSTS__0", "*.com")]), @r#"COSWHY_UPSTREAM__ALLOWED_HOSTS__0: upstream.allowed_hosts[0]: found "*.com": anybody can register a name below that; expected a host name, such as "cos.example.com" or "*.example.com""#);
}

#[test]
fn times_are_neither_nothing_nor_endless() {
    assert_snapshot!(said("[listener]\nheader_timeout = \"0s\"\n[upstream]\nidle_timeout = \"0ms\"\nresponse_timeout = \"120h\"\n", &[]), @r#"
coswhy.toml:2:18: listener.header_timeout: must be longer than nothing
coswhy.toml:4:16: upstream.idle_timeout: must be longer than nothing; to keep no connections, set upstream.max_idle = 0
coswhy.toml:5:20: upstream.response_timeout: 432000s is longer than a day; is the unit right?
"#);
    assert_eq!(
        said(
            "[listener]\ndrain_timeout = \"0s\"\nqueue_timeout = \"0s\"\n[upstream]\nexpect_timeout = \"0s\"",
            &[]
        ),
        "ok\n"
    );
}

#[test]
fn a_head_has_room_for_a_request() {
    assert_snapshot!(said("[listener]\nmax_head = \"1KiB\"\n", &[]), @r#"coswhy.toml:2:12: listener.max_head: 1KiB: must be from 8KiB to 1MiB"#);
}

#[test]
fn files_that_are_named_have_to_be_there() {
    assert_snapshot!(said("[upstream]\nca_file = \"no/ca.pem\"\n[diagnosis]\nrules = [\"config\", \"no/rules\"]\n[log]\nfile = \"no/dir/x.log\"\n", &[]), @r#"
coswhy.toml:2:11: upstream.ca_file: no/ca.pem: No such file or directory (os error 2)
coswhy.toml:4:20: diagnosis.rules[1]: no/rules: No such file or directory (os error 2)
coswhy.toml:6:8: log.file: no/dir: there is no such directory
"#);
    assert_snapshot!(said("[upstream]\nca_file = \"Cargo.toml\"\n[log]\nfile = \"src\"\n", &[]), @r#"
coswhy.toml:2:11: upstream.ca_file: Cargo.toml: holds no certificate (-----BEGIN CERTIFICATE-----)
coswhy.toml:4:8: log.file: src: is a directory
"#);
}

#[test]
fn a_certificate_is_found_in_its_file() {
    let certificate = rcgen::generate_simple_self_signed(["x.example".to_owned()]).unwrap().cert.pem();
    let path = crate::file(certificate);
    assert_eq!(said(format!("[upstream]\nca_file = {path:?}\n"), &[]), "ok\n");
}

#[test]
fn what_has_no_effect_is_warned_of() {
    let text = "[upstream]\nallow_private = true\nca_file = \"x\"\nurl = \"http://x:1\"\n[admin]\nmetrics = \"open\"\n[diagnosis]\nstatuses = [404]\n";
    let path = crate::file(text);
    let loaded = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap();
    assert_snapshot!(lines(&loaded.warnings).replace(path.to_str().unwrap(), "coswhy.toml"), @r#"
coswhy.toml:2:17: upstream.allow_private: has no effect, for upstream.allowed_hosts is empty
coswhy.toml:3:11: upstream.ca_file: has no effect, for upstream.url is not https
coswhy.toml:6:11: admin.metrics: has no effect, for there is no admin.token
coswhy.toml:8:12: diagnosis.statuses: lacks 403, so most refusals of COS are not explained
"#);
}

/// A word behind the name of a secret would be taken for the secret.
#[test]
fn what_the_log_says_of_a_warning_is_not_taken_for_a_secret() {
    let text = "[[keys]]\nsecret_id = \"AKIDxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\nsecret_key = \"demoOwnerSecretKey00000000000001\"\n";
    let loaded = load(Some(&crate::file(text)), std::iter::empty(), &Overrides::default()).unwrap();
    let [warning] = &loaded.warnings[..] else { panic!("{:?}", loaded.warnings) };
    let sentence = warning.sentence();
    assert!(sentence.starts_with("secret_key_file or secret_key_env keeps the SecretKey out"), "{sentence}");
    assert!(
        sentence.contains("(keys[0].secret_key, ") && sentence.ends_with("coswhy.toml:3:14)"),
        "{sentence}"
    );
    assert_eq!(coswhy::cos::redact::text(&sentence), sentence);
}
