//! Under a service manager: sockets that it opened, and what it is told.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::harness::{Directory, Proxy, Upstream, Wire, free_port, get, millis, ok};

const SECONDS: Duration = Duration::from_secs(10);

fn socket() -> (TcpListener, SocketAddr) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

#[test]
fn a_restart_on_a_socket_that_was_handed_over_refuses_nobody() {
    let upstream = Upstream::answering(ok("served"));
    let settings = format!("upstream.url = \"http://{}\"", upstream.address);
    let (socket, address) = socket();
    let (done, served) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let client = scope.spawn(|| {
            while !done.load(Relaxed) {
                let stream = TcpStream::connect(address).expect("a connection, whoever listens");
                let mut wire = Wire::over(stream);
                // What was taken, but not read when the old process ended, is closed without an answer; see RFC 9112, 9.3.1.
                let asked = wire.try_send(get("/key", "Connection: close\r\n")).is_ok();
                if let Some(answer) = wire.read_response("GET").filter(|_| asked) {
                    assert_eq!(answer.text(), "served");
                    served.fetch_add(1, Relaxed);
                }
            }
        });
        for name in ["", "coswhy", ""] {
            let mut proxy = Proxy::handed(&socket, name, address, &settings).once_ready();
            let before = served.load(Relaxed);
            assert!(crate::harness::within(SECONDS, || served.load(Relaxed) > before + 5));
            proxy.terminate();
            assert_eq!(proxy.wait(SECONDS).and_then(|status| status.code()), Some(0));
            std::thread::sleep(millis(100));
        }
        let _last = Proxy::handed(&socket, "coswhy", address, &settings).once_ready();
        done.store(true, Relaxed);
        client.join().unwrap();
    });
}

#[test]
fn a_socket_that_no_setting_knows_is_an_error() {
    let (socket, address) = socket();
    let elsewhere = SocketAddr::from(([127, 0, 0, 1], free_port()));
    for (name, listen, says) in [
        ("coswhy", elsewhere, "listen is"),
        ("coswhy-tls", address, "tls.listen, which is not set"),
        ("", elsewhere, "it listens on"),
    ] {
        let mut proxy = Proxy::handed(&socket, name, listen, "");
        assert_eq!(proxy.wait(SECONDS).and_then(|status| status.code()), Some(2));
        let said = proxy.errors();
        assert!(
            said.contains(says) && said.contains(&address.to_string()) || said.contains("not set"),
            "{said}"
        );
    }
}

/// What the service manager hears.
struct Manager {
    socket: UnixDatagram,
    directory: Directory,
}

impl Manager {
    fn new() -> Self {
        let directory = Directory::new();
        let socket = UnixDatagram::bind(directory.path("notify")).unwrap();
        socket.set_read_timeout(Some(millis(200))).unwrap();
        Self { socket, directory }
    }

    /// The next message that holds `line`.
    fn hears(&self, line: &str) -> String {
        let end = Instant::now() + SECONDS;
        let mut others = Vec::new();
        while Instant::now() < end {
            let mut message = [0; 4096];
            let Ok(length) = self.socket.recv(&mut message) else { continue };
            let text = std::str::from_utf8(&message[..length]).unwrap().to_owned();
            if text.lines().any(|one| one == line) {
                return text;
            }
            others.push(text);
        }
        panic!("no {line}, but {others:?}");
    }
}

#[test]
fn the_manager_is_told_of_readiness_reloads_and_the_end() {
    let manager = Manager::new();
    let path = manager.directory.path("notify");
    let upstream = Upstream::answering(ok(""));
    let url = format!("upstream.url = \"http://{}\"", upstream.address);
    let variables = [("NOTIFY_SOCKET", path.to_str().unwrap()), ("WATCHDOG_USEC", "400000")];
    let mut proxy = Proxy::with_environment(&variables, &url);
    assert!(manager.hears("READY=1").contains("STATUS=serving\n"));
    manager.hears("WATCHDOG=1");
    manager.hears("WATCHDOG=1");

    proxy.configure(&format!("{url}\ndiagnosis.warn_header = true"));
    proxy.hang_up();
    assert!(manager.hears("RELOADING=1").contains("MONOTONIC_USEC="));
    assert!(manager.hears("READY=1").contains("STATUS=serving\n"));
    proxy.configure("nonsense = 1");
    proxy.hang_up();
    manager.hears("RELOADING=1");
    assert!(manager.hears("READY=1").contains("the last reload was refused"));

    proxy.terminate();
    let end = manager.hears("STOPPING=1");
    assert!(end.contains("EXTEND_TIMEOUT_USEC=40000000"), "{end}");
    assert_eq!(proxy.wait(SECONDS).and_then(|status| status.code()), Some(0));
}
