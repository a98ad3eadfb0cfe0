//! Who is told of a diagnosis: everybody, the header's readers alone, nobody; by the client's network.

use crate::harness::{DENIED, Proxy, Response, Upstream, Wire, get, ok, refusal};

const PUBLIC: &str = "admin.public_url = \"https://why.example.com\"\n";

/// What COS says where the client has CORS.
fn with_cors() -> Vec<u8> {
    let answer = String::from_utf8(refusal(DENIED)).unwrap();
    answer
        .replace(
            "Server: ",
            "Access-Control-Allow-Origin: *\r\nX-Cos-Diagnosis: forged\r\nETag: \"x\"\r\nServer: ",
        )
        .into_bytes()
}

/// The fields that the client got and COS did not send.
fn added(answer: &Response) -> Vec<String> {
    let sent = String::from_utf8(with_cors()).unwrap().to_lowercase();
    let names = answer.head.fields.iter().map(|(name, _)| name.to_lowercase());
    names.filter(|name| !sent.contains(&format!("\n{name}:"))).collect()
}

#[test]
fn none_is_cos_own_answer_and_the_log_still_knows() {
    let upstream = Upstream::answering(with_cors());
    let proxy = Proxy::before(&upstream, &format!("{PUBLIC}diagnosis.expose = \"none\""));
    for accept in ["", "Accept: application/json\r\nAccept-Language: zh\r\n"] {
        let answer = proxy.exchange(get("/key", accept));
        assert_eq!((answer.status, answer.text().as_str()), (403, DENIED));
        assert_eq!(added(&answer), Vec::<String>::new());
        // Nobody else's diagnosis either.
        assert!(!answer.head.has("x-cos-diagnosis"), "{:?}", answer.head.fields);
        assert_eq!(answer.get("etag"), Some("\"x\""));
        assert!(!String::from_utf8_lossy(&answer.head.bytes).contains("coswhy"));
    }
    for line in proxy.log(2) {
        assert_eq!(
            (&line["outcome"], &line["cause"]),
            (&"diagnosed".into(), &"anonymous-access-denied".into())
        );
        let id = line["request_id"].as_str().unwrap();
        assert_eq!(proxy.ask_admin(&format!("/diagnoses/{id}")).unwrap().status, 200);
    }
    let metrics = proxy.ask_admin("/metrics").unwrap().text();
    assert!(metrics.contains("cause=\"anonymous-access-denied\""), "{metrics}");
}

#[test]
fn header_leaves_the_body_alone() {
    let upstream = Upstream::answering(with_cors());
    let proxy = Proxy::before(&upstream, &format!("{PUBLIC}diagnosis.expose = \"header\""));
    let answer = proxy.exchange(get("/key", "Accept: application/json\r\n"));
    assert_eq!((answer.status, answer.text().as_str()), (403, DENIED));
    assert_eq!(answer.cause(), Some("anonymous-access-denied"));
    assert_eq!(answer.get("access-control-expose-headers"), Some("X-Cos-Diagnosis"));
    assert_eq!(answer.get("etag"), Some("\"x\""));
}

#[test]
fn the_first_network_that_has_the_client_decides() {
    let upstream = Upstream::answering(refusal(DENIED));
    let settings = "diagnosis.expose = \"none\"\n\
        diagnosis.expose_to = [{ networks = [\"127.0.0.3\", \"2001:db8::/32\"], expose = \"header\" }, \
        { networks = [\"127.0.0.2/31\"], expose = \"all\" }]\n\
        listener.trusted_proxies = [\"127.0.0.1\"]";
    let proxy = Proxy::before(&upstream, settings);
    let told = |from: [u8; 4], fields: &str| {
        let mut wire = Wire::connect_from(from, proxy.address);
        wire.send(get("/key", fields));
        let answer = wire.read_response("GET").unwrap();
        (answer.head.has("x-cos-diagnosis"), answer.text().contains("<Diagnosis>"))
    };
    assert_eq!(told([127, 0, 0, 3], ""), (true, false));
    assert_eq!(told([127, 0, 0, 2], ""), (true, true));
    assert_eq!(told([127, 0, 0, 4], ""), (false, false));
    // A proxy's client counts, and nobody makes himself one.
    assert_eq!(told([127, 0, 0, 1], "X-Forwarded-For: 127.0.0.2\r\n"), (true, true));
    assert_eq!(told([127, 0, 0, 1], "X-Forwarded-For: 2001:db8::1\r\n"), (true, false));
    assert_eq!(told([127, 0, 0, 1], "X-Forwarded-For: 127.0.0.2, 198.51.100.1\r\n"), (false, false));
    assert_eq!(told([127, 0, 0, 4], "X-Forwarded-For: 127.0.0.2\r\n"), (false, false));
}

#[test]
fn answers_of_coswhys_own_tell_no_address() {
    let nobody = crate::harness::free_port();
    let proxy =
        Proxy::start(&format!("upstream.url = \"http://127.0.0.1:{nobody}\"\ndiagnosis.expose = \"none\""));
    let mut told = Vec::new();
    for request in [
        get("/key", ""),
        get("/key", "Accept: application/json\r\n"),
        "GET / HTTP/1.1\r\nHost: internal.example\r\n\r\n".to_owned(),
        "CONNECT internal.example:443 HTTP/1.1\r\nHost: internal.example:443\r\n\r\n".to_owned(),
        get("/key", "Transfer-Encoding: gzip\r\n"),
    ] {
        let answer = proxy.exchange(&request);
        let text = answer.text();
        for secret in
            ["127.0.0.1", &nobody.to_string(), "upstream.", "listener.", "allowed_", "internal.example"]
        {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        told.push(answer.status);
    }
    assert_eq!(told, [502, 502, 421, 403, 400]);
    let errors: Vec<_> = proxy.log(5).iter().map(|line| line["error"].as_str().unwrap().to_owned()).collect();
    assert!(errors[0].contains(&nobody.to_string()), "{errors:?}");
}

#[test]
fn warnings_stay_with_the_operator() {
    let upstream = Upstream::answering(ok("ok"));
    let settings = "diagnosis.warn_header = true\ndiagnosis.expose_to = [{ networks = [\"127.0.0.2\"], expose = \"none\" }]";
    let proxy = Proxy::before(&upstream, settings);
    let request = get(
        "/key?sign=q-sign-algorithm%3Dsha1%26q-ak%3DAKIDx%26q-sign-time%3D1%3B2000000000%26q-key-time%3D1%3B2000000000%26q-header-list%3Dhost%26q-url-param-list%3D%26q-signature%3Da",
        "",
    );
    for (from, warned) in [([127, 0, 0, 1], true), ([127, 0, 0, 2], false)] {
        let mut wire = Wire::connect_from(from, proxy.address);
        wire.send(&request);
        let answer = wire.read_response("GET").unwrap();
        assert_eq!((answer.status, answer.head.has("x-cos-warning")), (200, warned));
    }
    for line in proxy.log(2) {
        assert!(line["warnings"].is_array(), "{line}");
    }
}
