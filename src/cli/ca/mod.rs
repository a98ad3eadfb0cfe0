//! `coswhy ca`: makes the CA that https is intercepted under.

mod certificate;
mod trust;

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use time::OffsetDateTime;

use crate::config::is_anybodys_domain;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a CA that can vouch for COS's names alone, and say how clients come to trust it
    New {
        /// Where to put ca.pem and ca-key.pem; it is made if it is not there
        dir: PathBuf,
        /// A custom domain (upstream.allowed_hosts) that it may vouch for too, with all names below it
        #[arg(long = "domain", value_name = "NAME", value_parser = domain)]
        domains: Vec<String>,
    },
}

/// Runs the command on the process's own standard streams.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let Command::New { dir, domains } = args.command;
    match new(&dir, &domains, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(says) => {
            let _ = writeln!(io::stderr(), "error: {says}");
            ExitCode::FAILURE
        }
    }
}

/// A domain as a name constraint takes it: `*.example.com` is `example.com` there.
fn domain(text: &str) -> Result<String, String> {
    let name = text.strip_prefix("*.").unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if !name.split('.').all(is_label) || name.len() > 253 || name.parse::<IpAddr>().is_ok() {
        return Err("not a domain name, such as img.example.com".into());
    }
    if is_anybodys_domain(&name) {
        return Err("anybody can register a name below that, which is more than a CA on this machine should vouch for".into());
    }
    Ok(name)
}

fn new(dir: &Path, domains: &[String], out: &mut dyn Write) -> Result<(), String> {
    let said = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| format!("{path}: {error}")
    };
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(said(dir))?;
    let dir = dir.canonicalize().map_err(said(dir))?;
    let (cert, key) = (dir.join("ca.pem"), dir.join("ca-key.pem"));
    for file in [&cert, &key] {
        if file.symlink_metadata().is_ok() {
            return Err(format!("{} is there already, and nothing is overwritten", file.display()));
        }
    }
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let made = certificate::make(domains, host.trim(), OffsetDateTime::now_utc())
        .map_err(|error| format!("cannot make the CA: {error}"))?;
    write_new(&key, made.key.as_bytes(), 0o600).map_err(said(&key))?;
    write_new(&cert, made.certificate.as_bytes(), 0o644).map_err(said(&cert))?;
    // The files are what counts; who reads the rest may have read enough.
    let _ = tell(&cert, &key, &dir, domains, &made, out);
    Ok(())
}

fn write_new(path: &Path, contents: &[u8], mode: u32) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?.write_all(contents)
}

fn tell(
    cert: &Path,
    key: &Path,
    dir: &Path,
    domains: &[String],
    made: &certificate::Made,
    out: &mut dyn Write,
) -> io::Result<()> {
    let names: Vec<&str> = certificate::COS.into_iter().chain(domains.iter().map(String::as_str)).collect();
    writeln!(out, "A CA for {} and the names below, until {}:", names.join(", "), made.until.date())?;
    writeln!(out, "  certificate  {}", cert.display())?;
    writeln!(out, "  private key  {}", key.display())?;
    writeln!(
        out,
        "Whoever reads the key can pose as COS to every client that trusts the certificate: it stays with coswhy.\n"
    )?;
    writeln!(out, "In coswhy's settings:")?;
    writeln!(out, "  intercept.ca_cert = {}", toml::Value::from(cert.display().to_string()))?;
    writeln!(out, "  intercept.ca_key = {}\n", toml::Value::from(key.display().to_string()))?;
    trust::explain(cert, dir, out)
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn a_domain_is_a_name_with_a_dot() {
        assert_eq!(domain("*.Example.com").as_deref(), Ok("example.com"));
        assert_eq!(domain("img.example.com").as_deref(), Ok("img.example.com"));
        for wrong in [
            "",
            "com",
            "co.uk",
            "*.com.cn",
            "*.",
            ".example.com",
            "example.com.",
            "10.0.0.1",
            "a b.example",
            "::1",
            "*.*.a.b",
        ] {
            assert!(domain(wrong).is_err(), "{wrong}");
        }
    }
}
