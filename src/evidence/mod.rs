//! Reads what people have at hand when COS refused: an error body, curl's output, a HAR, an exception as an
//! SDK or a tool prints it, a log line, a browser's console.
//!
//! [`read()`] tells the formats apart by content and yields the failed exchanges with the place each was found.
//! What an input does not show stays unknown in the [`Exchange`](crate::diagnosis::Exchange): a bare error body
//! says nothing of the request, and a masked value is no value.
//!
//! Text goes one way: every reader (`body`, `labels`, `exception`, `console`, …) finds tokens in it, each with
//! its place and what it says; `assemble` puts the tokens that belong together into findings, and a finding
//! becomes an exchange. Whole HTTP messages (`http_text`, `curl`) and HARs need no guessing and go straight.

mod access_log;
mod assemble;
mod body;
mod codes;
mod console;
mod cos_log;
mod coswhy_log;
mod curl;
mod curl_trace;
mod decode;
mod detect;
mod error;
mod exception;
mod fetched;
mod finding;
mod form;
mod har;
mod har_stream;
mod headers;
mod http_text;
mod invented;
mod labels;
mod mask;
mod minio;
mod no_answer;
mod operation;
mod pattern;
mod phrases;
mod pieces;
mod problem;
mod quoted;
mod read;
mod recorded;
mod request_id;
mod rust_debug;
mod signed_string;
mod source;
mod text;
mod token;
mod told;
mod told_acl;
mod told_key;
mod told_policy;
mod unwrap;
mod url;
mod wire_log;

pub use error::EvidenceError;
pub use read::{read, read_at_most, read_text};
pub use source::{Evidence, Kind, Source};
