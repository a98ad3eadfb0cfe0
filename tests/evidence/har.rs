//! HARs as browsers and proxies write them.

use coswhy::diagnosis::{Field, Seen};
use coswhy::evidence::{Evidence, EvidenceError, read};
use serde_json::{Value, json};

const URL: &str = "https://demo-1250000000.cos.ap-guangzhou.myqcloud.com/a.png?acl";
const BODY: &str = "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";

fn har(creator: &str, entries: &[Value]) -> Vec<u8> {
    json!({"log": {"version": "1.2", "creator": {"name": creator, "version": "1"}, "pages": [], "entries": entries}})
        .to_string()
        .into_bytes()
}

fn entry(method: &str, request: Value, status: i64, response: Value, content: Value) -> Value {
    json!({
        "startedDateTime": "2026-03-24T12:00:00.000Z", "time": 1,
        "request": {"method": method, "url": URL, "httpVersion": "h2", "headers": request, "queryString": []},
        "response": {"status": status, "statusText": "", "headers": response, "content": content},
    })
}

fn fields(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn found(har: &[u8]) -> Vec<Evidence> {
    read("x.har", har).unwrap()
}

#[test]
fn only_failed_entries_are_kept_with_their_numbers() {
    let ok = entry("GET", fields(&[]), 200, fields(&[]), json!({"size": 2, "text": "ok"}));
    let moved = entry("GET", fields(&[]), 302, fields(&[]), json!({"size": 0}));
    let failed = entry("GET", fields(&[]), 403, fields(&[]), json!({"size": 1, "text": BODY}));
    let copy = entry("PUT", fields(&[]), 200, fields(&[]), json!({"size": 1, "text": BODY}));
    let found = found(&har("WebInspector", &[ok, failed, moved, copy]));
    assert_eq!(found.iter().map(|f| f.source.entry).collect::<Vec<_>>(), [2, 4]);
    let request = &found[0].exchange.request;
    assert_eq!(request.target.as_deref(), Some("/a.png?acl"));
    assert_eq!(request.scheme.as_deref(), Some("https"));
    assert_eq!(found[0].exchange.response.body.as_deref(), Some(BODY.as_bytes()));
}

#[test]
fn what_a_browser_strips_is_unknown() {
    let scripted = fields(&[("Origin", "https://a.example"), ("sec-fetch-mode", "cors")]);
    let failed = entry("GET", scripted, 403, fields(&[]), json!({"size": 1, "text": BODY}));
    let seen = found(&har("WebInspector", std::slice::from_ref(&failed)))[0].exchange.request.headers.clone();
    assert_eq!(seen.seen, Seen::AllButCredentials);
    assert_eq!(seen.get("authorization"), Field::Unknown);
    assert_eq!(seen.get("referer"), Field::Absent);
    let charles = found(&har("Charles Proxy", &[failed]));
    assert_eq!(charles[0].exchange.request.headers.seen, Seen::All);
}

#[test]
fn a_har_with_credentials_hides_nothing() {
    let signed = fields(&[("Origin", "https://a.example"), ("Authorization", "q-sign-algorithm=sha1")]);
    let plain = fields(&[("Origin", "https://a.example")]);
    let entries = [
        entry("GET", plain, 403, fields(&[]), json!({"size": 1, "text": BODY})),
        entry("GET", signed, 200, fields(&[]), json!({"size": 0})),
    ];
    assert_eq!(found(&har("Firefox", &entries))[0].exchange.request.headers.seen, Seen::All);
}

#[test]
fn an_image_of_a_page_can_have_no_authorization() {
    let image = fields(&[("sec-fetch-mode", "no-cors"), ("accept", "image/avif,*/*")]);
    let failed = entry("GET", image, 403, fields(&[]), json!({"size": 1, "text": BODY}));
    let found = found(&har("WebInspector", &[failed]));
    assert_eq!(found[0].exchange.request.headers.get("authorization"), Field::Absent);
}

#[test]
fn bodies_in_base64_are_decoded() {
    let content = json!({"size": 1, "mimeType": "application/xml", "encoding": "base64",
        "text": "PEVycm9yPjxDb2RlPkE8L0NvZGU+PC9FcnJvcj4="});
    let found = found(&har("Fiddler", &[entry("GET", fields(&[]), 403, fields(&[]), content)]));
    assert_eq!(found[0].exchange.response.body.as_deref(), Some(&b"<Error><Code>A</Code></Error>"[..]));
}

#[test]
fn an_answer_kept_from_the_page_is_told_in_the_clients_words() {
    let scripted = fields(&[("Origin", "https://a.example")]);
    let mut blocked = entry("PUT", scripted, 0, fields(&[]), json!({"size": 0}));
    blocked["response"]["_error"] = "net::ERR_FAILED".into();
    let preflight = fields(&[("Origin", "https://a.example"), ("Access-Control-Request-Method", "PUT")]);
    let refused = entry("OPTIONS", preflight, 403, fields(&[]), json!({"size": 1, "text": BODY}));
    let found = found(&har("WebInspector", &[blocked, refused]));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].exchange.response.status, None);
    assert_eq!(
        found[0].exchange.client_text.as_deref(),
        Some("CORS blocked or network error (net::ERR_FAILED)")
    );
    assert_eq!(found[1].exchange.request.method.as_deref(), Some("OPTIONS"));
}

