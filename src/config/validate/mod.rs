//! What one value's type cannot tell: how settings go together, and the syntax of addresses and names. A file for
//! what each is about; none of them touches the system.

mod exposure;
mod keys;
mod limits;
mod map;
mod route;
mod tls;
mod trust;
mod upstream;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::problem::{ConfigError, Origins, Problem, in_order};
use super::settings::{Log, MetricsAccess, Settings};

/// Checks settings without touching the system; gives warnings about what works, but hardly as meant.
pub fn validate(settings: &Settings, origins: &Origins) -> Result<Vec<Problem>, ConfigError> {
    let mut check = Check { origins, problems: Vec::new(), warnings: Vec::new() };
    check.exposure(settings);
    check.upstream(&settings.upstream);
    check.limits(settings);
    check.keys(&settings.keys);
    check.maps(&settings.map, &settings.upstream);
    check.routes(&settings.route);
    check.tls(&settings.tls);
    check.intercept(&settings.intercept);
    check.diagnosis(settings);
    check.trust(settings);
    check.log(&settings.log);
    check.finish()
}

struct Check<'a> {
    origins: &'a Origins,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, key: &str, says: impl Into<String>) {
        self.problems.push(self.origins.problem(key, says));
    }

    fn warn(&mut self, key: &str, says: impl Into<String>) {
        self.warnings.push(self.origins.problem(key, says));
    }

    fn checked(&mut self, key: &str, result: Result<(), String>) {
        if let Err(says) = result {
            self.wrong(key, says);
        }
    }

    fn finish(self) -> Result<Vec<Problem>, ConfigError> {
        if self.problems.is_empty() {
            Ok(in_order(self.warnings))
        } else {
            Err(ConfigError::new(self.problems))
        }
    }

    fn log(&mut self, log: &Log) {
        let words = log.level.split(',').map(str::trim);
        // EnvFilter takes it for the name of a part of the program, and silences all others.
        let mut targets = words.filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic()));
        if let Some(word) = targets.find(|word| word.parse::<LevelFilter>().is_err()) {
            self.wrong(
                "log.level",
                format!("found {word:?}, which is none of error, warn, info, debug, trace, off"),
            );
        } else if let Err(error) = EnvFilter::builder().parse(&log.level) {
            self.wrong(
                "log.level",
                format!("found {:?}, which is no level or list of directives: {error}", log.level),
            );
        }
    }

    fn diagnosis(&mut self, settings: &Settings) {
        let Settings { admin, diagnosis, .. } = settings;
        if let Some(url) = &admin.public_url {
            self.checked("admin.public_url", super::names::url::public_url(url));
        }
        if admin.metrics == MetricsAccess::Open && admin.token.is_none() {
            self.warn("admin.metrics", "has no effect, for there is no admin.token");
        }
        if !diagnosis.statuses.contains(&403) {
            self.warn("diagnosis.statuses", "lacks 403, so most refusals of COS are not explained");
        }
    }
}
