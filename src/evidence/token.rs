//! What one place in a text says of an exchange.

use super::url::Address;

/// A place in a text, and what it says.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) says: Says,
}

/// What a place in a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Says {
    Text(Name, String),
    Status(u16),
    /// The URL of the request.
    Url(Address),
    /// A URL of COS that the text mentions; most often the request's.
    Mention(Address),
    /// The path of the request, where its host is not told.
    Path(String),
    /// A number that a program calls its code: the status, unless something else tells that.
    CodeNumber(u16),
    RequestHeader(String, String),
    ResponseHeader(String, String),
    /// An error body as it came, unescaped, without its masked parts.
    Body(String),
    /// A sentence that is the first of a failure wherever it stands.
    Opening,
    /// The answer had no body: the client made up its text.
    NoBody,
    /// The client's own words about the failure, where it knows no more than that.
    Console(String),
}

/// The texts of which an exchange has one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    Code,
    Message,
    /// A message that only a label tells to be one: kept where something else shows that COS answered.
    LabelledMessage,
    Resource,
    RequestId,
    TraceId,
    HostId,
    ServerTime,
    StringToSign,
    FormatString,
    Method,
}

impl Says {
    /// Whether `other` says the same again.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        let plain = |text: &str| text.trim().trim_end_matches('.').to_ascii_lowercase();
        match (self, other) {
            (Self::Text(a, one), Self::Text(b, two)) => {
                let message = |name: &Name| matches!(name, Name::Message | Name::LabelledMessage);
                (a == b || message(a) && message(b) && *a == Name::Message) && plain(one) == plain(two)
            }
            (one, two) => one == two,
        }
    }
}

impl Token {
    pub(super) fn new(at: usize, says: Says) -> Self {
        Self { at, says }
    }

    pub(super) fn text(at: usize, name: Name, value: impl Into<String>) -> Self {
        Self::new(at, Says::Text(name, value.into()))
    }
}
