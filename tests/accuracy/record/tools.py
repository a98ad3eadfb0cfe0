"""curl, and clients that speak S3."""

from clients import (aws, aws_js, boto3, curl, minio, presigned, python, rclone, restic, s3cmd, s3fs, through_coswhy,
                     wget)
from situations import *  # noqa: F403

SIGNATURE = ["signature-secret-wrong", "signature-mismatch"]
HIDDEN = ["cause-hidden"]
POLICY = ["temporary-key-policy", "permission-denied"]
NEW = bucket("newstyle", path_style=True)
BOTO3, AWS, CURL, RCLONE, RESTIC = "boto3 1.44.5", "aws-cli 1.46.3", "curl 7.88.1", "rclone 1.60.1", "restic 0.14.0"
S3CMD, S3FS, MINIO, AWS_JS = "s3cmd 2.4.0", "s3fs 1.90", "minio (Python) 7.2.20", "@aws-sdk/client-s3 3"
PUT = "s3.put_object(Bucket='@BUCKET@', Key='photos/a b.jpg', Body=b'x')"
GET = "s3.get_object(Bucket='@BUCKET@', Key='hello.txt')"
OBJECT = "https://@HOST@/hello.txt"


def row(file, kind, made, causes, run, **more):
    return dict(file=file, kind=kind, made=made, causes=causes, run=run, **more)


