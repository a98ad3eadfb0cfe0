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

/// Where each setting that was set came from; a list's items are `upstream.allowed_buckets[0]` and so on, a table's
/// fields `keys[0].secret_id`.
#[derive(Debug, Clone, Default)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// An item or a field without an origin of its own has that of what it stands in.
    #[must_use]
    pub fn of(&self, key: &str) -> Origin {
        let outer = |key: &str| {
            let (list, field) = key.rsplit_once('[')?;
            let item = field.find("].").and_then(|at| key.get(..list.len() + at + 2));
            Some(item.unwrap_or(list).to_owned())
        };
        let mut key = key.to_owned();
        loop {
            match (self.0.get(&key), outer(&key)) {
                (Some(origin), _) => return origin.clone(),
                (None, Some(next)) => key = next,
                (None, None) => return Origin::Default,
            }
        }
    }

    /// Whether this very key was set, not only what it stands in.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// What is to be said of a setting, with where it came from.
    pub(super) fn problem(&self, key: &str, says: impl Into<String>) -> Problem {
        Problem { origin: self.of(key), key: Some(key.into()), says: says.into() }
    }

    /// The settings that were set, the parts of lists left out.
    pub fn set(&self) -> impl Iterator<Item = (&str, &Origin)> {
        self.0.iter().filter(|(key, _)| !key.contains('[')).map(|(key, origin)| (key.as_str(), origin))
    }

    pub(super) fn put(&mut self, key: String, origin: Origin) {
        // What a later source says about a list replaces all its items.
        self.0.retain(|old, _| old.strip_prefix(key.as_str()).is_none_or(|rest| !rest.starts_with('[')));
        self.0.insert(key, origin);
    }

    /// Where an item of a list, or a field of one, came from; after its list.
    pub(super) fn put_part(&mut self, key: &str, origin: Origin) {
        self.0.insert(key.to_owned(), origin);
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

impl Problem {
    /// For the log, where a word behind `secret_key:` would be taken for a secret.
    #[must_use]
    pub fn sentence(&self) -> String {
        let key = self.key.as_deref().unwrap_or_default();
        format!("{} ({key}, {})", self.says, self.origin)
    }
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
    pub(super) fn new(problems: Vec<Problem>) -> Self {
        Self { problems: in_order(problems) }
    }
}

/// In the order in which a person mends them: down the file, then the environment, then flags.
pub(super) fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| match &problem.origin {
        Origin::Default => (0, 0, 0),
        Origin::File { line, column, .. } => (1, *line, *column),
        Origin::Env(_) => (2, 0, 0),
        Origin::Flag(_) => (3, 0, 0),
    });
    problems
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
