//! coswhy with `tls.listen`, and clients that speak https to it.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};

use super::files::Directory;
use super::proxy::{Proxy, free_port};
use super::tls::Authority;
use super::upstream::Upstream;
use super::wire::{Wire, patient};

pub(crate) type Https = Wire<StreamOwned<ClientConnection, TcpStream>>;

pub(crate) struct Front {
    pub(crate) proxy: Proxy,
    pub(crate) address: SocketAddr,
    pub(crate) authority: Authority,
    pub(crate) files: Directory,
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

impl Front {
    /// With a certificate for COS's names and localhost.
    pub(crate) fn before(upstream: &Upstream, settings: &str) -> Self {
        let (authority, files) = (Authority::new(), Directory::new());
        let names = ["*.cos.ap-guangzhou.myqcloud.com", "localhost"];
        let (cert, key) = authority.pair(&files, "cert", &names);
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let tls = format!(
            "tls.listen = \"{address}\"\ntls.cert = \"{}\"\ntls.key = \"{}\"\n{settings}",
            cert.display(),
            key.display()
        );
        Self { proxy: Proxy::before(upstream, &tls), address, authority, files, cert, key }
    }

    /// A connection that asks for `name` and offers `alpn`; its handshake is made with the first bytes.
    pub(crate) fn connect(&self, name: &str, alpn: &[&str]) -> Https {
        let stream = TcpStream::connect(self.address).unwrap();
        patient(&stream);
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let client = ClientConnection::new(Arc::new(self.authority.client(alpn)), name).unwrap();
        Wire::new(StreamOwned::new(client, stream))
    }
}
