//! A failure while it is being put together from what a text says of it.

use bytes::Bytes;

use crate::diagnosis::{Exchange, Field, Fields, ProxyEvidence, RequestEvidence, ResponseEvidence, Seen};

use super::invented;
use super::mask;
use super::request_id;
use super::source::Kind;
use super::token::{Name, Says};
use super::url::Address;

/// How what a token says goes with what is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It says something that was not known.
    New,
    /// It says again what was known.
    Again,
    /// It differs, but texts do differ there: the first one counts.
    Differs,
    /// It is of another failure.
    Conflicts,
}

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

    pub(super) fn fit(&self, says: &Says) -> Fit {
        match says {
            Says::Text(name, value) => {
                let known = if *name == Name::RequestId { self.request_id() } else { self.text(*name) };
                match (known, name) {
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
            Says::NoBody => {
                if self.no_body {
                    Fit::Again
                } else {
                    Fit::New
                }
            }
            Says::Console(line) => match &self.console {
                None => Fit::New,
                Some(known) if known.contains(line.as_str()) || line.contains(known.as_str()) => Fit::Again,
                Some(_) => Fit::Conflicts,
            },
        }
    }

    fn is_wrapper(&self) -> bool {
        matches!(self.status, Some(500..=504))
            && self.text(Name::Code).is_none()
            && self.request_id().is_none()
            && self.body.is_none()
            && !self.sealed
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

    /// Whether `other` can be more of the same failure.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        let agree = |name: Name| match (self.text(name), other.text(name)) {
            (Some(a), Some(b)) => same(a, b),
            _ => true,
        };
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
        !(self.sealed && other.sealed) && ids && status && console && agree(Name::Code)
    }

    /// Whether it tells of a failure at all.
    pub(super) fn is_failure(&self) -> bool {
        self.status.or(self.code_number).is_some_and(|status| status >= 400) || self.says()
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

    /// What the diagnosis works on.
    pub(super) fn into_exchange(mut self) -> Exchange {
        if self.host.is_none()
            && self.target.is_none()
            && let Some(mention) = self.mention.take()
            // An endpoint out of a configuration is no request's URL.
            && (mention.has_bucket() || mention.target != "/")
        {
            self.put_address(mention);
        }
        let method = self.text(Name::Method).map(str::to_owned);
        let body = self.response_body(method.as_deref());
        let mut response = self.response.clone();
        if let Some(id) = self.text(Name::RequestId)
            && body.as_ref().is_none_or(Bytes::is_empty)
            && self.response.map.is_empty()
        {
            let name = if request_id::is_cos(id) { "x-cos-request-id" } else { "x-amz-request-id" };
            response.push(name, id);
        }
        let status = self.status.or(self.code_number);
        let client_text = self.console.or(self.said);
        Exchange {
            request: RequestEvidence {
                method,
                scheme: self.scheme,
                host: self.host,
                target: self.target,
                headers: self.request,
                form: self.form,
            },
            response: ResponseEvidence { status, headers: response, body },
            client_text,
            proxy: self.proxy,
            lasted: None,
        }
    }

    /// The body as it came; or written anew from the parts that a program printed of it; or known to be empty.
    fn response_body(&self, method: Option<&str>) -> Option<Bytes> {
        if let Some(body) = &self.body {
            return Some(body.clone());
        }
        let head = method == Some("HEAD");
        let code = self.text(Name::Code);
        let message = self.text(Name::Message).or_else(|| self.text(Name::LabelledMessage));
        if code.is_some() && !head || message.is_some() && !self.no_body && !head {
            return Some(Bytes::from(self.error_xml(code, message)));
        }
        let empty = self.response.get("content-length").text() == Some("0");
        (self.no_body || head || empty).then(Bytes::new)
    }

    /// The error body that the printed parts came from, as far as they were printed.
    fn error_xml(&self, code: Option<&str>, message: Option<&str>) -> String {
        let mut xml = String::from("<Error>");
        let mut element = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                xml.push_str(&format!("<{name}>{value}</{name}>"));
            }
        };
        element("Code", code);
        element("Message", message.filter(|m| !invented::message(m)));
        element("Resource", self.text(Name::Resource));
        element("RequestId", self.text(Name::RequestId));
        element("TraceId", self.text(Name::TraceId));
        element("HostId", self.text(Name::HostId));
        element("ServerTime", self.text(Name::ServerTime));
        element("StringToSign", self.text(Name::StringToSign));
        element("FormatString", self.text(Name::FormatString));
        xml.push_str("</Error>");
        xml
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

/// Whether `body` is an error of COS or of an S3 server.
pub(super) fn is_error_body(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(body.get(..body.len().min(2048)).unwrap_or(body)).into_owned();
    head.contains("<Error")
        || head.contains("<Code>") && head.contains("<Message>")
        || head.contains("You do not have permission")
        || head.starts_with('{') && head.replace(' ', "").contains("\"code\":-")
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
