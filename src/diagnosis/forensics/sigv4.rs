//! S3's version 4: the lines of the canonical request as a client may have signed them, and its scope.

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::guess::{Guess, Tries};
use super::lines::Lines;
use super::paths::{Path, spellings};
use super::{Case, Distortion, encoders, hosts, values};
use crate::cos::auth::Auth;
use crate::cos::region::REGIONS;
use crate::cos::sigv4::{PAYLOAD_HASH, SERVICE, SigningKey, canonical_request};

const METHOD: usize = 0;
const PATH: usize = 1;
const QUERY: usize = 2;
/// The first header's; one line each.
const HEADERS: usize = 3;

const PAYLOADS: [&str; 5] = [
    "UNSIGNED-PAYLOAD",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
];

pub(super) fn search(case: &Case<'_>, secret_key: &str, tries: &mut Tries) -> Option<Guess> {
    let auth = case.input.auth;
    let key = SigningKey::derive(secret_key, auth);
    let canonical = canonical_request(&case.input);
    let own: Vec<&str> = canonical.split('\n').collect();
    let lines = Lines::new(own.iter().map(|line| line.as_bytes().to_vec()).collect(), |text| {
        key.signs(text, auth.signature.as_deref())
    });
    lines.none(tries).or_else(|| keys(case, secret_key, canonical.as_bytes(), tries)).or_else(|| {
        let hosts = host_guesses(case, &own);
        let paths = path_guesses(case, &own);
        let rest =
            [header_guesses(case, &own), query_guesses(case, &own), method_guesses(&own), payloads(&own)];
        lines
            .one_of(&hosts, tries)
            .or_else(|| lines.one_of(&paths, tries))
            .or_else(|| payload_and_header(&lines, &own, tries))
            .or_else(|| rest.iter().find_map(|guesses| lines.one_of(guesses, tries)))
            .or_else(|| lines.two_of(&paths, &hosts, tries))
            .or_else(|| rest.iter().find_map(|guesses| lines.two_of(guesses, &hosts, tries)))
            .or_else(|| rest.last().and_then(|payloads| lines.two_of(payloads, &paths, tries)))
    })
}

/// Other keys over the same request: of another scope, or of a SecretKey with something at its ends.
fn keys(case: &Case<'_>, secret_key: &str, canonical: &[u8], tries: &mut Tries) -> Option<Guess> {
    let auth = case.input.auth;
    let signature = auth.signature.as_deref();
    let mut signs = |key: &SigningKey| tries.allow(canonical.len()) && key.signs(canonical, signature);
    let blank = [" ", "\n", "\r\n", "\t"].iter().map(|end| Zeroizing::new(format!("{secret_key}{end}")));
    for other in
        blank.chain([Zeroizing::new(format!(" {secret_key}")), Zeroizing::new(secret_key.trim().to_owned())])
    {
        if other.as_str() != secret_key && signs(&SigningKey::derive(&other, auth)) {
            return Some(Guess::of(Distortion::KeyBlank, METHOD, Vec::new()));
        }
    }
    let id = auth.secret_id.as_deref().unwrap_or_default();
    if signs(&SigningKey::derive(id, auth)) {
        return Some(Guess::of(Distortion::KeyIsSecretId, METHOD, Vec::new()));
    }
    let told = Scope::told(auth)?;
    let region = case.location.region.as_deref();
    told.others(region).into_iter().find_map(|(distortion, other)| {
        let key = SigningKey::of_scope(secret_key, auth, other.parts());
        let found = || Guess::of(distortion, METHOD, Vec::new());
        signs(&key).then(|| found().between(told.text().as_bytes(), other.text().as_bytes()))
    })
}

/// What a credential says after its id, up to the terminator.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Scope {
    day: String,
    region: String,
    service: String,
}

impl Scope {
    fn told(auth: &Auth) -> Option<Self> {
        let mut parts = auth.scope_text.split('/').map(str::to_owned);
        Some(Self { day: parts.next()?, region: parts.next()?, service: parts.next()? })
    }

    fn parts(&self) -> [&str; 3] {
        [&self.day, &self.region, &self.service]
    }

    fn text(&self) -> String {
        self.parts().join("/")
    }

    /// As told, where coswhy reads the scope otherwise, and with one part of it another.
    fn others(&self, region: Option<&str>) -> Vec<(Distortion, Self)> {
        let services = ["s3", "cos"]
            .iter()
            .map(|service| (Distortion::Service, Self { service: (*service).to_owned(), ..self.clone() }));
        let regions = region.into_iter().chain(["us-east-1", "", "auto", "default"]).chain(REGIONS);
        let regions =
            regions.map(|region| (Distortion::Region, Self { region: region.to_owned(), ..self.clone() }));
        let mut all: Vec<(Distortion, Self)> =
            services.chain(regions).filter(|(_, other)| other != self).collect();
        // A day that is not the date's is read from the date: so what the credential says is another day.
        all.push((
            if self.service == SERVICE { Distortion::Date } else { Distortion::Service },
            self.clone(),
        ));
        all
    }
}

fn method_guesses(own: &[&str]) -> Vec<Guess> {
    let sent = own.first().copied().unwrap_or_default();
    let others = ["GET", "PUT", "POST", "HEAD", "DELETE"].iter().filter(|other| **other != sent);
    let lower = sent.to_ascii_lowercase();
    let case = Guess::line(Distortion::MethodCase, METHOD, lower.as_bytes(), sent.as_bytes());
    others
        .map(|other| Guess::line(Distortion::Method, METHOD, other.as_bytes(), sent.as_bytes()))
        .chain([case])
        .collect()
}

