//! The buckets that are there at the start, each refusing in its own way.
//!
//! Every one also exists with `page-` before its name: there, errors have the shape that the vendor's
//! troubleshooting page prints (`AccessDenied` with what tells them apart as the message) in place of the shape
//! that is on the wire.

use super::store::{Acl, Bucket, Object};

/// The account that all of them belong to.
pub const APPID: &str = "1250000000";
/// Where they are.
pub const REGION: &str = "ap-guangzhou";

/// What is special about a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quirk {
    #[default]
    None,
    /// Made after 2024: no path style, no .apk, downloads forced.
    NewRules,
    /// The bill is not paid.
    Arrears,
    /// Something in front of COS answers, and it is not COS.
    Firewall,
    /// Keys name the fault that they show.
    Faults,
}

/// Names without AppId, for documentation and for `coswhy simulator`.
pub const NAMES: [(&str, &str); 9] = [
    ("examplebucket", "private; CORS for https://app.example.com; an archived object, archived.bin"),
    ("public", "public read"),
    ("referer", "public read, with a referer rule for www.example.com"),
    ("strict", "private, in strict signature mode (host and content-type must be signed)"),
    ("newstyle", "public read, made after 2024: refuses path style and .apk"),
    ("arrears", "its account has not paid"),
    ("firewall", "a firewall answers in COS's place"),
    ("faults", "public read; keys close, truncate, silent, slowdown, slow"),
    ("archive", "public read; every object is archived"),
];

const CORS: &str = "<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example.com</AllowedOrigin>\
    <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader>\
    <ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule></CORSConfiguration>";
const REFERER: &str = "<RefererConfiguration><Status>Enabled</Status><RefererType>White-List</RefererType>\
    <DomainList><Domain>www.example.com</Domain><Domain>*.example.net</Domain></DomainList>\
    <EmptyReferConfiguration>Deny</EmptyReferConfiguration></RefererConfiguration>";
const STRICT: &str = "<StrictSignatureConfiguration><Rule><ID>1</ID><actionlist><action>*</action></actionlist>\
    <headerlist><header>Host</header><header>Content-Type</header></headerlist></Rule></StrictSignatureConfiguration>";

/// All buckets, in both shapes.
pub(super) fn all(now: i64) -> Vec<Bucket> {
    let names = NAMES.iter().map(|(name, _)| *name);
    names.flat_map(|name| [preset(name, "", now), preset(name, "page-", now)]).collect()
}

fn preset(name: &str, shape: &str, now: i64) -> Bucket {
    let mut bucket = Bucket::new(&format!("{shape}{name}-{APPID}"), REGION, now);
    bucket.page_shape = !shape.is_empty();
    if !matches!(name, "examplebucket" | "strict") {
        bucket.acl = Acl::PublicRead;
    }
    bucket.quirk = match name {
        "newstyle" => Quirk::NewRules,
        "arrears" => Quirk::Arrears,
        "firewall" => Quirk::Firewall,
        "faults" => Quirk::Faults,
        _ => Quirk::None,
    };
    let config = match name {
        "examplebucket" | "public" => Some(("cors", CORS)),
        "referer" => Some(("referer", REFERER)),
        "strict" => Some(("strict-signature", STRICT)),
        _ => None,
    };
    if let Some((name, document)) = config {
        bucket.configs.insert(name.to_owned(), document.as_bytes().into());
    }
    let mut put = |key: &str, class: &str| {
        let mut object = Object::new(format!("This is {key}.\n").into(), now);
        object.headers.push((http::header::CONTENT_TYPE, http::HeaderValue::from_static("text/plain")));
        class.clone_into(&mut object.class);
        bucket.objects.insert(key.to_owned(), object);
    };
    put("hello.txt", if name == "archive" { "ARCHIVE" } else { "STANDARD" });
    put("shared/readme.txt", "STANDARD");
    put("archived.bin", "ARCHIVE");
    put("deep.bin", "DEEP_ARCHIVE");
    put("index.html", "STANDARD");
    put("app.apk", "STANDARD");
    bucket
}
