//! Reads what people have at hand when COS refused: an error body, curl's output, a HAR, an exception as an
//! SDK or a tool prints it, a log line, a browser's console.
//!
//! [`read()`] tells the formats apart by content and yields the failed exchanges with the place each was found.
//! What an input does not show stays unknown in the [`Exchange`](crate::diagnosis::Exchange): a bare error body
//! says nothing of the request, and a masked value is no value.
//!
//! Text goes one way: every reader (`body`, `labels`, `exception`, `console`, …) finds tokens in it, each with
//! its place and what it says; `assemble` puts the tokens that belong together into findings, and a finding
//! becomes an exchange. Whole HTTP messages (`messages`), `logs` and HARs (`har`) need no guessing and go straight.
//! What the text around a failure says of it (`told`) is added last.

mod assemble;
mod body;
mod clients;
mod codes;
mod console;
mod error;
mod fetched;
mod finding;
mod har;
mod headers;
mod input;
mod labels;
mod logs;
mod mask;
mod messages;
mod no_answer;
mod pattern;
mod phrases;
mod problem;
mod quoted;
mod read;
mod recorded;
mod request_id;
mod source;
mod text;
mod token;
mod told;
mod url;

pub use error::EvidenceError;
pub use read::{read, read_at_most, read_text};
pub use source::{Evidence, Kind, Source};
