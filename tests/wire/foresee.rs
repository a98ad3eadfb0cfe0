//! Requests that succeed and are going to fail one day: warned of in log, metrics and, where it is wanted, a header.

use std::time::{SystemTime, UNIX_EPOCH};

use coswhy::cos::{request_id, time};
use serde_json::Value;

use crate::harness::{HOST, Proxy, Upstream, get, millis};

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// An answer of COS, by its clock.
fn answer(at: i64, fields: &str) -> String {
    let (date, id) = (time::format_http_date(at), request_id::make(at, 1, 2, 3));
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: {date}\r\nx-cos-request-id: {id}\r\nServer: tencent-cos\r\n{fields}\r\nok"
    )
}

/// COS's own clock is now.
fn cos() -> Upstream {
    Upstream::by(|_| answer(now(), "").into_bytes())
}

fn kinds(line: &Value) -> Vec<&str> {
    let warnings = line["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
    warnings.iter().map(|warning| warning["kind"].as_str().unwrap()).collect()
}

/// What each of these requests warns of.
fn warned(upstream: &Upstream, settings: &str, requests: &[(String, &[&str])]) -> Proxy {
    let proxy = Proxy::before(upstream, settings);
    for (i, (request, expected)) in requests.iter().enumerate() {
        assert_eq!(proxy.exchange(request).status, 200, "{request}");
        let line = proxy.log(i + 1).pop().unwrap();
        assert_eq!(kinds(&line), *expected, "{request}\n{line}");
        assert_eq!((&line["level"], &line["outcome"]), (&"INFO".into(), &"forwarded".into()), "{line}");
    }
    proxy
}

fn q_sign(sign: (i64, i64), key: (i64, i64), more: &str) -> String {
    let pairs = format!(
        "q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q&q-sign-time={};{}&q-key-time={};{}&q-header-list=host\
         &q-url-param-list=&q-signature=a",
        sign.0, sign.1, key.0, key.1
    );
    get("/key", &format!("Authorization: {pairs}\r\n{more}"))
}

fn q_url(start: i64, end: i64) -> String {
    let times = format!("{start}%3B{end}");
    get(
        &format!(
            "/key?q-sign-algorithm=sha1&q-ak=AKIDx&q-sign-time={times}&q-key-time={times}&q-header-list=host&\
             q-url-param-list=&q-signature=a"
        ),
        "",
    )
}

fn sigv4(at: i64) -> String {
    let date = time::format_amz_date(at);
    get(
        "/key",
        &format!(
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIDx/20260101/ap-guangzhou/s3/aws4_request, SignedHeaders=host, \
             Signature=a\r\nx-amz-date: {date}\r\n"
        ),
    )
}

#[test]
fn a_clock_that_is_off_is_told_by_what_was_made_for_the_request_alone() {
    let now = now();
    let date = |at| format!("Date: {}\r\n", time::format_http_date(at));
    let fresh = (now - 1, now + 900);
    warned(
        &cos(),
        "",
        &[
            (sigv4(now), &[]),
            (sigv4(now - 280), &[]),
            (sigv4(now - 420), &["clock-off"]),
            (sigv4(now + 420), &["clock-off"]),
            (q_sign(fresh, fresh, ""), &[]),
            (q_sign(fresh, fresh, &date(now - 600)), &["clock-off"]),
            (q_sign((now + 400, now + 900), (now + 400, now + 900), ""), &["clock-off"]),
            (q_url(now + 400, now + 900), &["clock-off"]),
            // signed long ago, and kept; or with the times of a temporary key
            (q_url(now - 3000, now + 3000), &[]),
            (q_sign((now - 3000, now + 3000), (now - 3000, now + 3000), "x-cos-security-token: t\r\n"), &[]),
            // nobody is refused for the clock of a request without a signature
            (get("/key", &date(now - 6000)), &[]),
        ],
    );
}

#[test]
fn the_log_says_which_way_a_clock_is_off() {
    let upstream = cos();
    for (language, by, says) in
        [("en", -420, "behind COS's"), ("en", 420, "ahead of COS's"), ("zh", -420, "客户端时钟比 COS 慢")]
    {
        let proxy = Proxy::before(&upstream, &format!("diagnosis.language = \"{language}\""));
        proxy.exchange(sigv4(now() + by));
        let line = proxy.log_line();
        let said = line["warnings"][0]["says"].as_str().unwrap();
        assert!(said.contains(says), "{said}");
        assert!(!line.to_string().contains("AKIDx/"), "{line}");
    }
}

#[test]
fn a_signature_and_a_temporary_key_are_told_in_their_last_tenth() {
    let now = now();
    let token = "x-cos-security-token: t\r\n";
    let (old, fresh) = ((now - 1750, now + 50), (now - 5, now + 895));
    warned(
        &cos(),
        "",
        &[
            (q_url(now - 800, now + 200), &[]),
            (q_url(now - 950, now + 50), &["signature-expiring"]),
            (q_sign(old, old, ""), &["signature-expiring"]),
            (q_sign(old, old, token), &["temporary-key-expiring"]),
            (q_sign(fresh, old, token), &["temporary-key-expiring"]),
            (q_sign(fresh, old, ""), &[]),
            (
                get(
                    &format!(
                        "/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={}&X-Amz-Expires=3600&X-Amz-Signature=a",
                        time::format_amz_date(now - 3500)
                    ),
                    "",
                ),
                &["signature-expiring"],
            ),
        ],
    );
}

#[test]
fn old_ways_to_sign_and_to_name_the_bucket_are_told() {
    let path_style =
        |target: &str| format!("GET {target} HTTP/1.1\r\nHost: cos.ap-guangzhou.myqcloud.com\r\n\r\n");
    let proxy = warned(
        &cos(),
        "diagnosis.warn_header = true",
        &[
            (get("/key?sign=q-sign-algorithm%3Dsha1%26q-ak%3DAKIDx", ""), &["sign-parameter"]),
            (get("/key?sign=5f4dcc3b", ""), &[]),
            (get("/key", "Authorization: AWS AKIDx:c2ln\r\n"), &["sigv2"]),
            (get("/key?AWSAccessKeyId=AKIDx&Expires=1&Signature=a", ""), &["sigv2"]),
            (path_style("/examplebucket-1250000000/key"), &["path-style"]),
            (path_style("/"), &[]),
            (
                "GET /examplebucket-1250000000/k HTTP/1.1\r\nHost: cos.ap-guangzhou.localhost\r\n\r\n".into(),
                &[],
            ),
        ],
    );
    let metrics = proxy.ask_admin("/metrics").unwrap().text();
    for line in [
        "coswhy_warnings_total{kind=\"sigv2\"} 2",
        "coswhy_warnings_total{kind=\"path-style\"} 1",
        "coswhy_warnings_total{kind=\"clock-off\"} 0",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}

#[test]
fn the_header_is_there_only_where_it_is_wanted() {
    let upstream = Upstream::by(|_| answer(now(), "Access-Control-Allow-Origin: *\r\n").into_bytes());
    let request = sigv4(now() - 600);
    for (settings, expected) in [("", None), ("diagnosis.warn_header = true", Some("clock-off"))] {
        let proxy = Proxy::before(&upstream, settings);
        let answer = proxy.exchange(&request);
        assert_eq!(answer.head.get("x-cos-warning"), expected);
        let exposed = answer.head.get("access-control-expose-headers");
        assert_eq!(exposed, expected.map(|_| "X-Cos-Warning"));
        assert_eq!(answer.text(), "ok");
        if expected.is_some() {
            assert_eq!(proxy.exchange(get("/key", "")).head.get("x-cos-warning"), None);
        }
    }
}

/// An old Date is a cache's, or the test's; a long upload is signed before it begins.
#[test]
fn nothing_is_said_where_the_times_could_mean_something_else() {
    let day = 86_400;
    let cached = Upstream::by(move |_| {
        answer(now(), "").replace("x-cos-request-id: ", "x-cos-request-id: AAAA").into_bytes()
    });
    warned(&cached, "", &[(sigv4(now() - 600), &[])]);
    let custom = Upstream::by(move |_| answer(now() - day, "").into_bytes());
    let request = sigv4(now()).replace(HOST, "img.example.com");
    warned(&custom, "upstream.allowed_hosts = [\"img.example.com\"]", &[(request, &[])]);
    let slow = Upstream::by(|_| {
        std::thread::sleep(millis(8100));
        answer(now(), "").into_bytes()
    });
    // 304 s by COS's clock, 8 of which it took; 4 to spare for a busy machine.
    warned(&slow, "", &[(sigv4(now() - 296), &[])]);
}

#[test]
fn what_fails_is_diagnosed_and_not_warned_of() {
    let upstream = Upstream::answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned());
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(get("/key", "Authorization: AWS AKIDx:c2ln\r\n"));
    assert!(proxy.log_line().get("warnings").is_none());
}
