"""The vendor's SDKs and its command line."""

from clients import coscmd, node_sdk, python_sdk
from situations import *  # noqa: F403

PUT = "client.put_object(Bucket='@BUCKET@', Key='photos/2024/IMG_0042.jpg', Body=b'x' * 2000)"
GET = "client.get_object(Bucket='@BUCKET@', Key='hello.txt')"
UPLOAD = ("cos.putObject({Bucket: '@BUCKET@', Region: '@REGION@', Key: 'photos/IMG_0042.jpg', Body: Buffer.from('x')}"
          .removeprefix("cos."))
SIGNATURE = ["signature-secret-wrong", "signature-mismatch"]
POLICY = ["temporary-key-policy", "permission-denied"]
PYTHON, NODE, COSCMD = "cos-python-sdk-v5 1.9.44", "cos-nodejs-sdk-v5 3.0.0", "coscmd 1.9.0.6"


def row(file, made, causes, run, kind="vendor SDK", **more):
    return dict(file=file, kind=kind, made=made, causes=causes, run=run, **more)


def python_rows():
    def one(name, causes, call, logged=True, **more):
        what = "the traceback with the SDK's own log" if logged else "the traceback"
        return row(f"python-sdk-{name}.txt", f"{PYTHON}, {what}", causes, python_sdk(call, logged), **more)

    return [
        one("wrong-key", SIGNATURE, PUT, where=wrong_secret),
        one("wrong-key-traceback", SIGNATURE, PUT, False, where=wrong_secret),
        one("page-shape", SIGNATURE, GET, False, where=lambda here: wrong_secret(here.at("page-examplebucket"))),
        one("unknown-id", ["secret-id-unknown"], GET, where=unknown_id),
        one("placeholder", ["secret-id-malformed"], GET, False, where=placeholder_id),
        one("swapped-keys", ["secret-id-malformed"], GET, where=swapped),
        one("sub-account", ["permission-denied"], GET, where=sub_account),
        one("sub-account-list", ["permission-denied"], "client.list_objects(Bucket='@BUCKET@', Prefix='photos/')", where=sub_account),
        one("reader-uploads", POLICY, PUT, where=reader),
        one("no-token", ["security-token-missing", "secret-id-unknown"], GET, where=no_token),
        one("expired-token", ["security-token-expired"], GET, where=expired_token),
        one("clock-behind", ["signature-expired", "clock-skew"], GET, clock=20000),
        one("clock-skewed", ["clock-skew"], GET, False, answer=SKEWED),
        one("clock-ahead", ["clock-skew", "signature-not-yet-valid", "signature-expired"], GET, clock=-20000),
        one("wrong-region", ["bucket-not-found"], GET, False, where=lambda here: here.at("examplebucket", "ap-shanghai")),
        one("archived", ["object-archived"], "client.get_object(Bucket='@BUCKET@', Key='archived.bin')"),
        one("archived-page", ["object-archived"], "client.get_object(Bucket='@BUCKET@', Key='archived.bin')", False,
            where=bucket("page-archive")),
        one("head", ["cause-hidden", "permission-denied"], "client.head_object(Bucket='@BUCKET@', Key='hello.txt')", where=sub_account),
        one("copy-source", ["copy-source-denied"],
            "client.copy_object(Bucket='@BUCKET@', Key='b.txt', CopySource={'Bucket': 'other-1250000000', 'Key': 'a.txt', "
            "'Region': 'ap-beijing'})", answer=SOURCE),
        one("restoring", ["restore-in-progress"],
            "client.restore_object(Bucket='@BUCKET@', Key='old.tar', RestoreRequest={'Days': 3, 'CASJobParameters': {'Tier': 'Bulk'}})",
            False, answer=RESTORING),
        one("slow", ["upload-too-slow"], PUT, answer=SLOW),
        one("socket", ["upload-too-slow"], PUT, False, answer=SOCKET),
        one("arrears", ["account-in-arrears"], GET, where=bucket("arrears")),
        one("strict", ["signature-strict-mode"], PUT, False, answer=STRICT),
        one("cors-file", ["request-body-malformed"],
            "client.put_bucket_cors(Bucket='@BUCKET@', CORSConfiguration={'CORSRule': [{'AllowedOrigin': ['*'], 'AllowedMethod': ['GET']}]})",
            answer=MALFORMED),
        one("rate", ["rate-limited"], GET, False, answer=SLOW_DOWN),
        one("internal", ["cos-unavailable"], GET, False, answer=INTERNAL),
        one("unheard-of", ["unrecognised"], GET, False, answer=UNHEARD),
        one("taken", ["bucket-name-taken"], "client.create_bucket(Bucket='@BUCKET@')", False, answer=BUCKET_TAKEN),
        one("firewall", ["not-from-cos"], GET, where=bucket("firewall")),
    ]


