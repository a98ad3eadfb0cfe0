"""What the tests of deploy/ share: where the programs are, and a coswhy that runs."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

# Of the simulated COS, a bucket that strangers may not read.
HIDDEN = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com"
ROOT = Path(__file__).resolve().parents[2]
HOST = next(
    line.split()[1]
    for line in subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout.splitlines()
    if line.startswith("host:")
)


def run(*command, **options):
    """A command that must succeed; its output."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def needs(program):
    """Marks a test that is skipped where a program is missing."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.fixture(scope="session")
def coswhy():
    """The program: the release where there is one, else the debug build."""
    for path in (ROOT / "target" / HOST / "release/coswhy", ROOT / "target/debug/coswhy"):
        if path.exists():
            return path
    pytest.skip("nothing is built: cargo build")


@pytest.fixture(scope="session")
def release():
    """The static release build, which images and packages are made of."""
    path = ROOT / "target" / HOST / "release/coswhy"
    if not path.exists():
        pytest.skip("no release build: deploy/release binary")
    return path


class Running:
    """A coswhy that serves on ports of its own."""

    def __init__(self, command, environment, start=subprocess.Popen):
        self.port, self.admin = free_port(), free_port()
        environment = environment | {
            "COSWHY__LISTEN": f"127.0.0.1:{self.port}",
            "COSWHY_ADMIN__LISTEN": f"127.0.0.1:{self.admin}",
        }
        self.process = start(
            [str(word) for word in command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def __enter__(self):
        deadline = time.monotonic() + 20
        while self.status("/readyz", self.admin) != 200:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                pytest.fail(f"coswhy did not start: {self.process.communicate()[0].decode()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.output = self.process.communicate(timeout=20)[0].decode()

    def status(self, path, port=None, host="localhost"):
        """The status of a request, or None where nobody answers."""
        try:
            with socket.create_connection(("127.0.0.1", port or self.port), timeout=10) as wire:
                wire.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                answer = b""
                while chunk := wire.recv(65536):
                    answer += chunk
        except OSError:
            return None
        return int(answer.split(b" ", 2)[1]) if answer else None


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def quiet_environment(**more):
    """The environment without settings of coswhy's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COSWHY")} | more


@pytest.fixture(scope="session")
def prometheus(coswhy, tmp_path_factory):
    """A Prometheus that watches coswhy by deploy/prometheus, where there was traffic."""
    from watched import watched  # which builds on this file

    with watched(coswhy, tmp_path_factory.mktemp("watched")) as here:
        yield here


@pytest.fixture(scope="session")
def cos(coswhy):
    """A simulated COS; its address."""
    port = free_port()
    process = subprocess.Popen([coswhy, "simulator", "--listen", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while ask(port, "GET", "/") is None:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def ask(port, method, target, host=HIDDEN, **headers):
    """The status, or None where nobody answers."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        wire.request(method, target, headers={"Host": host} | headers)
        answer = wire.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return None
    finally:
        wire.close()
