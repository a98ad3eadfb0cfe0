//! Takes connections from a listening socket and gives each to the worker with the fewest.
//!
//! One acceptor instead of a socket a worker (SO_REUSEPORT): connections spread evenly even when they are few,
//! and a second coswhy on the same port fails to start instead of silently taking every other connection.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener as StdTcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{sleep, timeout};

use super::entrance::Door;
use super::rejection;
use super::worker::{Accepted, WorkerHandle};
use crate::observe::{Outcome, Record};
use crate::proxy::current::Current;
use crate::proxy::reply::Fault;
use crate::proxy::snapshot::Shared;

/// At most this many connections wait for a place; more are refused at once.
const WAITING: usize = 1024;

/// The places that connections take, by whatever door, and each further request at the same time on one of them: as many
/// as there may be connections to the upstream.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    taken: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Places {
    pub(crate) fn new(max_connections: usize) -> Self {
        Self {
            taken: Arc::new(Semaphore::new(max_connections.min(Semaphore::MAX_PERMITS))),
            waiting: Arc::new(Semaphore::new(WAITING)),
        }
    }

    /// A place, if there is one.
    pub(super) fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.taken).try_acquire_owned().ok()
    }
}

/// A listening socket.
#[derive(Debug)]
pub(crate) struct Acceptor {
    listener: TcpListener,
    door: Door,
    places: Places,
    current: Arc<Current>,
}

impl Acceptor {
    pub(crate) fn new(listener: StdTcpListener, door: Door, current: Arc<Current>) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let places = current.get().places.clone();
        Ok(Self { listener: TcpListener::from_std(listener)?, door, places, current })
    }

    /// Accepts until dropped.
    pub(crate) async fn run(self, workers: &[WorkerHandle]) {
        let (late, mut placed) = mpsc::unbounded_channel();
        loop {
            let accepted = tokio::select! {
                accepted = self.accept() => accepted,
                Some(accepted) = placed.recv() => {
                    give(workers, accepted);
                    continue;
                }
            };
            match accepted {
                Ok((stream, peer)) => match self.places.take() {
                    Some(permit) => give(workers, Accepted { stream, peer, door: self.door, permit }),
                    None => self.wait_for_place(stream, peer, late.clone()),
                },
                Err(error) => {
                    // Out of file descriptors, mostly: connections in flight will free some.
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    stream.set_nodelay(true)?;
                    return Ok((stream.into_std()?, peer));
                }
                Err(error) if aborted(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn wait_for_place(&self, stream: TcpStream, peer: SocketAddr, late: mpsc::UnboundedSender<Accepted>) {
        let door = self.door;
        let Ok(turn) = Arc::clone(&self.places.waiting).try_acquire_owned() else {
            refuse(&self.current.get(), door, stream, peer);
            return;
        };
        let places = Arc::clone(&self.places.taken);
        let shared = self.current.get();
        tokio::spawn(async move {
            let patience = shared.settings.listener.queue_timeout.0;
            match timeout(patience, places.acquire_owned()).await {
                Ok(Ok(permit)) => drop(late.send(Accepted { stream, peer, door, permit })),
                _ => refuse(&shared, door, stream, peer),
            }
            drop::<OwnedSemaphorePermit>(turn);
        });
    }
}

/// The client reset its connection while it waited to be accepted: nothing is wrong here.
fn aborted(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    )
}

fn give(workers: &[WorkerHandle], accepted: Accepted) {
    if let Some(worker) = workers.iter().min_by_key(|worker| worker.load()) {
        worker.give(accepted);
    }
}

/// Says 503 and closes. The answer fits the socket's empty buffer, so this does not wait; a TLS handshake would, so
/// https is closed without a word.
fn refuse(shared: &Shared, door: Door, mut stream: TcpStream, peer: SocketAddr) {
    let fault = Fault::overloaded(shared.settings.listener.max_connections);
    let answered = door == Door::Plain;
    let written = if answered { stream.write(&rejection::raw(&fault)).unwrap_or(0) } else { 0 };
    let _ = stream.shutdown(std::net::Shutdown::Write);
    shared.observer.record(Record {
        client: Some(peer),
        status: answered.then(|| fault.status.as_u16()),
        bytes_out: written as u64,
        error: Some(fault.message),
        ..Record::new(Outcome::Overloaded)
    });
}
