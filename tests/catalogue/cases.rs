//! The table of cases in `cases/*.toml`: refusals in the shapes in which they come, and what must be said of each.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use coswhy::config::settings::{Key, Language};
use coswhy::config::{Keys, Secret};
use coswhy::cos::granted::Named;
use coswhy::cos::signature::{signature, string_to_sign};
use coswhy::diagnosis::facts::Facts;
use coswhy::diagnosis::{
    Engine, Exchange, Fields, KeyKind, ProxyEvidence, ProxySigning, RequestEvidence, ResponseEvidence, Seen,
    Told, ToldAcl, ToldKey, ToldSigning, ToldWay,
};
use serde::Deserialize;
use ulid::Ulid;

pub(crate) const HOST: &str = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";
/// 2019-04-09T03:39:20Z by its own clock.
const REQUEST_ID: &str = "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";
const NOW: i64 = 1_554_781_160;
const LONG_TERM: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
const SECRET_KEY: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
const TEMPORARY: &str = "AKIDN2K7bT6lG1dYw3V8xQp0uHf4mZc9RsJtEaLo5WiXyCgBn-vUqMhPkDzS_r2eFj7A";

/// What is known of the request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sent {
    /// Nothing.
    #[default]
    Unknown,
    /// All of it, and it is not signed.
    Unsigned,
    /// All of it, signed in its header by a long-term key.
    Signed,
    /// All of it, signed in its header by a temporary key, with its token.
    Temporary,
    /// All of it, signed by a temporary key, without its token.
    TemporaryWithoutToken,
    /// All of it, signed in its URL.
    Presigned,
    /// As a browser's recording has it: Authorization left out.
    Recorded,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The rule that must match.
    pub(crate) rule: String,
    /// The cause that must be concluded; left out: the rule's.
    pub(crate) cause: Option<String>,
    confidence: String,
    /// Causes that must be among the alternatives.
    #[serde(default)]
    alternatives: Vec<String>,
    #[serde(default)]
    request: Sent,
    method: Option<String>,
    host: Option<String>,
    target: Option<String>,
    /// `Name: value`
    #[serde(default)]
    headers: Vec<String>,
    form: Option<Vec<String>>,
    /// Seconds from COS's clock to the signature's start and end.
    valid: Option<(i64, i64)>,
    /// The signature's header list.
    #[serde(default)]
    signs: Vec<String>,
    /// The HttpString that the client signed, where its SecretKey is at hand.
    signed_as: Option<String>,
    /// The SecretKey that the client takes for its own.
    client_key: Option<String>,
    /// The Host and the target that coswhy sent, where it rewrote them, and what it did about the signature.
    proxy_host: Option<String>,
    proxy_target: Option<String>,
    signing: Option<String>,
    /// It came through coswhy, whatever that did to it.
    #[serde(default)]
    proxied: bool,
    /// Whether a copy's source is named by an address of coswhy's.
    #[serde(default)]
    own_source: bool,
    /// Left out: only the body is known, or what `answer` lists.
    status: Option<u16>,
    server: Option<String>,
    /// A client printed these headers and no others, and no body.
    #[serde(default)]
    in_part: bool,
    #[serde(default)]
    answer: Vec<String>,
    code: Option<String>,
    message: Option<String>,
    /// Further elements of the error body.
    #[serde(default)]
    extra: String,
    body: Option<String>,
    client_text: Option<String>,
    /// The HttpString and the StringToSign that the client printed.
    printed: Option<String>,
    printed_to_sign: Option<String>,
    /// The key that the text around it tells of, whether code says so, and what a quoted policy names.
    told_key: Option<String>,
    #[serde(default)]
    told_firmly: bool,
    told_acl: Option<String>,
    #[serde(default)]
    told_cured: bool,
    /// Words of the text around it, by what they tell.
    told_viewer: Option<String>,
    told_opened: Option<String>,
    told_cdn: Option<String>,
    told_origin_auth_off: Option<String>,
    told_host_set: Option<String>,
    told_presigned_method: Option<String>,
    told_compared_equal: Option<String>,
    told_param_changed: Option<String>,
    told_token_sent: Option<String>,
    #[serde(default)]
    told_actions: Vec<String>,
    #[serde(default)]
    told_resources: Vec<String>,
    /// Seconds from the request's beginning to its answer.
    lasted: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Table {
    case: Vec<Case>,
}

pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            toml::from_str::<Table>(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display())).case
        })
        .collect()
}

