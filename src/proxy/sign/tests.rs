//! The station on requests as clients sign them, and on what somebody could make of those.

mod clients;
mod misuse;
mod properties;
mod vectors;

use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::config::{Secret, settings};
use crate::cos::signature::{self, VerifyInput};
use crate::cos::{sigv4, time};

const ID: &str = "AKIDEXAMPLE0000000000000000000000000";
const KEY: &str = "EXAMPLEsecretkeyEXAMPLEsecretkey";
const REAL: &str = "b-1250000000.cos.ap-x.myqcloud.com";
/// A moment at which everything that is signed here holds.
const NOW: i64 = 1_557_990_000;
const TIMES: &str = "1557989151;1557996351";
/// 15 minutes before `NOW` at most.
const DATE: &str = "20190516T065500Z";

fn keys() -> Keys {
    let key = |id: &str, secret: &str| settings::Key {
        secret_id: id.into(),
        secret_key: Some(Secret::new(secret.into())),
        ..settings::Key::default()
    };
    Keys::new(&[key(ID, KEY), key("AKIDanother", "anotherKey")]).unwrap()
}

/// A request, and where it goes: what a test changes before it is asked for.
#[derive(Debug, Clone)]
struct Case {
    method: Method,
    host: String,
    any_port: bool,
    is_own: bool,
    target: String,
    headers: HeaderMap,
    sent_host: String,
    sent_target: String,
    now: i64,
}

impl Case {
    /// `GET target` on an address that stands for the bucket.
    fn mapped(target: &str) -> Self {
        Self {
            method: Method::GET,
            host: "127.0.0.1:8080".into(),
            any_port: true,
            is_own: true,
            target: target.into(),
            headers: HeaderMap::new(),
            sent_host: REAL.into(),
            sent_target: target.into(),
            now: NOW,
        }
    }

    /// `GET /BUCKET/rest`, path style.
    fn path_style(rest: &str) -> Self {
        Self { target: format!("/b-1250000000{rest}"), ..Self::mapped(rest) }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).unwrap();
        self.headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    fn outcome(&self) -> Outcome {
        let asked = Asked {
            method: &self.method,
            host: &self.host,
            any_port: self.any_port,
            is_own: self.is_own,
            target: &self.target,
            headers: &self.headers,
            is_form: false,
        };
        keys().sign(&asked, &Sent { host: &self.sent_host, target: &self.sent_target }, self.now)
    }

    fn signing(&self) -> ProxySigning {
        self.outcome().signing()
    }

    /// The request as it arrives at COS.
    fn arrived(&self) -> Option<Self> {
        let Outcome::Anew { authorization, target } = self.outcome() else { return None };
        let mut there = self.clone();
        if let Some(value) = authorization {
            there.headers.insert("authorization", value);
        }
        there.target = target.map_or_else(|| self.sent_target.clone(), |target| target.to_string());
        there.host = self.sent_host.clone();
        Some(there)
    }

    fn auth(&self) -> Auth {
        Auth::from_request(&self.headers, Some(query(&self.target)), None)
    }

    /// Whether the signature is the key's for this very request, as COS reckons it.
    fn verifies(&self) -> bool {
        let auth = self.auth();
        let input = VerifyInput {
            method: self.method.as_str(),
            target: &self.target,
            headers: &self.headers,
            host: Some(&self.host),
            auth: &auth,
        };
        match auth.scheme {
            Scheme::SigV4 => sigv4::verify(&input, KEY).is_ok(),
            _ => signature::verify(&input, KEY).is_ok(),
        }
    }

    /// Signed as the SDKs do, in the header; `host` is what is signed for Host.
    fn q_signed(mut self, host: &str, header_list: &str, param_list: &str) -> Self {
        let value = signature::authorization(ID, TIMES, (header_list, param_list), "0");
        self.headers.insert("authorization", value.parse().unwrap());
        let signature = self.client_signature(host);
        let value = signature::authorization(ID, TIMES, (header_list, param_list), &signature);
        self.headers.insert("authorization", value.parse().unwrap());
        self
    }

    /// Signed in the query, with whatever stands there already.
    fn q_presigned(mut self, host: &str, header_list: &str, param_list: &str) -> Self {
        let pairs = |signature: &str| {
            signature::authorization(ID, TIMES, (header_list, param_list), signature).replace(';', "%3B")
        };
        let target = self.target.clone();
        let joint = if target.contains('?') { '&' } else { '?' };
        self.target = format!("{target}{joint}{}", pairs("0"));
        let signature = self.client_signature(host);
        self.target = format!("{target}{joint}{}", pairs(&signature));
        self.sent_target = format!("{}{joint}{}", self.sent_target, pairs(&signature));
        self
    }

    fn v4_signed(mut self, host: &str, header_list: &str) -> Self {
        self.headers.insert("x-amz-date", DATE.parse().unwrap());
        let value = |signature: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential={ID}/20190516/ap-x/s3/aws4_request, SignedHeaders={header_list}, \
                 Signature={signature}"
            )
        };
        self.headers.insert("authorization", value("0").parse().unwrap());
        let signature = self.client_signature(host);
        self.headers.insert("authorization", value(&signature).parse().unwrap());
        self
    }

    fn v4_presigned(mut self, host: &str, header_list: &str) -> Self {
        let list = header_list.replace(';', "%3B");
        let pairs = |signature: &str| {
            format!(
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={ID}%2F20190516%2Fap-x%2Fs3%2Faws4_request\
                 &X-Amz-Date={DATE}&X-Amz-Expires=3600&X-Amz-SignedHeaders={list}&X-Amz-Signature={signature}"
            )
        };
        let target = self.target.clone();
        let joint = if target.contains('?') { '&' } else { '?' };
        self.target = format!("{target}{joint}{}", pairs("0"));
        let signature = self.client_signature(host);
        self.target = format!("{target}{joint}{}", pairs(&signature));
        self.sent_target = format!("{}{joint}{}", self.sent_target, pairs(&signature));
        self
    }

    fn client_signature(&self, host: &str) -> String {
        let auth = self.auth();
        let input = VerifyInput {
            method: self.method.as_str(),
            target: &self.target,
            headers: &self.headers,
            host: Some(host),
            auth: &auth,
        };
        if auth.scheme == Scheme::SigV4 { sigv4::sign(&input, KEY) } else { signature::sign(&input, KEY) }
    }

    fn replaced(mut self, from: &str, to: &str) -> Self {
        let change = |text: &str| text.replacen(from, to, 1);
        self.target = change(&self.target);
        self.sent_target = change(&self.sent_target);
        if let Some(value) = self.headers.get_mut("authorization") {
            *value = HeaderValue::try_from(change(value.to_str().unwrap())).unwrap();
        }
        self
    }
}

#[test]
fn nothing_shows_a_key() {
    let shown = format!("{:?}", keys());
    assert_eq!(shown, "2 key(s)");
    let case = Case::mapped("/key").q_signed("127.0.0.1", "host", "");
    let Outcome::Anew { authorization, .. } = case.outcome() else { panic!("{case:?}") };
    assert_eq!(format!("{authorization:?}"), "Some(Sensitive)");
}
