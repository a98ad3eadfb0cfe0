//! Every action of the vendor's list is told from its request.

use coswhy::cos::action::{self, Target};
use coswhy::cos::endpoint::Endpoint;
use http::{HeaderMap, HeaderName, HeaderValue};

pub(crate) const BUCKET: &str = "b-1250000000.cos.ap-x.myqcloud.com";
const SERVICE: &str = "service.cos.myqcloud.com";
const JOBS: &str = "100000000001.cos-control.ap-x.myqcloud.com";

/// Action, method, host, target, a header, whether the body is a form.
pub(crate) const REQUESTS: [(&str, &str, &str, &str, &str, bool); 111] = [
    ("GetService", "GET", SERVICE, "/", "", false),
    ("PutBucket", "PUT", BUCKET, "/", "", false),
    ("HeadBucket", "HEAD", BUCKET, "/", "", false),
    ("GetBucket", "GET", BUCKET, "/", "", false),
    ("GetBucket", "GET", BUCKET, "/?prefix=a%2F&delimiter=%2F&max-keys=10", "", false),
    ("DeleteBucket", "DELETE", BUCKET, "/", "", false),
    ("GetBucketObjectVersions", "GET", BUCKET, "/?versions", "", false),
    ("GetBucketLocation", "GET", BUCKET, "/?location", "", false),
    ("PutBucketACL", "PUT", BUCKET, "/?acl", "", false),
    ("GetBucketACL", "GET", BUCKET, "/?acl", "", false),
    ("PutBucketCORS", "PUT", BUCKET, "/?cors", "", false),
    ("GetBucketCORS", "GET", BUCKET, "/?cors", "", false),
    ("DeleteBucketCORS", "DELETE", BUCKET, "/?cors", "", false),
    ("PutBucketLifecycle", "PUT", BUCKET, "/?lifecycle", "", false),
    ("GetBucketLifecycle", "GET", BUCKET, "/?lifecycle", "", false),
    ("DeleteBucketLifecycle", "DELETE", BUCKET, "/?lifecycle", "", false),
    ("PutBucketPolicy", "PUT", BUCKET, "/?policy", "", false),
    ("GetBucketPolicy", "GET", BUCKET, "/?policy", "", false),
    ("DeleteBucketPolicy", "DELETE", BUCKET, "/?policy", "", false),
    ("PutBucketTagging", "PUT", BUCKET, "/?tagging", "", false),
    ("GetBucketTagging", "GET", BUCKET, "/?tagging", "", false),
    ("DeleteBucketTagging", "DELETE", BUCKET, "/?tagging", "", false),
    ("PutBucketVersioning", "PUT", BUCKET, "/?versioning", "", false),
    ("GetBucketVersioning", "GET", BUCKET, "/?versioning", "", false),
    ("PutBucketReplication", "PUT", BUCKET, "/?replication", "", false),
    ("GetBucketReplication", "GET", BUCKET, "/?replication", "", false),
    ("DeleteBucketReplication", "DELETE", BUCKET, "/?replication", "", false),
    ("PutBucketWebsite", "PUT", BUCKET, "/?website", "", false),
    ("GetBucketWebsite", "GET", BUCKET, "/?website", "", false),
    ("DeleteBucketWebsite", "DELETE", BUCKET, "/?website", "", false),
    ("PutBucketReferer", "PUT", BUCKET, "/?referer", "", false),
    ("GetBucketReferer", "GET", BUCKET, "/?referer", "", false),
    ("DeleteBucketReferer", "DELETE", BUCKET, "/?referer", "", false),
    ("PutBucketDomain", "PUT", BUCKET, "/?domain", "", false),
    ("GetBucketDomain", "GET", BUCKET, "/?domain", "", false),
    ("DeleteBucketDomain", "DELETE", BUCKET, "/?domain", "", false),
    ("PutBucketOrigin", "PUT", BUCKET, "/?origin", "", false),
    ("GetBucketOrigin", "GET", BUCKET, "/?origin", "", false),
    ("DeleteBucketOrigin", "DELETE", BUCKET, "/?origin", "", false),
    ("PutBucketLogging", "PUT", BUCKET, "/?logging", "", false),
    ("GetBucketLogging", "GET", BUCKET, "/?logging", "", false),
    ("PutBucketAccelerate", "PUT", BUCKET, "/?accelerate", "", false),
    ("GetBucketAccelerate", "GET", BUCKET, "/?accelerate", "", false),
    ("PutBucketEncryption", "PUT", BUCKET, "/?encryption", "", false),
    ("GetBucketEncryption", "GET", BUCKET, "/?encryption", "", false),
    ("DeleteBucketEncryption", "DELETE", BUCKET, "/?encryption", "", false),
    ("PutBucketInventory", "PUT", BUCKET, "/?inventory&id=1", "", false),
    ("GetBucketInventory", "GET", BUCKET, "/?inventory&id=1", "", false),
    ("ListBucketInventory", "GET", BUCKET, "/?inventory", "", false),
    ("PostBucketInventory", "POST", BUCKET, "/?inventory&id=1", "", false),
    ("DeleteBucketInventory", "DELETE", BUCKET, "/?inventory&id=1", "", false),
    ("PutBucketIntelligentTiering", "PUT", BUCKET, "/?intelligenttiering", "", false),
    ("PutBucketIntelligentTiering", "PUT", BUCKET, "/?intelligent-tiering&id=1", "", false),
    ("GetBucketIntelligentTiering", "GET", BUCKET, "/?intelligenttiering", "", false),
    ("GetBucketIntelligentTiering", "GET", BUCKET, "/?intelligent-tiering", "", false),
    ("GetBucketIntelligentTiering", "GET", BUCKET, "/?intelligent-tiering&id=1", "", false),
    ("DeleteBucketIntelligentTiering", "DELETE", BUCKET, "/?intelligent-tiering&id=1", "", false),
    ("PutBucketObjectLock", "PUT", BUCKET, "/?object-lock", "", false),
    ("GetBucketObjectLock", "GET", BUCKET, "/?object-lock", "", false),
    ("PutObjectRetention", "PUT", BUCKET, "/dir/key?retention", "", false),
    ("GetObjectRetention", "GET", BUCKET, "/dir/key?retention", "", false),
    ("PutBucketDomainCertificate", "PUT", BUCKET, "/?domaincertificate", "", false),
    ("GetBucketDomainCertificate", "GET", BUCKET, "/?domaincertificate&domainname=d.example", "", false),
    (
        "DeleteBucketDomainCertificate",
        "DELETE",
        BUCKET,
        "/?domaincertificate&domainname=d.example",
        "",
        false,
    ),
    ("PutBucketStrictSignature", "PUT", BUCKET, "/?strict-signature", "", false),
    ("GetBucketStrictSignature", "GET", BUCKET, "/?strict-signature", "", false),
    ("DeleteBucketStrictSignature", "DELETE", BUCKET, "/?strict-signature", "", false),
    ("PutBucketNotification", "PUT", BUCKET, "/?notification", "", false),
    ("GetBucketNotification", "GET", BUCKET, "/?notification", "", false),
    ("PutObject", "PUT", BUCKET, "/dir/key", "", false),
    ("PostObject", "POST", BUCKET, "/", "", true),
    ("AppendObject", "POST", BUCKET, "/dir/key?append&position=1", "", false),
    ("PutObjectCopy", "PUT", BUCKET, "/dir/key", "x-cos-copy-source", false),
    ("PutObject", "PUT", BUCKET, "/dir/key", "x-cos-copy-source", false),
    ("GetObject", "GET", BUCKET, "/dir/key", "", false),
    ("GetObject", "GET", BUCKET, "/dir/key?response-content-type=text%2Fplain&versionId=1", "", false),
    ("HeadObject", "HEAD", BUCKET, "/dir/key", "", false),
    ("DeleteObject", "DELETE", BUCKET, "/dir/key", "", false),
    ("DeleteObjectVersion", "DELETE", BUCKET, "/dir/key?versionId=1", "", false),
    ("DeleteMultipleObjects", "POST", BUCKET, "/?delete", "", false),
    ("OptionsObject", "OPTIONS", BUCKET, "/dir/key", "origin", false),
    ("PostObjectRestore", "POST", BUCKET, "/dir/key?restore", "", false),
    ("GetObject", "POST", BUCKET, "/dir/key?select&select-type=2", "", false),
    ("PutObjectACL", "PUT", BUCKET, "/dir/key?acl", "", false),
    ("GetObjectACL", "GET", BUCKET, "/dir/key?acl", "", false),
    ("PutObjectTagging", "PUT", BUCKET, "/dir/key?tagging", "", false),
    ("GetObjectTagging", "GET", BUCKET, "/dir/key?tagging", "", false),
    ("DeleteObjectTagging", "DELETE", BUCKET, "/dir/key?tagging", "", false),
    ("PutSymlink", "PUT", BUCKET, "/dir/key?symlink", "", false),
    ("GetSymlink", "GET", BUCKET, "/dir/key?symlink", "", false),
    ("InitiateMultipartUpload", "POST", BUCKET, "/dir/key?uploads", "", false),
    ("UploadPart", "PUT", BUCKET, "/dir/key?partNumber=1&uploadId=1", "", false),
    ("UploadPartCopy", "PUT", BUCKET, "/dir/key?partNumber=1&uploadId=u", "x-cos-copy-source", false),
    ("CompleteMultipartUpload", "POST", BUCKET, "/dir/key?uploadId=1", "", false),
    ("AbortMultipartUpload", "DELETE", BUCKET, "/dir/key?uploadId=1", "", false),
    ("ListParts", "GET", BUCKET, "/dir/key?uploadId=1", "", false),
    ("ListMultipartUploads", "GET", BUCKET, "/?uploads", "", false),
    ("PutLiveChannel", "PUT", BUCKET, "/dir/key?live", "", false),
    ("PutLiveChannelSwitch", "PUT", BUCKET, "/dir/key?live&switch=disabled", "", false),
    ("GetLiveChannel", "GET", BUCKET, "/dir/key?live", "", false),
    ("GetLiveChannelStatus", "GET", BUCKET, "/dir/key?live&comp=status", "", false),
    ("GetLiveChannelHistory", "GET", BUCKET, "/dir/key?live&comp=history", "", false),
    ("DeleteLiveChannel", "DELETE", BUCKET, "/dir/key?live", "", false),
    ("PostVodPlaylist", "POST", BUCKET, "/dir/key?vod&starttime=1&endtime=2", "", false),
    ("GetVodPlaylist", "GET", BUCKET, "/dir/key?vod&starttime=1&endtime=2", "", false),
    ("ListLiveChannels", "GET", BUCKET, "/?live", "", false),
    ("CreateJob", "POST", JOBS, "/jobs", "", false),
    ("DescribeJob", "GET", JOBS, "/jobs/1", "", false),
    ("ListJobs", "GET", JOBS, "/jobs", "", false),
    ("UpdateJobPriority", "POST", JOBS, "/jobs/1/priority", "", false),
    ("UpdateJobStatus", "POST", JOBS, "/jobs/1/status", "", false),
];

