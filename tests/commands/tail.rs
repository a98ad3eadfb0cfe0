//! `coswhy tail`: the log shown readable, from files that live and from pipes.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::{coswhy, text};

fn forwarded(path: &str) -> String {
    format!(
        r#"{{"timestamp":"2026-11-24T02:17:40.000Z","level":"INFO","message":"request forwarded","request_id":"01JDDZBZAV0000000000000000","method":"GET","host":"photos-1250000000.cos.ap-beijing.myqcloud.com","path":"{path}","bucket":"photos-1250000000","status":200,"outcome":"forwarded","duration_ms":12.345,"bytes_in":0,"bytes_out":5}}"#
    )
}

fn refused(at: &str, bucket: &str) -> String {
    format!(
        r#"{{"timestamp":"2026-11-24T{at}.123Z","level":"WARN","message":"request refused: signature-expired","request_id":"01JDDZBZAV0000000000000000","method":"GET","host":"{bucket}.cos.ap-beijing.myqcloud.com","path":"/a.jpg","bucket":"{bucket}","status":403,"outcome":"diagnosed","duration_ms":31.2,"bytes_in":0,"bytes_out":1630,"cause":"signature-expired","confidence":"certain","summary":"It ran out.","cos_code":"AccessDenied","cos_message":"Request has expired","evidence":[{{"fact":"auth.expired_for","value":1830,"source":"request","says":"30 minutes before.\u001b[2J"}}],"fingerprint":"9f86d081884c7d65","count":17}}"#
    )
}

const SILENT: &str = r#"{"timestamp":"2026-11-24T02:18:00.000Z","level":"ERROR","message":"upstream silent","request_id":"01JDDZBZAV0000000000000000","method":"GET","host":"h","path":"/s","status":504,"outcome":"upstream-timeout","duration_ms":5000.0,"bytes_in":0,"bytes_out":0,"error":"no answer within 5s"}"#;
const EVENT: &str = r#"{"timestamp":"2026-11-24T02:17:00.000Z","level":"INFO","message":"coswhy is ready","target":"coswhy::cli::serve","fields":{"listen":"127.0.0.1:8080"}}"#;

fn some() -> String {
    let lines = [
        EVENT.to_owned(),
        forwarded("/ok.jpg"),
        refused("02:17:48", "photos-1250000000"),
        refused("02:19:48", "photos-1250000000"),
        refused("02:17:50", "films-1250000000"),
        SILENT.to_owned(),
        "Segmentation fault \u{1b}[31m".to_owned(),
    ];
    lines.join("\n") + "\n"
}

