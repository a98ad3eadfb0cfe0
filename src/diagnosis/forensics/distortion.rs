//! The ways in which what clients sign differs from what they send.

/// One way; its name is a word for rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Distortion {
    /// None: what was signed is what was sent.
    None,
    /// The host with its port, or without.
    HostPort,
    /// Another host.
    Host,
    /// The path escaped, where it is signed decoded; or decoded where it is signed escaped.
    PathEncoded,
    PathEncodedTwice,
    /// `+` for a space, or a space for `+`.
    PathPlus,
    /// Another Unicode normalisation form.
    PathNormalization,
    /// A slash too many or too few.
    PathSlash,
    /// With the bucket before the key, or without.
    PathBucket,
    /// With the query behind it.
    PathQuery,
    /// Content-Type with a charset, or without.
    ContentTypeCharset,
    ContentType,
    /// Content-Length of another body.
    BodyLength,
    /// A listed header that is sent, but was not there when the client signed.
    HeaderLeftOut,
    /// A header that was signed without being listed.
    HeaderNotListed,
    /// A listed header that is not sent, or is sent with another value.
    HeaderNotSent,
    HeaderOrder,
    HeaderEncoding,
    ParamLeftOut,
    ParamNotListed,
    ParamNotSent,
    ParamOrder,
    ParamEncoding,
    Method,
    /// The method in upper case, where it is signed in lower case.
    MethodCase,
    /// The key's time and the signature's exchanged, or one in place of both.
    Times,
    /// White space or quotes at the SecretKey's ends.
    KeyBlank,
    /// The SecretKey of another SecretId.
    KeyOfAnother,
    /// The SecretId in the SecretKey's place.
    KeyIsSecretId,
    /// `SignKey` as raw bytes, in upper case, or the SecretKey in its place.
    SignKey,
    /// A line end or a hash left out of the string.
    StringForm,
    /// Another region in the scope.
    Region,
    /// Another service in the scope.
    Service,
    /// Another date in the scope.
    Date,
    PayloadHash,
    /// The bucket left out of a version 2 resource, or put in.
    Resource,
}

impl Distortion {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::HostPort => "host-port",
            Self::Host => "host",
            Self::PathEncoded => "path-encoded",
            Self::PathEncodedTwice => "path-encoded-twice",
            Self::PathPlus => "path-plus",
            Self::PathNormalization => "path-normalization",
            Self::PathSlash => "path-slash",
            Self::PathBucket => "path-bucket",
            Self::PathQuery => "path-query",
            Self::ContentTypeCharset => "content-type-charset",
            Self::ContentType => "content-type",
            Self::BodyLength => "body-length",
            Self::HeaderLeftOut => "header-left-out",
            Self::HeaderNotListed => "header-not-listed",
            Self::HeaderNotSent => "header-not-sent",
            Self::HeaderOrder => "header-order",
            Self::HeaderEncoding => "header-encoding",
            Self::ParamLeftOut => "param-left-out",
            Self::ParamNotListed => "param-not-listed",
            Self::ParamNotSent => "param-not-sent",
            Self::ParamOrder => "param-order",
            Self::ParamEncoding => "param-encoding",
            Self::Method => "method",
            Self::MethodCase => "method-case",
            Self::Times => "times",
            Self::KeyBlank => "key-blank",
            Self::KeyOfAnother => "key-of-another",
            Self::KeyIsSecretId => "key-is-secret-id",
            Self::SignKey => "sign-key",
            Self::StringForm => "string-form",
            Self::Region => "region",
            Self::Service => "service",
            Self::Date => "date",
            Self::PayloadHash => "payload-hash",
            Self::Resource => "resource",
        }
    }
}
