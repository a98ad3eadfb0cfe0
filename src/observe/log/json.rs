//! A request's line as JSON: the fields that docs/log.md lists, absent where they are not known.
//!
//! Written by hand: a `Value`, or `format!` for each field, would cost more than the rest of the line.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::time::SystemTime;

use ulid::{ULID_LEN, Ulid};

use super::clock::push_timestamp;
use super::format::Level;
use super::number::{push_millis, push_number};
use super::text::{push_json, push_json_inner, push_serialised};
use crate::config::settings::Language;
use crate::cos::redact;
use crate::diagnosis::Warning;
use crate::diagnosis::report::Explanation;
use crate::observe::record::{Outcome, Record};

/// `,"name":` at compile time.
macro_rules! name {
    ($name:literal) => {
        concat!(",\"", $name, "\":").as_bytes()
    };
}

/// Appends the line and its line feed.
pub(super) fn push_request(
    out: &mut Vec<u8>,
    at: SystemTime,
    record: &Record,
    explanation: Option<&Explanation>,
    language: Language,
) {
    out.extend_from_slice(b"{\"timestamp\":\"");
    push_timestamp(out, at);
    out.extend_from_slice(b"\",\"level\":\"");
    out.extend_from_slice(Level::of(record).as_str().as_bytes());
    out.extend_from_slice(b"\",\"message\":\"");
    push_message(out, record);
    out.extend_from_slice(b"\",\"request_id\":\"");
    push_ulid(out, record.request_id);
    out.push(b'"');
    push_text(out, name!("trace_id"), record.trace_id.as_deref());
    if let Some(client) = record.client {
        out.extend_from_slice(name!("client"));
        push_address(out, client);
    }
    push_known(out, name!("method"), &redact::target(&record.method));
    push_known(out, name!("host"), &redact::target(&record.host));
    push_known(out, name!("path"), &redact::target(&record.path));
    push_redacted(out, name!("bucket"), record.bucket.as_deref());
    push_redacted(out, name!("region"), record.region.as_deref());
    push_redacted(out, name!("key"), record.key.as_deref());
    if let Some(status) = record.status {
        out.extend_from_slice(name!("status"));
        push_number(out, u64::from(status));
    }
    push_word(out, name!("outcome"), record.outcome.as_str());
    out.extend_from_slice(name!("duration_ms"));
    push_millis(out, record.duration);
    if let Some(upstream) = record.upstream {
        out.extend_from_slice(name!("upstream_ms"));
        push_millis(out, upstream);
    }
    out.extend_from_slice(name!("bytes_in"));
    push_number(out, record.bytes_in);
    out.extend_from_slice(name!("bytes_out"));
    push_number(out, record.bytes_out);
    push_redacted(out, name!("cos_request_id"), record.cos_request_id.as_deref());
    if let Some(signing) = record.signing {
        push_word(out, name!("signing"), signing.as_str());
    }
    if let Some(error) = &record.error {
        push_text(out, name!("error"), Some(&redact::text(error)));
    }
    if !record.warnings.is_empty() {
        push_warnings(out, &record.warnings, language);
    }
    if let Some(explanation) = explanation {
        push_explanation(out, explanation);
    }
    if let Some(failure) = &record.failure {
        push_word(out, name!("fingerprint"), &failure.fingerprint);
        out.extend_from_slice(name!("count"));
        push_number(out, failure.count);
    }
    out.extend_from_slice(b"}\n");
}

fn push_warnings(out: &mut Vec<u8>, warnings: &[Warning], language: Language) {
    out.extend_from_slice(name!("warnings"));
    for (i, warning) in warnings.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"[{\"kind\":\"" } else { b",{\"kind\":\"" });
        out.extend_from_slice(warning.kind().as_bytes());
        out.push(b'"');
        push_text(out, name!("says"), Some(&warning.says(language)));
        out.push(b'}');
    }
    out.push(b']');
}

