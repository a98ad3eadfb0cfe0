//! Other settings for a coswhy that runs.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value;

use super::files::Directory;
use super::message::Response;
use super::proxy::{Proxy, binary};
use super::upstream::Upstream;
use super::wire::Wire;
use super::within;

const FILE: &str = "coswhy.toml";

impl Directory {
    /// Writes the settings file, with the addresses and the log before `settings`.
    pub(crate) fn configure(&self, address: SocketAddr, admin: SocketAddr, settings: &str) -> PathBuf {
        let log = self.path("log");
        let first =
            format!("listen = \"{address}\"\nadmin.listen = \"{admin}\"\nlog.file = \"{}\"", log.display());
        self.write(FILE, format!("{first}\n{settings}\n"))
    }
}

impl Proxy {
    /// Other settings in its file, which nobody has read yet.
    pub(crate) fn configure(&self, settings: &str) {
        self.directory.configure(self.address, self.admin, settings);
    }

    /// Other settings in force, in front of `upstream`; what the answer says of them.
    pub(crate) fn change(&self, upstream: &Upstream, settings: &str) -> Value {
        self.configure(&format!("upstream.url = \"http://{}\"\n{settings}", upstream.address));
        let answer = self.ask_to_reload("");
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_str(&answer.text()).unwrap()
    }

    /// The answer to `POST /reload`, with these field lines.
    pub(crate) fn ask_to_reload(&self, fields: &str) -> Response {
        let mut wire = Wire::over(TcpStream::connect(self.admin).unwrap());
        let admin = self.admin;
        wire.send(format!(
            "POST /reload HTTP/1.1\r\nHost: {admin}\r\nContent-Length: 0\r\nConnection: close\r\n{fields}\r\n"
        ));
        wire.read_response("POST").expect("an answer to POST /reload")
    }

    /// `coswhy reload`, as an operator runs it.
    pub(crate) fn reload_command(&self, more: &[&str]) -> Output {
        let file = self.directory.path(FILE);
        let mut command = Command::new(binary());
        command.arg("reload").arg("--config").arg(file).args(more).env_clear().output().unwrap()
    }

    /// The lines in the log that hold `text`, once there are so many.
    pub(crate) fn own_lines(&self, count: usize, text: &str) -> Vec<String> {
        within(Duration::from_secs(5), || self.log_text().matches(text).count() >= count);
        self.log_text().lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
    }
}
