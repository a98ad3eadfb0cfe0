//! `[diagnosis]`: which answers are explained, and how.

use std::net::IpAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::{Network, any_has};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Diagnosis {
    /// Answers with these statuses are explained.
    #[schemars(inner(range(min = 400, max = 599)))]
    pub statuses: Vec<u16>,
    /// What happens to the body of an explained answer: as the client's Accept says (`negotiate`), or nothing (`untouched`).
    pub body: BodyMode,
    /// Rule files, or directories of them, beside the built-in rules.
    pub rules: Vec<PathBuf>,
    /// The language of explanations: in the log, in XML, and in JSON for clients whose Accept-Language does not prefer another.
    pub language: Language,
    /// Whether answers to requests that succeed, but are going to fail one day, say so in `X-Cos-Warning`.
    pub warn_header: bool,
    /// What clients are told of a diagnosis: all of it (`all`), the header alone (`header`) or nothing (`none`). Log, metrics and the admin listener have it in any case.
    pub expose: Expose,
    /// Another `expose` for clients of some networks; the first entry that has the client's address is taken.
    pub expose_to: Vec<ExposeTo>,
}

/// What clients are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expose {
    /// The header, and the body as `diagnosis.body` says.
    #[default]
    All,
    /// The header; bodies stay as they came.
    Header,
    /// COS's answer as it came, and of coswhy's own answers no more than their status tells.
    None,
}

/// What clients of some networks are told.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExposeTo {
    /// Networks, such as `10.0.0.0/8`, and single addresses.
    pub networks: Vec<Network>,
    /// What clients there are told: `all`, `header` or `none`.
    pub expose: Expose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BodyMode {
    /// Problem JSON for who asks for JSON, the same XML with a `<Diagnosis>` element for everyone else.
    #[default]
    Negotiate,
    /// The header alone.
    Untouched,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    #[default]
    En,
    Zh,
}

impl Diagnosis {
    /// What a client at this address is told.
    #[must_use]
    pub fn exposed_to(&self, client: IpAddr) -> Expose {
        let entry = self.expose_to.iter().find(|entry| any_has(&entry.networks, client));
        entry.map_or(self.expose, |entry| entry.expose)
    }
}

impl Default for Diagnosis {
    fn default() -> Self {
        Self {
            statuses: vec![400, 401, 402, 403, 411, 451],
            body: BodyMode::default(),
            rules: Vec::new(),
            language: Language::default(),
            warn_header: false,
            expose: Expose::default(),
            expose_to: Vec::new(),
        }
    }
}
