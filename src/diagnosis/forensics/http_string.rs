//! The string that is signed, taken apart: COS's own HttpString, or the canonical request of S3's version 4.
//!
//! COS sends back the one that it computed as FormatString.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::cos::auth::Scheme;

/// The parts that are compared; names and values as the string has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpString<'a> {
    pub(crate) method: &'a str,
    /// Decoded where the scheme signs it encoded.
    pub(crate) path: String,
    pub(crate) params: Vec<(&'a str, &'a str)>,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    /// Values of headers are percent-encoded.
    encoded: bool,
}

impl<'a> HttpString<'a> {
    pub(crate) fn parse(text: &'a str, scheme: Option<Scheme>) -> Option<Self> {
        match scheme {
            Some(Scheme::SigV4) => Self::canonical_request(text),
            _ => Self::lines(text),
        }
    }

    /// Method, path, parameters and headers, a line each; the path is decoded and may hold line ends.
    fn lines(text: &'a str) -> Option<Self> {
        // a pasted body may have lost the last line's end, never the lines before it
        let (method, rest) = text.trim_start().split_once('\n')?;
        let mut from_end = rest.trim_end_matches('\r').strip_suffix('\n').unwrap_or(rest).rsplitn(3, '\n');
        let (headers, params, path) = (from_end.next()?, from_end.next()?, from_end.next()?);
        Some(Self {
            method: bare(method),
            path: bare(path).to_owned(),
            params: pairs(bare(params)),
            headers: pairs(bare(headers)),
            encoded: true,
        })
    }

    /// Method, path and query, a line each, then a line for each header, an empty line, the list and the hash.
    fn canonical_request(text: &'a str) -> Option<Self> {
        let mut lines = text.trim_start().lines().map(bare);
        let (method, path, query) = (lines.next()?, lines.next()?, lines.next()?);
        let headers = lines.take_while(|line| !line.is_empty()).map(|line| line.split_once(':'));
        Some(Self {
            method,
            path: decoded(path),
            params: pairs(query),
            headers: headers.collect::<Option<_>>()?,
            encoded: false,
        })
    }

    pub(crate) fn host(&self) -> Option<String> {
        let host = value(&self.headers, "host")?;
        Some(if self.encoded { decoded(host) } else { host.to_owned() })
    }
}

/// The first name whose value is not the same on both sides, or that one side lacks.
pub(crate) fn first_difference(ours: &[(&str, &str)], theirs: &[(&str, &str)]) -> Option<String> {
    let names = ours.iter().chain(theirs).map(|(name, _)| *name);
    let (ours, theirs) = (firsts(ours), firsts(theirs));
    names.filter(|name| !name.is_empty()).find(|name| ours.get(name) != theirs.get(name)).map(str::to_owned)
}

/// The first value of each name.
fn firsts<'a>(pairs: &[(&'a str, &'a str)]) -> HashMap<&'a str, &'a str> {
    // Of two with one name the later entry stays: so from the end.
    pairs.iter().rev().copied().collect()
}

pub(crate) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn bare(line: &str) -> &str {
    line.trim_end_matches('\r')
}

fn pairs(line: &str) -> Vec<(&str, &str)> {
    line.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
}

fn value<'a>(pairs: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_strings_show_their_host_and_path() {
        let host = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";
        let text = format!("put\n/a b\nc d\n\nhost={host}&x-cos-acl=private\n");
        let own = HttpString::parse(&text, Some(Scheme::QSign)).unwrap();
        assert_eq!((own.host().as_deref(), own.path.as_str()), (Some(host), "/a b\nc d"));

        let text =
            format!("PUT\n/a%20b\nacl=\nhost:{host}\nx-amz-date:1\n\nhost;x-amz-date\nUNSIGNED-PAYLOAD");
        let s3 = HttpString::parse(&text, Some(Scheme::SigV4)).unwrap();
        assert_eq!((s3.host().as_deref(), s3.path.as_str()), (Some(host), "/a b"));
        assert_eq!(s3.params, [("acl", "")]);
    }
}
