//! The proxy as a whole: its sockets, its workers, its start and its end.

use std::future::pending;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::watch;
use tokio::time::sleep;

use super::current::{Current, Reloader};
use super::listener::{Acceptor, Door, WorkerHandle};
use super::open_files;
use super::pulse::Pulse;
use super::snapshot::Shared;
use crate::config::Settings;
use crate::diagnosis::Engine;
use crate::observe::Observer;

/// Why the proxy does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{setting}: cannot listen on {address}: {error}")]
    Listen { setting: &'static str, address: SocketAddr, error: io::Error },
    #[error("{0}")]
    Setting(String),
    #[error("cannot start a worker: {0}")]
    Worker(#[from] io::Error),
}

/// The proxy, listening.
#[derive(Debug)]
pub struct Server {
    plain: Listening,
    tls: Option<Listening>,
    current: Arc<Current>,
    pulse: Pulse,
}

/// A socket that takes connections.
#[derive(Debug)]
struct Listening {
    socket: TcpListener,
    address: SocketAddr,
}

/// Tells the proxy to end, and how far it has got.
#[derive(Debug, Clone)]
pub struct Draining(watch::Sender<bool>);

impl Draining {
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// The proxy is to end: `/readyz` says so from now on.
    pub fn start(&self) {
        self.0.send_replace(true);
    }

    #[must_use]
    pub fn has_started(&self) -> bool {
        *self.0.borrow()
    }

    async fn started(&self) {
        let _ = self.0.subscribe().wait_for(|started| *started).await;
    }
}

impl Default for Draining {
    fn default() -> Self {
        Self::new()
    }
}

impl Server {
    /// Opens the listening sockets. `others` are coswhy's own sockets beside it (the admin listener's), for the
    /// finding of loops.
    ///
    /// # Errors
    /// Where the address is taken, or a setting does not hold up.
    pub fn bind(
        settings: &Settings,
        engine: Arc<Engine>,
        observer: Observer,
        others: &[SocketAddr],
    ) -> Result<Self, StartError> {
        Self::on((None, None), settings, engine, observer, others)
    }

    /// The same, on sockets for `listen` and `tls.listen` that are open already, where there are.
    ///
    /// # Errors
    /// As in `bind`.
    pub fn on(
        (plain, tls): (Option<TcpListener>, Option<TcpListener>),
        settings: &Settings,
        engine: Arc<Engine>,
        observer: Observer,
        others: &[SocketAddr],
    ) -> Result<Self, StartError> {
        open_files::raise_limit(settings);
        let most = i64::try_from(settings.listener.max_connections).unwrap_or(i64::MAX);
        observer.metrics().max_connections.set(most);
        let plain = listen("listen", settings.listen, plain)?;
        let tls = settings.tls.listen.map(|address| listen("tls.listen", address, tls)).transpose()?;
        let listening = [Some(&plain), tls.as_ref()];
        let own = listening.into_iter().flatten().map(|listening| listening.address);
        let own = others.iter().copied().chain(own).collect();
        let shared = Shared::first(settings, engine, observer, own).map_err(StartError::Setting)?;
        Ok(Self { plain, tls, current: Arc::new(Current::new(shared)), pulse: Pulse::new() })
    }

    /// For other settings while it runs.
    #[must_use]
    pub fn reloader(&self) -> Reloader {
        Reloader(Arc::clone(&self.current))
    }

    /// For whoever watches over its workers.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Where `listen` led to.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.plain.address
    }

    /// Where `tls.listen` led to, if it is set.
    #[must_use]
    pub fn tls_addr(&self) -> Option<SocketAddr> {
        self.tls.as_ref().map(|tls| tls.address)
    }

    /// Serves until `draining` starts and the requests in flight have ended or run out of time.
    ///
    /// # Errors
    /// Where the system gives no threads.
    pub async fn run(self, draining: Draining) -> Result<(), StartError> {
        let (drain, draining_connections) = watch::channel(false);
        let threads = self.current.get().settings.runtime.threads.unwrap_or_else(cores);
        let workers = (0..threads.max(1))
            .map(|number| {
                WorkerHandle::start(
                    number,
                    Arc::clone(&self.current),
                    draining_connections.clone(),
                    self.pulse.answer(),
                )
            })
            .collect::<io::Result<Vec<_>>>()?;
        let acceptor =
            |listening: Listening, door| Acceptor::new(listening.socket, door, Arc::clone(&self.current));
        let plain = acceptor(self.plain, Door::Plain)?;
        let tls = self.tls.map(|tls| acceptor(tls, Door::Tls)).transpose()?;
        tokio::select! {
            () = plain.run(&workers) => {}
            () = async { if let Some(tls) = tls { tls.run(&workers).await } else { pending().await } } => {}
            () = keep_certificates_fresh(&self.current) => {}
            () = async {
                draining.started().await;
                sleep(self.current.get().settings.listener.drain_delay.0).await;
            } => {}
        }
        drain.send_replace(true);
        let ended = tokio::task::spawn_blocking(|| workers.into_iter().for_each(WorkerHandle::join));
        let _ = ended.await;
        Ok(())
    }
}

/// For as long as it is polled, whatever is loaded meanwhile.
async fn keep_certificates_fresh(current: &Current) {
    let mut reloads = current.reloads();
    loop {
        let shared = current.get();
        tokio::select! {
            () = async {
                if let Some(front) = &shared.front { front.keep_fresh().await } else { pending().await }
            } => {}
            _ = reloads.changed() => {}
        }
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn listen(
    setting: &'static str,
    address: SocketAddr,
    open: Option<TcpListener>,
) -> Result<Listening, StartError> {
    let listen = || {
        if let Some(socket) = open {
            return Ok(Listening { address: socket.local_addr()?, socket });
        }
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // A restart need not wait for the old process's connections to leave TIME_WAIT.
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(4096)?;
        let socket = TcpListener::from(socket);
        Ok(Listening { address: socket.local_addr()?, socket })
    };
    listen().map_err(|error| StartError::Listen { setting, address, error })
}
