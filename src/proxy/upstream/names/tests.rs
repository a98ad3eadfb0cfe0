//! Names asked of a small DNS server on loopback, over UDP and TCP, in all the ways that a server answers or does not.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use hickory_resolver::proto::op::Message;
use hickory_resolver::proto::rr::rdata::CNAME;
use hickory_resolver::proto::rr::{RData, Record};

use super::*;
use crate::proxy::upstream::fault::Why;
use crate::proxy::upstream::resolve::{Reach, resolve};

const LIMIT: Duration = Duration::from_secs(4);

/// What the server says to a query, once it knows whether it came over TCP; nothing where it stays silent.
fn answer(query: &Message, tcp: bool) -> Option<Message> {
    let mut reply = query.clone().into_response();
    let question = query.queries.first().unwrap();
    let asked = question.name().to_ascii().to_lowercase();
    let mut say = |owner: &str, data: RData| {
        reply.add_answer(Record::from_rdata(Name::from_ascii(owner).unwrap(), 60, data));
    };
    let v4 = question.query_type() == RecordType::A;
    let address = |ip: &str| RData::from(ip.parse::<IpAddr>().unwrap());
    let alias = |to: &str| RData::CNAME(CNAME(Name::from_ascii(to).unwrap()));
    match asked.as_str() {
        "both.test." if v4 => say("both.test.", address("127.0.0.7")),
        "both.test." => say("both.test.", address("::1")),
        "alias.test." if v4 => {
            say("alias.test.", alias("next.test."));
            say("next.test.", alias("last.test."));
            say("last.test.", address("127.0.0.8"));
        }
        "far.test." => say("far.test.", alias("both.test.")),
        "round.test." => say("round.test.", alias("round.test.")),
        "cut.test." if !tcp => reply.metadata.truncation = true,
        "cut.test." if v4 => (1..=200).for_each(|n| say("cut.test.", address(&format!("127.0.1.{n}")))),
        "this-machine.test." if v4 => say(&asked, address("127.0.0.1")),
        "metadata.test." if v4 => say(&asked, address("169.254.0.23")),
        "private.test." if v4 => say(&asked, address("10.0.0.1")),
        "mixed.test." if v4 => {
            say(&asked, address("127.0.0.1"));
            say(&asked, address("192.0.2.1"));
        }
        "short.domain.test." if v4 => say(&asked, address("127.0.0.9")),
        "bucket_1.cos.test." if v4 => say(&asked, address("127.0.0.10")),
        "broken.test." => reply.metadata.response_code = ResponseCode::ServFail,
        "refused.test." => reply.metadata.response_code = ResponseCode::Refused,
        "silent.test." => return None,
        "six-is-silent.test." if v4 => say(&asked, address("127.0.0.11")),
        "six-is-silent.test." => return None,
        "garbage.test." => reply.metadata.id = reply.metadata.id.wrapping_add(1),
        _ if asked.starts_with("empty") || answered_by_the_other_family(&asked) => {}
        _ => reply.metadata.response_code = ResponseCode::NXDomain,
    }
    Some(reply)
}

fn answered_by_the_other_family(asked: &str) -> bool {
    ["alias.", "cut.", "this-machine.", "metadata.", "private.", "mixed.", "short.domain", "bucket_1."]
        .iter()
        .any(|name| asked.starts_with(name))
}

/// A DNS server, and the two files that lead to it.
struct Dns {
    names: Names,
    folder: PathBuf,
    queries: Arc<AtomicUsize>,
}

