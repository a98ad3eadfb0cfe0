//! `client.*`: which program asked, and what it said.

use std::sync::OnceLock;

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::diagnosis::exchange::Exchange;

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub text: Option<String>,
    name: OnceLock<Option<&'static str>>,
}

impl Facts {
    pub(super) fn of(exchange: &Exchange) -> Self {
        Self { text: exchange.client_text.clone(), name: OnceLock::new() }
    }
}

/// What clients say of themselves in User-Agent. Programs stand before the libraries that they name beside themselves.
const AGENTS: &[(&str, &str)] = &[
    ("terraform/", "terraform"),
    ("opentofu/", "terraform"),
    ("velero", "velero"),
    ("rclone/", "rclone"),
    ("s3fs/", "s3fs"),
    ("aws-cli/", "aws-cli"),
    ("boto3/", "boto3"),
    ("botocore/", "boto3"),
    ("aws-sdk-java/", "aws-sdk-java"),
    ("aws-sdk-go-v2/", "aws-sdk-go"),
    ("aws-sdk-go/", "aws-sdk-go"),
    ("aws-sdk-js/", "aws-sdk-js"),
    ("aws-sdk-nodejs/", "aws-sdk-js"),
    ("aws-sdk-php/", "aws-sdk-php"),
    ("minio-go/", "minio-go"),
    ("cos-python-sdk", "cos-sdk"),
    ("cos-nodejs-sdk", "cos-sdk"),
    ("cos-go-sdk", "cos-sdk"),
    ("cos-java-sdk", "cos-sdk"),
    ("cos-php-sdk", "cos-sdk"),
    ("mozilla/", "browser"),
    ("curl/", "curl"),
];

/// How the errors of the same clients read, where the request is not known.
const ERRORS: &[(&str, &str)] = &[
    ("botocore.", "boto3"),
    ("boto3.", "boto3"),
    ("software.amazon.awssdk", "aws-sdk-java"),
    ("com.amazonaws.", "aws-sdk-java"),
    ("(service: s3,", "aws-sdk-java"),
    ("backend.s3", "terraform"),
    ("operation error s3:", "aws-sdk-go"),
    ("s3serviceexception", "aws-sdk-js"),
    ("@aws-sdk/", "aws-sdk-js"),
    ("rclone", "rclone"),
    ("s3fs", "s3fs"),
    ("when calling the", "aws-cli"),
];

/// Looked up when a rule first asks: the fixes of a few rules do.
fn name(all: &All) -> Option<&'static str> {
    *all.client.name.get_or_init(|| {
        // scripts in browsers can't set User-Agent, so AWS's SDK repeats it there
        let agents = ["x-amz-user-agent", "user-agent"];
        let agent = agents.iter().find_map(|agent| of(all.request.header(agent)?, AGENTS));
        agent.or_else(|| of(all.client.text.as_deref()?, ERRORS))
    })
}

fn of(text: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    names.iter().find(|(part, _)| text.contains(part)).map(|(_, name)| *name)
}

pub(super) const FACTS: &[Fact] = &[
    Fact::new(
        "client.name",
        Get::Text(name),
        Kind::Word,
        Source::Client,
        "the client: boto3, aws-cli, aws-sdk-java, aws-sdk-go, aws-sdk-js, aws-sdk-php, minio-go, rclone, s3fs, \
         terraform, velero, cos-sdk, curl or browser, by its User-Agent or by how its errors read",
        "客户端",
    ),
    Fact::new(
        "client.text",
        Get::Text(|f| f.client.text.as_deref()),
        Kind::Free,
        Source::Client,
        "what the client's program said: an exception, a line of the browser's console",
        "客户端程序的报错文本",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_from_the_library_in_it() {
        for (agent, name) in [
            ("Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18", "boto3"),
            ("aws-cli/1.45.11 md/Botocore#1.43.11 ua/2.1 os/linux#6.18", "aws-cli"),
            ("aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24 md/GOOS#linux api/s3#1.79.2", "aws-sdk-go"),
            (
                "APN/1.0 HashiCorp/1.0 Terraform/1.11.0 (+https://www.terraform.io) aws-sdk-go-v2/1.36.3",
                "terraform",
            ),
            ("rclone/v1.69.1", "rclone"),
            ("MinIO (linux; amd64) minio-go/v7.0.46", "minio-go"),
            ("s3fs/1.93 (commit hash unknown; OpenSSL)", "s3fs"),
        ] {
            assert_eq!(of(agent, AGENTS), Some(name), "{agent}");
        }
        assert_eq!(of("Go-http-client/1.1", AGENTS), None);
    }
}
