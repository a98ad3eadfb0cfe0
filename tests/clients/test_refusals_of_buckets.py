"""Refusals by what a bucket, an object or a key's rights are: each client still has COS's code, and the diagnosis."""

import pytest

from client_curl import Curl, fetch
from refused import Refused, read_body, read_header
from test_refusals_of_keys import check
from world import READER, SUB_ACCOUNT, TEMPORARY


def bucket(world, name):
    return world.with_bucket(f"{name}-1250000000")


# The two shapes of an error: as it is on the wire, and as the vendor's troubleshooting page prints it.
@pytest.mark.parametrize("name, code", [("archive", "InvalidObjectState"), ("page-archive", "AccessDenied")])
def test_an_archived_object(make, world, name, code):
    with pytest.raises(Refused) as caught:
        make(bucket(world, name)).get("archived.bin")
    check(caught.value, {"object-archived"}, code)


@pytest.mark.parametrize("name", ["examplebucket", "page-examplebucket"])
def test_a_sub_account_without_the_right(make, world, name):
    with pytest.raises(Refused) as caught:
        make(bucket(world, name).as_somebody(SUB_ACCOUNT)).get("hello.txt")
    check(caught.value, {"permission-denied"}, "AccessDenied")


def test_a_temporary_key_works(make, world, key):
    client = make(world.as_somebody(TEMPORARY))
    client.put(key, b"temporary")
    assert client.get(key) == b"temporary"
    client.delete(key)


def test_a_temporary_key_whose_policy_lacks_the_action(make, world, key):
    with pytest.raises(Refused) as caught:
        make(world.as_somebody(READER)).put(key, b"x" * 300_000)
    check(caught.value, {"temporary-key-policy"}, "AccessDenied")


def test_a_temporary_key_without_its_token(make, world):
    with pytest.raises(Refused) as caught:
        make(world.as_somebody(TEMPORARY).with_keys(token=None)).get("hello.txt")
    check(caught.value, {"security-token-missing"}, "InvalidAccessKeyId")


def test_an_account_in_arrears(make, world):
    with pytest.raises(Refused) as caught:
        make(bucket(world, "arrears")).get("hello.txt")
    check(caught.value, {"account-in-arrears"}, "UnavailableForLegalReasons", status=451)


@pytest.mark.parametrize("name", ["referer", "page-referer"])
def test_a_referer_that_is_not_allowed(world, name):
    with pytest.raises(Refused) as caught:
        Curl(bucket(world, name)).request("GET", "hello.txt", sign=False,
                                          headers=["Referer: https://elsewhere.example/"])
    check(caught.value, {"referer-denied"}, "AccessDenied", "certain")


def test_a_preflight_that_no_rule_allows(world):
    status, headers, body = fetch(
        world, world.url("hello.txt"), "--request", "OPTIONS", "--header", "Origin: https://elsewhere.example",
        "--header", "Access-Control-Request-Method: PUT")
    assert status == 403
    assert read_header(headers["x-cos-diagnosis"]).cause == "cors-not-allowed"
    assert read_body(body)[0] == "AccessForbidden"


def test_path_style_on_a_new_bucket(world):
    url = f"http://cos.{world.region}.myqcloud.com/newstyle-1250000000/hello.txt"
    status, headers, body = fetch(world, url)
    assert status == 403
    assert read_header(headers["x-cos-diagnosis"]).cause == "path-style-forbidden"
    assert read_body(body)[0] == "PathStyleDomainForbidden"


def test_what_is_not_cos_passes_unchanged_but_for_the_header(world):
    status, headers, body = fetch(world, bucket(world, "firewall").url("hello.txt"))
    assert status == 403
    assert read_header(headers["x-cos-diagnosis"]).cause == "not-from-cos"
    assert b"<Diagnosis>" not in body and b"<html" in body.lower()
    assert int(headers["content-length"]) == len(body)


def test_an_object_that_is_not_there_is_an_answer_and_no_failure(make, world, key):
    with pytest.raises(Refused) as caught:
        make(world).get(key)
    assert (caught.value.status, caught.value.code) == (404, "NoSuchKey")
    assert caught.value.header is None and caught.value.explanation is None
