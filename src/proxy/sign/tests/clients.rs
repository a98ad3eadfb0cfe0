//! What clients send to an address that stands for COS goes out with a signature that COS verifies.

use super::*;

/// It verifies there, and only the signature is other than the client's.
fn goes_out_signed(case: &Case) {
    let as_it_came = Case { host: case.sent_host.clone(), target: case.sent_target.clone(), ..case.clone() };
    assert!(!as_it_came.verifies(), "needs signing: {case:?}");
    let there = case.arrived().unwrap_or_else(|| panic!("{:?}: {case:?}", case.outcome()));
    assert!(there.verifies(), "{there:?}");
    let (old, new) = (case.auth(), there.auth());
    let same = Auth { signature: old.signature.clone(), ..new.clone() };
    assert_eq!(same, old);
    assert_ne!(new.signature, old.signature);
    let (old, new) = (old.signature.unwrap(), new.signature.unwrap());
    assert_eq!(there.target.replace(&new, &old), case.sent_target);
    let value = |case: &Case| case.headers.get("authorization").map(|v| v.to_str().unwrap().to_owned());
    assert_eq!(value(&there).map(|v| v.replace(&new, &old)), value(case));
}

#[test]
fn q_sign_with_the_host_as_sent_without_its_port_or_in_lower_case() {
    for (asked, signed) in [
        ("127.0.0.1:8080", "127.0.0.1:8080"),
        ("127.0.0.1:8080", "127.0.0.1"),
        ("files.internal", "files.internal"),
        ("Files.Internal:8080", "Files.Internal:8080"),
        ("Files.Internal:8080", "files.internal:8080"),
        ("Files.Internal:8080", "files.internal"),
        ("[::1]:8080", "[::1]"),
    ] {
        let case = Case { host: asked.into(), ..Case::mapped("/a%20b?acl") };
        goes_out_signed(&case.clone().q_signed(signed, "host", "acl"));
        goes_out_signed(&case.clone().q_presigned(signed, "host", ""));
        goes_out_signed(&case.clone().v4_signed(signed, "host;x-amz-date"));
        goes_out_signed(&case.v4_presigned(signed, "host"));
    }
}

#[test]
fn path_style_becomes_the_buckets_own_name() {
    for rest in ["/", "/key", "/a%20b/%E4%B8%AD", "//a/../b/.", "/x?uploads", "/?prefix=a%2Fb&delimiter="] {
        let case = Case::path_style(rest);
        goes_out_signed(&case.clone().q_signed("127.0.0.1", "host", ""));
        let params = if rest.contains("prefix") { "delimiter;prefix" } else { "" };
        goes_out_signed(&case.clone().q_presigned("127.0.0.1:8080", "host", params));
        goes_out_signed(&case.clone().v4_signed("127.0.0.1:8080", "host;x-amz-date"));
        goes_out_signed(&case.v4_presigned("127.0.0.1:8080", "host"));
    }
}

#[test]
fn a_host_that_is_not_covered_needs_nothing_signed() {
    assert_eq!(Case::mapped("/key").q_signed("", "", "").signing(), ProxySigning::NotCovered);
    assert_eq!(Case::mapped("/key?acl").q_presigned("", "range", "acl").signing(), ProxySigning::NotCovered);
}

