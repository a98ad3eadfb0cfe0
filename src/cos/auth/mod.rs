//! How a request says who it is: the signature in its header, its query or its form, taken apart.
//!
//! Nothing is verified here. Sources: <https://www.tencentcloud.com/document/product/436/7778> (q-sign), 436/14690
//! (POST Object), and AWS's documents for what S3 clients send.

mod form;
mod glance;
pub mod masked;
mod qsign;
mod sigv2;
mod sigv4;

use std::fmt;

use http::HeaderMap;

pub use glance::Glance;

use super::redact;
use super::signature::listed_name;

/// Whose algorithm a request was signed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// Not signed at all.
    #[default]
    None,
    /// COS's own, `q-sign-algorithm=sha1&…`
    QSign,
    /// `AWS4-HMAC-SHA256`
    SigV4,
    /// `AWS ID:SIGNATURE`
    SigV2,
    /// Something is there that COS does not know.
    Unknown,
    /// Something is there that was masked before it came here.
    Masked,
}

impl Scheme {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::QSign => "q-sign",
            Self::SigV4 => "sigv4",
            Self::SigV2 => "sigv2",
            Self::Unknown => "unknown",
            Self::Masked => "masked",
        }
    }
}

/// Where the signature stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Header,
    Query,
    /// The whole Authorization value in the parameter `sign`, as old clients do.
    SignParameter,
    Form,
}

impl Place {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::SignParameter => "sign-parameter",
            Self::Form => "form",
        }
    }
}

