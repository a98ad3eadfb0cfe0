//! New settings for a proxy that runs: all of them, or none.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::spawn_blocking;

use super::notify;
use crate::admin::{InForce, Refused, Reload, Reloaded};
use crate::cli::config::Sources;
use crate::cli::rules::Rules;
use crate::config::{Changes, ConfigError, Keys, Loaded, validate};
use crate::observe::{LogLevel, Observer};
use crate::proxy::Reloader;

/// More wait their turn.
const QUEUE: usize = 16;

/// Everything that a reload changes.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) sources: Sources,
    pub(super) rules: Rules,
    pub(super) proxy: Reloader,
    pub(super) observer: Observer,
    pub(super) log_level: LogLevel,
    pub(super) admin: watch::Sender<InForce>,
}

/// Takes reloads from now on, one after the other.
pub(super) fn heed(running: Running) -> Reload {
    let (reload, mut asked) = mpsc::channel::<oneshot::Sender<_>>(QUEUE);
    let running = Arc::new(Mutex::new(running));
    tokio::spawn(async move {
        while let Some(answer) = asked.recv().await {
            let running = Arc::clone(&running);
            // Files are read, and keys and rules made of them: requests go on meanwhile.
            let reloaded =
                spawn_blocking(move || running.lock().unwrap_or_else(PoisonError::into_inner).reload());
            if let Ok(outcome) = reloaded.await {
                // Who asked may have gone.
                let _ = answer.send(outcome);
            }
        }
    });
    reload
}

impl Running {
    fn reload(&mut self) -> Result<Reloaded, Refused> {
        notify::reloading();
        let outcome = self.put_in_force();
        notify::ready(if outcome.is_ok() { "serving" } else { "serving; the last reload was refused" });
        let reloads = &self.observer.metrics().reloads;
        match outcome {
            Ok(reloaded) => {
                reloads.succeeded();
                tell(&reloaded);
                Ok(reloaded)
            }
            Err(wrong) => {
                reloads.failed();
                for (logged, _) in &wrong {
                    tracing::error!("the settings were not reloaded, those before stay in force: {logged}");
                }
                Err(wrong.into_iter().map(|(_, answered)| answered).collect())
            }
        }
    }

    /// Whatever may fail comes first. What is wrong is said for the log and for the answer.
    fn put_in_force(&mut self) -> Result<Reloaded, Vec<(String, String)>> {
        let loaded = self.sources.read().map_err(problems)?;
        let running = self.proxy.settings();
        let Changes { settings, mut changed, needs_restart } = Changes::new(&running, &loaded.settings);
        // What stays as it is must go with what does not: an address with who may reach it.
        validate(&settings, &loaded.origins).map_err(problems)?;
        let rules = Rules::load(&settings.diagnosis.rules, Some(&self.rules)).map_err(lines)?;
        let keys = Keys::new(&settings.keys).map_err(|says| problems(loaded.mistake(&says)))?;
        let files = self
            .proxy
            .reload(&settings, Arc::clone(&rules.engine))
            .map_err(|says| problems(loaded.mistake(&says)))?;
        self.log_level.set(&settings.log.level);
        self.observer.speak(settings.diagnosis.language);
        self.admin.send_replace(InForce {
            settings: settings.admin,
            engine: Arc::clone(&rules.engine),
            keys: Arc::new(keys),
            language: settings.diagnosis.language,
        });
        self.rules = rules;
        for key in files {
            if !changed.iter().any(|known| known == key) {
                changed.push(key.to_owned());
            }
        }
        Ok(Reloaded { changed, needs_restart, warnings: warnings(&loaded) })
    }
}

fn warnings(loaded: &Loaded) -> Vec<String> {
    loaded.warnings.iter().map(|warning| warning.sentence()).collect()
}

fn problems(error: ConfigError) -> Vec<(String, String)> {
    error.problems.into_iter().map(|problem| (problem.sentence(), problem.to_string())).collect()
}

fn lines(errors: String) -> Vec<(String, String)> {
    errors.lines().map(|line| (line.to_owned(), line.to_owned())).collect()
}

fn tell(reloaded: &Reloaded) {
    for warning in &reloaded.warnings {
        tracing::warn!("{warning}");
    }
    if !reloaded.needs_restart.is_empty() {
        tracing::warn!(
            "until a restart these settings stay as they are: {}",
            reloaded.needs_restart.join(", ")
        );
    }
    let changed =
        if reloaded.changed.is_empty() { "nothing".to_owned() } else { reloaded.changed.join(", ") };
    tracing::info!("the settings have been reloaded; changed: {changed}");
}
