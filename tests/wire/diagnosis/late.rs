//! Operations that fail inside an answer of 200: the client's bytes are COS's, the diagnosis is in log, metrics and ring.

use std::time::Instant;

use serde_json::Value;

use crate::harness::{HOST, Proxy, Upstream, get, millis};

const ID: &str = "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";
const XML: &str = "<?xml version='1.0' encoding='utf-8' ?>\n";
const FAILED: &str = "<Error>\n\t<Code>InternalError</Code>\n\t<Message>We encountered an internal error. Please try again.\
                      </Message>\n</Error>\n";

fn answer(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nServer: tencent-cos\r\nx-cos-request-id: {ID}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into()
}

fn request(method: &str, target: &str, fields: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 0\r\n{fields}\r\n")
}

fn copy(field: &str) -> String {
    request("PUT", "/key", &format!("{field}: other-1250000000.cos.ap-guangzhou.myqcloud.com/key\r\n"))
}

/// The log line of a request whose answer is passed on as it is.
fn line(body: &str, request: &str) -> (Proxy, Value) {
    let upstream = Upstream::answering(answer(body));
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(request);
    assert!(answer.status == 200 && answer.text() == body, "{request}");
    assert_eq!(answer.head.get("x-cos-diagnosis"), None);
    let line = proxy.log_line();
    (proxy, line)
}

#[test]
fn an_error_inside_a_200_is_diagnosed_everywhere_but_in_the_answer() {
    for request in [
        copy("x-cos-copy-source"),
        copy("x-amz-copy-source"),
        copy("x-cos-copy-source").replace("/key HTTP", "/key?partNumber=1&uploadId=5 HTTP"),
        request("POST", "/key?uploadId=5", ""),
    ] {
        for body in [format!("{XML}{FAILED}"), format!("  \n {FAILED}"), format!("{XML}   \n {FAILED}")] {
            let (proxy, line) = line(&body, &request);
            let said = [&line["level"], &line["outcome"], &line["cause"], &line["cos_code"]];
            assert_eq!(said, ["WARN", "diagnosed", "cos-unavailable", "InternalError"], "{line}");
            assert_eq!(line["status"], 200, "{line}");
            assert_eq!(line["bytes_out"].as_u64(), Some(body.len() as u64));
            let metrics = proxy.ask_admin("/metrics").unwrap().text();
            assert!(metrics.contains("coswhy_diagnoses_total{cause=\"cos-unavailable\""), "{metrics}");
            let kept = proxy.ask_admin("/diagnoses").unwrap().text();
            assert!(kept.contains("cos-unavailable") && kept.contains(line["request_id"].as_str().unwrap()));
        }
    }
}

#[test]
fn an_object_that_is_not_deleted_is_named_with_the_action_that_it_lacks() {
    let body = format!(
        "{XML}<DeleteResult>\n<Deleted><Key>gone</Key></Deleted>\n<Error><Key>dir/kept.txt</Key><Code>AccessDenied</Code>\
         <Message>Access Denied.</Message></Error>\n</DeleteResult>\n"
    );
    let authorization = "Authorization: q-sign-algorithm=sha1&q-ak=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&\
                         q-sign-time=1554781100;1654781200&q-key-time=1554781100;1654781200&q-header-list=host&\
                         q-url-param-list=delete&q-signature=a\r\n";
    let (proxy, line) = line(&body, &request("POST", "/?delete", authorization));
    assert_eq!(
        (&line["cause"], &line["key"]),
        (&"permission-denied".into(), &"dir/kept.txt".into()),
        "{line}"
    );
    let id = line["request_id"].as_str().unwrap();
    let whole = proxy.ask_admin(&format!("/diagnoses/{id}")).unwrap().text();
    assert!(whole.contains("needs name/cos:DeleteObject on qcs"), "{whole}");
    assert!(whole.contains("/dir/kept.txt") && !whole.contains("name/cos:DeleteMultipleObjects"), "{whole}");
    assert!(!whole.contains("q-signature=a"), "{whole}");
}

#[test]
fn other_answers_of_200_are_not_looked_at() {
    let fine = format!("{XML}<CopyObjectResult>\n\t<ETag>\"a\"</ETag>\n</CopyObjectResult>\n");
    let listed =
        format!("{XML}<DeleteResult><Deleted><Key>&lt;Error&gt;&lt;Code&gt;x</Key></Deleted></DeleteResult>");
    let quoted = format!(
        "{XML}<CompleteMultipartUploadResult><Key>a</Key><Error><Code>x</Code></Error>\
                          </CompleteMultipartUploadResult>"
    );
    let failed = format!("{XML}{FAILED}");
    for (body, request) in [
        (&fine, copy("x-cos-copy-source")),
        (&listed, request("POST", "/?delete", "")),
        (&quoted, request("POST", "/key?uploadId=5", "")),
        // an object whose content is an error of COS's shape
        (&failed, get("/key", "")),
        (&failed, get("/key?uploadId=5", "")),
        (&failed, request("PUT", "/key", "")),
        (&failed, request("POST", "/key?deleted", "")),
        (&"".into(), request("POST", "/?delete", "")),
    ] {
        let (_, line) = line(body, &request);
        assert_eq!(
            (&line["level"], &line["outcome"]),
            (&"INFO".into(), &"forwarded".into()),
            "{request}{line}"
        );
        assert!(line.get("cause").is_none(), "{line}");
    }
}

#[test]
fn white_space_goes_on_at_once_and_long_answers_are_only_begun() {
    let upstream = Upstream::start(|mut wire, _, _| {
        while wire.read_request().is_some() {
            wire.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nServer: tencent-cos\r\n\r\n2\r\n  \r\n",
            );
            std::thread::sleep(millis(600));
            wire.send(format!("{:x}\r\n{FAILED}\r\n0\r\n\r\n", FAILED.len()));
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    let begun = Instant::now();
    wire.send(copy("x-cos-copy-source"));
    wire.read_head().unwrap();
    assert_eq!(wire.read_up_to(7).len(), 7);
    assert!(begun.elapsed() < millis(500), "{:?}", begun.elapsed());
    assert_eq!(proxy.log_line()["cause"], "cos-unavailable");

    let long = format!("{XML}<DeleteResult>{}", "<Deleted><Key>0123456789</Key></Deleted>".repeat(5000));
    let late = format!("{long}<Error><Code>AccessDenied</Code></Error></DeleteResult>");
    let (_, line) = line(&late, &request("POST", "/?delete", ""));
    assert_eq!(line["outcome"], "forwarded");
}
