//! The operator's listener: health, metrics and the recent diagnoses; docs/admin.md lists the endpoints.
//!
//! Small on purpose: HTTP/1.1 without TLS, few connections at a time.

mod access;
mod answer;
mod diagnoses;
mod events;
mod explain;
mod file;
mod groups;
mod inspector;
mod metrics;
mod places;
mod query;
mod reload;
mod router;
mod rules;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::places::{Asked, Places};
pub use self::reload::{Refused, Reload, Reloaded};
use self::router::Router;
use crate::config::Keys;
use crate::config::settings::{self, Language};
use crate::diagnosis::Engine;
use crate::observe::Observer;

/// From the first byte of a head to its last, and how long an unused connection lives.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Heads are a few hundred bytes.
const LARGEST_HEAD: usize = 16 * 1024;
/// What answers in progress are given after the end was announced.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);
/// Before accepting is tried again where the system is out of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a reload changes.
#[derive(Debug, Clone)]
pub struct InForce {
    pub settings: settings::Admin,
    /// For `/explain`.
    pub engine: Arc<Engine>,
    pub keys: Arc<Keys>,
    pub language: Language,
}

impl InForce {
    /// Where nothing is loaded anew.
    #[must_use]
    pub fn for_good(self) -> watch::Receiver<Self> {
        watch::channel(self).1
    }
}

/// What the listener shows, and to whom.
#[derive(Debug, Clone)]
pub struct State {
    pub observer: Observer,
    pub in_force: watch::Receiver<InForce>,
    /// `None`: there is nothing that could be loaded anew.
    pub reload: Option<Reload>,
    /// Where the proxy listens, for the page to tell.
    pub proxy: Option<SocketAddr>,
    /// False before the proxy listens and from the moment it drains.
    pub ready: Arc<AtomicBool>,
}

/// Serves until `shutdown` ends, then lets answers in progress end.
pub async fn serve(listener: TcpListener, state: State, shutdown: impl Future<Output = ()>) {
    let (closing, closed) = watch::channel(false);
    let listen = listener.local_addr().unwrap_or(state.in_force.borrow().settings.listen);
    let router = Arc::new(Router::new(state, listen, closed.clone()));
    let mut places = Places::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = places.accept(&listener) => accepted,
            () = &mut shutdown => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, place)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let (router, closed, asked) = (Arc::clone(&router), closed.clone(), Asked::default());
        let asks = asked.clone();
        let task = connections.spawn(async move {
            converse(stream, &router, &asks, closed).await;
            drop(place);
        });
        places.watch(task, asked);
    }
    drop(listener);
    closing.send_replace(true);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(CLOSE_PATIENCE, all).await;
}

/// The two ends of a connection.
#[derive(Debug, Clone, Copy)]
struct Ends {
    local: SocketAddr,
    peer: SocketAddr,
}

async fn converse(stream: TcpStream, router: &Router, asked: &Asked, mut closed: watch::Receiver<bool>) {
    let (Ok(local), Ok(peer)) = (stream.local_addr(), stream.peer_addr()) else { return };
    let ends = Ends { local, peer };
    let service = service_fn(async |request| {
        asked.set();
        Ok::<_, io::Error>(router.answer(request, ends).await)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // A connection's own failure is its client's affair.
    tokio::select! {
        _ = &mut connection => return,
        _ = closed.wait_for(|closed| *closed) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
