//! The wire log of Apache's HTTP client, which Java SDKs stand on: each line of a message in quotes, behind the
//! logger's own prefix and an arrow.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::pattern::pattern;

/// `http-outgoing-0 << "HTTP/1.1 403 Forbidden[\r][\n]"`
static LINE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^[^\r\n"]*(<<|>>) "(.*?)((?:\[\\[rn]\])*)"\s*$"#));

/// The log as `curl -v` would have shown the exchange; `None` where `text` is no such log.
pub(in crate::evidence) fn plain(text: &str) -> Option<String> {
    if !text.contains("[\\n]\"") {
        return None;
    }
    let mut plain = String::new();
    // Whether the head of the message that is on its way has ended.
    let (mut in_body, mut direction) = (false, "");
    for line in text.lines() {
        let Some(found) = LINE.captures(line) else {
            // Another logger of it shows the heads once more.
            plain.push_str(if line.contains("http-outgoing-") { "* " } else { line });
            plain.push('\n');
            continue;
        };
        let part = |group: usize| found.get(group).map_or("", |part| part.as_str());
        if part(1) != direction || part(2).starts_with("HTTP/1.") {
            (in_body, direction) = (false, part(1));
        }
        if !in_body {
            plain.push_str(if direction == "<<" { "< " } else { "> " });
        }
        plain.push_str(part(2));
        plain.push('\n');
        in_body |= part(2).is_empty();
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_get_their_arrows_and_bodies_none() {
        let log = "1 DEBUG wire - h-0 >> \"GET /a HTTP/1.1[\\r][\\n]\"\n1 DEBUG wire - h-0 >> \"[\\r][\\n]\"\n\
                   1 DEBUG wire - h-0 << \"HTTP/1.1 403 Forbidden[\\r][\\n]\"\n1 DEBUG wire - h-0 << \"[\\r][\\n]\"\n\
                   1 DEBUG wire - h-0 << \"<Error>[\\n]\"\n";
        assert_eq!(plain(log).unwrap(), "> GET /a HTTP/1.1\n> \n< HTTP/1.1 403 Forbidden\n< \n<Error>\n");
        assert_eq!(plain("< HTTP/1.1 403 Forbidden\n"), None);
    }
}
