//! What others put around a line of the log on its way here.
//!
//! In front of it: `journalctl -o short` (date, host, process), `kubectl logs --prefix --timestamps`
//! (`[pod/NAME/CONTAINER] TIME`), `docker compose logs` (`NAME  | `), containerd's files (`TIME stdout F`). Around it:
//! `journalctl -o json` (MESSAGE) and docker's json-file (log).

use serde::Deserialize;

use super::entry::Entry;

#[derive(Deserialize)]
struct Wrapped {
    #[serde(rename = "MESSAGE", alias = "log")]
    message: Message,
}

/// journald writes bytes as numbers where they are not plain text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Message {
    Text(String),
    Bytes(Vec<u8>),
}

/// The log's line inside `line`, and which of several programs said it, where that is told in front of it.
pub(super) fn open(line: &str) -> Option<(Option<&str>, Entry)> {
    let (before, json) = line.split_at_checked(line.find('{')?)?;
    let json = json.trim_end();
    let entry = Entry::read(json).or_else(|| {
        let wrapped: Wrapped = serde_json::from_str(json).ok()?;
        let inner = match wrapped.message {
            Message::Text(text) => text,
            Message::Bytes(bytes) => String::from_utf8(bytes).ok()?,
        };
        Entry::read(inner.trim())
    })?;
    Some((origin(before), entry))
}

/// `[pod/NAME/CONTAINER]` of kubectl, `NAME` before the bar of docker compose.
fn origin(before: &str) -> Option<&str> {
    let compose = before.split_once('|').map(|(name, _)| name.trim()).filter(|name| !name.is_empty());
    let kubectl =
        before.split_whitespace().next().filter(|word| word.starts_with('[') && word.ends_with(']'));
    kubectl.or(compose)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"timestamp":"2026-11-24T02:17:48.123Z","level":"INFO","message":"request forwarded","request_id":"01JDDZBZAV0000000000000000","method":"GET","host":"h","path":"/{a}","status":200,"outcome":"forwarded","duration_ms":1.5,"bytes_in":0,"bytes_out":1}"#;

    fn origin_of(line: &str) -> Option<String> {
        let (origin, entry) = open(line).unwrap_or_else(|| panic!("{line}"));
        assert_eq!((entry.path.as_str(), entry.status), ("/{a}", Some(200)), "{line}");
        origin.map(str::to_owned)
    }

    #[test]
    fn the_line_is_found_in_what_carries_it() {
        for before in [
            "",
            "Nov 24 02:17:48 host coswhy[123]: ",
            "2026-11-24T02:17:48.123456789Z ",
            "2026-11-24T02:17:48.123456789Z stdout F ",
        ] {
            assert_eq!(origin_of(&format!("{before}{LINE}\r")), None, "{before}");
        }
        let kubectl = format!("[pod/coswhy-7d9f/coswhy] 2026-11-24T02:17:48.123456789Z {LINE}");
        assert_eq!(origin_of(&kubectl).as_deref(), Some("[pod/coswhy-7d9f/coswhy]"));
        assert_eq!(origin_of(&format!("coswhy-1  | {LINE}")).as_deref(), Some("coswhy-1"));
    }

    #[test]
    fn the_line_is_found_inside_of_json() {
        let journal = serde_json::json!({"__REALTIME_TIMESTAMP": "1", "MESSAGE": LINE});
        let bytes = serde_json::json!({"MESSAGE": LINE.as_bytes(), "_PID": "1"});
        let docker = serde_json::json!({"log": format!("{LINE}\n"), "stream": "stdout", "time": "x"});
        for wrapped in [journal, bytes, docker] {
            assert_eq!(origin_of(&wrapped.to_string()), None);
        }
    }

    #[test]
    fn what_is_none_of_the_log_is_left_alone() {
        for line in ["", "{", "hello {}", r#"{"MESSAGE":null}"#, r#"{"level":"info","msg":"x"}"#] {
            assert!(open(line).is_none(), "{line}");
        }
    }
}
