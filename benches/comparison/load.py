"""The loads: many small requests by wrk, one large object over one connection, connections that do nothing."""

import os
import re
import resource
import shutil
import socket
import struct
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from . import tls
from .peers import HOST, MODULE, OBJECT_MIB

MIB = 1 << 20
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def missing_tools():
    missing = [tool for tool in ("wrk", "h2load", "openssl", "nginx") if not shutil.which(tool)]
    return missing + ([] if Path(MODULE).exists() else [Path(MODULE).name])


def raise_open_files_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))


def wrk(proxy, path, seconds, expect, threads=1, connections=32, fields=None):
    """Requests a second, p99 in ms and the proxy's own CPU seconds for 100,000 requests."""
    fields = fields or {"Host": HOST}
    probe(proxy, path, expect, fields)
    given = [argument for name, value in fields.items() for argument in ("-H", f"{name}: {value}")]
    before = proxy.cpu()
    run = subprocess.run(
        ["wrk", "--latency", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", *given,
         f"{'https' if proxy.https else 'http'}://127.0.0.1:{proxy.port}{path}"],
        capture_output=True, text=True, timeout=seconds + 30, stdin=subprocess.DEVNULL)
    used = proxy.cpu() - before
    text = run.stdout
    if run.returncode or "Socket errors" in text:
        raise RuntimeError(f"wrk: {text}{run.stderr}")
    requests = int(re.search(r"(\d+) requests in", text)[1])
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if (int(refused[1]) if refused else 0) != (requests if expect == 403 else 0):
        raise RuntimeError(f"not every answer was {expect}: {text}")
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", text)
    return {"requests/s": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
            "p99": float(p99[1]) * UNITS[p99[2]], "cpu": used * 100_000 / requests}


def fetch(proxy, path, fields):
    """Head and body of one answer."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    with connect(proxy) as connection:
        if proxy.https:
            connection = tls.client().wrap_socket(connection, server_hostname=HOST)
        connection.sendall(f"GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def probe(proxy, path, expect, fields):
    """What is about to be measured does what it should: the status, and the diagnosis where one is due."""
    head, body = fetch(proxy, path, fields)
    head = head.lower()
    diagnosed = "x-cos-diagnosis: " in head
    if f" {expect} " not in head.splitlines()[0] or diagnosed != (proxy.diagnoses and expect == 403):
        raise RuntimeError(f"{proxy.command[0]} on {path}, {expect} expected:\n{head}\n{body[:1000]!r}")


def connect(proxy):
    connection = socket.create_connection(("127.0.0.1", proxy.port))
    # Time limits of the kernel's: Python's own make the socket non-blocking, which sendfile cannot live with.
    for limit in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        connection.setsockopt(socket.SOL_SOCKET, limit, struct.pack("ll", 30, 0))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def get_large(proxy, seconds):
    """MiB/s of one connection that fetches the large object again and again."""
    request = f"GET /large HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    buffer = memoryview(bytearray(MIB))
    with connect(proxy) as connection:
        count, started = 0, time.monotonic()
        while count == 0 or time.monotonic() - started < seconds:
            connection.sendall(request)
            head, rest = read_head(connection)
            if b" 200 " not in head.splitlines()[0]:
                raise RuntimeError(head)
            left = OBJECT_MIB * MIB - len(rest)
            while left:
                received = connection.recv_into(buffer, min(left, MIB))
                if not received:
                    raise RuntimeError("the object ended early")
                left -= received
            count += 1
        return count * OBJECT_MIB / (time.monotonic() - started)


def put_large(proxy, seconds, source):
    """MiB/s of one connection that stores the large object again and again."""
    with open(source, "rb") as file, connect(proxy) as connection:
        count, started = 0, time.monotonic()
        while count == 0 or time.monotonic() - started < seconds:
            connection.sendall(f"PUT /put/large-{proxy.port} HTTP/1.1\r\nHost: {HOST}\r\n"
                               f"Content-Length: {OBJECT_MIB * MIB}\r\n\r\n".encode())
            sent = 0
            while sent < OBJECT_MIB * MIB:
                sent += os.sendfile(connection.fileno(), file.fileno(), sent, MIB)
            head, _ = read_head(connection)
            if b" 20" not in head.splitlines()[0]:
                raise RuntimeError(head)
            count += 1
        return count * OBJECT_MIB / (time.monotonic() - started)


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            raise RuntimeError(f"the connection ended in a head: {data!r}")
        data += chunk
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


@contextmanager
def idle_connections(proxy, count):
    """`count` kept connections that have each made one request."""
    request = f"GET /small HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    held = []
    try:
        for _ in range(count):
            connection = connect(proxy)
            held.append(connection)
            connection.sendall(request)
            _, rest = read_head(connection)
            while len(rest) < 1024:
                rest += connection.recv(65536)
        yield
    finally:
        for connection in held:
            connection.close()
