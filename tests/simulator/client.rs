//! A client on a raw socket: signs, sends bytes, reads what comes.

use std::net::SocketAddr;

use coswhy::cos::auth::{Auth, Scheme};
use coswhy::cos::error::ErrorBody;
use coswhy::cos::signature::{self, VerifyInput};
use coswhy::simulator::{Options, Simulator, keys};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) const BUCKET: &str = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";

pub(crate) fn host(bucket: &str) -> String {
    format!("{bucket}-1250000000.cos.ap-guangzhou.myqcloud.com")
}

pub(crate) async fn simulator() -> Simulator {
    Simulator::start(Options::default()).await.unwrap()
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn error(&self) -> ErrorBody {
        ErrorBody::parse(&self.body).unwrap_or_else(|| panic!("no error body: {}", self.text()))
    }

    /// Status, code, message.
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let error = self.error();
        (self.status, error.code.unwrap_or_default(), error.message.unwrap_or_default())
    }
}

pub(crate) fn call(method: &str, host: &str, target: &str) -> Call {
    Call {
        method: method.to_owned(),
        host: host.to_owned(),
        target: target.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn map(&self) -> HeaderMap {
        let mut map = HeaderMap::new();
        map.insert("host", self.host.parse().unwrap());
        for (name, value) in &self.headers {
            map.append(
                HeaderName::try_from(name).unwrap(),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        map
    }

    /// Signed now, for an hour, host and all parameters covered.
    pub(crate) fn signed(self, key: (&str, &str)) -> Self {
        let now = coswhy::simulator::Clock::default().now();
        self.signed_at(key, now - 60, now + 3600)
    }

    pub(crate) fn signed_at(self, key: (&str, &str), start: i64, end: i64) -> Self {
        self.signed_covering(key, start, end, &["host"])
    }

    pub(crate) fn signed_covering(
        self,
        (id, secret): (&str, &str),
        start: i64,
        end: i64,
        headers: &[&str],
    ) -> Self {
        let time = format!("{start};{end}");
        let query = self.target.split_once('?').map(|(_, query)| query).unwrap_or_default().to_owned();
        let params = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect();
        let auth = Auth {
            scheme: Scheme::QSign,
            key_time_text: time.clone(),
            sign_time_text: time.clone(),
            header_list: headers.iter().map(|name| (*name).to_owned()).collect(),
            param_list: params,
            ..Auth::default()
        };
        let map = self.map();
        let input = VerifyInput {
            method: &self.method,
            target: &self.target,
            headers: &map,
            host: None,
            auth: &auth,
        };
        let (header_list, param_list) = signature::signed_parts(&input).lists();
        let signature = signature::sign(&input, secret);
        let value = signature::authorization(id, &time, (&header_list, &param_list), &signature);
        self.header("Authorization", &value)
    }

    /// By the demo's owner.
    pub(crate) fn owned(self) -> Self {
        self.signed(keys::OWNER)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out =
            format!("{} {} HTTP/1.1\r\nHost: {}\r\n", self.method, self.target, self.host).into_bytes();
        for (name, value) in &self.headers {
            out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        let framed = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding"));
        if !framed && (!self.body.is_empty() || self.method == "PUT" || self.method == "POST") {
            out.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.body);
        out
    }

    pub(crate) async fn send(&self, to: SocketAddr) -> Reply {
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(&self.bytes()).await.unwrap();
        read(&mut stream, self.method == "HEAD").await.expect("an answer")
    }
}

/// Reads one final answer; `None` where the connection ends without one.
pub(crate) async fn read<S: tokio::io::AsyncRead + Unpin>(stream: &mut S, is_head: bool) -> Option<Reply> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let mut headers = HeaderMap::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap();
        headers.append(HeaderName::try_from(name).unwrap(), value.trim().parse().unwrap());
    }
    let length = headers.get("content-length").map_or(0, |value| value.to_str().unwrap().parse().unwrap());
    let mut body = vec![0; if is_head || status == 304 { 0 } else { length }];
    stream.read_exact(&mut body).await.ok()?;
    Some(Reply { status, headers, body })
}
