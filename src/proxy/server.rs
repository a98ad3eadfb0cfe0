//! The proxy as a whole: its sockets, its workers, its start and its end.

use std::future::pending;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::watch;
use tokio::time::sleep;

use super::address::Addresses;
use super::classify::Refusals;
use super::intercept::Interception;
use super::listener::{Acceptor, Door, Front, Places, WorkerHandle};
use super::memory::Memory;
use super::open_files;
use super::sign::Keys;
use super::upstream::{Dialer, Origins};
use crate::config::Settings;
use crate::diagnosis::Engine;
use crate::observe::Observer;

/// What all workers share and none changes.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) engine: Arc<Engine>,
    pub(crate) observer: Observer,
    pub(crate) addresses: Addresses,
    pub(crate) keys: Keys,
    pub(crate) origins: Origins,
    pub(crate) dialer: Dialer,
    pub(crate) refusals: Refusals,
    pub(crate) memory: Memory,
    /// `None`: https through CONNECT is not looked into.
    pub(crate) interception: Option<Interception>,
    pub(crate) places: Places,
    /// `None`: there is no `tls.listen`.
    pub(crate) front: Option<Front>,
    /// `admin.public_url` without a slash at its end.
    pub(crate) public_url: Option<String>,
}

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
    shared: Arc<Shared>,
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

/// What else a start would find wrong with settings: what the environment says of proxies, and whether clients could
/// trust what the CA signs. The sentence begins with the name of the setting or the variable.
pub fn check(settings: &Settings) -> Result<(), String> {
    Origins::new(settings, |name| std::env::var(name).ok())?;
    Interception::load(&settings.intercept).map(drop)
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
        open_files::raise_limit(settings);
        let most = i64::try_from(settings.listener.max_connections).unwrap_or(i64::MAX);
        observer.metrics().max_connections.set(most);
        let plain = listen("listen", settings.listen)?;
        let tls = settings.tls.listen.map(|address| listen("tls.listen", address)).transpose()?;
        let listening = [Some(&plain), tls.as_ref()];
        let own = listening.into_iter().flatten().map(|listening| listening.address);
        let own = others.iter().copied().chain(own).collect();
        let shared = Arc::new(Shared {
            addresses: Addresses::new(settings),
            keys: Keys::new(&settings.keys).map_err(StartError::Setting)?,
            origins: Origins::new(settings, |name| std::env::var(name).ok()).map_err(StartError::Setting)?,
            dialer: Dialer::new(settings, own).map_err(StartError::Setting)?,
            interception: Interception::load(&settings.intercept).map_err(StartError::Setting)?,
            places: Places::new(settings.listener.max_connections),
            front: tls
                .as_ref()
                .map(|_| Front::load(&settings.tls))
                .transpose()
                .map_err(StartError::Setting)?,
            memory: Memory::new(),
            refusals: Refusals::new(&settings.diagnosis.statuses),
            public_url: settings.admin.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
            settings: settings.clone(),
            engine,
            observer,
        });
        Ok(Self { plain, tls, shared })
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
        let threads = self.shared.settings.runtime.threads.unwrap_or_else(cores);
        let workers = (0..threads.max(1))
            .map(|number| WorkerHandle::start(number, Arc::clone(&self.shared), draining_connections.clone()))
            .collect::<io::Result<Vec<_>>>()?;
        let acceptor =
            |listening: Listening, door| Acceptor::new(listening.socket, door, Arc::clone(&self.shared));
        let plain = acceptor(self.plain, Door::Plain)?;
        let tls = self.tls.map(|tls| acceptor(tls, Door::Tls)).transpose()?;
        let delay = self.shared.settings.listener.drain_delay.0;
        tokio::select! {
            () = plain.run(&workers) => {}
            () = async { if let Some(tls) = tls { tls.run(&workers).await } else { pending().await } } => {}
            () = async {
                if let Some(front) = &self.shared.front { front.keep_fresh().await } else { pending().await }
            } => {}
            () = async { draining.started().await; sleep(delay).await } => {}
        }
        drain.send_replace(true);
        let ended = tokio::task::spawn_blocking(|| workers.into_iter().for_each(WorkerHandle::join));
        let _ = ended.await;
        Ok(())
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn listen(setting: &'static str, address: SocketAddr) -> Result<Listening, StartError> {
    let open = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // A restart need not wait for the old process's connections to leave TIME_WAIT.
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(4096)?;
        let socket = TcpListener::from(socket);
        Ok(Listening { address: socket.local_addr()?, socket })
    };
    open().map_err(|error| StartError::Listen { setting, address, error })
}
