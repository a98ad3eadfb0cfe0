//! New connections to an origin: resolved, connected, encrypted, ready for HTTP/1.1.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::eyeballs::{Failed, race};
use super::fault::{DialError, Why};
use super::names::Names;
use super::origin::{Origin, Through};
use super::outgoing_proxy::{authority, tunnel};
use super::resolve::{Reach, resolve};
use super::socket::Socket;
use super::tls::{Roots, Tls, Trust};
use super::upload::Upload;
use crate::config::{Settings, Span};
use crate::proxy::reply::Fault;

/// hyper buffers at most this much of an answer.
const BUFFER: usize = 128 * 1024;

/// A connection that HTTP can be spoken on.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) sender: http1::SendRequest<Upload>,
    /// Ends the connection's task, and with it the connection.
    pub(super) task: AbortHandle,
}

/// Makes connections.
pub(crate) struct Dialer {
    allow_private: bool,
    roots: Roots,
    manner: Manner,
    /// A route's manner, by the route's number.
    routes: Vec<Manner>,
    /// coswhy's own sockets: a connection to one of them would be a loop.
    own: Vec<SocketAddr>,
    names: Names,
}

/// How connections to an origin are made.
struct Manner {
    tls: Tls,
    connect_timeout: Span,
    /// Where it is not `upstream.response_timeout`.
    response_timeout: Option<Span>,
}

impl std::fmt::Debug for Dialer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dialer").field("own", &self.own).finish_non_exhaustive()
    }
}

impl Dialer {
    /// What was read for `before` and is the same is used on, its TLS sessions with it.
    pub(crate) fn new(
        settings: &Settings,
        own: Vec<SocketAddr>,
        before: Option<&Self>,
    ) -> Result<Self, String> {
        let upstream = &settings.upstream;
        let roots = before.map_or_else(Roots::of_system, |before| before.roots.clone());
        if roots.are_none() && upstream.ca_file.is_none() {
            tracing::warn!(
                "no root certificates were found on this system: https to COS will fail until they are installed \
                 (the ca-certificates package) or upstream.ca_file names them"
            );
        }
        let known = |tls: Tls| before.and_then(|before| before.known(&tls)).unwrap_or(tls);
        let tls = Tls::new(&roots, "upstream.ca_file", upstream.ca_file.as_deref()).map(known)?;
        let routes = settings.route.iter().enumerate().map(|(number, route)| {
            Ok(Manner {
                tls: match &route.ca_file {
                    Some(file) => {
                        Tls::new(&roots, &format!("route[{number}].ca_file"), Some(file)).map(known)?
                    }
                    None => tls.clone(),
                },
                connect_timeout: route.connect_timeout.unwrap_or(upstream.connect_timeout),
                response_timeout: route.response_timeout,
            })
        });
        let routes = routes.collect::<Result<_, String>>()?;
        let manner = Manner { tls, connect_timeout: upstream.connect_timeout, response_timeout: None };
        Ok(Self {
            allow_private: upstream.allow_private,
            roots,
            manner,
            routes,
            own,
            names: Names::of_system(),
        })
    }

    fn known(&self, tls: &Tls) -> Option<Tls> {
        let all = std::iter::once(&self.manner).chain(&self.routes);
        all.map(|manner| &manner.tls).find(|known| known.trust() == tls.trust()).cloned()
    }

    /// What connections of a route, or of none, are trusted by.
    pub(super) fn trust(&self, route: Option<usize>) -> Trust {
        let manner = route.and_then(|number| self.routes.get(number)).unwrap_or(&self.manner);
        Trust { private: self.allow_private, ..manner.tls.trust() }
    }

    pub(crate) fn trusts_the_same_as(&self, other: &Self) -> bool {
        self.manner.tls.trust() == other.manner.tls.trust()
    }

    pub(crate) fn own(&self) -> &[SocketAddr] {
        &self.own
    }

    fn manner(&self, origin: &Origin) -> &Manner {
        origin.route.and_then(|number| self.routes.get(number)).unwrap_or(&self.manner)
    }

    /// How long the origin may take for the head of its answer, where its route says so.
    pub(super) fn response_timeout(&self, origin: &Origin) -> Option<Duration> {
        self.manner(origin).response_timeout.map(|limit| limit.0)
    }

    pub(super) async fn dial(&self, origin: &Origin) -> Result<Connection, DialError> {
        let connecting = async {
            let stream = self.open(origin).await?;
            if origin.tls {
                speak(self.manner(origin).tls.connect(&origin.name, stream).await?).await
            } else {
                speak(stream).await
            }
        };
        self.in_time(origin, connecting).await
    }

    /// A connection to the origin that nothing has been said on yet.
    pub(crate) async fn raw(&self, origin: &Origin) -> Result<TcpStream, Fault> {
        let origin = origin.clone().tunnelled();
        Ok(self.in_time(&origin, self.open(&origin)).await?)
    }

