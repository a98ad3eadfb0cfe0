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
