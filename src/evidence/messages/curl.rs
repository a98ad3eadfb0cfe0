//! curl's own ways: the arrows and stars of `-v`, the progress meter between them, and the command line.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::diagnosis::Seen;
use crate::evidence::finding::Finding;
use crate::evidence::pattern::pattern;
use crate::evidence::source::Kind;
use crate::evidence::token::{Name, Says};
use crate::evidence::url::Address;

/// Whose line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evidence) enum Flow {
    /// `> `, sent.
    Out,
    /// `< `, received.
    In,
    /// `* `, what curl tells about the connection.
    Info,
    /// Without a mark.
    Raw,
}

/// A line without its mark.
#[derive(Debug, Clone, Copy)]
pub(in crate::evidence) struct Line<'a> {
    pub(in crate::evidence) start: usize,
    pub(in crate::evidence) flow: Flow,
    /// Marked by OkHttp's long arrows.
    pub(in crate::evidence) okhttp: bool,
    pub(in crate::evidence) text: &'a str,
}

/// What stands before a message's first line: `--trace-time`'s clock, the tag of Android's log before OkHttp's lines,
/// rclone's `--dump`, MinIO's `mc --debug`.
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\d\d:\d\d:\d\d\.\d{3,6} |.{0,120}\b(?:okhttp|OkHttp)[\w.$]*[^:]{0,20}: |\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? DEBUG : |mc: <DEBUG> )",
    )
});

/// Apache's HttpClient, on which the Java SDKs are built, logs what it sends and receives after these.
static APACHE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^.{0,200}?\bhttp-outgoing-\d+ (?:(?P<out>>>)|<<) (?P<wire>\x22)?"));

static NOISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[{}] \[\d+ bytes data\]|\s*% Total    % Received|\s*Dload  Upload|\s*\d+ +[\d.]+[kMG]? +\d+ +[\d.]+[kMG]? .*--:--|END (?:HTTP|GET|PUT|POST|HEAD|DELETE|OPTIONS).*|[*] .*)",
    )
});

/// curl's next words, which follow a body that ends without a line break.
static TAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\* (?:Connection #\d+ to host|Closing connection|TLSv1|shutting down).*$"));

/// A command as typed, with continued lines.
static COMMAND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^[^\n'\x22]{0,80}?\bcurl(?:\.exe)?[ \t]+((?:[^\n\\]|\\[^\n]|\\\r?\n)*)"));

/// The lines of `text` with their marks taken off.
pub(in crate::evidence) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        // The progress meter draws over itself.
        let shown = line.rsplit('\r').next().unwrap_or(line);
        lines.push(mark(start + (line.len() - shown.len()), shown));
        start += whole.len();
    }
    lines
}

fn mark(start: usize, line: &str) -> Line<'_> {
    if line.contains("http-outgoing-")
        && let Some(found) = APACHE.captures(line)
    {
        let text = found.get(0).and_then(|marks| line.get(marks.end()..)).unwrap_or("");
        // In quotes is the same once more, byte by byte.
        let flow = match (found.name("wire"), found.name("out")) {
            (Some(_), _) => Flow::Info,
            (None, Some(_)) => Flow::Out,
            (None, None) => Flow::In,
        };
        return Line { start, flow, okhttp: false, text };
    }
    let cut = PREFIX.find(line).map_or(0, |found| found.end());
    let plain = line.get(cut..).unwrap_or(line);
    for (arrow, flow, okhttp) in [
        ("--> ", Flow::Raw, true),
        ("<-- ", Flow::Raw, true),
        ("> ", Flow::Out, false),
        ("< ", Flow::In, false),
        ("* ", Flow::Info, false),
    ] {
        if let Some(text) = plain.strip_prefix(arrow) {
            return Line { start, flow, okhttp, text };
        }
    }
    match plain {
        ">" => Line { start, flow: Flow::Out, okhttp: false, text: "" },
        "<" => Line { start, flow: Flow::In, okhttp: false, text: "" },
        _ => Line { start, flow: Flow::Raw, okhttp: false, text: plain },
    }
}

