//! Addresses of coswhy's own that stand for COS: `[[map]]` entries, and the names below `.localhost`.

use crate::harness::{HOST, Proxy, Upstream, ok};

const BUCKET: &str = "examplebucket-1250000000";

/// The Host and the target that a request to `host` went out with.
fn sent(proxy: &Proxy, upstream: &Upstream, host: &str, target: &str) -> (String, String) {
    let answer = proxy.exchange(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    assert_eq!(answer.status, 200, "{host} {target}: {}", answer.text());
    let request = upstream.requests().pop().unwrap();
    (request.head.get("host").unwrap().to_owned(), request.target().to_owned())
}

fn pair(host: &str, target: &str) -> (String, String) {
    (host.to_owned(), target.to_owned())
}

fn map(host: &str, bucket: Option<&str>) -> String {
    let bucket = bucket.map(|bucket| format!("bucket = \"{bucket}\"\n")).unwrap_or_default();
    format!("[[map]]\nhost = \"{host}\"\nregion = \"ap-guangzhou\"\n{bucket}")
}

#[test]
fn names_below_localhost_go_out_as_cos_names() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let ask = |host: &str, target: &str| sent(&proxy, &upstream, host, target);
    assert_eq!(ask(&format!("{BUCKET}.cos.ap-guangzhou.localhost:8080"), "/k?acl"), pair(HOST, "/k?acl"));
    assert_eq!(ask(&format!("{BUCKET}.COS.ap-guangzhou.LocalHost"), "/k"), pair(HOST, "/k"));
    let path_style = "cos.ap-guangzhou.localhost:8080";
    assert_eq!(ask(path_style, &format!("/{BUCKET}/a%20b//%e4?x=%2F&y")), pair(HOST, "/a%20b//%e4?x=%2F&y"));
    assert_eq!(ask(path_style, &format!("/{BUCKET}")), pair(HOST, "/"));
    assert_eq!(ask(path_style, &format!("/{BUCKET}?list-type=2")), pair(HOST, "/?list-type=2"));
    assert_eq!(ask(path_style, "/"), pair("service.cos.myqcloud.com", "/"));
    assert_eq!(ask("service.cos.localhost:8080", "/?x"), pair("service.cos.myqcloud.com", "/?x"));
    let internal = format!("{BUCKET}.cos-internal.ap-guangzhou.localhost");
    assert_eq!(ask(&internal, "/k"), pair(&format!("{BUCKET}.cos-internal.ap-guangzhou.myqcloud.com"), "/k"));
}

#[test]
fn a_mapped_host_is_its_bucket() {
    let upstream = Upstream::answering(ok(""));
    let maps = [
        map("files.internal", Some(BUCKET)),
        map("127.0.0.1:8080", Some("other-1250000000")),
        map("127.0.0.1", None),
    ];
    let proxy = Proxy::before(&upstream, &maps.concat());
    let ask = |host: &str, target: &str| sent(&proxy, &upstream, host, target);
    for host in ["files.internal", "FILES.internal:8080", "files.internal:1"] {
        assert_eq!(ask(host, "/a%2Fb?x="), pair(HOST, "/a%2Fb?x="), "{host}");
    }
    let other = "other-1250000000.cos.ap-guangzhou.myqcloud.com";
    assert_eq!(ask("127.0.0.1:8080", "/k"), pair(other, "/k"));
    assert_eq!(ask("127.0.0.1:9000", &format!("/{BUCKET}/k")), pair(HOST, "/k"));
    assert_eq!(ask("127.0.0.1", &format!("/{BUCKET}/k")), pair(HOST, "/k"));
    // one connection, one host, but another bucket each time
    let mut wire = proxy.connect();
    for bucket in [BUCKET, "other-1250000000", BUCKET] {
        wire.send(format!("GET /{bucket}/k HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
        assert_eq!(wire.read_response("GET").unwrap().status, 200);
        let went = upstream.requests().pop().unwrap();
        assert_eq!(went.head.get("host").unwrap(), format!("{bucket}.cos.ap-guangzhou.myqcloud.com"));
        assert_eq!(went.target(), "/k");
    }
    // an absolute-form target's authority is the name that counts
    let absolute = "GET http://files.internal/k HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    assert_eq!(proxy.exchange(absolute).status, 200);
    assert_eq!(upstream.requests().pop().unwrap().head.get("host"), Some(HOST));
    for stranger in ["127.0.0.2", "files.internal.", "xfiles.internal", "user@files.internal", "localhost"] {
        let answer = proxy.exchange(format!("GET /k HTTP/1.1\r\nHost: {stranger}\r\n\r\n"));
        assert_eq!(answer.status, 421, "{stranger}");
    }
}

/// The entry for any host takes what would be refused; COS's own names stay what they say.
#[test]
fn a_map_for_any_host_leaves_the_names_of_cos_alone() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, &map("*", Some(BUCKET)));
    let ask = |host: &str| sent(&proxy, &upstream, host, "/k").0;
    for host in ["127.0.0.1:8080", "anything.example", "10.0.0.7", "[::1]:8080", "localhost"] {
        assert_eq!(ask(host), HOST, "{host}");
    }
    let other = "other-1250000000.cos.ap-guangzhou.myqcloud.com";
    assert_eq!(ask(other), other);
    assert_eq!(ask("other-1250000000.cos.ap-guangzhou.localhost:8080"), other);
}

