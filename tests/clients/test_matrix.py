"""Each client, by each way in that it can use, does everything: the matrix of docs/pointing-clients.md."""

import json
import os
import urllib.request

import pytest

from client_curl import Curl, fetch
from refused import Refused, read_header
from roster import CLIENTS, every_way
from ways import OPERATIONS
from world import AWKWARD_KEYS, SUB_ACCOUNT

BODY = b"what was put is what comes back\r\n\0\xff" * 100


def store(world):
    """The way past the client under test: curl, by a way that rewrites nothing."""
    return Curl(world, "elsewhere")


def upload(client, world, key):
    client.put(key, BODY)
    assert store(world).get(key) == BODY


def multipart_upload(client, world, key):
    data = os.urandom(client.part + 1000)
    client.multipart(key, data)
    assert store(world).get(key) == data
    # The ETag of an object in parts ends in how many they were.
    etag = store(world).request("HEAD", key)[0]["etag"]
    assert etag.rstrip('"').rpartition("-")[2] == "2", etag


def download(client, world, key):
    store(world).put(key, BODY)
    assert client.get(key) == BODY


def byte_range(client, world, key):
    store(world).put(key, BODY)
    assert client.range(key, 5, 20) == BODY[5:21]


def listing(client, world, key):
    names = [f"{key}/{number}" for number in range(3)]
    for name in names:
        store(world).put(name, b"x")
    assert client.list(f"{key}/") == names


def delete(client, world, key):
    store(world).put(key, BODY)
    client.delete(key)
    with pytest.raises(Refused) as caught:
        store(world).get(key)
    assert caught.value.status == 404


def presigned_url(client, world, key):
    store(world).put(key, BODY)
    url = client.presigned(key)
    status, headers, body = fetch(world, url, way=client.way)
    assert (status, body) == (200, BODY)
    assert "x-cos-diagnosis" not in headers


def refusal(client, world, key):
    store(world).put(key, BODY)
    # A key that coswhy has, whose signature is right, and that may not do this.
    with pytest.raises(Refused) as caught:
        type(client)(world.as_somebody(SUB_ACCOUNT), client.way).get(key)
    refused = caught.value
    if client.shows_code:
        assert (refused.status, refused.code) == (403, "AccessDenied")
    causes = []
    if refused.header:
        causes.append(read_header(refused.header).cause)
    if refused.explanation:
        causes.append(refused.explanation["diagnosis"]["cause"])
    if not client.shows_diagnosis:
        causes.append(newest(world)["cause"])
    assert set(causes) == {"permission-denied"}


def newest(world):
    """The newest diagnosis, as the admin listener has it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{world.admin_port}/diagnoses", timeout=10) as answer:
        return json.loads(answer.read())["diagnoses"][0]


CHECKS = dict(zip(OPERATIONS, (upload, multipart_upload, download, byte_range, listing, delete, presigned_url, refusal),
                  strict=True))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("sort, way", every_way(CLIENTS))
def test_client(sort, way, operation, world, key, record_property):
    record_property("cell", (sort.name, way, operation))
    if operation in sort.lacks:
        pytest.skip(sort.lacks[operation])
    CHECKS[operation](sort(world, way), world, key)


@pytest.mark.parametrize("sort, way", every_way(CLIENTS))
def test_keys_of_strange_characters(sort, way, world, key, record_property):
    record_property("cell", (sort.name, way, "strange keys"))
    client, names = sort(world, way), sort.strange_keys(AWKWARD_KEYS)
    for name in names:
        client.put(f"{key}/{name}", name.encode())
    for name in names:
        assert store(world).get(f"{key}/{name}") == name.encode(), name
        assert client.get(f"{key}/{name}") == name.encode(), name
    assert sorted(client.list(f"{key}/")) == sorted(f"{key}/{name}" for name in names)