/// Whether a line without a mark is curl's and no part of a body.
pub(in crate::evidence) fn is_noise(line: &str) -> bool {
    NOISE.is_match(line)
}

/// A body's last line without what curl wrote behind it.
pub(in crate::evidence) fn without_tail(line: &str) -> &str {
    TAIL.find(line).and_then(|found| line.get(..found.start())).unwrap_or(line)
}

/// The scheme, from what curl tells about the connection.
pub(in crate::evidence) fn scheme(lines: &[Line<'_>]) -> Option<&'static str> {
    let mut info = lines.iter().filter(|line| line.flow == Flow::Info).map(|line| line.text).peekable();
    info.peek()?;
    if info.any(|text| ["SSL", "TLS", "ALPN", "port 443"].iter().any(|word| text.contains(word))) {
        Some("https")
    } else {
        Some("http")
    }
}

/// The requests that curl was told to make.
pub(in crate::evidence) fn commands(text: &str) -> Vec<(Range<usize>, Finding)> {
    COMMAND
        .captures_iter(text)
        .filter_map(|found| {
            let whole = found.get(0)?;
            let finding = command(whole.start(), found.get(1)?.as_str())?;
            Some((whole.range(), finding))
        })
        .collect()
}

fn command(at: usize, arguments: &str) -> Option<Finding> {
    let mut finding = Finding::new(at, Kind::Http);
    finding.opening = true;
    let mut method = None;
    let mut address = None;
    let mut words = words(arguments).into_iter();
    let mut headers = vec![("accept".to_owned(), "*/*".to_owned())];
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" | "--request" => method = words.next(),
            "-I" | "--head" => method = method.or_else(|| Some("HEAD".to_owned())),
            "-T" | "--upload-file" => {
                words.next();
                method = method.or_else(|| Some("PUT".to_owned()));
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-urlencode" | "-F" | "--form"
            | "--json" => {
                words.next();
                method = method.or_else(|| Some("POST".to_owned()));
            }
            "-H" | "--header" => {
                let header = words.next().unwrap_or_default();
                if let Some((name, value)) = header.split_once(':') {
                    headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
            "-e" | "--referer" => headers.push(("referer".to_owned(), words.next().unwrap_or_default())),
            "-A" | "--user-agent" => {
                headers.push(("user-agent".to_owned(), words.next().unwrap_or_default()));
            }
            "--url" => address = words.next().as_deref().and_then(Address::parse),
            "-o" | "--output" | "-x" | "--proxy" | "-u" | "--user" | "-m" | "--max-time" | "--connect-to"
            | "--resolve" | "--connect-timeout" | "-w" | "--write-out" | "-b" | "--cookie" | "--cacert"
            | "-r" | "--range" | "--retry" => {
                words.next();
            }
            _ if word.starts_with('-') => method = method.or_else(|| short_head(&word)),
            _ if address.is_none() && word.contains('.') => address = Address::parse(&word),
            _ => {}
        }
    }
    finding.put_address(address?);
    finding.put(Says::Text(Name::Method, method.unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase()));
    for (name, value) in headers {
        finding.put(Says::RequestHeader(name, value));
    }
    finding.request.seen = Seen::All;
    Some(finding)
}

/// `-sI`, `-Iv`: options run together.
fn short_head(word: &str) -> Option<String> {
    (!word.starts_with("--") && word.contains('I')).then(|| "HEAD".to_owned())
}

/// The words of a POSIX shell's command, as far as quotes go.
fn words(arguments: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = None;
    let mut any = false;
    let mut chars = arguments.chars();
    while let Some(c) = chars.next() {
        match (open, c) {
            (Some(quote), c) if c == quote => open = None,
            (Some('\''), c) => word.push(c),
            (_, '\\') => match chars.next() {
                Some('\n' | '\r') | None => {}
                Some(c) => word.push(c),
            },
            (Some(_), c) => word.push(c),
            (None, '\'' | '"') => {
                open = Some(c);
                any = true;
            }
            (None, '|' | ';' | '>' | '<') => break,
            (None, c) if c.is_whitespace() => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            (None, c) => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}
