//! Messages that stand for one code: tools print COS's sentence and leave its code out.

/// Beginnings in small letters (436/7730, 436/13318 and published bodies), each with the code that comes with it.
const SENTENCES: &[(&str, &str)] = &[
    ("the specified key does not exist", "NoSuchKey"),
    ("the specified bucket does not exist", "NoSuchBucket"),
    ("the specified multipart upload does not exist", "NoSuchUpload"),
    ("the specified upload does not exist", "NoSuchUpload"),
    ("the specified version does not exist", "NoSuchVersion"),
    ("the requested bucket name is not available", "BucketAlreadyExists"),
    ("your previous request to create the named bucket succeeded", "BucketAlreadyOwnedByYou"),
    ("the bucket you tried to delete is not empty", "BucketNotEmpty"),
    ("the requested range cannot be satisfied", "InvalidRange"),
    ("the requested range is not satisfiable", "InvalidRange"),
    ("the xml you provided was not well-formed", "MalformedXML"),
    ("the content-md5 you specified did not match", "BadDigest"),
    ("the content-md5 you specified is not valid", "InvalidDigest"),
    ("your proposed upload exceeds the maximum allowed", "EntityTooLarge"),
    ("your proposed upload is smaller than the minimum allowed", "EntityTooSmall"),
    ("one or more of the specified parts could not be found", "InvalidPart"),
    ("the list of parts was not in ascending order", "InvalidPartOrder"),
    ("the specified method is not allowed against this resource", "MethodNotAllowed"),
    ("object restore is already in progress", "RestoreAlreadyInProgress"),
    ("the provided token has expired", "ExpiredToken"),
    ("qcloud api role not exist", "QcloudApiRoleNotExist"),
    ("reduce your request rate", "SlowDown"),
    ("please reduce your request rate", "SlowDown"),
    ("we encountered an internal error", "InternalError"),
    ("the cors configuration does not exist", "NoSuchCORSConfiguration"),
    ("the lifecycle configuration does not exist", "NoSuchLifecycleConfiguration"),
    ("your key is too long", "KeyTooLong"),
    ("you have attempted to create more buckets than allowed", "TooManyBuckets"),
    ("you did not provide the number of bytes specified by the content-length", "IncompleteBody"),
];

/// The beginnings, for who searches a text for them.
pub fn beginnings() -> impl Iterator<Item = &'static str> {
    SENTENCES.iter().map(|(beginning, _)| *beginning)
}

/// The code that `message` comes with.
pub(crate) fn code(message: &str) -> Option<&'static str> {
    let message = message.trim_start();
    SENTENCES
        .iter()
        .find(|(start, _)| message.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
        .map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_stands_for_its_code() {
        assert_eq!(code("The specified key does not exist."), Some("NoSuchKey"));
        assert_eq!(code("Access Denied."), None);
    }

    #[test]
    fn no_beginning_hides_another() {
        for (index, beginning) in beginnings().enumerate() {
            assert_eq!(
                beginnings().position(|other| beginning.starts_with(other)),
                Some(index),
                "{beginning}"
            );
        }
    }
}
