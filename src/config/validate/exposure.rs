//! Where coswhy listens, and who else can reach it there.

use std::net::{IpAddr, SocketAddr};

use super::Check;
use crate::config::Origin;
use crate::config::settings::Settings;

impl Check<'_> {
    pub(super) fn exposure(&mut self, settings: &Settings) {
        let Settings { listen, admin, tls, upstream, .. } = settings;
        let tls = tls.listen.map(|address| ("tls.listen", address));
        for (key, address) in [("listen", *listen)].into_iter().chain(tls) {
            if !loopback(address.ip()) && upstream.allowed_buckets.is_none() {
                self.wrong(
                    key,
                    format!(
                        "other machines can reach {address}, and a bucket's policy may trust this machine's \
                         address: say in upstream.allowed_buckets which buckets they may ask for ([\"*\"] for any)"
                    ),
                );
            }
        }
        if !loopback(admin.listen.ip()) && admin.token.is_none() {
            self.wrong("admin.listen", format!("other machines can reach {}: set admin.token", admin.listen));
        }
        let addresses = [("listen", *listen), ("admin.listen", admin.listen)].into_iter().chain(tls);
        let addresses: Vec<_> = addresses.collect();
        for (n, one) in addresses.iter().enumerate() {
            for other in addresses.iter().skip(n + 1).filter(|other| clash(one.1, other.1)) {
                self.taken(*one, *other);
            }
        }
        if let Some(token) = &admin.token
            && !token.reveal().bytes().all(|b| b.is_ascii_graphic())
        {
            self.wrong("admin.token", "a token is of ASCII letters, digits and signs, without spaces");
        }
    }

    fn taken(&mut self, one: (&str, SocketAddr), other: (&str, SocketAddr)) {
        // Told where it can be mended: at the one that was set.
        let (at, first) = match self.origins.of(other.0) {
            Origin::Default => (one, other),
            _ => (other, one),
        };
        self.wrong(at.0, format!("{} is on {} already: choose another port", first.0, first.1));
    }
}

fn loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// Whether the second socket cannot be bound beside the first.
fn clash(a: SocketAddr, b: SocketAddr) -> bool {
    let (x, y) = (a.ip().to_canonical(), b.ip().to_canonical());
    a.port() == b.port() && a.port() != 0 && (x == y || x.is_unspecified() || y.is_unspecified())
}
