//! The trace that a request belongs to: W3C Trace Context, `traceparent`
//! (<https://www.w3.org/TR/trace-context/#traceparent-header>).
//!
//! The field itself passes on unchanged: clients sign what they send. It is read for the log and for [traces](super::traces).

use http::HeaderValue;

const TRACE_ID: usize = 32;
const PARENT_ID: usize = 16;
const FLAGS: usize = 2;

/// The client's own span, in which its request to this proxy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    pub span_id: u64,
    pub sampled: bool,
}

/// Trace id and parent of a `traceparent`, or nothing where the value is not exactly what the specification allows.
#[must_use]
pub fn traceparent(value: &HeaderValue) -> Option<(String, Parent)> {
    let text = std::str::from_utf8(value.as_bytes()).ok()?;
    let (version, rest) = text.split_once('-')?;
    let (trace, rest) = rest.split_once('-')?;
    let (parent, rest) = rest.split_once('-')?;
    // A later version may append more; version 00 ends with its flags.
    let flags = match (version, rest.split_once('-')) {
        ("00", Some(_)) => return None,
        (_, Some((flags, _))) => flags,
        (_, None) => rest,
    };
    let valid = is_hex(version, 2)
        && version != "ff"
        && is_hex(trace, TRACE_ID)
        && is_hex(parent, PARENT_ID)
        && is_hex(flags, FLAGS)
        && !is_zero(trace)
        && !is_zero(parent);
    if !valid {
        return None;
    }
    let span_id = u64::from_str_radix(parent, 16).ok()?;
    let sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
    Some((trace.to_owned(), Parent { span_id, sampled }))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|b| b == b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Option<String> {
        traceparent(&HeaderValue::from_static(text)).map(|(trace_id, _)| trace_id)
    }

    #[test]
    fn the_parent_says_whether_its_trace_is_kept() {
        for (text, sampled) in [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02", false),
        ] {
            let (_, parent) = traceparent(&HeaderValue::from_static(text)).unwrap();
            assert_eq!(parent, Parent { span_id: 0x00f0_67aa_0ba9_02b7, sampled });
        }
    }

    #[test]
    fn the_example_of_the_specification_is_read() {
        assert_eq!(
            read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").as_deref(),
            Some("4bf92f3577b34da6a3ce929d0e0e4736")
        );
    }

    #[test]
    fn a_later_version_may_say_more_but_not_less() {
        assert!(read("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes").is_some());
        assert!(read("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more").is_none());
        assert!(read("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7").is_none());
        assert!(read("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more").is_none());
    }

    #[test]
    fn anything_else_is_not_a_trace() {
        for text in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
