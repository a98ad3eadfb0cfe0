//! The built-in rule files, embedded. Their order is the order of the rules: more specific ones first.

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        &[$((
            concat!("config/rules/", $name),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/rules/", $name)),
        )),+]
    };
}

/// Name and text of each.
pub(super) const FILES: &[(&str, &str)] = embedded![
    "steps.toml",
    "traps.toml",
    "forms.toml",
    "keys.toml",
    "signature-time.toml",
    "proxy.toml",
    "proxy_left_alone.toml",
    "s3.toml",
    "signature-tried.toml",
    "signature-printed.toml",
    "signature.toml",
    "told-signature.toml",
    "cors.toml",
    "cors_browser.toml",
    "referer.toml",
    "archive.toml",
    "addresses.toml",
    "legacy.toml",
    "told.toml",
    "told-way.toml",
    "access.toml",
    "permission.toml",
    "rights.toml",
    "way.toml",
    "processing.toml",
    "requests.toml",
    "states.toml",
    "uploads.toml",
    "names.toml",
    "buckets.toml",
    "encryption.toml",
    "select.toml",
    "vector.toml",
    "unrecognised.toml",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_file_is_embedded() {
        let there: BTreeSet<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/config/rules"))
            .unwrap()
            .map(|entry| format!("config/rules/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect();
        let embedded: BTreeSet<String> = super::FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(there, embedded);
    }
}
