//! What people and their programs say around a refusal, beside the exchange itself: weaker than what was seen.

use crate::cos::granted::Named;

/// What a pasted text tells of the request that it is about; what it does not tell is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The HttpString that the client printed as the one it signed.
    pub http_string: Option<String>,
    /// The StringToSign that it printed.
    pub string_to_sign: Option<String>,
    /// With what key the request was made.
    pub key: Option<ToldKey>,
    /// The ACL that an upload carried.
    pub acl: Option<ToldAcl>,
    /// What the policy names that is quoted beside it.
    pub policy: Named,
    pub way: ToldWay,
    pub signing: ToldSigning,
}

/// The way that a request went: each the words that say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldWay {
    /// A browser opened the address itself, which carries no signature: its viewer of XML shows the answer.
    pub viewer: Option<String>,
    /// The same, by words alone.
    pub opened: Option<String>,
    /// A CDN stands before the bucket.
    pub cdn: Option<String>,
    /// The CDN does not sign what it asks of the bucket.
    pub origin_auth_off: Option<String>,
    /// A proxy on the way sets Host, or another domain was signed.
    pub host: Option<String>,
}

/// How a request's signature was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldSigning {
    /// The method that a URL was pre-signed for.
    pub method: Option<String>,
    /// The strings were compared and are equal: the words.
    pub compared_equal: Option<String>,
    /// A parameter of the URL was changed after signing: the words.
    pub changed: Option<String>,
    /// The security token is sent: the words.
    pub token_sent: Option<String>,
}

/// An ACL, as code or settings around a failure have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldAcl {
    pub value: String,
    /// The upload goes through without it.
    pub cured: bool,
}

/// The key of a request, as the text around it has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldKey {
    pub kind: KeyKind,
    /// Code, a setting or a log says it, not a word of prose alone.
    pub firm: bool,
    /// The words that say it.
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    Temporary,
    /// A user's own, permanent one.
    Permanent,
    /// None: the request was not signed.
    None,
}

impl KeyKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Temporary => "temporary",
            Self::Permanent => "permanent",
            Self::None => "none",
        }
    }
}
