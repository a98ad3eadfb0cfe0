//! `coswhy reload`: asks the proxy that runs to load its settings anew, and says what came of it.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use http::Uri;
use serde::Deserialize;

use crate::config::settings::Admin;
use crate::config::{self, Loaded, Origin, Overrides, Secret};

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
    let admin = match &args.admin {
        Some(url) => url.clone(),
        None => format!("http://{}", reachable(listener.listen)),
    };
    match ask(&admin, listener.token.as_ref()) {
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
/// may read its own files, and has a log and metrics to say it in.
fn listener(file: Option<&Path>) -> Admin {
    let none = Overrides::default();
    if let Ok(loaded) = config::load(file, config::environment(), &none) {
        return loaded.settings.admin;
    }
    let text = file.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let said = text.parse::<toml::Table>().unwrap_or_default();
    let said = |key: &str| said.get("admin")?.get(key)?.as_str().map(str::to_owned);
    let mut admin = Admin::default();
    if let Some(listen) = said("listen").and_then(|listen| listen.parse().ok()) {
        admin.listen = listen;
    }
    admin.token = said("token").map(Secret::new);
    match config::load(None, config::environment(), &none) {
        Ok(Loaded { settings, origins, .. }) => Admin {
            listen: if origins.of("admin.listen") == Origin::Default {
                admin.listen
            } else {
                settings.admin.listen
            },
            token: settings.admin.token.or(admin.token),
            ..admin
        },
        Err(_) => admin,
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
