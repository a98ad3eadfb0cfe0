//! An error body of COS, read whatever its shape: XML, JSON of vector buckets and of the retired API, and the
//! HTML lists of website hosts.
//!
//! Sources: <https://www.tencentcloud.com/document/product/436/7730> and bodies that users published. Bodies are
//! pasted cut, indented, without a root or with prose before them, so reading takes what is there.

mod html;
mod json;
pub mod sentences;
mod xml;

use std::borrow::Cow;

/// What is read of one body; more is no error message.
const LONGEST_BODY: usize = 256 * 1024;
/// Elements kept in [`ErrorBody::extra`].
const MOST_EXTRA: usize = 32;

/// An error as COS tells it. Values are unescaped and trimmed, and absent where the body has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErrorBody {
    pub code: Option<String>,
    pub message: Option<String>,
    pub resource: Option<String>,
    pub request_id: Option<String>,
    pub trace_id: Option<String>,
    /// ISO 8601, as sent.
    pub server_time: Option<String>,
    pub string_to_sign: Option<String>,
    /// The HttpString that COS computed from the request that reached it.
    pub format_string: Option<String>,
    pub host_id: Option<String>,
    /// Every other element, in order.
    pub extra: Vec<(String, String)>,
    /// In which form it came.
    pub form: Form,
}

/// The form of an error body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    #[default]
    Xml,
    /// Vector buckets: `{"code", "message", "requestid"}`.
    Json,
    /// The retired JSON API: a negative number as code.
    LegacyJson,
    /// Website hosts: a list of `Code: …` lines.
    Html,
}

impl ErrorBody {
    /// The bytes that it takes in memory, roughly.
    #[must_use]
    pub fn weight(&self) -> usize {
        let named = [&self.message, &self.resource, &self.string_to_sign, &self.format_string];
        let extra = self.extra.iter().map(|(name, value)| name.len() + value.len());
        named.into_iter().flatten().map(String::len).sum::<usize>() + extra.sum::<usize>()
    }

    /// Reads a body. `None`: it is not an error of COS's shape.
    #[must_use]
    pub fn parse(body: &[u8]) -> Option<Self> {
        Self::read(body, false)
    }

    /// Reads the body of an answer whose header `x-cos-error-code` says already that it is COS's error: JSON there
    /// needs no code of its own.
    #[must_use]
    pub fn parse_beside_code(body: &[u8]) -> Option<Self> {
        Self::read(body, true)
    }

    fn read(body: &[u8], named: bool) -> Option<Self> {
        let text = text_of(body);
        let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if start.starts_with('{') {
            return json::parse(start, named);
        }
        if html::looks_like(start) {
            return html::parse(start);
        }
        xml::parse(start)
    }

    /// Puts a value where its name says; the first of a name wins.
    fn set(&mut self, name: &str, value: &str) {
        let slot = match name {
            "Code" => &mut self.code,
            "Message" => &mut self.message,
            "Resource" => &mut self.resource,
            "RequestId" | "RequestID" | "Requestid" => &mut self.request_id,
            "TraceId" | "TraceID" | "Traceid" => &mut self.trace_id,
            "ServerTime" => &mut self.server_time,
            "StringToSign" => &mut self.string_to_sign,
            "FormatString" => &mut self.format_string,
            "HostId" | "HostID" => &mut self.host_id,
            _ => {
                if self.extra.len() < MOST_EXTRA {
                    self.extra.push((name.to_owned(), value.to_owned()));
                }
                return;
            }
        };
        if slot.is_none() {
            *slot = Some(value.to_owned());
        }
    }

    /// An element beside the known ones.
    #[must_use]
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn if_any(self) -> Option<Self> {
        (self.code.is_some() || self.message.is_some()).then_some(self)
    }
}

fn text_of(body: &[u8]) -> Cow<'_, str> {
    let body = body.get(..LONGEST_BODY).unwrap_or(body);
    String::from_utf8_lossy(body)
}

#[cfg(test)]
mod tests;
