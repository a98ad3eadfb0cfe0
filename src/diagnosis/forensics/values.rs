//! The values of single header fields that a client may have signed in place of those that it sent.

use http::HeaderMap;

use super::Distortion;

/// Of Content-Type: with and without its charset, then the defaults of libraries.
pub(super) fn content_types(sent: Option<&str>) -> Vec<(Distortion, String)> {
    let sent = sent.unwrap_or_default();
    let bare = sent.split(';').next().unwrap_or_default().trim();
    let mut all = Vec::new();
    if !sent.is_empty() {
        all.push((Distortion::ContentTypeCharset, bare.to_owned()));
        for charset in ["; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8"] {
            all.push((Distortion::ContentTypeCharset, format!("{bare}{charset}")));
        }
    }
    let defaults = [
        "",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "application/json",
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain;charset=UTF-8",
        "application/json; charset=utf-8",
        "application/x-www-form-urlencoded; charset=utf-8",
        "application/xml",
        "text/xml",
        "multipart/form-data",
        "binary/octet-stream",
        "image/jpeg",
        "image/png",
        "video/mp4",
        "application/pdf",
    ];
    all.extend(defaults.map(|kind| (Distortion::ContentType, kind.to_owned())));
    all.retain(|(_, kind)| kind != sent);
    all
}

/// Of Content-Length: no body, what the other headers count, and some bytes more or less (line ends, a BOM).
pub(super) fn lengths(sent: Option<&str>, headers: &HeaderMap) -> Vec<(Distortion, String)> {
    let told = ["x-amz-decoded-content-length", "x-upload-content-length", "x-cos-meta-content-length"];
    let told = told.iter().filter_map(|name| headers.get(*name)?.to_str().ok()).map(str::to_owned);
    let mut all = vec![String::new(), "0".to_owned()];
    all.extend(told);
    if let Some(length) = sent.and_then(|sent| sent.parse::<u64>().ok()) {
        for by in 1..=16 {
            all.extend(
                [length.checked_add(by), length.checked_sub(by)].into_iter().flatten().map(|n| n.to_string()),
            );
        }
    }
    all.retain(|length| Some(length.as_str()) != sent);
    all.into_iter().map(|length| (Distortion::BodyLength, length)).collect()
}

/// What a listed header that the request lacks usually holds.
pub(super) fn usual(name: &str) -> &'static [&'static str] {
    match name {
        "content-md5" => &["1B2M2Y8AsgTpgAmY7PhCfg=="],
        "expect" => &["100-continue"],
        "transfer-encoding" => &["chunked"],
        "connection" => &["keep-alive", "Keep-Alive", "close"],
        "accept-encoding" => &["gzip", "identity", "gzip, deflate", "gzip, deflate, br"],
        "accept" => &["*/*", "application/json, text/plain, */*"],
        "range" => &["bytes=0-"],
        "x-cos-acl" | "x-amz-acl" => &["private", "public-read", "default", "public-read-write"],
        "x-cos-storage-class" | "x-amz-storage-class" => &["STANDARD"],
        "cache-control" => &["no-cache"],
        _ => &[],
    }
}
