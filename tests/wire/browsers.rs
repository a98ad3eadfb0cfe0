//! Pages that call COS through the proxy: CORS is COS's own matter, and scripts can read the diagnosis (Fetch
//! standard, CORS protocol; WICG, Private Network Access).

use crate::harness::{HOST, Proxy, Response, Upstream, ok, refusal};

const ORIGIN: &str = "https://app.example.com";
const FORBIDDEN: &str = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessForbidden</Code>\n\
    \t<Message>CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, \
    request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the \
    resource's CORS spec.</Message>\n\t<Resource>h/key</Resource>\n\
    \t<RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId>\n</Error>\n";
const ALLOWED: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nServer: tencent-cos\r\n\
    Access-Control-Allow-Origin: https://app.example.com\r\nAccess-Control-Allow-Credentials: true\r\n\
    Access-Control-Allow-Methods: PUT,GET\r\nAccess-Control-Allow-Headers: authorization,cache-control\r\n\
    Access-Control-Expose-Headers: ETag\r\nAccess-Control-Max-Age: 600\r\n\
    x-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=\r\n\r\n";

fn preflight(host: &str, more: &str) -> String {
    format!(
        "OPTIONS /a%20b?acl HTTP/1.1\r\nHost: {host}\r\nOrigin: {ORIGIN}\r\nAccess-Control-Request-Method: PUT\r\n\
         Access-Control-Request-Headers: authorization,cache-control\r\nSec-Fetch-Mode: cors\r\n{more}\r\n"
    )
}

/// A refusal with more fields beside COS's own.
fn refused_with(body: &str, fields: &str) -> Vec<u8> {
    let plain = String::from_utf8(refusal(body)).unwrap();
    plain.replacen("Server: tencent-cos\r\n", &format!("Server: tencent-cos\r\n{fields}"), 1).into_bytes()
}

fn cors_fields(answer: &Response) -> Vec<String> {
    let of_cors = |line: &String| line.to_ascii_lowercase().starts_with("access-control-");
    answer.head.lines().into_iter().filter(of_cors).collect()
}

#[test]
fn a_preflight_goes_out_and_its_answer_comes_back_untouched() {
    let upstream = Upstream::answering(ALLOWED);
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(preflight(HOST, ""));
    let sent = upstream.request();
    assert_eq!(sent.head.first, "OPTIONS /a%20b?acl HTTP/1.1");
    assert_eq!(sent.head.get("origin"), Some(ORIGIN));
    assert_eq!(sent.head.get("access-control-request-method"), Some("PUT"));
    assert_eq!(sent.head.get("access-control-request-headers"), Some("authorization,cache-control"));
    assert!(!sent.head.has("authorization"));
    let mut expected: Vec<&str> = ALLOWED.split("\r\n").filter(|line| line.starts_with("Access-")).collect();
    expected.sort_unstable();
    assert_eq!(answer.status, 200);
    assert_eq!(cors_fields(&answer), expected);
    assert!(!answer.head.has("x-cos-diagnosis"));
}

#[test]
fn a_refused_preflight_is_told_and_not_repaired() {
    let upstream = Upstream::answering(refusal(FORBIDDEN));
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(preflight(HOST, ""));
    assert_eq!((answer.status, answer.cause()), (403, Some("cors-not-allowed")));
    assert_eq!(cors_fields(&answer), Vec::<String>::new(), "no permission that COS did not give");
    assert_eq!(proxy.log_line()["cause"], "cors-not-allowed");
}

/// COS knows no such field; a proxy that allowed it would open a private network on its own.
#[test]
fn private_network_access_is_for_cos_to_allow() {
    let ask = "Access-Control-Request-Private-Network: true\r\n";
    let upstream = Upstream::answering(ALLOWED);
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(preflight(HOST, ask));
    assert_eq!(upstream.request().head.get("access-control-request-private-network"), Some("true"));
    assert!(!answer.head.has("access-control-allow-private-network"));

    let willing = ALLOWED.replace("\r\n\r\n", "\r\nAccess-Control-Allow-Private-Network: true\r\n\r\n");
    let upstream = Upstream::answering(willing);
    let answer = Proxy::before(&upstream, "").exchange(preflight(HOST, ask));
    assert_eq!(answer.get("access-control-allow-private-network"), Some("true"));
}

#[test]
fn a_preflight_to_an_address_of_coswhy_s_own_reaches_the_bucket() {
    let upstream = Upstream::answering(ALLOWED);
    let map = "[[map]]\nhost = \"files.example.org\"\nregion = \"ap-guangzhou\"\nbucket = \"examplebucket-1250000000\"\n";
    let proxy = Proxy::before(&upstream, map);
    for host in ["examplebucket-1250000000.cos.ap-guangzhou.localhost:8080", "files.example.org"] {
        let answer = proxy.exchange(preflight(host, ""));
        assert_eq!(answer.status, 200, "{host}: {}", answer.text());
        let sent = upstream.requests().pop().unwrap();
        assert_eq!(sent.head.first, "OPTIONS /a%20b?acl HTTP/1.1");
        assert_eq!((sent.head.get("host"), sent.head.get("origin")), (Some(HOST), Some(ORIGIN)));
        assert!(!sent.head.has("authorization"));
    }
}

