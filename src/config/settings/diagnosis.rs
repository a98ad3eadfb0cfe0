//! `[diagnosis]`: which answers are explained, and how.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

impl Default for Diagnosis {
    fn default() -> Self {
        Self {
            statuses: vec![400, 401, 402, 403, 411, 451],
            body: BodyMode::default(),
            rules: Vec::new(),
            language: Language::default(),
            warn_header: false,
        }
    }
}
