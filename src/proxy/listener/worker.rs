//! A worker: one thread with its own runtime and its own upstream connections; nothing is shared between
//! workers that a request would have to lock.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpStream as StdTcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::{Instant, interval, timeout_at};

use super::{Door, proxied};
use crate::proxy::current::Current;
use crate::proxy::upstream::Pool;

/// What every request on one worker's thread can reach.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) current: Arc<Current>,
    pub(crate) pool: Arc<Pool>,
}

/// A connection on its way from the acceptor to a worker.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) stream: StdTcpStream,
    pub(crate) peer: SocketAddr,
    pub(crate) door: Door,
    pub(crate) permit: OwnedSemaphorePermit,
}

/// The acceptor's end of a worker.
#[derive(Debug)]
pub(crate) struct WorkerHandle {
    queue: mpsc::UnboundedSender<Accepted>,
    /// Connections that this worker serves now.
    load: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

impl WorkerHandle {
    /// Starts a worker's thread; `beside` runs there with everything else.
    pub(crate) fn start(
        number: usize,
        current: Arc<Current>,
        drain: watch::Receiver<bool>,
        beside: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<Self> {
        let (queue, connections) = mpsc::unbounded_channel();
        let load = Arc::new(AtomicUsize::new(0));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let counted = Arc::clone(&load);
        let thread = thread::Builder::new().name(format!("worker-{number}")).spawn(move || {
            runtime.spawn(beside);
            runtime.block_on(run(current, connections, drain, counted));
        })?;
        Ok(Self { queue, load, thread })
    }

    pub(crate) fn load(&self) -> usize {
        self.load.load(Relaxed)
    }

    pub(crate) fn give(&self, accepted: Accepted) {
        // A worker outlives its queue; a send can only fail when the process is ending anyway.
        let _ = self.queue.send(accepted);
    }

    /// Takes no more connections and waits for the thread to end.
    pub(crate) fn join(self) {
        drop(self.queue);
        let _ = self.thread.join();
    }
}

/// Counts a connection for as long as it lives.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(load: &Arc<AtomicUsize>) -> Self {
        load.fetch_add(1, Relaxed);
        Self(Arc::clone(load))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// Serves a connection; what it holds is given back at its end.
fn hold(served: impl Future<Output = ()> + Send + 'static, held: impl Send + 'static) {
    tokio::spawn(async move {
        served.await;
        drop(held);
    });
}

async fn run(
    current: Arc<Current>,
    mut connections: mpsc::UnboundedReceiver<Accepted>,
    mut drain: watch::Receiver<bool>,
    load: Arc<AtomicUsize>,
) {
    let shared = current.get();
    let observer = shared.observer.clone();
    let pool = Arc::new(Pool::new(&shared.settings.upstream, observer.metrics().upstream.worker()));
    drop(shared);
    let worker = Arc::new(Worker { current, pool });
    tokio::spawn(sweep(Arc::clone(&worker)));
    // Every connection holds a sender: when the last is gone, receiving ends.
    let (alive, mut all_gone) = mpsc::channel::<()>(1);
    while let Some(Accepted { stream, peer, door, permit }) = connections.recv().await {
        let Ok(stream) = TcpStream::from_std(stream) else { continue };
        let held = (Counted::new(&load), observer.connection_guard(), permit, alive.clone());
        let (worker, drain) = (Arc::clone(&worker), drain.clone());
        hold(proxied::serve(stream, door, peer, worker, drain), held);
    }
    let _ = drain.wait_for(|drain| *drain).await;
    drop(alive);
    let deadline = Instant::now() + worker.current.get().settings.listener.drain_timeout.0;
    let _ = timeout_at(deadline, all_gone.recv()).await;
}

/// Closes upstream connections that nobody used for their idle time.
async fn sweep(worker: Arc<Worker>) {
    let mut reloads = worker.current.reloads();
    loop {
        let idle_timeout = {
            let upstream = &worker.current.get().settings.upstream;
            worker.pool.keep_to(upstream);
            upstream.idle_timeout.0
        };
        let mut tick = interval(idle_timeout / 2);
        loop {
            tokio::select! {
                _ = tick.tick() => worker.pool.sweep(),
                _ = reloads.changed() => break,
            }
        }
    }
}
