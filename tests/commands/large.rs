//! A HAR of tens of megabytes passes through `explain` in little memory. Only a process of its own can be measured: a
//! test shares its process with others.

use std::io::Write;
use std::process::{Child, Command, Stdio};

const ENTRIES: usize = 30;
const BODY: usize = 2 * 1024 * 1024;
const MOST_GROWTH: u64 = 16 * 1024 * 1024;

fn entry(number: usize, status: u16, text: &str) -> String {
    format!(
        r#"{{"request":{{"method":"GET","url":"https://b-1250000000.cos.ap-x.myqcloud.com/{number}","headers":[]}},"response":{{"status":{status},"headers":[],"content":{{"size":1,"text":"{text}"}}}}}}"#
    )
}

/// The most memory that it ever had, by Linux's own count; `None` elsewhere.
fn peak_bytes(process: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().unwrap() * 1024)
}

#[test]
fn a_large_har_is_read_without_a_copy_of_its_bodies() {
    let mut explain = Command::new(env!("CARGO_BIN_EXE_coswhy"))
        .args(["explain", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut har = explain.stdin.take().unwrap();
    har.write_all(br#"{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"1"},"entries":["#)
        .unwrap();
    let mut early = None;
    for number in 1..ENTRIES {
        har.write_all((entry(number, 200, &"a".repeat(BODY)) + ",").as_bytes()).unwrap();
        if number == 2 {
            early = peak_bytes(&explain);
        }
    }
    let late = peak_bytes(&explain);
    har.write_all(entry(ENTRIES, 403, "<Error><Code>AccessDenied</Code></Error>").as_bytes()).unwrap();
    har.write_all(b"]}}").unwrap();
    drop(har);

    let output = explain.wait_with_output().unwrap();
    let explanation: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(explanation["request"]["path"], format!("/{ENTRIES}"), "{explanation}");
    if let (Some(early), Some(late)) = (early, late) {
        assert!(late - early < MOST_GROWTH, "{early} bytes grew to {late}");
    }
}
