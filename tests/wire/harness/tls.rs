//! A COS endpoint under TLS, with a certificate authority made for the test.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{
    ClientConfig, HandshakeKind, ProtocolVersion, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
};

use super::files::Directory;
use super::message::Request;
use super::wire::{Wire, patient};

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "coswhy's tests");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Its certificate as a file, for `upstream.ca_file`.
    pub(crate) fn file(&self, directory: &Directory) -> PathBuf {
        directory.write("ca.pem", &self.pem)
    }

    /// A certificate for `names` and its key as files, for `tls.cert` and `tls.key`.
    pub(crate) fn pair(&self, directory: &Directory, stem: &str, names: &[&str]) -> (PathBuf, PathBuf) {
        let names = names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &self.issuer).unwrap();
        (
            directory.write(&format!("{stem}.pem"), certificate.pem()),
            directory.write(&format!("{stem}-key.pem"), key.serialize_pem()),
        )
    }

    /// What a client trusts that trusts this authority alone.
    pub(crate) fn roots(&self) -> RootCertStore {
        roots(self.pem.as_bytes())
    }

    /// The settings of such a client.
    pub(crate) fn client(&self, alpn: &[&str]) -> ClientConfig {
        trusting(self.roots(), alpn)
    }

    /// A server's settings with a certificate for `name` that ends in `until`.
    pub(crate) fn server(
        &self,
        name: &str,
        until: i32,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> ServerConfig {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        config.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
        config
    }
}

/// One authority, of a PEM file.
pub(super) fn roots(pem: &[u8]) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
    roots
}

/// The settings of a client that trusts these and offers these protocols.
pub(super) fn trusting(roots: RootCertStore, alpn: &[&str]) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

/// One handshake as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct TlsSeen {
    pub(crate) name: Option<String>,
    pub(crate) alpn: Option<Vec<u8>>,
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) resumed: bool,
}

type Tls = Wire<StreamOwned<ServerConnection, TcpStream>>;

/// A server that keeps what it saw.
pub(crate) struct TlsUpstream {
    pub(crate) address: SocketAddr,
    handshakes: Arc<Mutex<Vec<TlsSeen>>>,
    requests: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
}

impl TlsUpstream {
    /// Answers each request with the same bytes, `per_connection` times, and closes.
    pub(crate) fn start(config: ServerConfig, answer: Vec<u8>, per_connection: usize) -> Self {
        Self::serving(config, move |wire, handshakes, requests| {
            for turn in 0..per_connection {
                let request = wire.read_request();
                if turn == 0 {
                    handshakes.lock().unwrap().push(saw(&wire.inner().conn));
                }
                let Some(request) = request else { return };
                requests.lock().unwrap().push(request);
                wire.send(&answer);
            }
            wire.close_notify();
        })
    }

    /// Answers after the head, without reading a body, and closes.
    pub(crate) fn refusing_at_once(config: ServerConfig, answer: Vec<u8>) -> Self {
        Self::serving(config, move |wire, _, _| {
            if wire.read_head().is_some() {
                let _ = wire.try_send(&answer);
                wire.close_notify();
            }
        })
    }

    fn serving(
        config: ServerConfig,
        serve: impl Fn(&mut Tls, &Mutex<Vec<TlsSeen>>, &Mutex<Vec<Request>>) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let this = Self {
            address: listener.local_addr().unwrap(),
            handshakes: Arc::default(),
            requests: Arc::default(),
            stop: Arc::default(),
        };
        let (config, serve, stop) = (Arc::new(config), Arc::new(serve), Arc::clone(&this.stop));
        let (handshakes, requests) = (Arc::clone(&this.handshakes), Arc::clone(&this.requests));
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (config, serve) = (Arc::clone(&config), Arc::clone(&serve));
                let (handshakes, requests) = (Arc::clone(&handshakes), Arc::clone(&requests));
                std::thread::spawn(move || {
                    patient(&stream);
                    let tls = ServerConnection::new(config).unwrap();
                    let mut wire = Wire::new(StreamOwned::new(tls, stream));
                    serve(&mut wire, &handshakes, &requests);
                });
            }
        });
        this
    }

    pub(crate) fn handshakes(&self) -> Vec<TlsSeen> {
        self.handshakes.lock().unwrap().clone()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for TlsUpstream {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn saw(tls: &ServerConnection) -> TlsSeen {
    TlsSeen {
        name: tls.server_name().map(str::to_owned),
        alpn: tls.alpn_protocol().map(<[u8]>::to_vec),
        version: tls.protocol_version(),
        resumed: tls.handshake_kind() == Some(HandshakeKind::Resumed),
    }
}

impl Tls {
    fn close_notify(&mut self) {
        self.inner_mut().conn.send_close_notify();
        let _ = self.try_send([]);
    }
}
