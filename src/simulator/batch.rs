//! Deleting many objects: each key is judged by itself, inside an answer of 200.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/8289>.

use super::access;
use super::refusal::Refusal;
use super::reply::{self, Answer};
use super::request::Request;
use super::store::Store;
use super::verify::Identity;
use super::xml::{self, Document};

/// COS wants it, and new S3 clients no longer send it.
pub(super) fn check_head(request: &Request) -> Result<(), Refusal> {
    if request.headers.contains_key("content-md5") {
        Ok(())
    } else {
        Err(Refusal::missing_header("Content-MD5"))
    }
}

pub(super) fn delete(request: &Request, store: &Store, identity: &Identity, body: &[u8]) -> Answer {
    let leaves = xml::leaves(body).ok_or_else(Refusal::malformed_xml)?;
    let quiet = xml::texts(&leaves, "Quiet").any(|text| text == "true");
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let mut document = Document::new();
    document.nest("DeleteResult", |result| {
        for key in xml::texts(&leaves, "Key") {
            let action = "name/cos:DeleteObject";
            if access::may(identity, action, key) || access::public(Some(bucket), action, key) {
                bucket.objects.remove(key);
                if !quiet {
                    result.nest("Deleted", |element| element.leaf("Key", key));
                }
            } else {
                result.nest("Error", |element| {
                    element.leaf("Key", key);
                    element.leaf("Code", "AccessDenied");
                    element.leaf("Message", "Access Denied.");
                });
            }
        }
    });
    Ok(reply::xml(document))
}