fn tail(arguments: &[&str], input: &str) -> String {
    let output = coswhy(&[&["tail"], arguments].concat(), input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn lines_become_readable_and_what_failed_is_grouped_at_the_end() {
    let shown = tail(&[], &some());
    for line in [
        "02:17:00.000 INFO  coswhy is ready  listen=127.0.0.1:8080\n",
        "02:17:40.000 INFO  200 GET     photos-1250000000.cos.ap-beijing.myqcloud.com/ok.jpg  12.3 ms\n",
        "                   signature-expired (certain)\n                   It ran out.\n                   - 30 minutes before.\\u001b[2J\n",
        "02:18:00.000 ERROR 504 GET     h/s  5.00 s  upstream silent\n                   no answer within 5s\n",
        "Segmentation fault \\u001b[31m\n",
        "\n4 of 5 requests failed; 1 line was none of coswhy's log\n",
        "      2  signature-expired  photos-1250000000  2026-11-24T02:17:48.123Z 2026-11-24T02:19:48.123Z\n         It ran out.\n",
        "      1  upstream-timeout   -                  2026-11-24T02:18:00.000Z 2026-11-24T02:18:00.000Z\n         no answer within 5s\n",
    ] {
        assert!(shown.contains(line), "{line:?} is not in\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "nothing steers the terminal");
}

#[test]
fn the_summary_alone_has_no_lines() {
    let shown = tail(&["--summary"], &some());
    assert!(shown.starts_with("\n4 of 5 requests failed"), "{shown}");
    assert!(!shown.contains("ok.jpg"));
    let none = tail(&["--summary"], &forwarded("/ok.jpg"));
    assert_eq!(none, "\n0 of 1 request failed\n");
}

#[test]
fn filters_choose_lines_and_what_is_counted() {
    let requests = |arguments: &[&str]| {
        let shown = tail(arguments, &some());
        assert!(!shown.contains("Segmentation"), "{shown}");
        shown.lines().filter(|line| line.contains(" GET ")).count()
    };
    assert_eq!(requests(&["--cause", "signature-expired"]), 3);
    assert_eq!(requests(&["--cause", "clock-skew,signature-expired", "--bucket", "films-1250000000"]), 1);
    assert_eq!(requests(&["--bucket", "*-1250000000"]), 4);
    assert_eq!(requests(&["--status", "5xx"]), 1);
    assert_eq!(requests(&["--status", "504,403"]), 4);
    assert_eq!(requests(&["--diagnosed"]), 3);
    assert_eq!(requests(&["--since", "2026-11-24T02:17:50Z"]), 3);
    assert_eq!(requests(&["--since", "15m"]), 0);
}

#[test]
fn bad_usage_is_exit_code_2() {
    for wrong in [&["--status", "9xx"][..], &["--since", "yesterday"], &["--lines", "x"], &["a", "b"]] {
        assert_eq!(coswhy(&[&["tail"], wrong].concat(), "").status.code(), Some(2), "{wrong:?}");
    }
    let gone = coswhy(&["tail", "--summary", "/no/such/log"], "");
    assert_eq!(gone.status.code(), Some(1));
    assert!(text(&gone.stderr).contains("/no/such/log"), "{}", text(&gone.stderr));
}

#[test]
fn another_language_explains_anew() {
    let shown = tail(&["--lang", "zh"], &some());
    assert!(shown.contains("5 个请求中有 4 个失败；1 行不是 coswhy 日志"), "{shown}");
    assert!(shown.contains("signature-expired") && !shown.contains("It ran out."), "{shown}");
}

#[test]
fn pipes_of_others_are_read() {
    let journal = serde_json::json!({"__CURSOR": "s=1", "MESSAGE": refused("02:17:48", "photos-1250000000")});
    let input = [
        format!("Nov 24 02:17:48 host coswhy[7]: {}", refused("02:17:48", "photos-1250000000")),
        journal.to_string(),
        format!("[pod/coswhy-7d/coswhy] 2026-11-24T02:17:48.1Z {}", refused("02:17:48", "photos-1250000000")),
        format!("coswhy-1  | {}", refused("02:17:48", "photos-1250000000")),
    ]
    .join("\n");
    let shown = tail(&[], &input);
    assert!(shown.contains("4 of 4 requests failed\n"), "{shown}");
    assert!(shown.contains("31.2 ms  [pod/coswhy-7d/coswhy]\n"), "{shown}");
    assert!(shown.contains("31.2 ms  coswhy-1\n"), "{shown}");
}

#[test]
fn who_has_read_enough_may_go() {
    let log = Log::new("enough");
    let mut written = OpenOptions::new().append(true).create(true).open(&log.path).unwrap();
    for _ in 0..20_000 {
        writeln!(written, "{}", forwarded("/ok.jpg")).unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_coswhy"))
        .args(["tail", "--from-start"])
        .arg(&log.path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("/ok.jpg"));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
}

/// A log that lives as long as its test.
struct Log {
    path: PathBuf,
}

impl Log {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("coswhy-tail-{name}-{}", std::process::id()));
        let _ = fs::remove_file(&path);
        Self { path }
    }

    fn append(&self, what: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path).unwrap();
        file.write_all(what.as_bytes()).unwrap();
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The command, following a file.
struct Following {
    child: Child,
    lines: Receiver<String>,
}

fn lines_to(stream: impl Read, sender: &Sender<String>) {
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        let _ = sender.send(line);
    }
}

impl Following {
    fn new(path: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_coswhy"))
            .arg("tail")
            .args(arguments)
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let theirs = sender.clone();
        std::thread::spawn(move || lines_to(out, &sender));
        std::thread::spawn(move || lines_to(err, &theirs));
        Self { child, lines }
    }

    /// Waits for a line with `part`, and that nothing with `never` comes before it.
    fn expect(&self, part: &str) {
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(10)) {
            if line.contains(part) {
                assert!(seen.iter().all(|line: &String| !line.contains(" GET ")), "before {part}: {seen:?}");
                return;
            }
            seen.push(line);
        }
        panic!("{part} did not come: {seen:?}");
    }

    fn interrupt(mut self) -> Vec<String> {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success() && self.child.wait().unwrap().success());
        self.lines.iter().collect()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_file_is_followed_over_rotation_and_truncation() {
    let log = Log::new("rotation");
    let tail = Following::new(&log.path, &[]);
    tail.expect("is not there yet");
    log.append(&(forwarded("/1") + "\n"));
    tail.expect("/1");
    // A line in two pieces is one line.
    let whole = forwarded("/2");
    let (start, end) = whole.split_at(40);
    log.append(start);
    std::thread::sleep(Duration::from_millis(400));
    log.append(&format!("{end}\n"));
    tail.expect("/2");
    // Renamed and made anew; who writes goes on with the old one until it is told.
    let old = Log { path: log.path.with_extension("1") };
    fs::rename(&log.path, &old.path).unwrap();
    fs::write(&log.path, "").unwrap();
    std::thread::sleep(Duration::from_millis(400));
    old.append(&(forwarded("/3") + "\n"));
    tail.expect("/3");
    log.append(&(forwarded("/4") + "\n"));
    tail.expect("/4");
    // Copied and truncated.
    OpenOptions::new().write(true).truncate(true).open(&log.path).unwrap();
    std::thread::sleep(Duration::from_millis(400));
    log.append(&(refused("02:17:48", "photos-1250000000") + "\n"));
    tail.expect(" 403 GET ");
    let rest = tail.interrupt();
    assert!(rest.iter().any(|line| line == "1 of 5 requests failed"), "{rest:?}");
}

#[test]
fn it_begins_where_it_is_told() {
    let log = Log::new("start");
    (1..=20).for_each(|n| log.append(&(forwarded(&format!("/{n}.jpg")) + "\n")));
    for (arguments, first) in [
        (&[][..], "/11.jpg"),
        (&["--lines", "2"], "/19.jpg"),
        (&["--from-start"], "/1.jpg"),
        (&["-n", "0"], "/21.jpg"),
    ] {
        let tail = Following::new(&log.path, arguments);
        if first == "/21.jpg" {
            std::thread::sleep(Duration::from_millis(500));
            log.append(&(forwarded(first) + "\n"));
        }
        tail.expect(first);
    }
}

#[test]
fn what_fails_is_named() {
    let output = coswhy(&["tail", "--summary", "/no/such/log"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("/no/such/log: "), "{}", text(&output.stderr));
    // Linux's file that is always full.
    if let Ok(full) = fs::File::options().write(true).open("/dev/full") {
        let file = format!("{}/tail-to-full", env!("CARGO_TARGET_TMPDIR"));
        fs::write(&file, "not JSON\n").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_coswhy"))
            .args(["tail", "--summary", &file])
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).starts_with("error: standard output: "), "{}", text(&output.stderr));
    }
}
