//! coswhy itself, as a process.

use std::ffi::OsString;
use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use super::files::Directory;
use super::message::Response;
use super::upstream::Upstream;
use super::wire::Wire;

pub(crate) struct Proxy {
    pub(super) child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) directory: Directory,
}

/// A port that nothing listens on, given out once only. It is none of those that systems give to outgoing connections
/// (Linux: from 32768), or one of these might take it before coswhy does.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 12_000;
    const COUNT: u16 = 20_000;
    let begin = std::process::id().wrapping_mul(1009) % u32::from(COUNT);
    loop {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(next < COUNT, "a port is free");
        let port = FIRST + (begin as u16 + next) % COUNT;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The program under test: the one that was built with the tests, unless COSWHY_BIN names another.
pub(crate) fn binary() -> OsString {
    std::env::var_os("COSWHY_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_coswhy").into())
}

impl Proxy {
    /// In front of `upstream`; `settings` are lines such as `upstream.idle_timeout = "1s"`.
    pub(crate) fn before(upstream: &Upstream, settings: &str) -> Self {
        Self::start(&format!("upstream.url = \"http://{}\"\n{settings}", upstream.address))
    }

    pub(crate) fn start(settings: &str) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        Self::listening(address, settings)
    }

    /// With these environment variables.
    pub(crate) fn with_environment(variables: &[(&str, &str)], settings: &str) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        Self::spawn_with(address, variables, settings).once_ready()
    }

    /// Started and ready on `address`.
    pub(crate) fn listening(address: SocketAddr, settings: &str) -> Self {
        Self::spawn(address, settings).once_ready()
    }

    pub(crate) fn once_ready(mut self) -> Self {
        let proxy = &mut self;
        let end = Instant::now() + Duration::from_secs(10);
        while !proxy.ready() {
            if let Some(status) = proxy.child.try_wait().unwrap() {
                panic!("coswhy ended with {status}: {}", proxy.errors());
            }
            assert!(Instant::now() < end, "coswhy is not ready after 10 s: {}", proxy.errors());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Started, perhaps not to stay.
    pub(crate) fn spawn(address: SocketAddr, settings: &str) -> Self {
        Self::spawn_with(address, &[], settings)
    }

    pub(crate) fn spawn_with(address: SocketAddr, variables: &[(&str, &str)], settings: &str) -> Self {
        let directory = Directory::new();
        let admin = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let config = directory.configure(address, admin, settings);
        let child = Command::new(binary())
            .arg("serve")
            .arg("--config")
            .arg(config)
            .env_clear()
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(File::create(directory.path("stdout")).unwrap())
            .stderr(File::create(directory.path("stderr")).unwrap())
            .spawn()
            .unwrap();
        Self { child, address, admin, directory }
    }

    pub(crate) fn ready(&self) -> bool {
        let Ok(stream) = TcpStream::connect_timeout(&self.admin, Duration::from_secs(1)) else {
            return false;
        };
        let mut wire = Wire::over(stream);
        wire.try_send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").is_ok()
            && wire.read_response("GET").is_some_and(|answer| answer.status == 200)
    }

    /// What the admin listener answers to a GET.
    pub(crate) fn ask_admin(&self, path: &str) -> Option<Response> {
        let stream = TcpStream::connect_timeout(&self.admin, Duration::from_secs(1)).ok()?;
        let mut wire = Wire::over(stream);
        let admin = self.admin;
        wire.try_send(format!("GET {path} HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n\r\n")).ok()?;
        wire.read_response("GET")
    }

    pub(crate) fn connect(&self) -> Wire<TcpStream> {
        Wire::connect(self.address)
    }

    /// One request on a connection of its own, and its answer.
    pub(crate) fn exchange(&self, request: impl AsRef<[u8]>) -> Response {
        let request = request.as_ref();
        let mut wire = self.connect();
        wire.send(request);
        let method = super::text(request.trim_ascii_start().split(|b| *b == b' ').next().unwrap_or_default());
        wire.read_response(&method).unwrap_or_else(|| {
            panic!("no answer ({:?}) to {:?}; stderr: {}", wire.ended(), super::text(request), self.errors())
        })
    }

    /// What it said on stderr.
    pub(crate) fn errors(&self) -> String {
        self.directory.read("stderr")
    }

    /// Waits for the process to end by itself.
    pub(crate) fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            if Instant::now() >= end {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.directory.read("log");
            // Of the soak's log the last lines are more than enough.
            let end = log.len().saturating_sub(20_000);
            eprintln!("coswhy's stderr: {}\ncoswhy's log: {}", self.errors(), log.get(end..).unwrap_or(&log));
        }
    }
}
