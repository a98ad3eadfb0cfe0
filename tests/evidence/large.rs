//! What is long takes time in proportion to its length.

use coswhy::evidence::read;

#[test]
fn a_long_log_takes_time_in_proportion_to_its_length() {
    let line =
        "2026-03-24 12:00:01 ERROR put \"k\": AccessDenied: Access Denied. status code: 403, request id: ";
    let log = |lines: u32| -> String {
        (0..lines)
            .map(|n| {
                let id = format!("{:08x}_a3420b09_1a47_{n:07x}", 0x69bc_5ca0_u32 + n);
                let id = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, id);
                format!("{line}{id}, host id: \n")
            })
            .collect()
    };
    let time = |lines: u32| {
        let log = log(lines);
        let start = std::time::Instant::now();
        assert_eq!(read("log", log.as_bytes()).unwrap().len(), lines as usize);
        start.elapsed().as_secs_f64()
    };
    let (short, long) = (time(500), time(4000));
    assert!(long < short * 8.0 * 4.0 + 0.5, "{short} s for 500 lines, {long} s for 4000");
}

/// Nothing breaks these into lines: whatever looks for the end of one must not look through all of it each time.
#[test]
fn a_line_without_end_takes_time_in_proportion_to_its_length() {
    for piece in [
        "AccessDenied ",
        "<Error><Code>AccessDenied</Code></Error> ",
        "'code': 'x' +",
        "https://b-1250000000.cos.ap-x.myqcloud.com/a ",
        "1.0 b-1 r 2026-03-24T12:00:01Z a.b GetObject ",
        "< Code >",
        "q-ak=***&",
        "HttpString: get\\n/a",
        "临时密钥 anonymous ",
        "sessionToken NOSIGN ",
        "qcs::cos:a:uid/1:b/",
        "allowPrefix: [",
        "--acl public-read without ",
        "Response { status: StatusCode(403), headers: ",
        " q-sign-algorithm=sha1&",
        "HttpString: get\\n/a\\n\\nhost=b\\n ",
    ] {
        let time = |bytes: usize| {
            let line = piece.repeat(bytes / piece.len());
            let start = std::time::Instant::now();
            let _ = read("line", line.as_bytes());
            start.elapsed().as_secs_f64()
        };
        let (short, long) = (time(20_000), time(160_000));
        assert!(long < short * 8.0 * 4.0 + 0.5, "{piece}: {short} s for 20 kB, {long} s for 160 kB");
    }
}