fn signing(word: &str) -> ProxySigning {
    let found = ProxySigning::ALL.into_iter().find(|signing| signing.as_str() == word);
    found.unwrap_or_else(|| panic!("{word} is no way of signing"))
}

pub(crate) fn fields(list: &[String], seen: Seen) -> Fields {
    let mut fields = Fields { seen, ..Fields::default() };
    for field in list {
        let (name, value) = field.split_once(": ").expect("a field is `Name: value`");
        fields.push(name, value);
    }
    fields
}

impl Case {
    pub(crate) fn exchange(&self) -> Exchange {
        Exchange {
            request: self.sent(),
            response: self.answered(),
            client_text: self.client_text.clone(),
            lasted: self.lasted.map(Duration::from_secs),
            told: Some(Arc::new(Told {
                http_string: self.printed.clone(),
                string_to_sign: self.printed_to_sign.clone(),
                key: self.told_key.as_deref().map(|kind| ToldKey {
                    kind: [KeyKind::Temporary, KeyKind::Permanent, KeyKind::None]
                        .into_iter()
                        .find(|known| known.as_str() == kind)
                        .unwrap(),
                    firm: self.told_firmly,
                    words: "NOSIGN".to_owned(),
                }),
                acl: self.told_acl.clone().map(|value| ToldAcl { value, cured: self.told_cured }),
                way: ToldWay {
                    viewer: self.told_viewer.clone(),
                    opened: self.told_opened.clone(),
                    cdn: self.told_cdn.clone(),
                    origin_auth_off: self.told_origin_auth_off.clone(),
                    host: self.told_host_set.clone(),
                },
                signing: ToldSigning {
                    method: self.told_presigned_method.clone(),
                    compared_equal: self.told_compared_equal.clone(),
                    changed: self.told_param_changed.clone(),
                    token_sent: self.told_token_sent.clone(),
                },
                policy: Named {
                    actions: self.told_actions.clone(),
                    resources: self.told_resources.clone(),
                    ..Named::default()
                },
            })),
            proxy: (self.proxied || self.proxy_host.is_some() || self.proxy_target.is_some()).then(|| {
                ProxyEvidence {
                    host_sent: self.proxy_host.clone(),
                    target_sent: self.proxy_target.clone(),
                    signing: self.signing.as_deref().map(signing),
                    copies_from_own_address: self.own_source,
                    ..ProxyEvidence::default()
                }
            }),
        }
    }

    /// Whether the exchange itself has Chinese in it: a key, a message.
    pub(crate) fn tells_chinese(&self) -> bool {
        !format!("{self:?}").is_ascii() || format!("{self:?}").contains('%')
    }

    fn sent(&self) -> RequestEvidence {
        if self.request == Sent::Unknown {
            return RequestEvidence { method: self.method.clone(), ..RequestEvidence::default() };
        }
        let host = self.host.clone().unwrap_or_else(|| HOST.to_owned());
        let mut target = self.target.clone().unwrap_or_else(|| "/holiday/beach.jpg".to_owned());
        let mut headers = vec![format!("Host: {host}")];
        headers.extend(self.headers.iter().cloned());
        match self.request {
            Sent::Signed => headers.push(format!("Authorization: {}", self.signature(LONG_TERM))),
            Sent::Temporary => {
                headers.push(format!("Authorization: {}", self.signature(TEMPORARY)));
                headers.push("x-cos-security-token: bm90LWEtcmVhbC10b2tlbg".to_owned());
            }
            Sent::TemporaryWithoutToken => {
                headers.push(format!("Authorization: {}", self.signature(TEMPORARY)));
            }
            Sent::Presigned => {
                let separator = if target.contains('?') { '&' } else { '?' };
                target = format!("{target}{separator}{}", self.signature(LONG_TERM).replace(';', "%3B"));
            }
            Sent::Unknown | Sent::Unsigned | Sent::Recorded => {}
        }
        let seen = if self.request == Sent::Recorded { Seen::AllButCredentials } else { Seen::All };
        RequestEvidence {
            method: Some(self.method.clone().unwrap_or_else(|| "GET".to_owned())),
            scheme: Some("https".to_owned()),
            host: Some(host),
            target: Some(target),
            headers: fields(&headers, seen),
            form: self.form.as_ref().map(|form| {
                form.iter()
                    .map(|field| field.split_once('=').expect("a form field is `name=value`"))
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect()
            }),
        }
    }

    /// The SecretKeys that the settings have.
    pub(crate) fn keys(&self) -> Keys {
        let secret_key = Some(Secret::new(SECRET_KEY.to_owned()));
        let key = Key { secret_id: LONG_TERM.to_owned(), secret_key, ..Key::default() };
        let keys: Vec<Key> = self.signed_as.iter().map(|_| key.clone()).collect();
        Keys::new(&keys).unwrap()
    }

