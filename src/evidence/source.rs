//! Where an exchange was found.

use std::fmt;

use crate::diagnosis::Exchange;

/// A failed exchange, and where it was found.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub source: Source,
    pub exchange: Exchange,
}

/// The place of an exchange in what was given: a name, the entry's number, its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's name, `-` for standard input.
    pub name: String,
    pub kind: Kind,
    /// Counts from 1: a HAR's entry, a log's failure.
    pub entry: usize,
    /// Counts from 1; `None` where lines mean nothing (a HAR on one line).
    pub line: Option<usize>,
}

/// What the exchange was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An error body, whole or in part.
    Body,
    /// HTTP messages as text, most often from curl.
    Http,
    Har,
    /// What a program printed about the failure.
    Exception,
    /// A line of coswhy's own log.
    CoswhyLog,
    /// A line of an access log.
    AccessLog,
    /// A browser console's line.
    Console,
    /// An explanation that coswhy gave earlier.
    Explanation,
    /// A request id and nothing else.
    RequestId,
}

impl Kind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "error body",
            Self::Http => "HTTP messages",
            Self::Har => "HAR entry",
            Self::Exception => "exception",
            Self::CoswhyLog => "coswhy log line",
            Self::AccessLog => "access log line",
            Self::Console => "browser console",
            Self::Explanation => "explanation",
            Self::RequestId => "request id",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name == "-" { "standard input" } else { &self.name };
        write!(f, "{name}")?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match self.kind {
            Kind::Har => write!(f, ", entry {}", self.entry),
            kind => write!(f, ", {}", kind.as_str()),
        }
    }
}
