//! A forward proxy that keeps what it was asked for, and leads every tunnel and every request to one address.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use super::message::Request;
use super::upstream::Upstream;
use super::wire::Wire;

pub(crate) struct ForwardProxy(Upstream);

impl ForwardProxy {
    pub(crate) fn to(end: SocketAddr) -> Self {
        Self::asking(end, None)
    }

    /// Lets those pass alone that bring `authorization`, if there is one.
    pub(crate) fn asking(end: SocketAddr, authorization: Option<&'static str>) -> Self {
        Self(Upstream::start(move |mut wire, _, seen| {
            while let Some(request) = wire.read_request() {
                let allowed =
                    authorization.is_none_or(|value| request.head.get("proxy-authorization") == Some(value));
                let tunnel = request.head.first.starts_with("CONNECT ");
                seen.keep(request.clone());
                if !allowed {
                    wire.send(
                        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\
                         Proxy-Authenticate: Basic realm=\"corp\"\r\n\r\n",
                    );
                } else if tunnel {
                    wire.send("HTTP/1.1 200 Connection Established\r\nX-Proxy: corp\r\n\r\n");
                    return lead(wire.inner(), end);
                } else {
                    pass(&mut wire, &request, end);
                }
            }
        }))
    }

    /// Answers everything with the same bytes and closes.
    pub(crate) fn refusing(answer: &'static str) -> Self {
        Self(Upstream::once(answer))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The request lines so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.requests().iter().map(|request| request.head.first.clone()).collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.0.requests()
    }
}

/// Carries bytes both ways until both sides have ended.
fn lead(client: &TcpStream, end: SocketAddr) {
    let Ok(server) = TcpStream::connect(end) else { return };
    std::thread::scope(|scope| {
        scope.spawn(|| carry(client, &server));
        carry(&server, client);
    });
}

fn carry(mut from: &TcpStream, mut to: &TcpStream) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// One request in absolute form, sent on in origin form as RFC 9112, section 3.2.2, has it: the target's authority
/// becomes Host.
fn pass(wire: &mut Wire<TcpStream>, request: &Request, end: SocketAddr) {
    let mut words = request.head.first.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (authority, path) = target.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut server = Wire::connect(end);
    server.send(format!("{method} /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"));
    let answer = server.read_response(method).unwrap();
    wire.send(&answer.head.bytes);
    wire.send(&answer.body.data);
}
