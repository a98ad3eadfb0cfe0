//! What people and their programs say around a refusal, beside the exchange itself: weaker than what was seen.

/// What a pasted text tells of the request that it is about; what it does not tell is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The HttpString that the client printed as the one it signed.
    pub http_string: Option<String>,
    /// The StringToSign that it printed.
    pub string_to_sign: Option<String>,
}
