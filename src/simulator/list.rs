//! Lists: the buckets of the account, and the objects of a bucket in COS's and in S3's second version.

use std::collections::BTreeSet;
use std::ops::Bound;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::buckets::APPID;
use super::refusal::Refusal;
use super::reply::{self, Answer};
use super::request::Request;
use super::store::{Bucket, Object, Store};
use super::xml::Document;
use crate::cos::time;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');
const MOST: usize = 1000;

pub(super) fn service(store: &Store) -> Answer {
    let mut document = Document::new();
    document.nest("ListAllMyBucketsResult", |result| {
        owner(result);
        result.nest("Buckets", |list| {
            for bucket in store.lock().values() {
                list.nest("Bucket", |element| {
                    element.leaf("Name", &bucket.name);
                    element.leaf("Location", &bucket.region);
                    element.leaf("CreationDate", time::format_rfc3339(bucket.created));
                });
            }
        });
    });
    Ok(reply::xml(document))
}

fn owner(element: &mut Document) {
    element.nest("Owner", |owner| {
        owner.leaf("ID", format!("qcs::cam::uin/{APPID}:uin/{APPID}"));
        owner.leaf("DisplayName", APPID);
    });
}

/// What one answer lists.
struct Listing<'b> {
    objects: Vec<(&'b str, &'b Object)>,
    prefixes: BTreeSet<&'b str>,
    /// The last name given, where there are more.
    next: Option<&'b str>,
}

fn listing<'b>(bucket: &'b Bucket, prefix: &str, delimiter: &str, after: &str, most: usize) -> Listing<'b> {
    let mut out = Listing { objects: Vec::new(), prefixes: BTreeSet::new(), next: None };
    let mut last = "";
    for (key, object) in bucket.objects.range::<str, _>((Bound::Excluded(after), Bound::Unbounded)) {
        let Some(rest) = key.strip_prefix(prefix) else { continue };
        let folder = (!delimiter.is_empty())
            .then(|| rest.find(delimiter))
            .flatten()
            .and_then(|at| key.get(..prefix.len() + at + delimiter.len()));
        // a marker that is a folder has all of the folder behind it
        if folder.is_some_and(|folder| out.prefixes.contains(folder) || folder == after) {
            continue;
        }
        if out.objects.len() + out.prefixes.len() == most {
            out.next = Some(last);
            break;
        }
        last = folder.unwrap_or(key);
        match folder {
            Some(folder) => {
                out.prefixes.insert(folder);
            }
            None => out.objects.push((key, object)),
        }
    }
    out
}

pub(super) fn objects(request: &Request, store: &Store) -> Answer {
    let buckets = store.lock();
    let bucket = buckets.get(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let param = |name: &str| request.param(name).unwrap_or_default();
    let (prefix, delimiter) = (param("prefix"), param("delimiter"));
    let most = match param("max-keys") {
        "" => MOST,
        text => text.parse::<usize>().map_err(|_| Refusal::argument("max-keys is no number."))?.min(MOST),
    };
    let second = param("list-type") == "2";
    let after = match (second, param("continuation-token"), param("start-after")) {
        (false, _, _) => param("marker"),
        (true, "", start) => start,
        (true, token, _) => token,
    };
    let list = listing(bucket, prefix, delimiter, after, most);
    let url = param("encoding-type") == "url";
    let shown =
        |name: &str| if url { utf8_percent_encode(name, ENCODED).to_string() } else { name.to_owned() };

    let mut document = Document::new();
    document.nest("ListBucketResult", |result| {
        result.leaf("Name", &bucket.name);
        if url {
            result.leaf("EncodingType", "url");
        }
        result.leaf("Prefix", shown(prefix));
        if second {
            result.leaf("KeyCount", (list.objects.len() + list.prefixes.len()).to_string());
        } else {
            result.leaf("Marker", shown(after));
        }
        result.leaf("MaxKeys", most.to_string());
        if !delimiter.is_empty() {
            result.leaf("Delimiter", shown(delimiter));
        }
        result.leaf("IsTruncated", list.next.is_some().to_string());
        if let Some(next) = list.next {
            // a token is handed back as it is, a marker is a key
            if second {
                result.leaf("NextContinuationToken", next);
            } else {
                result.leaf("NextMarker", shown(next));
            }
        }
        for (key, object) in &list.objects {
            result.nest("Contents", |element| {
                element.leaf("Key", shown(key));
                element.leaf("LastModified", time::format_rfc3339(object.modified).replace('Z', ".000Z"));
                element.leaf("ETag", &object.etag);
                element.leaf("Size", object.data.len().to_string());
                owner(element);
                element.leaf("StorageClass", &object.class);
            });
        }
        for folder in &list.prefixes {
            result.nest("CommonPrefixes", |element| element.leaf("Prefix", shown(folder)));
        }
    });
    Ok(reply::xml(document))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(keys: &[&str]) -> Bucket {
        let mut bucket = Bucket::new("b-1250000000", "ap-x", 0);
        for key in keys {
            bucket.objects.insert((*key).to_owned(), Object::new(bytes::Bytes::new(), 0));
        }
        bucket
    }

    /// Every page, as names in order of a page's own two lists.
    fn pages(bucket: &Bucket, prefix: &str, delimiter: &str, most: usize) -> Vec<Vec<String>> {
        let (mut out, mut after) = (Vec::new(), String::new());
        loop {
            let list = listing(bucket, prefix, delimiter, &after, most);
            let names = list.objects.iter().map(|(key, _)| *key).chain(list.prefixes.iter().copied());
            out.push(names.map(str::to_owned).collect());
            match list.next {
                Some(next) => next.clone_into(&mut after),
                None => return out,
            }
        }
    }

    #[test]
    fn folders_are_listed_once_over_all_pages() {
        let bucket = bucket(&["a/1", "a/2", "a/3", "b", "c/1", "c/2", "d"]);
        assert_eq!(pages(&bucket, "", "/", 1000), [["b", "d", "a/", "c/"]]);
        assert_eq!(pages(&bucket, "", "/", 1), [["a/"], ["b"], ["c/"], ["d"]]);
        assert_eq!(pages(&bucket, "a/", "/", 2), [vec!["a/1", "a/2"], vec!["a/3"]]);
    }
}
