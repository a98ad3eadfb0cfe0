"""What https needs: a certificate that both proxies show, and loads that speak it."""

import re
import ssl
import subprocess
import time

from .peers import HOST, OBJECT_MIB

CLIENTS = 4  # s_time does one handshake after the other: so many at once keep a server busy


class Certificate:
    """An ECDSA P-256 certificate for the bucket's name, signed by itself."""

    def __init__(self, folder):
        self.cert, self.key = folder / "tls.crt", folder / "tls.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
             "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
             "-keyout", str(self.key), "-out", str(self.cert)],
            check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)


def client():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _h2load(proxy, path, *arguments, seconds):
    before = proxy.cpu()
    run = subprocess.run(
        ["h2load", *arguments, f"--connect-to=127.0.0.1:{proxy.port}", f"https://{HOST}{path}"],
        capture_output=True, text=True, timeout=seconds * 4 + 60, stdin=subprocess.DEVNULL)
    used, text = proxy.cpu() - before, run.stdout
    good = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", text)
    failed = re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", text)
    if run.returncode or not good or int(good[1]) == 0 or any(map(int, good.groups()[1:] + failed.groups())):
        raise RuntimeError(f"h2load: {text}{run.stderr}")
    cipher = re.search(r"Cipher: (\S+)", text)[1]
    return int(good[1]), used, cipher, re.search(r"finished in ([\d.]+)(ms|s|us)", text)


def many_h2(proxy, seconds):
    """Small requests over HTTP/2: 32 connections, 10 streams at a time on each."""
    count, used, _, _ = _h2load(proxy, "/small", "-c32", "-m10", f"-D{seconds}", seconds=seconds)
    return {"requests/s": count / seconds, "cpu": used * 100_000 / count}


def large(proxy, seconds, version):
    """MiB/s of one connection that fetches the large object again and again, and the cipher."""
    times = max(2, round(seconds * 6))
    arguments = ["-c1", "-m1", f"-n{times}"] + (["--h1"] if version == 1 else [])
    count, used, cipher, finished = _h2load(proxy, "/large", *arguments, seconds=seconds)
    took = float(finished[1]) * {"s": 1, "ms": 1e-3, "us": 1e-6}[finished[2]]
    moved = count * OBJECT_MIB
    return {"MiB/s": moved / took, "cpu": used / moved * 1024, "cipher": cipher}


def handshakes(proxy, seconds, resumed):
    """Handshakes a second, each with one small request after it: full ones, or resumed from a session."""
    # what stands behind the path makes s_time's HTTP/1.0 request one with a Host
    path = f"/small HTTP/1.0\r\nHost: {HOST}\r\nX-Rest: "
    command = ["openssl", "s_time", "-connect", f"127.0.0.1:{proxy.port}", "-www", path,
               "-reuse" if resumed else "-new", "-time", str(seconds)]
    before, started = proxy.cpu(), time.monotonic()
    clients = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
               for _ in range(CLIENTS)]
    texts = [client.communicate(timeout=seconds * 4 + 60)[0].decode("latin-1") for client in clients]
    used, took, count = proxy.cpu() - before, time.monotonic() - started, 0
    for text in texts:
        done = re.search(r"(\d+) connections in (\d+) real seconds, (\d+) bytes", text)
        if not done or int(done[3]) < 1024:
            raise RuntimeError(f"s_time: {text[-2000:]}")
        kinds = re.search(r"^[r*t]+$", text, re.MULTILINE)
        again = kinds[0].count("r") if kinds else 0
        if (again < int(done[1]) * 0.99) if resumed else again:
            raise RuntimeError(f"{again} of {done[1]} handshakes of {proxy.command[0]} were resumed")
        count += int(done[1])
    return {"a second": count / took, "cpu": used * 10_000 / count}
