//! What requests go by: the settings and all that is made of them. Nothing of it changes; a reload makes another.

use std::net::SocketAddr;
use std::sync::Arc;

use super::address::Addresses;
use super::classify::Refusals;
use super::intercept::Interception;
use super::listener::{Front, Places};
use super::memory::Memory;
use super::sign::Keys;
use super::upstream::{Dialer, Origins};
use crate::config::Settings;
use crate::diagnosis::Engine;
use crate::observe::Observer;

/// What all workers share and none changes.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Counts the reloads.
    pub(crate) version: u64,
    pub(crate) settings: Settings,
    pub(crate) engine: Arc<Engine>,
    pub(crate) observer: Observer,
    pub(crate) addresses: Addresses,
    pub(crate) keys: Keys,
    pub(crate) origins: Origins,
    pub(crate) dialer: Dialer,
    pub(crate) refusals: Refusals,
    pub(crate) memory: Arc<Memory>,
    /// `None`: https through CONNECT is not looked into.
    pub(crate) interception: Option<Arc<Interception>>,
    pub(crate) places: Places,
    /// `None`: there is no `tls.listen`.
    pub(crate) front: Option<Front>,
    /// `admin.public_url` without a slash at its end.
    pub(crate) public_url: Option<String>,
}

/// What else a start would find wrong with settings: what the environment says of proxies, and whether clients could
/// trust what the CA signs. The sentence begins with the name of the setting or the variable.
pub fn check(settings: &Settings) -> Result<(), String> {
    Origins::new(settings, |name| std::env::var(name).ok())?;
    Interception::load(&settings.intercept, None).map(drop)
}

impl Shared {
    /// At the start. `own` are the process's sockets.
    pub(super) fn first(
        settings: &Settings,
        engine: Arc<Engine>,
        observer: Observer,
        own: Vec<SocketAddr>,
    ) -> Result<Self, String> {
        let places = Places::new(settings.listener.max_connections);
        let memory = Arc::new(Memory::new());
        Self::make(settings, engine, Lasting { version: 0, observer, memory, places, own }, None)
    }

    /// With other settings; what they do not change is kept.
    pub(super) fn after(before: &Self, settings: &Settings, engine: Arc<Engine>) -> Result<Self, String> {
        let lasting = Lasting {
            version: before.version + 1,
            observer: before.observer.clone(),
            memory: Arc::clone(&before.memory),
            places: before.places.clone(),
            own: before.dialer.own().to_vec(),
        };
        Self::make(settings, engine, lasting, Some(before))
    }

    /// Settings whose files were read as others.
    pub(super) fn read_other_than(&self, before: &Self) -> Vec<&'static str> {
        let same_ca = match (&self.interception, &before.interception) {
            (Some(ours), Some(theirs)) => Arc::ptr_eq(ours, theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        };
        let same_front = match (&self.front, &before.front) {
            (Some(ours), Some(theirs)) => ours.shows_the_same_as(theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        };
        let others = [
            ("diagnosis.rules", Arc::ptr_eq(&self.engine, &before.engine)),
            ("intercept.ca_cert", same_ca),
            ("keys", self.keys == before.keys),
            ("tls.cert", same_front),
            ("upstream.ca_file", self.dialer.trusts_the_same_as(&before.dialer)),
        ];
        others.into_iter().filter(|(_, same)| !same).map(|(key, _)| key).collect()
    }

    fn make(
        settings: &Settings,
        engine: Arc<Engine>,
        lasting: Lasting,
        before: Option<&Self>,
    ) -> Result<Self, String> {
        let Lasting { version, observer, memory, places, own } = lasting;
        let origins = Origins::new(settings, |name| std::env::var(name).ok())?;
        let dialer = Dialer::new(settings, own, before.map(|before| &before.dialer))?;
        let front = settings
            .tls
            .listen
            .map(|_| Front::load(&settings.tls, before.and_then(|before| before.front.as_ref())));
        let ca = before.and_then(|before| before.interception.as_ref());
        Ok(Self {
            version,
            addresses: Addresses::new(settings),
            keys: Keys::new(&settings.keys)?,
            origins: origins.trusted_by(&dialer),
            dialer,
            refusals: Refusals::new(&settings.diagnosis.statuses),
            interception: Interception::load(&settings.intercept, ca)?,
            front: front.transpose()?,
            public_url: settings.admin.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
            settings: settings.clone(),
            engine,
            observer,
            memory,
            places,
        })
    }
}

/// What reloads leave as it is.
struct Lasting {
    version: u64,
    observer: Observer,
    memory: Arc<Memory>,
    places: Places,
    own: Vec<SocketAddr>,
}
