"""What is a browser's own: preflights, what a page may read, and HTTP/2."""

import pytest

from client_browser import BrowserSdk
from client_curl import Curl, fetch
from refused import Refused, read_header
from roster import marks
from world import SUB_ACCOUNT

WAYS = [pytest.param(way, marks=marks(BrowserSdk, way)) for way in BrowserSdk.ways]


@pytest.mark.parametrize("way", WAYS)
def test_a_page_reads_cos_s_code_and_the_diagnosis(world, key, way):
    with pytest.raises(Refused) as caught:
        BrowserSdk(world.as_somebody(SUB_ACCOUNT), way).put(key, b"x")
    refused = caught.value
    assert (refused.status, refused.code, refused.message) == (403, "AccessDenied", "Access Denied.")
    assert read_header(refused.header).cause == "permission-denied"
    assert refused.explanation["diagnosis"]["cause"] == "permission-denied"


@pytest.mark.parametrize("way", WAYS)
def test_a_bucket_without_cors_rules_is_closed_to_pages(world, key, way):
    # `public` allows the page of an application alone; a map stands for one bucket, and this is another.
    if way == "mapped":
        pytest.skip("the address stands for a bucket that has the rule")
    BrowserSdk(world, way)
    client = BrowserSdk(world.with_bucket("public-1250000000"), way)
    with pytest.raises(AssertionError, match="CORS blocked or network error"):
        client.get(key)


def test_an_answer_names_the_headers_that_pages_may_read(world, key):
    BrowserSdk(world, "elsewhere")
    Curl(world, "elsewhere").put(key, b"x")
    _, headers, _ = fetch(world, world.url(key), "--header", "Origin: http://127.0.0.1:1")
    assert headers["access-control-allow-origin"] == "http://127.0.0.1:1"
    exposed = {name.strip().lower() for name in headers["access-control-expose-headers"].split(",")}
    assert {"etag", "x-cos-diagnosis"} <= exposed


@pytest.mark.parametrize("way, protocol", [
    pytest.param(way, protocol, marks=marks(BrowserSdk, way))
    for way, protocol in [("tls", "h2"), ("localhost", "http/1.1")]])
def test_which_protocol_it_speaks(world, key, way, protocol):
    client = BrowserSdk(world, way)
    client.put(key, b"x")
    assert client.protocol() == protocol
