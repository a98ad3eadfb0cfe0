//! An expired signature is not signed anew. One that is not valid yet is: its new one is not either.

use crate::cos::auth::Auth;
use crate::diagnosis::ProxySigning;

/// Whether the times of a signature let it hold at `now`: its own, and those of the key that q-sign derives.
pub(super) fn check(auth: &Auth, now: i64) -> Result<(), ProxySigning> {
    let (_, end) = auth.sign_time.ok_or(ProxySigning::DoesNotVerify)?;
    let end = auth.key_time.map_or(end, |(_, key_end)| end.min(key_end));
    if end < now { Err(ProxySigning::Expired) } else { Ok(()) }
}