def node_rows():
    def one(name, causes, call, how="console.log(err)", **more):
        return row(f"node-sdk-{name}.txt", f"{NODE}, {how}", causes, node_sdk(call, how), **more)

    get = "getObject({Bucket: '@BUCKET@', Region: '@REGION@', Key: 'hello.txt'}"
    return [
        one("wrong-key", SIGNATURE, UPLOAD, where=wrong_secret),
        one("wrong-key-json", SIGNATURE, UPLOAD, "console.log(JSON.stringify(err))", where=wrong_secret),
        one("wrong-key-error", SIGNATURE, UPLOAD, "console.log(err.error)", where=wrong_secret),
        one("unknown-id", ["secret-id-unknown"], get, where=unknown_id),
        one("unknown-id-message", ["secret-id-unknown"], get, "console.error('上传失败', err.code, err.message)", where=unknown_id),
        one("reader-uploads", POLICY, UPLOAD, where=reader),
        one("reader-uploads-thrown", POLICY, UPLOAD, "{ throw err; }", where=reader),
        one("sub-account", ["permission-denied"], get, "console.log(JSON.stringify(err, null, 2))", where=sub_account),
        one("expired-token", ["security-token-expired"], get, "console.log(err.error)", where=expired_token),
        one("head", ["cause-hidden", "permission-denied"], "headObject({Bucket: '@BUCKET@', Region: '@REGION@', Key: 'hello.txt'}",
            where=sub_account),
        one("wrong-region", ["bucket-not-found"], "getBucket({Bucket: '@BUCKET@', Region: 'ap-shanghai'}"),
        one("slow", ["upload-too-slow"], UPLOAD, "console.log(String(err))", answer=SLOW),
        one("clock", ["clock-skew"], get, answer=SKEWED),
        one("arrears", ["account-in-arrears"], get, "console.log(err.error)", where=bucket("arrears")),
        one("acl", ["acl-permission-denied", "permission-denied"],
            "putObjectAcl({Bucket: '@BUCKET@', Region: '@REGION@', Key: 'hello.txt', ACL: 'public-read'}", where=sub_account),
        one("no-key", ["key-not-found"], "getObject({Bucket: '@BUCKET@', Region: '@REGION@', Key: 'none.txt'}", "console.log(err.error)"),
        one("firewall", ["not-from-cos"], get, where=bucket("firewall")),
    ]


def coscmd_rows():
    def one(name, causes, *arguments, **more):
        return row(f"coscmd-{name}.txt", COSCMD, causes, coscmd(*arguments), kind="command line", **more)

    return [
        one("wrong-key", SIGNATURE, "upload", "a.txt", "a.txt", where=wrong_secret),
        one("wrong-key-debug", SIGNATURE, "-d", "upload", "a.txt", "a.txt", where=wrong_secret),
        one("unknown-id-list", ["secret-id-unknown"], "list", where=unknown_id),
        one("sub-account-list", ["permission-denied"], "list", "-r", where=sub_account),
        one("placeholder", ["secret-id-malformed"], "upload", "a.txt", "a.txt", where=placeholder_id),
        one("clock", ["clock-skew"], "list", answer=SKEWED),
        one("download", ["cause-hidden", "permission-denied"], "download", "hello.txt", "out.txt", where=sub_account),
    ]


ROWS = [*python_rows(), *node_rows(), *coscmd_rows()]
