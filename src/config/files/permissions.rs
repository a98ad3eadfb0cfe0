//! Who else on this machine can read a file that holds a secret.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Who may read a file besides its owner without a word about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Besides {
    Nobody,
    /// Keys of servers' certificates and settings are often kept for a service's own group.
    Group,
}

/// What is to be said of a file that more users can read than should.
pub(super) fn too_wide(path: &Path, besides: Besides) -> Option<String> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let who = match (mode & 0o040 != 0, mode & 0o004 != 0) {
        (_, true) => "every user of this machine",
        (true, false) if besides == Besides::Nobody => "its whole group",
        _ => return None,
    };
    Some(format!(
        "{}: {who} can read it (mode {mode:03o}); `chmod 600` keeps it to its owner",
        path.display()
    ))
}
