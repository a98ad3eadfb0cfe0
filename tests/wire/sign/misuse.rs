//! Whoever can reach coswhy, and holds no key: nothing of theirs is signed, whatever they have seen go by.

use super::*;

fn every_form(message: &Message, host: &str) -> [Message; 3] {
    [
        message.clone().q_signed("Authorization", host, "host", ""),
        message.clone().q_presigned(host),
        message.clone().v4_signed(host),
    ]
}

/// Target as it goes out of path style.
fn without_bucket(target: &str) -> String {
    target.replacen(&format!("/{BUCKET}"), "", 1)
}

#[test]
fn a_request_that_is_not_signed() {
    let setting = Setting::new();
    setting.goes_out_as_it_came(&Message::get("files.internal", "/key?acl"), "/key?acl", "not-signed");
    let path_style = Message::get("region.internal", &format!("/{BUCKET}/key"));
    setting.goes_out_as_it_came(&path_style, "/key", "not-signed");
}

#[test]
fn a_signature_replayed_at_another_address() {
    let setting = Setting::new();
    for message in every_form(&Message::get("files.internal", "/key"), "files.internal") {
        assert!(verifies(&setting.sent(&message)));
    }
    let before = setting.upstream.requests().len();
    for (number, message) in
        every_form(&Message::get("files.internal", "/key"), "files.internal").into_iter().enumerate()
    {
        for (at, host) in
            ["other.internal", "unknown.internal", "other-1250000000.cos.ap-guangzhou.localhost"]
                .into_iter()
                .enumerate()
        {
            setting.goes_out_as_it_came(&message.clone().to(host), &message.target, "does-not-verify");
            assert_eq!(setting.upstream.requests().len(), before + number * 3 + at + 1);
        }
    }
}

#[test]
fn a_name_signed_without_its_port_replayed_at_another_port() {
    let setting = Setting::new();
    let message = Message::get("ports.internal:81", "/key");
    let exact = message.clone().q_signed("Authorization", "ports.internal:81", "host", "");
    assert!(verifies(&setting.sent(&exact)));
    let bare = message.q_signed("Authorization", "ports.internal", "host", "");
    for host in ["ports.internal:81", "ports.internal:82", "ports.internal:83", "ports.internal"] {
        let target = bare.target.clone();
        let replayed = bare.clone().to(host);
        let sent = setting.sent(&replayed);
        assert_eq!(sent.target(), target);
        assert_eq!(sent.head.get("authorization"), Some(replayed.fields[1].1.as_str()), "{host}");
    }
}

/// `*` stands for another bucket here. A pre-signed URL of a bucket's own name does not become one of that.
#[test]
fn a_signature_for_a_name_of_cos_where_any_name_is_mapped() {
    let setting = Setting::new();
    for message in every_form(&Message::get(HOST, "/key"), HOST) {
        let answer = setting.proxy.exchange(message.clone().to(&format!("{HOST}:8080")).text());
        assert_eq!(answer.status, 421);
    }
    assert!(setting.upstream.requests().is_empty());
}

#[test]
fn a_signature_over_another_path_or_bucket() {
    let setting = Setting::new();
    for message in every_form(&Message::get("files.internal", "/key"), "files.internal") {
        let target = message.target.replacen("/key", "/kez", 1);
        let other = Message { target: target.clone(), ..message };
        setting.goes_out_as_it_came(&other, &target, "does-not-verify");
    }
    let host = "region.internal";
    for message in every_form(&Message::get(host, &format!("/{BUCKET}/key")), host) {
        let target = message.target.replacen(BUCKET, "other-1250000000", 1);
        let out = without_bucket(&message.target);
        setting.goes_out_as_it_came(&Message { target, ..message }, &out, "does-not-verify");
    }
    // a signature over `/key` names no bucket
    for message in every_form(&Message::get(host, "/key"), host) {
        let target = format!("/{BUCKET}{}", message.target);
        let out = message.target.clone();
        setting.goes_out_as_it_came(&Message { target, ..message }, &out, "does-not-verify");
    }
}

#[test]
fn a_signature_of_another_method() {
    let setting = Setting::new();
    for message in every_form(&Message::get("files.internal", "/key"), "files.internal") {
        for method in ["DELETE", "HEAD", "POST"] {
            let other = Message { method, ..message.clone() };
            setting.goes_out_as_it_came(&other, &message.target, "does-not-verify");
        }
    }
}

#[test]
fn a_signature_with_one_byte_altered() {
    let setting = Setting::new();
    for message in every_form(&Message::get("files.internal", "/key"), "files.internal") {
        let mut other = message.clone();
        let place = match other.fields.last_mut().filter(|(name, _)| name == "Authorization") {
            Some((_, value)) => value,
            None => &mut other.target,
        };
        let last = place.pop().unwrap();
        place.push(if last == '0' { '1' } else { '0' });
        setting.goes_out_as_it_came(&other, &other.target, "does-not-verify");
    }
    let covered = Message::get("files.internal", "/key?x=1").field("x-cos-acl", "private");
    let message = covered.q_signed("Authorization", "files.internal", "host;x-cos-acl", "x");
    let mut acl = message.clone();
    acl.fields[1].1 = "privata".to_owned();
    setting.goes_out_as_it_came(&acl, "/key?x=1", "does-not-verify");
    let param = Message { target: "/key?x=2".to_owned(), ..message };
    setting.goes_out_as_it_came(&param, "/key?x=2", "does-not-verify");
}

