//! What the demo shows: a request for each cause, and the cause that it should get.

use super::request::Request;
use crate::simulator::keys::{OWNER, SUB_ACCOUNT, TEMPORARY, TEMPORARY_READER, TOKEN};

/// One request and what should come of it.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) cause: &'static str,
    /// What somebody did wrong.
    pub(super) story: &'static str,
    pub(super) request: Request,
}

const PRIVATE: &str = "examplebucket";
const HOST: &str = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
const TOKEN_HEADER: &str = "x-cos-security-token";
/// A SecretId of the right form that nobody has.
const NOBODY: (&str, &str) = ("AKIDnobodyHasThisOne0000000000000009", "secretOfNobody000000000000000009");

/// The cases of the vendor's page first, then the others. `now` is the clock's epoch second.
pub(super) fn all(now: i64) -> Vec<Case> {
    let case = |cause, story, request| Case { cause, story, request };
    let get = |bucket: &str, target| Request::new("GET", bucket, target);
    let put = |target| Request::new("PUT", PRIVATE, target).body(b"hello");
    vec![
        case("anonymous-access-denied", "a private object without a signature", get(PRIVATE, "/hello.txt")),
        case(
            "permission-denied",
            "a sub-account's key outside of the directory that it may read",
            get(PRIVATE, "/hello.txt").signed(SUB_ACCOUNT, now, 600),
        ),
        case(
            "temporary-key-policy",
            "an upload with a temporary key whose policy allows reading alone",
            put("/upload.txt").header(TOKEN_HEADER, TOKEN).signed(TEMPORARY_READER, now, 600),
        ),
        case(
            "cors-not-allowed",
            "a page of an origin that no CORS rule names",
            Request::new("OPTIONS", PRIVATE, "/hello.txt")
                .header("Origin", "https://other.example.org")
                .header("Access-Control-Request-Method", "PUT")
                .header("Access-Control-Request-Headers", "content-type"),
        ),
        case(
            "referer-denied",
            "a picture shown on somebody else's site",
            get("referer", "/hello.txt").header("Referer", "https://elsewhere.example.org/page"),
        ),
        case(
            "secret-id-unknown",
            "a key that was deleted",
            get(PRIVATE, "/hello.txt").signed(NOBODY, now, 600),
        ),
        case(
            "object-archived",
            "an archived object that was not restored",
            get(PRIVATE, "/archived.bin").signed(OWNER, now, 600),
        ),
        case(
            "clock-skew",
            "a client whose clock is an hour ahead",
            get(PRIVATE, "/hello.txt").signed(OWNER, now + 3600, 600),
        ),
        case(
            "signature-expired",
            "a link that was good until half an hour ago",
            get(PRIVATE, "/hello.txt").signed(OWNER, now - 2430, 600),
        ),
        case(
            "signature-secret-wrong",
            "the SecretKey of another key",
            get(PRIVATE, "/hello.txt").signed((SUB_ACCOUNT.0, OWNER.1), now, 600),
        ),
        case(
            "signature-mismatch",
            "a client of one's own that leaves the last line end out of what it signs, and whose key coswhy has",
            get(PRIVATE, "/hello.txt").signed_as(
                OWNER,
                now,
                "host",
                &format!("get\n/hello.txt\n\nhost={HOST}"),
            ),
        ),
        case(
            "signature-path-encoding",
            "the path signed as it stands in the URL",
            get(PRIVATE, "/caf%C3%A9.txt").signed_as(
                OWNER,
                now,
                "host",
                &format!("get\n/caf%C3%A9.txt\n\nhost={HOST}\n"),
            ),
        ),
        case(
            "signature-header-changed",
            "an HTTP library that appends a charset after signing",
            put("/upload.txt").header("Content-Type", "text/plain; charset=utf-8").signed_as(
                OWNER,
                now,
                "content-type;host",
                &format!("put\n/upload.txt\n\ncontent-type=text%2Fplain&host={HOST}\n"),
            ),
        ),
        case(
            "signature-strict-mode",
            "a bucket that wants Content-Type signed",
            Request::new("PUT", "strict", "/hello.txt")
                .header("Content-Type", "text/plain")
                .body(b"hello")
                .signed(OWNER, now, 600),
        ),
        case(
            "security-token-missing",
            "a temporary key without its token",
            get(PRIVATE, "/hello.txt").signed(TEMPORARY, now, 600),
        ),
        case(
            "path-style-forbidden",
            "a new bucket addressed in the path",
            get("newstyle", "/newstyle-1250000000/hello.txt").at("cos.ap-guangzhou.myqcloud.com"),
        ),
        case(
            "default-domain-restricted",
            "an app package from a default domain",
            get("newstyle", "/app.apk"),
        ),
        case("account-in-arrears", "an account that has not paid", get("arrears", "/hello.txt")),
        case("post-policy-expired", "an upload form that was open for too long", {
            Request::new("POST", PRIVATE, "/").form(OWNER, now, 90)
        }),
        case("key-not-found", "an object that is not there", get("public", "/no-such-key.txt")),
        case("bucket-not-found", "a bucket that is not there", get("nosuchbucket", "/hello.txt")),
        case(
            "caused-by-proxy",
            "a client that signs for an address of coswhy's own, and coswhy without its key",
            get(PRIVATE, "/hello.txt").at("examplebucket-1250000000.cos.ap-guangzhou.localhost:8080").signed(
                SUB_ACCOUNT,
                now,
                600,
            ),
        ),
        case("not-from-cos", "a firewall in front of COS", get("firewall", "/hello.txt")),
    ]
}
