//! Whole messages, and how their bodies ended.

use std::io::{Read, Write};

use super::head::Head;
use super::wire::{End, Wire};

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) head: Head,
    pub(crate) body: Body,
}

#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) head: Head,
    pub(crate) status: u16,
    pub(crate) body: Body,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Body {
    /// Without the chunks' framing.
    pub(crate) data: Vec<u8>,
    pub(crate) trailers: Vec<String>,
    /// Whether its framing says that all of it came.
    pub(crate) complete: bool,
}

impl Request {
    pub(crate) fn target(&self) -> &str {
        self.head.first.split(' ').nth(1).unwrap_or_default()
    }
}

impl Response {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.head.get(name)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.data.clone()).expect("a body in UTF-8")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body.data).expect("a body in JSON")
    }

    /// The cause that the diagnosis header names.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.get("x-cos-diagnosis").map(|v| v.split(';').next().unwrap_or_default())
    }

    /// The RFC 9209 error type.
    pub(crate) fn proxy_error(&self) -> Option<&str> {
        let value = self.get("proxy-status")?;
        let (_, rest) = value.split_once("error=")?;
        Some(rest.split([';', ',', ' ']).next().unwrap_or_default())
    }
}

impl<S: Read + Write> Wire<S> {
    /// The next request with its body; `None` where the connection ends first.
    pub(crate) fn read_request(&mut self) -> Option<Request> {
        let head = self.read_head()?;
        let body = if head.chunked() {
            self.read_chunked()
        } else {
            self.read_sized(head.content_length().unwrap_or(0))
        };
        Some(Request { head, body })
    }

    /// The next final response; interim ones before it are skipped.
    pub(crate) fn read_response(&mut self, method: &str) -> Option<Response> {
        let head = loop {
            let head = self.read_head()?;
            if !head.first.contains(" 1") || head.first.get(9..10) != Some("1") {
                break head;
            }
        };
        let status = head.first.get(9..12)?.parse().ok()?;
        let body = if method == "HEAD" || status == 204 || status == 304 {
            Body { complete: true, ..Body::default() }
        } else if head.chunked() {
            self.read_chunked()
        } else if let Some(length) = head.content_length() {
            self.read_sized(length)
        } else {
            let data = self.read_to_end();
            Body { data, complete: self.ended() == Some(End::Closed), ..Body::default() }
        };
        Some(Response { head, status, body })
    }

    fn read_sized(&mut self, length: usize) -> Body {
        let data = self.read_up_to(length);
        Body { complete: data.len() == length, data, ..Body::default() }
    }

    pub(crate) fn read_chunked(&mut self) -> Body {
        let mut body = Body::default();
        loop {
            let Some(line) = self.read_line() else { return body };
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(digits, 16).expect("a chunk's size");
            if size == 0 {
                break;
            }
            let data = self.read_up_to(size);
            let whole = data.len() == size;
            body.data.extend_from_slice(&data);
            if !whole || self.read_line().is_none() {
                return body;
            }
        }
        loop {
            match self.read_line() {
                None => return body,
                Some(line) if line.is_empty() => break,
                Some(line) => body.trailers.push(line),
            }
        }
        body.complete = true;
        body
    }
}
