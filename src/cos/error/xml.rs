//! The XML form, whole or in fragments.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::ErrorBody;

/// Where the XML begins, after prose that a terminal or an exception put before it.
const STARTS: [&str; 4] = ["<Error", "<Code>", "<Message>", "<RequestId>"];

pub(super) fn parse(text: &str) -> Option<ErrorBody> {
    let start = STARTS.iter().filter_map(|s| memchr::memmem::find(text.as_bytes(), s.as_bytes())).min()?;
    let mut reader = Reader::from_str(text.get(start..)?);
    let config = reader.config_mut();
    // fragments have ends without starts, and pasted text has bare ampersands
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;

    let mut error = ErrorBody::default();
    let mut open: Option<String> = None;
    let mut value = String::new();
    // a broken tail ends the reading; what came before it stays
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) => {
                let name = tag.local_name();
                value.clear();
                open = (name.as_ref() != "Error").then(|| name.as_ref().to_owned());
            }
            Event::Text(text) if open.is_some() => value.push_str(&text),
            Event::CData(text) if open.is_some() => value.push_str(&text),
            Event::GeneralRef(reference) if open.is_some() => resolve(&reference, &mut value),
            Event::End(tag) => {
                if tag.local_name().as_ref() == "Error" {
                    break;
                }
                if let Some(name) = open.take().filter(|name| name == tag.local_name().as_ref()) {
                    error.set(&name, &on_one_line(&name, trimmed(&name, &value)));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    error.if_any()
}

/// The strings of a signature end in a line feed that belongs to them; all else is trimmed.
fn trimmed<'a>(name: &str, value: &'a str) -> &'a str {
    match name {
        "StringToSign" | "FormatString" => value,
        _ => value.trim(),
    }
}

/// What reads pictures, and what wraps lines, breaks codes and sentences that COS writes on one line.
fn on_one_line<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    match name {
        "Code" | "RequestId" if value.contains(['\n', '\t']) => {
            Cow::Owned(value.split_whitespace().collect())
        }
        "Message" if value.contains(['\n', '\t']) => {
            Cow::Owned(value.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        _ => Cow::Borrowed(value),
    }
}

fn resolve(reference: &BytesRef<'_>, into: &mut String) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        into.push(character);
        return;
    }
    match reference.as_ref() {
        "amp" => into.push('&'),
        "lt" => into.push('<'),
        "gt" => into.push('>'),
        "quot" => into.push('"'),
        "apos" => into.push('\''),
        unknown => {
            into.push('&');
            into.push_str(unknown);
            into.push(';');
        }
    }
}
