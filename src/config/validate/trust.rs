//! Who is believed about a client's address, and who is told what.

use super::Check;
use crate::config::Network;
use crate::config::settings::Settings;

impl Check<'_> {
    pub(super) fn trust(&mut self, settings: &Settings) {
        let listener = &settings.listener;
        let believed = [
            ("listener.proxy_protocol", &listener.proxy_protocol),
            ("listener.trusted_proxies", &listener.trusted_proxies),
        ];
        for (key, networks) in believed {
            if networks.iter().any(Network::is_everything) {
                self.warn(
                    key,
                    "names every address, so any client can say that it is another: name your proxies",
                );
            }
        }
        for (n, entry) in settings.diagnosis.expose_to.iter().enumerate() {
            if entry.networks.is_empty() {
                self.wrong(&format!("diagnosis.expose_to[{n}].networks"), "names no network");
            }
        }
    }
}
