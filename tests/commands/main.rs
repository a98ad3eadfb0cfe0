//! The commands as a user runs them: the real binary, its output and its exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod ca;
mod documents;
mod healthcheck;
mod large;
mod tail;

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn coswhy(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_coswhy"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_demo_finds_every_cause_that_it_shows() {
    let output = coswhy(&["demo", "--once"], "");
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}");
    for cause in [
        "anonymous-access-denied",
        "permission-denied",
        "temporary-key-policy",
        "cors-not-allowed",
        "referer-denied",
        "secret-id-unknown",
        "object-archived",
        "clock-skew",
        "signature-expired",
        "signature-mismatch",
        "path-style-forbidden",
        "account-in-arrears",
        "key-not-found",
        "bucket-not-found",
        "not-from-cos",
        "post-policy-expired",
    ] {
        assert!(said.contains(&format!("X-Cos-Diagnosis: {cause};confidence=")), "{cause}");
    }
    for secret in ["demoOwnerSecretKey", "demoSecurityToken", "q-signature="] {
        assert!(!said.contains(secret), "{secret}");
    }
}

#[test]
fn explain_reads_a_pasted_body() {
    let body = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    let output = coswhy(&["explain"], body);
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("signature-expired"));
    let json = coswhy(&["explain", "--format", "json", "-"], body);
    let explanation: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(explanation["diagnosis"]["cause"], "signature-expired");
}

#[test]
fn explain_says_what_it_takes() {
    let output = coswhy(&["explain"], "the weather is fine today");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("HAR"), "{}", text(&output.stderr));
}

#[test]
fn rules_are_listed_and_shown() {
    let list = coswhy(&["rules", "list"], "");
    assert!(list.status.success() && text(&list.stdout).contains("clock-skew"));
    let shown = coswhy(&["rules", "show", "clock-skew"], "");
    assert!(shown.status.success() && text(&shown.stdout).contains("RequestTimeTooSkewed"));
    assert_eq!(coswhy(&["rules", "check", "/no/such/file.toml"], "").status.code(), Some(2));
    assert!(coswhy(&["rules", "check", "config/rules"], "").status.success());
}

#[test]
fn what_is_too_large_for_a_rule_file_is_not_read() {
    let file = format!("{}/large-rules.toml", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, "#".repeat(1024 * 1024 + 1)).unwrap();
    let output = coswhy(&["rules", "check", &file], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("larger than 1 MiB"), "{}", text(&output.stderr));
}

#[test]
fn bad_usage_and_bad_settings_are_exit_code_2() {
    assert_eq!(coswhy(&["serve", "--no-such-flag"], "").status.code(), Some(2));
    assert_eq!(coswhy(&["serve", "--listen", "0.0.0.0:0"], "").status.code(), Some(2));
    let file = format!("{}/bad-rules.toml", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, "[diagnosis]\nrules = [\"/no/such/rules\"]\n").unwrap();
    let output = coswhy(&["serve", "--config", &file], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("/no/such/rules"), "{}", text(&output.stderr));
}

#[test]
fn what_another_store_says_is_never_certain() {
    let body = "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";
    let curl = |server: &str| {
        format!(
            "> GET /a HTTP/1.1\r\n> Host: b-1250000000.cos.ap-guangzhou.myqcloud.com\r\n> Accept: */*\r\n> \r\n\
             < HTTP/1.1 403 Forbidden\r\n< {server}Date: Mon, 20 May 2019 07:02:11 GMT\r\n< \r\n{body}\n"
        )
    };
    for (server, cause) in [("Server: MinIO\r\n< ", Some("not-from-cos")), ("", None)] {
        let output = coswhy(&["explain", "--format", "json"], &curl(server));
        let explanation: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let diagnosis = &explanation["diagnosis"];
        if let Some(cause) = cause {
            assert_eq!(diagnosis["cause"], cause);
        }
        assert!(diagnosis["cause"] == "not-from-cos" || diagnosis["confidence"] != "certain", "{diagnosis}");
    }
}
