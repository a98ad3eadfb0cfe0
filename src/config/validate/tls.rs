//! `[tls]` and `[intercept]`: certificates come with their keys.

use super::Check;
use crate::config::settings::{Intercept, Tls};

impl Check<'_> {
    pub(super) fn tls(&mut self, tls: &Tls) {
        match (&tls.cert, &tls.key) {
            (None, None) if tls.listen.is_some() => {
                self.wrong("tls.listen", "needs tls.cert and tls.key as well");
            }
            (cert, key) => self.both(("tls.cert", cert.is_some()), ("tls.key", key.is_some())),
        }
        if tls.listen.is_none() {
            let set = [
                ("tls.cert", tls.cert.is_some() && tls.key.is_some()),
                ("tls.certificates", !tls.certificates.is_empty()),
            ];
            for (key, _) in set.into_iter().filter(|(_, set)| *set) {
                self.warn(key, "has no effect, for there is no tls.listen");
            }
        }
    }

    pub(super) fn intercept(&mut self, intercept: &Intercept) {
        let Intercept { ca_cert, ca_key, tunnel_others: _ } = intercept;
        self.both(("intercept.ca_cert", ca_cert.is_some()), ("intercept.ca_key", ca_key.is_some()));
    }

    fn both(&mut self, one: (&str, bool), other: (&str, bool)) {
        match (one.1, other.1) {
            (true, false) => self.wrong(one.0, format!("needs {} as well", other.0)),
            (false, true) => self.wrong(other.0, format!("needs {} as well", one.0)),
            _ => {}
        }
    }
}
