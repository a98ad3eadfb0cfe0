//! Whatever a client signs goes out verifying, and whatever is changed of it on the way does not.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    QHeader,
    QQuery,
    V4Header,
    V4Query,
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-z0-9._~/-]{1,4}",
        1 => "[!$'()*,;:@+=]",
        2 => "%[0-9A-Fa-f]{2}",
        1 => Just("//".to_owned()),
        1 => Just("/../".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..8).prop_map(|pieces| format!("/{}", pieces.concat()))
}

fn param() -> impl Strategy<Value = String> {
    let value = prop_oneof!["[A-Za-z0-9+/=.-]{0,5}", "(%[0-9A-F]{2}){0,3}"];
    ("p[A-Za-z._-]{0,4}(%C3%A9)?", prop::option::of(value)).prop_map(|(name, value)| match value {
        Some(value) => format!("{name}={value}"),
        None => name,
    })
}

fn header() -> impl Strategy<Value = (String, Vec<u8>)> {
    let byte = prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff, Just(b'\t')];
    ("x-[a-z-]{1,4}", prop::collection::vec(byte, 0..10))
}

fn case() -> impl Strategy<Value = (Case, Form)> {
    let method = prop::sample::select(vec!["GET", "PUT", "POST", "HEAD", "DELETE"]);
    let host = prop::sample::select(vec!["127.0.0.1:8080", "files.internal", "B.Example:1", "[::1]:80"]);
    let form = prop::sample::select(vec![Form::QHeader, Form::QQuery, Form::V4Header, Form::V4Query]);
    let signed_port = any::<bool>();
    let path_style = any::<bool>();
    let params = prop::collection::vec(param(), 0..4);
    let headers = prop::collection::vec(header(), 0..4);
    (method, host, path(), params, headers, form, signed_port, path_style).prop_map(
        |(method, host, path, params, headers, form, signed_port, path_style)| {
            let query = if params.is_empty() { String::new() } else { format!("?{}", params.join("&")) };
            let target = format!("{path}{query}");
            let case = if path_style { Case::path_style(&target) } else { Case::mapped(&target) };
            let mut case = Case { method: method.parse().unwrap(), host: host.into(), ..case };
            for (name, value) in headers {
                let name = HeaderName::try_from(name).unwrap();
                case.headers.append(name, HeaderValue::from_bytes(&value).unwrap());
            }
            let host = if signed_port { host } else { host::without_port(host) };
            (signed(case, form, host), form)
        },
    )
}

fn signed(case: Case, form: Form, host: &str) -> Case {
    let mut names: Vec<&str> = case.headers.keys().map(HeaderName::as_str).collect();
    names.push("host");
    let list = names.join(";");
    let auth = Auth {
        param_list: form_urlencoded::parse(query(&case.target).as_bytes())
            .map(|(name, _)| signature::listed_name(&name))
            .collect(),
        ..Auth::default()
    };
    let input =
        VerifyInput { method: "GET", target: &case.target, headers: &case.headers, host: None, auth: &auth };
    let (_, params) = signature::signed_parts(&input).lists();
    match form {
        Form::QHeader => case.q_signed(host, &list, &params),
        Form::QQuery => case.q_presigned(host, &list, &params),
        Form::V4Header => case.v4_signed(host, &format!("{list};x-amz-date")),
        Form::V4Query => case.v4_presigned(host, &list),
    }
}

/// Another letter or digit for the one at `at`, counted round among them, as no reader of either takes for the same.
fn changed(text: &str, at: usize) -> Option<String> {
    let places: Vec<usize> =
        text.bytes().enumerate().filter(|(_, b)| b.is_ascii_alphanumeric()).map(|(i, _)| i).collect();
    let at = *places.get(at % places.len().max(1))?;
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at].eq_ignore_ascii_case(&b'a') { b'b' } else { b'a' };
    String::from_utf8(bytes).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_signed_request_arrives_signed((case, _) in case()) {
        let there = case.arrived();
        prop_assert!(there.is_some(), "{:?}", case.outcome());
        prop_assert!(there.unwrap().verifies());
    }

    #[test]
    fn a_changed_request_is_not_signed((case, form) in case(), at in any::<usize>(), what in 0..6) {
        let mut other = case.clone();
        match what {
            0 => {
                let (path, query) = case.target.split_once('?').unwrap_or((&case.target, ""));
                let Some(path) = changed(path, at) else { return Ok(()) };
                other.target = if query.is_empty() { path } else { format!("{path}?{query}") };
            }
            1 => {
                let Some((path, query)) = case.target.split_once('?') else { return Ok(()) };
                let query = changed(query, at).unwrap();
                other.target = format!("{path}?{query}");
                other.sent_target = format!("{}?{query}", case.sent_target.split_once('?').unwrap().0);
            }
            2 => other.host = changed(&case.host, at).unwrap(),
            3 => other.method = if case.method == Method::PATCH { Method::GET } else { Method::PATCH },
            4 => {
                let Some(value) = case.headers.get("authorization") else { return Ok(()) };
                let value = changed(value.to_str().unwrap(), at).unwrap();
                other.headers.insert("authorization", value.parse().unwrap());
            }
            _ => {
                let end = case.auth().sign_time.unwrap().1;
                other.now = end + 1 + i64::try_from(at % 100_000).unwrap();
            }
        }
        prop_assert_ne!(other.signing(), ProxySigning::Anew, "{:?}: {:?} as {:?}", form, case, other);
    }

    #[test]
    fn a_changed_header_is_not_signed((case, _) in case(), at in any::<usize>()) {
        let names: Vec<HeaderName> =
            case.headers.keys().filter(|name| name.as_str().starts_with("x-")).cloned().collect();
        let Some(name) = names.get(at % names.len().max(1)) else { return Ok(()) };
        let mut other = case;
        let value = [other.headers[name].as_bytes(), b"a"].concat();
        *other.headers.get_mut(name).unwrap() = HeaderValue::from_bytes(&value).unwrap();
        prop_assert_ne!(other.signing(), ProxySigning::Anew, "{}", name);
        other.headers.remove(name);
        prop_assert_ne!(other.signing(), ProxySigning::Anew, "without {}", name);
    }
}
