//! What is signed verifies, and nothing else does.

use coswhy::cos::auth::{Auth, Scheme};
use coswhy::cos::signature::{self, VerifyInput};
use coswhy::cos::sigv4;
use http::{HeaderMap, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

const HOST: &str = "b-1250000000.cos.ap-x.myqcloud.com";
const KEY: &str = "EXAMPLEsecretkeyEXAMPLEsecretkey";

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn header_map(host: &str, content_type: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("host", host.parse().unwrap());
    headers.insert("content-type", HeaderValue::from_bytes(content_type.as_bytes()).unwrap());
    headers.insert("x-amz-date", HeaderValue::from_static("20190516T064551Z"));
    headers
}

fn q_sign_auth(param: &str) -> Auth {
    Auth {
        scheme: Scheme::QSign,
        key_time_text: "1557989151;1557996351".to_owned(),
        sign_time_text: "1557989151;1557996351".to_owned(),
        header_list: vec!["content-type".to_owned(), "host".to_owned()],
        param_list: vec![encoded(param).to_ascii_lowercase()],
        ..Auth::default()
    }
}

fn sigv4_auth() -> Auth {
    Auth {
        scheme: Scheme::SigV4,
        sign_time_text: "20190516T064551Z".to_owned(),
        header_list: vec!["content-type".to_owned(), "host".to_owned(), "x-amz-date".to_owned()],
        region_scope: Some("ap-x".to_owned()),
        ..Auth::default()
    }
}

/// `text` with the byte at `at` (counted round) replaced by another letter.
fn changed(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at % bytes.len();
    bytes[at] = if bytes[at] == b'f' { b'e' } else { b'f' };
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #[test]
    fn a_signed_request_verifies_and_a_changed_one_does_not(
        key in "[ -~中é]{1,20}", param in "[a-z-]{1,8}", value in "[ -~]{0,12}", kind in "[a-z/;= ]{0,3}[a-z]{1,9}",
        at in any::<usize>(), old in "[a-z]{3,12}",
    ) {
        let target = format!("/{}?{}={}", encoded(&key), encoded(&param), encoded(&value));
        let headers = header_map(HOST, &kind);
        for v4 in [false, true] {
            let mut auth = if v4 { sigv4_auth() } else { q_sign_auth(&param) };
            let input = VerifyInput { method: "GET", target: &target, headers: &headers, host: None, auth: &auth };
            let signature = if v4 { sigv4::sign(&input, KEY) } else { signature::sign(&input, KEY) };
            auth.signature = Some(signature.clone());
            let verify = |target: &str, headers: &HeaderMap, host: Option<&str>, auth: &Auth, key: &str| {
                let input = VerifyInput { method: "GET", target, headers, host, auth };
                if v4 { sigv4::verify(&input, key) } else { signature::verify(&input, key) }.is_ok()
            };
            let refused = [
                (format!("{target}x"), headers.clone(), None, KEY.to_owned()),
                (target.replacen('/', "/x", 1), headers.clone(), None, KEY.to_owned()),
                (target.clone(), header_map("other-1250000000.cos.ap-x.myqcloud.com", &kind), None, KEY.to_owned()),
                (target.clone(), header_map(HOST, &format!("{kind}; charset=utf-8")), None, KEY.to_owned()),
                (target.clone(), headers.clone(), Some(old.as_str()), KEY.to_owned()),
                (target.clone(), headers.clone(), None, changed(KEY, at)),
            ];
            prop_assert!(verify(&target, &headers, None, &auth, KEY));
            for (target, headers, host, key) in &refused {
                prop_assert!(!verify(target, headers, *host, &auth, key), "{}", target);
            }
            auth.signature = Some(changed(&signature, at));
            prop_assert!(!verify(&target, &headers, None, &auth, KEY));
        }
    }

    #[test]
    fn credentials_of_any_shape_are_read_without_panic(value in ".{0,200}", query in ".{0,200}", name in ".{0,20}") {
        let mut headers = HeaderMap::new();
        for prefix in ["", "q-sign-algorithm=sha1&q-ak=", "AWS4-HMAC-SHA256 Credential=", "AWS "] {
            if let Ok(value) = HeaderValue::from_bytes(format!("{prefix}{value}").as_bytes()) {
                headers.insert("authorization", value);
            }
            let auth = Auth::from_request(&headers, Some(&query), None);
            let input = VerifyInput { method: "GET", target: &query, headers: &headers, host: None, auth: &auth };
            let _ = (signature::verify(&input, KEY).is_ok(), sigv4::verify(&input, KEY).is_ok());
            let _ = Auth::from_request(&HeaderMap::new(), Some(&format!("{prefix}{query}")), Some(&[(name.clone(), value.clone())]));
        }
    }
}
