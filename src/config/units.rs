//! Values with a unit, as the settings write them: `1500ms`, `75s`, `64KiB`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time: a whole number and `ms`, `s`, `m` or `h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

/// An amount of memory: a whole number and `B`, `KiB` or `MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub usize);

impl Span {
    #[must_use]
    pub const fn secs(n: u64) -> Self {
        Self(Duration::from_secs(n))
    }
}

fn split_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit.trim()))
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("`{text}` is not a length of time: write a whole number and ms, s, m or h, like `75s`")
        };
        let (n, unit) = split_unit(text.trim()).ok_or_else(wrong)?;
        let factor = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(wrong()),
        };
        n.checked_mul(factor).map(|ms| Self(Duration::from_millis(ms))).ok_or_else(wrong)
    }
}

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a size: write a whole number and B, KiB or MiB, like `64KiB`");
        let (n, unit) = split_unit(text.trim()).ok_or_else(wrong)?;
        let factor = match unit {
            "B" => 1,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            _ => return Err(wrong()),
        };
        n.checked_mul(factor).and_then(|b| usize::try_from(b).ok()).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.as_millis();
        if ms.is_multiple_of(1000) { write!(f, "{}s", ms / 1000) } else { write!(f, "{ms}ms") }
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1024 * 1024) {
            write!(f, "{}MiB", self.0 / (1024 * 1024))
        } else if self.0.is_multiple_of(1024) {
            write!(f, "{}KiB", self.0 / 1024)
        } else {
            write!(f, "{}B", self.0)
        }
    }
}

macro_rules! as_text {
    ($name:ident, $format:literal, $pattern:literal, $example:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string", "format": $format, "pattern": $pattern, "examples": [$example]
                })
            }
        }
    };
}

pub(super) use as_text;

as_text!(Span, "length-of-time", "^[0-9]+ ?(ms|s|m|h)$", "75s");
as_text!(ByteSize, "byte-size", "^[0-9]+ ?(B|KiB|MiB)$", "64KiB");

#[cfg(test)]
mod tests {
    use super::{ByteSize, Span};

    #[test]
    fn times_are_read_and_written_alike() {
        for (text, shown) in
            [("1500ms", "1500ms"), ("2000ms", "2s"), ("75s", "75s"), (" 2 m ", "120s"), ("1h", "3600s")]
        {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), shown, "{text}");
        }
        for wrong in [
            "",
            "s",
            "5",
            "5 sec",
            "-5s",
            "+5s",
            "1.5s",
            "5S",
            "1d",
            "99999999999999999999s",
            "9999999999999999999h",
        ] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_read_and_written_alike() {
        for (text, shown) in
            [("512B", "512B"), ("1024B", "1KiB"), ("64 KiB", "64KiB"), ("2048KiB", "2MiB"), ("0B", "0MiB")]
        {
            assert_eq!(text.parse::<ByteSize>().unwrap().to_string(), shown, "{text}");
        }
        for wrong in ["", "KiB", "64", "64k", "64kB", "64KB", "1GiB", "-1B", "18446744073709551615MiB"] {
            assert!(wrong.parse::<ByteSize>().is_err(), "{wrong}");
        }
    }
}
