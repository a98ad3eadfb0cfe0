//! The string that COS computed, held against the request as it was sent.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use sha1::{Digest as _, Sha1};

use crate::cos::auth::Scheme;
use crate::cos::endpoint::Endpoint;
use crate::cos::signature::{VerifyInput, listed_name, signed_parts};
use crate::cos::sigv4::canonical_request;
use crate::diagnosis::exchange::{Field, Seen};
use crate::diagnosis::facts::Facts as All;
use crate::diagnosis::forensics::{HttpString, Row, decoded, first_difference, rows};
use crate::diagnosis::told::Told;

#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) format_method: Option<String>,
    pub(super) format_path: Option<String>,
    pub(super) format_host: Option<String>,
    /// The path has escapes left after it was decoded.
    pub(super) path_escaped_twice: Option<bool>,
    pub(super) intact: Option<bool>,
    pub(super) shows_rewrite: Option<bool>,
    pub(super) same: Option<bool>,
    pub(super) differs_in: Option<&'static str>,
    pub(super) changed_header: Option<String>,
    pub(super) changed_param: Option<String>,
    pub(super) missing_header: Option<String>,
    pub(super) missing_param: Option<String>,
    pub(super) format_host_kind: Option<&'static str>,
    pub(super) unsigned_headers: Option<Vec<String>>,
    pub(super) unsigned_params: Option<Vec<String>>,
    /// Both strings, where they differ.
    pub(super) rows: Vec<Row>,
    /// What the client printed as signed, held against COS's.
    pub(super) printed: Printed,
}

#[derive(Debug, Default)]
pub(super) struct Printed {
    pub(super) same: Option<bool>,
    pub(super) differs_in: Option<&'static str>,
    pub(super) name: Option<String>,
    pub(super) client: Option<String>,
    pub(super) cos: Option<String>,
}

/// Two such strings, part by part.
struct Difference {
    /// The first part that differs.
    part: Option<&'static str>,
    header: Option<String>,
    param: Option<String>,
}

impl Difference {
    fn between(ours: &HttpString<'_>, theirs: &HttpString<'_>) -> Self {
        let header = first_difference(&ours.headers, &theirs.headers);
        let param = first_difference(&ours.params, &theirs.params);
        let part = match () {
            () if !ours.method.eq_ignore_ascii_case(theirs.method) => Some("method"),
            () if ours.path != theirs.path => Some("path"),
            () if param.is_some() => Some("params"),
            () if header.as_deref() == Some("host") => Some("host"),
            () if header.is_some() => Some("headers"),
            () => None,
        };
        Self { part, header, param }
    }
}

impl Printed {
    /// The string that the client's own program printed, where the text shows it.
    fn new(text: Option<&str>, told: &Told, theirs: &HttpString<'_>, all: &All) -> Option<(Self, Vec<Row>)> {
        let signs_same = told
            .string_to_sign
            .as_deref()
            .zip(all.error.body.string_to_sign.as_deref())
            .map(|(ours, theirs)| ours.split_whitespace().eq(theirs.split_whitespace()));
        let Some(text) = text else {
            return Some((Self { same: Some(signs_same?), ..Self::default() }, Vec::new()));
        };
        let ours = HttpString::parse(text, Some(Scheme::QSign))?;
        let Difference { part, header, param } = Difference::between(&ours, theirs);
        // The client's own string may be in another order or case, which COS's never is.
        let part = part.or(match () {
            () if ours.method != theirs.method => Some("method"),
            () if ours.params != theirs.params => Some("params"),
            () if ours.headers != theirs.headers => Some("headers"),
            () => None,
        });
        let Some(part) = part else {
            return Some((Self { same: Some(signs_same != Some(false)), ..Self::default() }, Vec::new()));
        };
        let rows = rows(&ours, theirs);
        let is_of = |row: &&Row| match part {
            "params" => row.part == "parameter",
            "headers" | "host" => row.part == "header",
            part => row.part == part,
        };
        let first = rows.iter().filter(is_of).find(|row| !row.same).cloned();
        let value = |of: fn(Row) -> Option<String>| first.clone().map(Row::shortened).and_then(of);
        let name =
            if part == "params" { param } else { header.filter(|_| part != "path" && part != "method") };
        let printed = Self {
            same: Some(false),
            differs_in: Some(part),
            name,
            client: value(|row| row.client),
            cos: value(|row| row.cos),
        };
        Some((printed, rows))
    }
}