/// What is wrong with a signature before anybody computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    /// A part that the scheme demands is not there, or is empty.
    Missing(&'static str),
    /// A part is there twice with different values.
    Repeated(&'static str),
    /// A part that should be two times is not.
    BadTime(&'static str),
    /// A part has a value that the scheme does not know.
    BadValue(&'static str),
    /// A time's end is not after its start.
    Backwards(&'static str),
    /// The times look like milliseconds.
    Milliseconds,
    /// A list of names is not sorted.
    Unsorted(&'static str),
    /// A space, quote or line break in or around a part.
    Stray(&'static str),
}

/// The credentials of one request.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Auth {
    pub scheme: Scheme,
    pub place: Option<Place>,
    pub secret_id: Option<String>,
    /// A security token travels with the request.
    pub token: bool,
    /// Epoch seconds, start and end of `q-key-time`.
    pub key_time: Option<(i64, i64)>,
    /// Epoch seconds: `q-sign-time`; for SigV4 and SigV2 headers the request's date and 15 minutes after it (the
    /// skew that is allowed), for SigV4 queries the date and its expiry.
    pub sign_time: Option<(i64, i64)>,
    /// The end alone, where the start is not told (SigV2 in a query).
    pub expires: Option<i64>,
    /// `q-key-time` and `q-sign-time`, or SigV4's date, letter for letter: they are signed.
    pub key_time_text: String,
    pub sign_time_text: String,
    /// Names that the signature says it covers, as written.
    pub header_list: Vec<String>,
    pub param_list: Vec<String>,
    pub signature: Option<String>,
    /// The region in a SigV4 credential's scope.
    pub region_scope: Option<String>,
    /// What follows the SecretId in a SigV4 credential, letter for letter.
    pub scope_text: String,
    pub problems: Vec<Problem>,
}

impl Auth {
    /// Reads the credentials of a request. `form` holds a browser upload's fields, up to its file.
    #[must_use]
    pub fn from_request(headers: &HeaderMap, query: Option<&str>, form: Option<&[(String, String)]>) -> Self {
        let query = query.unwrap_or_default();
        let mut auth = Self::found(headers, query, form);
        auth.token = has_token(headers, query, form);
        auth
    }

    fn found(headers: &HeaderMap, query: &str, form: Option<&[(String, String)]>) -> Self {
        if let Some(value) = headers.get(http::header::AUTHORIZATION) {
            return Self::from_header(&String::from_utf8_lossy(value.as_bytes()), headers);
        }
        if let Some(auth) = form.and_then(form::parse) {
            return auth;
        }
        if let Some(auth) = Self::from_query(query) {
            return auth;
        }
        Self::default()
    }

    /// Reads an Authorization value; `headers` has the date that S3's schemes need.
    #[must_use]
    pub fn from_header(value: &str, headers: &HeaderMap) -> Self {
        let mut auth = if qsign::is(value) {
            qsign::parse(value)
        } else if sigv4::is(value) {
            sigv4::parse_header(value, headers)
        } else if sigv2::is(value) {
            sigv2::parse_header(value, headers)
        } else if value.trim().is_empty() {
            return Self::default();
        } else {
            Self { scheme: Scheme::Unknown, ..Self::default() }
        };
        auth.place = Some(Place::Header);
        auth
    }

    fn from_query(query: &str) -> Option<Self> {
        if query.is_empty() {
            return None;
        }
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let has = |name: &str| pairs.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        if has("q-signature") || has("q-sign-algorithm") || has("q-ak") {
            let mut auth = qsign::of_pairs(&pairs);
            auth.place = Some(Place::Query);
            return Some(auth);
        }
        if has("X-Amz-Signature") || has("X-Amz-Algorithm") {
            return Some(sigv4::parse_query(&pairs));
        }
        if has("AWSAccessKeyId") {
            return Some(sigv2::parse_query(&pairs));
        }
        let sign = first(&pairs, "sign").filter(|sign| !sign.is_empty())?;
        let mut auth = if qsign::is(sign) {
            qsign::parse(sign)
        } else {
            Self { scheme: Scheme::Unknown, ..Self::default() }
        };
        auth.place = Some(Place::SignParameter);
        Some(auth)
    }

    /// Somebody signed it, in whatever way.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.scheme != Scheme::None
    }

    /// By a temporary key: its token is there, or its SecretId is longer than a permanent one (36).
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.token || self.secret_id.as_deref().is_some_and(|id| id.starts_with("AKID") && id.len() >= 48)
    }

    /// The signature covers the Host header.
    #[must_use]
    pub fn signs_host(&self) -> bool {
        self.header_list.iter().any(|name| listed_name(name) == "host")
    }

    /// Some part is missing or can't be read, so that COS can't verify it.
    #[must_use]
    pub fn is_malformed(&self) -> bool {
        self.scheme == Scheme::Unknown || self.problems.iter().any(|p| !matches!(p, Problem::Unsorted(_)))
    }

    /// The times look like milliseconds.
    #[must_use]
    pub fn has_milliseconds(&self) -> bool {
        self.problems.contains(&Problem::Milliseconds)
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth")
            .field("scheme", &self.scheme)
            .field("place", &self.place)
            .field("secret_id", &self.secret_id.as_deref().map(redact::secret_id))
            .field("token", &self.token)
            .field("key_time", &self.key_time)
            .field("sign_time", &self.sign_time)
            .field("expires", &self.expires)
            .field("header_list", &self.header_list)
            .field("param_list", &self.param_list)
            .field("signature", &self.signature.as_ref().map(|_| redact::REDACTED))
            .field("region_scope", &self.region_scope)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

const TOKENS: [&str; 2] = ["x-cos-security-token", "x-amz-security-token"];

fn has_token(headers: &HeaderMap, query: &str, form: Option<&[(String, String)]>) -> bool {
    let in_headers = TOKENS.iter().any(|name| headers.get(*name).is_some_and(|v| !v.is_empty()));
    let names = |name: &str| TOKENS.iter().any(|token| name.eq_ignore_ascii_case(token));
    let in_query =
        || form_urlencoded::parse(query.as_bytes()).any(|(name, value)| names(&name) && !value.is_empty());
    let in_form = || form.is_some_and(|fields| fields.iter().any(|(n, v)| names(n) && !v.is_empty()));
    in_headers || (!query.is_empty() && in_query()) || in_form()
}

/// The first value of a name, in any case.
fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// `a;b;c`
fn names(list: &str) -> Vec<String> {
    list.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The skew that COS and S3 allow a request's date.
const SKEW: i64 = 15 * 60;

#[cfg(test)]
mod tests;
