//! `auth.*`: how the request was signed, by whom, and for how long.

use super::table::{Fact, Get, Kind, Source};
use super::{clock, request};
use crate::cos::auth::{Auth, Scheme};
use crate::diagnosis::exchange::{Field, RequestEvidence, Seen};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Unknown where a signature may have been sent that the input does not show.
    pub scheme: Option<Scheme>,
    pub auth: Auth,
    pub token: Option<bool>,
    pub temporary: Option<bool>,
    pub valid_until: Option<i64>,
    pub expired_for: Option<i64>,
    pub starts_in: Option<i64>,
}

impl Facts {
    /// The credentials alone: the clock is read from them, and what is left of them from the clock.
    pub(super) fn credentials(request: &RequestEvidence, facts: &request::Facts) -> Auth {
        let headers = &request.headers.map;
        Auth::from_request(headers, facts.query.as_deref(), request.form.as_deref())
            .without_masks(headers.get(http::header::AUTHORIZATION).map(http::HeaderValue::as_bytes))
    }

    pub(super) fn of(
        auth: Auth,
        request: &RequestEvidence,
        facts: &request::Facts,
        clock: &clock::Facts,
    ) -> Self {
        let all_shown = facts.query.is_some() && form_is_shown(facts);
        let scheme =
            (auth.is_signed() || (all_shown && authorization_is_shown(facts))).then_some(auth.scheme);
        let token_shown = all_shown && request.headers.seen != Seen::Some;
        let token = (auth.token || (token_shown && scheme.is_some())).then_some(auth.token);
        // a masked SecretId has no length to tell by
        let shows_kind = token.is_some() && (auth.secret_id.is_some() || scheme == Some(Scheme::None));
        let temporary = (auth.is_temporary() || shows_kind).then(|| auth.is_temporary());
        let ends = [auth.sign_time.map(|t| t.1).or(auth.expires), auth.key_time.map(|t| t.1)];
        let end = ends.into_iter().flatten().min();
        let start = [auth.sign_time, auth.key_time].into_iter().flatten().map(|t| t.0).max();
        Self {
            scheme,
            token,
            temporary,
            valid_until: end,
            expired_for: end.zip(clock.server).and_then(|(end, now)| now.checked_sub(end)),
            starts_in: start.zip(clock.server).and_then(|(start, now)| start.checked_sub(now)),
            auth,
        }
    }

    pub(super) fn signed(&self) -> Option<bool> {
        self.scheme.map(|scheme| scheme != Scheme::None)
    }

    /// A part of the signature, where there is a signature.
    fn of_signature<'a, T>(&'a self, part: impl FnOnce(&'a Auth) -> T) -> Option<T> {
        (self.auth.is_signed() && self.auth.scheme != Scheme::Masked).then(|| part(&self.auth))
    }
}

/// Whether an Authorization field would be shown if it had been sent. Browsers leave it out of a HAR, but cannot
/// have sent one with what they fetch by themselves (images, pages).
fn authorization_is_shown(request: &request::Facts) -> bool {
    match request.headers.get("authorization") {
        Field::Present(_) | Field::Absent => true,
        Field::Unknown => {
            request.headers.seen == Seen::AllButCredentials
                && request
                    .header("sec-fetch-mode")
                    .is_some_and(|mode| mode == "no-cors" || mode == "navigate")
        }
    }
}

