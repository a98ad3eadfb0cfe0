//! Signing anew: what goes out when the address was rewritten, for clients that hold the key and for whoever does not.

mod clients;
mod misuse;

use std::time::{SystemTime, UNIX_EPOCH};

use coswhy::cos::auth::{Auth, Scheme};
use coswhy::cos::signature::{self, VerifyInput};
use coswhy::cos::{sigv4, time};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::harness::{HOST, Head, Proxy, Request, Upstream, ok};

const BUCKET: &str = "examplebucket-1250000000";
const ID: &str = "AKIDwireTests0000000000000000000000";
const KEY: &str = "SecretKeyOfTheWireTestsMustNotLeak";

/// Two buckets by names of their own, two by ports of one name, a region's path style, and any other name.
const SETTINGS: &str = r#"
[[keys]]
secret_id = "AKIDwireTests0000000000000000000000"
secret_key = "SecretKeyOfTheWireTestsMustNotLeak"
[[map]]
host = "files.internal"
region = "ap-guangzhou"
bucket = "examplebucket-1250000000"
[[map]]
host = "other.internal"
region = "ap-guangzhou"
bucket = "other-1250000000"
[[map]]
host = "ports.internal:81"
region = "ap-guangzhou"
bucket = "examplebucket-1250000000"
[[map]]
host = "ports.internal:82"
region = "ap-guangzhou"
bucket = "other-1250000000"
[[map]]
host = "region.internal"
region = "ap-guangzhou"
[[map]]
host = "*"
region = "ap-guangzhou"
bucket = "other-1250000000"
"#;

struct Setting {
    upstream: Upstream,
    proxy: Proxy,
}

impl Setting {
    fn new() -> Self {
        let upstream = Upstream::answering(ok(""));
        let proxy = Proxy::before(&upstream, SETTINGS);
        Self { upstream, proxy }
    }

    /// What goes out of a request.
    fn sent(&self, message: &Message) -> Request {
        let answer = self.proxy.exchange(message.text());
        assert_eq!(answer.status, 200, "{}", message.text());
        self.upstream.requests().pop().unwrap()
    }

    /// It goes out as it came, Host alone is other; and the log says why.
    #[track_caller]
    fn goes_out_as_it_came(&self, message: &Message, target: &str, signing: &str) {
        let before = self.upstream.requests().len();
        let sent = self.sent(message);
        assert_eq!(self.upstream.requests().len(), before + 1);
        assert_eq!(sent.target(), target);
        let rest = |lines: Vec<String>| -> Vec<String> {
            lines.into_iter().filter(|line| !line.to_ascii_lowercase().starts_with("host:")).collect()
        };
        assert_eq!(rest(sent.head.lines()), rest(Head::parse(message.text().into_bytes()).lines()));
        assert_eq!(self.proxy.log(before + 1)[before]["signing"], signing);
    }
}

#[derive(Clone)]
struct Message {
    method: &'static str,
    target: String,
    /// Field lines, Host first.
    fields: Vec<(String, String)>,
}

impl Message {
    fn get(host: &str, target: &str) -> Self {
        Self { method: "GET", target: target.to_owned(), fields: vec![("Host".into(), host.into())] }
    }

    fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    fn to(mut self, host: &str) -> Self {
        self.fields[0].1 = host.to_owned();
        self
    }

    fn text(&self) -> String {
        let lines: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{} {} HTTP/1.1\r\n{lines}\r\n", self.method, self.target)
    }

    fn headers(&self) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in &self.fields {
            map.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        }
        map
    }

    fn signature(&self, host: &str) -> String {
        let (headers, query) = (self.headers(), self.target.split_once('?').map(|(_, query)| query));
        let auth = Auth::from_request(&headers, query, None);
        let input = VerifyInput {
            method: self.method,
            target: &self.target,
            headers: &headers,
            host: Some(host),
            auth: &auth,
        };
        if auth.scheme == Scheme::SigV4 { sigv4::sign(&input, KEY) } else { signature::sign(&input, KEY) }
    }

    /// In the header, as the vendor's SDKs sign; `field` is how they spell its name.
    fn q_signed(self, field: &str, host: &str, headers: &str, params: &str) -> Self {
        self.q_signed_until(now() + 600, field, host, (headers, params))
    }

    fn q_signed_until(self, end: i64, field: &str, host: &str, lists: (&str, &str)) -> Self {
        let times = format!("{};{end}", now() - 1200);
        let value = |s: &str| signature::authorization(ID, &times, lists, s);
        let signature = self.clone().field(field, &value("0")).signature(host);
        self.field(field, &value(&signature))
    }

    fn q_presigned(mut self, host: &str) -> Self {
        let times = format!("{};{}", now() - 60, now() + 600);
        let joint = if self.target.contains('?') { '&' } else { '?' };
        let value = |s: &str| signature::authorization(ID, &times, ("host", ""), s).replace(';', "%3B");
        let unsigned = self.target.clone();
        self.target = format!("{unsigned}{joint}{}", value("0"));
        self.target = format!("{unsigned}{joint}{}", value(&self.signature(host)));
        self
    }

    fn v4_signed(self, host: &str) -> Self {
        self.v4_signed_at(now(), host)
    }

    fn v4_signed_at(self, at: i64, host: &str) -> Self {
        let date = time::format_amz_date(at);
        let value = |s: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential={ID}/{}/ap-guangzhou/s3/aws4_request, SignedHeaders=host;x-amz-date, \
                 Signature={s}",
                &date[..8]
            )
        };
        let dated = self.field("X-Amz-Date", &date);
        let signature = dated.clone().field("Authorization", &value("0")).signature(host);
        dated.field("Authorization", &value(&signature))
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Whether a request that went out bears the key's signature for what it is and where it goes.
fn verifies(sent: &Request) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in &sent.head.fields {
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    let method = sent.head.first.split(' ').next().unwrap();
    let query = sent.target().split_once('?').map(|(_, query)| query);
    let auth = Auth::from_request(&headers, query, None);
    let input = VerifyInput { method, target: sent.target(), headers: &headers, host: None, auth: &auth };
    match auth.scheme {
        Scheme::SigV4 => sigv4::verify(&input, KEY).is_ok(),
        _ => signature::verify(&input, KEY).is_ok(),
    }
}
