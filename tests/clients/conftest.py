"""coswhy as it is by default, so by https, in front of a simulated COS."""

import subprocess

import pytest

from clients_under_test import client, key, make  # noqa: F401
from programs import binary, free_port, running
from world import OWNER, World

REGION, BUCKET = "ap-guangzhou", "examplebucket-1250000000"


def certificates(folder):
    """A certificate authority of the test's own, and a certificate by it for every bucket of the region."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True,
                       stdin=subprocess.DEVNULL)

    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=coswhy tests")
    openssl("req", *curve, "-keyout", "cos.key", "-out", "cos.csr", "-subj", "/CN=simulated COS")
    (folder / "cos.ext").write_text(
        f"basicConstraints=CA:FALSE\nsubjectAltName=DNS:*.cos.{REGION}.myqcloud.com,DNS:cos.{REGION}.myqcloud.com\n")
    openssl("x509", "-req", "-in", "cos.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "cos.ext", "-out", "cos.pem")
    return folder / "ca.pem", folder / "cos.pem", folder / "cos.key"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("coswhy")


@pytest.fixture(scope="session")
def log_file(folder):
    return folder / "coswhy.log"


@pytest.fixture(scope="session")
def world(folder, log_file):
    authority, certificate, private = certificates(folder)
    plain, tls, listen, admin = free_port(), free_port(), free_port(), free_port()
    simulator = [binary(), "simulator", "--listen", f"127.0.0.1:{plain}", "--tls-listen", f"127.0.0.1:{tls}",
                 "--cert", certificate, "--key", private]
    config = folder / "coswhy.toml"
    config.write_text(f"""listen = "127.0.0.1:{listen}"
[admin]
listen = "127.0.0.1:{admin}"
[upstream]
connect_to = "127.0.0.1:{tls}"
ca_file = "{authority}"
[log]
file = "{log_file}"
""")
    with running(simulator, tls, folder / "simulator.out"):
        with running([binary(), "serve", "--config", config], listen, folder / "coswhy.out"):
            yield World(REGION, BUCKET, OWNER, listen, admin)


@pytest.fixture
def prefix():
    return "tests"
