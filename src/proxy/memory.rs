//! What callers got lately: a request that is refused for lack of rights says more beside those that went through.
//!
//! Nothing is kept of anybody until somebody is refused. From then on, and for some minutes after the last refusal,
//! requests of the callers that were refused are noted, some hundreds a second at most; at all other times a request costs
//! one look at a number. A caller is a SecretId, of which a keyed hash is kept, or whoever does not sign at one bucket.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use http::request;

use super::client::Way;
use super::forward::is_form;
use crate::cos::action;
use crate::cos::auth::{Auth, Scheme};
use crate::cos::endpoint::{Endpoint, Location};
use crate::diagnosis::{Diagnosis, Recent, RecentExchange, folder};

/// Seconds after its last refusal in which a caller is remembered.
const MEMORY: u64 = 10 * 60;
/// Callers at a time, and kinds of requests of each.
const CALLERS: usize = 128;
const KINDS: usize = 24;
/// Requests that went through and are looked at in one second, of all callers: a thousandth of a core's time.
const A_SECOND: u64 = 512;

/// The callers that were refused of late.
#[derive(Debug)]
pub(crate) struct Memory {
    started: Instant,
    hasher: RandomState,
    /// The second, counted from the start, in which everything is forgotten; 0: there is nothing to forget.
    until: AtomicU64,
    /// The second, and how many requests were noted in it, in the lower half.
    noted: AtomicU64,
    callers: Mutex<HashMap<u64, Caller>>,
}

#[derive(Debug, Default)]
struct Caller {
    last_refused: u64,
    kinds: Vec<RecentExchange>,
}

/// A request that went through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed<'a> {
    pub(super) head: &'a request::Parts,
    pub(super) way: &'a Way,
    pub(super) location: (&'a Option<String>, &'a Option<String>),
    pub(super) client: IpAddr,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            hasher: RandomState::new(),
            until: AtomicU64::new(0),
            noted: AtomicU64::new(0),
            callers: Mutex::default(),
        }
    }

    /// What is known of who makes this request, and is about to be told why it was refused.
    pub(super) fn of(&self, head: &request::Parts, bucket: Option<&str>, client: IpAddr) -> Option<Recent> {
        if !self.is_awake() {
            return None;
        }
        let caller = self.caller(head, bucket)?;
        let callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        let exchanges = callers.get(&caller)?.kinds.clone();
        Some(Recent { client: Some(client), exchanges })
    }

    /// COS refused it. Of those that it refused for something else nothing is kept.
    pub(super) fn refused(
        &self,
        head: &request::Parts,
        bucket: Option<&str>,
        client: IpAddr,
        diagnosis: &Diagnosis,
    ) {
        let Some((action, location)) = diagnosis.lacks_rights() else { return };
        let Some(caller) = self.caller(head, bucket) else { return };
        let now = self.now();
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.retain(|_, caller| now.saturating_sub(caller.last_refused) < MEMORY);
        if callers.len() >= CALLERS && !callers.contains_key(&caller) {
            let oldest = callers.iter().min_by_key(|(_, caller)| caller.last_refused).map(|(id, _)| *id);
            oldest.and_then(|oldest| callers.remove(&oldest));
        }
        let caller = callers.entry(caller).or_default();
        caller.last_refused = now;
        caller.note(kind(false, action, location, client));
        // never 0, which would say that there is nothing
        self.until.store(now + MEMORY, Relaxed);
    }

    /// COS did it.
    pub(super) fn passed(&self, passed: &Passed<'_>) {
        if self.until.load(Relaxed) != 0 {
            self.note(passed);
        }
    }

    #[cold]
    fn note(&self, passed: &Passed<'_>) -> Option<()> {
        if !self.is_awake() || !self.has_room() {
            return None;
        }
        let Passed { head, way, location: (bucket, key), client } = *passed;
        let caller = self.caller(head, bucket.as_deref())?;
        // a request never waits here for another
        let mut callers = self.callers.try_lock().ok()?;
        let caller = callers.get_mut(&caller)?;
        let action = action_of(way, head)?;
        let location = Location { bucket: bucket.clone(), key: key.clone(), ..Location::default() };
        caller.note(kind(true, action, &location, client));
        Some(())
    }

    /// Whether anybody is remembered; what was is forgotten when its time is over.
    fn is_awake(&self) -> bool {
        let until = self.until.load(Relaxed);
        if until != 0 && self.now() > until && self.until.compare_exchange(until, 0, Relaxed, Relaxed).is_ok()
        {
            self.callers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        self.until.load(Relaxed) != 0
    }

    /// Whether another request may be noted in this second.
    fn has_room(&self) -> bool {
        let now = self.now() << 32;
        let noted = self.noted.load(Relaxed);
        let next = if noted >> 32 == now >> 32 { noted + 1 } else { now + 1 };
        // who comes in between is let through too: it is a limit for the cost, not a count
        self.noted.store(next, Relaxed);
        next & u64::from(u32::MAX) <= A_SECOND
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_secs()
    }

    /// `None`: it does not show. A form's signature stands in its body.
    fn caller(&self, head: &request::Parts, bucket: Option<&str>) -> Option<u64> {
        if is_form(head) {
            return None;
        }
        let auth = Auth::from_request(&head.headers, head.uri.query(), None);
        match (auth.secret_id, auth.scheme) {
            (Some(id), _) => Some(self.hasher.hash_one((true, id))),
            (None, Scheme::None) => Some(self.hasher.hash_one((false, bucket?))),
            (None, _) => None,
        }
    }
}

