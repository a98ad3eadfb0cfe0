//! `request.*`: the request as the client sent it.

use std::sync::OnceLock;

use http::{HeaderMap, HeaderValue};
use percent_encoding::percent_decode_str;

use super::table::{Fact, Get, Kind, Source};
use super::value::MapView;
use crate::diagnosis::exchange::{Field, Fields, RequestEvidence};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub method: Option<String>,
    pub scheme: Option<String>,
    pub host: Option<String>,
    pub path: Option<String>,
    /// Empty where the target is known to have none.
    pub query: Option<String>,
    pub headers: Fields,
    pub form: Option<Vec<(String, String)>>,
    pub preflight: Option<bool>,
    params: OnceLock<Vec<(String, String)>>,
    key: OnceLock<Option<String>>,
}

impl Facts {
    pub(super) fn of(request: &RequestEvidence) -> Self {
        let (path, query) = match &request.target {
            Some(target) => match target.split_once('?') {
                Some((path, query)) => (Some(path.to_owned()), Some(query.to_owned())),
                None => (Some(target.clone()), Some(String::new())),
            },
            None => (None, None),
        };
        Self {
            method: request.method.clone(),
            scheme: request.scheme.clone(),
            host: request.host.clone(),
            path,
            query,
            headers: detached(&request.headers),
            form: request.form.clone(),
            preflight: preflight(request),
            params: OnceLock::new(),
            key: OnceLock::new(),
        }
    }

    /// The bytes of what the client sent.
    pub(super) fn weight(&self) -> usize {
        let target = [&self.path, &self.query].into_iter().flatten().map(String::len).sum::<usize>();
        let form = self.form.iter().flatten().map(|(name, value)| name.len() + value.len() + 48);
        // path and parameters may be kept decoded, too
        2 * target + self.headers.weight() + form.sum::<usize>()
    }

    /// The first value of a header field.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).text()
    }

    /// Decoded parameters of the query, in order; `+` is a plus sign, as COS reads it.
    pub(super) fn params(&self) -> Option<&[(String, String)]> {
        let query = self.query.as_deref()?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Some(self.params.get_or_init(|| {
            query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decoded(name), decoded(value))
                })
                .collect()
        }))
    }

    /// The first value of a parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params()?.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The path decoded, to look for what clients encode in different ways.
    fn decoded_path(&self) -> Option<&str> {
        self.key
            .get_or_init(|| {
                self.path.as_deref().map(|p| percent_decode_str(p).decode_utf8_lossy().into_owned())
            })
            .as_deref()
    }
}

/// A copy that keeps nothing else alive: the values on the wire are slices of whole read buffers.
pub(super) fn detached(fields: &Fields) -> Fields {
    let mut map = HeaderMap::with_capacity(fields.map.len());
    for (name, value) in &fields.map {
        if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
            map.append(name, copy);
        }
    }
    Fields { map, seen: fields.seen }
}

/// OPTIONS with Origin and Access-Control-Request-Method (Fetch standard, CORS-preflight request).
fn preflight(request: &RequestEvidence) -> Option<bool> {
    if request.method.as_deref()? != "OPTIONS" {
        return Some(false);
    }
    ["origin", "access-control-request-method"].iter().try_fold(true, |all, name| {
        match request.headers.get(name) {
            Field::Present(_) => Some(all),
            Field::Absent => Some(false),
            Field::Unknown => None,
        }
    })
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Request, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact("request.method", Get::Text(|f| f.request.method.as_deref()), Kind::Plain, "method", "请求方法"),
    fact(
        "request.scheme",
        Get::Text(|f| f.request.scheme.as_deref()),
        Kind::Plain,
        "scheme, http or https",
        "协议",
    ),
    fact(
        "request.host",
        Get::Text(|f| f.request.host.as_deref()),
        Kind::Plain,
        "the name that the request means, with the port if there was one",
        "请求的域名",
    ),
    fact(
        "request.path",
        Get::Text(|f| f.request.path.as_deref()),
        Kind::Target,
        "path without the query, as sent",
        "请求路径",
    ),
    fact(
        "request.query",
        Get::Text(|f| f.request.query.as_deref()),
        Kind::Target,
        "query as sent, empty if there was none",
        "查询字符串",
    ),
    fact(
        "request.headers",
        Get::Map(|f| Some(MapView::Fields(&f.request.headers))),
        Kind::HeaderFields,
        "request header",
        "请求头",
    ),
    fact(
        "request.params",
        Get::Map(|f| f.request.params().map(MapView::Pairs)),
        Kind::Parameters,
        "decoded query parameter",
        "请求参数",
    ),
    fact(
        "request.form",
        Get::Map(|f| f.request.form.as_deref().map(MapView::Pairs)),
        Kind::Parameters,
        "field of a browser upload form, up to the file",
        "表单字段",
    ),
    fact(
        "request.preflight",
        Get::Bool(|f| f.request.preflight),
        Kind::Plain,
        "the request is a CORS preflight",
        "请求是 CORS 预检请求",
    ),
    fact(
        "request.key_has_space",
        Get::Bool(|f| f.request.decoded_path().map(|p| p.contains([' ', '+']))),
        Kind::Plain,
        "the path has a space or a plus sign, encoded or not",
        "路径中含有空格或加号",
    ),
    fact(
        "request.key_non_ascii",
        Get::Bool(|f| f.request.decoded_path().map(|p| !p.is_ascii())),
        Kind::Plain,
        "the path has characters beyond ASCII, encoded or not",
        "路径中含有非 ASCII 字符",
    ),
];
