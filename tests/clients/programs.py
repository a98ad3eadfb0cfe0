"""coswhy's own processes, on free ports, stopped by their id."""

import functools
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def binary():
    path = Path(os.environ.get("COSWHY_BIN", ROOT / "target/debug/coswhy"))
    assert path.exists(), f"{path} is not there: cargo build, or say where it is in COSWHY_BIN"
    return path


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@functools.cache
def localhost_names_resolve():
    try:
        return bool(socket.getaddrinfo("name.localhost", None))
    except OSError:
        return False


def environment(**more):
    """Nothing of the caller's proxies, settings or trust reaches the programs under test."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("COSWHY_", "AWS_", "SSL_CERT_", "NODE_EXTRA_"))
            and not name.lower().endswith(("_proxy", "_ca_bundle"))}
    return {**kept, **more}


@contextmanager
def running(command, port, output, **more):
    with open(output, "wb") as file:
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=file,
                                 stderr=file, env=environment(**more))
    try:
        wait_for(child, port, output)
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def wait_for(child, port, output):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{child.args} does not listen:\n{Path(output).read_text(errors='replace')}")
