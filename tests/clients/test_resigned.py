"""What coswhy signs anew is right, says somebody else's code: real signers sign for coswhy's own addresses, coswhy signs
anew for the COS name, and the checking server verifies what arrives there."""

import pytest

from checking import client
from checking.requests_worth_signing import HEADERS, KEYS, QUERIES, REPEATED_HEADERS, REPEATED_QUERIES
from checking.server import BODY, checking
from programs import binary, free_port, running
from world import OWNER, TEMPORARY

REGION, BUCKET = "ap-guangzhou", "examplebucket-1250000000"
HOST = f"{BUCKET}.cos.{REGION}.myqcloud.com"
SIGNERS = {"sigv4": client.sigv4, "sigv4-query": client.sigv4_query, "qsign": client.qsign,
           "qsign-query": client.qsign_query}


@pytest.fixture(scope="module")
def coswhy(tmp_path_factory):
    """`(port, checked)`."""
    folder = tmp_path_factory.mktemp("resigned")
    port = free_port()
    with checking({keys.secret_id: keys.secret_key for keys in (OWNER, TEMPORARY)}) as checked:
        (folder / "coswhy.toml").write_text(f"""listen = "127.0.0.1:{port}"
[admin]
listen = "127.0.0.1:{free_port()}"
[upstream]
url = "http://127.0.0.1:{checked.port}"
[[keys]]
secret_id = "{OWNER.secret_id}"
secret_key_env = "TESTS_OWNER"
[[keys]]
secret_id = "{TEMPORARY.secret_id}"
secret_key_env = "TESTS_TEMPORARY"
[[map]]
host = "bucket.example"
region = "{REGION}"
bucket = "{BUCKET}"
[[map]]
host = "region.example"
region = "{REGION}"
""")
        with running([binary(), "serve", "--config", folder / "coswhy.toml"], port, folder / "coswhy.out",
                     TESTS_OWNER=OWNER.secret_key, TESTS_TEMPORARY=TEMPORARY.secret_key):
            yield port, checked


# Way -> what stands before the key.
ADDRESSES = {
    "mapped": "http://bucket.example:{port}/",
    "path": f"http://region.example:{{port}}/{BUCKET}/",
    "localhost": f"http://{BUCKET}.cos.{REGION}.localhost:{{port}}/",
    "localhost-path": f"http://cos.{REGION}.localhost:{{port}}/{BUCKET}/",
}


@pytest.fixture(params=ADDRESSES)
def base(request, coswhy):
    return ADDRESSES[request.param].format(port=coswhy[0])


@pytest.fixture(params=SIGNERS)
def sign(request):
    return SIGNERS[request.param]


def exchange(coswhy, sign, url, method="GET", headers=(), body=b"", keys=OWNER, payload=None):
    """What arrived, whose signature must be right for the COS name."""
    port, checked = coswhy
    seen = len(checked.seen)
    target, signed = sign(keys, REGION, method, url, headers, body, payload)
    status, answer, text = client.send(port, url.split("/")[2], method, target, signed, body)
    assert len(checked.seen) == seen + 1, (status, text)
    received, fault = checked.last
    assert fault is None, fault
    assert (status, text) == (200, BODY if method == "GET" else b""), (url, status, text)
    assert "x-cos-diagnosis" not in answer
    assert received.host == HOST
    assert received.method == method
    assert received.body == body
    return received


def test_keys(coswhy, base, sign):
    for key in KEYS.values():
        path = client.encoded(key)
        assert exchange(coswhy, sign, base + path).path == f"/{path}"


def test_keys_that_are_not_encoded_as_the_signers_would(coswhy, base):
    """The vendor's algorithm signs the decoded key, so that any spelling of it is one."""
    for path in ("a'(b)*!", "%7Euser", "a%2fb", "%61", "a@b:c,d;e=f"):
        assert exchange(coswhy, client.qsign, base + path).path == f"/{path}"


def test_queries(coswhy, base, sign):
    for query in QUERIES.values():
        for key in ("", "key"):
            received = exchange(coswhy, sign, f"{base}{key}?{query}")
            assert received.path == f"/{key}"
            assert received.target.startswith(f"/{key}?{query}")


def test_queries_with_repeated_names(coswhy, base):
    for sign in (client.sigv4, client.sigv4_query):
        for query in REPEATED_QUERIES.values():
            assert exchange(coswhy, sign, f"{base}key?{query}").target.startswith(f"/key?{query}")


def test_headers(coswhy, base, sign):
    for headers in HEADERS.values():
        received = exchange(coswhy, sign, f"{base}key", headers=headers)
        for name, value in headers:
            assert received.values(name.lower()) == [value]


def test_repeated_headers(coswhy, base):
    for sign in (client.sigv4, client.sigv4_query):
        for headers in REPEATED_HEADERS.values():
            received = exchange(coswhy, sign, f"{base}key", headers=headers)
            for name, _ in headers:
                assert received.values(name) == [value for other, value in headers if other == name]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
def test_methods(coswhy, base, sign, method):
    body = b"content \0\xff" if method in ("PUT", "POST") else b""
    exchange(coswhy, sign, f"{base}a%20key?uploadId=1", method, body=body)


def test_temporary_keys(coswhy, base, sign):
    received = exchange(coswhy, sign, f"{base}a%20key?prefix=a%2Fb", keys=TEMPORARY)
    said = received.target + "".join(value for _, value in received.headers)
    assert TEMPORARY.token in said


@pytest.mark.parametrize("payload", ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"])
def test_the_hash_of_the_body_stays_as_it_was_said(coswhy, base, payload):
    body = b"4\r\nabcd\r\n0\r\nx-amz-checksum-crc32:7YLNEQ==\r\n\r\n" if "TRAILER" in payload else b"abcd"
    headers = [("Content-Encoding", "aws-chunked"), ("X-Amz-Trailer", "x-amz-checksum-crc32"),
               ("X-Amz-Decoded-Content-Length", "4")] if "TRAILER" in payload else []
    received = exchange(coswhy, client.sigv4, f"{base}key", "PUT", headers, body, payload=payload)
    assert received.header("x-amz-content-sha256") == payload


def test_its_times_are_the_clients(coswhy, base):
    target, signed = client.qsign(OWNER, REGION, "GET", f"{base}key")
    port, checked = coswhy
    client.send(port, base.split("/")[2], "GET", target, signed)
    said, again = dict(signed)["Authorization"], checked.last[0].header("authorization")
    for name in ("q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list"):
        assert part(again, name) == part(said, name)
    assert part(again, "q-signature") != part(said, "q-signature")


def part(authorization, name):
    return dict(pair.partition("=")[::2] for pair in authorization.split("&"))[name]
