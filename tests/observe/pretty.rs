//! The lines for a terminal.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use coswhy::config::settings::Language;
use coswhy::diagnosis::report::explanation::{Evidence, Fix, Shown};
use coswhy::observe::log::Format;
use coswhy::observe::{Outcome, Record};
use ulid::Ulid;

use super::sinks::{Memory, observer, refusal, success};

const ID: Ulid = Ulid::from_parts(1_732_414_668_123, 0);

/// The lines without their time of day.
fn lines(records: Vec<Record>, colour: bool) -> String {
    let memory = Memory::default();
    let observer = observer(memory.clone(), Format::Pretty { colour });
    records.into_iter().for_each(|record| observer.record(record));
    assert!(observer.flush());
    let time = regex::Regex::new(r"\d\d:\d\d:\d\d\.\d\d\d").unwrap();
    time.replace_all(&memory.text(), "hh:mm:ss.mmm").into_owned()
}

/// A refusal explained in words of this test's own: those of the rules change.
fn explained() -> Record {
    let record = refusal(ID);
    let mut explanation = record.diagnosis.as_ref().unwrap().explanation(Language::En);
    let verdict = &mut explanation.diagnosis;
    verdict.summary = "It was valid until noon.".into();
    verdict.evidence = vec![Evidence {
        fact: "auth.expired_for".into(),
        value: Shown::Int(1830),
        source: "request",
        says: "It ran out 30 min 30 s before.\u{1b}[2J".into(),
    }];
    verdict.fixes = vec![
        Fix { says: "Sign again.".into(), command: Some("sign 'a b'".into()), document: None },
        Fix { says: "Sign for longer.".into(), command: None, document: None },
    ];
    Record { explanation: Some(Arc::new(explanation)), ..record }
}

fn some() -> Vec<Record> {
    vec![
        success(),
        Record { method: "PUT".into(), bytes_in: 5, duration: Duration::from_secs(2), ..success() },
        explained(),
        Record {
            status: Some(502),
            error: Some("connection refused".into()),
            ..Record { outcome: Outcome::UpstreamUnreachable, ..success() }
        },
        Record { status: None, outcome: Outcome::ClientAborted, ..success() },
        Record { status: Some(400), ..Record::new(Outcome::BadRequest) },
    ]
}

#[test]
fn lines_are_aligned_and_a_diagnosis_stands_beneath_its_request() {
    insta::assert_snapshot!("plain", lines(some(), false));
}

#[test]
fn colours_are_only_for_who_wants_them() {
    let coloured = lines(some(), true);
    insta::assert_snapshot!("coloured", coloured.replace('\u{1b}', "␛"));
    let escapes = regex::Regex::new("\u{1b}\\[[0-9]*m").unwrap();
    assert_eq!(escapes.replace_all(&coloured, ""), lines(some(), false));
}

/// What `coswhy tail` makes of the JSON lines is what the pretty log would have been; fixes are not in the log.
#[test]
fn tail_shows_the_json_log_as_the_pretty_one() {
    let memory = Memory::default();
    let observer = observer(memory.clone(), Format::Json);
    some().into_iter().for_each(|record| observer.record(record));
    assert!(observer.flush());
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_coswhy"))
        .arg("tail")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(memory.text().as_bytes()).unwrap();
    let shown = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let time = regex::Regex::new(r"\d\d:\d\d:\d\d\.\d\d\d").unwrap();
    let shown = time.replace_all(&shown, "hh:mm:ss.mmm").into_owned();
    let fixes = ["                   > Sign again.\n", "                     sign 'a b'\n"];
    let pretty = fixes.iter().fold(lines(some(), false), |text, fix| text.replace(fix, ""));
    assert!(shown.starts_with(&pretty), "{shown}\nis not\n{pretty}");
}
