//! Names asked of /etc/hosts and of the DNS servers in /etc/resolv.conf, by this program itself: a static binary has
//! no getaddrinfo that works, so that every build does the same. Both files are read again when they have changed;
//! answers are kept for as long as the DNS says.

use std::net::{IpAddr, UdpSocket};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fs, io};

use hickory_resolver::config::{ResolveHosts, ResolverConfig};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::{Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RecordType};
use hickory_resolver::system_conf::parse_resolv_conf;
use hickory_resolver::{Hosts, TokioResolver};
use tokio::time::timeout;

/// The longest that "there is no such name" is believed: whoever has just made it does not wait for long.
const NEGATIVE: Duration = Duration::from_secs(5);
/// The longest that addresses are believed, so that a service that moves is followed whatever its TTL was.
const POSITIVE: Duration = Duration::from_secs(300);
/// How long one family's addresses wait for the other's (RFC 8305, section 3), which some servers never answer.
const RESOLUTION_DELAY: Duration = Duration::from_millis(50);

/// Answers for names.
pub(super) struct Names {
    hosts: PathBuf,
    resolv_conf: PathBuf,
    /// Another port than 53, which a test may not listen on.
    port: Option<u16>,
    read: Mutex<Option<Read>>,
}

/// What the two files said, and which files they were.
#[derive(Clone)]
struct Read {
    stamps: [Stamp; 2],
    hosts: Arc<Hosts>,
    resolver: TokioResolver,
}

/// Device, inode, length and time of change; nothing where there is no file.
type Stamp = Option<(u64, u64, u64, i64, i64)>;

impl Names {
    pub(super) fn of_system() -> Self {
        Self::of("/etc/hosts".into(), "/etc/resolv.conf".into(), None)
    }

    fn of(hosts: PathBuf, resolv_conf: PathBuf, port: Option<u16>) -> Self {
        Self { hosts, resolv_conf, port, read: Mutex::new(None) }
    }

    /// The name's addresses, those first that this machine has a way to. A name that is `whole` is asked for as it
    /// is, another one also within the search domains of /etc/resolv.conf.
    pub(super) async fn addresses(&self, host: &str, whole: bool) -> Result<Vec<IpAddr>, String> {
        let mut name = Name::from_ascii(host).map_err(|error| error.to_string())?;
        if whole {
            name.set_fqdn(true);
        }
        let Read { hosts, resolver, .. } = self.read().map_err(|error| error.to_string())?;
        let mut found = in_hosts(&hosts, &name);
        if found.is_empty() {
            found = in_dns(&resolver, name).await.map_err(|error| sentence(&error))?;
        }
        found.sort_by_key(|ip| !has_a_way(*ip));
        Ok(found)
    }

    fn read(&self) -> Result<Read, NetError> {
        let stamps =
            [&self.hosts, &self.resolv_conf].map(|path| fs::metadata(path).ok().map(|of| stamp(&of)));
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.as_ref().filter(|known| known.stamps == stamps) {
            return Ok(known.clone());
        }
        let mut hosts = Hosts::default();
        let lines = fs::read(&self.hosts).unwrap_or_default();
        // A line that is no entry was left out; what was read before it stays.
        let _ = hosts.read_hosts_conf(lines.as_slice());
        let fresh = Read { stamps, hosts: hosts.into(), resolver: self.resolver()? };
        *read = Some(fresh.clone());
        Ok(fresh)
    }

    fn resolver(&self) -> Result<TokioResolver, NetError> {
        let mut text = fs::read_to_string(&self.resolv_conf).unwrap_or_default();
        // Without a server it is the one on this machine (resolv.conf(5)).
        if !text.lines().any(|line| line.starts_with("nameserver")) {
            text.push_str("\nnameserver 127.0.0.1\n");
        }
        let (config, mut options) = parse_resolv_conf(text)?;
        options.use_hosts_file = ResolveHosts::Never;
        options.negative_max_ttl = Some(NEGATIVE);
        options.positive_max_ttl = Some(POSITIVE);
        let (domain, search, mut servers) = config.into_parts();
        if let Some(port) = self.port {
            servers.iter_mut().flat_map(|server| &mut server.connections).for_each(|to| to.port = port);
        }
        let config = ResolverConfig::from_parts(domain, search, servers);
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options)
            .build()
    }
}

fn stamp(of: &fs::Metadata) -> (u64, u64, u64, i64, i64) {
    (of.dev(), of.ino(), of.len(), of.mtime(), of.mtime_nsec())
}

/// The hosts file has the last word on a name it holds, in both families.
fn in_hosts(hosts: &Hosts, name: &Name) -> Vec<IpAddr> {
    [RecordType::AAAA, RecordType::A]
        .into_iter()
        .filter_map(|kind| hosts.lookup_static_host(&Query::query(name.clone(), kind)))
        .flat_map(|found| addresses_in(&found))
        .collect()
}

/// Both families are asked for at once. One that has no address or fails leaves the name to the other.
async fn in_dns(resolver: &TokioResolver, name: Name) -> Result<Vec<IpAddr>, NetError> {
    let mut six = pin!(resolver.lookup(name.clone(), RecordType::AAAA));
    let mut four = pin!(resolver.lookup(name, RecordType::A));
    let (first, second) = tokio::select! {
        found = &mut six => (found, four),
        found = &mut four => (found, six),
    };
    let first = match first.map(|found| addresses_in(&found)) {
        Ok(found) if !found.is_empty() => found,
        failed => {
            let found = addresses_in(&second.await?);
            return if found.is_empty() { failed } else { Ok(found) };
        }
    };
    let second = timeout(RESOLUTION_DELAY, second).await;
    let second = second.ok().and_then(Result::ok).map(|found| addresses_in(&found)).unwrap_or_default();
    let mut both = [first, second].concat();
    both.sort_by_key(IpAddr::is_ipv4);
    Ok(both)
}

fn addresses_in(found: &Lookup) -> Vec<IpAddr> {
    found.answers().iter().filter_map(|record| record.data.ip_addr()).collect()
}

/// Whether there is a route there and an address to come from: a socket for datagrams is told so without one being
/// sent, which is how getaddrinfo orders addresses too (RFC 6724, section 6, rule 1).
fn has_a_way(to: IpAddr) -> bool {
    let from: IpAddr = if to.is_ipv6() { [0u16; 8].into() } else { [0u8; 4].into() };
    let way = || -> io::Result<()> { UdpSocket::bind((from, 0))?.connect((to, 53)) };
    way().is_ok()
}

fn sentence(error: &NetError) -> String {
    let code = match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => none.response_code,
        NetError::Dns(DnsError::ResponseCode(code)) => *code,
        NetError::Timeout => return "no DNS server answered in time".to_owned(),
        other => return other.to_string(),
    };
    match code {
        ResponseCode::NoError => "the DNS knows no address of it".to_owned(),
        ResponseCode::NXDomain => "the DNS knows no such name".to_owned(),
        code => format!("the DNS server failed ({})", code.to_str()),
    }
}

#[cfg(test)]
mod tests;
