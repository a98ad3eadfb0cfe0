//! Why an input gave no exchange; the sentences a person reads stand here.

use std::io;

use thiserror::Error;

/// What an input can be, for the sentence about one that is none of it.
const ACCEPTED: &str = "what can be read: an error body of COS (XML, JSON or HTML, whole or a part of it), \
    the output of `curl -i`, `-v` or `--trace-ascii`, a HAR saved by the browser's developer tools, by Charles or by Fiddler, \
    an exception or error line as an SDK or an S3 tool prints it, its debug log, a line of the bucket's access log, \
    a log line (coswhy's own or another's) that quotes COS's error code or message, a browser console's message, \
    or a RequestId";

/// Why an input gave no exchange.
#[derive(Debug, Error)]
pub enum EvidenceError {
    #[error("{name}: {source}")]
    Io { name: String, source: io::Error },
    #[error("{name}: there is nothing in it; {ACCEPTED}")]
    Empty { name: String },
    #[error("{name}: nothing in it was recognised as a failure of COS; {ACCEPTED}")]
    Unknown { name: String },
    /// Well-formed input in which nothing failed.
    #[error("{name}: none of the {exchanges} exchanges in it failed, so there is nothing to explain")]
    NoFailure { name: String, exchanges: usize },
    #[error("{name}: it begins like a HAR but is not one that can be read: {reason}")]
    Har { name: String, reason: String },
    #[error(
        "{name}: text over {limit_mib} MiB is not searched (a HAR or a coswhy log may be larger); cut out the failing part"
    )]
    TooLarge { name: String, limit_mib: u64 },
}
