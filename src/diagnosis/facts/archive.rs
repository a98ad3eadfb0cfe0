//! `archive.*`: the object that must be restored, and what is known of a restore that was asked for.
//!
//! Of a copy it is the source. Source: <https://www.tencentcloud.com/document/product/436/7745> for `x-cos-restore`.

use std::sync::OnceLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::cos::action::{copy_source, locate_source};
use crate::cos::endpoint::Location;
use crate::cos::time;

/// Worked out when a rule first asks.
#[derive(Debug, Default)]
pub(crate) struct Facts(OnceLock<Object>);

#[derive(Debug, Default)]
struct Object {
    location: Location,
    path: Option<String>,
}

const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Facts {
    fn of<'a>(&'a self, all: &All) -> &'a Object {
        self.0.get_or_init(|| {
            let location = match copy_source(&all.request.headers.map) {
                Some(source) => locate_source(source),
                None => all.cos.location.clone(),
            };
            let path = location.key.as_deref().map(|key| format!("/{}", utf8_percent_encode(key, PATH)));
            Object { location, path }
        })
    }
}

/// `ongoing-request="true"`, or `"false"` with an expiry-date.
fn restoring(all: &All) -> Option<bool> {
    let state = all.response.headers.get("x-cos-restore").text()?;
    match state.split('"').nth(1)? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn restored_until(all: &All) -> Option<i64> {
    let state = all.response.headers.get("x-cos-restore").text()?;
    let (_, date) = state.split_once("expiry-date=\"")?;
    time::parse_http_date(date.split('"').next()?)
}

const fn fact(
    name: &'static str,
    get: Get,
    kind: Kind,
    source: Source,
    en: &'static str,
    zh: &'static str,
) -> Fact {
    Fact::new(name, get, kind, source, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "archive.bucket",
        Get::Text(|f| f.archive.of(f).location.bucket.as_deref()),
        Kind::Plain,
        Source::Request,
        "bucket of the object that is to be read: of a copy, its source's",
        "待读取对象所在的存储桶",
    ),
    fact(
        "archive.region",
        Get::Text(|f| f.archive.of(f).location.region.as_deref()),
        Kind::Plain,
        Source::Request,
        "its region",
        "待读取对象所在的地域",
    ),
    fact(
        "archive.key",
        Get::Text(|f| f.archive.of(f).location.key.as_deref()),
        Kind::Free,
        Source::Request,
        "its key, decoded",
        "待读取对象的对象键",
    ),
    fact(
        "archive.path",
        Get::Text(|f| f.archive.of(f).path.as_deref()),
        Kind::Target,
        Source::Request,
        "its path in a URL",
        "待读取对象的 URL 路径",
    ),
    fact(
        "archive.class",
        Get::Text(|f| f.response.headers.get("x-cos-storage-class").text()),
        Kind::Plain,
        Source::Response,
        "its storage class, as the answer names it (x-cos-storage-class)",
        "对象的存储类型",
    ),
    fact(
        "archive.restoring",
        Get::Bool(restoring),
        Kind::Plain,
        Source::Response,
        "a restore of the object is running (x-cos-restore)",
        "对象正在恢复",
    ),
    fact(
        "archive.restored_until",
        Get::Int(restored_until),
        Kind::Instant,
        Source::Response,
        "the restored copy is there until then (x-cos-restore)",
        "对象副本有效期截止时间",
    ),
];
