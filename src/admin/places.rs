//! Places for connections: few at a time, and who has not asked for anything yet gives way to who comes next. So no
//! crowd of silent connections keeps a balancer or a kubelet from asking how the proxy is.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

/// Connections at most; more wait in the system's queue.
const CONNECTIONS: usize = 64;

#[derive(Debug)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    /// In the order in which they came.
    silent: Vec<(AbortHandle, Asked)>,
}

/// Whether a connection has asked for something.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked(Arc<AtomicBool>);

impl Asked {
    pub(super) fn set(&self) {
        self.0.store(true, Relaxed);
    }
}

impl Places {
    pub(super) fn new() -> Self {
        Self { free: Arc::new(Semaphore::new(CONNECTIONS)), silent: Vec::new() }
    }

    /// The next connection and its place.
    pub(super) async fn accept(
        &mut self,
        listener: &TcpListener,
    ) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
        let (stream, _) = listener.accept().await?;
        self.silent.retain(|(task, asked)| !asked.0.load(Relaxed) && !task.is_finished());
        if self.free.available_permits() == 0 && !self.silent.is_empty() {
            self.silent.remove(0).0.abort();
        }
        let place = Arc::clone(&self.free).acquire_owned().await.map_err(io::Error::other)?;
        Ok((stream, place))
    }

    /// The connection that `task` serves has asked for nothing as long as `asked` is not set.
    pub(super) fn watch(&mut self, task: AbortHandle, asked: Asked) {
        self.silent.push((task, asked));
    }
}
