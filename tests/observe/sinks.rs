//! Ends of the log that a test can look into, hold up, or break.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::time::Duration;

use coswhy::config::settings::Language;
use coswhy::diagnosis::{Engine, Exchange, Fields, RequestEvidence, ResponseEvidence};
use coswhy::observe::log::Format;
use coswhy::observe::{Observer, Outcome, Record, Sink};
use http::HeaderMap;
use ulid::Ulid;

const HOST: &str = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";

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
    Observer::to_sink(Sink::Writer(Box::new(sink)), format, 100, Language::En).unwrap()
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
        host: HOST.into(),
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

/// A request whose signature had run out: its secrets are `secret` and the id `secret_id`.
pub(crate) fn expired(secret: &str, secret_id: &str) -> Exchange {
    let authorization = format!(
        "q-sign-algorithm=sha1&q-ak={secret_id}&q-sign-time=1554777560;1554779330\
         &q-key-time=1554777560;1554779330&q-header-list=host&q-url-param-list=&q-signature={secret}"
    );
    let body = format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\
         \t<Message>Request has expired</Message>\n\t<Resource>/photos/a.jpg?sign={secret}</Resource>\n\
         \t<FormatString>get\n/photos/a.jpg\nx-cos-security-token={secret}\nhost=h\n</FormatString>\n\
         \t<RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId>\n</Error>\n"
    );
    let mut headers = Fields::all(HeaderMap::new());
    headers.push("host", HOST);
    headers.push("authorization", &authorization);
    headers.push("x-cos-security-token", secret);
    headers.push("cookie", &format!("session={secret}"));
    headers.push("x-cos-server-side-encryption-customer-key", secret);
    let mut answered = Fields::all(HeaderMap::new());
    answered.push("server", "tencent-cos");
    answered.push("content-type", "application/xml");
    Exchange {
        request: RequestEvidence {
            method: Some("GET".into()),
            scheme: Some("https".into()),
            host: Some(HOST.into()),
            target: Some(format!("/photos/a.jpg?x-cos-security-token={secret}")),
            headers,
            form: None,
        },
        response: ResponseEvidence { status: Some(403), headers: answered, body: Some(body.into()) },
        ..Exchange::default()
    }
}

/// The record of a request whose signature had run out.
pub(crate) fn refusal(id: Ulid) -> Record {
    refusal_of(id, &expired("0123456789abcdef0123456789abcdef01234567", "AKIDabcdefghijklmnopqrstuvwxyz"))
}

pub(crate) fn refusal_of(id: Ulid, exchange: &Exchange) -> Record {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| Engine::builtin().unwrap());
    Record {
        request_id: id,
        path: exchange.request.target.clone().unwrap(),
        status: Some(403),
        outcome: Outcome::Diagnosed,
        diagnosis: Some(Arc::new(engine.diagnose(exchange, id))),
        ..success()
    }
}
