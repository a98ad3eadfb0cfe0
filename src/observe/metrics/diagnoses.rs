//! `coswhy_diagnoses_total`: diagnosed answers by cause, confidence and bucket.
//!
//! Buckets' names come from requests, so there is no end to them; a metric must have one.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::diagnosis::Diagnosis;

/// So many buckets have their name in the metric, those that were refused first; all others are `other`.
const NAMED: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Diagnoses {
    total: Family<Labels, Counter>,
    named: Mutex<HashSet<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    cause: String,
    confidence: &'static str,
    bucket: String,
}

impl Diagnoses {
    pub(super) fn register(&self, r: &mut Registry) {
        r.register("diagnoses", "Diagnosed answers by cause, confidence and bucket", self.total.clone());
    }

    pub(super) fn count(&self, diagnosis: &Diagnosis, bucket: Option<&str>) {
        let labels = Labels {
            cause: diagnosis.cause.to_string(),
            confidence: diagnosis.confidence.as_str(),
            bucket: bucket.map_or("none", |bucket| self.name(bucket)).to_owned(),
        };
        self.total.get_or_create(&labels).inc();
    }

    fn name<'a>(&self, bucket: &'a str) -> &'a str {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.contains(bucket) || (named.len() < NAMED && named.insert(bucket.to_owned())) {
            bucket
        } else {
            "other"
        }
    }
}
