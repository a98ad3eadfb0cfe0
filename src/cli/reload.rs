//! `coswhy reload`: asks the proxy that runs to load its settings anew, and says what came of it.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use http::Uri;
use serde::Deserialize;
use toml::de::DeTable;

use super::config::report;
use crate::config::settings::{Admin, Settings};
use crate::config::{self, ConfigError, Loaded, Origin, Overrides, Secret};

/// A reload reads files, and waits for those before it.
const PATIENCE: Duration = Duration::from_secs(60);
/// An answer lists some names, or some mistakes.
const LARGEST: u64 = 4 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The settings file of the proxy that runs: admin.listen and admin.token are taken from it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Its admin listener, where that is not at admin.listen: http://HOST:PORT
    #[arg(long, value_name = "URL")]
    admin: Option<String>,
}

/// What the admin listener answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    changed: Vec<String>,
    needs_restart: Vec<String>,
    warnings: Vec<String>,
    errors: Vec<String>,
    detail: String,
}

/// Exit code 0 where the new settings are in force, 2 where they are refused, 1 where nobody could be asked.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    let listener = listener(args.config.as_deref());
    let (admin, token) = match (&args.admin, listener) {
        (Some(url), listener) => (url.clone(), listener.ok().and_then(|listener| listener.token)),
        (None, Ok(listener)) => (format!("http://{}", reachable(listener.listen)), listener.token),
        (None, Err(wrong)) => {
            let _ = report(&wrong, &mut io::stderr().lock());
            eprintln!("Nobody was asked: this file does not tell where the proxy is; --admin does.");
            return ExitCode::from(2);
        }
    };
    match ask(&admin, token.as_ref()) {
        Ok((200, answer)) => {
            told(&answer);
            ExitCode::SUCCESS
        }
        Ok((422, answer)) => {
            answer.errors.iter().for_each(|error| eprintln!("error: {error}"));
            eprintln!("{}", answer.detail);
            ExitCode::from(2)
        }
        Ok((status, answer)) => {
            eprintln!("coswhy: {admin} answered {status}: {}", answer.detail);
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("coswhy: {admin}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Where the proxy is asked. What is wrong with the other settings is for the proxy to say: it knows its own environment,
/// may read its own files, and has a log and metrics to say it in. An error where the file does not tell: at the address
/// that is the default may be another one.
fn listener(file: Option<&Path>) -> Result<Admin, ConfigError> {
    let none = Overrides::default();
    let wrong = match config::load(file, config::environment(), &none) {
        Ok(loaded) => return Ok(loaded.settings.admin),
        Err(wrong) => wrong,
    };
    let text = file.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let (readable, errors) = DeTable::parse_recoverable(&text);
    let said = |key: &str| {
        readable.get_ref().get("admin")?.get_ref().get(key)?.get_ref().as_str().map(str::to_owned)
    };
    let listen = said("listen").and_then(|listen| listen.parse().ok());
    let token = said("token").map(Secret::new);
    match config::load(None, config::environment(), &none) {
        Ok(Loaded { settings: Settings { admin, .. }, origins, .. }) => {
            let is_known = origins.of("admin.listen") != Origin::Default;
            if !is_known && listen.is_none() && !errors.is_empty() {
                return Err(wrong);
            }
            let listen = listen.filter(|_| !is_known).unwrap_or(admin.listen);
            Ok(Admin { listen, token: admin.token.or(token), ..admin })
        }
        Err(_) => listen.map(|listen| Admin { listen, token, ..Admin::default() }).ok_or(wrong),
    }
}

fn told(answer: &Answer) {
    for warning in &answer.warnings {
        eprintln!("warning: {warning}");
    }
    if !answer.needs_restart.is_empty() {
        eprintln!("warning: until a restart these stay as they are: {}", answer.needs_restart.join(", "));
    }
    let changed = if answer.changed.is_empty() { "nothing".to_owned() } else { answer.changed.join(", ") };
    println!("reloaded; changed: {changed}");
}

/// What listens on every address is reached on this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The status and the body of the answer to `POST /reload`.
fn ask(admin: &str, token: Option<&Secret>) -> anyhow::Result<(u16, Answer)> {
    let uri: Uri = admin.parse().context("not a URL")?;
    let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        bail!("expected http://HOST:PORT");
    };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let address =
        (name, authority.port_u16().unwrap_or(80)).to_socket_addrs()?.next().context("no address")?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let token =
        token.map(|token| format!("Authorization: Bearer {}\r\n", token.reveal())).unwrap_or_default();
    let request = format!(
        "POST /reload HTTP/1.1\r\nHost: {authority}\r\nAccept: application/json\r\nContent-Length: 0\r\n\
         Connection: close\r\n{token}\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.take(LARGEST).read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("the answer broke off")?;
    let status =
        head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no answer of HTTP")?;
    Ok((status, serde_json::from_str(body).unwrap_or_default()))
}
