"""Every client under test, and the fixtures that run a test for each of them."""

import uuid

import pytest

from client_aws_cli import AwsCli
from client_aws_js import AwsJs
from client_boto3 import Boto3
from client_browser import BrowserSdk
from client_coscmd import Coscmd
from client_curl import Curl, CurlHttp2
from client_go import AwsGo, MinioGo
from client_mini_program import MiniProgramSdk
from client_minio import MinioPython
from client_node import NodeSdk, NodeSdkUnsignedHost
from client_python_sdk import PythonSdk, PythonSdkUnsignedHost
from client_rclone import Rclone
from client_restic import Restic
from client_s3cmd import S3cmd
from client_s3fs import S3fs
from client_terraform import Terraform
from programs import localhost_names_resolve

# The matrix's rows, in its order: vendor SDKs, vendor tools, S3 clients.
CLIENTS = [
    PythonSdk,
    PythonSdkUnsignedHost,
    NodeSdk,
    NodeSdkUnsignedHost,
    BrowserSdk,
    MiniProgramSdk,
    Coscmd,
    Curl,
    CurlHttp2,
    Boto3,
    AwsCli,
    Rclone,
    S3cmd,
    S3fs,
    MinioPython,
    AwsJs,
    AwsGo,
    MinioGo,
]

# Tools whose objects are of their own making: each is tried as a whole.
WHOLE_TOOLS = [Restic, Terraform]

# Those whose user code sees everything: what is tested in detail is tested with these, by the ways that rewrite nothing.
THOROUGH = [(sort, way) for sort in (PythonSdk, NodeSdk, Boto3, Curl) for way in ("elsewhere", "proxy")
            if way in sort.ways]


def marks(sort, way):
    reason = sort.missing()
    group = pytest.mark.xdist_group(sort.name)
    if not reason and way in sort.asks_the_system_for_localhost and not localhost_names_resolve():
        reason = "the system does not resolve NAME.localhost: libnss-myhostname"
    return [group, pytest.mark.skip(reason=reason)] if reason else [group]


def every_way(clients):
    return [pytest.param(sort, way, id=f"{sort.name}-{way}", marks=marks(sort, way))
            for sort in clients for way in sort.ways]


@pytest.fixture(params=[pytest.param(one, id=f"{one[0].name}-{one[1]}") for one in THOROUGH])
def make(request):
    """A client as `make(world)`."""
    sort, way = request.param
    return lambda world: sort(world, way)


@pytest.fixture
def client(make, world):
    return make(world)


@pytest.fixture
def key(prefix):
    """A key that no other test uses."""
    return f"{prefix}/{uuid.uuid4().hex}"
