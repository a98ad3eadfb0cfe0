//! What the tests stand on: coswhy as a process, sockets on both of its sides, certificates.

mod files;
mod forward_proxy;
mod front;
mod head;
mod http2;
mod log;
mod message;
mod process;
mod proxy;
mod reload;
mod service;
mod tls;
mod tunnel;
mod upstream;
mod wire;

use std::time::{Duration, Instant};

pub(crate) use files::Directory;
pub(crate) use forward_proxy::ForwardProxy;
pub(crate) use front::{Front, Https};
pub(crate) use head::{Head, text};
pub(crate) use http2::{Http2, asking, frame, read_all, run};
pub(crate) use message::{Body, Request, Response};
pub(crate) use proxy::{Proxy, free_port};
pub(crate) use tls::{Authority, TlsUpstream};
pub(crate) use tunnel::{Ca, Tunnel};
pub(crate) use upstream::{Upstream, ok};
pub(crate) use wire::{End, Wire};

/// The bucket that the tests ask for.
pub(crate) const HOST: &str = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";

/// A refusal as COS writes it, its elements indented by tabs.
pub(crate) const DENIED: &str = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\
    \t<Message>Access Denied.</Message>\n\
    \t<Resource>examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/key</Resource>\n\
    \t<RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId>\n\
    \t<TraceId>OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc=</TraceId>\n</Error>\n\n";

/// A whole answer with status 403 in COS's form and the given body.
pub(crate) fn refusal(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut answer = format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\
         Date: Tue, 09 Apr 2019 03:39:20 GMT\r\nServer: tencent-cos\r\n\
         x-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=\r\n\
         x-cos-trace-id: OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc=\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// `GET target` for the tests' bucket, with more field lines (each ended by CRLF).
pub(crate) fn get(target: &str, fields: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n")
}

/// `PUT /key` with a Content-Length and no body yet.
pub(crate) fn put_head(length: usize, fields: &str) -> String {
    format!("PUT /key HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {length}\r\n{fields}\r\n")
}

/// Waits until `condition` holds; false when it still doesn't after `limit`.
pub(crate) fn within(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + limit;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub(crate) const fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}
