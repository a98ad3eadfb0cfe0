//! MinIO's clients (minio-go, and restic and mc on it; MinIO for Python) put sentences of their own, which read like
//! COS's, where a HEAD was refused: they tell the status alone.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::pattern::pattern;
use crate::evidence::token::{Name, Says, Token};

/// `Stat: Access Denied.`; MinIO's SDK for Python spells it otherwise, and has no request id.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:Stat|BucketExists|StatObject|HeadBucket|HeadObject|GetObjectAttributes)\)?: ?(?:Access Denied|403 Forbidden|Forbidden)|code: AccessDenied, message: (?-i:Access denied), resource: [^,\n]*, request_id: None",
    )
});

/// `Stat: The specified key does not exist.`; mc: `Unable to stat … Object does not exist.`
static MISSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:Stat|BucketExists|StatObject|HeadBucket|HeadObject|GetObjectAttributes)\)?: ?the specified (?:key|bucket) does not exist|\bUnable to (?:stat|read from)\b[^\n]*\b(?:Object|Bucket) [^\n]*does not exist",
    )
});

/// The refused HEADs in `text`.
pub(in crate::evidence) fn tokens(text: &str) -> Vec<Token> {
    [(&*REFUSED, 403), (&*MISSING, 404)]
        .into_iter()
        .flat_map(|(words, status)| words.find_iter(text).map(move |found| (found.start(), status)))
        .flat_map(|(at, status)| {
            [
                Token::new(at, Says::NoBody),
                Token::text(at, Name::Method, "HEAD"),
                Token::new(at, Says::Status(status)),
            ]
        })
        .collect()
}