impl Comparison {
    pub(super) fn new(all: &All) -> Self {
        let mut found = Self {
            missing_header: missing_header(all),
            missing_param: missing_param(all),
            unsigned_headers: unsigned_headers(all),
            unsigned_params: unsigned_params(all),
            path_escaped_twice: all.request.path.as_deref().map(|path| is_escaped(&decoded(path))),
            ..Self::default()
        };
        let Some(text) = all.error.body.format_string.as_deref() else { return found };
        let Some(theirs) = HttpString::parse(text, all.auth.scheme) else { return found };
        found.format_method = Some(theirs.method.to_owned());
        found.format_path = Some(theirs.path.clone());
        found.path_escaped_twice = Some(is_escaped(&theirs.path));
        found.format_host = theirs.host();
        found.format_host_kind = found.format_host.as_deref().filter(|host| is_name(host)).map(kind_of);
        found.intact = intact(text, all.error.body.string_to_sign.as_deref());
        found.shows_rewrite = found.shows_rewrite(all);
        // a masked or cut string differs in what its poster did to it
        let whole = found.intact != Some(false) && !text.contains("***");
        if whole
            && let Some(ours) = as_sent(all)
            && let Some(ours) = HttpString::parse(&ours, all.auth.scheme)
        {
            found.compare(&ours, &theirs);
        }
        let told = all.told.get().filter(|_| all.auth.scheme != Some(Scheme::SigV4));
        if let Some(told) = told
            && let printed = told.http_string.as_deref().filter(|_| whole)
            && let Some((printed, rows)) = Printed::new(printed, told, &theirs, all)
        {
            found.printed = printed;
            if !rows.is_empty() {
                found.rows = rows;
            }
        }
        found
    }

    fn compare(&mut self, ours: &HttpString<'_>, theirs: &HttpString<'_>) {
        let Difference { part, header, param } = Difference::between(ours, theirs);
        self.changed_header = header;
        self.changed_param = param;
        self.differs_in = part;
        self.same = Some(part.is_none());
        if part.is_some() {
            self.rows = rows(ours, theirs);
        }
    }

    /// Whether COS signed over what coswhy put there and not over what the client had asked.
    fn shows_rewrite(&self, all: &All) -> Option<bool> {
        let rewrote = |sent: Option<&str>, asked: Option<&str>, seen: Option<&str>| {
            let (Some(sent), Some(asked)) = (sent, asked) else { return Some(false) };
            Some(seen? == sent && sent != asked)
        };
        let host = rewrote(
            all.proxy.host_sent.as_deref().filter(|_| all.auth.auth.signs_host()),
            all.request.host.as_deref(),
            self.format_host.as_deref(),
        );
        let sent = all.proxy.target_sent.is_some().then(|| all.proxy.target(&all.request).0).flatten();
        let path = rewrote(
            sent.map(decoded).as_deref(),
            all.request.path.as_deref().map(decoded).as_deref(),
            self.format_path.as_deref(),
        );
        match (host, path) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }
}

/// The string of the request as it went out, by the signature's own lists: coswhy keeps these where it signs anew.
fn as_sent(all: &All) -> Option<String> {
    let (path, query) = all.proxy.target(&all.request);
    let (path, query) = (path?, query?);
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let input = VerifyInput {
        method: all.request.method.as_deref()?,
        target: &target,
        headers: &all.request.headers.map,
        host: all.proxy.host(&all.request),
        auth: &all.auth.auth,
    };
    let shown = all.auth.auth.header_list.iter().all(|name| {
        name.eq_ignore_ascii_case("host") || !matches!(all.request.headers.get(name), Field::Unknown)
    });
    match all.auth.scheme? {
        Scheme::QSign if shown => {
            Some(String::from_utf8_lossy(&signed_parts(&input).http_string()).into_owned())
        }
        Scheme::SigV4 if shown => Some(canonical_request(&input)),
        _ => None,
    }
}