fn path_guesses(case: &Case<'_>, own: &[&str]) -> Vec<Guess> {
    let (sent, query) = case.input.target.split_once('?').unwrap_or((case.input.target, ""));
    let signed = own.get(PATH).copied().unwrap_or_default().as_bytes();
    let path = Path { sent, query, bucket: case.location.bucket.as_deref() };
    let spelt = spellings(path).into_iter().filter(|(_, text)| text != signed);
    Guess::distinct(spelt.map(|(distortion, text)| Guess::line(distortion, PATH, &text, signed)))
}

/// The number of a header's line, and its value.
fn header<'a>(own: &[&'a str], name: &str) -> Option<(usize, &'a str)> {
    let mut lines = own.iter().enumerate().skip(HEADERS).take_while(|(_, line)| !line.is_empty());
    lines.find_map(|(number, line)| Some((number, line.strip_prefix(name)?.strip_prefix(':')?)))
}

fn host_guesses(case: &Case<'_>, own: &[&str]) -> Vec<Guess> {
    let Some((number, sent)) = header(own, "host") else { return Vec::new() };
    let others = hosts::others(sent, case.input.headers, case.location).into_iter();
    others.map(|(distortion, host)| with_value(distortion, number, "host", sent, &host)).collect()
}

fn header_guesses(case: &Case<'_>, own: &[&str]) -> Vec<Guess> {
    let mut all = Vec::new();
    if let Some((number, sent)) = header(own, "content-type") {
        let others = values::content_types(Some(sent)).into_iter();
        all.extend(
            others.map(|(distortion, kind)| with_value(distortion, number, "content-type", sent, &kind)),
        );
    }
    if let Some((number, sent)) = header(own, "content-length") {
        let others = values::lengths(Some(sent), case.input.headers).into_iter();
        all.extend(
            others
                .map(|(distortion, length)| with_value(distortion, number, "content-length", sent, &length)),
        );
    }
    let lines = own.iter().enumerate().skip(HEADERS).take_while(|(_, line)| !line.is_empty());
    for (number, line) in lines {
        let (name, sent) = line.split_once(':').unwrap_or((line, ""));
        let usual = values::usual(name).iter().chain(&[""]).filter(|value| **value != sent);
        all.extend(usual.map(|value| with_value(Distortion::HeaderNotSent, number, name, sent, value)));
    }
    all
}

fn with_value(distortion: Distortion, number: usize, name: &str, sent: &str, signed: &str) -> Guess {
    let text = format!("{name}:{signed}").into_bytes();
    Guess::of(distortion, number, text).about(name).between(sent.as_bytes(), signed.as_bytes())
}

fn query_guesses(case: &Case<'_>, own: &[&str]) -> Vec<Guess> {
    let sent = own.get(QUERY).copied().unwrap_or_default();
    let query = case.input.target.split_once('?').map_or("", |(_, query)| query);
    let raw: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("X-Amz-Signature")).collect();
    let mut sorted = raw.clone();
    sorted.sort_unstable();
    let decoded: Vec<String> =
        sorted.iter().map(|pair| percent_decode_str(pair).decode_utf8_lossy().into_owned()).collect();
    let encoded = |(distortion, text): (Distortion, String)| {
        Guess::line(distortion, QUERY, text.as_bytes(), sent.as_bytes())
    };
    let mut all = vec![
        (Distortion::ParamEncoding, sorted.join("&")),
        (Distortion::ParamEncoding, decoded.join("&")),
        (Distortion::ParamEncoding, sent.replace("%2B", "%20")),
        (Distortion::ParamEncoding, sent.replace("%20", "+")),
        (Distortion::ParamEncoding, sent.replace("%2F", "/")),
        (Distortion::ParamEncoding, lower_escapes(sent)),
        (Distortion::ParamEncoding, sent.replace("=&", "&").trim_end_matches('=').to_owned()),
        (Distortion::ParamOrder, raw.join("&")),
        (Distortion::ParamLeftOut, String::new()),
    ];
    for pair in sent.split('&').take(32) {
        let others: Vec<&str> = sent.split('&').filter(|other| *other != pair).collect();
        all.push((Distortion::ParamLeftOut, others.join("&")));
    }
    Guess::distinct(all.into_iter().filter(|(_, text)| text != sent).map(encoded))
}

fn lower_escapes(text: &str) -> String {
    String::from_utf8_lossy(&encoders::with_lower_escapes(text.as_bytes().to_vec())).into_owned()
}

/// The payload's hash is the last line.
fn payloads(own: &[&str]) -> Vec<Guess> {
    let sent = own.last().copied().unwrap_or_default();
    let others = PAYLOADS.iter().filter(|other| **other != sent);
    let line = own.len().saturating_sub(1);
    others
        .map(|other| Guess::line(Distortion::PayloadHash, line, other.as_bytes(), sent.as_bytes()))
        .collect()
}

/// The hash stands in a signed header as well.
fn payload_and_header(lines: &Lines<'_>, own: &[&str], tries: &mut Tries) -> Option<Guess> {
    let (number, sent) = header(own, PAYLOAD_HASH)?;
    payloads(own).iter().find_map(|hash| {
        let value = with_value(Distortion::PayloadHash, number, PAYLOAD_HASH, sent, &hash.signed);
        lines.all_of(&[hash, &value], tries)
    })
}
