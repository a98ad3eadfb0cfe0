"""An application works through coswhy exactly as without it: the same exchanges with every client."""

import os

import pytest

from client_curl import fetch
from world import AWKWARD_KEYS

BODY = b"what was put is what comes back\r\n\0\xff" * 100


def test_put_get_head_delete(client, key):
    client.put(key, BODY)
    assert client.get(key) == BODY
    assert client.head(key) == len(BODY)
    client.delete(key)


def test_an_empty_object(client, key):
    client.put(key, b"")
    assert client.get(key) == b""
    client.delete(key)


def test_multipart_upload(client, key):
    data = os.urandom(1 << 20) * 11 + b"the last part is short"
    client.multipart(key, data)
    assert client.get(key) == data
    client.delete(key)


@pytest.mark.parametrize("name", AWKWARD_KEYS)
def test_awkward_keys(client, key, name):
    full = f"{key}/{AWKWARD_KEYS[name]}"
    client.put(full, BODY)
    try:
        assert client.get(full) == BODY
        assert client.list(f"{key}/") == [full]
    finally:
        client.delete(full)


@pytest.mark.parametrize("name", ["plain", *AWKWARD_KEYS])
def test_a_presigned_url_fetched_by_curl(client, world, key, name):
    full = f"{key}/{AWKWARD_KEYS.get(name, 'plain.txt')}"
    client.put(full, BODY)
    try:
        url = client.presigned(full)
        assert url.startswith(f"http://{world.host}/"), url
        status, headers, body = fetch(world, url)
        assert (status, body) == (200, BODY)
        assert "x-cos-diagnosis" not in headers
    finally:
        client.delete(full)


def test_a_list_of_what_a_prefix_holds(client, key):
    names = [f"{key}/{number}" for number in range(3)]
    for name in names:
        client.put(name, b"x")
    assert client.list(f"{key}/") == names
    for name in names:
        client.delete(name)
