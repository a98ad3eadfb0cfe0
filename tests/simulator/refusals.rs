//! Each way to be refused, in the shape on the wire and in the one that the vendor's page prints.

use coswhy::simulator::keys;
use sha1::{Digest as _, Sha1};

use crate::client::{BUCKET, Call, call, host, simulator};

const OWNER: (&str, &str) = keys::OWNER;

fn of(bucket: &str, target: &str) -> Call {
    call("GET", &host(bucket), target)
}

#[tokio::test]
async fn each_refusal_has_its_code_and_message_in_both_shapes() {
    let sim = simulator().await;
    let now = sim.clock.now();
    let stranger = ("AKIDzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "x");
    let cases: Vec<(Call, u16, &str, &str, &str)> = vec![
        (of("examplebucket", "/hello.txt"), 403, "AccessDenied", "Access Denied.", "Access Denied."),
        (
            of("examplebucket", "/hello.txt").signed(keys::SUB_ACCOUNT),
            403,
            "AccessDenied",
            "Access Denied.",
            "Access Denied.",
        ),
        (
            of("examplebucket", "/hello.txt").signed(stranger),
            403,
            "InvalidAccessKeyId",
            "The Access Key Id you provided does not exist in our records.",
            "InvalidAccessKeyId",
        ),
        (
            of("examplebucket", "/hello.txt").signed(("YOUR_ID", "x")),
            403,
            "InvalidAccessKeyId",
            "The access key Id format you provided is invalid.",
            "InvalidAccessKeyId",
        ),
        (
            of("examplebucket", "/hello.txt").signed((OWNER.0, "wrong")),
            403,
            "SignatureDoesNotMatch",
            "The Signature you specified is invalid.",
            "SignatureDoesNotMatch",
        ),
        (
            of("examplebucket", "/hello.txt").signed_at(OWNER, now - 7200, now - 60),
            403,
            "AccessDenied",
            "Request has expired",
            "Request has expired",
        ),
        (
            of("examplebucket", "/hello.txt").signed_at(OWNER, now + 3000, now + 6000),
            403,
            "RequestTimeTooSkewed",
            "The difference between",
            "RequestTimeTooSkewed",
        ),
        (
            of("examplebucket", "/archived.bin").signed(OWNER),
            403,
            "InvalidObjectState",
            "The operation is not valid for the object storage class.",
            "InvalidObjectState",
        ),
        (
            of("referer", "/hello.txt").header("Referer", "https://evil.example/"),
            403,
            "AccessDenied",
            "You are denied by bucket referer rule",
            "You are denied by bucket referer rule",
        ),
        (
            of("strict", "/hello.txt").signed_covering(OWNER, now - 9, now + 900, &[]),
            403,
            "AccessDenied",
            "Strict signature missing header that must be signed",
            "Strict signature missing header",
        ),
        (
            of("arrears", "/hello.txt"),
            451,
            "UnavailableForLegalReasons",
            "Due to your account is arrears",
            "Due to your account is arrears",
        ),
        (of("newstyle", "/app.apk"), 403, "DownloadForbidden", "The APK/IPA file", "The APK/IPA file"),
        (
            of("public", "/nothing"),
            404,
            "NoSuchKey",
            "The specified key does not exist.",
            "The specified key does not exist.",
        ),
    ];
    for (call, status, code, message, page) in cases {
        let on_the_wire = call.send(sim.http).await.refusal();
        assert_eq!((on_the_wire.0, on_the_wire.1.as_str()), (status, code), "{call:?} {on_the_wire:?}");
        assert!(on_the_wire.2.starts_with(message), "{call:?} {on_the_wire:?}");
        let mut printed = call.clone();
        printed.host = format!("page-{}", call.host);
        printed.headers.retain(|(name, _)| name != "Authorization");
        if printed.headers.len() == call.headers.len() {
            let shape = printed.send(sim.http).await.refusal();
            assert!(shape.2.starts_with(page), "{shape:?}");
        }
    }
}

#[tokio::test]
async fn the_printed_shape_says_access_denied_and_the_discriminator() {
    let sim = simulator().await;
    let wrong = call("GET", &host("page-examplebucket"), "/hello.txt")
        .signed((OWNER.0, "wrong"))
        .send(sim.http)
        .await;
    assert_eq!(wrong.refusal(), (403, "AccessDenied".to_owned(), "SignatureDoesNotMatch".to_owned()));
    let archived = call("GET", &host("page-archive"), "/hello.txt").send(sim.http).await;
    assert_eq!(archived.refusal(), (403, "AccessDenied".to_owned(), "InvalidObjectState".to_owned()));
}

#[tokio::test]
async fn a_mismatch_tells_what_was_computed_and_is_consistent() {
    let sim = simulator().await;
    let call = call("GET", BUCKET, "/a%20b?x=1").signed((OWNER.0, "wrong"));
    let error = call.send(sim.http).await.error();
    let format_string = error.format_string.unwrap();
    assert_eq!(format_string, format!("get\n/a b\nx=1\nhost={BUCKET}\n"));
    let digest: String = Sha1::digest(&format_string).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(error.string_to_sign.unwrap().lines().nth(2), Some(digest.as_str()));
}

#[tokio::test]
async fn temporary_keys_need_their_token_and_their_policy() {
    let sim = simulator().await;
    let get = || call("GET", BUCKET, "/hello.txt");
    let with = |call: Call, key| call.header("x-cos-security-token", keys::TOKEN).signed(key);
    assert_eq!(with(get(), keys::TEMPORARY).send(sim.http).await.status, 200);
    assert_eq!(get().signed(keys::TEMPORARY).send(sim.http).await.refusal().1, "InvalidAccessKeyId");
    assert_eq!(with(get(), keys::TEMPORARY_EXPIRED).send(sim.http).await.refusal().1, "ExpiredToken");
    assert_eq!(with(get(), keys::TEMPORARY_READER).send(sim.http).await.status, 200);
    let denied = with(call("PUT", BUCKET, "/x").body("x"), keys::TEMPORARY_READER).send(sim.http).await;
    assert_eq!(denied.refusal().2, "Access Denied.");
    assert!(denied.error().server_time.is_some());
    let acl = call("PUT", BUCKET, "/x").header("x-cos-acl", "private").signed(keys::SUB_ACCOUNT);
    assert_eq!(acl.send(sim.http).await.status, 403);
}

#[tokio::test]
async fn signatures_travel_in_query_and_in_the_sign_parameter() {
    let sim = simulator().await;
    let value = call("GET", BUCKET, "/hello.txt").owned().headers.remove(0).1;
    let query: Vec<(&str, &str)> = value.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    assert_eq!(call("GET", BUCKET, &format!("/hello.txt?{query}")).send(sim.http).await.status, 200);
    let sign = form_urlencoded::Serializer::new(String::new()).append_pair("sign", &value).finish();
    assert_eq!(call("GET", BUCKET, &format!("/hello.txt?{sign}")).send(sim.http).await.status, 200);
    assert_eq!(
        call("GET", BUCKET, &format!("/other.txt?{query}")).send(sim.http).await.refusal().1,
        "SignatureDoesNotMatch"
    );
}

#[tokio::test]
async fn a_host_may_be_signed_with_or_without_its_port() {
    let sim = simulator().await;
    let host = format!("{BUCKET}:{}", sim.http.port());
    for signed_as in [BUCKET, host.as_str()] {
        let mut call = call("GET", signed_as, "/hello.txt").owned();
        call.host.clone_from(&host);
        assert_eq!(call.send(sim.http).await.status, 200, "{signed_as}");
    }
}

#[tokio::test]
async fn the_clock_decides() {
    let sim = simulator().await;
    let call = call("GET", BUCKET, "/hello.txt").owned();
    assert_eq!(call.send(sim.http).await.status, 200);
    sim.clock.set_offset(2 * 3600);
    let expired = call.send(sim.http).await;
    assert_eq!(expired.refusal().2, "Request has expired");
    let told = coswhy::cos::time::parse_iso8601(&expired.error().server_time.unwrap()).unwrap();
    assert_eq!(Some(told), coswhy::cos::request_id::time(expired.header("x-cos-request-id")));
}

#[tokio::test]
async fn preflights_follow_the_rules() {
    let sim = simulator().await;
    let preflight = async |origin: &str| {
        call("OPTIONS", BUCKET, "/hello.txt")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "PUT")
            .header("Access-Control-Request-Headers", "authorization,x-cos-acl")
            .header("Access-Control-Request-Private-Network", "true")
            .send(sim.http)
            .await
    };
    let good = preflight("https://app.example.com").await;
    assert_eq!((good.status, good.header("access-control-allow-origin")), (200, "https://app.example.com"));
    assert_eq!(good.header("access-control-allow-private-network"), "", "COS knows no such field");
    let bad = preflight("https://evil.example").await;
    assert_eq!((bad.status, bad.refusal().1.as_str()), (403, "AccessForbidden"));
    // an actual request is not refused, and so neither is the answer to one that fails
    let denied =
        call("GET", BUCKET, "/hello.txt").header("Origin", "https://app.example.com").send(sim.http).await;
    assert_eq!(
        (denied.status, denied.header("access-control-allow-origin")),
        (403, "https://app.example.com")
    );
}

