//! One connection out of several addresses (Happy Eyeballs, RFC 8305, sections 4 and 5): the families take turns,
//! the next address is tried when the one before has failed or has kept its answer back for a while, and the
//! first that connects is taken. So a network whose IPv6 leads nowhere costs a quarter of a second, not a timeout.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

/// How long an attempt is alone (RFC 8305, section 8, recommends a quarter of a second).
const HEAD_START: Duration = Duration::from_millis(250);

/// An address that did not connect.
pub(super) type Failed = (SocketAddr, io::Error);

/// The first of `addresses` that `dial` connects to; or why each of them did not. Attempts that have lost are
/// given up.
pub(super) async fn race<F, T>(
    addresses: Vec<SocketAddr>,
    dial: impl Fn(SocketAddr) -> F,
) -> Result<(SocketAddr, T), Vec<Failed>>
where
    F: Future<Output = io::Result<T>> + Send + 'static,
    T: Send + 'static,
{
    let mut waiting = interleaved(addresses);
    let mut attempts = JoinSet::new();
    let mut failed = Vec::new();
    loop {
        if let Some(address) = waiting.pop_front() {
            let attempt = dial(address);
            attempts.spawn(async move { (address, attempt.await) });
        }
        tokio::select! {
            ended = attempts.join_next() => match ended {
                Some(Ok((address, Ok(connected)))) => return Ok((address, connected)),
                Some(Ok((address, Err(error)))) => failed.push((address, error)),
                Some(Err(_)) => {}
                None if waiting.is_empty() => return Err(failed),
                None => {}
            },
            () = sleep(HEAD_START), if !waiting.is_empty() => {}
        }
    }
}

/// IPv6 and IPv4 by turns, beginning with the family of the address that the system put first.
fn interleaved(addresses: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|a| a.is_ipv6() == first_is_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut order = VecDeque::new();
    loop {
        let pair = [first.next(), second.next()];
        if pair.iter().all(Option::is_none) {
            return order;
        }
        order.extend(pair.into_iter().flatten());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Instant;

    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    /// An attempt takes as long as its port says, in milliseconds, and fails where the address ends in 1.
    async fn dial(address: SocketAddr) -> io::Result<()> {
        sleep(Duration::from_millis(address.port().into())).await;
        if address.ip().to_string().ends_with('1') {
            Err(io::ErrorKind::ConnectionRefused.into())
        } else {
            Ok(())
        }
    }

    #[test]
    fn families_take_turns_from_the_systems_first() {
        let order = interleaved(addresses(&[
            "[fd00::1]:1",
            "[fd00::2]:1",
            "[fd00::3]:1",
            "10.0.0.1:1",
            "10.0.0.2:1",
        ]));
        let expected = addresses(&["[fd00::1]:1", "10.0.0.1:1", "[fd00::2]:1", "10.0.0.2:1", "[fd00::3]:1"]);
        assert_eq!(order, expected);
        assert_eq!(interleaved(addresses(&["10.0.0.1:1", "[fd00::1]:1"]))[0].to_string(), "10.0.0.1:1");
    }

    #[tokio::test]
    async fn a_silent_first_address_costs_a_head_start() {
        let begun = Instant::now();
        let (address, ()) = race(addresses(&["[fd00::2]:60000", "10.0.0.2:5"]), dial).await.unwrap();
        assert_eq!(address.to_string(), "10.0.0.2:5");
        assert!((HEAD_START..Duration::from_secs(30)).contains(&begun.elapsed()), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn a_refusal_begins_the_next_attempt_at_once() {
        let refusing = (0..80).map(|n| format!("10.0.{n}.1:1"));
        let all: Vec<SocketAddr> =
            refusing.chain(["10.0.0.2:5".to_owned()]).map(|text| text.parse().unwrap()).collect();
        let begun = Instant::now();
        let (address, ()) = race(all, dial).await.unwrap();
        assert_eq!(address.to_string(), "10.0.0.2:5");
        assert!(begun.elapsed() < HEAD_START * 40, "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn the_first_that_connects_is_taken_though_it_began_earlier() {
        let (address, ()) = race(addresses(&["[fd00::2]:300", "10.0.0.2:9000"]), dial).await.unwrap();
        assert_eq!(address.to_string(), "[fd00::2]:300");
    }

    #[tokio::test]
    async fn an_address_that_connects_in_time_is_the_only_one_tried() {
        let tried = Arc::new(Mutex::new(0));
        let count = Arc::clone(&tried);
        let counted = move |address| {
            *count.lock().unwrap() += 1;
            dial(address)
        };
        race(addresses(&["[fd00::2]:200", "10.0.0.2:1"]), counted).await.unwrap();
        assert_eq!(*tried.lock().unwrap(), 1);
    }

    /// What `localhost` often is: [::1] and 127.0.0.1, and a server at the second alone.
    #[tokio::test]
    async fn a_family_that_nothing_listens_on_is_passed_over() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        let refused = SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, open.port()));
        let (address, stream) = race(vec![refused, open], tokio::net::TcpStream::connect).await.unwrap();
        assert_eq!((address, stream.peer_addr().unwrap()), (open, open));
    }

    #[tokio::test]
    async fn every_failure_is_told() {
        let failed = race(addresses(&["[fd00::1]:3", "10.0.0.1:5"]), dial).await.unwrap_err();
        assert_eq!(failed.len(), 2);
        assert!(race(Vec::new(), dial).await.unwrap_err().is_empty());
    }
}
