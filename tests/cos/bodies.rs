//! Error bodies and host names from anywhere.

use std::time::Instant;

use coswhy::config::settings::Language;
use coswhy::cos::endpoint::Endpoint;
use coswhy::cos::error::ErrorBody;
use coswhy::cos::{redact, request_id, time};
use coswhy::diagnosis::report::xml;
use coswhy::diagnosis::{Engine, Exchange, ResponseEvidence};
use proptest::prelude::*;
use ulid::Ulid;

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = ErrorBody::parse(&bytes);
        let mut xml = b"<Error><Code>".to_vec();
        xml.extend_from_slice(&bytes);
        let _ = ErrorBody::parse(&xml);
        let mut html = b"<html><li>Code: ".to_vec();
        html.extend_from_slice(&bytes);
        let _ = ErrorBody::parse(&html);
        let text = String::from_utf8_lossy(&bytes);
        let _ = (redact::text(&text), redact::target(&text), request_id::time(&text), time::parse_any(&text));
        let _ = Endpoint::parse(&text);
    }

    #[test]
    fn a_body_cut_anywhere_gives_what_it_still_has(cut in 0_usize..300) {
        let body = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>Access Denied.</Message>\n\t<Resource>/k</Resource>\n</Error>";
        let cut = cut.min(body.len());
        let code = ErrorBody::parse(&body.as_bytes()[..cut]).and_then(|error| error.code);
        let code_is_there = cut >= body.find("</Code>").unwrap() + "</Code>".len();
        prop_assert_eq!(code.as_deref(), code_is_there.then_some("AccessDenied"));
    }

    #[test]
    fn text_escaped_as_xml_comes_back(message in "[^\u{0}-\u{1f}\u{7f}\u{fffe}\u{ffff}]{1,40}") {
        let body = format!("<Error><Code>A</Code><Message>{}</Message></Error>", quick_xml::escape::escape(&message));
        let error = ErrorBody::parse(body.as_bytes()).unwrap();
        prop_assert_eq!(error.message.as_deref().unwrap_or_default(), message.trim());
    }
}

/// Not a measurement (benches/ has those), but a guard against something quadratic.
#[test]
fn a_large_body_takes_no_long_time() {
    let body = format!(
        "<Error><Code>A</Code><Message>{}</Message>{}</Error>",
        "&amp;x".repeat(20_000),
        "<X>y</X>".repeat(9_000)
    );
    let started = Instant::now();
    let error = ErrorBody::parse(body.as_bytes()).unwrap();
    let _ = redact::text(&body);
    assert!(error.extra.len() < 100);
    assert!(started.elapsed().as_secs() < 5);
}

/// What would be gigabytes where entities are expanded, and a file of this machine where they are fetched.
#[test]
fn entities_are_not_expanded() {
    let mut types = "<!ENTITY a \"aaaaaaaaaa\"><!ENTITY f SYSTEM \"file:///etc/passwd\">".to_owned();
    for (name, of) in "bcdefghijk".chars().zip("abcdefghij".chars()) {
        types += &format!("<!ENTITY {name} \"{}\">", format!("&{of};").repeat(10));
    }
    let body = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE Error [{types}]><Error><Code>AccessDenied</Code><Message>&k;&f;</Message>\
         <Resource>/k</Resource></Error>"
    );
    let error = ErrorBody::parse(body.as_bytes()).unwrap();
    assert_eq!(error.code.as_deref(), Some("AccessDenied"));
    assert_eq!(error.message.as_deref(), Some("&k;&f;"));
    let exchange = Exchange {
        response: ResponseEvidence {
            status: Some(403),
            body: Some(body.clone().into()),
            ..ResponseEvidence::default()
        },
        ..Exchange::default()
    };
    let explanation = Engine::default().diagnose(&exchange, Ulid::nil()).explanation(Language::En);
    if let Some(changed) = xml::annotate(body.as_bytes(), &explanation) {
        assert!(changed.len() < body.len() + 5000);
    }
}
