//! Which buckets a request touches, and whether it may: the one that it is about, and the one that it copies from.

use http::header::{HeaderMap, HeaderValue};

use super::Addresses;
use super::target::{Asked, Target};
use crate::cos::endpoint::{Endpoint, HostKind};
use crate::proxy::reply::Fault;

/// Where COS, and S3's protocol, name the object that is copied.
const COPY_SOURCES: [&str; 2] = ["x-cos-copy-source", "x-amz-copy-source"];

impl Addresses {
    /// Whether the buckets of a request to `target` may be asked for.
    pub(super) fn check_buckets(
        &self,
        asked: Asked<'_>,
        target: &Target,
        headers: &HeaderMap,
    ) -> Result<(), Fault> {
        if self.allowed.any_bucket() {
            return Ok(());
        }
        for source in sources(headers) {
            self.may_copy_from(source).map_err(|why| asked.refused(why))?;
        }
        let Some(endpoint) = &target.endpoint else {
            // A custom domain was listed by the operator, and is one bucket's: the one that is said to be behind it.
            return match &target.listed.bucket {
                Some(bucket) if !self.allowed.is_allowed_bucket(bucket) => Err(asked.refused(NOT_ALLOWED)),
                _ => Ok(()),
            };
        };
        let path = asked.uri.path();
        let named = match (&endpoint.bucket, endpoint.kind) {
            (Some(bucket), _) => bucket.as_str(),
            // The raw segment: an escaped spelling of a name is refused, not decoded.
            (None, HostKind::PathStyle | HostKind::Internal) => {
                path.strip_prefix('/').and_then(|p| p.split('/').next()).unwrap_or("")
            }
            (None, _) => "",
        };
        let climbs = endpoint.bucket.is_none() && climbs_out(path);
        if !named.is_empty() && !climbs && self.allowed.is_allowed_bucket(named) {
            return Ok(());
        }
        Err(asked.refused(if climbs {
            "its path leads out of the bucket that it names"
        } else if named.is_empty() {
            "it names no bucket, and upstream.allowed_buckets does not allow every bucket"
        } else {
            NOT_ALLOWED
        }))
    }

    /// A copy reads its source by this machine's address as well.
    fn may_copy_from(&self, source: &HeaderValue) -> Result<(), &'static str> {
        let Some(source) = source.to_str().ok().map(bare) else { return Err(SOURCE_NOT_ALLOWED) };
        if self.is_own_address(source) {
            return Err("the source of its copy is an address of this proxy, which COS does not know");
        }
        let (bucket, path) = copied_bucket(source).ok_or(SOURCE_NOT_ALLOWED)?;
        if climbs_out(path) {
            return Err("the source of its copy leads out of the bucket that it names");
        }
        if self.allowed.is_allowed_bucket(&bucket) { Ok(()) } else { Err(SOURCE_NOT_ALLOWED) }
    }

    /// Whether a copy names its source by an address of coswhy's own, as a client does that knows no other.
    pub(crate) fn copies_from_own_address(&self, headers: &HeaderMap) -> bool {
        sources(headers).any(|source| source.to_str().is_ok_and(|source| self.is_own_address(bare(source))))
    }

    fn is_own_address(&self, source: &str) -> bool {
        source.split_once('/').is_some_and(|(host, _)| self.maps.know(host))
    }
}

const NOT_ALLOWED: &str = "its bucket is not in upstream.allowed_buckets";
const SOURCE_NOT_ALLOWED: &str = "the bucket it copies from is not in upstream.allowed_buckets";

fn sources(headers: &HeaderMap) -> impl Iterator<Item = &HeaderValue> {
    COPY_SOURCES.iter().flat_map(|name| headers.get_all(*name))
}

/// A copy's source without a scheme.
fn bare(source: &str) -> &str {
    source.trim().trim_start_matches("https://").trim_start_matches("http://")
}

/// The bucket in `BUCKET-APPID.cos.REGION.myqcloud.com/KEY` or `/BUCKET-APPID/KEY`, and the path from which to see that
/// it is that one.
fn copied_bucket(source: &str) -> Option<(String, &str)> {
    let whole = source.trim_start_matches('/');
    let (first, key) = whole.split_once('/')?;
    match Endpoint::parse(first) {
        Some(Endpoint { bucket: Some(bucket), .. }) => Some((bucket, "")),
        Some(endpoint) => Some((endpoint.locate(key).bucket?, key)),
        None => Some((first.to_owned(), whole)),
    }
}

/// Whether a path-style target has so many `..` that a server that resolves them finds another bucket in it than
/// the one in front. In a key they may stand where they stay inside the bucket.
fn climbs_out(path: &str) -> bool {
    let path = path.replace("%2e", ".").replace("%2E", ".").replace("%2f", "/").replace("%2F", "/");
    let mut depth = 0_usize;
    path.split('/').any(|segment| {
        match segment {
            "" | "." => return false,
            ".." => depth = depth.saturating_sub(1),
            _ => {
                depth += 1;
                return false;
            }
        }
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_names_its_source_bucket_in_every_spelling() {
        let bucket = "photos-1250000000";
        for source in [
            "photos-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b",
            "cos.ap-guangzhou.myqcloud.com/photos-1250000000/a",
            "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a",
            "/photos-1250000000/a",
            "photos-1250000000/a?versionId=1",
        ] {
            let found = copied_bucket(bare(source)).map(|(bucket, path)| (bucket, climbs_out(path)));
            assert_eq!(found, Some((bucket.to_owned(), false)), "{source}");
        }
        assert_eq!(copied_bucket("photos-1250000000"), None);
        for source in [
            "cos.ap-guangzhou.myqcloud.com/photos-1250000000/../other-1250000000/a",
            "/photos-1250000000/%2e%2e/other-1250000000/a",
        ] {
            assert!(copied_bucket(source).is_some_and(|(_, path)| climbs_out(path)), "{source}");
        }
    }
}
