//! coswhy as a service manager starts it.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use super::files::Directory;
use super::proxy::{Proxy, binary, free_port};

/// The socket comes as standard input, and becomes descriptor 3, as systemd.socket(5) hands it over.
const HAND_OVER: &str =
    "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1; export LISTEN_PID LISTEN_FDS; exec \"$@\"";

impl Proxy {
    /// With `listen` in its settings, and an open socket by this name, if it has one.
    pub(crate) fn handed(socket: &TcpListener, name: &str, listen: SocketAddr, settings: &str) -> Self {
        let directory = Directory::new();
        let admin = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let config = directory.configure(listen, admin, settings);
        let names = (!name.is_empty()).then_some(("LISTEN_FDNAMES", name));
        let child = Command::new("/bin/sh")
            .args(["-c", HAND_OVER, "sh"])
            .arg(binary())
            .args(["serve", "--config"])
            .arg(config)
            .env_clear()
            .envs(names)
            .stdin(Stdio::from(OwnedFd::from(socket.try_clone().unwrap())))
            .stdout(File::create(directory.path("stdout")).unwrap())
            .stderr(File::create(directory.path("stderr")).unwrap())
            .spawn()
            .unwrap();
        Self { child, address: listen, admin, directory }
    }
}
