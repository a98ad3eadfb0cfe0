//! coswhy's log, a line a request.

use std::time::Duration;

use serde_json::Value;

use super::proxy::Proxy;
use super::within;

impl Proxy {
    /// The log as it is now.
    pub(crate) fn log_text(&self) -> String {
        self.directory.read("log")
    }

    /// The requests' lines so far.
    pub(crate) fn log_now(&self) -> Vec<Value> {
        let text = self.log_text();
        let whole = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
        whole
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .filter(|line| line.get("outcome").is_some())
            .collect()
    }

    /// The requests' lines once there are `count`, and no more than that a little later.
    pub(crate) fn log(&self, count: usize) -> Vec<Value> {
        within(Duration::from_secs(5), || self.log_now().len() >= count);
        std::thread::sleep(Duration::from_millis(100));
        let lines = self.log_now();
        assert_eq!(lines.len(), count, "lines in the log: {lines:#?}");
        lines
    }

    /// The one line that there is.
    pub(crate) fn log_line(&self) -> Value {
        self.log(1).remove(0)
    }
}
