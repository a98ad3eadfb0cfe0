"""An HTTP proxy that stands for COS: it answers as it is told, in COS's format, or else hands on to the simulator."""

import base64
import http.client
import ssl
import threading
import time
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

TRACE = "OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc0OWRkZjk0ZDM1NmI1M2E2MTRlY2MzZDhmNmI5MWI1OTQyYWVlY2QwZTk2MDVmZDQ3"


class Refusal:
    """A refusal of COS's; `page` gives it the shape of the vendor's troubleshooting page, the code as message."""

    def __init__(self, status, code, message, page=False, server_time=False, headers=(), more="", service="cos"):
        self.status, self.headers, self.more, self.service = status, dict(headers), more, service
        self.code, self.message = ("AccessDenied", code) if page else (code, message)
        self.server_time = server_time

    def answer(self, host, path):
        now = time.time()
        request_id = base64.b64encode(f"{int(now):x}_{0x0b40a8c0:x}_6aa5_{int(now * 1000) % 0xFFFFFF:x}".encode()).decode()
        fields = [("Code", self.code), ("Message", self.message)]
        if self.server_time:
            fields.append(("ServerTime", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))))
        fields += [("Resource", f"{host}{unquote(path).replace(' ', '+')}"), ("RequestId", request_id), ("TraceId", TRACE)]
        rows = "".join(f"\t<{name}>{escape(text)}</{name}>\n" for name, text in fields)
        body = f"<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n{rows}{self.more}</Error>\n"
        headers = {"Content-Type": "application/xml", "Server": f"tencent-{self.service}", "Date": formatdate(now, usegmt=True),
                   f"x-{self.service}-request-id": request_id, f"x-{self.service}-trace-id": TRACE, **self.headers}
        return self.status, headers, body.encode()


class Page:
    """An answer that is not COS's."""

    def __init__(self, status, body, **headers):
        self.status, self.body = status, body.encode()
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self, host, path):
        return self.status, {"Content-Type": "text/html", **self.headers}, self.body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        self.send_response(200, "Connection Established")
        self.end_headers()
        try:
            self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def handle_expect_100(self):
        # Refusals come before the body is asked for, as COS's do.
        self.close_connection = bool(self.server.scripted)
        return True if self.server.scripted else super().handle_expect_100()

    def any(self):
        target = urlsplit(self.path)
        host = target.netloc or self.headers["Host"]
        path = self.path[self.path.index(host) + len(host):] if target.netloc else self.path
        sent = b"" if self.server.scripted and "Expect" in self.headers else self.body()
        if self.server.scripted:
            status, headers, body = self.server.scripted.answer(host, path.partition("?")[0])
        else:
            status, headers, body = self.simulated(host, path, sent)
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_OPTIONS = any

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            data = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return data
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def simulated(self, host, path, sent):
        link = http.client.HTTPConnection("127.0.0.1", self.server.simulator, timeout=20)
        link.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("connection", "proxy-connection", "expect", "transfer-encoding", "host", "content-length"):
                link.putheader(name, value)
        link.putheader("Host", host)
        if sent or self.command in ("PUT", "POST"):
            link.putheader("Content-Length", str(len(sent)))
        link.endheaders(sent)
        answer = link.getresponse()
        body = answer.read()
        headers = {name: value for name, value in answer.getheaders()
                   if name.lower() not in ("content-length", "transfer-encoding", "connection")}
        link.close()
        return answer.status, headers, body


class Cos(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, simulator, certificate, key):
        super().__init__(("127.0.0.1", 0), Handler)
        self.simulator, self.scripted = simulator, None
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(certificate, key)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    @contextmanager
    def answering(self, scripted):
        self.scripted = scripted
        try:
            yield
        finally:
            self.scripted = None

    def handle_error(self, *_):
        pass
