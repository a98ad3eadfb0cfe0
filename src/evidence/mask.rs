//! Masked values: what people put in place of what they do not want to show is not evidence.

use crate::cos::redact::REDACTED;

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

/// What the field `name` shows with `value`; `None` where it shows nothing. A credential that was masked tells at least
/// that there was one, which is what counts.
pub(super) fn field(name: &str, value: &str) -> Option<String> {
    if name == "authorization" {
        return Some(authorization(value));
    }
    let token = name.ends_with("-security-token");
    (token || !is_masked(value) || value.trim().is_empty()).then(|| value.to_owned())
}

/// The Authorization value `value` with [`REDACTED`] in place of what is masked: that it was sent is shown, and whatever
/// of it is left. Of a list of names, a hole could be any name, so nothing of such a value is taken.
fn authorization(value: &str) -> String {
    if is_masked(value) {
        return REDACTED.to_owned();
    }
    if !has_hole(value) {
        return value.to_owned();
    }
    let separator = if value.contains("q-sign-algorithm") { '&' } else { ',' };
    let mut parts = Vec::new();
    for part in value.split(separator) {
        let Some((name, inner)) = part.split_once('=') else {
            return REDACTED.to_owned();
        };
        if !(has_hole(inner) || is_masked(inner) && !inner.trim().is_empty()) {
            parts.push(part.to_owned());
            continue;
        }
        if name.ends_with("-list") || name.ends_with("SignedHeaders") {
            return REDACTED.to_owned();
        }
        // The scope behind a masked SecretId tells the region.
        let scope =
            inner.split_once('/').filter(|(_, scope)| name.ends_with("Credential") && !has_hole(scope));
        parts.push(match scope {
            Some((_, scope)) => format!("{name}={REDACTED}/{scope}"),
            None => format!("{name}={REDACTED}"),
        });
    }
    parts.join(&separator.to_string())
}

/// The path and query `target` with [`REDACTED`] in place of a signature's masked parts in the query.
pub(super) fn target(target: &str) -> String {
    let Some((path, query)) = target.split_once('?').filter(|(_, query)| has_hole(query)) else {
        return target.to_owned();
    };
    let parts: Vec<String> = query
        .split('&')
        .map(|part| match part.split_once('=') {
            Some((name, value)) if has_hole(value) && is_of_signature(name) => format!("{name}={REDACTED}"),
            _ => part.to_owned(),
        })
        .collect();
    format!("{path}?{}", parts.join("&"))
}

fn is_of_signature(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["q-", "x-amz-", "x-cos-security-token", "awsaccesskeyid", "signature", "sign"]
        .iter()
        .any(|beginning| name.starts_with(beginning))
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
    fn of_masked_credentials_stays_what_is_shown() {
        for (value, shown) in [
            ("XXXX", "REDACTED"),
            ("******", "REDACTED"),
            (
                "q-sign-algorithm=sha1&q-ak=AKID****&q-sign-time=1;2&q-header-list=host&q-signature=xxxx",
                "q-sign-algorithm=sha1&q-ak=REDACTED&q-sign-time=1;2&q-header-list=host&q-signature=REDACTED",
            ),
            (
                "AWS4-HMAC-SHA256 Credential=**REDACTED**/20260324/ap-x/s3/aws4_request, SignedHeaders=host, Signature=**REDACTED**",
                "AWS4-HMAC-SHA256 Credential=REDACTED/20260324/ap-x/s3/aws4_request, SignedHeaders=host, Signature=REDACTED",
            ),
            ("q-sign-algorithm=sha1&q-ak=a&q-header-list=****", "REDACTED"),
            ("q-sign-algorithm=sha1&q-ak=AKIDx", "q-sign-algorithm=sha1&q-ak=AKIDx"),
        ] {
            assert_eq!(field("authorization", value).as_deref(), Some(shown), "{value}");
        }
        assert_eq!(target("/a?q-ak=AKID***&acl&q-sign-time=1;2"), "/a?q-ak=REDACTED&acl&q-sign-time=1;2");
        assert_eq!(target("/a**?x=***"), "/a**?x=***");
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
