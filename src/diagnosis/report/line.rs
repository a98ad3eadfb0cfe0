//! JSON on one line that can stand inside an XML element: `<`, `>` and `&` are escaped as JSON escapes them, for
//! SDKs' parsers lose entities, CDATA and child elements.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment.as_bytes();
        while let Some(at) = memchr::memchr3(b'<', b'>', b'&', rest) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before)?;
            let Some((byte, tail)) = after.split_first() else { break };
            write!(writer, "\\u{byte:04x}")?;
            rest = tail;
        }
        writer.write_all(rest)
    }
}

/// Appends `value` to `out`; `None` where it can't be serialised, and then `out` is of no use.
pub(super) fn write(out: &mut Vec<u8>, value: &impl Serialize) -> Option<()> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping)).ok()
}