    async fn in_time<T>(
        &self,
        origin: &Origin,
        connecting: impl Future<Output = Result<T, DialError>>,
    ) -> Result<T, DialError> {
        let limit = self.manner(origin).connect_timeout;
        timeout(limit.0, connecting).await.unwrap_or_else(|_| {
            let to = authority(&origin.host, origin.port);
            let late = |way: &str| {
                DialError::new(Why::Timeout, format!("connecting to {to}{way} took longer than {limit}"))
            };
            Err(match &origin.through {
                Some(through) => {
                    let proxy = through.proxy();
                    late(&format!(" through the outgoing proxy {}", proxy.address())).look_at(proxy.named_by)
                }
                None => late(""),
            })
        })
    }

    /// As far as the origin, or as the outgoing proxy where that is told each request's origin.
    async fn open(&self, origin: &Origin) -> Result<TcpStream, DialError> {
        // Half of the time is for the name, so that a DNS that is silent is named as what it was.
        let limit = self.manner(origin).connect_timeout.0 / 2;
        let Some(through) = &origin.through else {
            let reach = Reach::of(origin, self.allow_private);
            return self.connect(&origin.host, origin.port, reach, limit).await;
        };
        let proxy = through.proxy();
        let connecting = self.connect(&proxy.host, proxy.port, Reach::Anywhere, limit).await;
        let stream = connecting.map_err(|error| error.before(proxy))?;
        match through {
            Through::Tunnel(proxy) => tunnel(proxy, stream, &origin.host, origin.port).await,
            Through::Absolute(_) => Ok(stream),
        }
    }

    async fn connect(
        &self,
        host: &str,
        port: u16,
        reach: Reach,
        limit: Duration,
    ) -> Result<TcpStream, DialError> {
        let addresses = resolve(&self.names, host, port, reach, limit).await;
        let addresses = addresses.map_err(|error| self.find_loop(error))?;
        let (address, stream) =
            race(addresses, TcpStream::connect).await.map_err(|failed| unreachable(host, &failed))?;
        if self.is_own(&stream, address) {
            return Err(looped(host, address));
        }
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    /// Whether the other end is coswhy itself: one of its ports, on this machine.
    fn is_own(&self, stream: &TcpStream, address: SocketAddr) -> bool {
        let ip = address.ip().to_canonical();
        self.own.iter().filter(|own| own.port() == address.port()).any(|own| {
            let listens_at = own.ip().to_canonical();
            // A connection to an address of this machine has that same address at both ends.
            let here =
                ip.is_loopback() || stream.local_addr().is_ok_and(|local| local.ip().to_canonical() == ip);
            listens_at == ip || ip.is_unspecified() || (listens_at.is_unspecified() && here)
        })
    }

    /// A name that leads to this machine leads back here if one of coswhy's sockets is behind it.
    fn find_loop(&self, error: DialError) -> DialError {
        match error.why() {
            Why::Loopback(address) if self.own.iter().any(|own| own.port() == address.port()) => {
                looped(&address.ip().to_string(), address)
            }
            _ => error,
        }
    }
}

fn looped(host: &str, address: SocketAddr) -> DialError {
    let says = format!("{host} leads back to this proxy itself ({address})");
    DialError::new(Why::Loop, says).look_at(
        "the hosts file, upstream.url, upstream.connect_to and the url of the [[route]], if it has one",
    )
}

/// Too many open files, of this process or of all.
const EMFILE: i32 = 24;
const ENFILE: i32 = 23;

/// No address connected. The failure that says most is named as the reason: a refusal came from the other side.
fn unreachable(host: &str, failed: &[Failed]) -> DialError {
    let is = |kind| failed.iter().any(|(_, error)| error.kind() == kind);
    let why = if is(io::ErrorKind::ConnectionRefused) {
        Why::Refused
    } else if is(io::ErrorKind::TimedOut) {
        Why::Timeout
    } else if failed.iter().any(|(_, error)| matches!(error.raw_os_error(), Some(EMFILE | ENFILE))) {
        Why::OutOfFiles
    } else {
        Why::Unavailable
    };
    let each: Vec<_> = failed.iter().map(|(address, error)| format!("at {address}: {error}")).collect();
    DialError::new(why, format!("cannot connect to {host} {}", each.join(", ")))
}

async fn speak<S>(stream: S) -> Result<Connection, DialError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::Builder::new()
        .preserve_header_case(true)
        .max_buf_size(BUFFER)
        .handshake(TokioIo::new(Socket::new(stream)))
        .await
        .map_err(|error| DialError::new(Why::Unavailable, error.to_string()))?;
    let task = tokio::spawn(async move {
        // Whoever waits for the answer is told of the error.
        let _ = connection.await;
    });
    Ok(Connection { sender, task: task.abort_handle() })
}
