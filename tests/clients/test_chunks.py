"""Bodies that are signed chunk by chunk, each signature over the one before: coswhy can't sign them anew, and says so."""

import os

import pytest

from client_aws_js import AwsJs
from client_go import MinioGo
from refused import Refused, read_header
from roster import marks
from test_matrix import newest, store

BODY = os.urandom(300_000)


def chunked(world, way):
    client = MinioGo(world, way)
    client.order["Chunked"] = True
    return client


@pytest.mark.parametrize("way", [pytest.param(way, marks=marks(MinioGo, way)) for way in ("elsewhere", "proxy")])
def test_they_pass_where_nothing_is_signed_anew(world, key, way):
    chunked(world, way).put(key, BODY)
    assert store(world).get(key) == BODY


@pytest.mark.parametrize("way", [pytest.param(way, marks=marks(MinioGo, way)) for way in ("mapped", "path", "localhost")])
def test_where_they_would_have_to_be_signed_anew_the_refusal_is_coswhys_own_doing(world, key, way):
    with pytest.raises(Refused):
        chunked(world, way).put(key, BODY)
    assert newest(world)["cause"] == "caused-by-proxy"


@pytest.mark.parametrize("way", [pytest.param(way, marks=marks(AwsJs, way)) for way in ("proxy", "path")])
def test_a_checksum_behind_the_body_is_what_cos_does_not_take(world, key, way):
    with pytest.raises(Refused) as caught:
        AwsJs(world, way).put_stream(key, BODY)
    assert (caught.value.status, caught.value.code) == (400, "NotImplemented")
    assert read_header(caught.value.header).cause == "aws-chunked-unsupported"