#[test]
fn what_the_page_gave_up_is_no_failure() {
    let mut aborted = entry("GET", fields(&[]), 0, fields(&[]), json!({"size": 0}));
    aborted["response"]["_error"] = "net::ERR_ABORTED".into();
    let error = read("x.har", har("WebInspector", &[aborted]).as_slice()).unwrap_err();
    assert!(matches!(error, EvidenceError::NoFailure { exchanges: 1, .. }));
}

#[test]
fn a_forms_fields_are_read_up_to_its_file() {
    let mut post = entry("POST", fields(&[]), 403, fields(&[]), json!({"size": 1, "text": BODY}));
    post["request"]["postData"] = json!({"mimeType": "multipart/form-data; boundary=----B",
        "text": "------B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na.png\r\n------B\r\nContent-Disposition: form-data; name=\"policy\"\r\n\r\ne30=\r\n------B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\r\n------B--\r\n"});
    let form = found(&har("WebInspector", &[post]))[0].exchange.request.form.clone().unwrap();
    assert_eq!(form, [("key".to_owned(), "a.png".to_owned()), ("policy".to_owned(), "e30=".to_owned())]);
}

#[test]
fn an_answer_to_head_has_no_body() {
    let head = entry("HEAD", fields(&[]), 403, fields(&[]), json!({"size": 0}));
    assert_eq!(found(&har("Firefox", &[head]))[0].exchange.response.body.as_deref(), Some(&b""[..]));
}

#[test]
fn a_broken_har_says_where() {
    let error = read("x.har", &b"{\"log\":{\"version\":\"1.2\",\"entries\":[{\"request\":"[..]).unwrap_err();
    assert!(error.to_string().contains("line 1 column"), "{error}");
}

#[test]
fn a_har_may_begin_with_a_byte_order_mark() {
    let failed = entry("GET", fields(&[]), 403, fields(&[]), json!({"size": 1, "text": BODY}));
    let mut bytes = vec![0xef, 0xbb, 0xbf];
    bytes.extend(har("Charles Proxy", &[failed]));
    assert_eq!(found(&bytes).len(), 1);
}

/// The browser kept these from the page, though they did not fail; it keeps nothing else.
#[test]
fn an_answer_that_the_browser_kept_from_the_page_is_a_failure() {
    let scripted = |origin| fields(&[("Origin", origin), ("sec-fetch-mode", "cors")]);
    let asks = fields(&[("Origin", "https://a.example"), ("Access-Control-Request-Method", "PUT")]);
    let allow = fields(&[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")]);
    let size = json!({"size": 2, "text": "ok"});
    let entries = [
        entry("GET", scripted("https://a.example"), 200, fields(&[]), size.clone()),
        entry("GET", scripted("https://a.example"), 200, allow.clone(), size.clone()),
        entry(
            "GET",
            scripted("https://demo-1250000000.cos.ap-guangzhou.myqcloud.com"),
            200,
            fields(&[]),
            size.clone(),
        ),
        entry(
            "POST",
            fields(&[("Origin", "https://a.example"), ("sec-fetch-mode", "navigate")]),
            204,
            fields(&[]),
            size.clone(),
        ),
        entry("OPTIONS", asks.clone(), 302, fields(&[("Location", "https://b.example/")]), size.clone()),
        entry("OPTIONS", asks, 200, allow, size),
    ];
    let found = found(&har("WebInspector", &entries));
    assert_eq!(found.iter().map(|f| f.source.entry).collect::<Vec<_>>(), [1, 5]);
}

/// A page's request that got nowhere has no Origin in some recordings.
#[test]
fn what_got_no_answer_is_cors_or_the_network_as_far_as_it_shows() {
    let text = |request: Value, error: &str| {
        let mut blocked = entry("GET", request, -1, fields(&[]), json!({"size": -1}));
        blocked["response"]["_error"] = error.into();
        found(&har("Playwright", &[blocked]))[0].exchange.client_text.clone().unwrap()
    };
    let page = ("Referer", "http://localhost:5173/");
    assert_eq!(text(fields(&[page]), ""), "CORS blocked or network error (no status in the HAR)");
    assert_eq!(text(fields(&[page, ("Accept", "image/*")]), ""), "network error (no status in the HAR)");
    let origin = ("Origin", "http://localhost:5173");
    assert_eq!(
        text(fields(&[origin]), "net::ERR_NAME_NOT_RESOLVED"),
        "network error (net::ERR_NAME_NOT_RESOLVED)"
    );
}
