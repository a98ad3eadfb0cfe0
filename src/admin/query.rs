//! The queries: filters, page size, cursor, language. What is not understood is refused by name: a filter that is
//! silently ignored would show what was not asked for.

use std::time::SystemTime;

use crate::config::settings::Language;
use crate::cos::redact;
use crate::observe::ring::Filter;
use crate::observe::since;

const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;

/// The parameters of each endpoint that has any.
pub(super) const DIAGNOSES: &[&str] =
    &["cause", "bucket", "key_id", "fingerprint", "group", "since", "limit", "next", "lang"];
pub(super) const GROUPS: &[&str] =
    &["cause", "bucket", "key_id", "fingerprint", "since", "limit", "next", "lang"];
pub(super) const EVENTS: &[&str] = &["cause", "bucket", "key_id", "fingerprint", "since", "lang"];
pub(super) const LANGUAGE: &[&str] = &["lang"];

/// What is asked for.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) filter: Filter,
    pub(super) limit: usize,
    /// The `next` of the page before.
    pub(super) before: Option<u64>,
    /// `None`: the server's.
    pub(super) language: Option<Language>,
}

impl Query {
    /// Reads `cause=…&bucket=…`, of which `names` are known; an empty value is no filter. The error says what is wrong.
    pub(super) fn parse(query: &str, names: &[&str], now: SystemTime) -> Result<Self, String> {
        let mut parsed = Self { filter: Filter::default(), limit: PAGE, before: None, language: None };
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(known) = names.iter().find(|known| **known == name) else {
                return Err(format!("The parameters here are {}.", names.join(", ")));
            };
            if seen.contains(known) {
                return Err(format!("{known} is there twice."));
            }
            seen.push(*known);
            if !value.is_empty() {
                parsed.set(known, &value, now)?;
            }
        }
        Ok(parsed)
    }

    fn set(&mut self, name: &str, value: &str, now: SystemTime) -> Result<(), String> {
        let filter = &mut self.filter;
        match name {
            "cause" => filter.cause = Some(value.to_owned()),
            "bucket" => filter.bucket = Some(value.to_owned()),
            "key_id" => filter.key_id = Some(masked(value)),
            "fingerprint" => filter.fingerprint = Some(value.to_owned()),
            "group" if value == "fingerprint" => filter.newest = true,
            "group" => return Err("group is fingerprint: of each failure the newest alone.".to_owned()),
            "since" => filter.since = Some(since::instant(value, now)?),
            "limit" => {
                let limit = value.parse().ok().filter(|n| (1..=LARGEST_PAGE).contains(n));
                self.limit = limit.ok_or_else(|| format!("limit is a number from 1 to {LARGEST_PAGE}."))?;
            }
            "next" => self.before = Some(value.parse().map_err(|_| "next is what the page before gave.")?),
            "lang" => {
                self.language = match value {
                    "en" => Some(Language::En),
                    "zh" => Some(Language::Zh),
                    _ => return Err("lang is en or zh.".to_owned()),
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Only masked SecretIds are kept, so a whole one finds what its mask finds.
fn masked(key_id: &str) -> String {
    if key_id.contains('…') { key_id.to_owned() } else { redact::secret_id(key_id) }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_000_000)
    }

    fn parse(query: &str) -> Result<Query, String> {
        Query::parse(query, DIAGNOSES, now())
    }

    #[test]
    fn every_filter_is_read() {
        let query = parse("cause=a&bucket=b-1&key_id=AKIDabcdefghijklwxyz&limit=5&next=17&lang=zh").unwrap();
        assert!(!query.filter.newest);
        let grouped = parse("fingerprint=9f86d081884c7d65&group=fingerprint").unwrap().filter;
        assert_eq!((grouped.fingerprint.as_deref(), grouped.newest), (Some("9f86d081884c7d65"), true));
        assert_eq!(query.filter.cause.as_deref(), Some("a"));
        assert_eq!(query.filter.bucket.as_deref(), Some("b-1"));
        assert_eq!(query.filter.key_id.as_deref(), Some("AKIDabcd…wxyz"));
        assert_eq!((query.limit, query.before, query.language), (5, Some(17), Some(Language::Zh)));
        let masked = parse("key_id=AKIDabcd%E2%80%A6wxyz").unwrap();
        assert_eq!(masked.filter.key_id.as_deref(), Some("AKIDabcd…wxyz"));
    }

    #[test]
    fn since_is_an_instant_or_a_time_back() {
        let since = |text: &str| parse(&format!("since={text}")).map(|query| query.filter.since);
        assert_eq!(since("1970-01-02T00:00:00Z"), Ok(Some(UNIX_EPOCH + Duration::from_secs(86_400))));
        assert_eq!(since("86400"), Ok(Some(UNIX_EPOCH + Duration::from_secs(86_400))));
        assert_eq!(since("15m"), Ok(Some(now() - Duration::from_secs(900))));
        assert_eq!(since("9999h"), Ok(Some(UNIX_EPOCH)));
        assert_eq!(since(""), Ok(None));
        for wrong in ["yesterday", "-5", "99999999999999999999", "18446744073709551615"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_endpoint_has_its_own_parameters() {
        assert!(Query::parse("lang=zh", LANGUAGE, now()).is_ok());
        let wrong = Query::parse("limit=5", EVENTS, now()).unwrap_err();
        assert_eq!(wrong, "The parameters here are cause, bucket, key_id, fingerprint, since, lang.");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for wrong in [
            "group=cause",
            "limit=0",
            "limit=1001",
            "limit=x",
            "next=-1",
            "next=abc",
            "couse=x",
            "lang=de",
            "cause=a&cause=b",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
