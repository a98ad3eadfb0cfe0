//! What somebody who holds no key could send: nothing of it is signed.

use super::*;

const OTHER: &str = "a-1250000000.cos.ap-x.myqcloud.com";

fn every_form(case: &Case, host: &str) -> [Case; 4] {
    [
        case.clone().q_signed(host, "host", ""),
        case.clone().q_presigned(host, "host", ""),
        case.clone().v4_signed(host, "host;x-amz-date"),
        case.clone().v4_presigned(host, "host"),
    ]
}

#[track_caller]
fn left(case: &Case, why: ProxySigning) {
    assert_eq!(case.outcome(), Outcome::LeftAlone(why), "{case:?}");
}

#[test]
fn what_is_not_signed_stays_so() {
    left(&Case::mapped("/key"), ProxySigning::NotSigned);
    left(&Case::path_style("/key?acl"), ProxySigning::NotSigned);
    left(&Case::mapped("/key").header("authorization", ""), ProxySigning::NotSigned);
}

#[test]
fn another_request_than_the_signed_one() {
    for case in every_form(&Case::path_style("/key"), "127.0.0.1:8080") {
        assert_eq!(case.signing(), ProxySigning::Anew);
        let wrong = ProxySigning::DoesNotVerify;
        left(&Case { method: Method::PUT, ..case.clone() }, wrong);
        left(&Case { method: Method::HEAD, ..case.clone() }, wrong);
        left(&Case { host: "127.0.0.1:8081".into(), ..case.clone() }, wrong);
        left(&Case { host: "127.0.0.1".into(), ..case.clone() }, wrong);
        left(&Case { host: "localhost:8080".into(), ..case.clone() }, wrong);
        left(&case.clone().replaced("/key", "/kez"), wrong);
        left(&case.clone().replaced("/key", "/key/"), wrong);
        left(&case.clone().replaced("b-1250000000", "a-1250000000"), wrong);
        let signature = case.auth().signature.unwrap();
        let (first, rest) = signature.split_at(1);
        let other = if first == "0" { "1" } else { "0" };
        left(&case.clone().replaced(&signature, &format!("{other}{rest}")), wrong);
        left(&case.clone().replaced(&signature, rest), wrong);
        left(&case.clone().replaced(&signature, signature.split_at(2).1), wrong);
        left(&case.replaced(&signature, ""), wrong);
    }
}

#[test]
fn another_time_than_the_signed_one() {
    let later = |text: &str| text.replace("1557996351", "1557996352");
    for case in every_form(&Case::mapped("/key"), "127.0.0.1") {
        let old = case.auth();
        left(&Case { now: NOW + 100_000, ..case.clone() }, ProxySigning::Expired);
        if old.scheme == Scheme::QSign {
            for name in ["q-sign-time", "q-key-time"] {
                let times =
                    if case.target.contains("%3B") { TIMES.replace(';', "%3B") } else { TIMES.into() };
                let (from, to) = (format!("{name}={times}"), format!("{name}={}", later(&times)));
                left(&case.clone().replaced(&from, &to), ProxySigning::DoesNotVerify);
            }
        } else {
            let mut case = case.replaced(DATE, "20190516T065501Z");
            if old.place == Some(Place::Header) {
                case.headers.insert("x-amz-date", "20190516T065501Z".parse().unwrap());
            }
            left(&case, ProxySigning::DoesNotVerify);
            left(&case.replaced("20190516%2F", "20190517%2F"), ProxySigning::DoesNotVerify);
        }
    }
}

#[test]
fn the_last_second_of_each_signature() {
    let case = Case::mapped("/key");
    let v4 = time::parse_amz_date(DATE).unwrap();
    for (case, end) in every_form(&case, "127.0.0.1").into_iter().zip([
        1_557_996_351,
        1_557_996_351,
        v4 + 15 * 60,
        v4 + 3600,
    ]) {
        assert_eq!(Case { now: end, ..case.clone() }.signing(), ProxySigning::Anew);
        left(&Case { now: end + 1, ..case }, ProxySigning::Expired);
    }
    // the key's time ends before the signature's
    let case = case.q_signed("127.0.0.1", "host", "");
    let short = case.replaced(&format!("q-key-time={TIMES}"), "q-key-time=1557989151;1557989152");
    left(&short, ProxySigning::Expired);
}

#[test]
fn a_key_that_is_not_held() {
    for case in every_form(&Case::mapped("/key"), "127.0.0.1") {
        for other in ["AKIDEXAMPLE000000000000000000000000", &format!("{ID}0"), "akidexample"] {
            left(&case.clone().replaced(ID, other), ProxySigning::NoKey);
        }
        left(&case.clone().replaced(ID, &ID.to_ascii_lowercase()), ProxySigning::NoKey);
        left(&case.replaced(ID, "AKIDanother"), ProxySigning::DoesNotVerify);
    }
}

