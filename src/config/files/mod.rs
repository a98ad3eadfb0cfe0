//! The check step that touches the system: the files and variables that settings name are there, are what they should
//! be, and do not show a secret to other users of this machine.

mod certificate;
mod permissions;

use std::path::Path;

use self::certificate::Half;
pub use self::certificate::{Pair, load_pair};
use self::permissions::{Besides, too_wide};
use super::load::Loaded;
use super::problem::{ConfigError, Origin, Problem, in_order};
use super::secret_key;
use super::settings::{Intercept, Key, Tls};

/// Looks at the files that the settings name, and gives warnings of what works but should not stay. Nothing is
/// created or changed.
pub fn check_files(loaded: &Loaded) -> Result<Vec<Problem>, ConfigError> {
    let mut check = Check { loaded, problems: Vec::new(), warnings: Vec::new() };
    let settings = &loaded.settings;
    check.checked("upstream.ca_file", settings.upstream.ca_file.as_deref(), certificate::chain);
    for (n, path) in settings.diagnosis.rules.iter().enumerate() {
        check.checked(&format!("diagnosis.rules[{n}]"), Some(path), rules);
    }
    check.checked("log.file", settings.log.file.as_deref(), written);
    check.checked("store.path", settings.store.path.as_deref(), written);
    if settings.log.file.is_some() && settings.log.file == settings.store.path {
        check.wrong("store.path", "is log.file too: each needs a file of its own");
    }
    for (n, route) in settings.route.iter().enumerate() {
        check.checked(&format!("route[{n}].ca_file"), route.ca_file.as_deref(), certificate::chain);
    }
    check.keys(&settings.keys);
    check.tls(&settings.tls);
    check.intercept(&settings.intercept);
    check.secrets_in_the_file();
    if check.problems.is_empty() {
        Ok(in_order(check.warnings))
    } else {
        Err(ConfigError::new(check.problems))
    }
}

struct Check<'a> {
    loaded: &'a Loaded,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, key: &str, says: impl Into<String>) {
        self.problems.push(self.loaded.origins.problem(key, says));
    }

    fn checked<T>(&mut self, key: &str, path: Option<&Path>, look: impl Fn(&Path) -> Result<T, String>) {
        if let Some(Err(says)) = path.map(look) {
            self.wrong(key, says);
        }
    }

    fn warn(&mut self, key: &str, says: Option<String>) {
        self.warnings.extend(says.map(|says| self.loaded.origins.problem(key, says)));
    }

    fn keys(&mut self, keys: &[Key]) {
        for (n, key) in keys.iter().enumerate() {
            let own = format!("keys[{n}]");
            match (secret_key::read(key), &key.secret_key_file) {
                (Ok(_), Some(path)) => {
                    self.warn(&format!("{own}.secret_key_file"), too_wide(path, Besides::Nobody));
                }
                (Ok(_), None) => {}
                (Err((Some(field), says)), _) => self.wrong(&format!("{own}.{field}"), says),
                (Err((None, says)), _) => self.wrong(&own, says),
            }
        }
    }

    fn tls(&mut self, tls: &Tls) {
        let servers = Besides::Group;
        self.pair(("tls.cert", tls.cert.as_deref()), ("tls.key", tls.key.as_deref()), servers);
        for (n, more) in tls.certificates.iter().enumerate() {
            let field = |name: &str| format!("tls.certificates[{n}].{name}");
            self.pair((&field("cert"), Some(&more.cert)), (&field("key"), Some(&more.key)), servers);
        }
    }

    fn intercept(&mut self, intercept: &Intercept) {
        let Intercept { ca_cert, ca_key, tunnel_others: _ } = intercept;
        // Whoever reads a CA's key can pose as COS to every client that trusts the CA.
        let key = ("intercept.ca_key", ca_key.as_deref());
        self.pair(("intercept.ca_cert", ca_cert.as_deref()), key, Besides::Nobody);
    }

    /// A certificate and its key, each with the name of its setting; `besides` the owner these may read the key.
    fn pair(&mut self, cert: (&str, Option<&Path>), key: (&str, Option<&Path>), besides: Besides) {
        let ((cert_key, Some(cert)), (key_key, Some(key))) = (cert, key) else { return };
        match certificate::pair(cert, key) {
            Ok(pair) => {
                self.warn(cert_key, pair.out_of_date);
                self.warn(key_key, too_wide(key, besides));
            }
            Err(wrong) => {
                for (half, says) in wrong {
                    self.wrong(if half == Half::Certificate { cert_key } else { key_key }, says);
                }
            }
        }
    }

    fn secrets_in_the_file(&mut self) {
        let settings = &self.loaded.settings;
        let mut secrets = Vec::new();
        if settings.admin.token.is_some() {
            secrets.push("admin.token".to_owned());
        }
        if settings.upstream.proxy_authorization.is_some() {
            secrets.push("upstream.proxy_authorization".to_owned());
        }
        let plain = settings.keys.iter().enumerate().filter(|(_, key)| key.secret_key.is_some());
        secrets.extend(plain.map(|(n, _)| format!("keys[{n}].secret_key")));
        for key in secrets {
            if let Origin::File { path, .. } = self.loaded.origins.of(&key) {
                self.warn(&key, too_wide(&path, Besides::Group));
            }
        }
    }
}

fn rules(path: &Path) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    if std::fs::metadata(path).map_err(wrong)?.is_dir() {
        std::fs::read_dir(path).map(drop).map_err(wrong)
    } else {
        std::fs::File::open(path).map(drop).map_err(wrong)
    }
}

/// A file that is made where it is missing.
fn written(path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!("{}: is a directory", path.display()));
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if directory.is_dir() {
        Ok(())
    } else {
        Err(format!("{}: there is no such directory", directory.display()))
    }
}
