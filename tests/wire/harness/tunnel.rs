//! Clients that have coswhy as their https proxy, and the CA that they trust.

use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::files::Directory;
use super::front::Https;
use super::message::Response;
use super::proxy::{Proxy, binary};
use super::tls::{roots, trusting};
use super::wire::Wire;

/// A CA as `coswhy ca new` makes it.
pub(crate) struct Ca(Directory);

impl Ca {
    /// For COS's names and `domains`.
    pub(crate) fn new(domains: &[&str]) -> Self {
        let directory = Directory::new();
        let mut command = Command::new(binary());
        command.args(["ca", "new"]).arg(directory.path("ca")).stdout(Stdio::null());
        for domain in domains {
            command.args(["--domain", domain]);
        }
        assert!(command.status().unwrap().success());
        Self(directory)
    }

    /// `[intercept]`
    pub(crate) fn settings(&self) -> String {
        let path = |name| self.0.path("ca").join(name).display().to_string();
        format!("intercept.ca_cert = \"{}\"\nintercept.ca_key = \"{}\"\n", path("ca.pem"), path("ca-key.pem"))
    }

    /// The settings of a client that trusts it.
    pub(crate) fn client(&self, alpn: &[&str]) -> ClientConfig {
        let pem = std::fs::read(self.0.path("ca").join("ca.pem")).unwrap();
        trusting(roots(&pem), alpn)
    }
}

/// What a CONNECT came to.
pub(crate) enum Tunnel {
    Open(TcpStream),
    Refused(Response),
}

impl Tunnel {
    pub(crate) fn to(proxy: &Proxy, authority: &str) -> Self {
        let mut wire = proxy.connect();
        wire.send(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n"));
        let stream = wire.inner().try_clone().unwrap();
        // Nothing comes behind the head before the client speaks.
        let answer = wire.read_response("HEAD").unwrap();
        if answer.status == 200 { Self::Open(stream) } else { Self::Refused(answer) }
    }

    pub(crate) fn open(self) -> TcpStream {
        match self {
            Self::Open(stream) => stream,
            Self::Refused(answer) => panic!("{answer:?}"),
        }
    }

    /// The status where it was refused.
    pub(crate) fn refused(self) -> u16 {
        match self {
            Self::Open(_) => panic!("the tunnel is open"),
            Self::Refused(answer) => answer.status,
        }
    }

    /// TLS inside, for `name`.
    pub(crate) fn https(self, trusting: ClientConfig, name: &str) -> Https {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let client = ClientConnection::new(Arc::new(trusting), name).unwrap();
        Wire::new(StreamOwned::new(client, self.open()))
    }
}
