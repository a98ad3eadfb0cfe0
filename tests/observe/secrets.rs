//! No secret gets into the log, wherever in a record it was.

use coswhy::config::settings::Language;
use coswhy::observe::log::Format;
use coswhy::observe::{AnswerBody, Outcome, Record};
use proptest::prelude::*;
use ulid::Ulid;

use super::sinks::{Memory, expired, observer, refusal, refusal_of, success};

/// How a secret stands in what clients send; `{}` is the secret.
const PLACES: [&str; 12] = [
    "/k?q-signature={}",
    "/k?a=b&q-signature={}&c=d",
    "/k?sign=q-sign-algorithm%3Dsha1%26q-signature%3D{}",
    "/k?x-cos-security-token={}",
    "/k?X-Amz-Signature={}&X-Amz-Security-Token={}",
    "/k?Signature={}",
    "/k?x-cos-server-side-encryption-customer-key={}",
    "/k%3Fx-cos-security-token%3D{}",
    "http://h/?sign={}",
    "k?Q-SIGNATURE={}",
    "x-cos-security-token={}",
    "q-sign-algorithm=sha1&q-signature={}",
];

/// Free text, as only an error's words are.
const WORDS: [&str; 3] = ["sent Authorization: Basic {}", "Cookie: a={}; b={}", "<Token>{}</Token>"];

fn shown(record: Record, format: Format) -> String {
    let memory = Memory::default();
    let observer = observer(memory.clone(), format);
    observer.record(record);
    assert!(observer.flush());
    memory.text()
}

proptest! {
    #[test]
    fn a_secret_in_any_field_stays_out_of_the_line(
        secret in "[A-Za-z0-9]{20,40}",
        place in proptest::sample::select(&PLACES[..]),
        words in proptest::sample::select(&WORDS[..]),
        field in 0..8_usize,
        pretty in any::<bool>(),
    ) {
        let text = place.replace("{}", &secret);
        let mut record = Record { outcome: Outcome::UpstreamFailed, ..success() };
        match field {
            0 => record.method = text,
            1 => record.host = text,
            2 => record.path = text,
            3 => record.bucket = Some(text),
            4 => record.region = Some(text),
            5 => record.key = Some(text),
            6 => record.cos_request_id = Some(text),
            _ => record.error = Some(format!("{text} {}", words.replace("{}", &secret))),
        }
        let format = if pretty { Format::Pretty { colour: false } } else { Format::Json };
        let line = shown(record, format);
        prop_assert!(!line.contains(&secret), "{}", line);
    }

    #[test]
    fn a_refusals_secrets_stay_out_of_line_and_ring(
        secret in "[a-f0-9]{40}",
        id in "AKID[A-Za-z0-9]{32}",
        pretty in any::<bool>(),
    ) {
        let memory = Memory::default();
        let format = if pretty { Format::Pretty { colour: false } } else { Format::Json };
        let observer = observer(memory.clone(), format);
        let exchange = expired(&secret, &id);
        let record = refusal_of(Ulid::generate(), &exchange);
        let request_id = record.request_id;
        let body = exchange.response.body.as_ref().map(|body| AnswerBody::of(body, true));
        observer.record(Record { answer_body: body, ..record });
        prop_assert!(observer.flush());
        let entry = observer.ring().get(request_id).unwrap();
        let explanation = String::from_utf8(entry.whole(None).unwrap()).unwrap();
        let whole = |language| String::from_utf8(entry.whole(language).unwrap()).unwrap();
        let (plain, chinese) = (whole(None), whole(Some(Language::Zh)));
        prop_assert!(plain.contains("<FormatString>") && chinese.contains("<FormatString>"));
        for shown in [memory.text(), explanation, plain, chinese, format!("{entry:?}")] {
            prop_assert!(!shown.contains(&secret) && !shown.contains(&id), "{}", shown);
        }
    }

    #[test]
    fn a_secret_id_is_masked_everywhere(id in "AKID[A-Za-z0-9]{32}", field in 0..4_usize) {
        let mut record = Record { outcome: Outcome::UpstreamFailed, ..success() };
        match field {
            0 => record.path = format!("/k?q-ak={id}&x=1"),
            1 => record.key = Some(format!("logs/{id}.txt")),
            2 => record.error = Some(format!("no such id {id}")),
            _ => record.host = format!("{id}.example"),
        }
        let line = shown(record, Format::Json);
        prop_assert!(!line.contains(&id), "{}", line);
    }
}

#[test]
fn the_ring_keeps_keys_without_their_secrets() {
    let observer = observer(std::io::sink(), Format::Json);
    let id = Ulid::generate();
    observer.record(Record { key: Some("a?q-signature=0123456789abcdef".into()), ..refusal(id) });
    let entry = observer.ring().get(id).unwrap();
    assert_eq!(entry.key.as_deref(), Some("a?q-signature=REDACTED"));
}