impl Dns {
    fn start(test: &str) -> Self {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = udp.local_addr().unwrap().port();
        let queries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&queries);
        std::thread::spawn(move || {
            let mut packet = [0; 1500];
            while let Ok((length, from)) = udp.recv_from(&mut packet) {
                counted.fetch_add(1, SeqCst);
                if let Some(reply) = answer(&Message::from_vec(&packet[..length]).unwrap(), false) {
                    udp.send_to(&reply.to_vec().unwrap(), from).unwrap();
                }
            }
        });
        if let Ok(tcp) = TcpListener::bind(("127.0.0.1", port)) {
            std::thread::spawn(move || tcp.incoming().flatten().for_each(over_tcp));
        }
        let folder = std::env::temp_dir().join(format!("coswhy-names-{}-{test}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (hosts, resolv_conf) = (folder.join("hosts"), folder.join("resolv.conf"));
        fs::write(&hosts, "127.0.0.1 localhost\n").unwrap();
        fs::write(&resolv_conf, "search domain.test\nnameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
            .unwrap();
        Self { names: Names::of(hosts, resolv_conf, Some(port)), folder, queries }
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.folder.join(file), text).unwrap();
    }

    async fn whole(&self, name: &str) -> Result<Vec<String>, String> {
        let found = self.names.addresses(name, true).await?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    async fn resolve(&self, name: &str, reach: Reach) -> Result<Vec<SocketAddr>, Why> {
        resolve(&self.names, name, 443, reach, LIMIT).await.map_err(|error| error.why())
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(Path::new(&self.folder));
    }
}

fn over_tcp(mut stream: std::net::TcpStream) {
    let mut length = [0; 2];
    while stream.read_exact(&mut length).is_ok() {
        let mut packet = vec![0; u16::from_be_bytes(length).into()];
        stream.read_exact(&mut packet).unwrap();
        if let Some(reply) = answer(&Message::from_vec(&packet).unwrap(), true) {
            let reply = reply.to_vec().unwrap();
            stream.write_all(&u16::try_from(reply.len()).unwrap().to_be_bytes()).unwrap();
            stream.write_all(&reply).unwrap();
        }
    }
}

#[tokio::test]
async fn both_families_are_asked_for() {
    let dns = Dns::start("both");
    let mut found = dns.whole("both.test").await.unwrap();
    found.sort();
    assert_eq!(found, ["127.0.0.7", "::1"]);
    assert_eq!(dns.whole("bucket_1.cos.test").await.unwrap(), ["127.0.0.10"]);
    dns.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:20\n");
    let began = Instant::now();
    assert_eq!(dns.whole("six-is-silent.test").await.unwrap(), ["127.0.0.11"]);
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn aliases_are_followed_and_going_round_ends() {
    let dns = Dns::start("alias");
    assert_eq!(dns.whole("alias.test").await.unwrap(), ["127.0.0.8"]);
    assert!(dns.whole("far.test").await.unwrap().contains(&"127.0.0.7".to_owned()));
    assert!(dns.whole("round.test").await.is_err());
}

#[tokio::test]
async fn an_answer_cut_short_is_asked_for_over_tcp() {
    let dns = Dns::start("cut");
    assert_eq!(dns.whole("cut.test").await.unwrap().len(), 200);
}

#[tokio::test]
async fn what_went_wrong_is_said() {
    let dns = Dns::start("wrong");
    for (name, says) in [
        ("none.test", "the DNS knows no such name"),
        ("nowhere.invalid", "the DNS knows no such name"),
        ("empty.test", "the DNS knows no address of it"),
        ("broken.test", "the DNS server failed (Server Failure)"),
        ("refused.test", "the DNS server failed (Query Refused)"),
    ] {
        assert_eq!(dns.whole(name).await.unwrap_err(), says, "{name}");
    }
    assert!(dns.whole(&"a".repeat(64)).await.is_err());
    // Silent, or with another query's number.
    let in_vain = tokio::join!(dns.whole("silent.test"), dns.whole("garbage.test"));
    for failed in [in_vain.0, in_vain.1] {
        assert_eq!(failed.unwrap_err(), "no DNS server answered in time");
    }
}

#[tokio::test]
async fn a_silent_server_ends_at_the_limit_and_is_named() {
    let dns = Dns::start("silent");
    let limit = Duration::from_millis(50);
    let error = resolve(&dns.names, "silent.test", 443, Reach::PrivateToo, limit).await.unwrap_err();
    assert_eq!(error.why(), Why::Dns);
    assert!(format!("{error:?}").contains("no DNS server answered within 50ms"), "{error:?}");
}

#[tokio::test]
async fn the_hosts_file_has_the_last_word() {
    let dns = Dns::start("hosts");
    dns.write("hosts", "# ours\n127.0.0.20 both.test silent.test # and a comment\nnot an entry\n");
    assert_eq!(dns.whole("both.test").await.unwrap(), ["127.0.0.20"]);
    assert_eq!(dns.whole("Silent.Test").await.unwrap(), ["127.0.0.20"]);
    assert_eq!(dns.queries.load(SeqCst), 0);
}

#[tokio::test]
async fn files_that_change_are_read_again() {
    let dns = Dns::start("change");
    assert!(dns.whole("new.test").await.is_err());
    dns.write("hosts", "127.0.0.21 new.test\n");
    assert_eq!(dns.whole("new.test").await.unwrap(), ["127.0.0.21"]);
    fs::remove_file(dns.folder.join("hosts")).unwrap();
    assert!(dns.whole("new.test").await.is_err());
    // Nobody listens at 127.0.0.2: the servers of the new file are asked.
    dns.write("resolv.conf", "nameserver 127.0.0.2\noptions timeout:1 attempts:1\n");
    assert!(dns.whole("both.test").await.is_err());
    // Without the file, the server on this machine.
    fs::remove_file(dns.folder.join("resolv.conf")).unwrap();
    assert_eq!(dns.whole("bucket_1.cos.test").await.unwrap(), ["127.0.0.10"]);
}

#[tokio::test]
async fn answers_are_kept() {
    let dns = Dns::start("kept");
    dns.whole("both.test").await.unwrap();
    let asked = dns.queries.load(SeqCst);
    for _ in 0..10 {
        dns.whole("both.test").await.unwrap();
    }
    assert_eq!(dns.queries.load(SeqCst), asked);
}

#[tokio::test]
async fn names_under_localhost_are_this_machine_and_nobody_is_asked() {
    let dns = Dns::start("localhost");
    dns.write("hosts", "");
    for name in ["localhost", "b-1.cos.ap-guangzhou.localhost"] {
        assert!(dns.whole(name).await.unwrap().contains(&"127.0.0.1".to_owned()), "{name}");
    }
    assert_eq!(dns.queries.load(SeqCst), 0);
}

#[tokio::test]
async fn search_domains_are_for_the_operators_names_alone() {
    let dns = Dns::start("search");
    assert_eq!(dns.resolve("short", Reach::Anywhere).await.unwrap(), ["127.0.0.9:443".parse().unwrap()]);
    dns.write("resolv.conf", "search test\nnameserver 127.0.0.1\noptions ndots:5 timeout:1\n");
    assert!(dns.resolve("short.domain", Reach::Anywhere).await.is_ok());
    assert_eq!(dns.resolve("short.domain", Reach::PrivateToo).await, Err(Why::Dns));
}

#[tokio::test]
async fn an_answer_leads_no_further_than_it_may() {
    let dns = Dns::start("reach");
    let loopback = Why::Loopback("127.0.0.1:443".parse().unwrap());
    for (name, reach, why) in [
        ("this-machine.test", Reach::PrivateToo, loopback),
        ("this-machine.test", Reach::Public, loopback),
        ("metadata.test", Reach::PrivateToo, Why::Prohibited),
        ("private.test", Reach::Public, Why::Prohibited),
    ] {
        assert_eq!(dns.resolve(name, reach).await, Err(why), "{name} {reach:?}");
    }
    assert!(dns.resolve("private.test", Reach::PrivateToo).await.is_ok());
    assert!(dns.resolve("metadata.test", Reach::Anywhere).await.is_ok());
    let mixed = dns.resolve("mixed.test", Reach::Public).await.unwrap();
    assert_eq!(mixed, ["192.0.2.1:443".parse().unwrap()]);
}
