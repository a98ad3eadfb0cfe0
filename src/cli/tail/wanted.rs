//! Which lines are wanted.

use std::str::FromStr;
use std::time::SystemTime;

use super::entry::Entry;
use crate::config::is_bucket_like;

/// Empty lists want everything.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) causes: Vec<String>,
    pub(super) buckets: Vec<String>,
    pub(super) statuses: Vec<Status>,
    pub(super) diagnosed: bool,
    pub(super) since: Option<SystemTime>,
}

/// `403`, or `4xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Of(u16),
    Class(u16),
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let class = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
        let status = match class {
            Some(digit) => digit.parse().ok().filter(|class| (1..=5).contains(class)).map(Self::Class),
            None => text.parse().ok().filter(|status| (100..600).contains(status)).map(Self::Of),
        };
        status.ok_or_else(|| "a status is like 403, a class of them like 4xx".to_owned())
    }
}

impl Status {
    fn fits(self, status: u16) -> bool {
        match self {
            Self::Of(wanted) => status == wanted,
            Self::Class(class) => status / 100 == class,
        }
    }
}

impl Wanted {
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        let bucket = |wanted: &String| {
            entry.bucket.as_deref().is_some_and(|bucket| bucket == wanted || is_bucket_like(wanted, bucket))
        };
        let status = |wanted: &Status| entry.status.is_some_and(|status| wanted.fits(status));
        let cause = |wanted: &String| entry.cause.as_ref() == Some(wanted);
        self.since.is_none_or(|since| entry.at >= since)
            && (self.causes.is_empty() || self.causes.iter().any(cause))
            && (self.buckets.is_empty() || self.buckets.iter().any(bucket))
            && (self.statuses.is_empty() || self.statuses.iter().any(status))
            && (!self.diagnosed || entry.cause.is_some())
    }

    /// Whether nothing is left out.
    pub(super) fn is_everything(&self) -> bool {
        let lists = self.causes.is_empty() && self.buckets.is_empty() && self.statuses.is_empty();
        lists && !self.diagnosed && self.since.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_one_or_a_class() {
        assert!("4xx".parse::<Status>().unwrap().fits(451));
        assert!(!"4xx".parse::<Status>().unwrap().fits(503));
        assert!("403".parse::<Status>().unwrap().fits(403));
        for wrong in ["", "4", "xx", "9xx", "44xx", "600", "forbidden"] {
            assert!(wrong.parse::<Status>().is_err(), "{wrong}");
        }
    }
}