fn push_explanation(out: &mut Vec<u8>, explanation: &Explanation) {
    let (verdict, cos) = (&explanation.diagnosis, &explanation.cos);
    push_text(out, name!("cause"), Some(&verdict.cause));
    push_word(out, name!("confidence"), verdict.confidence);
    push_text(out, name!("summary"), Some(&verdict.summary));
    push_text(out, name!("cos_code"), cos.code.as_deref());
    push_text(out, name!("cos_message"), cos.message.as_deref());
    if !verdict.evidence.is_empty() {
        out.extend_from_slice(name!("evidence"));
        push_serialised(out, &verdict.evidence);
    }
}

/// The line in a few words, without its quotes.
fn push_message(out: &mut Vec<u8>, record: &Record) {
    out.extend_from_slice(message(record.outcome).as_bytes());
    if let Some(diagnosis) = &record.diagnosis {
        out.extend_from_slice(b": ");
        push_json_inner(out, &diagnosis.cause);
    }
}

/// What an outcome means, in words.
pub(super) fn message(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Forwarded => "request forwarded",
        Outcome::Diagnosed => "request refused",
        Outcome::AddressRefused => "address refused",
        Outcome::BadRequest => "bad request",
        Outcome::HeadTooLarge => "request head too large",
        Outcome::ClientTimeout => "client too slow",
        Outcome::ClientAborted => "client went away",
        Outcome::UpstreamUnreachable => "upstream unreachable",
        Outcome::UpstreamTls => "upstream not trusted",
        Outcome::UpstreamTimeout => "upstream silent",
        Outcome::UpstreamFailed => "upstream broke off",
        Outcome::Loop => "loop",
        Outcome::Overloaded => "too many connections",
        Outcome::Intercepted => "tunnel intercepted",
        Outcome::Tunnelled => {
            "tunnel closed: its https hid what COS answered; with intercept.ca_cert (`coswhy ca new`) this proxy sees it"
        }
        Outcome::ClientTls => "TLS with the client failed",
    }
}

fn push_text(out: &mut Vec<u8>, name: &[u8], text: Option<&str>) {
    if let Some(text) = text {
        out.extend_from_slice(name);
        push_json(out, text);
    }
}

/// A name that a stranger chose: one may look like a parameter with a secret.
fn push_redacted(out: &mut Vec<u8>, name: &[u8], text: Option<&str>) {
    push_text(out, name, text.map(redact::target).as_deref());
}

/// A part of the request's head, empty where that could not be read.
fn push_known(out: &mut Vec<u8>, name: &[u8], text: &str) {
    if !text.is_empty() {
        push_text(out, name, Some(text));
    }
}

/// A word of coswhy's own, which needs no escaping.
fn push_word(out: &mut Vec<u8>, name: &[u8], word: &str) {
    out.extend_from_slice(name);
    out.push(b'"');
    out.extend_from_slice(word.as_bytes());
    out.push(b'"');
}

fn push_ulid(out: &mut Vec<u8>, id: Ulid) {
    out.extend_from_slice(id.array_to_str(&mut [0; ULID_LEN]).as_bytes());
}

/// `"192.0.2.1:54321"`, an IPv4 address that came over an IPv6 socket as IPv4; without a port where that is 0, not known.
fn push_address(out: &mut Vec<u8>, client: SocketAddr) {
    out.push(b'"');
    match client.ip().to_canonical() {
        IpAddr::V4(ip) => {
            for (i, part) in ip.octets().into_iter().enumerate() {
                if i > 0 {
                    out.push(b'.');
                }
                push_number(out, u64::from(part));
            }
            if client.port() != 0 {
                out.push(b':');
                push_number(out, u64::from(client.port()));
            }
        }
        IpAddr::V6(ip) if client.port() == 0 => {
            let _ = write!(out, "{ip}");
        }
        IpAddr::V6(_) => {
            // Writing to a Vec cannot fail.
            let _ = write!(out, "{client}");
        }
    }
    out.push(b'"');
}
