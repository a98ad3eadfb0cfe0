"""Refusals that any bucket gives: what is wrong is the key, the signature, or that there is none."""

import json
import time

import pytest

from client_curl import Curl, fetch
from refused import Refused, read_body, read_header


def check(refused, causes, code, confidence=None, status=403):
    """The client has COS's own code, and the diagnosis by every way that this client hands it out."""
    assert refused.status == status
    assert refused.code == code
    assert refused.message
    seen = []
    if refused.header:
        header = read_header(refused.header)
        seen.append((header.cause, header.confidence))
    if refused.explanation:
        diagnosis = refused.explanation["diagnosis"]
        assert diagnosis["summary"] and diagnosis["evidence"]
        assert refused.explanation["cos"]["code"] == code
        seen.append((diagnosis["cause"], diagnosis["confidence"]))
    assert seen, "this client's user code saw no diagnosis"
    for cause, found in seen:
        assert cause in causes
        assert confidence in (None, found)


def test_an_unknown_secret_id(make, world, key):
    stranger = make(world.with_keys(secret_id="AKID" + "z" * 32, token=None))
    with pytest.raises(Refused) as caught:
        stranger.get(key)
    check(caught.value, {"secret-id-unknown"}, "InvalidAccessKeyId")


def test_a_wrong_secret_key(make, world, key):
    mistaken = make(world.with_keys(secret_key="w" * 32))
    with pytest.raises(Refused) as caught:
        mistaken.get(key)
    check(caught.value, {"signature-mismatch", "signature-secret-wrong"}, "SignatureDoesNotMatch")


def test_a_wrong_secret_key_on_an_upload(make, world, key):
    mistaken = make(world.with_keys(secret_key="w" * 32))
    with pytest.raises(Refused) as caught:
        mistaken.put(key, b"x" * 300_000)
    check(caught.value, {"signature-mismatch", "signature-secret-wrong"}, "SignatureDoesNotMatch")


def test_a_head_with_a_wrong_secret_key_has_its_diagnosis_in_the_header(make, world, key):
    mistaken = make(world.with_keys(secret_key="w" * 32))
    with pytest.raises(Refused) as caught:
        mistaken.head(key)
    # There is no body, so what was wrong with the signature can't be known.
    assert caught.value.status == 403
    header = read_header(caught.value.header)
    assert header.confidence == "possible"


@pytest.mark.parametrize("way", ["proxy", "elsewhere"])
def test_no_signature_at_all(world, key, way):
    with pytest.raises(Refused) as caught:
        Curl(world, way).request("GET", key, sign=False)
    check(caught.value, {"anonymous-access-denied"}, "AccessDenied", "certain")


def test_an_expired_presigned_url(world, key):
    signer = Curl(world).signer
    url = signer.get_presigned_url(Bucket=world.bucket, Key=key, Method="GET", Expired=1)
    time.sleep(3)
    status, headers, body = fetch(world, url)
    assert status == 403
    assert read_header(headers["x-cos-diagnosis"]).cause == "signature-expired"
    code, message, explanation = read_body(body)
    assert (code, message) == ("AccessDenied", "Request has expired")
    assert explanation["diagnosis"]["confidence"] == "certain"


def test_who_asks_for_json_gets_problem_json(world, key):
    status, headers, body = fetch(world, world.url(key), "--header", "Accept: application/problem+json")
    assert status == 403
    assert headers["content-type"].startswith("application/problem+json")
    problem = json.loads(body)
    assert problem["type"] == "urn:coswhy:cause:anonymous-access-denied"
    assert problem["status"] == 403
    assert "x-cos-request-id" in headers
