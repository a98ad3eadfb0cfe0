//! Splitting a URL into what an exchange keeps of it, byte for byte.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;

/// A URL, in the parts that an exchange keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) scheme: Option<String>,
    pub(super) host: String,
    pub(super) target: String,
}

/// Names under which COS's own endpoints live.
const COS_SUFFIXES: &[&str] = &[".myqcloud.com", ".tencentcos.cn", ".tencentcos.com", ".qcloud.com"];

static URL: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)https?://[^\s"'`<>|^\\（），。；]+"#));

impl Address {
    /// The parts of `url`, which may lack its scheme; `None` where there is no host.
    pub(super) fn parse(url: &str) -> Option<Self> {
        let url = url.trim();
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest))
                if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") =>
            {
                (Some(scheme.to_ascii_lowercase()), rest)
            }
            Some(_) => return None,
            None => (None, url),
        };
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end)?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        if host.is_empty() || host.contains(char::is_whitespace) {
            return None;
        }
        // A client sends "/" where the URL has no path (RFC 9112, 3.2.1).
        let target = match target {
            "" => "/".to_owned(),
            query if query.starts_with('?') => format!("/{query}"),
            target => target.to_owned(),
        };
        Some(Self { scheme, host: host.to_owned(), target })
    }

    /// Whether the host's first label ends as a bucket does, in `-APPID`.
    pub(super) fn has_bucket(&self) -> bool {
        let label = self.host.split('.').next().unwrap_or("");
        label.rsplit_once('-').is_some_and(|(_, id)| id.len() >= 6 && id.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Whether it carries a signature of COS's kind, whatever its host.
    pub(super) fn is_signed(&self) -> bool {
        self.target.contains("q-signature=") && self.target.contains("q-sign-time=")
    }

    /// Whether the host is one of COS's own names.
    pub(super) fn is_cos(&self) -> bool {
        let host = self.host.rsplit_once(':').map_or(self.host.as_str(), |(host, port)| {
            if port.bytes().all(|b| b.is_ascii_digit()) { host } else { self.host.as_str() }
        });
        let host = host.to_ascii_lowercase();
        COS_SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
    }
}

/// The URLs in `text` with their places.
pub(super) fn find(text: &str) -> impl Iterator<Item = (usize, &str)> {
    URL.find_iter(text).map(|found| (found.start(), trimmed(found.as_str())))
}

/// Without the punctuation that the sentence around it put at its end.
pub(super) fn trimmed(url: &str) -> &str {
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', ']', '}']);
    if url.contains('(') { url } else { url.trim_end_matches(')') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_stays_byte_for_byte() {
        let address = Address::parse("https://b-1.cos.ap-x.myqcloud.com/a%2Fb//c?acl#top").unwrap();
        assert_eq!(address.host, "b-1.cos.ap-x.myqcloud.com");
        assert_eq!(address.target, "/a%2Fb//c?acl");
        assert!(address.is_cos());
    }

    #[test]
    fn a_url_without_a_path_asks_for_the_root() {
        assert_eq!(Address::parse("http://h:80?acl").unwrap().target, "/?acl");
        assert_eq!(Address::parse("h").unwrap().target, "/");
    }

    #[test]
    fn the_end_of_a_sentence_is_no_part_of_a_url() {
        let found: Vec<_> = find("(see https://h/a.png), or https://h/b.").map(|(_, url)| url).collect();
        assert_eq!(found, ["https://h/a.png", "https://h/b"]);
    }
}
