"""The server: it remembers each request with the verdict on it, and answers 200 or 403 accordingly."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import by_botocore, by_vendor_sdk
from .received import Received

BODY = b"verified by somebody else's code"


@dataclass
class Checked:
    port: int
    # `(received, fault)`, the newest last.
    seen: list = field(default_factory=list)

    @property
    def last(self):
        return self.seen[-1]


def fault(received, secret_keys):
    said = (received.header("authorization") or "") + received.target
    if "AWS4-HMAC-SHA256" in said:
        return by_botocore.fault(received, secret_keys)
    if "q-signature=" in said:
        return by_vendor_sdk.fault(received, secret_keys)
    return "there is no signature"


def handler(checked, secret_keys):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are written apart, and are not to wait for each other.
        disable_nagle_algorithm = True

        def answer(self):
            # self.path has lost slashes at its front; the request line has not.
            target = self.raw_requestline.decode("latin-1").split(" ")[1]
            received = Received(self.command, target, tuple(self.headers.items()), self.body())
            wrong = fault(received, secret_keys)
            checked.seen.append((received, wrong))
            # Only who reads an object expects text.
            body = wrong.encode() if wrong else BODY if self.command == "GET" else b""
            self.send_response(403 if wrong else 200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"0"')
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def body(self):
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            whole = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return whole

        def log_message(self, *_):
            pass

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = answer

    return Handler


@contextmanager
def checking(secret_keys):
    server = ThreadingHTTPServer(("127.0.0.1", 0), None)
    checked = Checked(server.server_port)
    server.RequestHandlerClass = handler(checked, secret_keys)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield checked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
