//! `clock.*`: what time it was, to COS and to the client.
//!
//! COS's time is in its request id, in `ServerTime` and in `Date`, trusted in that order: an intermediary may have
//! written the last.

use std::time::Duration;

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
    pub zone_shift: Option<i64>,
    pub lasted: Option<i64>,
}

impl Facts {
    pub(super) fn of(
        error: &error::Facts,
        response: &response::Facts,
        auth: &Auth,
        request: &request::Facts,
        lasted: Option<Duration>,
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
        let apart = client.zip(server);
        Self {
            server,
            source,
            client,
            skew: apart.and_then(|(client, server)| skew(client, server, auth)),
            zone_shift: apart.and_then(|(client, server)| zone_shift(client.checked_sub(server)?)),
            lasted: lasted.and_then(|lasted| i64::try_from(lasted.as_secs()).ok()),
        }
    }
}

/// A signature in a header was made for this request, so its time is the client's. One in a URL or a form may have
/// been made long before: it tells of a skew only where it comes from the future.
fn skew(client: i64, server: i64, auth: &Auth) -> Option<i64> {
    let skew = client.checked_sub(server)?;
    let at_once = matches!(auth.place, Some(Place::Header) | None);
    (at_once || skew > 0).then_some(skew)
}

const HOUR: i64 = 3600;
/// A signature is made some seconds, or a minute on purpose, before COS reads it.
const NEARLY: i64 = 3 * 60;
/// Zones that are half an hour off the full ones, by their distance from UTC.
const HALF_HOURS: [i64; 6] = [3, 4, 5, 6, 9, 10];

/// The distance between two clocks where it is that of a time zone (or of a morning taken for an evening).
fn zone_shift(apart: i64) -> Option<i64> {
    let halves = (apart.checked_add(apart.signum() * HOUR / 4)? / (HOUR / 2)).abs();
    let is_zone = match halves % 2 {
        0 => (2..=28).contains(&halves),
        _ => HALF_HOURS.contains(&(halves / 2)),
    };
    let shift = halves * (HOUR / 2) * apart.signum();
    (is_zone && (apart - shift).abs() <= NEARLY).then_some(shift)
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
    Fact::new(
        "clock.zone_shift",
        Get::Int(|f| f.clock.zone_shift),
        Kind::Duration,
        Source::Request,
        "the signature's start minus COS's clock, where that is the distance of a time zone within three minutes (positive: the signature is ahead)",
        "与时区相符的时间差（正值表示签名时间偏快）",
    ),
    Fact::new(
        "clock.lasted",
        Get::Int(|f| f.clock.lasted),
        Kind::Duration,
        Source::Request,
        "how long the request took, from its beginning to its answer",
        "请求从开始到响应的时长",
    ),
];

#[cfg(test)]
mod tests {
    use super::zone_shift;

    #[test]
    fn a_time_zone_is_recognised_in_the_distance_of_two_clocks() {
        for (apart, shift) in [
            (8 * 3600, Some(8 * 3600)),
            (8 * 3600 - 61, Some(8 * 3600)),
            (-8 * 3600 - 170, Some(-8 * 3600)),
            (12 * 3600 + 5, Some(12 * 3600)),
            (19_800, Some(19_800)),
            (-12_600, Some(-12_600)),
            (3600, Some(3600)),
            (1800, None),
            (5400, None),
            (8 * 3600 + 400, None),
            (15 * 3600, None),
            (900, None),
            (0, None),
            (i64::MAX, None),
            (i64::MIN, None),
        ] {
            assert_eq!(zone_shift(apart), shift, "{apart}");
        }
    }
}
