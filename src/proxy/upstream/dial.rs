//! New connections to an origin: resolved, connected, encrypted, ready for HTTP/1.1.

use std::io;
use std::net::SocketAddr;

use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::fault::{DialError, Why};
use super::origin::Origin;
use super::resolve::resolve;
use super::socket::Socket;
use super::tls::Tls;
use super::upload::Upload;
use crate::config::settings;

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
    settings: settings::Upstream,
    tls: Tls,
    /// coswhy's own sockets: a connection to one of them would be a loop.
    own: Vec<SocketAddr>,
}

impl std::fmt::Debug for Dialer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dialer").field("own", &self.own).finish_non_exhaustive()
    }
}

impl Dialer {
    pub(crate) fn new(settings: &settings::Upstream, own: Vec<SocketAddr>) -> Result<Self, String> {
        Ok(Self { settings: settings.clone(), tls: Tls::new(settings)?, own })
    }

    pub(super) async fn dial(&self, origin: &Origin) -> Result<Connection, DialError> {
        let limit = self.settings.connect_timeout;
        timeout(limit.0, self.connect(origin)).await.unwrap_or_else(|_| {
            let says = format!("connecting to {}:{} took longer than {limit}", origin.host, origin.port);
            Err(DialError::new(Why::Timeout, says))
        })
    }

    async fn connect(&self, origin: &Origin) -> Result<Connection, DialError> {
        let addresses =
            resolve(origin, self.settings.allow_private).await.map_err(|error| self.find_loop(error))?;
        let stream = self.reach(origin, &addresses).await?;
        let _ = stream.set_nodelay(true);
        if origin.tls {
            speak(self.tls.connect(&origin.name, stream).await?).await
        } else {
            speak(stream).await
        }
    }

    async fn reach(&self, origin: &Origin, addresses: &[SocketAddr]) -> Result<TcpStream, DialError> {
        let mut failure = DialError::new(Why::Dns, format!("the name {} has no address", origin.host));
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) if self.is_own(&stream, *address) => return Err(looped(&origin.host, *address)),
                Ok(stream) => return Ok(stream),
                Err(error) => {
                    let why = match error.kind() {
                        io::ErrorKind::ConnectionRefused => Why::Refused,
                        io::ErrorKind::TimedOut => Why::Timeout,
                        _ => Why::Unavailable,
                    };
                    let says = format!("cannot connect to {} at {address}: {error}", origin.host);
                    failure = DialError::new(why, says);
                }
            }
        }
        Err(failure)
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
    let says = format!(
        "{host} leads back to this proxy itself ({address}): look at the hosts file, upstream.url and \
         upstream.connect_to"
    );
    DialError::new(Why::Loop, says)
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
