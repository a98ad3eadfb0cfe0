//! Who else on this machine can read a file that holds a secret.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// What is to be said of a file that its group or everybody can read.
pub(super) fn too_wide(path: &Path) -> Option<String> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let who = match (mode & 0o040 != 0, mode & 0o004 != 0) {
        (_, true) => "every user of this machine",
        (true, false) => "its whole group",
        (false, false) => return None,
    };
    Some(format!(
        "{}: {who} can read it (mode {mode:03o}); `chmod 600` keeps it to its owner",
        path.display()
    ))
}