#[test]
fn two_signatures_are_none() {
    let case = Case::mapped("/key");
    for signed in every_form(&case, "127.0.0.1") {
        // Some of them make the one signature malformed as well.
        let unread = |case: &Case| {
            let signing = case.signing();
            assert!(matches!(signing, ProxySigning::Ambiguous | ProxySigning::DoesNotVerify), "{case:?}");
        };
        let value = Case::mapped("/key").q_signed("127.0.0.1", "host", "").headers["authorization"].clone();
        let mut twice = signed.clone();
        twice.headers.append("authorization", value);
        left(&twice, ProxySigning::Ambiguous);
        for more in [
            "q-signature=00",
            "Q-Signature=00",
            "q%2Dsignature=00",
            "q-ak=AKIDanother",
            "q-sign-time=1;2",
            "X-Amz-Signature=00",
            "x-amz-signature=00",
            "X-Amz-Credential=x",
            "X-Amz-SignedHeaders=host",
            "AWSAccessKeyId=x",
            "sign=q-sign-algorithm%3Dsha1",
        ] {
            let joint = if signed.target.contains('?') { '&' } else { '?' };
            let mut case = signed.clone();
            for target in [&mut case.target, &mut case.sent_target] {
                target.push_str(&format!("{joint}{more}"));
            }
            unread(&case);
            if joint == '&' {
                for target in [&mut case.target, &mut case.sent_target] {
                    *target = signed.target.replacen('?', &format!("?{more}&"), 1);
                }
                assert_ne!(case.signing(), ProxySigning::Anew, "{case:?}");
            }
        }
    }
    let v4 = Case::mapped("/key").v4_signed("127.0.0.1", "host;x-amz-date");
    left(&v4.clone().header("x-amz-date", DATE), ProxySigning::Ambiguous);
    left(&v4.clone().replaced(", Signature=", ", Signature=00, Signature="), ProxySigning::Ambiguous);
    left(&v4.replaced("SignedHeaders=", "SignedHeaders=date;host, SignedHeaders="), ProxySigning::Ambiguous);
}

#[test]
fn lists_that_could_be_read_in_two_ways() {
    let case = Case::mapped("/?a=1&a=2&a=3").header("x-cos-b", "1");
    for (headers, params) in [
        ("host;host", ""),
        ("host;x-cos-b;x-cos-b", ""),
        ("host", "a;a"),
        ("host;x-cos-acl", ""),
        ("host", "acl"),
    ] {
        left(&case.clone().q_signed("127.0.0.1", headers, params), ProxySigning::Ambiguous);
    }
    left(&case.clone().v4_signed("127.0.0.1", "host;host;x-amz-date"), ProxySigning::Ambiguous);
    left(&case.clone().v4_signed("127.0.0.1", "host;x-amz-acl;x-amz-date"), ProxySigning::Ambiguous);
    left(&case.v4_signed("127.0.0.1", "x-amz-date"), ProxySigning::Ambiguous);
}

#[test]
fn a_scope_that_is_not_the_keys() {
    let case = Case::mapped("/key").v4_signed("127.0.0.1", "host;x-amz-date");
    for (from, to) in [
        ("/20190516/", "/20190517/"),
        ("/ap-x/", "/ap-y/"),
        ("/s3/", "/sts/"),
        ("/aws4_request", "/aws4_reply"),
        ("/20190516/", "/"),
    ] {
        left(&case.clone().replaced(from, to), ProxySigning::DoesNotVerify);
    }
}

