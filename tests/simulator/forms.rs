//! Browser uploads.

use base64::Engine as _;
use coswhy::cos::{signature, time};
use coswhy::simulator::keys;

use crate::client::{BUCKET, Call, call, simulator};

fn form(fields: &[(&str, &str)], file: Option<&str>) -> Call {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    if let Some(data) = file {
        body += &format!(
            "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.txt\"\r\nContent-Type: text/plain\r\n\r\n{data}\r\n"
        );
    }
    body += "--xx--\r\n";
    call("POST", BUCKET, "/").header("Content-Type", "multipart/form-data; boundary=xx").body(body)
}

/// A form with a policy that holds it to `up/`, signed; `change` alters policy or fields afterwards.
fn signed(key: (&str, &str), token: Option<&str>, now: i64, end: i64, name: &str) -> Call {
    let key_time = format!("{};{}", now - 60, now + 3600);
    let policy = serde_json::json!({
        "expiration": time::format_rfc3339(end),
        "conditions": [
            {"bucket": "examplebucket-1250000000"}, ["starts-with", "$key", "up/"], {"q-ak": key.0},
            {"q-sign-algorithm": "sha1"}, {"q-sign-time": key_time}, ["content-length-range", 1, 10],
        ],
    })
    .to_string();
    let encoded = base64::engine::general_purpose::STANDARD.encode(&policy);
    let signed = signature::signature(key.1, &key_time, &signature::policy_string_to_sign(policy.as_bytes()));
    let mut fields = vec![
        ("key", name),
        ("policy", &encoded),
        ("q-sign-algorithm", "sha1"),
        ("q-ak", key.0),
        ("q-key-time", &key_time),
        ("q-sign-time", &key_time),
        ("q-signature", &signed),
        ("success_action_status", "201"),
    ];
    fields.extend(token.map(|token| ("x-cos-security-token", token)));
    form(&fields, Some("content"))
}

#[tokio::test]
async fn a_form_is_verified_by_its_policy_and_stored() {
    let sim = simulator().await;
    let now = sim.clock.now();
    let reply = signed(keys::OWNER, None, now, now + 600, "up/${filename}").send(sim.http).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    assert!(reply.text().contains("<Key>up/f.txt</Key>"));
    let get = call("GET", BUCKET, "/up/f.txt").owned().send(sim.http).await;
    assert_eq!((get.text().as_str(), get.header("content-type")), ("content", "text/plain"));
    let temporary = signed(keys::TEMPORARY, Some(keys::TOKEN), now, now + 600, "up/t").send(sim.http).await;
    assert_eq!(temporary.status, 201, "{}", temporary.text());
}

#[tokio::test]
async fn forms_are_refused_each_in_its_words() {
    let sim = simulator().await;
    let now = sim.clock.now();
    let wrong_key = (keys::OWNER.0, "wrong");
    let expired =
        format!("You post object request has been expired, expiration time: {} but the time now : ", now - 5);
    for (call, status, code, message) in [
        (signed(keys::OWNER, None, now, now - 5, "up/a"), 403, "AccessDenied", expired.as_str()),
        (
            signed(keys::OWNER, None, now, now + 600, "else/a"),
            403,
            "AccessDenied",
            "Condition key key doesn't match the value else/a",
        ),
        (
            signed(wrong_key, None, now, now + 600, "up/a"),
            403,
            "SignatureDoesNotMatch",
            "The Signature you specified is invalid.",
        ),
        (
            signed(keys::TEMPORARY_READER, Some(keys::TOKEN), now, now + 600, "up/a"),
            403,
            "AccessDenied",
            "Access Denied.",
        ),
        (
            signed(keys::TEMPORARY, None, now, now + 600, "up/a"),
            403,
            "InvalidAccessKeyId",
            "The Access Key Id",
        ),
        (form(&[("key", "a")], Some("x")), 403, "AccessDenied", "Access Denied."),
        (form(&[("key", "a")], None), 400, "IncorrectNumberOfFilesInPostRequest", ""),
        (form(&[], Some("x")).body("rubbish"), 400, "MalformedPOSTRequest", "The body of your POST request"),
    ] {
        let refusal = call.send(sim.http).await.refusal();
        assert_eq!((refusal.0, refusal.1.as_str()), (status, code), "{refusal:?}");
        assert!(refusal.2.starts_with(message), "{refusal:?}");
    }
}
