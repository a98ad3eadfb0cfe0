//! The addresses of COS: what a host name says of bucket, AppId and region.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/6224> (regions and endpoints) and the addresses
//! that the vendor's SDKs build. A name that is not one of these is not COS, whatever it resembles.

use percent_encoding::percent_decode_str;

/// What kind of address a COS host name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HostKind {
    /// `BUCKET-APPID.cos.REGION.myqcloud.com`
    VirtualHost,
    /// `cos.REGION.myqcloud.com`, the bucket is the path's first segment
    PathStyle,
    /// `service.cos.myqcloud.com`, lists the buckets of an account
    Service,
    /// `BUCKET-APPID.cos-internal.REGION.myqcloud.com`
    Internal,
    /// `BUCKET-APPID.cos.accelerate.myqcloud.com`
    Accelerate,
    /// `BUCKET-APPID.cos-website.REGION.myqcloud.com`
    Website,
    /// `BUCKET-APPID.pic.REGION.myqcloud.com`
    Pic,
    /// `BUCKET-APPID.ci.REGION.myqcloud.com`
    Ci,
    /// `UIN.cos-control.REGION.myqcloud.com`, batch jobs
    Control,
    /// `BUCKET-APPID.file.myqcloud.com`, the default CDN domain
    DefaultCdn,
    /// `REGION.file.myqcloud.com`, the retired JSON API (v4)
    LegacyJson,
}

impl HostKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VirtualHost => "virtual-host",
            Self::PathStyle => "path-style",
            Self::Service => "service",
            Self::Internal => "internal",
            Self::Accelerate => "accelerate",
            Self::Website => "website",
            Self::Pic => "pic",
            Self::Ci => "ci",
            Self::Control => "control",
            Self::DefaultCdn => "default-cdn",
            Self::LegacyJson => "legacy-json",
        }
    }
}

/// A host name of COS, taken apart. All parts are in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub kind: HostKind,
    /// The bucket as the name has it: with `-APPID`, unless somebody forgot it.
    pub bucket: Option<String>,
    /// The digits after the bucket's last hyphen; `None` where the label has none.
    pub appid: Option<String>,
    pub region: Option<String>,
}

/// Where a request points: the host's parts completed by its path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Location {
    pub bucket: Option<String>,
    pub appid: Option<String>,
    pub region: Option<String>,
    /// The object key, decoded; `None` where the request is about the bucket or the service.
    pub key: Option<String>,
}

impl Endpoint {
    /// Reads a host name without its port. `None`: not a name of COS.
    #[must_use]
    pub fn parse(host: &str) -> Option<Self> {
        if host.len() > 253 {
            return None;
        }
        let host = host.to_ascii_lowercase();
        if let Some(label) = host.strip_suffix(".file.myqcloud.com") {
            return Self::file(label);
        }
        let name = host.strip_suffix(".myqcloud.com").or_else(|| host.strip_suffix(".tencentcos.cn"))?;
        let mut labels = name.split('.');
        let parts = (labels.next()?, labels.next(), labels.next(), labels.next());
        if !name.split('.').all(is_label) {
            return None;
        }
        match parts {
            ("service", Some("cos" | "cos-internal"), None, None) => {
                Some(Self::of(HostKind::Service, None, None))
            }
            (service, Some(region), None, None) => {
                let kind = kind_of(service, region)?;
                let kind = if kind == HostKind::VirtualHost { HostKind::PathStyle } else { kind };
                Some(Self::of(kind, None, Some(region)))
            }
            (bucket, Some(service), Some(region), None) => {
                Some(Self::of(kind_of(service, region)?, Some(bucket), Some(region)))
            }
            _ => None,
        }
    }

    /// The bucket that a custom domain stands for.
    #[must_use]
    pub fn of_bucket(bucket: &str, region: Option<&str>) -> Self {
        Self::of(HostKind::VirtualHost, Some(bucket), region)
    }

    fn file(label: &str) -> Option<Self> {
        if !is_label(label) {
            return None;
        }
        Some(match appid_of(label) {
            Some(_) => Self::of(HostKind::DefaultCdn, Some(label), None),
            None => Self::of(HostKind::LegacyJson, None, Some(label)),
        })
    }

