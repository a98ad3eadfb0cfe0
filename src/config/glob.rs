//! What `*` means in a pattern: in `upstream.allowed_buckets` and in a route's `bucket`, and in policies.

/// Whether `bucket` is a bucket's name that `glob` stands for. An escaped spelling could end as the glob wants and
/// still decode to another bucket.
#[must_use]
pub fn is_bucket_like(glob: &str, bucket: &str) -> bool {
    let plain = bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain && is_like(glob, bucket)
}

/// Whether `glob` stands for `text`: `*` in it is any characters.
#[must_use]
pub fn is_like(glob: &str, text: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else { return glob == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or("");
    for piece in pieces {
        match text.split_once(piece) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.len() >= end.len() && text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_the_whole_name() {
        assert!(is_like("*-1250000000", "photos-1250000000"));
        assert!(is_like("photos-*", "photos-1250000000"));
        assert!(is_like("a*b*c", "a-b-x-b-c"));
        assert!(is_like("*", "anything"));
        assert!(!is_like("*-1250000000", "photos-12500000001"));
        assert!(!is_like("ab*bc", "abc"));
        assert!(!is_like("photos-1250000000", "photos-1250000000x"));
    }

    #[test]
    fn an_escaped_spelling_is_like_nothing() {
        assert!(is_bucket_like("*-1250000000", "photos-1250000000"));
        assert!(!is_bucket_like("*-1250000000", "evil-1259999999%2Fkey-1250000000"));
        assert!(!is_bucket_like("*", "Photos"));
    }
}
