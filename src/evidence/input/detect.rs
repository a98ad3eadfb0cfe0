//! Telling formats apart by their first bytes.

/// How an input is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evidence) enum Format {
    /// A JSON document too large to hold: entry by entry.
    Har,
    /// One entry of a HAR, or a list of them, as the developer tools copy it.
    HarEntries,
    /// coswhy's log: line by line.
    CoswhyLog,
    /// Anything else: searched as a whole.
    Text,
}

/// The first bytes that are looked at.
pub(in crate::evidence) const HEAD: usize = 64 * 1024;

/// The format of an input that begins with `head`.
pub(in crate::evidence) fn detect(head: &[u8]) -> Format {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !head.starts_with(b"{") && !head.starts_with(b"[") {
        return Format::Text;
    }
    if head
        .split(|byte| *byte == b'\n')
        .any(|line| crate::evidence::logs::coswhy::is_line(&String::from_utf8_lossy(line)))
    {
        return Format::CoswhyLog;
    }
    let outline: Vec<u8> =
        head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(4096).collect();
    let text = String::from_utf8_lossy(&outline);
    if text.starts_with("{\"log\":{")
        || text.contains("\"log\":{\"version\"")
        || text.contains("\"log\":{\"entries\"")
    {
        Format::Har
    } else if ["\"request\":{", "\"method\":", "\"url\":", "\"httpVersion\":"]
        .iter()
        .all(|key| text.contains(key))
    {
        Format::HarEntries
    } else {
        Format::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        assert_eq!(detect(b"\xef\xbb\xbf { \"log\" : {\"version\":\"1.2\""), Format::Har);
        assert_eq!(
            detect(b"{\"timestamp\":\"t\",\"request_id\":\"a\",\"outcome\":\"forwarded\"}\n"),
            Format::CoswhyLog
        );
        let entry = b"[{\"startedDateTime\":\"\",\"request\": {\"method\":\"GET\",\"url\":\"\",\"httpVersion\":\"h2\"";
        assert_eq!(detect(entry), Format::HarEntries);
        assert_eq!(detect(b"{\"code\":1}"), Format::Text);
        assert_eq!(detect(b"<Error>"), Format::Text);
    }
}
