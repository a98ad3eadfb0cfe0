//! https for the clients, at `tls.listen`: the handshake, then HTTP/2 or HTTP/1.1, as ALPN says (RFC 7301).

mod certificates;
mod failure;
mod reload;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use self::certificates::{Certificates, Files};
pub(crate) use self::failure::Failure;
use self::reload::Seen;
use super::worker::Worker;
use super::{Entrance, connection, http2, rejection};
use crate::config::settings::Tls;
use crate::observe::{Observer, Outcome, Record};
use crate::proxy::reply::Fault;

const H2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";

/// What a client may choose from.
pub(crate) fn protocols() -> Vec<Vec<u8>> {
    vec![H2.to_vec(), HTTP_1_1.to_vec()]
}

/// rustls encrypts at most this much ahead of the socket: a large answer then goes out in few writes.
const BUFFER: usize = 256 * 1024;

/// What handshakes are made with.
pub(crate) struct Front {
    acceptor: TlsAcceptor,
    config: ServerConfig,
    certificates: Arc<Certificates>,
    files: Vec<Files>,
    seen: Seen,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Front {
    /// Reads the certificates; the sentence names the setting, the file and what is wrong.
    ///
    /// Sessions that began under `before` are resumed.
    pub(crate) fn load(settings: &Tls, before: Option<&Self>) -> Result<Self, String> {
        let files = Files::of(settings);
        let seen = Seen::now(&files);
        let certificates = Arc::new(Certificates::load(&files)?);
        let config = match before {
            Some(before) => {
                let mut config = before.config.clone();
                config.cert_resolver = Arc::clone(&certificates) as _;
                config
            }
            None => config(Arc::clone(&certificates)).map_err(|error| format!("tls: {error}"))?,
        };
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config.clone())), config, certificates, files, seen })
    }

    pub(crate) fn shows_the_same_as(&self, other: &Self) -> bool {
        self.certificates.are_the_same_as(&other.certificates)
    }

    /// Takes certificates that are replaced, for as long as it is polled.
    pub(crate) async fn keep_fresh(&self) {
        reload::keep_fresh(&self.certificates, &self.files, self.seen.clone()).await;
    }

    async fn handshake(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept_with(stream, |connection| connection.set_buffer_limit(Some(BUFFER))).await
    }
}

fn config(certificates: Arc<Certificates>) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = protocols();
    config.ticketer = ring::Ticketer::new()?;
    Ok(config)
}

/// Serves a connection to `tls.listen`.
pub(super) async fn serve(
    mut stream: TcpStream,
    peer: SocketAddr,
    worker: Arc<Worker>,
    drain: watch::Receiver<bool>,
) {
    let shared = worker.current.get();
    let Some(front) = &shared.front else { return };
    let limit = shared.settings.listener.header_timeout.0;
    let greeting = async {
        let mut first = [0];
        // A connection that says nothing and goes was a look whether the port is open.
        if stream.peek(&mut first).await? == 0 {
            return Ok(None);
        }
        // A request of plain HTTP begins with a capital letter, TLS with a 22 (RFC 8446, section 5.1).
        if first.iter().all(u8::is_ascii_uppercase) {
            let fault = Fault::bad_request(
                "This port speaks https, and the request came as plain http. Say https:// here, or use the address \
                 of `listen`.",
            );
            farewell(&mut stream, &fault).await;
            return Err(Ending::Fault(fault));
        }
        Ok(Some(front.handshake(stream).await?))
    };
    let stream = match timeout(limit, greeting).await {
        Ok(Ok(Some(stream))) => stream,
        Ok(Ok(None)) => return,
        Ok(Err(ending)) => return note(&shared.observer, peer, ending),
        Err(_) => {
            return note(&shared.observer, peer, Ending::Fault(Fault::client_timeout("its TLS handshake")));
        }
    };
    shared.observer.metrics().handshakes.client.ok();
    drop(shared);
    speak(stream, Entrance::Tls, peer, worker, drain).await;
}

/// Serves the requests of a connection by the protocol that its handshake agreed on.
pub(crate) async fn speak<S>(
    stream: TlsStream<S>,
    entrance: Entrance,
    peer: SocketAddr,
    worker: Arc<Worker>,
    drain: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    if stream.get_ref().1.alpn_protocol() == Some(H2) {
        http2::serve(stream, entrance, peer, worker, drain).await;
    } else {
        connection::serve(stream, entrance, peer, worker, drain).await;
    }
}

/// How a connection ended before there was HTTP on it.
enum Ending {
    Handshake(io::Error),
    Fault(Fault),
}

impl From<io::Error> for Ending {
    fn from(error: io::Error) -> Self {
        Self::Handshake(error)
    }
}

/// Answers in the plain, and reads on for a while, for unread bytes would reset the connection before the answer.
async fn farewell(stream: &mut TcpStream, fault: &Fault) {
    let saying = async {
        stream.write_all(&rejection::raw(fault)).await?;
        stream.shutdown().await?;
        let mut unread = [0; 4096];
        while stream.read(&mut unread).await? > 0 {}
        io::Result::Ok(())
    };
    let _ = timeout(Duration::from_secs(2), saying).await;
}

fn note(observer: &Observer, peer: SocketAddr, ending: Ending) {
    let record = match ending {
        Ending::Fault(fault) => {
            let status = (fault.outcome == Outcome::BadRequest).then(|| fault.status.as_u16());
            Record { status, error: Some(fault.message), ..Record::new(fault.outcome) }
        }
        Ending::Handshake(error) => {
            observer.metrics().handshakes.client.failed();
            let (outcome, says) = match Failure::of(&error) {
                Failure::Distrust => (
                    Outcome::ClientTls,
                    format!(
                        "The client does not trust the certificate of tls.cert, or not for the name that it asked \
                         for ({error})."
                    ),
                ),
                Failure::Gone => {
                    (Outcome::ClientAborted, "The client went away during its TLS handshake.".to_owned())
                }
                Failure::Other => (Outcome::ClientTls, format!("No TLS to go on with: {error}.")),
            };
            Record { error: Some(says), ..Record::new(outcome) }
        }
    };
    observer.record(Record { client: Some(peer), ..record });
}