    fn signature(&self, secret_id: &str) -> String {
        let (start, end) = self.valid.unwrap_or((-60, 840));
        let (start, end) = (NOW + start, NOW + end);
        let list = if self.signs.is_empty() { "host".to_owned() } else { self.signs.join(";") };
        let time = format!("{start};{end}");
        let value = self.signed_as.as_ref().map_or_else(
            || "c6cc5131a16a0b43fc4e76a0faf2a79d84aa37f9".to_owned(),
            |signed| {
                signature(
                    self.client_key.as_deref().unwrap_or(SECRET_KEY),
                    &time,
                    &string_to_sign(&time, signed.as_bytes()),
                )
            },
        );
        format!(
            "q-sign-algorithm=sha1&q-ak={secret_id}&q-sign-time={time}&q-key-time={time}\
             &q-header-list={list}&q-url-param-list=&q-signature={value}"
        )
    }

    fn answered(&self) -> ResponseEvidence {
        let body = self.body.clone().or_else(|| {
            self.code.as_ref().map(|code| error_body(code, self.message.as_deref(), &self.extra))
        });
        let Some(status) = self.status else {
            let headers = fields(&self.answer, Seen::Some);
            return ResponseEvidence { status: None, headers, body: body.map(Into::into) };
        };
        let mut headers = self.answer.clone();
        match self.server.as_deref() {
            Some(server) => headers.push(format!("Server: {server}")),
            None => headers.extend([
                "Content-Type: application/xml".to_owned(),
                "Server: tencent-cos".to_owned(),
                "Date: Tue, 09 Apr 2019 03:39:20 GMT".to_owned(),
                format!("x-cos-request-id: {REQUEST_ID}"),
            ]),
        }
        ResponseEvidence {
            status: Some(status),
            headers: fields(&headers, if self.in_part { Seen::Some } else { Seen::All }),
            body: body.map(Into::into).or_else(|| (!self.in_part).then(bytes::Bytes::new)),
        }
    }
}

pub(crate) fn error_body(code: &str, message: Option<&str>, extra: &str) -> String {
    let message = message.map_or_else(String::new, |m| {
        format!(
            "\t<Message>{}</Message>\n",
            m.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
        )
    });
    format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>{code}</Code>\n{message}{extra}\
         \t<Resource>{HOST}/holiday/beach.jpg</Resource>\n\t<RequestId>{REQUEST_ID}</RequestId>\n\
         \t<TraceId>OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc=</TraceId>\n</Error>\n"
    )
}

#[test]
fn every_case_gets_its_cause_and_confidence() {
    let engine = Engine::builtin().unwrap();
    let mut wrong = Vec::new();
    for case in all() {
        let exchange = case.exchange();
        let rule = engine.rules().iter().find(|rule| *rule.id == *case.rule);
        let Some(rule) = rule else {
            wrong.push(format!("no rule is called {}", case.rule));
            continue;
        };
        let found = engine.diagnose_with(&exchange, &case.keys(), Ulid::nil());
        let explanation = found.explanation(Language::En);
        let others: BTreeSet<String> =
            explanation.diagnosis.alternatives.iter().map(|other| other.cause.clone()).collect();
        let cause = case.cause.as_deref().unwrap_or(&rule.cause);
        let about = format!("{} ({:?}, {:?})", case.rule, case.code, case.message);
        if rule.when.eval(&Facts::with_keys(&exchange, &case.keys())) != Some(true) {
            wrong.push(format!("{about}: the rule does not match; found {}", found.cause));
        }
        if *found.cause != *cause || found.confidence.as_str() != case.confidence {
            wrong.push(format!(
                "{about}: {} {} in place of {cause} {}",
                found.cause,
                found.confidence.as_str(),
                case.confidence
            ));
        }
        for other in case.alternatives.iter().filter(|other| !others.contains(*other)) {
            wrong.push(format!("{about}: {other} is not among {others:?}"));
        }
        if explanation.diagnosis.fixes.is_empty() {
            wrong.push(format!("{about}: no fix"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let engine = Engine::builtin().unwrap();
    let cases = all();
    let without: Vec<&str> = engine
        .rules()
        .iter()
        .map(|rule| &*rule.id)
        .filter(|id| !cases.iter().any(|case| case.rule == *id))
        .collect();
    assert!(without.is_empty(), "rules without a case: {without:?}");
}