#[test]
fn coswhy_s_own_refusal_gives_no_page_a_permission() {
    let upstream = Upstream::answering(ALLOWED);
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(preflight("other.example.org", ""));
    assert_eq!(answer.status, 421);
    assert_eq!(cors_fields(&answer), Vec::<String>::new());
    assert!(upstream.requests().is_empty());
}

#[test]
fn the_diagnosis_is_exposed_beside_what_cos_exposes() {
    let exposed = |fields: &str| {
        let upstream = Upstream::answering(refused_with(FORBIDDEN, fields));
        let proxy = Proxy::before(&upstream, "");
        let answer = proxy.exchange(format!("GET /key HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {ORIGIN}\r\n\r\n"));
        assert!(answer.head.has("x-cos-diagnosis"));
        let lines = answer.head.all("access-control-expose-headers").join(",");
        let mut names: Vec<String> =
            lines.split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|n| !n.is_empty()).collect();
        names.sort();
        names
    };
    let any = "Access-Control-Allow-Origin: *\r\n";
    let list = "Access-Control-Expose-Headers";
    assert_eq!(exposed(any), ["x-cos-diagnosis"]);
    assert_eq!(exposed(""), Vec::<String>::new());
    // with credentials an asterisk is a name like any other
    assert_eq!(exposed(&format!("{any}{list}: *\r\n")), ["*", "x-cos-diagnosis"]);
    let two = exposed(&format!("{any}{list}: ETag, x-cos-request-id\r\n{list}: Content-Length\r\n"));
    assert_eq!(two, ["content-length", "etag", "x-cos-diagnosis", "x-cos-request-id"]);
    assert_eq!(exposed(&format!("{any}{list}: etag,X-COS-Diagnosis\r\n")), ["etag", "x-cos-diagnosis"]);
}

/// Bytes that are no text stay: a list that can't be read is not a list that may be lost.
#[test]
fn a_list_that_is_no_text_is_kept() {
    let mut answer = refused_with(
        FORBIDDEN,
        "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: ETag, ?\r\n",
    );
    let at = answer.windows(3).position(|w| w == b", ?").unwrap() + 2;
    answer[at] = 0xe9;
    let upstream = Upstream::answering(answer);
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(format!("GET /key HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {ORIGIN}\r\n\r\n"));
    assert_eq!(answer.get("access-control-expose-headers"), Some("ETag, \u{e9}, X-Cos-Diagnosis"));
}

#[test]
fn timing_and_what_else_is_for_pages_stays_as_cos_sent_it() {
    let fields = "Timing-Allow-Origin: *\r\nServer-Timing: cos;dur=3\r\nVary: Origin\r\n\
        Access-Control-Allow-Origin: https://app.example.com\r\nAccess-Control-Allow-Credentials: true\r\n\
        Cross-Origin-Resource-Policy: cross-origin\r\n";
    let fine = format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{fields}\r\nok");
    for answer in [refused_with(FORBIDDEN, fields), fine.into_bytes()] {
        let upstream = Upstream::answering(answer);
        let proxy = Proxy::before(&upstream, "");
        let answer = proxy.exchange(format!("GET /key HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {ORIGIN}\r\n\r\n"));
        for line in fields.split("\r\n").filter(|line| !line.is_empty()) {
            assert!(answer.head.lines().iter().any(|got| got.eq_ignore_ascii_case(line)), "{line}");
        }
    }
}

/// What a page's script reads of a refused request: body and header, through a preflight first.
#[test]
fn preflight_and_refusal_share_a_connection() {
    let upstream = Upstream::by(|request| match request.head.first.split(' ').next() {
        Some("OPTIONS") => ALLOWED.into(),
        Some("PUT") => refused_with(
            "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>",
            "Access-Control-Allow-Origin: https://app.example.com\r\n",
        ),
        _ => ok(""),
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(preflight(HOST, ""));
    assert_eq!(wire.read_response("OPTIONS").unwrap().status, 200);
    wire.send(format!(
        "PUT /key HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {ORIGIN}\r\nContent-Length: 2\r\n\r\nhi"
    ));
    let answer = wire.read_response("PUT").unwrap();
    assert_eq!((answer.status, answer.cause()), (403, Some("anonymous-access-denied")));
    assert_eq!(answer.get("access-control-expose-headers"), Some("X-Cos-Diagnosis"));
    assert!(answer.text().contains("<Diagnosis>"));
    assert_eq!((answer.body.complete, upstream.connections()), (true, 1));
}
