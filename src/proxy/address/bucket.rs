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
        let sources = COPY_SOURCES.iter().flat_map(|name| headers.get_all(*name));
        if !sources.into_iter().all(|source| self.may_copy_from(source)) {
            return Err(asked.refused("the bucket it copies from is not in upstream.allowed_buckets"));
        }
        // A custom domain was listed by the operator, and is one bucket's.
        let Some(endpoint) = &target.endpoint else { return Ok(()) };
        let path = asked.uri.path();
        let named = match (&endpoint.bucket, endpoint.kind) {
            (Some(bucket), _) => bucket.as_str(),
            // The raw segment: an escaped spelling of a name is refused, not decoded.
            (None, HostKind::PathStyle) => {
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
            "its bucket is not in upstream.allowed_buckets"
        }))
    }

    /// A copy reads its source by this machine's address as well.
    fn may_copy_from(&self, source: &HeaderValue) -> bool {
        let bucket = source.to_str().ok().and_then(copied_bucket);
        bucket.is_some_and(|bucket| self.allowed.is_allowed_bucket(&bucket))
    }
}

/// The bucket in `BUCKET-APPID.cos.REGION.myqcloud.com/KEY` or `/BUCKET-APPID/KEY`.
fn copied_bucket(source: &str) -> Option<String> {
    let source = source.trim().trim_start_matches("https://").trim_start_matches("http://");
    let (first, _) = source.trim_start_matches('/').split_once('/')?;
    match Endpoint::parse(first) {
        Some(endpoint) => endpoint.locate(source.split_once('/')?.1).bucket,
        None => Some(first.to_owned()),
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
            assert_eq!(copied_bucket(source).as_deref(), Some(bucket), "{source}");
        }
        assert_eq!(copied_bucket("photos-1250000000"), None);
    }
}