#[test]
fn a_mapped_path_must_name_a_bucket_plainly() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, &map("127.0.0.1", None));
    for target in
        ["//k", "/%65xamplebucket-1250000000/k", "/../k", "/a.b/k", "/evil.example%2f/k", "/B-1250000000/k"]
    {
        for host in ["127.0.0.1", "cos.ap-guangzhou.localhost"] {
            let answer = proxy.exchange(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
            assert_eq!((answer.status, answer.proxy_error()), (421, Some("http_request_denied")), "{target}");
        }
    }
    assert_eq!(upstream.connections(), 0);
}

#[test]
fn allowed_buckets_hold_for_mapped_addresses() {
    let upstream = Upstream::answering(ok(""));
    let settings = format!(
        "upstream.allowed_buckets = [\"*-1250000000\"]\n{}{}{}",
        map("127.0.0.1", None),
        map("theirs.internal", Some("theirs-1259999999")),
        map("*", Some("any-1259999999"))
    );
    let proxy = Proxy::before(&upstream, &settings);
    let status = |host: &str, target: &str| {
        proxy.exchange(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")).status
    };
    assert_eq!(status("127.0.0.1", "/examplebucket-1250000000/k"), 200);
    assert_eq!(status("cos.ap-guangzhou.localhost", "/examplebucket-1250000000/k"), 200);
    let before = upstream.requests().len();
    for (host, target) in [
        ("127.0.0.1", "/theirs-1259999999/k"),
        ("127.0.0.1", "/"),
        ("cos.ap-guangzhou.localhost", "/theirs-1259999999/k"),
        ("cos.ap-guangzhou.localhost", "/"),
        ("service.cos.localhost", "/"),
        ("theirs-1259999999.cos.ap-guangzhou.localhost", "/k"),
        ("theirs.internal", "/k"),
        ("anything.example", "/k"),
    ] {
        assert_eq!(status(host, target), 421, "{host} {target}");
    }
    let copy = "PUT /examplebucket-1250000000/k HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\
                x-cos-copy-source: theirs-1259999999.cos.ap-guangzhou.myqcloud.com/k\r\n\r\n";
    assert_eq!(proxy.exchange(copy).status, 421);
    assert_eq!(upstream.requests().len(), before);
}

/// What the log tells of a mapped request: what was asked for, and which bucket and key that is.
#[test]
fn the_log_tells_both_the_address_and_the_bucket() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, &map("127.0.0.1", None));
    proxy.exchange(format!("GET /{BUCKET}/a%20b?x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
    let line = proxy.log_line();
    assert_eq!(line["host"], "127.0.0.1");
    assert_eq!(line["path"], format!("/{BUCKET}/a%20b?x"));
    assert_eq!(
        (&line["bucket"], &line["region"], &line["key"]),
        (&BUCKET.into(), &"ap-guangzhou".into(), &"a b".into())
    );
}