impl Caller {
    /// One more of its kind; where there are too many kinds, the rarest of those that came first goes.
    fn note(&mut self, new: RecentExchange) {
        let alike = |old: &RecentExchange| RecentExchange { times: new.times, ..old.clone() } == new;
        if let Some(old) = self.kinds.iter_mut().find(|old| alike(old)) {
            old.times = old.times.saturating_add(1);
            return;
        }
        if self.kinds.len() >= KINDS {
            let rarest = self.kinds.iter().enumerate().min_by_key(|(_, kind)| kind.times).map(|(at, _)| at);
            rarest.map(|at| self.kinds.remove(at));
        }
        self.kinds.push(new);
    }
}

fn kind(allowed: bool, action: &'static str, location: &Location, client: IpAddr) -> RecentExchange {
    let folder = folder(location.key.as_deref()).to_owned();
    RecentExchange { allowed, action, bucket: location.bucket.clone(), folder, client, times: 1 }
}

/// As COS saw the request.
fn action_of(way: &Way, head: &request::Parts) -> Option<&'static str> {
    let unnamed;
    let endpoint = match &way.target.endpoint {
        Some(endpoint) => endpoint,
        None => {
            unnamed = Endpoint::of_bucket(way.target.listed.bucket.as_deref()?, None);
            &unnamed
        }
    };
    let (path, query) = match &way.target.target {
        Some(target) => (target.path(), target.query()),
        None => (head.uri.path(), head.uri.query()),
    };
    action::action(head.method.as_str(), endpoint, path, query, &head.headers, false).map(|a| a.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn went_through(folder: &str) -> RecentExchange {
        let location = Location { key: Some(format!("{folder}/key")), ..Location::default() };
        kind(true, "name/cos:GetObject", &location, [192, 0, 2, 1].into())
    }

    #[test]
    fn a_caller_is_remembered_by_kinds_and_not_by_all_of_them() {
        let mut caller = Caller::default();
        for _ in 0..5 {
            caller.note(went_through("often"));
        }
        for i in 0..3 * KINDS {
            caller.note(went_through(&i.to_string()));
        }
        assert_eq!(caller.kinds.len(), KINDS);
        assert_eq!(caller.kinds.first().map(|kind| (kind.folder.as_str(), kind.times)), Some(("often", 5)));
    }

    #[test]
    fn of_one_second_some_requests_alone_are_looked_at() {
        let memory = Memory::new();
        let noted = (0..10 * A_SECOND).filter(|_| memory.has_room()).count() as u64;
        // a second may end in between
        assert!((A_SECOND..=3 * A_SECOND).contains(&noted), "{noted}");
    }

    #[test]
    fn nobody_is_remembered_before_anybody_is_refused() {
        assert!(!Memory::new().is_awake());
    }
}