#[test]
fn strange_parameters_and_headers() {
    let target = "/a+b%2Bc%2fd//e/../f%25?prefix=a+b%2Bc%20d&empty=&bare&Upper=1&x=%E4%B8%AD&&y=a%3Db";
    let list = "prefix;empty;bare;upper;x;y";
    let case = Case { method: Method::PUT, ..Case::mapped(target) }
        .header("content-type", "text/plain;  charset=\"utf-8\"")
        .header("x-cos-meta-a", "2")
        .header("x-cos-meta-a", "1")
        .header("x-cos-meta-b", "é 中\tx")
        .header("x-cos-security-token", "tok+/=");
    goes_out_signed(&case.clone().q_signed("127.0.0.1", "content-type;host;x-cos-meta-a;x-cos-meta-b", list));
    goes_out_signed(&case.clone().q_signed("127.0.0.1", "host;x-cos-meta-a;x-cos-meta-a", "empty;bare"));
    goes_out_signed(&case.clone().q_signed("127.0.0.1", "X-Cos-Meta-A;host;Content-Type", "x;Upper"));
    let list = "content-type;host;x-amz-date;x-cos-meta-a;x-cos-meta-b;x-cos-security-token";
    goes_out_signed(&case.clone().v4_signed("127.0.0.1:8080", list));
    goes_out_signed(&case.v4_presigned("127.0.0.1:8080", "host"));
    let twice = Case::mapped("/?prefix=b&prefix=a&Prefix=c");
    goes_out_signed(&twice.q_signed("127.0.0.1", "host", "prefix;prefix;prefix"));
}

#[test]
fn the_old_sign_parameter() {
    let value = |signature: &str| {
        let value = signature::authorization(ID, TIMES, ("host", ""), signature);
        form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>()
    };
    let mut case = Case::mapped("/key?sign=");
    case.target = format!("/key?a=1&sign={}&b=2", value("0"));
    let signature = case.client_signature("127.0.0.1");
    case.target = format!("/key?a=1&sign={}&b=2", value(&signature));
    case.sent_target = case.target.clone();
    goes_out_signed(&case);
}

#[test]
fn the_payload_hash_is_kept_whatever_it_says() {
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    for payload in ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", hash] {
        let case =
            Case { method: Method::PUT, ..Case::path_style("/key") }.header("x-amz-content-sha256", payload);
        goes_out_signed(&case.clone().v4_signed("127.0.0.1:8080", "host;x-amz-content-sha256;x-amz-date"));
        let there = case.clone().v4_signed("127.0.0.1:8080", "host;x-amz-date").arrived().unwrap();
        assert!(there.verifies());
    }
    goes_out_signed(
        &Case::mapped(&format!("/key?X-Amz-Content-Sha256={hash}")).v4_presigned("127.0.0.1", "host"),
    );
}

#[test]
fn sigv4_is_signed_in_the_reading_that_verified() {
    // `=` and `+` as they stand in the path, a plus in the query for a space: what a client signs that does not decode
    let case = Case::mapped("/a=b+c?prefix=a+b").v4_signed("127.0.0.1:8080", "host;x-amz-date");
    let reading = sigv4::Reading { path_as_sent: true, plus_is_space: true };
    let key = sigv4::SigningKey::derive(KEY, &case.auth());
    let signature = |host: &str, auth: &Auth| {
        key.sign(
            &VerifyInput {
                method: "GET",
                target: &case.target,
                headers: &case.headers,
                host: Some(host),
                auth,
            },
            reading,
        )
    };
    let old = case.auth().signature.unwrap();
    let theirs = case.clone().replaced(&old, &signature("127.0.0.1:8080", &case.auth()));
    let there = theirs.arrived().unwrap();
    assert_eq!(there.auth().signature.unwrap(), signature(REAL, &case.auth()));
    assert!(!there.verifies(), "COS's own reading may be another, and then refuses the client's as well");
}

#[test]
fn a_date_header_in_the_place_of_x_amz_date() {
    let mut case = Case::mapped("/key").v4_signed("127.0.0.1:8080", "date;host");
    case.headers.remove("x-amz-date");
    let date = time::format_http_date(time::parse_amz_date(DATE).unwrap());
    case.headers.insert("date", date.parse().unwrap());
    let (old, new) = (case.auth().signature.unwrap(), case.client_signature("127.0.0.1:8080"));
    goes_out_signed(&case.replaced(&old, &new));
}

#[test]
fn a_path_style_name_of_cos_itself_may_be_mapped() {
    let case = Case { host: "cos.ap-x.myqcloud.com".into(), ..Case::path_style("/key") };
    goes_out_signed(&case.clone().q_signed("cos.ap-x.myqcloud.com", "host", ""));
    goes_out_signed(&case.v4_signed("cos.ap-x.myqcloud.com", "host;x-amz-date"));
}
