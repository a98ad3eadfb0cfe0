//! What strangers send is read in one pass: eight times as much of it takes about eight times as long.
//!
//! Verifying and redacting are done before anybody knows who asks, and `explain` reads files of strangers: a head full of
//! names must not cost seconds.

use std::hint::black_box;
use std::time::Duration;

use coswhy::config::settings::Key;
use coswhy::cos::auth::Auth;
use coswhy::cos::signature::{self, VerifyInput};
use coswhy::cos::{redact, sigv4};
use coswhy::evidence::read;
use coswhy::proxy::sign::{Asked, Keys, Outcome, Sent};
use http::{HeaderMap, HeaderValue, Method};
use rustix::time::{ClockId, clock_gettime};

/// Fits a head of 64 KiB, with the list of names beside the names.
const MANY: usize = 7_500;
const FEW: usize = MANY / 8;
/// What is quadratic takes 64 times as long; machines that do something else beside this take their own time.
const LONGEST: u32 = 24;

const ID: &str = "AKIDEXAMPLE0000000000000000000000000";
const KEY: &str = "EXAMPLEsecretkeyEXAMPLEsecretkey";
const TIMES: &str = "1557989151;1557996351";
const NOW: i64 = 1_557_990_000;
const SIGNATURE: &str = "0123456789012345678901234567890123456789";

/// What this thread has used of a processor: what else the machine does is not in it.
fn used() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// The best of some runs: a cold cache can only add to it.
fn best(of: usize, run: &mut dyn FnMut()) -> Duration {
    let once = |run: &mut dyn FnMut()| {
        let start = used();
        run();
        used() - start
    };
    (0..of).map(|_| once(run)).min().unwrap()
}

fn assert_linear(what: &str, mut work: impl FnMut(usize)) {
    let few = best(4, &mut || work(FEW));
    let many = best(2, &mut || work(MANY));
    // What takes no time at all is no proof of anything.
    let few = few.max(Duration::from_micros(200));
    assert!(many < few * LONGEST, "{what}: {FEW} took {few:?}, {MANY} took {many:?}");
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{n:x}")).collect()
}

/// A request with so many parameters, all listed in its signature.
fn with_parameters(count: usize) -> (String, HeaderMap) {
    let names = names(count);
    let value = signature::authorization(ID, TIMES, ("host", &names.join(";")), SIGNATURE);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::try_from(value).unwrap());
    (format!("/k?{}", names.join("&")), headers)
}

#[test]
fn a_list_of_parameters_is_verified_in_one_pass() {
    assert_linear("q-sign", |count| {
        let (target, headers) = with_parameters(count);
        let auth = Auth::from_request(&headers, None, None);
        assert_eq!(auth.param_list.len(), count);
        let input =
            VerifyInput { method: "GET", target: &target, headers: &headers, host: Some("h"), auth: &auth };
        let parts = signature::signed_parts(&input);
        assert_eq!(parts.params.len(), count);
        assert!(signature::verify(&input, KEY).is_err());
    });
}

fn outcome(target: &str, headers: &HeaderMap) -> Outcome {
    let secret_key = Some(toml::Value::from(KEY).try_into().unwrap());
    let keys = Keys::new(&[Key { secret_id: ID.into(), secret_key, ..Key::default() }]).unwrap();
    let host = "files.internal";
    let asked =
        Asked { method: &Method::GET, host, any_port: true, is_own: true, target, headers, is_form: false };
    let sent = Sent { host: "b-1250000000.cos.ap-x.myqcloud.com", target };
    keys.sign(&asked, &sent, NOW)
}

#[test]
fn a_request_that_does_not_verify_is_left_alone_after_one_pass() {
    assert_linear("listed parameters", |count| {
        let (target, headers) = with_parameters(count);
        assert!(matches!(outcome(&target, &headers), Outcome::LeftAlone(_)));
    });
    assert_linear("a name listed again and again", |count| {
        let list = vec!["x"; count].join(";");
        let value = signature::authorization(ID, TIMES, ("host", &list), SIGNATURE);
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::try_from(value).unwrap());
        let target = format!("/k?{}", vec!["x"; count].join("&"));
        assert!(matches!(outcome(&target, &headers), Outcome::LeftAlone(_)));
    });
    assert_linear("parts of a signature again and again", |count| {
        let value = signature::authorization(ID, TIMES, ("host", ""), SIGNATURE);
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::try_from(value).unwrap());
        let target = format!("/k?{}{}", "sign=q-&".repeat(count / 2), "q-ak&".repeat(count / 2));
        assert!(matches!(outcome(&target, &headers), Outcome::LeftAlone(_)));
    });
}

#[test]
fn a_header_that_is_listed_again_and_again_is_written_once() {
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-date", HeaderValue::from_static("20190516T064551Z"));
    headers.insert("a", HeaderValue::try_from("v".repeat(MANY)).unwrap());
    let list = vec!["a"; MANY].join(";");
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={ID}/20190516/ap-x/s3/aws4_request, SignedHeaders={list}, Signature=00"
    );
    let auth = Auth::from_header(&value, &headers);
    assert_eq!(auth.header_list.len(), MANY);
    let input = VerifyInput { method: "GET", target: "/", headers: &headers, host: None, auth: &auth };
    assert!(sigv4::canonical_request(&input).len() < 4 * MANY);
}

#[test]
fn secrets_inside_secrets_are_found_in_one_pass() {
    for piece in [
        "AKIDx",
        "akidAKIDx-",
        "sign=",
        "token=",
        "q-ak=",
        "credential=",
        "aws+x:",
        "AWS%20x:",
        "%73ign%3D",
        "sign%253d",
        "cookie:",
        "://",
        "://a@",
        "password=",
        "\"cookie: ",
        "Authorization:",
        "signature=\"",
        "token='x",
        "<sign>",
        "sign&gt;",
        "\"token\"\n\n",
        "{\"name\":\"token\",\"value\":\"",
        "secret_access_key=\\\"",
        "signature",
        "sign\"\"",
        "sign=sign:token=",
        "x-amz-security-token",
        "sign=;q-ak=\"x-cos-security-token:",
        "%",
        "%25",
        "%2525",
    ] {
        assert_linear(piece, |count| {
            let raw = format!("/?{}", piece.repeat(count));
            black_box((redact::target(&raw), redact::text(&raw), redact::header_value("referer", &raw)));
        });
    }
}

#[test]
fn what_never_ends_is_looked_for_once() {
    for piece in [
        "<Code><![CDATA[",
        "code=“",
        "code=“\\”",
        "code='a'b",
        "<Code><![CDATA[x]]></Code><Message><![CDATA[",
    ] {
        // The first time is that of compiling the patterns.
        let _ = read("text", piece.as_bytes());
        assert_linear(piece, |count| {
            let text = piece.repeat(count);
            // What is found in it does not matter here.
            let _ = black_box(read("text", text.as_bytes()));
        });
    }
}
