//! Secrets never leave: planted in every place of a request and of a refusal, then looked for in every output.

use crate::harness::{HOST, Proxy, Response, Upstream, get, refusal, within};

const SECRET_ID: &str = "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q";
const SIGNATURE: &str = "a5de76b0734f084a7ea24413f7168b4bdbe5676c";
const TOKEN: &str = "TokenThatMustNotLeak0123456789abcdefghijklmnop";
const SSE_KEY: &str = "U1NFQ0tleVRoYXRNdXN0Tm90TGVhazAxMjM0NTY3ODk";
const COOKIE: &str = "CookieThatMustNotLeak42";
const PASSWORD: &str = "UHJveHlQYXNzd29yZFRoYXRNdXN0Tm90TGVhaw";
const FILE: &str = "ContentsOfTheFileThatMustNotLeak";

fn q_sign(separator: &str) -> String {
    [
        "q-sign-algorithm=sha1",
        &format!("q-ak={SECRET_ID}"),
        "q-sign-time=1554780000;1554787200",
        "q-key-time=1554780000;1554787200",
        "q-header-list=host",
        "q-url-param-list=",
        &format!("q-signature={SIGNATURE}"),
    ]
    .join(separator)
}

fn requests() -> Vec<String> {
    let sse: String = [
        "x-cos-server-side-encryption-customer-key",
        "x-amz-server-side-encryption-customer-key",
        "x-cos-copy-source-server-side-encryption-customer-key",
        "X-Cos-Server-Side-Encryption-Customer-Key-Md5",
    ]
    .map(|name| format!("{name}: {SSE_KEY}\r\n"))
    .concat();
    let boundary = "----coswhy";
    let part = |name: &str, value: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let form = [
        part("key", "up.txt"),
        part("q-ak", SECRET_ID),
        part("q-signature", SIGNATURE),
        part("x-cos-security-token", TOKEN),
        part("policy", "eyJleHBpcmF0aW9uIjoiMjAxOS0wNC0wOVQwMzozOToyMFoifQ=="),
        part("file", FILE),
    ]
    .concat()
        + &format!("--{boundary}--\r\n");
    let query = q_sign("&").replace(';', "%3B");
    vec![
        get("/header", &format!("Authorization: {}\r\nx-cos-security-token: {TOKEN}\r\n{sse}", q_sign("&"))),
        get(&format!("/query?{query}&x-cos-security-token={TOKEN}"), ""),
        get(&format!("/sign?sign={}", q_sign("%26").replace('=', "%3D").replace(';', "%3B")), ""),
        get(
            &format!("/%71?%71-signature={SIGNATURE}&Q-Signature={SIGNATURE}&x-cos-security-%74oken={TOKEN}"),
            "",
        ),
        get(
            &format!(
                "/v4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SECRET_ID}%2F20190409%2Fap-guangzhou%2Fs3%2F\
                 aws4_request&X-Amz-Date=20190409T033920Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&\
                 X-Amz-Signature={SIGNATURE}&X-Amz-Security-Token={TOKEN}"
            ),
            "",
        ),
        get(
            "/v4h",
            &format!(
                "Authorization: AWS4-HMAC-SHA256 Credential={SECRET_ID}/20190409/ap-guangzhou/s3/aws4_request, \
                 SignedHeaders=host, Signature={SIGNATURE}\r\nx-amz-security-token: {TOKEN}\r\n"
            ),
        ),
        get(&format!("/v2?AWSAccessKeyId={SECRET_ID}&Expires=1554787200&Signature={SIGNATURE}"), ""),
        get("/v2h", &format!("Authorization: AWS {SECRET_ID}:{SIGNATURE}\r\n")),
        get(
            "/basic",
            &format!("Authorization: Basic {PASSWORD}\r\nProxy-Authorization: Basic {PASSWORD}\r\n"),
        ),
        get(
            "/cookie",
            &format!(
                "Cookie: session={COOKIE}\r\nReferer: http://a.example/?{query}&x-cos-security-token={TOKEN}\r\n"
            ),
        ),
        get(&format!("/sse?x-cos-server-side-encryption-customer-key={SSE_KEY}"), &sse),
        format!(
            "POST /form HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        ),
        // Refused and malformed ones are logged too.
        format!("GET http://example.com/k?{query} HTTP/1.1\r\nHost: example.com\r\nCookie: {COOKIE}\r\n\r\n"),
        format!(
            "GET /k?{query}&x-cos-security-token={TOKEN} HTTP/1.1\r\nHost: {HOST}\r\nBad Field: {TOKEN}\r\n\r\n"
        ),
        format!("GET /k?{query} HTTP/1.1\r\nHost: {SECRET_ID}:{TOKEN}@{HOST}\r\n\r\n"),
        format!("CONNECT {TOKEN}@example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n"),
    ]
}

/// A refusal that quotes what was sent.
fn quoting(code: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>{code}</Code>\
         <Message>The key {SECRET_ID} (x-cos-security-token={TOKEN}&amp;q-signature={SIGNATURE}) is denied</Message>\
         <StringToSign>sha1\n1554780000;1554787200\nda39a3ee5e6b4b0d3255bfef95601890afd80709\n</StringToSign>\
         <FormatString>get\n/header\nx-cos-security-token={TOKEN}\n\
         cookie=session%3D{COOKIE}&amp;host={HOST}&amp;x-cos-security-token={TOKEN}&amp;\
         x-cos-server-side-encryption-customer-key={SSE_KEY}\n</FormatString>\
         <Resource>/header?q-signature={SIGNATURE}&amp;x-cos-security-token={TOKEN}</Resource>\
         <AccessKeyId>{SECRET_ID}</AccessKeyId>\
         <RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId></Error>"
    )
}

