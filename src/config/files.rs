//! The check step that touches the system: the files that settings name are there, and are what they should be.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::load::Loaded;
use super::problem::{ConfigError, Problem};

/// Looks at the files that the settings name. Nothing is created or changed.
pub fn check_files(loaded: &Loaded) -> Result<(), ConfigError> {
    let mut problems = Vec::new();
    let mut check = |key: &str, result: Result<(), String>| {
        if let Err(says) = result {
            problems.push(Problem { origin: loaded.origins.of(key), key: Some(key.into()), says });
        }
    };
    let settings = &loaded.settings;
    if let Some(path) = &settings.upstream.ca_file {
        check("upstream.ca_file", certificates(path));
    }
    for (n, path) in settings.diagnosis.rules.iter().enumerate() {
        check(&format!("diagnosis.rules[{n}]"), rules(path));
    }
    if let Some(path) = &settings.log.file {
        check("log.file", log_file(path));
    }
    if problems.is_empty() { Ok(()) } else { Err(ConfigError::new(problems)) }
}

fn certificates(path: &Path) -> Result<(), String> {
    let wrong = |says: &dyn std::fmt::Display| format!("{}: {says}", path.display());
    let bytes = std::fs::read(path).map_err(|error| wrong(&error))?;
    let mut found = 0;
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        certificate.map_err(|error| wrong(&format_args!("not PEM: {error}")))?;
        found += 1;
    }
    if found == 0 { Err(wrong(&"holds no certificate (-----BEGIN CERTIFICATE-----)")) } else { Ok(()) }
}

fn rules(path: &Path) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    if std::fs::metadata(path).map_err(wrong)?.is_dir() {
        std::fs::read_dir(path).map(drop).map_err(wrong)
    } else {
        std::fs::File::open(path).map(drop).map_err(wrong)
    }
}

fn log_file(path: &Path) -> Result<(), String> {
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
