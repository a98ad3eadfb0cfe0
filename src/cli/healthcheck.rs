//! `coswhy healthcheck`: asks the admin listener's `/readyz`, for containers that hold no curl.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use super::config::{Sources, report};

/// For connecting, for sending and for each wait for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The settings file that `serve` runs with, for its admin.listen; environment and defaults count too
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
    /// Ask here, and read no settings
    #[arg(long, value_name = "ADDR", conflicts_with = "config")]
    admin: Option<SocketAddr>,
}

/// Exit code 0 where new requests are welcome, 1 where not, 2 where the settings are wrong.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let listen = match args.admin {
        Some(address) => address,
        None => match (Sources { config: args.config, ..Sources::default() }).load() {
            Ok(loaded) => loaded.settings.admin.listen,
            Err(error) => {
                let _ = report(&error, &mut io::stderr());
                return ExitCode::from(2);
            }
        },
    };
    let address = from_here(listen);
    match ask(address) {
        Ok(status) if status.starts_with("HTTP/1.1 200 ") => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!("coswhy at {address} is not ready: {status}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("coswhy does not answer at {address}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where a listener on every address is reached on its own machine.
fn from_here(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The status line of `/readyz`.
fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer)?;
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok(String::from_utf8_lossy(line).into_owned())
}
