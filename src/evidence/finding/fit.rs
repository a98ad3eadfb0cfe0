//! Whether what a token says, or a whole finding, is of the same failure.

use super::Finding;
use crate::diagnosis::{Field, Fields};
use crate::evidence::codes;
use crate::evidence::token::{Name, Says};

/// How what a token says goes with what is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evidence) enum Fit {
    /// It says something that was not known.
    New,
    /// It says again what was known.
    Again,
    /// It differs, but texts do differ there: the first one counts.
    Differs,
    /// It is of another failure.
    Conflicts,
}

impl Finding {
    pub(in crate::evidence) fn fit(&self, says: &Says) -> Fit {
        match says {
            Says::Text(name, value) => {
                let known = if *name == Name::RequestId { self.request_id() } else { self.text(*name) };
                match (known, name) {
                    (None, Name::Code | Name::Message) if !self.agrees(*name, value) => Fit::Conflicts,
                    // An answer to HEAD is told in full by its status: what comes next is another request.
                    (Some("HEAD"), Name::Method) if self.no_body && value != "HEAD" => Fit::Conflicts,
                    (None, _) => Fit::New,
                    (Some(known), _) if same(known, value) => Fit::Again,
                    (Some(_), Name::Code | Name::RequestId) => Fit::Conflicts,
                    (Some(_), _) => Fit::Differs,
                }
            }
            // A program's own 500 around COS's refusal.
            Says::Status(_) if self.is_wrapper() => Fit::New,
            Says::Status(status) => compare(self.status.as_ref(), status, Fit::Conflicts),
            Says::Url(address) => match (&self.host, &self.target) {
                (None, None) => Fit::New,
                (host, target)
                    if host.as_ref() == Some(&address.host) && target.as_ref() == Some(&address.target) =>
                {
                    Fit::Again
                }
                _ => Fit::Differs,
            },
            Says::Path(path) => compare(self.target.as_ref(), path, Fit::Differs),
            Says::CodeNumber(number) => compare(self.code_number.as_ref(), number, Fit::Differs),
            Says::Mention(address) => match &self.mention {
                None => Fit::New,
                Some(known) if known == address => Fit::Again,
                Some(known) if !known.has_bucket() && address.has_bucket() => Fit::New,
                Some(_) => Fit::Differs,
            },
            Says::RequestHeader(name, value) => field(&self.request, name, value),
            Says::ResponseHeader(name, value) => match field(&self.response, name, value) {
                Fit::Differs if name.ends_with("-request-id") => Fit::Conflicts,
                fit => fit,
            },
            // The ids in two bodies tell them apart; without ids one is printed twice, and perhaps cut.
            Says::Body(body) => match &self.body {
                None => Fit::New,
                Some(known) if !known.ends_with(b"</Error>") && body.ends_with("</Error>") => Fit::New,
                Some(_) => Fit::Again,
            },
            Says::Opening if self.no_body || self.text(Name::Code).is_some() => Fit::Conflicts,
            Says::Opening => Fit::Again,
            Says::NoBody if self.no_body => Fit::Again,
            // The one that had a code had a body.
            Says::NoBody if self.text(Name::Code).is_some() => Fit::Conflicts,
            Says::NoBody => Fit::New,
            Says::Console(line) => match &self.console {
                None => Fit::New,
                Some(known) if known.contains(line.as_str()) || line.contains(known.as_str()) => Fit::Again,
                Some(_) => Fit::Conflicts,
            },
        }
    }

    /// Whether `value` as the code goes with the message that is known, or as the message with the code: COS says
    /// "Access Denied." with one code alone.
    fn agrees(&self, name: Name, value: &str) -> bool {
        let (code, message) = match name {
            Name::Code => (Some(value), self.text(Name::Message)),
            _ => (self.text(Name::Code), Some(value)),
        };
        let (Some(code), Some(message)) = (code, message) else { return true };
        !same(message, "Access Denied") || code.starts_with("AccessDenied") || !codes::unmistakable(code)
    }

    fn is_wrapper(&self) -> bool {
        matches!(self.status, Some(500..=504))
            && self.text(Name::Code).is_none()
            && self.request_id().is_none()
            && self.body.is_none()
            && !self.sealed
    }

    /// Whether `other` can be more of the same failure.
    pub(in crate::evidence) fn goes_with(&self, other: &Self) -> bool {
        let agree = |name: Name| match (self.text(name), other.text(name)) {
            (Some(a), Some(b)) => same(a, b),
            _ => true,
        };
        let said =
            |one: &Self, next: &Self| next.text(Name::Code).is_none_or(|code| one.agrees(Name::Code, code));
        let ids = match (self.request_id(), other.request_id()) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        let status = match (self.status, other.status) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        let console = match (&self.console, &other.console) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        let head = |finding: &Self| finding.no_body && finding.text(Name::Method) == Some("HEAD");
        let told = |finding: &Self| {
            finding.text(Name::Method).is_some_and(|method| method != "HEAD")
                || finding.text(Name::Code).is_some()
        };
        let apart = head(self) && told(other) || told(self) && head(other);
        !(self.sealed && other.sealed || apart)
            && ids
            && status
            && console
            && agree(Name::Code)
            && said(self, other)
            && said(other, self)
    }
}

fn same(known: &str, value: &str) -> bool {
    let plain = |text: &str| text.trim().trim_end_matches(['.', '=']).to_ascii_lowercase();
    plain(known) == plain(value)
}

fn compare<T: PartialEq>(known: Option<&T>, value: &T, otherwise: Fit) -> Fit {
    match known {
        None => Fit::New,
        Some(known) if known == value => Fit::Again,
        Some(_) => otherwise,
    }
}

fn field(fields: &Fields, name: &str, value: &str) -> Fit {
    match fields.get(name) {
        Field::Present(known) if known.as_bytes() == value.as_bytes() => Fit::Again,
        Field::Present(_) => Fit::Differs,
        Field::Absent | Field::Unknown => Fit::New,
    }
}