fn headers(name: &str) -> HeaderMap {
    let mut map = HeaderMap::new();
    if !name.is_empty() {
        map.insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_static("x"));
    }
    map
}

fn action_of(method: &str, host: &str, target: &str, header: &str, form: bool) -> Option<action::Action> {
    let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q)));
    action::action(method, &Endpoint::parse(host).unwrap(), path, query, &headers(header), form)
}

#[test]
fn every_listed_request_has_its_action() {
    for (name, method, host, target, header, form) in REQUESTS {
        let name = format!("name/cos:{name}");
        let action = action_of(method, host, target, header, form);
        let known = action.as_ref().is_some_and(|a| a.name == name || a.aliases.contains(&name.as_str()));
        assert!(known, "{name}: {method} {target} gave {action:?}");
    }
}

#[test]
fn every_listed_name_is_known() {
    let names: Vec<&str> = action::names().collect();
    for (name, ..) in REQUESTS {
        assert!(names.contains(&format!("name/cos:{name}").as_str()), "{name}");
    }
    assert!(
        names.contains(&"name/cos:GetBucketAccessMonitor")
            && names.contains(&"name/cos:GetBucketBandwidthQuota")
    );
}

#[test]
fn path_style_and_virtual_host_give_the_same_action() {
    let path_style = action_of("GET", "cos.ap-x.myqcloud.com", "/b-1250000000/k?acl", "", false).unwrap();
    assert_eq!(path_style.name, "name/cos:GetObjectACL");
    let list = action_of("GET", "cos.ap-x.myqcloud.com", "/b-1250000000?list-type=2", "", false).unwrap();
    assert_eq!((list.name, list.target), ("name/cos:GetBucket", Target::Listing));
    assert_eq!(
        action_of("GET", "cos.ap-x.myqcloud.com", "/", "", false).unwrap().name,
        "name/cos:GetService"
    );
}

