use coswhy::evidence::read;
use proptest::prelude::*;

/// Pieces that the readers look for, so that chance puts them together.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("HTTP/1.1 403 Forbidden\r\n".to_owned()),
        Just("> GET /a HTTP/1.1\n".to_owned()),
        Just("< HTTP/2 403\n".to_owned()),
        Just("* SSL connection\n".to_owned()),
        Just("<Error><Code>AccessDenied</Code>".to_owned()),
        Just("<Message>Access Denied.".to_owned()),
        Just("</Message></Error>".to_owned()),
        Just("Error Code: NoSuchKey; ".to_owned()),
        Just("'requestid': 'NjliYzVjYTBfYTM0MjBiMDlfMWE0N18xYzIyZDcw'".to_owned()),
        Just("curl -H 'a: b' https://b-1250000000.cos.ap-x.myqcloud.com/ \\\n".to_owned()),
        Just("Access to fetch at 'https://a' from origin 'b' has been blocked by CORS policy".to_owned()),
        Just("{\"log\":{\"entries\":[".to_owned()),
        Just("{\"request_id\":\"1\",\"outcome\":\"diagnosed\",\"status\":403}".to_owned()),
        Just("{\"type\":\"urn:coswhy:cause:x\"".to_owned()),
        Just("\\\"\\u003c\\ud800".to_owned()),
        Just("\"GET /a HTTP/1.1\" 403 1 \"-\" \"-\"\n".to_owned()),
        "\\PC{0,12}",
        "[\\n\\r\\t :;,(){}\\[\\]'\"=<>\\\\]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read("input", bytes.as_slice());
    }

    #[test]
    fn any_mixture_of_known_pieces_is_read_without_a_panic(pieces in prop::collection::vec(piece(), 0..24)) {
        let _ = read("input", pieces.concat().as_bytes());
    }

    #[test]
    fn a_body_is_found_whatever_stands_around_it(before in "[a-zA-Z ,.!\\n]{0,200}", after in "[a-zA-Z ,.!\\n]{0,200}") {
        let body = "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";
        let found = read("input", format!("{before}{body}{after}").as_bytes()).unwrap();
        prop_assert_eq!(found[0].exchange.response.body.as_deref(), Some(body.as_bytes()));
    }
}

/// More fields than a map of fields can hold.
#[test]
fn a_head_without_end_is_read_as_far_as_it_goes() {
    let fields: String = (0..40_000).map(|number| format!("x-{number}: 1\r\n")).collect();
    let text = format!("HTTP/1.1 403 Forbidden\r\n{fields}\r\n<Error><Code>AccessDenied</Code></Error>");
    assert!(read("answer", text.as_bytes()).is_ok());
}

/// What is inside itself without end: whoever follows it down runs out of stack, whoever copies it out of memory.
#[test]
fn what_is_nested_without_end_is_read_as_far_as_it_goes() {
    let body = "<Error><Code>AccessDenied</Code></Error>";
    for (open, close) in [
        ("[", "]"),
        ("{\"log\":", "}"),
        ("{\"log\":{\"entries\":[", "]}}"),
        ("{\"a\":[", "]}"),
        ("<a>", "</a>"),
        ("<Error>", "</Error>"),
        ("&amp;", ";"),
        ("%25", ""),
        ("\\\\\"", "\""),
        ("b'", "'"),
        ("(", ")"),
    ] {
        let _ = read("nested", format!("{}{body}{}", open.repeat(10_000), close.repeat(10_000)).as_bytes());
    }
    let entry = format!("{{\"log\":{{\"entries\":[{}1{}]}}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read("a.har", entry.as_bytes()).is_err());
    let laughs =
        format!("<!DOCTYPE e [<!ENTITY a \"{}\">]>{}", "&a;".repeat(1000), body.replace("Access", "&a;"));
    let _ = read("laughs", laughs.as_bytes());
}
