//! For which method a URL was pre-signed, by the call in the text that made it.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::pattern::pattern;

/// Calls that make a URL, each up to its opening bracket.
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:get_?presigned_?url2?|generate_?presigned_?url|get_?presignet_?url|get_?object_?url|get_?signed_?url|create_?presigned_?request)\s*\(",
    )
});

/// Calls and commands whose name is the method.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:presigned?_?(get|put|head|delete)_?object\s*\(|(?:get|generate)_?presigned_?(download|upload)_?url\s*\(|(aws s3 presign|cosc(?:li|md)\b[^\n]{0,80}\bsignurl)\b)",
    )
});

static METHOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)http\.?Method(?:Name)?\.?(get|put|head|delete|post)\b|\bmethod["']?\s*(?:=>|[:=])\s*["'](get|put|head|delete|post)["']|["'](get|put|head|delete)_?object["']|\bnew (get|put|head|delete)objectcommand\b|["'](get|put|head|delete|post)["']|\bVerb\s*=\s*HttpVerb\.(get|put|head|delete)\b"#,
    )
});

/// Whether a method stands in a variable, so that it is not known.
static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)method|verb|command|\breq(?:uest)?\b|params|opt(?:ion)?s\b|\.\.\.|…"));

/// As long as the arguments of a call are.
const LONGEST: usize = 400;
const MOST: usize = 16;

/// The method, where all the calls in `text` are for the same.
pub(super) fn method(text: &str) -> Option<String> {
    let named = NAMED.captures_iter(text).take(MOST).map(|found| {
        let word = found.get(1).or(found.get(2)).map_or("get", |word| word.as_str()).to_ascii_uppercase();
        Some(match word.as_str() {
            "DOWNLOAD" => "GET".to_owned(),
            "UPLOAD" => "PUT".to_owned(),
            _ => word,
        })
    });
    let called = CALL.find_iter(text).take(MOST).map(|call| of_call(arguments(text, call.end())?));
    let mut methods: Vec<String> = named.chain(called).collect::<Option<_>>()?;
    methods.dedup();
    let one = methods.pop()?;
    methods.is_empty().then_some(one)
}

/// The text from `at` to the bracket that closes the call.
fn arguments(text: &str, at: usize) -> Option<&str> {
    let end = text.floor_char_boundary((at + LONGEST).min(text.len()));
    let rest = text.get(at..end)?;
    let mut depth = 0_usize;
    for (index, letter) in rest.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return rest.get(..index),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What a call is for: its method if it names one, GET if it names none and gives what it signs.
fn of_call(arguments: &str) -> Option<String> {
    if let Some(found) = METHOD.captures(arguments) {
        let word = found.iter().skip(1).flatten().next()?;
        return Some(word.as_str().to_ascii_uppercase());
    }
    let gives = arguments.split(',').filter(|argument| !argument.trim().is_empty()).count() >= 2;
    (gives && !VARIABLE.is_match(arguments)).then(|| "GET".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_its_method_or_means_get() {
        for (text, expected) in [
            ("client.Object.GetPresignedURL(ctx, http.MethodGet, key, ak, sk, time.Hour, nil)", Some("GET")),
            ("client.Object.GetPresignedURL(ctx, http.MethodPut, key, ak, sk, time.Hour, nil)", Some("PUT")),
            ("client.get_presigned_url(Method='GET', Bucket=b, Key=k)", Some("GET")),
            ("s3.generate_presigned_url('put_object', Params={'Bucket': b})", Some("PUT")),
            ("cosClient.generatePresignedUrl(bucket, key, expiration)", Some("GET")),
            ("cosClient.generatePresignedUrl(bucket, key, expiration, HttpMethodName.PUT)", Some("PUT")),
            ("cosClient.generatePresignedUrl(req)", None),
            ("cos.getObjectUrl({ Bucket: b, Key: k, Method: 'GET', Sign: true }, cb)", Some("GET")),
            ("cos.getObjectUrl({ Bucket: b, Key: k, Sign: true }, cb)", Some("GET")),
            ("getSignedUrl(client, new GetObjectCommand({ Bucket: b }))", Some("GET")),
            ("$client->createPresignedRequest('GetObject', '+10 minutes')", Some("GET")),
            ("aws s3 presign s3://b/k", Some("GET")),
            ("GetPresignedURL(ctx, method, key, ak, sk, hour, nil)", None),
            ("get_presigned_url(Method='GET', Key=k) or get_presigned_url(Method='PUT', Key=k)", None),
            ("a pre-signed URL", None),
        ] {
            assert_eq!(method(text).as_deref(), expected, "{text}");
        }
    }
}
