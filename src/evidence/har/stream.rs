//! Reading a HAR of any size in little memory: an entry at a time, and of each string only its beginning.

use std::fmt;
use std::io::{self, Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// As much of a string as is kept; an error body is far shorter, a video in base64 far longer.
pub(super) const LONGEST_STRING: usize = 128 * 1024;

/// Passes JSON on with long strings cut short, without ever holding one.
#[derive(Debug)]
pub(super) struct ShortStrings<R> {
    inner: R,
    in_string: bool,
    escaped: bool,
    /// Hexadecimal digits of an escape that are still to come.
    digits: u8,
    cutting: bool,
    length: usize,
}

impl<R: Read> ShortStrings<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, in_string: false, escaped: false, digits: 0, cutting: false, length: 0 }
    }

    /// Whether `byte` is passed on.
    fn keep(&mut self, byte: u8) -> bool {
        if !self.in_string {
            if byte == b'"' {
                self.in_string = true;
                self.cutting = false;
                self.length = 0;
            }
            return true;
        }
        if self.escaped {
            self.escaped = false;
            self.digits = if byte == b'u' { 4 } else { 0 };
            return !self.cutting;
        }
        if byte == b'"' {
            self.in_string = false;
            return true;
        }
        self.length += 1;
        if self.digits > 0 {
            self.digits -= 1;
            return !self.cutting;
        }
        // A cut falls before a plain character, never inside an escape, a surrogate pair or a UTF-8 sequence.
        if self.length > LONGEST_STRING && byte.is_ascii() && byte != b'\\' {
            self.cutting = true;
        }
        self.escaped = byte == b'\\';
        !self.cutting
    }
}

impl<R: Read> Read for ShortStrings<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(buffer)?;
            if read == 0 {
                return Ok(0);
            }
            let mut kept = 0;
            for at in 0..read {
                let Some(byte) = buffer.get(at).copied() else { break };
                if self.keep(byte) {
                    if let Some(slot) = buffer.get_mut(kept) {
                        *slot = byte;
                    }
                    kept += 1;
                }
            }
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

/// What a HAR says of itself.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) creator: String,
    pub(super) browser: String,
}

/// Calls `each` with every entry, in the order of the file.
pub(super) fn entries(reader: impl Read, mut each: impl FnMut(&Value)) -> Result<About, serde_json::Error> {
    let mut about = About::default();
    let mut json = serde_json::Deserializer::from_reader(reader);
    Node { place: Place::Root, about: &mut about, each: &mut each }.deserialize(&mut json)?;
    Ok(about)
}

/// Where in the HAR a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Log,
    Entries,
}

struct Node<'a> {
    place: Place,
    about: &'a mut About,
    each: &'a mut dyn FnMut(&Value),
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.place {
            Place::Root | Place::Log => deserializer.deserialize_map(self),
            Place::Entries => deserializer.deserialize_seq(self),
        }
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.place {
            Place::Root => "a HAR",
            Place::Log => "a HAR's log",
            Place::Entries => "a HAR's entries",
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match (self.place, key.as_str()) {
                (Place::Root, "log") => {
                    map.next_value_seed(Node {
                        place: Place::Log,
                        about: &mut *self.about,
                        each: &mut *self.each,
                    })?;
                }
                (Place::Log, "entries") => {
                    map.next_value_seed(Node {
                        place: Place::Entries,
                        about: &mut *self.about,
                        each: &mut *self.each,
                    })?;
                }
                (Place::Log, "creator") => self.about.creator = name(&map.next_value()?),
                (Place::Log, "browser") => self.about.browser = name(&map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(entry) = entries.next_element::<Value>()? {
            (self.each)(&entry);
        }
        Ok(())
    }
}

fn name(value: &Value) -> String {
    value.get("name").and_then(Value::as_str).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(json: &str) -> String {
        let mut out = String::new();
        ShortStrings::new(json.as_bytes()).read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn short_strings_pass_unchanged() {
        let json = r#"{"a\"b": ["c\\", "d"], "e": 1}"#;
        assert_eq!(shortened(json), json);
    }

    #[test]
    fn a_long_string_is_cut_and_stays_a_string() {
        let long = "中\\ud83d\\ude00".repeat(LONGEST_STRING / 4) + "aaaa\\\"";
        let json = format!(r#"{{"a": "{long}", "b": "c"}}"#);
        let value: Value = serde_json::from_str(&shortened(&json)).unwrap();
        assert_eq!(value.get("b"), Some(&Value::from("c")));
        let plain = format!(r#"["{}"]"#, "a".repeat(3 * LONGEST_STRING));
        assert_eq!(shortened(&plain).len(), LONGEST_STRING + 4);
    }
}