#[test]
fn a_copy_and_an_acl_need_more_than_one_action() {
    let copy = action_of("PUT", BUCKET, "/k", "x-cos-copy-source", false).unwrap();
    assert_eq!((copy.name, copy.also.as_slice()), ("name/cos:PutObject", ["name/cos:GetObject"].as_slice()));
    let acl = action_of("PUT", BUCKET, "/k", "x-cos-acl", false).unwrap();
    assert_eq!(acl.also, ["name/cos:PutObjectACL"]);
    assert!(action_of("PUT", BUCKET, "/", "x-cos-acl", false).unwrap().also.is_empty());
}

#[test]
fn what_is_no_call_of_cos_has_no_action() {
    assert_eq!(action_of("PATCH", BUCKET, "/k", "", false), None);
    assert_eq!(action_of("GET", "gz.file.myqcloud.com", "/files/v2/1250000000/b/k", "", false), None);
}

#[test]
fn resources_are_written_as_policies_write_them() {
    let location = Endpoint::parse(BUCKET).unwrap().locate("/dir/a%20b");
    let of = |target, prefix| action::resource(target, &location, prefix);
    assert_eq!(of(Target::Object, None).unwrap(), "qcs::cos:ap-x:uid/1250000000:b-1250000000/dir/a b");
    assert_eq!(of(Target::Listing, Some("dir/")).unwrap(), "qcs::cos:ap-x:uid/1250000000:b-1250000000/dir/");
    assert_eq!(of(Target::Bucket, None).unwrap(), "qcs::cos:ap-x:uid/1250000000:b-1250000000/");
    assert_eq!(of(Target::Service, None).unwrap(), "*");
    let nameless = Endpoint::parse("b.cos.ap-x.myqcloud.com").unwrap().locate("/k");
    assert_eq!(action::resource(Target::Object, &nameless, None), None);
}
