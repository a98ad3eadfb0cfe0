//! A refusal beside what the same caller got through before it.

use super::element;
use crate::harness::{DENIED, Proxy, Upstream, get, ok, refusal};

/// COS that allows requests that begin so and nothing else.
fn allowing(start: &'static str) -> Upstream {
    Upstream::by(move |request| if request.head.first.starts_with(start) { ok("x") } else { refusal(DENIED) })
}

fn signed(target: &str, id: &str) -> String {
    let pairs = format!(
        "q-sign-algorithm=sha1&q-ak={id}&q-sign-time=1554781100;1954784700&q-key-time=1554781100;1954784700\
         &q-header-list=host&q-url-param-list=&q-signature=a"
    );
    get(target, &format!("Authorization: {pairs}\r\n"))
}

/// The facts of the evidence that tell of what went before.
fn hints(answer: &crate::harness::Response) -> Vec<String> {
    let evidence = element(answer)["diagnosis"]["evidence"].clone();
    let facts = evidence.as_array().unwrap().iter().map(|piece| piece["fact"].as_str().unwrap().to_owned());
    facts.filter(|fact| fact.starts_with("recent.")).collect()
}

const KEY: &str = "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q";

#[test]
fn one_prefix_goes_through_and_another_does_not() {
    let upstream = allowing("GET /open/");
    let proxy = Proxy::before(&upstream, "");
    assert_eq!(
        hints(&proxy.exchange(signed("/closed/a", KEY))),
        Vec::<String>::new(),
        "nothing is known yet"
    );
    assert_eq!(proxy.exchange(signed("/open/a", KEY)).status, 200);
    assert_eq!(hints(&proxy.exchange(signed("/closed/b", KEY))), ["recent.elsewhere"]);
    // another key's requests say nothing of this one's
    let other = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
    assert_eq!(hints(&proxy.exchange(signed("/closed/a", other))), Vec::<String>::new());
    assert_eq!(hints(&proxy.exchange(signed("/closed/a", other))), Vec::<String>::new());
}

#[test]
fn reads_go_through_and_writes_do_not() {
    let upstream = allowing("GET ");
    let proxy = Proxy::before(&upstream, "");
    let delete = signed("/a/b", KEY).replacen("GET", "DELETE", 1);
    assert_eq!(hints(&proxy.exchange(&delete)), Vec::<String>::new());
    assert_eq!(proxy.exchange(signed("/a/b", KEY)).status, 200);
    let refused = proxy.exchange(&delete);
    assert_eq!(hints(&refused), ["recent.other_action", "recent.reads_alone"]);
    assert_eq!(refused.cause(), Some("permission-denied"));
    assert!(refused.get("x-cos-diagnosis").unwrap().contains("confidence=likely"));
    // what goes through from coswhy's address is not refused for it
    let others = |answer| element(answer)["diagnosis"]["alternatives"].to_string();
    assert!(!others(&refused).contains("source-address-denied"), "{}", others(&refused));
}

/// Who does not sign is known by the bucket alone, and learns nothing of others' keys and addresses.
#[test]
fn strangers_are_told_no_names() {
    let upstream = allowing("GET /secret-folder/");
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(get("/closed/a", ""));
    assert_eq!(proxy.exchange(get("/secret-folder/a", "")).status, 200);
    let refused = proxy.exchange(get("/closed/b", ""));
    assert_eq!(hints(&refused), ["recent.elsewhere"]);
    assert!(!refused.text().contains("secret-folder"), "{}", refused.text());
}
