"""The checking server by itself: it takes what the real signers sign, and nothing that was changed afterwards."""

import boto3
import pytest
from botocore.client import Config
from qcloud_cos import CosConfig, CosS3Client

from checking import client
from checking.requests_worth_signing import HEADERS, KEYS, QUERIES, REPEATED_HEADERS, REPEATED_QUERIES
from checking.server import BODY, checking
from world import OWNER, TEMPORARY

REGION = "ap-guangzhou"
SIGNERS = {"sigv4": client.sigv4, "sigv4-query": client.sigv4_query, "qsign": client.qsign,
           "qsign-query": client.qsign_query}


@pytest.fixture(scope="module")
def checked():
    with checking({keys.secret_id: keys.secret_key for keys in (OWNER, TEMPORARY)}) as server:
        yield server


@pytest.mark.parametrize("signer", SIGNERS)
def test_it_takes_what_the_signers_sign(checked, signer):
    sign = SIGNERS[signer]
    host = f"127.0.0.1:{checked.port}"
    wire = [(f"/{client.encoded(key)}", "", []) for key in KEYS.values()]
    wire += [("/key", f"?{query}", []) for query in QUERIES.values()]
    wire += [("/key", "", headers) for headers in HEADERS.values()]
    if signer.startswith("sigv4"):
        wire += [("/key", f"?{query}", []) for query in REPEATED_QUERIES.values()]
        wire += [("/key", "", headers) for headers in REPEATED_HEADERS.values()]
    for path, query, headers in wire:
        target, headers = sign(OWNER, REGION, "GET", f"http://{host}{path}{query}", headers)
        answer = client.send(checked.port, host, "GET", target, headers)
        assert answer[0] == 200, (path, query, answer[2].decode())


@pytest.mark.parametrize("signer", SIGNERS)
def test_it_takes_nothing_that_was_changed(checked, signer):
    host = f"127.0.0.1:{checked.port}"
    target, headers = SIGNERS[signer](OWNER, REGION, "GET", f"http://{host}/key?prefix=a", [("Range", "bytes=0-1")])
    elsewhere = host.replace("127.0.0.1", "localhost") if "qsign" in signer else host.replace(":", ":1")
    changed = {
        "host": (elsewhere, "GET", target, headers),
        "method": (host, "PUT", target, headers),
        "path": (host, "GET", target.replace("/key", "/kez"), headers),
        "query": (host, "GET", target.replace("prefix=a", "prefix=b"), headers),
        "header": (host, "GET", target, [(name, value.replace("0-1", "0-2")) for name, value in headers]),
        "signature": (host, "GET", target, [(name, value) for name, value in headers if name != "Authorization"])
        if "query" not in signer else (host, "GET", target.replace("ignature=", "ignature=0"), headers),
    }
    for what, order in changed.items():
        assert client.send(checked.port, *order)[0] == 403, what


def test_it_takes_what_boto3_sends(checked):
    s3 = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{checked.port}", region_name=REGION,
                      aws_access_key_id=TEMPORARY.secret_id, aws_secret_access_key=TEMPORARY.secret_key,
                      aws_session_token=TEMPORARY.token,
                      config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}))
    for key in KEYS.values():
        s3.put_object(Bucket="b-1250000000", Key=key, Body=b"abc", Metadata={"one": "two  words"})
        assert s3.get_object(Bucket="b-1250000000", Key=key)["Body"].read() == BODY
    s3.head_object(Bucket="b-1250000000", Key="a")
    assert checked.last[1] is None


def test_it_takes_what_the_vendor_sdk_sends(checked):
    cos = CosS3Client(CosConfig(Region=REGION, SecretId=OWNER.secret_id, SecretKey=OWNER.secret_key, Scheme="http",
                                IP="127.0.0.1", Port=checked.port), retry=0)
    for key in KEYS.values():
        cos.put_object(Bucket="b-1250000000", Key=key, Body=b"abc")
        cos.get_object(Bucket="b-1250000000", Key=key, ResponseContentDisposition="attachment")
        received, fault = checked.last
        assert fault is None
        assert received.host == f"b-1250000000.cos.{REGION}.myqcloud.com"