/// Whether there are escapes in `path`, and what they stand for is text.
fn is_escaped(path: &str) -> bool {
    let plain = percent_decode_str(path);
    plain.decode_utf8().is_ok_and(|plain| plain != path)
}

/// Line 3 of StringToSign is the SHA-1 of FormatString: where it is not, somebody masked or cut the body.
fn intact(format_string: &str, string_to_sign: Option<&str>) -> Option<bool> {
    let claimed = string_to_sign?.lines().map(str::trim).rfind(|line| line.len() == 40)?;
    let is = |text: &str| {
        let digest = Sha1::digest(text.as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        hex == claimed
    };
    // readers trim the element's text, and with it the line ends that are part of the string
    let trimmed = format_string.trim_end_matches('\n');
    Some((0..4).any(|ends| is(&format!("{trimmed}{}", "\n".repeat(ends)))))
}

fn missing_header(all: &All) -> Option<String> {
    // a host that is known was asked, whatever part of the head is shown
    let is_asked = |name: &str| name.eq_ignore_ascii_case("host") && all.request.host.is_some();
    let mut listed = all.auth.auth.header_list.iter().filter(|name| !is_asked(name));
    listed.find(|name| all.request.headers.get(name) == Field::Absent).cloned()
}

fn missing_param(all: &All) -> Option<String> {
    let params = all.request.params()?;
    // Looked up, not searched: whoever sends many and lists them all would keep a worker busy for seconds.
    let sent: HashSet<String> = params.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    let is_sent = |name: &str| sent.contains(&decoded(name).to_ascii_lowercase());
    all.auth.auth.param_list.iter().find(|name| !is_sent(name)).cloned()
}

/// Whether a host is shown as it is: a masked one is no name.
fn is_name(host: &str) -> bool {
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'_');
    host.contains('.') && host.bytes().all(legal) && !host.to_ascii_lowercase().contains("xxx")
}

/// The kind of address that a name is, `custom` if it is none of COS's.
fn kind_of(host: &str) -> &'static str {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    Endpoint::parse(name).map_or("custom", |endpoint| endpoint.kind.as_str())
}

/// The headers that a strict signature rule may name: sent, and not in the signature's list.
fn unsigned_headers(all: &All) -> Option<Vec<String>> {
    let auth = &all.auth.auth;
    if !auth.is_signed() || all.request.headers.seen == Seen::Some {
        return None;
    }
    let listed: HashSet<String> = auth.header_list.iter().map(|name| listed_name(name)).collect();
    let may_be_named = |name: &str| {
        matches!(name, "host" | "content-length" | "content-type" | "content-md5" | "range")
            || name.starts_with("x-cos-")
    };
    let names = all.request.headers.map.keys().map(http::HeaderName::as_str);
    let sent = std::iter::once("host").chain(names.filter(|name| *name != "host"));
    Some(sent.filter(|name| may_be_named(name) && !listed.contains(*name)).map(str::to_owned).collect())
}

/// The parameters that are sent and not in the signature's list.
fn unsigned_params(all: &All) -> Option<Vec<String>> {
    let auth = &all.auth.auth;
    let params = all.request.params().filter(|_| auth.is_signed())?;
    let listed: HashSet<String> =
        auth.param_list.iter().map(|name| decoded(name).to_ascii_lowercase()).collect();
    let unsigned = params.iter().map(|(name, _)| name.to_ascii_lowercase());
    Some(unsigned.filter(|name| !listed.contains(name) && !name.starts_with("q-")).take(32).collect())
}