fn nothing_leaks(place: &str, text: &str) {
    for secret in [SECRET_ID, SIGNATURE, TOKEN, SSE_KEY, COOKIE, PASSWORD, FILE] {
        assert!(!text.contains(secret), "{secret} is in {place}: {text}");
    }
    // Nor most of a SecretId.
    assert!(!text.contains(&SECRET_ID[10..30]), "the SecretId is in {place}: {text}");
}

fn own_part(answer: &Response) -> String {
    let body = String::from_utf8_lossy(&answer.body.data).into_owned();
    let ours = if answer.get("content-type") == Some("application/problem+json")
        || answer.get("server") == Some("coswhy")
    {
        body
    } else {
        // COS's own body on its way to the client that asked is the one exception.
        body.split_once("<Diagnosis>").map(|(_, rest)| rest.to_owned()).unwrap_or_default()
    };
    format!("{:?}\n{ours}", answer.head.fields)
}

#[test]
fn no_output_holds_a_secret() {
    for code in ["AccessDenied", "SignatureDoesNotMatch", "InvalidAccessKeyId"] {
        let upstream = Upstream::answering(refusal(quoting(code)));
        let proxy = Proxy::before(&upstream, "admin.public_url = \"http://127.0.0.1:1\"");
        let mut count = 0;
        for request in requests() {
            for accept in ["", "Accept: application/json\r\n"] {
                let request = request.replacen("\r\nHost:", &format!("\r\n{accept}Host:"), 1);
                nothing_leaks("an answer", &own_part(&proxy.exchange(&request)));
                count += 1;
            }
        }
        within(std::time::Duration::from_secs(3), || proxy.log_now().len() >= count);
        nothing_leaks("the log", &proxy.log_text());
        nothing_leaks("stdout", &proxy.directory.read("stdout"));
        nothing_leaks("stderr", &proxy.errors());
        for path in ["/metrics", "/diagnoses"] {
            nothing_leaks(path, &proxy.ask_admin(path).unwrap().text());
        }
        let listed = proxy.ask_admin("/diagnoses").unwrap().json();
        let listed = listed["diagnoses"].as_array().unwrap();
        assert!(listed.len() > 10);
        for diagnosis in listed {
            let path = format!("/diagnoses/{}", diagnosis["id"].as_str().unwrap());
            nothing_leaks(&path, &proxy.ask_admin(&path).unwrap().text());
        }
        // They all arrived where they had to, whole.
        let arrived = upstream.requests();
        assert!(arrived.iter().any(|r| r.head.get("authorization").is_some_and(|a| a.contains(SIGNATURE))));
        assert!(arrived.iter().any(|r| r.head.get("cookie").is_some_and(|c| c.contains(COOKIE))));
        assert!(arrived.iter().any(|r| r.target().contains(TOKEN)));
    }
}

/// The masked form is still of use: the first 8 and the last 4 characters.
#[test]
fn a_secret_id_is_masked_not_lost() {
    let upstream = Upstream::answering(refusal(crate::harness::DENIED));
    let proxy = Proxy::before(&upstream, "");
    let answer =
        proxy.exchange(get("/k", &format!("Authorization: {}\r\nAccept: application/json\r\n", q_sign("&"))));
    assert_eq!(answer.json()["request"]["auth"]["secret_id"], "AKIDQjz3…9U5q");
}

/// More than the refusal: an upstream that fails, and one that redirects, say nothing either.
#[test]
fn failures_hold_no_secret() {
    let nobody = std::net::SocketAddr::from(([127, 0, 0, 1], crate::harness::free_port()));
    let proxy = Proxy::start(&format!("upstream.url = \"http://{nobody}\""));
    let count = requests().len();
    for request in requests() {
        nothing_leaks("an answer", &own_part(&proxy.exchange(&request)));
    }
    within(std::time::Duration::from_secs(3), || proxy.log_now().len() >= count);
    nothing_leaks("the log", &proxy.log_text());
}
