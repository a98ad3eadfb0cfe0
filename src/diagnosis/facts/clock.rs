//! `clock.*`: what time it was, to COS and to the client.
//!
//! COS's time is in its request id, in `ServerTime` and in `Date`, trusted in that order: an intermediary may have
//! written the last.

use super::table::{Fact, Get, Kind, Source};
use super::{error, request, response};
use crate::cos::auth::{Auth, Place};
use crate::cos::{request_id, time};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub server: Option<i64>,
    pub source: Option<&'static str>,
    pub client: Option<i64>,
    pub skew: Option<i64>,
}

impl Facts {
    pub(super) fn of(
        error: &error::Facts,
        response: &response::Facts,
        auth: &Auth,
        request: &request::Facts,
    ) -> Self {
        let by_id = || error.request_id.as_deref().and_then(request_id::time).map(|t| (t, "request-id"));
        let by_body = || error.server_time.map(|t| (t, "server-time"));
        let by_date = || {
            let date = response.headers.get("date").text()?;
            time::parse_http_date(date).map(|t| (t, "date"))
        };
        let (server, source) = by_id().or_else(by_body).or_else(by_date).unzip();
        let signed_at = auth.sign_time.map(|t| t.0).filter(|_| !auth.has_milliseconds());
        let client = signed_at.or_else(|| request.header("date").and_then(time::parse_http_date));
        Self { server, source, client, skew: client.zip(server).and_then(|(c, s)| skew(c, s, auth)) }
    }
}

/// A signature in a header was made for this request, so its time is the client's. One in a URL or a form may have
/// been made long before: it tells of a skew only where it comes from the future.
fn skew(client: i64, server: i64, auth: &Auth) -> Option<i64> {
    let skew = client.checked_sub(server)?;
    let at_once = matches!(auth.place, Some(Place::Header) | None);
    (at_once || skew > 0).then_some(skew)
}

pub(super) const FACTS: &[Fact] = &[
    Fact::new(
        "clock.server",
        Get::Int(|f| f.clock.server),
        Kind::Instant,
        Source::Response,
        "COS's clock when it answered",
        "COS 服务器时间",
    ),
    Fact::new(
        "clock.source",
        Get::Text(|f| f.clock.source),
        Kind::Word,
        Source::Response,
        "where COS's time was read: request-id, server-time or date",
        "服务器时间来源",
    ),
    Fact::new(
        "clock.client",
        Get::Int(|f| f.clock.client),
        Kind::Instant,
        Source::Request,
        "the client's clock when it signed",
        "客户端签名时间",
    ),
    Fact::new(
        "clock.skew",
        Get::Int(|f| f.clock.skew),
        Kind::Duration,
        Source::Request,
        "the client's clock minus COS's (positive: the client's is ahead)",
        "客户端时钟与服务器时钟之差（正值表示客户端偏快）",
    ),
    Fact::new(
        "clock.ahead_by",
        Get::Int(|f| f.clock.skew.filter(|skew| *skew > 0)),
        Kind::Duration,
        Source::Request,
        "how far the client's clock is ahead, where it is",
        "客户端时钟偏快时长",
    ),
    Fact::new(
        "clock.behind_by",
        Get::Int(|f| f.clock.skew.filter(|skew| *skew < 0).and_then(i64::checked_neg)),
        Kind::Duration,
        Source::Request,
        "how far the client's clock is behind, where it is",
        "客户端时钟偏慢时长",
    ),
];
