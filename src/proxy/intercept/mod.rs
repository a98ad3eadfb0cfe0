//! https through CONNECT, seen: the user's CA, and a certificate made under it for each name that is asked for.

mod authority;
mod constraint;
mod leaf;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use self::authority::Authority;
use self::leaf::Leaf;
use super::address::ConnectName;
use crate::config::settings;

/// Names whose certificates are kept; buckets have a name each, few use more than some dozens.
const KEPT: usize = 1000;

/// Makes certificates, each once.
#[derive(Debug)]
pub(crate) struct Interception {
    authority: Authority,
    /// Digests of the files that it was read from.
    made_of: MadeOf,
    leaves: Mutex<HashMap<String, Kept>>,
}

type MadeOf = [Option<[u8; 32]>; 2];

#[derive(Debug)]
struct Kept {
    leaf: Leaf,
    used_at: i64,
    warned_at: Option<i64>,
}

fn digest(path: &Path) -> Option<[u8; 32]> {
    let content = Zeroizing::new(std::fs::read(path).ok()?);
    Some(Sha256::digest(&content).into())
}

/// Why there is no certificate for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// The CA's name constraints: clients would refuse it.
    Excluded,
    /// The CA's own time is over.
    Expired,
    Failed(String),
}

impl Interception {
    /// `None` where no CA is set; the one before, with the certificates that it made, where the CA is the same.
    pub(crate) fn load(
        settings: &settings::Intercept,
        before: Option<&Arc<Self>>,
    ) -> Result<Option<Arc<Self>>, String> {
        let made_of = [&settings.ca_cert, &settings.ca_key].map(|path| path.as_deref().and_then(digest));
        if let Some(same) = before.filter(|before| before.made_of == made_of) {
            return Ok(Some(Arc::clone(same)));
        }
        let authority = Authority::load(settings)?;
        Ok(authority.map(|authority| Arc::new(Self { authority, made_of, leaves: Mutex::default() })))
    }

    /// The TLS settings for a tunnel to `name`.
    pub(crate) fn server(&self, name: &ConnectName) -> Result<Arc<ServerConfig>, Unfit> {
        self.server_at(name, OffsetDateTime::now_utc().unix_timestamp())
    }

    fn server_at(&self, name: &ConnectName, now: i64) -> Result<Arc<ServerConfig>, Unfit> {
        // Held while a certificate is made, which takes a fraction of a millisecond: so none is made twice.
        let mut leaves = self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = leaves.get_mut(name.as_str()).filter(|kept| now < kept.leaf.renew_at) {
            kept.used_at = now;
            return Ok(Arc::clone(&kept.leaf.config));
        }
        let leaf = self.authority.mint(name, now)?;
        let config = Arc::clone(&leaf.config);
        if leaves.len() >= KEPT && !leaves.contains_key(name.as_str()) {
            let oldest = leaves.iter().min_by_key(|(_, kept)| kept.used_at).map(|(name, _)| name.clone());
            oldest.and_then(|oldest| leaves.remove(&oldest));
        }
        leaves.insert(name.as_str().to_owned(), Kept { leaf, used_at: now, warned_at: None });
        Ok(config)
    }

    /// Whether to say now that a client does not trust the certificate for `name`: once a minute.
    pub(crate) fn may_warn_of(&self, name: &str) -> bool {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let mut leaves = self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = leaves.get_mut(name) else { return true };
        let due = kept.warned_at.is_none_or(|at| now - at >= 60);
        if due {
            kept.warned_at = Some(now);
        }
        due
    }
}
