//! Ends of the log that a test can look into, hold up, or break.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use coswhy::diagnosis::Diagnosis;
use coswhy::diagnosis::{Engine, Exchange};
use coswhy::observe::log::Format;
use coswhy::observe::{Observer, Outcome, Record, Sink};
use ulid::Ulid;

/// What was written so far.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    pub(crate) fn lines(&self) -> Vec<serde_json::Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes nothing until it is opened, then everything.
#[derive(Clone, Default)]
pub(crate) struct Gate {
    open: Arc<(Mutex<bool>, Condvar)>,
    pub(crate) memory: Memory,
}

impl Gate {
    pub(crate) fn open(&self) {
        *self.open.0.lock().unwrap() = true;
        self.open.1.notify_all();
    }
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let open = self.open.0.lock().unwrap();
        drop(self.open.1.wait_while(open, |open| !*open).unwrap());
        self.memory.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An observer whose log goes to `sink`.
pub(crate) fn observer(sink: impl Write + Send + 'static, format: Format) -> Observer {
    Observer::to_sink(Sink::Writer(Box::new(sink)), format, 100).unwrap()
}

/// The one line that a record becomes.
pub(crate) fn line_of(record: Record) -> serde_json::Value {
    let memory = Memory::default();
    let observer = observer(memory.clone(), Format::Json);
    observer.record(record);
    assert!(observer.flush());
    let lines = memory.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].clone()
}

pub(crate) fn success() -> Record {
    Record {
        request_id: Ulid::from_string("01JDK0000000000000000000AB").unwrap(),
        trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".into()),
        client: Some(SocketAddr::from(([192, 0, 2, 17], 51_234))),
        method: "GET".into(),
        host: "examplebucket-1250000000.cos.ap-beijing.myqcloud.com".into(),
        path: "/photos/a.jpg?imageMogr2/thumbnail/200x".into(),
        bucket: Some("examplebucket-1250000000".into()),
        region: Some("ap-beijing".into()),
        key: Some("photos/a.jpg".into()),
        status: Some(200),
        duration: Duration::from_micros(12_345),
        upstream: Some(Duration::from_micros(11_999)),
        bytes_in: 0,
        bytes_out: 1024,
        cos_request_id: Some("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=".into()),
        ..Record::new(Outcome::Forwarded)
    }
}

/// A refusal with whatever diagnosis the engine makes of the least evidence.
pub(crate) fn refusal(id: Ulid) -> Record {
    let exchange = Exchange::default();
    refusal_with(id, Arc::new(engine().diagnose(&exchange, id)))
}

pub(crate) fn refusal_with(id: Ulid, diagnosis: Arc<Diagnosis>) -> Record {
    Record {
        request_id: id,
        status: Some(403),
        outcome: Outcome::Diagnosed,
        diagnosis: Some(diagnosis),
        ..success()
    }
}

pub(crate) fn engine() -> Engine {
    Engine::default()
}