/// A POST of a form may carry its signature in fields that were not looked at.
fn form_is_shown(request: &request::Facts) -> bool {
    let may_be_form = request.method.as_deref().is_none_or(|method| method == "POST")
        && request.header("content-type").is_some_and(|t| t.starts_with("multipart/form-data"));
    request.form.is_some() || !may_be_form
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Request, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "auth.scheme",
        Get::Text(|f| f.auth.scheme.map(Scheme::as_str)),
        Kind::Word,
        "kind of signature: none, q-sign, sigv4, sigv2, unknown, or masked by whoever showed it",
        "签名类型",
    ),
    fact(
        "auth.place",
        Get::Text(|f| f.auth.auth.place.map(crate::cos::auth::Place::as_str)),
        Kind::Word,
        "where the signature stood: header, query, sign-parameter or form",
        "签名所在位置",
    ),
    fact(
        "auth.scope_region",
        Get::Text(|f| f.auth.auth.region_scope.as_deref()),
        Kind::Plain,
        "region in the scope of a SigV4 signature",
        "SigV4 签名范围中的地域",
    ),
    fact("auth.signed", Get::Bool(|f| f.auth.signed()), Kind::Plain, "the request is signed", "请求带有签名"),
    fact(
        "auth.secret_id",
        Get::Text(|f| f.auth.auth.secret_id.as_deref()),
        Kind::SecretId,
        "SecretId that signed",
        "签名所用的 SecretId",
    ),
    fact(
        "auth.token",
        Get::Bool(|f| f.auth.token),
        Kind::Plain,
        "the request carries a temporary key's security token",
        "请求带有临时密钥的 token",
    ),
    fact(
        "auth.temporary",
        Get::Bool(|f| f.auth.temporary),
        Kind::Plain,
        "the key is a temporary one: the token is there, or the SecretId is as long as only those are",
        "密钥为临时密钥",
    ),
    fact(
        "auth.sign_start",
        Get::Int(|f| f.auth.auth.sign_time.map(|t| t.0)),
        Kind::Instant,
        "the signature's validity begins",
        "签名有效期起始时间",
    ),
    fact(
        "auth.sign_end",
        Get::Int(|f| f.auth.auth.sign_time.map(|t| t.1).or(f.auth.auth.expires)),
        Kind::Instant,
        "the signature's validity ends",
        "签名有效期截止时间",
    ),
    fact(
        "auth.key_start",
        Get::Int(|f| f.auth.auth.key_time.map(|t| t.0)),
        Kind::Instant,
        "the signing key's validity (q-key-time) begins",
        "签名密钥有效期（q-key-time）起始时间",
    ),
    fact(
        "auth.key_end",
        Get::Int(|f| f.auth.auth.key_time.map(|t| t.1)),
        Kind::Instant,
        "the signing key's validity (q-key-time) ends",
        "签名密钥有效期（q-key-time）截止时间",
    ),
    fact(
        "auth.valid_for",
        Get::Int(|f| f.auth.auth.sign_time.and_then(|(start, end)| end.checked_sub(start))),
        Kind::Duration,
        "how long the signature is valid in all",
        "签名有效时长",
    ),
    fact(
        "auth.valid_until",
        Get::Int(|f| f.auth.valid_until),
        Kind::Instant,
        "the signature or its signing key ends, whichever is earlier",
        "签名与签名密钥中较早的截止时间",
    ),
    fact(
        "auth.expired_for",
        Get::Int(|f| f.auth.expired_for),
        Kind::Duration,
        "how long ago the signature ran out by COS's clock (negative: it is still valid)",
        "签名已过期时长（负值表示仍有效）",
    ),
    fact(
        "auth.starts_in",
        Get::Int(|f| f.auth.starts_in),
        Kind::Duration,
        "how long until the signature begins by COS's clock (negative: it has begun)",
        "距签名生效的时长（负值表示已生效）",
    ),
    fact(
        "auth.header_list",
        Get::List(|f| f.auth.of_signature(|a| a.header_list.as_slice())),
        Kind::Plain,
        "headers that the signature covers",
        "签名包含的请求头",
    ),
    fact(
        "auth.param_list",
        Get::List(|f| f.auth.of_signature(|a| a.param_list.as_slice())),
        Kind::Plain,
        "parameters that the signature covers",
        "签名包含的请求参数",
    ),
    fact(
        "auth.host_signed",
        Get::Bool(|f| f.auth.of_signature(Auth::signs_host)),
        Kind::Plain,
        "the signature covers the Host header",
        "签名包含 Host 请求头",
    ),
    fact(
        "auth.malformed",
        Get::Bool(|f| f.auth.of_signature(Auth::is_malformed)),
        Kind::Plain,
        "a part of the signature is missing or can't be read",
        "签名格式有误",
    ),
    fact(
        "auth.milliseconds",
        Get::Bool(|f| f.auth.of_signature(Auth::has_milliseconds)),
        Kind::Plain,
        "the signature's times look like milliseconds",
        "签名时间疑似以毫秒为单位",
    ),
];