#[test]
fn a_signature_that_has_expired() {
    let setting = Setting::new();
    let message = Message::get("files.internal", "/key");
    let old = message.clone().q_signed_until(now() - 2, "Authorization", "files.internal", ("host", ""));
    setting.goes_out_as_it_came(&old, "/key", "expired");
    let old = message.v4_signed_at(now() - 15 * 60 - 2, "files.internal");
    setting.goes_out_as_it_came(&old, "/key", "expired");
}

#[test]
fn a_time_that_was_moved() {
    let setting = Setting::new();
    let message =
        Message::get("files.internal", "/key").q_signed("Authorization", "files.internal", "host", "");
    for (start, end) in [("q-sign-time=", "&q-key-time"), ("q-key-time=", "&q-header-list")] {
        let mut other = message.clone();
        let value = &mut other.fields[1].1;
        let (at, until) = (value.find(start).unwrap() + start.len(), value.find(end).unwrap());
        value.replace_range(at..until, &format!("{};{}", now() - 1200, now() + 99_999));
        setting.goes_out_as_it_came(&other, "/key", "does-not-verify");
    }
}

#[test]
fn a_key_that_coswhy_does_not_hold() {
    let setting = Setting::new();
    for message in every_form(&Message::get("files.internal", "/key"), "files.internal") {
        let mut other = message.clone();
        other.target = other.target.replace(ID, "AKIDanother");
        let (_, value) = other.fields.last_mut().unwrap();
        *value = value.replace(ID, "AKIDanother");
        setting.goes_out_as_it_came(&other, &other.target, "no-key");
    }
}

#[test]
fn two_signatures_in_one_request() {
    let setting = Setting::new();
    let [header, query, v4] = every_form(&Message::get("files.internal", "/key"), "files.internal");
    let both = Message { target: query.target.clone(), ..header.clone() };
    setting.goes_out_as_it_came(&both, &query.target, "ambiguous");
    let twice = header.field("Authorization", &v4.fields.last().unwrap().1);
    setting.goes_out_as_it_came(&twice, "/key", "ambiguous");
    let target = format!("{}&q-signature=00", query.target);
    setting.goes_out_as_it_came(&Message { target: target.clone(), ..query }, &target, "does-not-verify");
}

/// A field that Connection takes out of the message was signed: what goes out does not verify without it.
#[test]
fn a_signed_field_that_is_made_to_vanish() {
    let setting = Setting::new();
    let message = Message::get("files.internal", "/key").field("x-cos-acl", "private");
    let message = message.q_signed("Authorization", "files.internal", "host;x-cos-acl", "");
    assert!(verifies(&setting.sent(&message)));
    let sent = setting.sent(&message.field("Connection", "x-cos-acl"));
    assert!(!sent.head.has("x-cos-acl"));
    assert!(!verifies(&sent));
}

#[test]
fn chunks_and_forms_are_left_alone() {
    let setting = Setting::new();
    let chunked = Message { method: "PUT", ..Message::get("files.internal", "/key") }
        .field("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
        .field("Content-Length", "0")
        .v4_signed("files.internal");
    setting.goes_out_as_it_came(&chunked, "/key", "chunk-signed");
    let form = Message { method: "POST", ..Message::get("files.internal", "/") }
        .field("Content-Type", "multipart/form-data; boundary=x")
        .field("Content-Length", "0")
        .q_signed("Authorization", "files.internal", "host", "");
    setting.goes_out_as_it_came(&form, "/", "form");
    let v2 = Message::get("files.internal", "/key").field("Authorization", &format!("AWS {ID}:c2ln"));
    setting.goes_out_as_it_came(&v2, "/key", "unsupported");
}

#[test]
fn no_key_is_shown() {
    let setting = Setting::new();
    let message =
        Message::get("files.internal", "/key").q_signed("Authorization", "files.internal", "host", "");
    let new = setting.sent(&message).head.get("authorization").unwrap().to_owned();
    setting.proxy.log(1);
    let shown = setting.proxy.log_text() + &setting.proxy.errors() + &setting.proxy.directory.read("stdout");
    for secret in [KEY, ID, new.rsplit_once('=').unwrap().1] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// `*` stands for every name: also for the custom domain of another bucket, for which somebody holds a pre-signed URL.
#[test]
fn a_url_made_for_another_buckets_domain() {
    let setting = Setting::new();
    for message in every_form(&Message::get("img.example.com", "/key"), "img.example.com") {
        setting.goes_out_as_it_came(&message, &message.target, "name-not-mapped");
    }
    for host in ["photos-1250000000.image.myqcloud.com", &format!("{HOST}.")] {
        let [_, presigned, _] = every_form(&Message::get(host, "/key"), host);
        assert_eq!(setting.proxy.exchange(presigned.text()).status, 421, "{host}");
    }
}

/// Made for the bucket's own name, it names a key that begins like another bucket.
#[test]
fn a_path_style_signature_that_holds_for_any_host() {
    let setting = Setting::new();
    let message = Message::get("region.internal", &format!("/{BUCKET}/key"));
    let signed = message.q_signed("Authorization", "", "", "");
    setting.goes_out_as_it_came(&signed, "/key", "host-not-signed");
    let local = signed.to("cos.ap-guangzhou.localhost");
    setting.goes_out_as_it_came(&local, "/key", "host-not-signed");
}

#[test]
fn a_name_whose_ports_are_different_buckets() {
    let setting = Setting::new();
    for message in every_form(&Message::get("ports.internal:82", "/key"), "ports.internal") {
        setting.goes_out_as_it_came(&message, &message.target, "port-not-signed");
    }
}
