//! A name of COS means a bucket before coswhy maps it to one, and signatures for it are made in the world outside.
//!
//! A pre-signed URL of one bucket must not become one of another by coming here with its own Host, whatever a
//! `[[map]]` entry says of that name. Mapping a name of COS to what it means itself is another matter: a path-style name
//! becomes the bucket's own so.

use super::host::without_port;
use super::{Asked, Sent, path};
use crate::cos::endpoint::Endpoint;

/// Whether the request goes to the bucket that its host names, where it is one of COS's.
pub(super) fn is_kept(asked: &Asked<'_>, sent: &Sent<'_>) -> bool {
    let Some(named) = Endpoint::parse(without_port(asked.host)) else { return true };
    let Some(real) = Endpoint::parse(without_port(sent.host)) else { return false };
    let (named, real) = (named.locate(path(asked.target)), real.locate(path(sent.target)));
    named.bucket == real.bucket && named.key == real.key
}
