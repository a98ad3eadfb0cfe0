"""nghttp2's h2load at `tls.listen`: many requests at once on few connections of HTTP/2, and every answer whole."""

import re
import subprocess

import pytest

from client import not_installed
from client_curl import Curl

SIZE = 100_000


@pytest.mark.skipif(bool(not_installed("h2load")), reason="h2load is not installed")
def test_every_answer_arrives_whole(world, key):
    Curl(world, "elsewhere").put(key, b"x" * SIZE)
    url = Curl(world, "elsewhere").presigned(key).replace("http://", "https://", 1)
    run = subprocess.run(
        ["h2load", "-n", "600", "-c", "3", "-m", "32", f"--connect-to=127.0.0.1:{world.tls_port}", url],
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert run.returncode == 0, run.stderr
    assert "Application protocol: h2" in run.stdout, run.stdout
    assert re.search(r"status codes: 600 2xx, 0 3xx, 0 4xx, 0 5xx", run.stdout), run.stdout
    assert re.search(r"600 succeeded, 0 failed, 0 errored, 0 timeout", run.stdout), run.stdout
    data = re.search(r"\((\d+)\) data", run.stdout)
    assert int(data[1]) == 600 * SIZE, run.stdout
