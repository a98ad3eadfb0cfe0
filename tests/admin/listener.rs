//! An admin listener for a test, and a client that writes requests byte for byte.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering::Release};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use coswhy::admin::{self, InForce, State};
use coswhy::config::settings::{Admin, Language};
use coswhy::diagnosis::{Engine, Exchange, Fields, RequestEvidence, ResponseEvidence};
use coswhy::observe::log::Format;
use coswhy::observe::{AnswerBody, Observer, Outcome, Record, Sink};
use http::{HeaderMap, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use ulid::Ulid;

/// Nothing here takes long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Loading the rules takes a while.
static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::builtin().unwrap()));

pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    pub(crate) observer: Observer,
    ready: Arc<AtomicBool>,
    pub(crate) stop: Option<oneshot::Sender<()>>,
    pub(crate) served: JoinHandle<()>,
}

impl Listener {
    pub(crate) async fn start() -> Self {
        Self::with(Admin::default()).await
    }

    pub(crate) async fn with(settings: Admin) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let sink = Sink::Writer(Box::new(std::io::sink()));
        let observer = Observer::to_sink(sink, Format::Json, settings.ring, Language::En).unwrap();
        let ready = Arc::new(AtomicBool::new(true));
        let state = State {
            observer: observer.clone(),
            in_force: InForce {
                settings,
                engine: Arc::clone(&ENGINE),
                keys: Arc::default(),
                language: Language::En,
            }
            .for_good(),
            reload: None,
            proxy: None,
            ready: Arc::clone(&ready),
        };
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let served = tokio::spawn(admin::serve(listener, state, shutdown));
        Self { address, observer, ready, stop: Some(stop), served }
    }

    pub(crate) fn drain(&self) {
        self.ready.store(false, Release);
    }

    /// Records a refusal of a request for `key` in `bucket`.
    pub(crate) fn refuse(&self, bucket: &str, key: &str) -> Ulid {
        let record = Record::new(Outcome::Diagnosed);
        let id = record.request_id;
        let diagnosis = Engine::default().diagnose(&Exchange::default(), id);
        self.observer.record(Record {
            method: "GET".into(),
            bucket: Some(bucket.into()),
            region: Some("ap-beijing".into()),
            key: Some(key.into()),
            status: Some(403),
            diagnosis: Some(Arc::new(diagnosis)),
            ..record
        });
        id
    }

    /// Records a refusal of a signed request whose credentials are `secret`.
    pub(crate) fn refuse_signed(&self, secret: &str) -> Ulid {
        let host = "b-1250000000.cos.ap-beijing.myqcloud.com";
        let mut headers = Fields::all(HeaderMap::new());
        headers.push("host", host);
        headers.push("cookie", secret);
        let body = format!(
            "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message>{}</Error>",
            format!("<SecurityToken>{secret}</SecurityToken>").repeat(400)
        );
        let body = Bytes::from(body);
        let exchange = Exchange {
            request: RequestEvidence {
                method: Some("GET".into()),
                host: Some(host.into()),
                target: Some(format!("/a.jpg?x-cos-security-token={secret}")),
                headers,
                ..RequestEvidence::default()
            },
            response: ResponseEvidence {
                status: Some(403),
                headers: Fields::all(HeaderMap::new()),
                body: Some(body.clone()),
            },
            ..Exchange::default()
        };
        let record = Record::new(Outcome::Diagnosed);
        let id = record.request_id;
        let diagnosis = ENGINE.diagnose(&exchange, id);
        self.observer.record(Record {
            client: Some(SocketAddr::from(([192, 0, 2, 17], 51_234))),
            version: Some(Version::HTTP_11),
            method: "GET".into(),
            status: Some(403),
            duration: Duration::from_millis(1500),
            upstream: Some(Duration::from_micros(12_345)),
            diagnosis: Some(Arc::new(diagnosis)),
            answer_body: Some(AnswerBody::of(&body, true)),
            ..record
        });
        id
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends a request by this listener's own name.
    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &format!("Host: {}\r\n", self.address)).await
    }

    /// POSTs a body by this listener's own name.
    pub(crate) async fn send(&self, target: &str, fields: &str, body: &[u8]) -> Answer {
        let length = body.len();
        let fields = format!("Host: {}\r\nContent-Length: {length}\r\n{fields}", self.address);
        self.ask_with("POST", target, &fields, body).await
    }

    /// The same in one chunk, so that its length is not known before it is there.
    pub(crate) async fn send_chunked(&self, target: &str, body: &[u8]) -> Answer {
        let fields = format!("Host: {}\r\nTransfer-Encoding: chunked\r\n", self.address);
        let chunk = [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n0\r\n\r\n"].concat();
        self.ask_with("POST", target, &fields, &chunk).await
    }

    pub(crate) async fn ask(&self, method: &str, target: &str, fields: &str) -> Answer {
        self.ask_with(method, target, fields, b"").await
    }

    async fn ask_with(&self, method: &str, target: &str, fields: &str, body: &[u8]) -> Answer {
        let mut stream = self.connect().await;
        let head = format!("{method} {target} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        timeout(PATIENCE, stream.write_all(body)).await.unwrap().unwrap();
        let mut bytes = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
        Answer::parse(&String::from_utf8(bytes).unwrap())
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect(text);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect(&self.body)
    }

    /// It is a problem (RFC 9457) of this status.
    pub(crate) fn assert_problem(&self, status: u16) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.field("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["status"], status);
        for name in ["type", "title", "detail"] {
            assert!(problem[name].as_str().is_some_and(|text| !text.is_empty()), "{name} in {problem}");
        }
    }
}