def curl_rows():
    def one(name, causes, *arguments, sign=None, **more):
        return row(f"curl-{name}.txt", "curl", f"{CURL} {arguments[0]}", causes, curl(*arguments, sign=sign), **more)

    anonymous = ["anonymous-access-denied"]
    return [
        one("anonymous-i", [*anonymous, "permission-denied"], "-i", "-sS", OBJECT),
        one("anonymous-v", anonymous, "-v", "-s", OBJECT),
        one("anonymous-s", [*anonymous, "permission-denied"], "-s", OBJECT),
        one("anonymous-page-i", anonymous, "-v", "-sS", OBJECT, where=bucket("page-examplebucket")),
        one("anonymous-put", anonymous, "-v", "-sS", "-T", "a.txt", "https://@HOST@/a.txt"),
        one("anonymous-head", [*anonymous, "cause-hidden"], "-I", "-sS", OBJECT),
        one("expired-i", ["signature-expired"], "-i", "-sS", sign=presigned("hello.txt"), clock=4000),
        one("expired-v", ["signature-expired"], "-v", "-sS", sign=presigned("hello.txt"), clock=4000),
        one("future-v", ["clock-skew", "signature-not-yet-valid"], "-v", "-sS", sign=presigned("hello.txt"), clock=-4000),
        one("wrong-key-v", SIGNATURE, "-v", "-sS", sign=presigned("hello.txt"), where=wrong_secret),
        one("wrong-key-s", SIGNATURE, "-s", sign=presigned("hello.txt"), where=wrong_secret),
        one("unknown-id-v", ["secret-id-unknown"], "-v", "-sS", sign=presigned("hello.txt"), where=unknown_id),
        one("sub-account-v", ["permission-denied"], "-v", "-sS", sign=presigned("hello.txt"), where=sub_account),
        # This SDK leaves the token out of the URLs that it signs.
        one("reader-put-v", ["security-token-missing"], "-v", "-sS", "-T", "a.txt", sign=presigned("hello.txt", "PUT"), where=reader),
        one("plus-for-space-v", ["signature-path-encoding", *SIGNATURE], "-v", "-sS",
            sign=presigned("two words.txt", spoil=lambda url: url.replace("two%20words", "two+words"))),
        one("get-url-for-put-v", ["signature-method-mismatch", *SIGNATURE], "-v", "-sS", "-T", "a.txt", sign=presigned("a.txt")),
        one("no-token-v", ["security-token-missing"], "-v", "-sS", sign=presigned("hello.txt"), where=no_token),
        one("cut-url-v", ["signature-malformed"], "-v", "-sS",
            sign=presigned("hello.txt", spoil=lambda url: url.split("&q-signature")[0])),
        one("referer-v", ["referer-denied"], "-v", "-sS", "-e", "https://elsewhere.example/", OBJECT, where=bucket("referer")),
        one("referer-none-i", ["referer-denied"], "-i", "-sS", OBJECT, where=bucket("referer")),
        one("preflight-v", ["cors-not-allowed"], "-v", "-sS", "-X", "OPTIONS", "-H", "Origin: https://elsewhere.example", "-H",
            "Access-Control-Request-Method: PUT", OBJECT),
        one("preflight-page-i", ["cors-not-allowed"], "-i", "-sS", "-X", "OPTIONS", "-H", "Origin: https://elsewhere.example", "-H",
            "Access-Control-Request-Method: PUT", OBJECT, where=bucket("page-examplebucket")),
        one("apk-i", ["default-domain-restricted"], "-i", "-sS", "https://@HOST@/app.apk", where=bucket("newstyle")),
        one("path-style-v", ["path-style-forbidden"], "-v", "-sS", "https://cos.@REGION@.myqcloud.com/@BUCKET@/hello.txt",
            where=bucket("newstyle")),
        one("arrears-i", ["account-in-arrears"], "-i", "-sS", OBJECT, where=bucket("arrears")),
        one("archived-i", ["object-archived"], "-i", "-sS", "https://@HOST@/archived.bin", where=bucket("archive")),
        one("no-appid-i", ["bucket-without-appid"], "-i", "-sS", "https://examplebucket.cos.@REGION@.myqcloud.com/a.txt"),
        one("double-appid-i", ["bucket-not-found"], "-i", "-sS",
            "https://examplebucket-1250000000-1250000000.cos.@REGION@.myqcloud.com/a.txt"),
        one("website-put-v", ["website-read-only"], "-v", "-sS", "-T", "a.txt",
            "https://@BUCKET@.cos-website.@REGION@.myqcloud.com/a.txt",
            answer=Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")),
        one("accelerate-i", ["accelerate-unsupported"], "-i", "-sS", "https://@BUCKET@.cos.accelerate.myqcloud.com/?cors",
            answer=ACCELERATE),
        one("precondition-i", ["precondition-failed"], "-i", "-sS", "-H", 'If-Match: "0"', OBJECT, where=bucket("public")),
        one("no-length-v", ["content-length-missing"], "-v", "-sS", "-H", "Transfer-Encoding: chunked", "-T", "a.txt",
            "https://@HOST@/a.txt", answer=NO_LENGTH),
        one("bad-digest-v", ["content-md5-mismatch"], "-v", "-sS", "-H", "Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==", "-T", "a.txt",
            "https://@HOST@/a.txt", answer=BAD_DIGEST),
        one("malformed-xml-i", ["request-body-malformed"], "-i", "-sS", "-X", "PUT", "-d", "{}", "https://@HOST@/?cors", answer=MALFORMED),
        one("nginx-i", ["not-from-cos"], "-i", "-sS", OBJECT, answer=NGINX),
        one("nginx-s", ["not-from-cos"], "-s", OBJECT, answer=NGINX),
        one("cdn-v", ["not-from-cos"], "-v", "-sS", "https://cdn.example.com/a.png", answer=CDN),
        one("cdn-head", ["not-from-cos"], "-I", "-sS", "https://cdn.example.com/a.png", answer=CDN),
        one("waf-i", ["not-from-cos"], "-i", "-sS", "https://static.example.com/a.png?id=1%20or%201=1", answer=WAF),
        one("ceph-i", ["not-from-cos"], "-i", "-sS", "https://s3.example.com/data/a.txt", answer=CEPH),
        one("squid-i", ["not-from-cos"], "-i", "-sS", OBJECT, answer=SQUID),
        one("ci-role-i", ["ci-role-missing"], "-i", "-sS", "https://@BUCKET@.pic.@REGION@.myqcloud.com/a.jpg?imageInfo", answer=NO_ROLE),
        one("quota-i", ["quota-exhausted"], "-i", "-sS", OBJECT, answer=QUOTA),
        one("rate-i", ["rate-limited"], "-i", "-sS", OBJECT, answer=SLOW_DOWN),
        one("missing-v", ["key-not-found"], "-v", "-sS", "https://@HOST@/none.txt", where=bucket("public")),
        one("charset-v", ["signature-header-changed"], "-v", "-sS", "-T", "a.txt", "-H", "Content-Type: text/plain; charset=UTF-8",
            sign=presigned("a.txt", "PUT", headers={"Content-Type": "text/plain"})),
        one("parameter-v", ["signature-params-mismatch", *SIGNATURE], "-v", "-sS",
            sign=presigned("hello.txt", params={"response-content-type": "image/png"},
                           spoil=lambda url: url.replace("response-content-type=image%2Fpng", "response-content-type=image%2Fjpeg"))),
        one("host-signed-elsewhere-v", ["signature-host-mismatch", *SIGNATURE], "-v", "-sS",
            sign=presigned("hello.txt", headers={"Host": "cdn.example.com"})),
        one("cdn-host-v", ["signature-host-mismatch"], "-v", "-sS",
            sign=presigned("a.png", spoil=lambda url: url.replace("examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com",
                                                                  "cdn.example.com")),
            answer=signature("get\n/a.png\n\nhost=examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com\n")),
        row("coswhy-host-i.txt", "curl", f"{CURL} at coswhy's own address", ["caused-by-proxy"],
            through_coswhy("-i", "-sS", sign=presigned("hello.txt", headers={"Host": "examplebucket-1250000000.cos.ap-guangzhou.localhost"}))),
        row("wget-anonymous.txt", "command line", "wget 1.21", ["anonymous-access-denied", "cause-hidden", "permission-denied"],
            wget("-S", "-O", "-", OBJECT)),
        row("wget-expired.txt", "command line", "wget 1.21", ["signature-expired"], wget("-S", "-O", "-", sign=presigned("hello.txt")),
            clock=4000),
        row("requests-raise.txt", "S3 or HTTP library", "requests 2.34, raise_for_status",
            ["cause-hidden", "permission-denied"],
            lambda here: python(here, "import requests\nrequests.get('" + presigned("hello.txt")(here) + "').raise_for_status()\n"),
            where=sub_account),
        row("requests-text.txt", "S3 or HTTP library", "requests 2.34, printed answer", ["anonymous-access-denied"],
            lambda here: python(here, "import requests\nr = requests.put('https://@HOST@/a.txt', data=b'x')\n"
                                "print(r.status_code, r.request.method, r.url, r.request.headers, r.headers, r.text, sep='\\n')\n")),
        row("requests-bytes.txt", "S3 or HTTP library", "requests 2.34, repr of the body", ["account-in-arrears"],
            lambda here: python(here, "import requests\nr = requests.get('https://@HOST@/hello.txt')\n"
                                "print('download failed:', r.status_code, r.content)\n"), where=bucket("arrears")),
        row("form-no-signature.txt", "curl", f"{CURL} -F", ["anonymous-access-denied", "permission-denied"],
            curl("-i", "-sS", "-F", "key=a.txt", "-F", "file=@a.txt", "https://@HOST@/")),
        row("form-expired.txt", "curl", f"{CURL} -F", ["post-policy-expired"],
            curl("-i", "-sS", "-F", "key=a.txt", "-F", "file=@a.txt", "https://@HOST@/"),
            answer=Refusal(403, "AccessDenied", "You post object request has been expired, expiration time: 1774353600 but the time "
                           "now : 1774357200")),
        row("form-condition.txt", "curl", f"{CURL} -F", ["post-policy-mismatch"],
            curl("-s", "-F", "key=b.txt", "-F", "file=@a.txt", "https://@HOST@/"),
            answer=Refusal(403, "AccessDenied", "Condition key key doesn't match the value photos/")),
        row("form-no-conditions.txt", "curl", f"{CURL} -F", ["post-policy-malformed"],
            curl("-s", "-F", "key=b.txt", "-F", "file=@a.txt", "https://@HOST@/"),
            answer=Refusal(400, "InvalidPolicyDocument", "You must provide condition if you specify a policy in post object request.")),
        row("form-malformed.txt", "curl", f"{CURL} --data", ["post-form-malformed"],
            curl("-v", "-sS", "-H", "Content-Type: multipart/form-data", "--data", "key=a", "https://@HOST@/"),
            answer=Refusal(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")),
    ]


def s3_rows():
    def b3(name, causes, call, debug=False, checksums="when_required", **more):
        return row(f"boto3-{name}.txt", "S3 or HTTP library", f"{BOTO3}{' with its debug log' if debug else ''}", causes,
                   boto3(call, debug, checksums), **more)

    def cli(name, causes, *arguments, checksums="when_required", **more):
        return row(f"aws-cli-{name}.txt", "command line", f"{AWS} {' '.join(arguments[:2])}", causes,
                   aws(*arguments, checksums=checksums), **more)

    head = "s3.head_object(Bucket='@BUCKET@', Key='hello.txt')"
    delete = "s3.delete_objects(Bucket='@BUCKET@', Delete={'Objects': [{'Key': 'a'}]})"
    return [
        b3("wrong-key", SIGNATURE, PUT, where=wrong_secret),
        b3("wrong-key-response", SIGNATURE, "from botocore.exceptions import ClientError\ntry:\n    " + GET +
           "\nexcept ClientError as error:\n    print(error.response)", where=wrong_secret),
        b3("unknown-id", ["secret-id-unknown"], GET, where=unknown_id),
        b3("sub-account", ["permission-denied"], GET, where=sub_account),
        b3("sub-account-debug", ["permission-denied"], GET, debug=True, where=sub_account),
        b3("reader-uploads", POLICY, PUT, where=reader),
        b3("head", [*HIDDEN], head, where=sub_account),
        b3("head-debug", ["permission-denied"], head, debug=True, where=sub_account),
        b3("path-style", ["path-style-forbidden"], GET, where=NEW),
        b3("trailer", ["aws-chunked-unsupported"], PUT, checksums=None, answer=TRAILER),
        b3("no-length", ["content-length-missing", "aws-chunked-unsupported"], PUT, checksums=None, answer=NO_LENGTH),
        b3("no-md5", ["content-md5-missing"], delete, checksums=None, answer=NO_MD5),
        b3("wrong-region", ["bucket-not-found"], GET, where=lambda here: here.at("examplebucket", "ap-shanghai")),
        b3("expired-token", ["security-token-expired"], GET, where=expired_token),
        b3("clock", ["clock-skew"], GET, answer=SKEWED),
        b3("list", ["permission-denied"], "s3.list_objects_v2(Bucket='@BUCKET@')", where=sub_account),
        b3("upload-file", ["permission-denied"], "open('a.bin', 'wb').write(b'x')\ns3.upload_file('a.bin', '@BUCKET@', 'a.bin')",
           where=sub_account),
        b3("archived", ["object-archived"], "s3.get_object(Bucket='@BUCKET@', Key='archived.bin')"),
        b3("copy-missing", ["copy-source-missing"],
           "s3.copy_object(Bucket='@BUCKET@', Key='b', CopySource={'Bucket': 'other-1250000000', 'Key': 'a'})", answer=SOURCE_MISSING),
        cli("cp-head", HIDDEN, "s3", "cp", "s3://@BUCKET@/hello.txt", "-", where=sub_account),
        cli("cp-up", ["permission-denied"], "s3", "cp", "a.txt", "s3://@BUCKET@/a.txt", where=sub_account),
        cli("cp-up-trailer", ["aws-chunked-unsupported"], "s3", "cp", "a.txt", "s3://@BUCKET@/a.txt", checksums=None, answer=TRAILER),
        cli("ls-no-bucket", ["bucket-not-found"], "s3", "ls", "s3://none-1250000000/"),
        cli("ls-unknown-id", ["secret-id-unknown"], "s3", "ls", "s3://@BUCKET@/", where=unknown_id),
        cli("get-debug", SIGNATURE, "--debug", "s3api", "get-object", "--bucket", "@BUCKET@", "--key", "hello.txt", "out",
            where=wrong_secret),
        cli("put-debug", ["permission-denied"], "--debug", "s3api", "put-object", "--bucket", "@BUCKET@", "--key", "a.txt", "--body",
            "a.txt", where=sub_account),
        cli("path-style", ["path-style-forbidden"], "s3", "ls", "s3://@BUCKET@/", where=NEW),
        cli("acl", ["acl-permission-denied", "permission-denied"], "s3api", "put-object-acl", "--bucket", "@BUCKET@", "--key",
            "hello.txt", "--acl", "public-read", where=sub_account),
        cli("rm-md5", ["content-md5-missing"], "s3api", "delete-objects", "--bucket", "@BUCKET@", "--delete", "Objects=[{Key=a}]",
            checksums=None, answer=NO_MD5),
        cli("mb", ["bucket-name-taken"], "s3", "mb", "s3://@BUCKET@", answer=BUCKET_TAKEN),
        *other_tools(),
    ]


def other_tools():
    def tool(kind="command line"):
        return lambda name, made, causes, run, **more: row(f"{name}.txt", kind, made, causes, run, **more)

    line, library = tool(), tool("S3 or HTTP library")
    js = "new PutObjectCommand({ Bucket: '@BUCKET@', Key: 'a.txt', Body: 'x' })"
    stat = "client.stat_object('@BUCKET@', 'hello.txt')"
    put = "import io\nclient.put_object('@BUCKET@', 'a.txt', io.BytesIO(b'x'), 1)"
    return [
        line("rclone-cat", f"{RCLONE} -vv cat", ["permission-denied"], rclone("-vv", "cat", "cos:@BUCKET@/hello.txt"), where=sub_account),
        line("rclone-lsd", f"{RCLONE} lsf", ["permission-denied"], rclone("lsf", "cos:@BUCKET@/photos"), where=sub_account),
        line("rclone-copy", f"{RCLONE} -vv copy", ["permission-denied", "cause-hidden"], rclone("-vv", "copy", "d", "cos:@BUCKET@/d"), where=sub_account),
        line("rclone-path-style", f"{RCLONE} lsf, provider Other", ["path-style-forbidden"], rclone("lsf", "cos:@BUCKET@"), where=NEW),
        line("rclone-wrong-key", f"{RCLONE} -vv lsf", SIGNATURE, rclone("-vv", "lsf", "cos:@BUCKET@"), where=wrong_secret),
        line("rclone-dump", f"{RCLONE} --dump bodies lsf", ["secret-id-unknown"], rclone("-vv", "--dump", "bodies", "lsf", "cos:@BUCKET@"),
             where=unknown_id),
        line("restic-init", f"{RESTIC} init", [*HIDDEN, "permission-denied"], restic("init"), where=sub_account),
        line("restic-snapshots", f"{RESTIC} snapshots", [*HIDDEN, "permission-denied"], restic("snapshots"), where=sub_account),
        line("restic-path-style", f"{RESTIC} snapshots", ["path-style-forbidden", *HIDDEN], restic("snapshots"), where=NEW),
        line("s3cmd-ls", f"{S3CMD} ls", ["secret-id-unknown"], s3cmd("ls", "s3://@BUCKET@/"), where=unknown_id),
        line("s3cmd-put", f"{S3CMD} put", ["permission-denied"], s3cmd("put", "a.txt", "s3://@BUCKET@/a.txt"), where=sub_account),
        line("s3cmd-get-debug", f"{S3CMD} --debug get", ["permission-denied"], s3cmd("--debug", "get", "s3://@BUCKET@/hello.txt", "out"),
             where=sub_account),
        line("s3cmd-wrong-key", f"{S3CMD} ls", SIGNATURE, s3cmd("ls", "s3://@BUCKET@/"), where=wrong_secret),
        line("s3fs-wrong-key", f"{S3FS} -o dbglevel=err", SIGNATURE, s3fs(), where=wrong_secret),
        line("s3fs-path-style", f"{S3FS} -o dbglevel=err", ["path-style-forbidden"], s3fs(), where=NEW),
        line("s3fs-info", f"{S3FS} -o dbglevel=info", ["permission-denied"], s3fs("info"), where=sub_account),
        library("minio-stat", MINIO, HIDDEN, minio(stat), where=sub_account),
        library("minio-put", MINIO, ["permission-denied"], minio(put), where=sub_account),
        library("minio-path-style", MINIO, ["path-style-forbidden"], minio(put), where=NEW),
        library("minio-wrong-key", MINIO, SIGNATURE, minio(put), where=wrong_secret),
        library("aws-js-put", AWS_JS, ["permission-denied"], aws_js(js), where=sub_account),
        library("aws-js-put-message", f"{AWS_JS}, err.message", ["permission-denied"],
                aws_js(js, "console.error(`upload failed: ${err.name}: ${err.message}`)"), where=sub_account),
        library("aws-js-head", AWS_JS, [*HIDDEN], aws_js("new HeadObjectCommand({ Bucket: '@BUCKET@', Key: 'hello.txt' })"),
                where=sub_account),
        library("aws-js-wrong-key", AWS_JS, SIGNATURE, aws_js(js), where=wrong_secret),
        library("aws-js-json", f"{AWS_JS}, JSON.stringify(err)", ["path-style-forbidden"], aws_js(js, "console.log(JSON.stringify(err))"),
                where=NEW),
        library("aws-js-no-bucket", AWS_JS, ["bucket-not-found"], aws_js("new ListObjectsV2Command({ Bucket: 'none-1250000000' })")),
    ]


ROWS = [*curl_rows(), *s3_rows()]