    fn of(kind: HostKind, bucket: Option<&str>, region: Option<&str>) -> Self {
        let bucket = bucket.filter(|_| kind != HostKind::Control);
        // `accelerate` stands in the region's place and is none
        let region = region.filter(|_| kind != HostKind::Accelerate);
        Self {
            kind,
            bucket: bucket.map(str::to_owned),
            appid: bucket.and_then(appid_of).map(str::to_owned),
            region: region.map(str::to_owned),
        }
    }

    /// Completes the host's parts by a request's path (as sent, with or without its query).
    #[must_use]
    pub fn locate(&self, path: &str) -> Location {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let region = self.region.clone();
        if let Some(bucket) = &self.bucket {
            return Location {
                bucket: Some(bucket.clone()),
                appid: self.appid.clone(),
                region,
                key: decoded_key(path),
            };
        }
        match self.kind {
            HostKind::Service | HostKind::Control => Location { region, ..Location::default() },
            HostKind::LegacyJson => Self::locate_legacy(path, region),
            _ => {
                let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
                if bucket.is_empty() {
                    return Location { region, ..Location::default() };
                }
                let bucket = percent_decode_str(bucket).decode_utf8_lossy().into_owned();
                let appid = appid_of(&bucket).map(str::to_owned);
                Location { bucket: Some(bucket), appid, region, key: decoded_key(key) }
            }
        }
    }

    /// `files/v2/APPID/BUCKET/KEY` of the retired JSON API.
    fn locate_legacy(path: &str, region: Option<String>) -> Location {
        let mut parts = path.splitn(5, '/');
        let (Some("files"), Some(_version), Some(appid), Some(name)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Location { region, ..Location::default() };
        };
        Location {
            bucket: Some(format!("{name}-{appid}")),
            appid: Some(appid.to_owned()),
            region,
            key: parts.next().and_then(decoded_key),
        }
    }
}

/// The AppId in a bucket's name: the digits after its last hyphen.
#[must_use]
pub fn appid_of(bucket: &str) -> Option<&str> {
    let (name, appid) = bucket.rsplit_once('-')?;
    let plausible = !name.is_empty() && appid.len() >= 5 && appid.bytes().all(|b| b.is_ascii_digit());
    plausible.then_some(appid)
}

/// The object key that a path without its first slash means; `None`: the bucket itself.
#[must_use]
pub fn decoded_key(path: &str) -> Option<String> {
    (!path.is_empty()).then(|| percent_decode_str(path).decode_utf8_lossy().into_owned())
}

