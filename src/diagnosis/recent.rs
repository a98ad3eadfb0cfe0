//! What went before: other requests of late with the same SecretId, or, unsigned ones, to the same bucket.

use std::net::IpAddr;

/// What a proxy remembers of one caller. It is a sample: what is not there may have happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    /// Where the request at hand came from.
    pub client: Option<IpAddr>,
    pub exchanges: Vec<RecentExchange>,
}

/// Requests that were alike in all this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentExchange {
    /// COS did it, or refused for lack of rights.
    pub allowed: bool,
    pub action: &'static str,
    pub bucket: Option<String>,
    /// The key up to its last slash.
    pub folder: String,
    pub client: IpAddr,
    pub times: u32,
}

/// Where in a bucket a key is: up to its last slash, and not all of what is very deep.
#[must_use]
pub fn folder(key: Option<&str>) -> &str {
    const LONGEST: usize = 128;
    let folder = key.and_then(|key| key.rsplit_once('/')).map_or("", |(folder, _)| folder);
    folder.char_indices().nth(LONGEST).and_then(|(end, _)| folder.get(..end)).unwrap_or(folder)
}
