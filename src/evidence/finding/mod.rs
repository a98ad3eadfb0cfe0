//! A failure while it is being put together from what a text says of it.

mod exchange;
mod fit;

use std::sync::Arc;

use bytes::Bytes;

use crate::diagnosis::{Fields, ProxyEvidence, Seen, Told};

pub(super) use exchange::is_error_body;
pub(super) use fit::Fit;

use super::mask;
use super::source::Kind;
use super::token::{Name, Says};
use super::url::Address;

/// A failure, as far as it is known.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) at: usize,
    pub(super) kind: Kind,
    /// Whole in itself (an HTTP message, an access-log line): nothing that follows is a part of it by mere nearness.
    pub(super) sealed: bool,
    /// A request that was made next: never more of the failure before it.
    pub(super) opening: bool,
    texts: Vec<(Name, String)>,
    pub(super) status: Option<u16>,
    pub(super) scheme: Option<String>,
    pub(super) host: Option<String>,
    pub(super) target: Option<String>,
    mention: Option<Address>,
    code_number: Option<u16>,
    pub(super) request: Fields,
    pub(super) response: Fields,
    pub(super) form: Option<Vec<(String, String)>>,
    pub(super) body: Option<Bytes>,
    pub(super) no_body: bool,
    pub(super) console: Option<String>,
    /// The line that a program printed.
    pub(super) said: Option<String>,
    /// What coswhy wrote down of its own part.
    pub(super) proxy: Option<ProxyEvidence>,
    /// What the text around it says of it.
    pub(super) told: Option<Arc<Told>>,
}

impl Finding {
    pub(super) fn new(at: usize, kind: Kind) -> Self {
        Self {
            at,
            kind,
            sealed: false,
            opening: false,
            texts: Vec::new(),
            status: None,
            scheme: None,
            host: None,
            target: None,
            mention: None,
            code_number: None,
            request: Fields::default(),
            response: Fields::default(),
            form: None,
            body: None,
            no_body: false,
            console: None,
            said: None,
            proxy: None,
            told: None,
        }
    }

    pub(super) fn sealed(at: usize, kind: Kind) -> Self {
        Self { sealed: true, ..Self::new(at, kind) }
    }

    pub(super) fn text(&self, name: Name) -> Option<&str> {
        self.texts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The RequestId, from wherever it is known.
    pub(super) fn request_id(&self) -> Option<&str> {
        self.text(Name::RequestId).or_else(|| {
            ["x-cos-request-id", "x-ci-request-id", "x-amz-request-id"]
                .iter()
                .find_map(|name| self.response.get(name).text())
        })
    }

    /// Adds what fits and is shown; a masked value is no value.
    pub(super) fn put(&mut self, says: Says) {
        if self.fit(&says) != Fit::New {
            return;
        }
        match says {
            Says::Text(name, value) => {
                if let Some(value) = mask::shown(&value) {
                    let value = if name == Name::Resource { mask::resource(value) } else { value };
                    self.texts.push((name, value.to_owned()));
                }
            }
            Says::Status(status) => self.status = Some(status),
            Says::Url(address) => self.put_address(address),
            Says::Path(path) => self.target = Some(path),
            Says::CodeNumber(number) => self.code_number = Some(number),
            Says::Mention(address) => self.mention = Some(address),
            Says::RequestHeader(name, value) => {
                if let Some(shown) = mask::field(&name, &value).filter(|shown| !shown.trim().is_empty()) {
                    if name == "host" && self.host.is_none() {
                        self.host = Some(shown.clone());
                    }
                    self.request.push(&name, &shown);
                }
            }
            Says::ResponseHeader(name, value) => {
                if !mask::is_masked(&value) {
                    self.response.push(&name, &value);
                }
            }
            Says::Body(body) => self.body = Some(Bytes::from(body)),
            Says::Opening => {}
            Says::NoBody => self.no_body = true,
            Says::Console(line) => self.console = Some(line),
        }
    }

    pub(super) fn put_address(&mut self, address: Address) {
        self.scheme = address.scheme.or(self.scheme.take());
        if !mask::has_hole(&address.host) {
            self.host = Some(address.host);
        }
        self.target = Some(mask::target(&address.target));
    }

    /// Takes over from `other` what is not known here.
    pub(super) fn absorb(&mut self, other: Self) {
        if self.kind == Kind::RequestId {
            self.kind = other.kind;
        }
        for (name, value) in other.texts {
            self.put(Says::Text(name, value));
        }
        self.status = self.status.or(other.status);
        self.code_number = self.code_number.or(other.code_number);
        if self.host.is_none() && self.target.is_none() {
            self.scheme = other.scheme;
            self.host = other.host;
            self.target = other.target;
        }
        self.mention = self.mention.take().or(other.mention);
        absorb_fields(&mut self.request, other.request);
        absorb_fields(&mut self.response, other.response);
        self.form = self.form.take().or(other.form);
        self.body = self.body.take().or(other.body);
        self.no_body |= other.no_body;
        self.console = self.console.take().or(other.console);
        self.proxy = self.proxy.take().or(other.proxy);
        if matches!(self.kind, Kind::Exception | Kind::Console) {
            self.said = self.said.take().or(other.said);
        }
    }

    /// Whether it tells of a failure at all.
    pub(super) fn is_failure(&self) -> bool {
        self.status.or(self.code_number).is_some_and(|status| status >= 400) || self.says()
    }

    /// Whether COS made a download of what was to be shown.
    pub(super) fn is_forced_download(&self) -> bool {
        self.response
            .get("x-cos-force-download")
            .text()
            .is_some_and(|forced| forced.eq_ignore_ascii_case("true"))
    }

    /// Whether it was refused, and nothing shows why.
    pub(super) fn is_unexplained(&self) -> bool {
        self.status.is_some_and(|status| status >= 400) && self.body.is_none() && !self.has_reason()
    }

    /// Whether it is a reason by itself, of which nothing tells to which request it belongs.
    pub(super) fn is_reason_alone(&self) -> bool {
        let request = self.host.is_some() || self.target.is_some() || self.request_id().is_some();
        !self.sealed && self.has_reason() && self.body.is_none() && !request
    }

    fn has_reason(&self) -> bool {
        self.text(Name::Code).is_some() || self.text(Name::Message).is_some()
    }

    /// Whether there is more to it than a status.
    pub(super) fn says_why(&self) -> bool {
        self.sealed || self.says()
    }

    fn says(&self) -> bool {
        self.no_body && !self.sealed
            || self.text(Name::Code).is_some()
            || self.text(Name::Message).is_some()
            || self.text(Name::RequestId).is_some()
            || self.console.is_some()
            || self.body.as_ref().is_some_and(|body| is_error_body(body))
    }
}

fn absorb_fields(fields: &mut Fields, other: Fields) {
    if fields.map.is_empty() {
        *fields = other;
    } else if fields.seen == Seen::Some {
        for (name, value) in &other.map {
            if fields.map.get(name).is_none() {
                fields.map.append(name.clone(), value.clone());
            }
        }
        fields.seen = other.seen;
    }
}
