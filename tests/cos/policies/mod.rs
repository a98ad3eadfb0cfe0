//! The policies that are made for a request: by the vendor's grammar, with every action that the request needs and no more.

mod schema;

use coswhy::cos::action::{self, Asked, Grant, Owner, grants};
use coswhy::cos::endpoint::Endpoint;
use coswhy::cos::policy::{Principal, of_bucket, of_identity};
use http::HeaderMap;
use schema::Schema;

use crate::actions::{BUCKET, REQUESTS};

/// One request, most parts of which are alike in all tests.
#[derive(Clone, Copy)]
struct Request<'a> {
    method: &'a str,
    host: &'a str,
    target: &'a str,
    headers: &'a [(&'static str, &'a str)],
    form: Option<&'a [(&'a str, &'a str)]>,
    refused_whole: bool,
}

const GET: Request<'static> = Request {
    method: "GET",
    host: BUCKET,
    target: "/dir/key",
    headers: &[],
    form: None,
    refused_whole: true,
};

impl Request<'_> {
    fn grants(&self) -> Vec<Grant> {
        let (path, query) = self.target.split_once('?').map_or((self.target, None), |(p, q)| (p, Some(q)));
        let endpoint = Endpoint::parse(self.host).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers {
            headers.insert(*name, value.parse().unwrap());
        }
        let form: Option<Vec<(String, String)>> = self
            .form
            .map(|form| form.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect());
        let mut location = endpoint.locate(path);
        if let Some((_, key)) = form.iter().flatten().find(|(name, _)| name == "key") {
            location.key = Some(key.clone());
        }
        let action = action::action(self.method, &endpoint, path, query, &headers, form.is_some()).unwrap();
        let prefix = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .find(|(name, _)| name == "prefix")
            .map(|(_, value)| value.into_owned());
        let asked = Asked {
            location: &location,
            headers: &headers,
            prefix: prefix.as_deref(),
            form: form.as_deref(),
            refused_whole: self.refused_whole,
        };
        grants(&action, &asked)
    }

    /// `Action on path, path`, a line for each grant.
    fn needs(&self) -> String {
        let line = |grant: &Grant| {
            let actions: Vec<_> =
                grant.actions.iter().map(|name| name.strip_prefix("name/cos:").unwrap()).collect();
            let paths: Vec<_> = grant
                .resources
                .iter()
                .map(|resource| {
                    resource.strip_prefix("qcs::cos:ap-x:uid/1250000000:b-1250000000").unwrap_or(resource)
                })
                .collect();
            format!("{} on {}", actions.join(" "), paths.join(" "))
        };
        self.grants().iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn mistakes(grants: &[Grant]) -> Vec<String> {
    let schema = Schema::grammar();
    let mut mistakes = schema.mistakes("identity", &of_identity(grants).unwrap());
    for (owner, principal) in [
        (Owner::Target, Principal::Anyone),
        (Owner::Target, Principal::User),
        (Owner::Source, Principal::User),
    ] {
        if let Some(policy) = of_bucket(grants, owner, principal) {
            mistakes.extend(schema.mistakes("bucket", &policy));
        }
    }
    mistakes
}

#[test]
fn every_listed_request_has_policies_by_the_grammar() {
    let names: Vec<&str> = action::names().collect();
    for (name, method, host, target, header, form) in REQUESTS {
        let fields = [(header, "src-1250000000.cos.ap-x.myqcloud.com/from")];
        let request = Request {
            method,
            host,
            target,
            headers: if header.is_empty() { &[] } else { &fields },
            form: form.then_some(&[("key", "dir/key")]),
            refused_whole: true,
        };
        let grants = request.grants();
        assert_eq!(mistakes(&grants), Vec::<String>::new(), "{name}");
        for action in grants.iter().flat_map(|grant| &grant.actions) {
            assert!(names.contains(action), "{name}: {action}");
        }
        let policy = of_identity(&grants).unwrap();
        let named = policy.contains(&format!("name/cos:{name}\""));
        // names of which documents disagree, where the one that most of them say is granted
        let told_otherwise = matches!(name, "PutObjectCopy" | "DeleteObjectVersion");
        assert!(named || told_otherwise, "{name}: {policy}");
    }
}

#[test]
fn the_grammar_refuses_what_people_write_wrong() {
    let schema = Schema::grammar();
    let good = of_identity(&GET.grants()).unwrap();
    assert_eq!(schema.mistakes("identity", &good), Vec::<String>::new());
    for (right, wrong) in [
        ("uid/1250000000", "uid/*"),
        ("b-1250000000/", "b/"),
        ("name/cos:GetObject", "name/cos:getObject"),
        ("name/cos:GetObject", "cos.GetObject"),
        ("\"allow\"", "\"permit\""),
        ("\"2.0\"", "\"2012-10-17\""),
        ("\"effect\"", "\"Effect\""),
        ("qcs::cos:", "qcs:cos:"),
    ] {
        let spoiled = good.replace(right, wrong);
        assert_ne!(spoiled, good);
        assert!(!schema.mistakes("identity", &spoiled).is_empty(), "{wrong}");
    }
    let of_bucket = of_bucket(&GET.grants(), Owner::Target, Principal::Anyone).unwrap();
    assert!(!schema.mistakes("identity", &of_bucket).is_empty(), "a principal is for buckets");
    assert!(!schema.mistakes("bucket", &good).is_empty(), "a bucket's policy says to whom");
}

#[test]
fn a_request_needs_its_action_on_its_object() {
    assert_eq!(GET.needs(), "GetObject on /dir/key");
    assert_eq!(Request { method: "HEAD", ..GET }.needs(), "HeadObject on /dir/key");
    assert_eq!(Request { target: "/a%20b/%E4%B8%AD", ..GET }.needs(), "GetObject on /a b/中");
    assert_eq!(Request { target: "/?cors", ..GET }.needs(), "GetBucketCORS on /");
    assert_eq!(Request { host: "service.cos.myqcloud.com", target: "/", ..GET }.needs(), "GetService on *");
}

#[test]
fn a_listing_needs_the_bucket_itself_and_its_prefix_as_path() {
    assert_eq!(Request { target: "/", ..GET }.needs(), "GetBucket on /");
    assert_eq!(Request { target: "/?prefix=", ..GET }.needs(), "GetBucket on /");
    let listing = Request { target: "/?prefix=dir%2F%E4%B8%AD&max-keys=3", ..GET };
    assert_eq!(listing.needs(), "GetBucket on / /dir/中");
    let policy = of_identity(&listing.grants()).unwrap();
    assert!(policy.contains(r#""cos:prefix": "dir%2F%E4%B8%AD""#), "{policy}");
}

#[test]
fn an_upload_in_parts_needs_five_actions_whichever_of_them_was_refused() {
    let five = "InitiateMultipartUpload UploadPart ListParts CompleteMultipartUpload on /dir/key\n\
                ListMultipartUploads on / /dir/key";
    for (method, target) in [
        ("POST", "/dir/key?uploads"),
        ("PUT", "/dir/key?partNumber=1&uploadId=2"),
        ("GET", "/dir/key?uploadId=2"),
        ("POST", "/dir/key?uploadId=2"),
    ] {
        assert_eq!(Request { method, target, ..GET }.needs(), five, "{method} {target}");
    }
    assert_eq!(
        Request { method: "DELETE", target: "/dir/key?uploadId=2", ..GET }.needs(),
        "AbortMultipartUpload on /dir/key"
    );
}

#[test]
fn a_copy_needs_its_source_too() {
    let put = Request { method: "PUT", ..GET };
    for (name, source, needs) in [
        (
            "x-cos-copy-source",
            "b-1250000000.cos.ap-x.myqcloud.com/from/a%20b?versionId=7",
            "PutObject on /dir/key\nGetObject on /from/a b",
        ),
        (
            "x-cos-copy-source",
            "other-1250000001.cos.ap-y.myqcloud.com/from",
            "PutObject on /dir/key\nGetObject on qcs::cos:ap-y:uid/1250000001:other-1250000001/from",
        ),
        (
            "x-amz-copy-source",
            "/other-1250000001/from",
            "PutObject on /dir/key\nGetObject on qcs::cos:SOURCE-REGION:uid/1250000001:other-1250000001/from",
        ),
        (
            "x-cos-copy-source",
            "files.example.com/from",
            "PutObject on /dir/key\nGetObject on qcs::cos:SOURCE-REGION:uid/SOURCE-APPID:SOURCE-BUCKET-APPID/from",
        ),
    ] {
        let request = Request { headers: &[(name, source)], ..put };
        assert_eq!(request.needs(), needs, "{source}");
        assert_eq!(mistakes(&request.grants()), Vec::<String>::new(), "{source}");
    }
    let part = Request {
        target: "/dir/key?partNumber=1&uploadId=2",
        headers: &[("x-cos-copy-source", "b-1250000000.cos.ap-x.myqcloud.com/from")],
        ..put
    };
    assert!(part.needs().contains("PutObject UploadPartCopy on /dir/key"), "{}", part.needs());
}

#[test]
fn a_bucket_s_policy_gives_what_is_in_that_bucket() {
    let copy = Request {
        method: "PUT",
        headers: &[("x-cos-copy-source", "other-1250000001.cos.ap-y.myqcloud.com/from")],
        ..GET
    }
    .grants();
    let target = of_bucket(&copy, Owner::Target, Principal::User).unwrap();
    let source = of_bucket(&copy, Owner::Source, Principal::User).unwrap();
    assert!(target.contains("PutObject") && !target.contains("other-1250000001"), "{target}");
    assert!(source.contains("GetObject") && !source.contains("b-1250000000"), "{source}");
    assert!(source.contains("qcs::cam::uin/OWNER-UIN:uin/USER-UIN"), "{source}");
    for (method, host) in [("PUT", BUCKET), ("GET", "service.cos.myqcloud.com")] {
        let grants = Request { method, host, target: "/", ..GET }.grants();
        assert_eq!(of_bucket(&grants, Owner::Target, Principal::User), None, "{method} {host}");
    }
}

#[test]
fn headers_and_fields_that_set_acl_or_tags_need_a_right_of_their_own() {
    let put = Request { method: "PUT", ..GET };
    for (name, needs) in [
        ("x-cos-acl", "PutObject PutObjectACL on /dir/key"),
        ("x-amz-acl", "PutObject PutObjectACL on /dir/key"),
        ("x-cos-grant-read", "PutObject PutObjectACL on /dir/key"),
        ("x-cos-tagging", "PutObject PutObjectTagging on /dir/key"),
        ("x-amz-tagging", "PutObject PutObjectTagging on /dir/key"),
        ("x-cos-meta-acl", "PutObject on /dir/key"),
    ] {
        assert_eq!(Request { headers: &[(name, "x")], ..put }.needs(), needs, "{name}");
    }
    let form = Request { method: "POST", target: "/", ..GET };
    for (field, needs) in [
        ("acl", "PostObject PutObjectACL on /dir/key"),
        ("x-cos-acl", "PostObject PutObjectACL on /dir/key"),
        ("success_action_status", "PostObject on /dir/key"),
    ] {
        let fields = [("key", "dir/key"), (field, "x")];
        assert_eq!(Request { form: Some(&fields), ..form }.needs(), needs, "{field}");
    }
    let named_by_file = [("key", "dir/${filename}")];
    assert_eq!(Request { form: Some(&named_by_file), ..form }.needs(), "PostObject on /dir/*");
}

#[test]
fn deleting_many_needs_the_right_on_each_and_where_all_is_refused_one_more() {
    let many = Request { method: "POST", target: "/?delete", ..GET };
    assert_eq!(many.needs(), "DeleteObject on /PREFIX/*\nDeleteMultipleObjects on /");
    assert_eq!(Request { refused_whole: false, ..many }.needs(), "DeleteObject on /PREFIX/*");
}

#[test]
fn what_the_request_does_not_show_has_an_obvious_placeholder() {
    let accelerated = Request { host: "b-1250000000.cos.accelerate.myqcloud.com", ..GET };
    assert_eq!(accelerated.needs(), "GetObject on qcs::cos:REGION:uid/1250000000:b-1250000000/dir/key");
    let nameless = Request { host: "b.cos.ap-x.myqcloud.com", ..GET };
    assert_eq!(nameless.needs(), "GetObject on qcs::cos:ap-x:uid/APPID:b-APPID/dir/key");
    for request in [accelerated, nameless] {
        assert_eq!(mistakes(&request.grants()), Vec::<String>::new());
    }
}
