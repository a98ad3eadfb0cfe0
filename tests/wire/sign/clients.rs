//! Whoever holds the key.

use super::*;

/// The fields as they went out, the signature taken out of them.
fn but_signature(fields: &[(String, String)]) -> Vec<(String, String)> {
    let cut = |value: &str| match value.to_ascii_lowercase().rfind("signature=") {
        Some(at) => value[..at].to_owned(),
        None => value.to_owned(),
    };
    fields.iter().skip(1).map(|(name, value)| (name.clone(), cut(value))).collect()
}

#[test]
fn a_signed_request_goes_out_signed_for_cos_in_the_same_place() {
    let setting = Setting::new();
    let plain = Message::get("files.internal:8080", "/a%20b?acl&prefix=x%2Fy")
        .field("x-Cos-Meta-A", "1")
        .field("X-COS-security-token", "a+token/=");
    let q = |field: &str, host: &str| {
        plain.clone().q_signed(field, host, "host;x-cos-meta-a;x-cos-security-token", "acl;prefix")
    };
    for message in [
        q("AuthoriZation", "files.internal").field("X-Last", "2"),
        q("authorization", "files.internal:8080").field("X-Last", "2"),
        plain.clone().v4_signed("files.internal:8080").field("X-Last", "2"),
    ] {
        let sent = setting.sent(&message);
        assert_eq!(sent.head.get("host"), Some(HOST));
        assert_eq!(sent.target(), message.target);
        assert!(verifies(&sent), "{:?}", sent.head.fields);
        assert_eq!(but_signature(&sent.head.fields), but_signature(&message.fields));
    }
    let log = setting.proxy.log(3);
    assert!(log.iter().all(|line| line["signing"] == "anew"), "{log:#?}");
}

#[test]
fn a_pre_signed_url_goes_out_signed_for_cos_in_the_same_place() {
    let setting = Setting::new();
    for (host, path, sent_path) in [
        ("files.internal:8080", "/a%20b?x=1", "/a%20b?x=1"),
        ("region.internal", "/examplebucket-1250000000/a%20b?x=1", "/a%20b?x=1"),
        ("examplebucket-1250000000.cos.ap-guangzhou.localhost:8080", "/k", "/k"),
        ("cos.ap-guangzhou.localhost:8080", "/examplebucket-1250000000/k", "/k"),
    ] {
        let message = Message::get(host, path).q_presigned(host);
        let sent = setting.sent(&message);
        assert_eq!(sent.head.get("host"), Some(HOST));
        assert!(verifies(&sent), "{}", sent.target());
        let (same, signature) = sent.target().split_once("q-signature=").unwrap();
        assert_eq!(signature.len(), 40);
        assert_eq!(same.replacen(sent_path, path, 1), message.target.split_once("q-signature=").unwrap().0);
    }
}

#[test]
fn each_request_of_a_connection_is_signed_for_its_own_bucket() {
    let setting = Setting::new();
    let mut wire = setting.proxy.connect();
    for bucket in [BUCKET, "other-1250000000", BUCKET] {
        let message = Message::get("region.internal:8080", &format!("/{bucket}/key"));
        wire.send(message.v4_signed("region.internal:8080").text());
        assert_eq!(wire.read_response("GET").unwrap().status, 200);
        let sent = setting.upstream.requests().pop().unwrap();
        assert_eq!(sent.head.get("host").unwrap(), format!("{bucket}.cos.ap-guangzhou.myqcloud.com"));
        assert!(verifies(&sent));
    }
}

#[test]
fn what_came_with_its_real_host_is_not_touched() {
    let setting = Setting::new();
    let message = Message::get(HOST, "/key").q_signed("Authorization", HOST, "host", "");
    let sent = setting.sent(&message);
    assert_eq!(sent.head.fields, message.fields);
    assert!(verifies(&sent));
    assert_eq!(setting.proxy.log_line()["signing"], serde_json::Value::Null);
}

#[test]
fn a_key_in_a_file_or_a_variable() {
    let directory = crate::harness::Directory::new();
    let file = directory.write("key", format!("{KEY}\n"));
    let upstream = Upstream::answering(ok(""));
    let keys = format!("[[keys]]\nsecret_id = \"{ID}\"\nsecret_key_file = \"{}\"", file.display());
    let proxy = Proxy::before(&upstream, &keys);
    let host = format!("{BUCKET}.cos.ap-guangzhou.localhost");
    let message = Message::get(&host, "/key").q_signed("Authorization", &host, "host", "");
    assert_eq!(proxy.exchange(message.text()).status, 200);
    assert!(verifies(&upstream.request()));
}
