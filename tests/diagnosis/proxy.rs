//! What coswhy itself did on the way: whose bucket it is about, and what of it is told.

use coswhy::config::settings::Language;
use coswhy::diagnosis::report::{problem, text};
use coswhy::diagnosis::{Engine, Exchange, ProxyEvidence, ProxySigning};

use crate::exchanges::{self, HOST, SECRET_ID, SERVER_TIME, refused};

/// Signed for an address of coswhy's own, which was rewritten.
fn mapped(host: &str, target: &str, proxy: ProxyEvidence) -> Exchange {
    let signed = exchanges::authorization(SERVER_TIME - 60, SERVER_TIME + 840);
    let mut exchange = refused(
        &[("Authorization", &signed)],
        "SignatureDoesNotMatch",
        "The Signature you specified is invalid.",
    );
    exchange.request.headers.map.insert("host", host.parse().unwrap());
    exchange.request.host = Some(host.into());
    exchange.request.target = Some(target.into());
    exchange.proxy = Some(proxy);
    exchange
}

fn json(exchange: &Exchange) -> serde_json::Value {
    let diagnosis = Engine::builtin().unwrap().diagnose(exchange, exchanges::id());
    serde_json::from_slice(&problem::json(&diagnosis.explanation(Language::En))).unwrap()
}

#[test]
fn bucket_and_action_are_what_was_sent_and_the_address_what_was_asked() {
    let path_style = mapped(
        "127.0.0.1:8080",
        "/photos-1250000000/a%20b.jpg?acl",
        ProxyEvidence {
            host_sent: Some(HOST.into()),
            target_sent: Some("/a%20b.jpg?acl".into()),
            signing: Some(ProxySigning::NoKey),
            ..ProxyEvidence::default()
        },
    );
    let found = json(&path_style);
    let cos = &found["cos"];
    assert_eq!(
        [&cos["bucket"], &cos["appid"], &cos["region"], &cos["key"], &cos["action"]],
        ["photos-1250000000", "1250000000", "ap-guangzhou", "a b.jpg", "name/cos:GetObjectACL"]
    );
    assert_eq!(found["request"]["host"], "127.0.0.1:8080");
    assert_eq!(found["request"]["path"], "/photos-1250000000/a%20b.jpg");
    assert_eq!(found["diagnosis"]["cause"], "caused-by-proxy");
}

#[test]
fn a_custom_domain_is_the_bucket_that_the_operator_named() {
    let named = ProxyEvidence {
        bucket: Some("photos-1250000000".into()),
        region: Some("ap-guangzhou".into()),
        ..ProxyEvidence::default()
    };
    let found = json(&mapped("img.example.com", "/a%20b.jpg", named));
    let cos = &found["cos"];
    assert_eq!(
        [&cos["bucket"], &cos["region"], &cos["key"], &cos["action"]],
        ["photos-1250000000", "ap-guangzhou", "a b.jpg", "name/cos:GetObject"]
    );
    assert_eq!(found["diagnosis"]["cause"], "signature-mismatch", "nothing was rewritten");
}

#[test]
fn the_ways_out_fit_the_signature_and_hold_no_secret() {
    let proxy = |signing| ProxyEvidence {
        host_sent: Some(HOST.into()),
        target_sent: Some(format!("/a.jpg?{}", exchanges::authorization(1, 2).replace(';', "%3B"))),
        signing: Some(signing),
        ..ProxyEvidence::default()
    };
    for signing in ProxySigning::ALL {
        let exchange = mapped("127.0.0.1:8080", "/photos-1250000000/a.jpg", proxy(signing));
        let diagnosis = Engine::builtin().unwrap().diagnose(&exchange, exchanges::id());
        for language in [Language::En, Language::Zh] {
            let explanation = diagnosis.explanation(language);
            let whole = format!(
                "{}{}",
                String::from_utf8_lossy(&problem::json(&explanation)),
                text::render(&explanation, text::Style { language, color: false })
            );
            assert!(!whole.contains(SECRET_ID), "{}: {whole}", signing.as_str());
            assert!(!whole.contains("c6cc5131a16a0b43"), "{}: {whole}", signing.as_str());
        }
    }
    let found = json(&mapped("127.0.0.1:8080", "/photos-1250000000/a.jpg", proxy(ProxySigning::NoKey)));
    let fixes = found["diagnosis"]["fixes"].as_array().unwrap();
    let document = fixes.iter().find_map(|fix| fix["document"].as_str()).expect("a block to paste");
    let settings: toml::Table = document.parse().unwrap();
    assert!(settings["keys"][0].get("secret_key_env").is_some());
    let unsigned = fixes.iter().any(|fix| fix["says"].as_str().unwrap().contains("SignHost"));
    assert!(!unsigned, "leaving host out is no way out where the path was rewritten");
}
