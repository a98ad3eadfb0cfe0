//! The listeners: HTTP/1.1, plain and over TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::clock::Clock;
use super::keys::Key;
use super::letter_case;
use super::service::Service;

/// How long what a client still sends is read after an answer that did not need it.
const LINGER: Duration = Duration::from_secs(5);
const LINGER_SILENCE: Duration = Duration::from_secs(1);

/// What a simulator is started with.
#[derive(Debug, Clone)]
pub struct Options {
    pub listen: SocketAddr,
    pub tls: Option<Tls>,
    /// Keys that are known; those of the demo at first.
    pub keys: Vec<Key>,
    pub clock: Clock,
}

/// The second listener.
#[derive(Debug, Clone)]
pub struct Tls {
    pub listen: SocketAddr,
    pub config: Arc<ServerConfig>,
}

impl Default for Options {
    /// A free port on loopback, the demo's keys, this machine's clock, no TLS.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
            keys: Key::demo(),
            clock: Clock::default(),
        }
    }
}

/// A running simulator; it ends when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    pub http: SocketAddr,
    pub https: Option<SocketAddr>,
    pub clock: Clock,
    tasks: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Binds the listeners and serves them on the current runtime.
    ///
    /// # Errors
    /// An address can't be bound.
    pub async fn start(options: Options) -> io::Result<Self> {
        let service = Service::new(options.keys, options.clock.clone(), letter_case::of_cos().await?);
        let service = Arc::new(service);
        let listener = TcpListener::bind(options.listen).await?;
        let http = listener.local_addr()?;
        let mut tasks = vec![tokio::spawn(accept(listener, None, Arc::clone(&service)))];
        let mut https = None;
        if let Some(tls) = options.tls {
            let listener = TcpListener::bind(tls.listen).await?;
            https = Some(listener.local_addr()?);
            tasks.push(tokio::spawn(accept(listener, Some(TlsAcceptor::from(tls.config)), service)));
        }
        Ok(Self { http, https, clock: options.clock, tasks })
    }

    /// Ends it, connections and all.
    pub async fn stop(mut self) {
        for task in std::mem::take(&mut self.tasks) {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Connections live in the accepting task's set, so that they end with it.
async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, tls.clone(), Arc::clone(&service)));
                }
                // out of file descriptors, say: it passes
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, service: Arc<Service>) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve(stream, service).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, service).await;
            }
        }
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, service: Arc<Service>) {
    let service = service_fn(move |request| Arc::clone(&service).answer(request));
    let served = http1::Builder::new()
        .auto_date_header(false)
        .preserve_header_case(true)
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .without_shutdown()
        .await;
    if let Ok(parts) = served {
        linger(parts.io.into_inner()).await;
    }
}

/// A refused upload goes on arriving: closing at once would reset the connection and take the answer with it.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
    let _ = stream.shutdown().await;
    let mut waste = vec![0; 64 * 1024];
    let discard = async {
        while let Ok(Ok(1..)) = tokio::time::timeout(LINGER_SILENCE, stream.read(&mut waste)).await {}
    };
    let _ = tokio::time::timeout(LINGER, discard).await;
}
