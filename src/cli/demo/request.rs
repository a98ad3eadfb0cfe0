//! The demo's requests, and how they are signed: as the vendor's SDKs do it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::cos::auth::Auth;
use crate::cos::signature::{self, VerifyInput};
use crate::cos::time;

/// A key's SecretId and SecretKey.
pub(super) type Key = (&'static str, &'static str);

/// One request, as it goes over the wire.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) host: String,
    pub(super) target: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// A request to a bucket of the simulator.
    pub(super) fn new(method: &'static str, bucket: &str, target: &'static str) -> Self {
        let host = format!("{bucket}-1250000000.cos.ap-guangzhou.myqcloud.com");
        Self { method, host, target, headers: Vec::new(), body: Vec::new() }
    }

    pub(super) fn at(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    /// Signed by `key`, valid from `start` for `seconds`.
    pub(super) fn signed(self, key: Key, start: i64, seconds: i64) -> Self {
        let time = format!("{start};{}", start + seconds);
        let unsigned = signature::authorization(key.0, &time, ("host", ""), "");
        let mut headers = HeaderMap::new();
        for (name, value) in
            self.headers.iter().map(|(n, v)| (*n, v.as_str())).chain([("host", self.host.as_str())])
        {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.append(name, value);
            }
        }
        let auth = Auth::from_header(&unsigned, &headers);
        let input = VerifyInput {
            method: self.method,
            target: self.target,
            headers: &headers,
            host: None,
            auth: &auth,
        };
        let signature = signature::sign(&input, key.1);
        let value = signature::authorization(key.0, &time, ("host", ""), &signature);
        self.header("Authorization", &value)
    }

    /// Signed by `key` over what a mistaken client takes for the HttpString, with these names in its list.
    pub(super) fn signed_as(self, key: Key, start: i64, list: &str, http_string: &str) -> Self {
        let time = format!("{start};{}", start + 600);
        let string = signature::string_to_sign(&time, http_string.as_bytes());
        let value =
            signature::authorization(key.0, &time, (list, ""), &signature::signature(key.1, &time, &string));
        self.header("Authorization", &value)
    }

    /// A browser's upload form, signed by `key`, whose policy expired `ago` seconds before `now`.
    pub(super) fn form(self, key: Key, now: i64, ago: i64) -> Self {
        let time = format!("{};{}", now - ago - 600, now + 600);
        let policy = serde_json::json!({
            "expiration": time::format_rfc3339(now - ago),
            "conditions": [
                {"q-sign-algorithm": "sha1"}, {"q-ak": key.0}, {"q-sign-time": time},
                ["starts-with", "$key", "uploads/"],
            ],
        })
        .to_string();
        let to_sign = signature::policy_string_to_sign(policy.as_bytes());
        let fields = [
            ("key", "uploads/photo.jpg".to_owned()),
            ("policy", STANDARD.encode(&policy)),
            ("q-sign-algorithm", "sha1".to_owned()),
            ("q-ak", key.0.to_owned()),
            ("q-key-time", time.clone()),
            ("q-signature", signature::signature(key.1, &time, &to_sign)),
        ];
        let mut body = String::new();
        for (name, value) in fields {
            body += &format!("--demo\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--demo\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\n\r\nJPEG\r\n--demo--\r\n";
        self.header("Content-Type", "multipart/form-data; boundary=demo").body(body.as_bytes())
    }

    /// The bytes, for a connection that is closed after the answer.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("{} {} HTTP/1.1\r\nHost: {}\r\n", self.method, self.target, self.host);
        for (name, value) in &self.headers {
            out += &format!("{name}: {value}\r\n");
        }
        if !self.body.is_empty() {
            out += &format!("Content-Length: {}\r\n", self.body.len());
        }
        out += "Connection: close\r\n\r\n";
        let mut out = out.into_bytes();
        out.extend_from_slice(&self.body);
        out
    }
}