fn kind_of(service: &str, region: &str) -> Option<HostKind> {
    Some(match (service, region) {
        ("cos" | "cos-internal", "accelerate") => HostKind::Accelerate,
        (_, "accelerate") => return None,
        ("cos", _) => HostKind::VirtualHost,
        ("cos-internal", _) => HostKind::Internal,
        ("cos-website", _) => HostKind::Website,
        ("cos-control", _) => HostKind::Control,
        ("pic", _) => HostKind::Pic,
        ("ci", _) => HostKind::Ci,
        _ => return None,
    })
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts = Option<(&'static str, Option<String>, Option<String>, Option<String>)>;

    fn parts(host: &str) -> Parts {
        Endpoint::parse(host).map(|e| (e.kind.as_str(), e.bucket, e.appid, e.region))
    }

    fn some(kind: &'static str, bucket: &str, appid: &str, region: &str) -> Parts {
        let text = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Some((kind, text(bucket), text(appid), text(region)))
    }

    #[test]
    fn every_kind_of_address_is_known_under_both_suffixes() {
        for suffix in ["myqcloud.com", "tencentcos.cn"] {
            for (host, want) in [
                ("b-1250000000.cos.ap-x", some("virtual-host", "b-1250000000", "1250000000", "ap-x")),
                ("cos.ap-x", some("path-style", "", "", "ap-x")),
                ("service.cos", some("service", "", "", "")),
                ("b-1250000000.cos-internal.ap-x", some("internal", "b-1250000000", "1250000000", "ap-x")),
                ("b-1250000000.cos.accelerate", some("accelerate", "b-1250000000", "1250000000", "")),
                ("b-1250000000.cos-website.ap-x", some("website", "b-1250000000", "1250000000", "ap-x")),
                ("b-1250000000.pic.ap-x", some("pic", "b-1250000000", "1250000000", "ap-x")),
                ("b-1250000000.ci.ap-x", some("ci", "b-1250000000", "1250000000", "ap-x")),
                ("100000000001.cos-control.ap-x", some("control", "", "", "ap-x")),
            ] {
                assert_eq!(parts(&format!("{host}.{suffix}")), want, "{host}.{suffix}");
            }
        }
        assert_eq!(
            parts("b-1250000000.file.myqcloud.com"),
            some("default-cdn", "b-1250000000", "1250000000", "")
        );
        assert_eq!(parts("gz.file.myqcloud.com"), some("legacy-json", "", "", "gz"));
    }

    #[test]
    fn names_are_case_insensitive() {
        assert_eq!(
            parts("Example-1250000000.COS.Ap-Guangzhou.MyQCloud.Com"),
            some("virtual-host", "example-1250000000", "1250000000", "ap-guangzhou")
        );
    }

    #[test]
    fn a_bucket_without_appid_is_still_a_name_of_cos() {
        assert_eq!(
            parts("deerlearn.cos.ap-singapore.myqcloud.com"),
            some("virtual-host", "deerlearn", "", "ap-singapore")
        );
    }

    #[test]
    fn look_alikes_are_refused() {
        for host in [
            "",
            "myqcloud.com",
            ".myqcloud.com",
            "xmyqcloud.com",
            "cos.ap-x.myqcloud.com.evil.com",
            "cos.ap-x.xmyqcloud.com",
            "b-1250000000.cos.ap-x.myqcloud.com.",
            "b.cos.ap-x.myqcloud.com:80",
            "user@cos.ap-x.myqcloud.com",
            "user:pw@b-1.cos.ap-x.myqcloud.com",
            "127.0.0.1",
            "[::1]",
            "2130706433",
            "a.b.cos.ap-x.myqcloud.com",
            "b..cos.ap-x.myqcloud.com",
            "-b.cos.ap-x.myqcloud.com",
            "b.cos.ap_x.myqcloud.com",
            "evil.com/cos.ap-x.myqcloud.com",
            "b.cos.ap-x.myqcloud.com#",
            "b.s3.ap-x.myqcloud.com",
            "www.myqcloud.com",
            "b-1250000000.file.tencentcos.cn.evil",
            "b%2d1.cos.ap-x.myqcloud.com",
            "b.cos.ap-x.myqcloud.com ",
            "ｂ.cos.ap-x.myqcloud.com",
        ] {
            assert_eq!(parts(host), None, "{host:?}");
        }
    }

    #[test]
    fn the_path_completes_the_host() {
        let at = |host: &str, path: &str| Endpoint::parse(host).map(|e| e.locate(path)).unwrap_or_default();
        let virtual_host = at("b-1250000000.cos.ap-x.myqcloud.com", "/a%20b/%E4%B8%AD?acl");
        assert_eq!(virtual_host.key.as_deref(), Some("a b/中"));
        assert_eq!(at("b-1250000000.cos.ap-x.myqcloud.com", "/?prefix=a").key, None);
        let path_style = at("cos.ap-x.myqcloud.com", "/b-1250000000/a//b");
        assert_eq!(path_style.bucket.as_deref(), Some("b-1250000000"));
        assert_eq!(path_style.appid.as_deref(), Some("1250000000"));
        assert_eq!(path_style.key.as_deref(), Some("a//b"));
        assert_eq!(at("cos.ap-x.myqcloud.com", "/").bucket, None);
        assert_eq!(at("cos.ap-x.myqcloud.com", "/b-1250000000").key, None);
        let legacy = at("gz.file.myqcloud.com", "/files/v2/1250000000/pics/a/b.jpg");
        assert_eq!(
            (legacy.bucket.as_deref(), legacy.key.as_deref()),
            (Some("pics-1250000000"), Some("a/b.jpg"))
        );
    }
}
