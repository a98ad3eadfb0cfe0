use super::*;

const ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs.iter().map(|(n, v)| (n.parse::<http::HeaderName>().unwrap(), v.parse().unwrap())).collect()
}

fn qsign() -> String {
    format!(
        "q-sign-algorithm=sha1&q-ak={ID}&q-sign-time=1557989151;1557996351&q-key-time=1557989151;1557996351\
         &q-header-list=content-type;host&q-url-param-list=acl&q-signature=c771fec0ebd6f487467c6e0a007f7c9e0eb799d6"
    )
}

#[test]
fn a_request_without_credentials_is_not_signed() {
    let auth = Auth::from_request(&HeaderMap::new(), Some("prefix=a"), None);
    assert_eq!(auth, Auth::default());
    assert!(!auth.is_signed() && !auth.is_malformed());
}

#[test]
fn q_sign_is_the_same_in_header_query_sign_parameter_and_form() {
    let query: String = qsign().replace(';', "%3B");
    let sign = form_urlencoded::Serializer::new(String::new()).append_pair("sign", &qsign()).finish();
    let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    for (auth, place) in [
        (Auth::from_request(&headers(&[("authorization", &qsign())]), None, None), Place::Header),
        (Auth::from_request(&HeaderMap::new(), Some(&query), None), Place::Query),
        (Auth::from_request(&HeaderMap::new(), Some(&sign), None), Place::SignParameter),
        (Auth::from_request(&HeaderMap::new(), None, Some(&fields)), Place::Form),
    ] {
        assert_eq!((auth.scheme, auth.place), (Scheme::QSign, Some(place)));
        assert_eq!(auth.secret_id.as_deref(), Some(ID));
        assert_eq!(auth.sign_time, Some((1_557_989_151, 1_557_996_351)));
        assert_eq!(auth.key_time, auth.sign_time);
        assert_eq!(auth.header_list, ["content-type", "host"]);
        assert_eq!(auth.param_list, ["acl"]);
        assert!(auth.signs_host() && !auth.is_malformed() && !auth.is_temporary(), "{auth:?}");
    }
}

#[test]
fn a_header_with_encoded_semicolons_reads_alike() {
    let auth = Auth::from_request(&headers(&[("authorization", &qsign().replace(';', "%3B"))]), None, None);
    assert_eq!(auth.key_time, Some((1_557_989_151, 1_557_996_351)));
}

#[test]
fn what_is_wrong_with_a_signature_is_named() {
    let of = |value: &str| Auth::from_request(&headers(&[("authorization", value)]), None, None).problems;
    assert!(of("q-sign-algorithm=sha1").contains(&Problem::Missing("q-ak")));
    assert!(of(&qsign().replace("sha1", "sha256")).contains(&Problem::BadValue("q-sign-algorithm")));
    assert!(of(&qsign().replace("1557989151;1557996351", "soon")).contains(&Problem::BadTime("q-sign-time")));
    assert!(of(&qsign().replace("1557996351", "1557980000")).contains(&Problem::Backwards("q-key-time")));
    assert!(of(&qsign().replace("15579", "15579000")).contains(&Problem::Milliseconds));
    assert!(
        of(&qsign().replace("content-type;host", "host;content-type"))
            .contains(&Problem::Unsorted("q-header-list"))
    );
    assert!(of(&qsign().replace(ID, &format!("{ID} "))).contains(&Problem::Stray("q-ak")));
}

#[test]
fn sigv4_has_its_scope_and_its_times() {
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={ID}/20190516/ap-guangzhou/s3/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature=81826d1a"
    );
    let auth = Auth::from_request(
        &headers(&[
            ("authorization", &value),
            ("x-amz-date", "20190516T064551Z"),
            ("x-amz-security-token", "t"),
        ]),
        None,
        None,
    );
    assert_eq!(auth.scheme, Scheme::SigV4);
    assert_eq!(auth.region_scope.as_deref(), Some("ap-guangzhou"));
    assert_eq!(auth.sign_time, Some((1_557_989_151, 1_557_989_151 + 900)));
    assert!(auth.token && auth.is_temporary() && auth.signs_host() && !auth.is_malformed(), "{auth:?}");

    let query = format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={ID}%2F20190516%2Fap-guangzhou%2Fs3%2Faws4_request\
         &X-Amz-Date=20190516T064551Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=208b"
    );
    let auth = Auth::from_request(&HeaderMap::new(), Some(&query), None);
    assert_eq!((auth.scheme, auth.place), (Scheme::SigV4, Some(Place::Query)));
    assert_eq!(auth.sign_time, Some((1_557_989_151, 1_557_989_151 + 3600)));
    assert!(!auth.is_malformed(), "{auth:?}");
}

#[test]
fn sigv2_in_header_and_query() {
    let value = format!("AWS {ID}:c2ln");
    let date = "Thu, 16 May 2019 06:45:51 GMT";
    let auth = Auth::from_request(&headers(&[("authorization", &value), ("date", date)]), None, None);
    assert_eq!((auth.scheme, auth.secret_id.as_deref()), (Scheme::SigV2, Some(ID)));
    assert_eq!(auth.sign_time.map(|t| t.0), Some(1_557_989_151));
    let query = format!("AWSAccessKeyId={ID}&Expires=1557989151&Signature=c2ln");
    let auth = Auth::from_request(&HeaderMap::new(), Some(&query), None);
    assert_eq!((auth.expires, auth.sign_time), (Some(1_557_989_151), None));
}

#[test]
fn an_unknown_scheme_is_signed_but_unknown() {
    let auth = Auth::from_request(&headers(&[("authorization", "Bearer x")]), None, None);
    assert_eq!(auth.scheme, Scheme::Unknown);
    assert!(auth.is_malformed());
}

#[test]
fn a_temporary_key_shows_in_its_id_alone() {
    let id = format!("AKID{}", "a_b-".repeat(16));
    let auth = Auth::from_request(&headers(&[("authorization", &qsign().replace(ID, &id))]), None, None);
    assert!(!auth.token && auth.is_temporary());
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", Auth::from_request(&headers(&[("authorization", &qsign())]), None, None));
    assert!(!shown.contains("c771fec0") && !shown.contains(ID), "{shown}");
}
