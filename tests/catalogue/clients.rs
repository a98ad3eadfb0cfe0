//! What an S3 client does otherwise than COS takes it: the setting that cures it in the client that the request shows,
//! or those of all of them where it shows none.

use std::sync::LazyLock;

use coswhy::config::settings::Language;
use coswhy::diagnosis::report::explanation::Fix;
use coswhy::diagnosis::{Engine, Exchange, RequestEvidence, ResponseEvidence, Seen};
use ulid::Ulid;

use crate::cases::{HOST, error_body, fields};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().unwrap());

const BOTO3: &str = "Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.1 lang/python#3.11.7";
const AWS_CLI: &str = "aws-cli/2.23.0 md/awscrt#0.23.4 ua/2.0 os/linux#6.1";
const JAVA: &str = "aws-sdk-java/2.30.1 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21";
const GO: &str = "aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24 md/GOOS#linux api/s3#1.79.2";
const JS: &str = "aws-sdk-js/3.729.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#20.20.2 api/s3#3.729.0";
const RCLONE: &str = "rclone/v1.69.1";
const S3FS: &str = "s3fs/1.93 (commit hash unknown; OpenSSL)";
const TERRAFORM: &str =
    "APN/1.0 HashiCorp/1.0 Terraform/1.11.0 (+https://www.terraform.io) aws-sdk-go-v2/1.36.3";
const RESTIC: &str = "MinIO (linux; amd64) minio-go/v7.0.46";

/// Status, code, message, target.
type Refusal = (u16, &'static str, &'static str, &'static str);

const CHUNKED: Refusal = (
    400,
    "NotImplemented",
    "Aws MultiChunkedEncoding STREAMING-UNSIGNED-PAYLOAD-TRAILER is not supported.",
    "/a.jpg",
);
const MD5: Refusal =
    (400, "InvalidRequest", "Missing required header for this request: Content-MD5", "/?delete");
const PATH_STYLE: Refusal = (
    403,
    "PathStyleDomainForbidden",
    "The bucket you are attempting to access must be addressed using COS virtual-styled domain.",
    "/a.jpg",
);
const LIST: Refusal = (400, "InvalidArgument", "Invalid list-type.", "/?list-type=2");
const REGION: Refusal = (400, "AuthorizationHeaderMalformed", "The region 'us-east-1' is wrong.", "/a.jpg");

fn fixes(refusal: Refusal, agent: Option<&str>) -> Vec<Fix> {
    let (status, code, message, target) = refusal;
    let mut headers = vec![format!("Host: {HOST}")];
    headers.extend(agent.map(|agent| format!("User-Agent: {agent}")));
    let exchange = Exchange {
        request: RequestEvidence {
            method: Some("GET".to_owned()),
            host: Some(HOST.to_owned()),
            target: Some(target.to_owned()),
            headers: fields(&headers, Seen::All),
            ..RequestEvidence::default()
        },
        response: ResponseEvidence {
            status: Some(status),
            headers: fields(&["Server: tencent-cos".to_owned()], Seen::All),
            body: Some(error_body(code, Some(message), "").into()),
        },
        ..Exchange::default()
    };
    ENGINE.diagnose(&exchange, Ulid::nil()).explanation(Language::En).diagnosis.fixes
}

fn text(fix: &Fix) -> String {
    [Some(fix.says.as_str()), fix.command.as_deref(), fix.document.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn each_client_is_told_its_own_setting_with_the_request_s_values() {
    for (refusal, agent, setting) in [
        (CHUNKED, BOTO3, "request_checksum_calculation='when_required'"),
        (CHUNKED, AWS_CLI, "aws configure set request_checksum_calculation when_required"),
        (CHUNKED, JAVA, "chunkedEncodingEnabled(false)"),
        (CHUNKED, GO, "o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired"),
        (CHUNKED, JS, "requestChecksumCalculation: 'WHEN_REQUIRED'"),
        (CHUNKED, RCLONE, "use_data_integrity_protections = false"),
        (CHUNKED, TERRAFORM, "skip_s3_checksum = true"),
        (MD5, BOTO3, "before-call.s3.DeleteObjects"),
        (MD5, AWS_CLI, "aws s3 rm --recursive s3://'photos-1250000000'/PREFIX/"),
        (MD5, JAVA, "LegacyMd5Plugin.create()"),
        (MD5, GO, "smithyhttp.AddContentChecksumMiddleware"),
        (MD5, JS, "client.middlewareStack.add"),
        (PATH_STYLE, BOTO3, "endpoint_url='https://cos.ap-guangzhou.myqcloud.com'"),
        (PATH_STYLE, AWS_CLI, "aws configure set default.s3.addressing_style virtual"),
        (PATH_STYLE, JAVA, ".forcePathStyle(false)"),
        (PATH_STYLE, GO, "o.UsePathStyle = false"),
        (PATH_STYLE, JS, "forcePathStyle: false"),
        (PATH_STYLE, RCLONE, "force_path_style = false"),
        (PATH_STYLE, S3FS, "use_path_request_style"),
        (PATH_STYLE, TERRAFORM, "use_path_style = false"),
        (PATH_STYLE, RESTIC, "s3.bucket-lookup=dns"),
        (LIST, BOTO3, "get_paginator('list_objects')"),
        (LIST, RCLONE, "list_version = 1"),
        (LIST, RESTIC, "s3.list-objects-v1=true"),
        (REGION, BOTO3, "region_name='ap-guangzhou'"),
        (REGION, S3FS, "-o endpoint='ap-guangzhou'"),
        (REGION, TERRAFORM, "skip_region_validation = true"),
    ] {
        let fixes = fixes(refusal, Some(agent));
        let settings = fixes.iter().filter(|fix| text(fix).contains(setting)).count();
        assert_eq!(settings, 1, "{agent}: {setting} in {fixes:#?}");
        let others = ["boto3", "Velero", "rclone", "Terraform", "JavaScript"];
        let named = others.iter().filter(|name| fixes.iter().any(|fix| fix.says.contains(*name))).count();
        assert!(named <= 1, "{agent} is told of others: {fixes:#?}");
    }
}

#[test]
fn a_client_that_does_not_show_is_told_of_all_in_short() {
    for refusal in [CHUNKED, MD5, PATH_STYLE, LIST, REGION] {
        for agent in [None, Some("Go-http-client/1.1"), Some("cos-python-sdk-v5.1.9.44")] {
            let fixes = fixes(refusal, agent);
            assert!((1..=6).contains(&fixes.len()), "{}: {fixes:#?}", refusal.1);
            for name in ["boto3", "rclone"].iter().filter(|_| refusal != REGION) {
                assert!(fixes.iter().any(|fix| fix.says.contains(*name)), "{name} in {fixes:#?}");
            }
        }
    }
}
