//! A server that does what a test tells it, a thread a connection.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use super::message::Request;
use super::wire::Wire;

pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
}

/// What came in, for the test to look at.
#[derive(Default)]
pub(crate) struct Seen {
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    stop: AtomicBool,
}

impl Seen {
    pub(crate) fn keep(&self, request: Request) {
        self.requests.lock().unwrap().push(request);
    }
}

impl Upstream {
    /// Hands each connection to `serve` with its number, the first being 0.
    pub(crate) fn start(serve: impl Fn(Wire<TcpStream>, usize, &Seen) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let serve = Arc::new(serve);
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                let (seen, serve) = (Arc::clone(&shared), Arc::clone(&serve));
                std::thread::spawn(move || serve(Wire::over(stream), number, &seen));
            }
        });
        Self { address, seen }
    }

    /// Answers every request, on kept connections, with what `answer` makes of it.
    pub(crate) fn by(answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start(move |mut wire, _, seen| {
            while let Some(request) = wire.read_request() {
                let bytes = answer(&request);
                seen.keep(request);
                if wire.try_send(bytes).is_err() {
                    return;
                }
            }
        })
    }

    /// Answers every request with the same bytes.
    pub(crate) fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::by(move |_| bytes.clone())
    }

    /// Answers once on each connection and closes it.
    pub(crate) fn once(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |mut wire, _, seen| {
            if let Some(request) = wire.read_request() {
                seen.keep(request);
                let _ = wire.try_send(&bytes);
            }
        })
    }

    /// Sends `answer` after a request's head, and says whether the connection then ended soon.
    pub(crate) fn watching(answer: &'static str) -> (Self, mpsc::Receiver<bool>) {
        let (sender, ended) = mpsc::channel();
        let upstream = Self::start(move |mut wire, _, _| {
            if wire.read_head().is_some() {
                let _ = wire.try_send(answer);
                let _ = sender.send(wire.ends_within(Duration::from_secs(3)));
            }
        });
        (upstream, ended)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// The only request that came.
    pub(crate) fn request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "one request reaches the upstream: {requests:?}");
        requests.remove(0)
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.seen.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

/// 200 with this body.
pub(crate) fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
