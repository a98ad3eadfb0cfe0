//! Every action with what tells its request, the more telling ones first.

use super::Target;

/// What a request must show besides its method, its target and its parameters.
#[derive(Debug, Clone, Copy)]
pub(super) enum Need {
    Nothing,
    /// The header that makes it a copy.
    CopySource,
    /// A body of multipart/form-data.
    Form,
    /// Each of these in the path.
    Path(&'static [&'static str]),
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) method: &'static str,
    pub(super) target: Target,
    /// Parameters that must be there.
    pub(super) params: &'static [&'static str],
    pub(super) need: Need,
    pub(super) aliases: &'static [&'static str],
    pub(super) also: &'static [&'static str],
}

/// Actions that documents name without telling the request.
pub(super) const UNREACHED: [&str; 2] =
    ["name/cos:GetBucketAccessMonitor", "name/cos:GetBucketBandwidthQuota"];

const fn row(
    name: &'static str,
    method: &'static str,
    target: Target,
    params: &'static [&'static str],
) -> Row {
    Row { name, method, target, params, need: Need::Nothing, aliases: &[], also: &[] }
}

use Target::{Bucket, Listing, Object, Service};

pub(super) const ROWS: [Row; 107] = [
    Row {
        need: Need::CopySource,
        aliases: &["name/cos:PutObject", "name/cos:UploadPart"],
        also: &["name/cos:GetObject"],
        ..row("name/cos:UploadPartCopy", "PUT", Object, &["partNumber", "uploadId"])
    },
    row("name/cos:PutBucketInventory", "PUT", Bucket, &["inventory", "id"]),
    row("name/cos:GetBucketInventory", "GET", Bucket, &["inventory", "id"]),
    row("name/cos:PostBucketInventory", "POST", Bucket, &["inventory", "id"]),
    row("name/cos:DeleteBucketInventory", "DELETE", Bucket, &["inventory", "id"]),
    row("name/cos:DeleteBucketIntelligentTiering", "DELETE", Bucket, &["intelligent-tiering", "id"]),
    row("name/cos:GetObject", "POST", Object, &["select", "select-type=2"]),
    row("name/cos:PutLiveChannelSwitch", "PUT", Object, &["live", "switch"]),
    row("name/cos:GetLiveChannelStatus", "GET", Object, &["live", "comp=status"]),
    row("name/cos:GetLiveChannelHistory", "GET", Object, &["live", "comp=history"]),
    row("name/cos:PostVodPlaylist", "POST", Object, &["vod", "starttime"]),
    row("name/cos:GetVodPlaylist", "GET", Object, &["vod", "starttime"]),
    row("name/cos:UploadPart", "PUT", Object, &["partNumber", "uploadId"]),
    row("name/cos:GetBucketObjectVersions", "GET", Listing, &["versions"]),
    row("name/cos:GetBucketLocation", "GET", Bucket, &["location"]),
    row("name/cos:PutBucketACL", "PUT", Bucket, &["acl"]),
    row("name/cos:GetBucketACL", "GET", Bucket, &["acl"]),
    row("name/cos:PutBucketCORS", "PUT", Bucket, &["cors"]),
    row("name/cos:GetBucketCORS", "GET", Bucket, &["cors"]),
    row("name/cos:DeleteBucketCORS", "DELETE", Bucket, &["cors"]),
    row("name/cos:PutBucketLifecycle", "PUT", Bucket, &["lifecycle"]),
    row("name/cos:GetBucketLifecycle", "GET", Bucket, &["lifecycle"]),
    row("name/cos:DeleteBucketLifecycle", "DELETE", Bucket, &["lifecycle"]),
    row("name/cos:PutBucketPolicy", "PUT", Bucket, &["policy"]),
    row("name/cos:GetBucketPolicy", "GET", Bucket, &["policy"]),
    row("name/cos:DeleteBucketPolicy", "DELETE", Bucket, &["policy"]),
    row("name/cos:PutBucketTagging", "PUT", Bucket, &["tagging"]),
    row("name/cos:GetBucketTagging", "GET", Bucket, &["tagging"]),
    row("name/cos:DeleteBucketTagging", "DELETE", Bucket, &["tagging"]),
    row("name/cos:PutBucketVersioning", "PUT", Bucket, &["versioning"]),
    row("name/cos:GetBucketVersioning", "GET", Bucket, &["versioning"]),
    row("name/cos:PutBucketReplication", "PUT", Bucket, &["replication"]),
    row("name/cos:GetBucketReplication", "GET", Bucket, &["replication"]),
    row("name/cos:DeleteBucketReplication", "DELETE", Bucket, &["replication"]),
    row("name/cos:PutBucketWebsite", "PUT", Bucket, &["website"]),
    row("name/cos:GetBucketWebsite", "GET", Bucket, &["website"]),
    row("name/cos:DeleteBucketWebsite", "DELETE", Bucket, &["website"]),
    row("name/cos:PutBucketReferer", "PUT", Bucket, &["referer"]),
    row("name/cos:GetBucketReferer", "GET", Bucket, &["referer"]),
    row("name/cos:DeleteBucketReferer", "DELETE", Bucket, &["referer"]),
    row("name/cos:PutBucketDomain", "PUT", Bucket, &["domain"]),
    row("name/cos:GetBucketDomain", "GET", Bucket, &["domain"]),
    row("name/cos:DeleteBucketDomain", "DELETE", Bucket, &["domain"]),
    row("name/cos:PutBucketOrigin", "PUT", Bucket, &["origin"]),
    row("name/cos:GetBucketOrigin", "GET", Bucket, &["origin"]),
    row("name/cos:DeleteBucketOrigin", "DELETE", Bucket, &["origin"]),
    row("name/cos:PutBucketLogging", "PUT", Bucket, &["logging"]),
    row("name/cos:GetBucketLogging", "GET", Bucket, &["logging"]),
    row("name/cos:PutBucketAccelerate", "PUT", Bucket, &["accelerate"]),
    row("name/cos:GetBucketAccelerate", "GET", Bucket, &["accelerate"]),
    row("name/cos:PutBucketEncryption", "PUT", Bucket, &["encryption"]),
    row("name/cos:GetBucketEncryption", "GET", Bucket, &["encryption"]),
    row("name/cos:DeleteBucketEncryption", "DELETE", Bucket, &["encryption"]),
    row("name/cos:ListBucketInventory", "GET", Bucket, &["inventory"]),
    row("name/cos:PutBucketObjectLock", "PUT", Bucket, &["object-lock"]),
    row("name/cos:GetBucketObjectLock", "GET", Bucket, &["object-lock"]),
    row("name/cos:PutObjectRetention", "PUT", Object, &["retention"]),
    row("name/cos:GetObjectRetention", "GET", Object, &["retention"]),
    row("name/cos:PutBucketDomainCertificate", "PUT", Bucket, &["domaincertificate"]),
    row("name/cos:GetBucketDomainCertificate", "GET", Bucket, &["domaincertificate"]),
    row("name/cos:DeleteBucketDomainCertificate", "DELETE", Bucket, &["domaincertificate"]),
    row("name/cos:PutBucketStrictSignature", "PUT", Bucket, &["strict-signature"]),
    row("name/cos:GetBucketStrictSignature", "GET", Bucket, &["strict-signature"]),
    row("name/cos:DeleteBucketStrictSignature", "DELETE", Bucket, &["strict-signature"]),
    row("name/cos:PutBucketNotification", "PUT", Bucket, &["notification"]),
    row("name/cos:GetBucketNotification", "GET", Bucket, &["notification"]),
    row("name/cos:AppendObject", "POST", Object, &["append"]),
    Row {
        also: &["name/cos:DeleteObject"],
        ..row("name/cos:DeleteMultipleObjects", "POST", Bucket, &["delete"])
    },
    row("name/cos:PostObjectRestore", "POST", Object, &["restore"]),
    row("name/cos:PutObjectACL", "PUT", Object, &["acl"]),
    row("name/cos:GetObjectACL", "GET", Object, &["acl"]),
    row("name/cos:PutObjectTagging", "PUT", Object, &["tagging"]),
    row("name/cos:GetObjectTagging", "GET", Object, &["tagging"]),
    row("name/cos:DeleteObjectTagging", "DELETE", Object, &["tagging"]),
    row("name/cos:PutSymlink", "PUT", Object, &["symlink"]),
    row("name/cos:GetSymlink", "GET", Object, &["symlink"]),
    row("name/cos:InitiateMultipartUpload", "POST", Object, &["uploads"]),
    row("name/cos:CompleteMultipartUpload", "POST", Object, &["uploadId"]),
    row("name/cos:AbortMultipartUpload", "DELETE", Object, &["uploadId"]),
    row("name/cos:ListParts", "GET", Object, &["uploadId"]),
    row("name/cos:ListMultipartUploads", "GET", Listing, &["uploads"]),
    row("name/cos:PutLiveChannel", "PUT", Object, &["live"]),
    row("name/cos:GetLiveChannel", "GET", Object, &["live"]),
    row("name/cos:DeleteLiveChannel", "DELETE", Object, &["live"]),
    row("name/cos:ListLiveChannels", "GET", Listing, &["live"]),
    row("name/cos:PutBucketIntelligentTiering", "PUT", Bucket, &["intelligenttiering"]),
    row("name/cos:PutBucketIntelligentTiering", "PUT", Bucket, &["intelligent-tiering"]),
    row("name/cos:GetBucketIntelligentTiering", "GET", Bucket, &["intelligenttiering"]),
    row("name/cos:GetBucketIntelligentTiering", "GET", Bucket, &["intelligent-tiering"]),
    Row {
        aliases: &["name/cos:DeleteObjectVersion"],
        ..row("name/cos:DeleteObject", "DELETE", Object, &["versionId"])
    },
    Row {
        need: Need::CopySource,
        aliases: &["name/cos:PutObjectCopy"],
        also: &["name/cos:GetObject"],
        ..row("name/cos:PutObject", "PUT", Object, &[])
    },
    Row { need: Need::Form, ..row("name/cos:PostObject", "POST", Object, &[]) },
    Row {
        need: Need::Path(&["/jobs/", "/priority"]),
        ..row("name/cos:UpdateJobPriority", "POST", Service, &[])
    },
    Row { need: Need::Path(&["/jobs/", "/status"]), ..row("name/cos:UpdateJobStatus", "POST", Service, &[]) },
    Row { need: Need::Path(&["/jobs/"]), ..row("name/cos:DescribeJob", "GET", Service, &[]) },
    Row { need: Need::Path(&["/jobs"]), ..row("name/cos:CreateJob", "POST", Service, &[]) },
    Row { need: Need::Path(&["/jobs"]), ..row("name/cos:ListJobs", "GET", Service, &[]) },
    row("name/cos:GetService", "GET", Service, &[]),
    row("name/cos:PutBucket", "PUT", Bucket, &[]),
    row("name/cos:HeadBucket", "HEAD", Bucket, &[]),
    row("name/cos:GetBucket", "GET", Listing, &[]),
    row("name/cos:DeleteBucket", "DELETE", Bucket, &[]),
    row("name/cos:PutObject", "PUT", Object, &[]),
    row("name/cos:GetObject", "GET", Object, &[]),
    row("name/cos:HeadObject", "HEAD", Object, &[]),
    row("name/cos:DeleteObject", "DELETE", Object, &[]),
    row("name/cos:OptionsObject", "OPTIONS", Object, &[]),
];
