//! The cases: a folder for each way in which they came to be, with an index of what each is and its true cause.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    #[serde(skip)]
    pub(crate) folder: String,
    pub(crate) file: String,
    /// The first answers that are right: several only where the text does not tell them apart; `nothing` where it may
    /// as well be said that nothing of COS was found (a request that never left).
    pub(crate) causes: Vec<String>,
    /// Causes that may be named beside the right one.
    #[serde(default)]
    pub(crate) among: Vec<String>,
    /// What sort of thing it is that people copied.
    pub(crate) kind: String,
    /// The client with its version, or the way of copying.
    pub(crate) made: String,
}

impl Case {
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.folder, self.file)
    }

    pub(crate) fn family(&self) -> &'static str {
        let cause = self.causes[0].as_str();
        FAMILIES
            .iter()
            .find(|(_, causes)| causes.contains(&cause))
            .map_or("other codes", |(family, _)| family)
    }
}

/// The causes that have stable names, as the contract groups them.
pub(crate) const FAMILIES: &[(&str, &[&str])] = &[
    (
        "access",
        &[
            "anonymous-access-denied",
            "permission-denied",
            "temporary-key-policy",
            "cors-not-allowed",
            "referer-denied",
            "secret-id-unknown",
            "object-archived",
        ],
    ),
    ("time", &["clock-skew", "signature-expired", "signature-not-yet-valid"]),
    (
        "signature",
        &[
            "signature-mismatch",
            "signature-host-mismatch",
            "signature-path-encoding",
            "signature-header-changed",
            "signature-params-mismatch",
            "signature-method-mismatch",
            "signature-secret-wrong",
            "signature-malformed",
            "signature-strict-mode",
        ],
    ),
    (
        "keys and forms",
        &[
            "secret-id-malformed",
            "security-token-missing",
            "security-token-expired",
            "post-policy-expired",
            "post-policy-mismatch",
            "post-policy-malformed",
            "post-form-malformed",
        ],
    ),
    (
        "addresses",
        &[
            "path-style-forbidden",
            "default-domain-restricted",
            "bucket-without-appid",
            "website-read-only",
            "accelerate-unsupported",
            "legacy-json-api",
        ],
    ),
    (
        "rights",
        &[
            "acl-permission-denied",
            "copy-source-denied",
            "copy-source-missing",
            "ci-role-missing",
            "account-in-arrears",
            "quota-exhausted",
        ],
    ),
    (
        "requests",
        &[
            "content-length-missing",
            "content-md5-missing",
            "content-md5-mismatch",
            "aws-chunked-unsupported",
            "request-body-malformed",
            "upload-too-slow",
            "precondition-failed",
        ],
    ),
    (
        "states",
        &[
            "restore-in-progress",
            "key-not-found",
            "bucket-not-found",
            "bucket-name-taken",
            "rate-limited",
            "cos-unavailable",
        ],
    ),
    ("the way there", &["not-from-cos", "caused-by-proxy", "cause-hidden", "unrecognised"]),
];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accuracy/cases")
}

pub(crate) fn folders() -> Vec<String> {
    let mut found: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}

pub(crate) fn all() -> Vec<Case> {
    let mut all = Vec::new();
    for folder in folders() {
        let index = root().join(&folder).join("index.json");
        let text = fs::read(&index).unwrap_or_else(|error| panic!("{}: {error}", index.display()));
        let cases: Vec<Case> =
            serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", index.display()));
        all.extend(cases.into_iter().map(|case| Case { folder: folder.clone(), ..case }));
    }
    all
}
