//! What other settings would change in a process that runs, and what of that has to wait for its next start.

use super::Settings;
use super::catalogue::Catalogue;
use super::settings::{Admin, Listener, Log, Runtime, Tls};

/// From the settings in force to others.
#[derive(Debug, Clone)]
pub struct Changes {
    /// What can be put in force: the others, but for what is held from start to end.
    pub settings: Settings,
    /// Settings that become other ones.
    pub changed: Vec<String>,
    /// Settings that stay as they are until a restart.
    pub needs_restart: Vec<String>,
}

impl Changes {
    #[must_use]
    pub fn new(running: &Settings, wanted: &Settings) -> Self {
        let settings = held(running, wanted);
        Self { changed: differing(running, &settings), needs_restart: differing(&settings, wanted), settings }
    }
}

/// `wanted`, with what sockets, threads and open files were made of as it is in `running`. A new section of the settings
/// is to be looked at here.
fn held(running: &Settings, wanted: &Settings) -> Settings {
    let Settings {
        listen: _,
        runtime: _,
        admin,
        upstream: _,
        listener,
        forward: _,
        diagnosis: _,
        log,
        store: _,
        tls,
        intercept: _,
        keys: _,
        map: _,
        route: _,
    } = wanted.clone();
    let tls = match (running.tls.listen, tls.listen) {
        // Its certificates are needed on.
        (Some(_), None) => running.tls.clone(),
        (listen, _) => Tls { listen, ..tls },
    };
    Settings {
        listen: running.listen,
        runtime: Runtime { threads: running.runtime.threads },
        admin: Admin { listen: running.admin.listen, ring: running.admin.ring, ..admin },
        listener: Listener { max_connections: running.listener.max_connections, ..listener },
        log: Log { format: running.log.format, file: running.log.file.clone(), ..log },
        store: running.store.clone(),
        tls,
        ..wanted.clone()
    }
}

/// The names of the settings in which two differ.
fn differing(one: &Settings, other: &Settings) -> Vec<String> {
    let values = |settings: &Settings| serde_json::to_value(settings).unwrap_or_default();
    let (ours, theirs) = (values(one), values(other));
    let catalogue = Catalogue::new();
    let names = catalogue.settings().iter().map(|setting| &setting.key);
    names
        .filter(|key| {
            let at = format!("/{}", key.replace('.', "/"));
            ours.pointer(&at) != theirs.pointer(&at) || secrets_differ(key, one, other)
        })
        .cloned()
        .collect()
}

/// Written out, secrets are all alike.
fn secrets_differ(key: &str, one: &Settings, other: &Settings) -> bool {
    match key {
        "admin.token" => one.admin.token != other.admin.token,
        "upstream.proxy_authorization" => {
            one.upstream.proxy_authorization != other.upstream.proxy_authorization
        }
        "keys" => one.keys != other.keys,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::Changes;
    use crate::config::settings::{Key, Map};
    use crate::config::{Secret, Settings};

    fn secret(text: &str) -> Option<Secret> {
        Some(Secret::new(text.into()))
    }

    #[test]
    fn what_can_change_does_and_the_rest_is_named() {
        let listen = SocketAddr::from(([127, 0, 0, 1], 1));
        let mut wanted = Settings { listen, ..Settings::default() };
        wanted.admin.token = secret("correct horse battery");
        wanted.runtime.threads = Some(3);
        wanted.map.push(Map::default());
        let changes = Changes::new(&Settings::default(), &wanted);
        assert_eq!(changes.changed, ["map", "admin.token"]);
        assert_eq!(changes.needs_restart, ["listen", "runtime.threads"]);
        assert_eq!(changes.settings.listen, Settings::default().listen);
        assert_eq!(changes.settings.admin.token, wanted.admin.token);
    }

    #[test]
    fn a_secret_that_changes_is_a_change() {
        let with = |text: &str| {
            let mut settings = Settings::default();
            settings.admin.token = secret(text);
            settings.upstream.proxy_authorization = secret(text);
            settings.keys.push(Key { secret_key: secret(text), ..Key::default() });
            settings
        };
        let changes = Changes::new(&with("one"), &with("two"));
        assert_eq!(changes.changed, ["keys", "admin.token", "upstream.proxy_authorization"]);
        assert!(Changes::new(&with("one"), &with("one")).changed.is_empty());
    }

    #[test]
    fn https_in_front_stays_with_its_certificates() {
        let mut running = Settings::default();
        running.tls.listen = Some(SocketAddr::from(([127, 0, 0, 1], 1)));
        running.tls.cert = Some("cert.pem".into());
        let changes = Changes::new(&running, &Settings::default());
        assert_eq!(changes.settings.tls, running.tls);
        assert!(changes.changed.is_empty());
        assert_eq!(changes.needs_restart, ["tls.cert", "tls.listen"]);
        let back = Changes::new(&Settings::default(), &running);
        assert_eq!((back.settings.tls.listen, back.needs_restart), (None, vec!["tls.listen".to_owned()]));
    }
}
