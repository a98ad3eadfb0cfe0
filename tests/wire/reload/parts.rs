//! Each part of the settings that a reload changes: maps, keys, rules, statuses, certificates.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Authority, DENIED, Directory, Front, HOST, Proxy, Upstream, get, ok, refusal, text};

fn cause(proxy: &Proxy) -> Option<String> {
    let answer = proxy.exchange(get("/key", ""));
    answer.head.get("x-cos-diagnosis").map(|header| header.split(';').next().unwrap().to_owned())
}

#[test]
fn maps() {
    let upstream = Upstream::answering(ok("mapped"));
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    let mut ask = || {
        wire.send("GET /key HTTP/1.1\r\nHost: files.internal\r\n\r\n");
        wire.read_response("GET").unwrap().status
    };
    assert_eq!(ask(), 421);
    let map = "[[map]]\nhost = \"files.internal\"\nregion = \"ap-guangzhou\"\nbucket = \"examplebucket-1250000000\"";
    assert_eq!(proxy.change(&upstream, map)["changed"], json!(["map"]));
    assert_eq!(ask(), 200);
    assert_eq!(upstream.request().head.get("host"), Some(HOST));
    assert_eq!(proxy.change(&upstream, "")["changed"], json!(["map"]));
    assert_eq!(ask(), 421);
}

#[test]
fn rules() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    assert_eq!(cause(&proxy).as_deref(), Some("anonymous-access-denied"));
    let rule = |id: &str| {
        let words = "[rule.en]\ntitle = \"Mine\"\nsummary = \"This is mine.\"\n";
        format!(
            "[[rule]]\nid = \"{id}\"\nwhen = 'error.code == \"AccessDenied\"'\nconfidence = \"certain\"\n{words}"
        )
    };
    let file = proxy.directory.write("mine.toml", rule("mine-first"));
    let settings = format!("diagnosis.rules = [\"{}\"]", file.display());
    assert_eq!(proxy.change(&upstream, &settings)["changed"], json!(["diagnosis.rules"]));
    assert_eq!(cause(&proxy).as_deref(), Some("mine-first"));
    std::fs::write(&file, rule("mine-second")).unwrap();
    assert_eq!(
        proxy.change(&upstream, &settings)["changed"],
        json!(["diagnosis.rules"]),
        "the file is another"
    );
    assert_eq!(cause(&proxy).as_deref(), Some("mine-second"));
    assert_eq!(proxy.change(&upstream, &settings)["changed"], json!([]));
}

#[test]
fn statuses() {
    let missing = refusal(DENIED.replace("AccessDenied", "NoSuchKey"));
    let upstream = Upstream::answering(text(&missing).replacen("403 Forbidden", "404 Not Found", 1));
    let proxy = Proxy::before(&upstream, "");
    assert_eq!(cause(&proxy), None);
    proxy.change(&upstream, "diagnosis.statuses = [403, 404]");
    assert_eq!(cause(&proxy).as_deref(), Some("key-not-found"));
}

#[test]
fn the_language_of_log_and_answers() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(get("/key", ""));
    proxy.change(&upstream, "diagnosis.language = \"zh\"");
    proxy.exchange(get("/key", ""));
    let summaries: Vec<_> =
        proxy.log(2).iter().map(|line| line["summary"].as_str().unwrap().is_ascii()).collect();
    assert_eq!(summaries, [true, false]);
}

#[test]
fn keys() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    let file = proxy.directory.write("secret-key", "SecretKeyOfTheReloadTestsMustNotLeak");
    let settings =
        format!("[[keys]]\nsecret_id = \"AKIDreloadTests000\"\nsecret_key_file = \"{}\"", file.display());
    assert_eq!(proxy.change(&upstream, &settings)["changed"], json!(["keys"]));
    assert_eq!(proxy.change(&upstream, &settings)["changed"], json!([]));
    std::fs::write(&file, "AnotherKeyOfTheReloadTestsMustNotLeak").unwrap();
    assert_eq!(proxy.change(&upstream, &settings)["changed"], json!(["keys"]), "the file holds another");
    assert!(proxy.own_lines(0, "MustNotLeak").is_empty());
}

#[test]
fn certificates() {
    let upstream = Upstream::answering(ok("by https"));
    let front = Front::before(&upstream, "");
    let shown = || {
        let mut wire = front.connect(HOST, &["http/1.1"]);
        wire.send(get("/key", ""));
        assert_eq!(wire.read_response("GET").unwrap().status, 200);
        wire.inner().conn.peer_certificates().unwrap()[0].as_ref().to_vec()
    };
    let first = shown();
    let mut open = front.connect(HOST, &["http/1.1"]);
    open.send(get("/key", ""));
    assert_eq!(open.read_response("GET").unwrap().status, 200);
    let (cert, key) = front.authority.pair(&front.files, "second", &["*.cos.ap-guangzhou.myqcloud.com"]);
    let told = change_certificate(&front, &upstream, &cert, &key);
    assert_eq!(told["changed"], json!(["tls.cert", "tls.key"]));
    assert_ne!(shown(), first);
    open.send(get("/key", ""));
    assert_eq!(open.read_response("GET").unwrap().status, 200, "the connection before it goes on");
    let other = Authority::new();
    let (_, others_key) = other.pair(&Directory::new(), "other", &["x.example"]);
    front.proxy.configure(&settings(&front, &upstream, &cert, &others_key));
    assert_eq!(front.proxy.ask_to_reload("").status, 422, "the key is not the certificate's");
    assert_ne!(shown(), first);
}

fn settings(front: &Front, upstream: &Upstream, cert: &Path, key: &Path) -> String {
    format!(
        "upstream.url = \"http://{}\"\ntls.listen = \"{}\"\ntls.cert = \"{}\"\ntls.key = \"{}\"",
        upstream.address,
        front.address,
        cert.display(),
        key.display()
    )
}

fn change_certificate(front: &Front, upstream: &Upstream, cert: &Path, key: &Path) -> Value {
    front.proxy.configure(&settings(front, upstream, cert, key));
    let answer = front.proxy.ask_to_reload("");
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_str(&answer.text()).unwrap()
}
