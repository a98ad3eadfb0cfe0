"""The fixtures that run a test once for every client and every way to point it at coswhy."""

import uuid

import pytest

from client_boto3 import Boto3
from client_curl import Curl
from client_node import NodeSdk
from client_python_sdk import PythonSdk

WAYS = {
    "python-proxies": (PythonSdk, "proxies"),
    "python-ip": (PythonSdk, "ip"),
    "node-proxy": (NodeSdk, "proxy"),
    "node-ip": (NodeSdk, "ip"),
    "boto3-proxies": (Boto3, "proxies"),
    "curl-proxy": (Curl, "proxy"),
    "curl-connect-to": (Curl, "connect-to"),
}


def clients():
    """Every client as `make(world)`."""
    return [pytest.param(lambda world, sort=sort, way=way: sort(world, way), id=name)
            for name, (sort, way) in WAYS.items()]


@pytest.fixture(params=clients())
def make(request):
    return request.param


@pytest.fixture
def client(make, world):
    return make(world)


@pytest.fixture
def key(prefix):
    """A key that no other test uses."""
    return f"{prefix}/{uuid.uuid4().hex}"
