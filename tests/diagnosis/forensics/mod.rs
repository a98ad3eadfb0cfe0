//! A good signature spoilt in each of the usual ways, and what is found with its SecretKey at hand.

mod distortions;
mod keys;
mod s3;

use std::sync::LazyLock;

use coswhy::config::settings::Key;
use coswhy::config::{Keys, Secret};
use coswhy::cos::signature::{signature, string_to_sign};
use coswhy::diagnosis::facts::{Facts, Value, find};
use coswhy::diagnosis::{Confidence, Engine, Exchange, Fields, RequestEvidence, ResponseEvidence};
use http::{HeaderMap, HeaderName, HeaderValue};
use ulid::Ulid;

const ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
const SECRET: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
const OTHER_ID: &str = "AKIDanotherOneOfTheSameAccount000000";
const OTHER_SECRET: &str = "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz";
const HOST: &str = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";
const TIME: &str = "1554781100;1554784700";

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().unwrap());

fn keys() -> Keys {
    let key = |id: &str, secret: &str| Key {
        secret_id: id.into(),
        secret_key: Some(Secret::new(secret.to_owned())),
        ..Key::default()
    };
    Keys::new(&[key(ID, SECRET), key(OTHER_ID, OTHER_SECRET)]).unwrap()
}

/// A request and what its client signed of it.
#[derive(Clone)]
struct Signed {
    method: &'static str,
    target: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    header_list: &'static str,
    param_list: &'static str,
    /// The four lines.
    lines: [String; 4],
    time: &'static str,
    signature: Option<String>,
    /// Whether COS's answer tells what it computed.
    told: bool,
}

impl Signed {
    /// An upload of a part, signed as COS does.
    fn upload() -> Self {
        Self {
            method: "PUT",
            target: "/dir/caf%C3%A9%20a+b.txt?partNumber=1&uploadId=1%2Fx%20Y",
            headers: vec![
                ("host", HOST),
                ("content-type", "text/plain"),
                ("content-length", "120"),
                ("x-cos-meta-a", "b c"),
            ],
            header_list: "content-length;content-type;host;x-cos-meta-a",
            param_list: "partnumber;uploadid",
            lines: [
                "put".into(),
                "/dir/café a+b.txt".into(),
                "partnumber=1&uploadid=1%2Fx%20Y".into(),
                format!("content-length=120&content-type=text%2Fplain&host={HOST}&x-cos-meta-a=b%20c"),
            ],
            time: TIME,
            signature: None,
            told: true,
        }
    }

    fn http_string(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    fn exchange(&self, computed: &str) -> Exchange {
        let own = || signature(SECRET, TIME, &string_to_sign(TIME, self.http_string().as_bytes()));
        let value = self.signature.clone().unwrap_or_else(own);
        let authorization = format!(
            "q-sign-algorithm=sha1&q-ak={ID}&q-sign-time={TIME}&q-key-time={}&q-header-list={}&q-url-param-list={}&q-signature={value}",
            self.time, self.header_list, self.param_list
        );
        let mut headers = map(&self.headers);
        headers.insert("authorization", authorization.parse().unwrap());
        exchange(self.method, self.target, headers, self.told.then_some(computed))
    }
}

fn map(fields: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    fields.iter().map(pair).collect()
}

fn exchange(method: &str, target: &str, headers: HeaderMap, computed: Option<&str>) -> Exchange {
    let escaped = computed.map(|text| text.replace('&', "&amp;"));
    let told = escaped.map(|text| format!("<FormatString>{text}</FormatString>")).unwrap_or_default();
    let body = format!(
        "<Error><Code>SignatureDoesNotMatch</Code><Message>The Signature you specified is invalid.</Message>{told}\
         <RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId></Error>"
    );
    let answered =
        map(&[("server", "tencent-cos"), ("x-cos-request-id", "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=")]);
    let host = headers.get("host").map(|host| host.to_str().unwrap().to_owned());
    Exchange {
        request: RequestEvidence {
            method: Some(method.into()),
            scheme: Some("https".into()),
            host,
            target: Some(target.into()),
            headers: Fields::all(headers),
            form: None,
        },
        response: ResponseEvidence {
            status: Some(403),
            headers: Fields::all(answered),
            body: Some(body.into_bytes().into()),
        },
        ..Exchange::default()
    }
}

fn fact(facts: &Facts, name: &str) -> String {
    match find(name).unwrap().value(facts) {
        Some(Value::Text(text)) => text.into_owned(),
        Some(Value::Bool(yes)) => yes.to_string(),
        Some(Value::Int(n)) => n.to_string(),
        Some(Value::List(items)) => items.join(", "),
        None => "unknown".into(),
    }
}

/// Cause, confidence and distortion.
fn found(exchange: &Exchange) -> (String, Confidence, String) {
    let diagnosis = ENGINE.diagnose_with(exchange, &keys(), Ulid::nil());
    let facts = Facts::with_keys(exchange, &keys());
    (diagnosis.cause.to_string(), diagnosis.confidence, fact(&facts, "signature.distortion"))
}
