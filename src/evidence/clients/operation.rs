//! From an operation's name, as SDKs print it, to the method it sends.

/// The method of an S3 or COS operation (`PutObject`, `put_object`, `putObject`).
pub(super) fn method(name: &str) -> Option<&'static str> {
    let name: String = name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect();
    let starts = |prefix: &str| name.starts_with(prefix);
    match name.as_str() {
        "deleteobjects"
        | "deletemultipleobjects"
        | "restoreobject"
        | "postobject"
        | "createmultipartupload"
        | "initiatemultipartupload"
        | "completemultipartupload"
        | "selectobjectcontent"
        | "postobjectrestore" => Some("POST"),
        "uploadpart" | "uploadpartcopy" | "copyobject" | "createbucket" | "putobjectcopy" => Some("PUT"),
        "abortmultipartupload" => Some("DELETE"),
        "optionsobject" => Some("OPTIONS"),
        // Java, Go and MinIO have names of their own for a HEAD.
        "getobjectmetadata" | "statobject" | "doesobjectexist" | "objectexists" | "isobjectexist"
        | "doesbucketexist" | "doesbucketexistv2" | "bucketexists" | "isbucketexist" => Some("HEAD"),
        _ if starts("head") => Some("HEAD"),
        _ if starts("get") || starts("list") => Some("GET"),
        _ if starts("put") => Some("PUT"),
        _ if starts("delete") => Some("DELETE"),
        _ => None,
    }
}

/// The method of an operation of OpenDAL's on `url`; of an upload in parts only the URL tells.
pub(super) fn of_opendal(name: &str, url: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let in_parts = ["?uploads", "uploadId="].iter().any(|part| url.contains(part));
    match name.split("::").next().unwrap_or("") {
        "stat" => Some("HEAD"),
        "read" | "reader" | "list" | "lister" => Some("GET"),
        "delete" | "deleter" => Some("DELETE"),
        "write" | "writer" if url.contains("?uploads") => Some("POST"),
        "write" | "writer" if !in_parts || url.contains("partNumber=") => Some("PUT"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opendal_names_its_own_operations() {
        assert_eq!(of_opendal("stat", "https://h/a"), Some("HEAD"));
        assert_eq!(of_opendal("Writer::close", "https://h/a"), Some("PUT"));
        assert_eq!(of_opendal("Writer::write", "https://h/a?uploads"), Some("POST"));
        assert_eq!(of_opendal("Writer::close", "https://h/a?uploadId=1"), None);
    }

    #[test]
    fn names_in_every_spelling_have_one_method() {
        for name in ["PutObject", "put_object", "putObject"] {
            assert_eq!(method(name), Some("PUT"));
        }
        assert_eq!(method("HeadBucket"), Some("HEAD"));
        assert_eq!(method("DeleteObjects"), Some("POST"));
        assert_eq!(method("getObjectMetadata"), Some("HEAD"));
        assert_eq!(method("uploadFile"), None);
    }
}
