//! Where a setting came from, and what is wrong with it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Origin {
    #[default]
    Default,
    /// Line and column count from 1, the column in characters.
    File { path: PathBuf, line: usize, column: usize },
    /// The variable's name.
    Env(String),
    /// The flag with its dashes.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            // A variable's name may hold anything, line breaks too.
            Self::Env(name) | Self::Flag(name) => write!(f, "{}", name.escape_debug()),
        }
    }
}

/// Where each setting that was set came from; a list's items are `upstream.allowed_buckets[0]` and so on.
#[derive(Debug, Clone, Default)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// An item without an origin of its own has its list's.
    #[must_use]
    pub fn of(&self, key: &str) -> Origin {
        let list = key.split('[').next().unwrap_or(key);
        self.0.get(key).or_else(|| self.0.get(list)).cloned().unwrap_or_default()
    }

    /// The settings that were set, items of lists left out.
    pub fn set(&self) -> impl Iterator<Item = (&str, &Origin)> {
        self.0.iter().filter(|(key, _)| !key.ends_with(']')).map(|(key, origin)| (key.as_str(), origin))
    }

    pub(super) fn put(&mut self, key: String, origin: Origin) {
        // What a later source says about a list replaces all its items.
        self.0.retain(|old, _| old.strip_prefix(key.as_str()).is_none_or(|rest| !rest.starts_with('[')));
        self.0.insert(key, origin);
    }
}

/// One thing that is wrong: where, with which setting, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub origin: Origin,
    /// The setting; absent where the file itself is wrong.
    pub key: Option<String>,
    pub says: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.origin != Origin::Default {
            write!(f, "{}: ", self.origin)?;
        }
        if let Some(key) = &self.key {
            write!(f, "{key}: ")?;
        }
        f.write_str(&self.says)
    }
}

/// Everything that is wrong, a line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// In the order in which a person mends them: down the file, then the environment, then flags.
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| match &problem.origin {
            Origin::Default => (0, 0, 0),
            Origin::File { line, column, .. } => (1, *line, *column),
            Origin::Env(_) => (2, 0, 0),
            Origin::Flag(_) => (3, 0, 0),
        });
        Self { problems }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
