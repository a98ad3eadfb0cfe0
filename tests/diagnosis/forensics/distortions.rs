//! COS's own scheme: each distortion of what is signed.

use coswhy::cos::auth::Auth;
use coswhy::cos::signature::{VerifyInput, signed_parts};
use coswhy::diagnosis::Confidence;

use super::{HOST, Signed, found};

type Spoil = fn(&mut Signed);

#[test]
fn each_distortion_of_a_good_signature_is_found_and_certain() {
    let host = "signature-host-mismatch";
    let path = "signature-path-encoding";
    let header = "signature-header-changed";
    let param = "signature-params-mismatch";
    let method = "signature-method-mismatch";
    let cases: &[(&str, &str, Spoil)] = &[
        ("host-port", host, |s| s.lines[3] = s.lines[3].replace(HOST, &format!("{HOST}%3A443"))),
        ("host", host, |s| s.lines[3] = s.lines[3].replace("cos.ap-guangzhou", "cos.accelerate")),
        ("host", host, |s| s.lines[3] = s.lines[3].replace("cos.ap-guangzhou", "cos-internal.ap-guangzhou")),
        ("host", host, |s| s.lines[3] = s.lines[3].replace("ap-guangzhou", "ap-shanghai")),
        ("host", host, |s| s.lines[3] = s.lines[3].replace("myqcloud.com", "tencentcos.cn")),
        ("host", host, |s| s.lines[3] = s.lines[3].replace(".cos.ap-guangzhou.", ".file.")),
        ("host", host, |s| {
            s.headers.push(("x-forwarded-host", "img.example.com"));
            s.lines[3] = s.lines[3].replace(HOST, "img.example.com");
        }),
        ("path-encoded", path, |s| s.lines[1] = "/dir/caf%C3%A9%20a+b.txt".into()),
        ("path-encoded", path, |s| s.lines[1] = "/dir/caf%C3%A9%20a%2Bb.txt".into()),
        ("path-encoded", path, |s| s.lines[1] = "/dir/caf%c3%a9%20a%2bb.txt".into()),
        ("path-encoded", path, |s| s.lines[1] = "%2Fdir%2Fcaf%C3%A9%20a%2Bb.txt".into()),
        ("path-plus", path, |s| s.lines[1] = "/dir/café+a+b.txt".into()),
        ("path-plus", path, |s| s.lines[1] = "/dir/café a b.txt".into()),
        ("path-encoded-twice", path, |s| s.lines[1] = "/dir/caf%25C3%25A9%2520a%252Bb.txt".into()),
        ("path-normalization", path, |s| s.lines[1] = "/dir/cafe\u{301} a+b.txt".into()),
        ("path-slash", path, |s| s.lines[1] = "dir/café a+b.txt".into()),
        ("path-slash", path, |s| s.lines[1] = "//dir/café a+b.txt".into()),
        ("path-bucket", path, |s| s.lines[1] = "/photos-1250000000/dir/café a+b.txt".into()),
        ("path-query", path, |s| {
            s.lines[1] = "/dir/café a+b.txt?partNumber=1&uploadId=1%2Fx%20Y".into();
        }),
        ("content-type-charset", header, |s| {
            s.headers[1].1 = "text/plain; charset=utf-8";
        }),
        ("content-type-charset", header, |s| {
            s.lines[3] = s.lines[3].replace("text%2Fplain", "text%2Fplain%3B%20charset%3Dutf-8");
        }),
        ("content-type", header, |s| {
            s.lines[3] = s.lines[3].replace("text%2Fplain", "application%2Foctet-stream");
        }),
        ("body-length", header, |s| s.lines[3] = s.lines[3].replace("=120", "=117")),
        ("body-length", header, |s| s.lines[3] = s.lines[3].replace("=120", "=0")),
        ("header-left-out", header, |s| s.lines[3] = s.lines[3].replace("&x-cos-meta-a=b%20c", "")),
        ("header-not-listed", header, |s| {
            s.header_list = "content-length;content-type;host";
        }),
        ("header-not-sent", header, |s| {
            s.header_list = "content-length;content-type;expect;host;x-cos-meta-a";
            s.lines[3] = s.lines[3].replace("&host", "&expect=100-continue&host");
        }),
        ("header-order", header, |s| {
            s.header_list = "host;content-type;content-length;x-cos-meta-a";
            s.lines[3] =
                format!("host={HOST}&content-type=text%2Fplain&content-length=120&x-cos-meta-a=b%20c");
        }),
        ("header-encoding", header, |s| s.lines[3] = s.lines[3].replace("%2F", "/").replace("%20", " ")),
        ("header-encoding", header, |s| s.lines[3] = s.lines[3].replace("%2F", "%2f")),
        ("header-encoding", header, |s| s.lines[3] = s.lines[3].replace("%20", "+")),
        ("param-encoding", param, |s| s.lines[2] = "partnumber=1&uploadid=1/x%20Y".into()),
        ("param-encoding", param, |s| s.lines[2] = "partnumber=1&uploadid=1/x Y".into()),
        ("param-encoding", param, |s| s.lines[2] = "partnumber=1&uploadid=1%2fx%20Y".into()),
        ("param-encoding", param, |s| s.lines[2] = "partnumber=1&uploadid=1%2Fx+Y".into()),
        ("param-order", param, |s| {
            s.param_list = "uploadid;partnumber";
            s.lines[2] = "uploadid=1%2Fx%20Y&partnumber=1".into();
        }),
        ("param-left-out", param, |s| s.lines[2] = "uploadid=1%2Fx%20Y".into()),
        ("param-left-out", param, |s| s.lines[2] = String::new()),
        ("param-not-listed", param, |s| s.param_list = "partnumber"),
        ("param-not-sent", param, |s| {
            s.param_list = "acl;partnumber;uploadid";
            s.lines[2] = "acl=&partnumber=1&uploadid=1%2Fx%20Y".into();
        }),
        ("method", method, |s| s.lines[0] = "get".into()),
        ("method-case", method, |s| s.lines[0] = "PUT".into()),
        // two at once
        ("path-encoded", path, |s| {
            s.lines[1] = "/dir/caf%C3%A9%20a%2Bb.txt".into();
            s.lines[3] = s.lines[3].replace("cos.ap-guangzhou", "cos.accelerate");
        }),
    ];
    let good = Signed::upload().http_string();
    for (distortion, cause, spoil) in cases {
        for told in [true, false] {
            let mut signed = Signed { told, ..Signed::upload() };
            spoil(&mut signed);
            // COS computes over what arrives: the good string but for what the spoiling sent or listed otherwise
            let exchange = signed.exchange(&computed(&signed, &good));
            let (said, confidence, by) = found(&exchange);
            let shown = signed.lines.join(" | ");
            assert_eq!((said.as_str(), by.as_str()), (*cause, *distortion), "{shown}");
            if told || *distortion != "host-port" {
                assert_eq!(confidence, Confidence::Certain, "{shown}");
            }
        }
    }
}

/// What COS computes of the request as it arrives.
fn computed(signed: &Signed, good: &str) -> String {
    let exchange = signed.exchange(good);
    let auth = Auth::from_request(
        &exchange.request.headers.map,
        signed.target.split_once('?').map(|(_, q)| q),
        None,
    );
    let input = VerifyInput {
        method: signed.method,
        target: signed.target,
        headers: &exchange.request.headers.map,
        host: None,
        auth: &auth,
    };
    String::from_utf8(signed_parts(&input).http_string()).unwrap()
}
