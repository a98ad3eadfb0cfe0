//! What works today and will not for ever: seen on exchanges that succeeded, before they fail.
//!
//! Nothing is said that could be otherwise. A time in a signature says when its client's clock stood only where it was
//! made for this very request; a header that was made from a temporary key's own times, or a URL that was made
//! yesterday, tells of no clock that is behind.

use http::HeaderMap;

use super::facts::duration;
use crate::config::settings::Language;
use crate::cos::auth::{Glance, Place, Scheme};
use crate::cos::{request_id, time};

/// A clock is off from here on; COS refuses at 15 minutes.
const SKEW: i64 = 5 * 60;
/// An id and a Date that are further apart than this were not made for one answer.
const APART: i64 = 60;

/// One thing that is going to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// Seconds by which the client's clock is ahead of COS's; negative: behind.
    ClockOff(i64),
    /// Seconds for which the signature still holds.
    SignatureExpiring(i64),
    /// Seconds for which the temporary key still holds.
    TemporaryKeyExpiring(i64),
    /// The signature stands in the parameter `sign`.
    SignParameter,
    /// Signed by Signature Version 2 of S3.
    SigV2,
    /// The bucket is in the path, which new buckets refuse.
    PathStyle,
}

/// An exchange that succeeded, as far as it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Success<'a> {
    pub headers: &'a HeaderMap,
    pub query: Option<&'a str>,
    pub answer: &'a HeaderMap,
    /// Whole seconds, rounded up, from the request's head to the answer's: what was signed before an upload is
    /// answered after it.
    pub took: i64,
    /// Whether the answer's times are COS's own: a cache in front of COS keeps old ones.
    pub by_cos: bool,
    /// Whether the client put the bucket into the path, and it went to COS so.
    pub path_style: bool,
}

impl Warning {
    /// Every kind, as log and metrics name it.
    pub const KINDS: [&'static str; 6] = [
        "clock-off",
        "signature-expiring",
        "temporary-key-expiring",
        "sign-parameter",
        "sigv2",
        "path-style",
    ];

    /// What an exchange that succeeded warns of; nothing, as a rule, and nothing is allocated for it.
    #[must_use]
    pub fn of(success: &Success<'_>) -> Vec<Self> {
        let mut all = Vec::new();
        if let Some(glance) = Glance::of(success.headers, success.query) {
            if success.by_cos {
                all.extend(success.timely(&glance));
            }
            all.extend((glance.place == Place::SignParameter).then_some(Self::SignParameter));
            all.extend((glance.scheme == Scheme::SigV2).then_some(Self::SigV2));
        }
        all.extend(success.path_style.then_some(Self::PathStyle));
        all
    }