#[test]
fn kinds_that_coswhy_does_not_make() {
    for payload in [
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        "STREAMING-SOMETHING-NEW",
    ] {
        let case = Case::mapped("/key").header("x-amz-content-sha256", payload);
        left(&case.v4_signed("127.0.0.1", "host;x-amz-content-sha256;x-amz-date"), ProxySigning::ChunkSigned);
    }
    let v4 = Case::mapped("/key").v4_signed("127.0.0.1", "host;x-amz-date");
    left(&v4.replaced("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), ProxySigning::Unsupported);
    for value in ["AWS AKIDEXAMPLE:c2ln", "Bearer x", "Basic eDp5"] {
        left(&Case::mapped("/key").header("authorization", value), ProxySigning::Unsupported);
    }
    left(
        &Case::mapped("/key?AWSAccessKeyId=AKIDx&Expires=1557996351&Signature=c2ln"),
        ProxySigning::Unsupported,
    );
    let q = Case::mapped("/key").q_signed("127.0.0.1", "host", "");
    left(&q.clone().replaced("=sha1", "=sha256"), ProxySigning::Unsupported);
    left(&q.replaced("&q-url-param-list=", ""), ProxySigning::Ambiguous);
}

#[test]
fn an_upload_form_is_left_alone() {
    let case = Case { method: Method::POST, ..Case::mapped("/") }.q_signed("127.0.0.1", "host", "");
    let asked = Asked {
        method: &case.method,
        host: &case.host,
        any_port: true,
        is_own: true,
        target: "/",
        headers: &case.headers,
        is_form: true,
    };
    let outcome = keys().sign(&asked, &Sent { host: REAL, target: "/" }, NOW);
    assert_eq!(outcome, Outcome::LeftAlone(ProxySigning::Form));
}

/// Each port of the name may stand for a bucket of its own, and the signature does not say which it was made for.
#[test]
fn a_name_without_port_where_ports_differ() {
    for case in every_form(&Case::mapped("/key"), "127.0.0.1") {
        left(&Case { any_port: false, ..case.clone() }, ProxySigning::PortNotSigned);
        left(&Case { any_port: false, host: "127.0.0.1".into(), ..case }, ProxySigning::PortNotSigned);
    }
    for case in every_form(&Case::mapped("/key"), "127.0.0.1:8080") {
        assert_eq!(Case { any_port: false, ..case }.signing(), ProxySigning::Anew);
    }
}

/// A pre-signed URL of another bucket's custom domain, sent here with its own Host to where `*` stands for this one.
#[test]
fn a_signature_for_a_name_that_may_be_another_buckets() {
    for case in
        every_form(&Case { host: "img.example.com".into(), ..Case::mapped("/key") }, "img.example.com")
    {
        left(&Case { is_own: false, ..case.clone() }, ProxySigning::NameNotMapped);
        assert_eq!(case.signing(), ProxySigning::Anew);
        let other = case.target.replacen("/key", "/other", 1);
        left(&Case { is_own: false, target: other, ..case }, ProxySigning::DoesNotVerify);
    }
}

/// A pre-signed URL of another bucket, sent here with its own Host to where every name stands for this one.
#[test]
fn a_signature_for_another_buckets_own_name() {
    for host in [OTHER, &OTHER.replace(".cos.", ".cos-internal."), "cos.ap-x.myqcloud.com"] {
        for mut case in every_form(&Case::mapped("/key"), host) {
            case.host = format!("{host}:8080");
            left(&case, ProxySigning::DoesNotVerify);
            case.host = host.to_owned();
            left(&case, ProxySigning::DoesNotVerify);
        }
    }
    for mut case in every_form(&Case::path_style("/key"), OTHER) {
        case.host = OTHER.to_owned();
        left(&case, ProxySigning::DoesNotVerify);
    }
}

/// Without `host` in its list, COS takes the signature for every bucket of the key. It does so here: coswhy has nothing
/// to add to it, and adds nothing.
#[test]
fn a_signature_for_any_host_goes_out_as_it_came() {
    for case in [Case::mapped("/key").q_signed("", "", ""), Case::mapped("/key").q_presigned("", "", "")] {
        left(&case, ProxySigning::NotCovered);
        left(&Case { sent_host: OTHER.into(), ..case.clone() }, ProxySigning::NotCovered);
        assert!(case.verifies(), "as it would at COS itself");
    }
}

/// Made for a bucket's own name, `/BUCKET/key` is a key that begins like another bucket's name, and COS would not take it
/// for that bucket either.
#[test]
fn a_path_style_signature_that_names_no_host() {
    for case in
        [Case::path_style("/key").q_signed("", "", ""), Case::path_style("/key").q_presigned("", "", "")]
    {
        left(&case, ProxySigning::HostNotSigned);
    }
    // An escaped name is the name that is signed.
    let escaped = Case::path_style("/key").q_signed("127.0.0.1:8080", "%68ost", "");
    assert_eq!(escaped.signing(), ProxySigning::Anew);
}

/// In `/BUCKET/key` the bucket is signed. Over `/key` alone it is not, and anybody could put another in front.
#[test]
fn a_path_style_signature_that_names_no_bucket() {
    for case in every_form(&Case::mapped("/key"), "127.0.0.1:8080") {
        let in_front = |bucket: &str| Case {
            target: case.target.replacen('/', &format!("/{bucket}/"), 1),
            sent_host: format!("{bucket}.cos.ap-x.myqcloud.com"),
            ..case.clone()
        };
        left(&in_front("b-1250000000"), ProxySigning::DoesNotVerify);
        left(&in_front("a-1250000000"), ProxySigning::DoesNotVerify);
    }
}

/// What the client did not sign is not signed for it either.
#[test]
fn what_was_not_covered_is_not_covered_anew() {
    let plain = Case::mapped("/key").q_signed("127.0.0.1", "host", "");
    let more = Case { target: "/key?acl".into(), sent_target: "/key?acl".into(), ..plain.clone() }
        .header("x-cos-acl", "public-read");
    assert_eq!(
        more.outcome(),
        plain.outcome(),
        "COS sees the same signature, over the same parts, and judges the rest"
    );
    for (from, to) in [("q-url-param-list=", "q-url-param-list=acl"), ("list=host", "list=host;x-cos-acl")] {
        left(&more.clone().replaced(from, to), ProxySigning::DoesNotVerify);
    }
    let v4 = Case::mapped("/key").v4_signed("127.0.0.1", "host;x-amz-date");
    left(
        &Case { target: "/key?acl".into(), sent_target: "/key?acl".into(), ..v4.clone() },
        ProxySigning::DoesNotVerify,
    );
    assert_eq!(v4.clone().header("x-amz-acl", "public-read").outcome(), v4.outcome());
}
