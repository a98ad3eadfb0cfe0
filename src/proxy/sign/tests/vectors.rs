//! The vectors of tests/vectors as clients' requests: what the vendor's SDKs and botocore signed verifies here.

use serde_json::Value;

use super::*;

fn vectors(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_default()
}

fn with_headers(mut case: Case, vector: &Value) -> Case {
    let pairs: Vec<(&str, &str)> = match &vector["headers"] {
        Value::Object(fields) => fields.iter().map(|(n, v)| (n.as_str(), v.as_str().unwrap())).collect(),
        Value::Array(pairs) => {
            pairs.iter().map(|p| (p[0].as_str().unwrap(), p[1].as_str().unwrap())).collect()
        }
        _ => Vec::new(),
    };
    for (name, value) in pairs {
        case = case.header(name, value);
    }
    case
}

/// The vector's own host stands for a mapped address; its Host goes out as another.
fn q_sign(vector: &Value) -> Case {
    let mut case = with_headers(Case::mapped(text(vector, "request_target")), vector);
    if text(vector, "form") != "query" {
        let lists = (text(vector, "header_list"), text(vector, "url_param_list"));
        let value = signature::authorization(ID, text(vector, "key_time"), lists, text(vector, "signature"));
        case = case.header("authorization", &value.replace(ID, text(vector, "secret_id")));
    }
    case
}

/// Signed for the same bucket's name under COS's other domain, at the vector's own time.
fn sign(case: &Case, vector: &Value, host: &str) -> Outcome {
    let key = settings::Key {
        secret_id: text(vector, "secret_id").into(),
        secret_key: Some(Secret::new(text(vector, "secret_key").into())),
        ..settings::Key::default()
    };
    let asked = Asked {
        method: &text(vector, "method").parse().unwrap(),
        host,
        any_port: true,
        is_own: true,
        target: &case.target,
        headers: &case.headers,
        is_form: false,
    };
    let sent = host.replace(".myqcloud.com", ".tencentcos.cn").replace(":8080", "").replace(":80", "");
    let (start, _) = case.auth().sign_time.unwrap();
    Keys::new(&[key]).unwrap().sign(&asked, &Sent { host: &sent, target: &case.target }, start)
}

#[test]
fn every_vector_verifies_as_its_client_made_it() {
    let mut seen = 0;
    for file in ["signature-vectors.json", "signature-vectors-other.json"] {
        for vector in &vectors(file) {
            let (case, host) = match text(vector, "form") {
                "header" | "query" | "header-multi" => (q_sign(vector), text(vector, "host").to_owned()),
                "sigv4-header" | "sigv4-query" => {
                    let url: http::Uri = text(vector, "url").parse().unwrap();
                    let target = url.path_and_query().unwrap().as_str();
                    (with_headers(Case::mapped(target), vector), url.host().unwrap().to_owned())
                }
                _ => continue,
            };
            let covered = case.auth().signs_host();
            let wanted = if covered { ProxySigning::Anew } else { ProxySigning::NotCovered };
            let host = if host.contains(':') { host } else { format!("{host}:80") };
            let id = text(vector, "id");
            assert_eq!(sign(&case, vector, &host).signing(), wanted, "{id}");
            if covered {
                let other = case.clone().replaced("/", "/x");
                assert_eq!(sign(&other, vector, &host).signing(), ProxySigning::DoesNotVerify, "{id}");
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 43 + 10);
}
