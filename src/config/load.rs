//! Puts the settings together: the file, then the environment, then flags, each over the one before.

use std::path::Path;

use super::catalogue::Catalogue;
use super::environment::{self, mismatch};
use super::layers::Layers;
use super::problem::{ConfigError, Origin, Origins, Problem};
use super::settings::Settings;
use super::{file, validate::validate};

/// What the command line says; texts as they were given.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub listen: Option<String>,
    pub admin: Option<String>,
    pub upstream: Option<String>,
}

/// The effective settings, and where each one that was set came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub settings: Settings,
    pub origins: Origins,
    /// What works, but hardly as meant; a sentence each.
    pub warnings: Vec<Problem>,
}

impl Loaded {
    /// A mistake that only somebody who used the settings found, told as `KEY: what is wrong`.
    #[must_use]
    pub fn mistake(&self, says: &str) -> ConfigError {
        let named = says.split_once(": ").filter(|(key, _)| self.origins.of(key) != Origin::Default);
        ConfigError::new(vec![match named {
            Some((key, says)) => self.origins.problem(key, says),
            None => Problem { origin: Origin::Default, key: None, says: says.to_owned() },
        }])
    }
}

/// Reads and checks all settings. Files that they name are not opened here: see [`super::check_files`].
pub fn load(
    file: Option<&Path>,
    env: impl Iterator<Item = (String, String)>,
    flags: &Overrides,
) -> Result<Loaded, ConfigError> {
    let catalogue = Catalogue::new();
    let mut layers = Layers::default();
    if let Some(path) = file {
        file::read(path, &catalogue, &mut layers);
    }
    environment::read(env, &catalogue, &mut layers);
    let flags = [
        ("--listen", "listen", &flags.listen),
        ("--admin", "admin.listen", &flags.admin),
        ("--upstream", "upstream.url", &flags.upstream),
    ];
    for (flag, key, text) in flags {
        let (Some(text), Some(setting)) = (text, catalogue.get(key)) else { continue };
        let origin = Origin::Flag(flag.into());
        match setting.kind.read_text(text) {
            Some(value) => layers.set(key, value, origin),
            None => layers.wrong(Some(key), origin, mismatch(&setting.kind, text)),
        }
    }
    let (settings, origins) = layers.finish()?;
    let warnings = validate(&settings, &origins)?;
    Ok(Loaded { settings, origins, warnings })
}