    #[must_use]
    pub fn kind(self) -> &'static str {
        let [clock, signature, key, parameter, sigv2, path] = Self::KINDS;
        match self {
            Self::ClockOff(_) => clock,
            Self::SignatureExpiring(_) => signature,
            Self::TemporaryKeyExpiring(_) => key,
            Self::SignParameter => parameter,
            Self::SigV2 => sigv2,
            Self::PathStyle => path,
        }
    }

    /// The warning for a person.
    #[must_use]
    pub fn says(self, language: Language) -> String {
        let time = |seconds| duration(seconds, language);
        match (self, language) {
            (Self::ClockOff(by), Language::En) => format!(
                "The client's clock is {} {} COS's. At 15 minutes COS refuses: set it by NTP.",
                time(by),
                if by > 0 { "ahead of" } else { "behind" },
            ),
            (Self::ClockOff(by), Language::Zh) => format!(
                "客户端时钟比 COS {} {}，偏差达到 15 分钟后请求会被拒绝，请用 NTP 校准。",
                if by > 0 { "快" } else { "慢" },
                time(by),
            ),
            (Self::SignatureExpiring(left @ 0..), Language::En) => format!(
                "The signature runs out in {}: nine tenths of its time are over. Sign later, or for longer.",
                time(left)
            ),
            (Self::SignatureExpiring(left), Language::En) => format!(
                "The signature ran out {} before the answer came. Sign for longer than the transfer takes.",
                time(left)
            ),
            (Self::SignatureExpiring(left @ 0..), Language::Zh) => {
                format!("签名将在 {} 后过期，有效期已过去九成。请在使用前再签名，或延长有效期。", time(left))
            }
            (Self::SignatureExpiring(left), Language::Zh) => {
                format!("签名在响应返回前 {} 已过期。签名有效期应长于传输所需的时间。", time(left))
            }
            (Self::TemporaryKeyExpiring(left @ 0..), Language::En) => format!(
                "The temporary key runs out in {}: nine tenths of its time are over. Get a new one before that.",
                time(left)
            ),
            (Self::TemporaryKeyExpiring(left), Language::En) => format!(
                "The temporary key ran out {} before the answer came. Get a new one earlier.",
                time(left)
            ),
            (Self::TemporaryKeyExpiring(left @ 0..), Language::Zh) => {
                format!("临时密钥将在 {} 后过期，有效期已过去九成。请提前获取新的临时密钥。", time(left))
            }
            (Self::TemporaryKeyExpiring(left), Language::Zh) => {
                format!("临时密钥在响应返回前 {} 已过期。请更早获取新的临时密钥。", time(left))
            }
            (Self::SignParameter, Language::En) => {
                "The signature is in the parameter `sign`, which old clients used. Put its q- pairs into the URL, or into \
                 Authorization."
                    .into()
            }
            (Self::SignParameter, Language::Zh) => {
                "签名放在旧客户端使用的 sign 参数中。请改为在 URL 中携带各个 q- 参数，或使用 Authorization 请求头。".into()
            }
            (Self::SigV2, Language::En) => {
                "Signed by S3's Signature Version 2, which clients and servers are giving up. Set the client to Signature \
                 Version 4."
                    .into()
            }
            (Self::SigV2, Language::Zh) => {
                "使用了 S3 的 V2 签名，各客户端和服务端正在停止支持。请将客户端设置为 V4 签名。".into()
            }
            (Self::PathStyle, Language::En) => {
                "The bucket is in the path, which COS takes for old buckets alone. Set the client to virtual-host style \
                 before it meets a new bucket."
                    .into()
            }
            (Self::PathStyle, Language::Zh) => {
                "存储桶名称在路径中（path style），COS 仅对较早创建的存储桶接受这种访问方式，新存储桶会拒绝。请将客户端设置为虚拟主机风格。".into()
            }
        }
    }
}

impl Success<'_> {
    /// What hangs on the time, which is not looked up where the signature shows none. COS tells its own twice: both must
    /// say the same.
    fn timely(&self, glance: &Glance) -> impl Iterator<Item = Warning> {
        let shows_time = glance.sent.is_some() || glance.sign_time.is_some() || glance.key_time.is_some();
        let now = if shows_time { self.date() } else { None };
        let found = now.map_or([None; 3], |now| self.at(now, glance));
        let certain = found == [None; 3] || self.id_agrees(now);
        found.into_iter().flatten().filter(move |_| certain)
    }

    fn date(&self) -> Option<i64> {
        time::parse_http_date(self.answer.get(http::header::DATE)?.to_str().ok()?)
    }

    fn id_agrees(&self, now: Option<i64>) -> bool {
        let id = self.answer.get("x-cos-request-id").and_then(|id| id.to_str().ok());
        let made = id.and_then(request_id::time);
        made.zip(now).is_some_and(|(made, now)| (made - now).abs() <= self.took + APART)
    }

    fn at(&self, now: i64, glance: &Glance) -> [Option<Warning>; 3] {
        let near_end = |(start, end): (i64, i64)| {
            let left = end - now;
            (left.saturating_mul(10) <= end - start && left >= -self.took).then_some(left)
        };
        let signature = glance.sign_time.and_then(near_end);
        let key = glance.key_time.and_then(near_end);
        // SDKs that were given a temporary key with its times put them into their headers; a URL's times are its own.
        let of_key = glance.key_time != glance.sign_time || glance.place == Place::Header;
        let key = key.filter(|_| of_key && glance.is_temporary(self.headers, self.query));
        let signature = signature.filter(|_| key.is_none() || glance.key_time != glance.sign_time);
        [
            self.skew(now, glance).map(Warning::ClockOff),
            signature.map(Warning::SignatureExpiring),
            key.map(Warning::TemporaryKeyExpiring),
        ]
    }

    fn skew(&self, now: i64, glance: &Glance) -> Option<i64> {
        let ahead = |time: i64| Some(time - now).filter(|by| *by > SKEW);
        let behind = |time: i64| Some(time - now + self.took).filter(|by| *by < -SKEW);
        let by_sent = glance.sent.and_then(|sent| ahead(sent).or_else(|| behind(sent)));
        // whoever signs for later than now has another now
        by_sent.or_else(|| glance.sign_time.and_then(|(start, _)| ahead(start)))
    }
}