#[tokio::test]
async fn addresses_that_refuse() {
    let sim = simulator().await;
    let region = "cos.ap-guangzhou.myqcloud.com";
    let get = async |host: &str, target: &str| call("GET", host, target).send(sim.http).await;
    assert_eq!(get(region, "/newstyle-1250000000/hello.txt").await.refusal().1, "PathStyleDomainForbidden");
    assert_eq!(get(region, "/public-1250000000/hello.txt").await.status, 200);
    assert_eq!(get(&host("nothing"), "/x").await.refusal().1, "NoSuchBucket");
    assert_eq!(
        get("public-1250000000.cos.ap-shanghai.myqcloud.com", "/hello.txt").await.refusal().1,
        "NoSuchBucket"
    );
    assert!(get("public.cos.ap-guangzhou.myqcloud.com", "/hello.txt").await.refusal().2.contains("Appid"));
    let website = get("public-1250000000.cos-website.ap-guangzhou.myqcloud.com", "/nothing").await;
    assert!(website.text().contains("<li>Code: NoSuchKey</li>"));
    assert_eq!(website.refusal().1, "NoSuchKey");
    assert_eq!(
        get("public-1250000000.cos.accelerate.myqcloud.com", "/hello.txt").await.refusal().1,
        "BucketAccelerateNotEnabled"
    );
    assert_eq!(get("gz.file.myqcloud.com", "/files/v2/1250000000/b/k").await.refusal().1, "-96");
    let firewall = get(&host("firewall"), "/hello.txt").await;
    assert_eq!(
        (firewall.status, firewall.header("server"), firewall.header("x-cos-request-id")),
        (403, "nginx", "")
    );
    assert_eq!(get("public-1250000000.cos.ap-guangzhou.localhost:8080", "/hello.txt").await.status, 200);
}

#[tokio::test]
async fn a_refused_head_has_no_body() {
    let sim = simulator().await;
    let head = call("HEAD", BUCKET, "/hello.txt").send(sim.http).await;
    assert_eq!((head.status, head.body.len()), (403, 0));
    assert!(!head.header("x-cos-trace-id").is_empty());
}

#[tokio::test]
async fn the_same_failure_has_the_same_trace_id() {
    let sim = simulator().await;
    let one = call("GET", BUCKET, "/a").send(sim.http).await;
    let two = call("GET", &host("strict"), "/b").send(sim.http).await;
    assert_eq!(one.header("x-cos-trace-id"), two.header("x-cos-trace-id"));
    assert_ne!(one.header("x-cos-request-id"), two.header("x-cos-request-id"));
}
