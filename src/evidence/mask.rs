//! Masked values: what people put in place of what they do not want to show is not evidence.

/// Whether `value` says nothing: it is empty, or made of mask characters alone, or says that it was removed.
pub(super) fn is_masked(value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() {
        return true;
    }
    let inner = value.trim_matches(['<', '>', '[', ']', '{', '}', '(', ')', '"', '\'']);
    if ["redacted", "masked", "hidden", "removed", "omitted", "已脱敏", "隐藏", "打码"]
        .iter()
        .any(|word| inner.eq_ignore_ascii_case(word))
    {
        return true;
    }
    // What HTTP itself writes so: any media type, any origin.
    if matches!(inner, "*/*" | "*") {
        return false;
    }
    let mark = |c: char| matches!(c, '*' | 'x' | 'X' | '•' | '█' | '…' | '#' | '某');
    let filler = |c: char| mark(c) || matches!(c, '.' | '-' | '_' | '/');
    inner == "..."
        || inner.chars().all(filler)
            && (inner.contains('…') || inner.chars().filter(|c| mark(*c)).count() >= 2)
}

/// Whether `value` has a hole in it: `AKID****`, `q-signature=xxxxxx`.
pub(super) fn has_hole(value: &str) -> bool {
    value.contains("**")
        || value.contains('…')
        || value.contains('█')
        || value.contains("REDACTED")
        || value.contains("xxxx")
        || value.contains("XXXX")
}

/// A resource without its host, where the bucket's name is masked (`xxx-123456.cos.…/key`).
pub(super) fn resource(value: &str) -> &str {
    let Some((host, _)) = value.split_once('/') else { return value };
    let bucket = host.split('.').next().unwrap_or(host);
    let name = bucket.rsplit_once('-').map_or(bucket, |(name, _)| name);
    let masked = has_hole(host) || name.len() >= 3 && name.bytes().all(|b| matches!(b, b'x' | b'X' | b'*'));
    if masked { value.get(host.len()..).unwrap_or(value) } else { value }
}

/// `value`, unless it is masked.
pub(super) fn shown(value: &str) -> Option<&str> {
    let value = value.trim();
    (!is_masked(value)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_say_nothing() {
        for mask in ["", " ", "***", "XXX", "xxxx", "xxx-xxx", "<redacted>", "[REDACTED]", "******/***", "…"]
        {
            assert!(is_masked(mask), "{mask}");
        }
    }

    #[test]
    fn a_masked_bucket_is_no_bucket() {
        assert_eq!(resource("xxx-123456.cos.ap-x.myqcloud.com/a/b"), "/a/b");
        assert_eq!(resource("b**-1251**3.cos.ap-x.myqcloud.com/a"), "/a");
        assert_eq!(resource("b-1.cos.ap-x.myqcloud.com/a"), "b-1.cos.ap-x.myqcloud.com/a");
        assert_eq!(resource("/a"), "/a");
    }

    #[test]
    fn values_are_kept() {
        for value in [
            "/",
            "*/*",
            "*",
            "x",
            "x.jpg",
            "xxx-123456.cos.ap-shanghai.myqcloud.com/a",
            "Access Denied.",
            "-",
        ] {
            assert!(!is_masked(value), "{value}");
        }
    }
}
