//! XML or problem JSON, by Accept (RFC 9110, 12.5.1; RFC 9457).

use super::{diagnosed, element, lengths_agree};
use crate::harness::{DENIED, Proxy, Upstream, get, refusal};

#[test]
fn json_goes_only_to_those_who_prefer_it() {
    let json = [
        "application/json",
        "application/problem+json",
        "application/json, application/xml;q=0.9",
        "application/xml;q=0.5, application/json;q=0.51",
        "application/problem+json, */*;q=0.1",
        "APPLICATION/JSON",
        "application/json;charset=utf-8",
        "text/html, application/json",
        "application/*;q=0.1, application/json",
        "application/xml;q=0, application/json;q=0.001",
    ];
    let xml = [
        "*/*",
        "application/json, text/plain, */*",
        "application/*",
        "application/xml",
        "application/xml, application/json",
        "application/json;q=0.9, application/xml",
        "application/json;q=0",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "text/html",
        "",
        "nonsense",
        "application/jsonp",
    ];
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    let ask = |accept: &str| proxy.exchange(get("/key", &format!("Accept: {accept}\r\n")));
    for accept in json {
        let answer = ask(accept);
        assert_eq!(answer.get("content-type"), Some("application/problem+json"), "{accept}");
        assert_eq!(answer.json()["diagnosis"]["cause"], "anonymous-access-denied", "{accept}");
        lengths_agree(&answer);
    }
    for accept in xml {
        let answer = ask(accept);
        assert_eq!(answer.get("content-type"), Some("application/xml"), "{accept}");
        element(&answer);
    }
}

#[test]
fn accept_in_several_fields_counts_as_one_list() {
    let answer = diagnosed(refusal(DENIED), "Accept: application/json\r\nAccept: application/xml\r\n", "");
    assert_eq!(answer.get("content-type"), Some("application/xml"));
    let answer = diagnosed(refusal(DENIED), "Accept: text/html\r\nAccept: application/json\r\n", "");
    assert_eq!(answer.get("content-type"), Some("application/problem+json"));
}

/// Caches must know that the answer depends on Accept, in either form.
#[test]
fn negotiated_answers_vary_by_accept() {
    for accept in ["", "Accept: application/json\r\n"] {
        let answer = diagnosed(refusal(DENIED), accept, "");
        let vary = answer.head.all("vary").join(", ");
        assert!(vary.split(',').any(|v| v.trim().eq_ignore_ascii_case("accept")), "{vary}");
    }
    let with = String::from_utf8(refusal(DENIED)).unwrap().replace("Server: t", "Vary: Origin\r\nServer: t");
    let vary = diagnosed(with, "", "").head.all("vary").join(", ").to_lowercase();
    assert!(vary.contains("origin") && vary.contains("accept"), "{vary}");
}

/// The setting is for who does not say; log and header do not follow a client.
#[test]
fn json_is_in_the_language_that_its_reader_asks_for() {
    let upstream = Upstream::answering(refusal(DENIED));
    for (setting, accepted, tag) in [
        ("en", "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en", "zh", "zh-CN"),
        ("en", "en;q=0.5, zh;q=0.4", "en"),
        ("en", "fr", "en"),
        ("zh", "fr", "zh-CN"),
        ("zh", "en-GB", "en"),
        ("zh", "", "zh-CN"),
    ] {
        let proxy = Proxy::before(&upstream, &format!("diagnosis.language = \"{setting}\""));
        let fields = format!("Accept: application/json\r\nAccept-Language: {accepted}\r\n");
        let answer = proxy.exchange(get("/key", &fields));
        assert_eq!(answer.head.all("content-language"), [tag], "{accepted}");
        assert_eq!(answer.head.all("vary").join(", "), "Accept-Language, Accept");
        let is_chinese = |text: &str| !text.is_ascii();
        let json = answer.json();
        assert_eq!(is_chinese(json["title"].as_str().unwrap()), tag == "zh-CN", "{json}");
        assert!(answer.head.get("x-cos-diagnosis").unwrap().is_ascii());
        let line = proxy.log_line();
        assert_eq!(is_chinese(line["summary"].as_str().unwrap()), setting == "zh", "{line}");
        lengths_agree(&answer);
    }
}

/// XML is for programs: their library chose its Accept-Language.
#[test]
fn the_element_in_xml_is_in_the_language_of_the_settings() {
    let answer = diagnosed(refusal(DENIED), "Accept-Language: zh-CN\r\n", "");
    assert!(element(&answer)["title"].as_str().unwrap().is_ascii());
    assert_eq!(answer.head.get("content-language"), None);
    assert_eq!(answer.head.all("vary").join(", "), "Accept");
}

#[test]
fn problem_json_is_the_explanation() {
    let answer = diagnosed(refusal(DENIED), "Accept: application/problem+json\r\n", "");
    let json = answer.json();
    assert_eq!(json["type"], "urn:coswhy:cause:anonymous-access-denied");
    assert_eq!(json["status"], 403);
    for key in ["title", "detail", "instance"] {
        assert!(json[key].as_str().is_some_and(|v| !v.is_empty()), "{key} in {json}");
    }
    for key in ["evidence", "checklist", "fixes", "alternatives"] {
        assert!(json["diagnosis"][key].is_array(), "{key} in {json}");
    }
    assert_eq!(json["cos"]["code"], "AccessDenied");
    assert_eq!(json["cos"]["bucket"], "examplebucket-1250000000");
    assert_eq!(json["cos"]["region"], "ap-guangzhou");
    assert_eq!(json["cos"]["key"], "key");
    assert_eq!(json["request"]["method"], "GET");
    assert_eq!(json["request"]["auth"]["scheme"], "none");
    assert_eq!(answer.get("x-cos-request-id"), Some("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY="));
}

#[test]
fn the_coding_and_checksums_of_the_xml_do_not_stay_on_json() {
    let with = String::from_utf8(refusal(DENIED)).unwrap().replace(
        "Server: t",
        "ETag: \"e\"\r\nContent-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==\r\nContent-Language: zh\r\nServer: t",
    );
    let answer = diagnosed(with, "Accept: application/json\r\n", "");
    assert!(!answer.head.has("etag") && !answer.head.has("content-md5"));
    assert_eq!(answer.head.all("content-type").len(), 1);
    assert_eq!(answer.head.all("content-length").len(), 1);
}
