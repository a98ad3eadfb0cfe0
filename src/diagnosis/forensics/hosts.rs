//! The names that a client may have signed in place of the one that it asked.

use http::HeaderMap;

use super::Distortion;
use crate::cos::endpoint::Location;
use crate::cos::region::REGIONS;

/// Likeliest first: the same name with or without a port, what the headers tell of another name, the bucket's other
/// addresses, its name in other regions.
pub(super) fn others(host: &str, headers: &HeaderMap, location: &Location) -> Vec<(Distortion, String)> {
    let mut names = with_and_without_port(host);
    let mut add = |name: String| {
        if name != host && !names.iter().any(|(_, known)| *known == name) {
            names.push((Distortion::Host, name));
        }
    };
    forwarded(headers).for_each(&mut add);
    let bucket = location.bucket.as_deref().unwrap_or_default();
    let region = location.region.as_deref();
    of_bucket(bucket, region).into_iter().for_each(&mut add);
    if !bucket.is_empty() {
        for other in REGIONS.iter().filter(|other| Some(**other) != region) {
            add(format!("{bucket}.cos.{other}.myqcloud.com"));
        }
    }
    names
}

fn with_and_without_port(host: &str) -> Vec<(Distortion, String)> {
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let mut names: Vec<String> = Vec::new();
    if port.is_some() {
        names.push(name.to_owned());
    }
    names.extend(["80", "443", "8080"].iter().filter(|p| port != Some(**p)).map(|p| format!("{name}:{p}")));
    names.into_iter().map(|name| (Distortion::HostPort, name)).collect()
}

/// Where somebody on the way, or the page that asked, names another host.
fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = String> {
    ["x-forwarded-host", "x-original-host", "x-host", "origin", "referer"].iter().filter_map(|name| {
        let value = headers.get(*name)?.to_str().ok()?;
        let after_scheme = value.split_once("://").map_or(value, |(_, rest)| rest);
        let host = after_scheme.split(['/', '?', '#', ',']).next()?.trim();
        (!host.is_empty() && host.len() < 256).then(|| host.to_owned())
    })
}

/// The bucket's addresses, those that clients swap most first.
fn of_bucket(bucket: &str, region: Option<&str>) -> Vec<String> {
    let mut names = Vec::new();
    if !bucket.is_empty() {
        let in_region =
            |service: &str, domain: &str| region.map(|at| format!("{bucket}.{service}.{at}.{domain}"));
        names.extend(in_region("cos", "myqcloud.com"));
        names.push(format!("{bucket}.cos.accelerate.myqcloud.com"));
        names.extend(in_region("cos", "tencentcos.cn"));
        names.extend(in_region("cos-internal", "myqcloud.com"));
        names.push(format!("{bucket}.file.myqcloud.com"));
        for service in ["cos-website", "pic", "ci"] {
            names.extend(in_region(service, "myqcloud.com"));
        }
        names.push(format!("{bucket}.cos.accelerate.tencentcos.cn"));
        names.push(format!("{bucket}.cos-internal.accelerate.tencentcos.cn"));
        for service in ["cos-internal", "cos-website", "pic", "ci"] {
            names.extend(in_region(service, "tencentcos.cn"));
        }
        if let (Some(region), Some((short, _))) = (region, bucket.rsplit_once('-')) {
            names.push(format!("{short}.cos.{region}.myqcloud.com"));
        }
    }
    names.extend(region.map(|region| format!("cos.{region}.myqcloud.com")));
    names.push("service.cos.myqcloud.com".to_owned());
    names
}
