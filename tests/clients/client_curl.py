"""curl, with signatures by the vendor's SDK: what a person at a terminal does."""

import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import quote, urlencode

from qcloud_cos import CosConfig, CosS3Client

from client import Client
from refused import Refused, read_body


def fetch(world, url, *options, way="proxy", data=None):
    """`(status, headers, body)` of one request through coswhy; a URL that names coswhy itself is fetched as it is."""
    own = re.search(r"^https?://([^/:?]*\.)?(localhost|127\.0\.0\.1)[:/?]", url)
    address = [] if own else {
        "elsewhere": ["--connect-to", f"::127.0.0.1:{world.proxy_port}"],
        "proxy": ["--proxy", world.proxy],
        "connect": ["--proxy", world.proxy],
        "tls": ["--connect-to", f"::127.0.0.1:{world.tls_port}"],
    }[way]
    if url.startswith("https:"):
        address += ["--cacert", world.intercept_ca if way == "connect" else world.front_ca]
    with tempfile.TemporaryDirectory() as folder:
        head, body = Path(folder, "head"), Path(folder, "body")
        body.touch()
        run = subprocess.run(
            ["curl", "--silent", "--show-error", "--noproxy", "", "--max-time", "30", "--path-as-is", *address,
             "--dump-header", head, "--output", body, *options, *(["--data-binary", "@-"] if data is not None else []),
             url],
            input=data if data is not None else b"", capture_output=True, timeout=60)
        assert run.returncode == 0, run.stderr.decode()
        # An interim answer (100 Continue) has a head of its own before the last one.
        lines = re.split(r"\r?\n\r?\n", head.read_text("latin-1").strip())[-1].splitlines()
        headers = {":protocol": lines[0].split()[0]}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        # With --head, curl writes the head where the body would go.
        return int(lines[0].split()[1]), headers, b"" if "--head" in options else body.read_bytes()


class Curl(Client):
    name = "curl"
    ways = {
        "elsewhere": "curl --connect-to ::127.0.0.1:8080 http://B.cos.R.myqcloud.com/key",
        "proxy": "curl --proxy http://127.0.0.1:8080 http://B.cos.R.myqcloud.com/key",
        "connect": "curl --proxy http://127.0.0.1:8080 --cacert ca.pem https://B.cos.R.myqcloud.com/key",
        "mapped": "curl http://localhost:8080/key",
        "path": "curl http://127.0.0.1:8080/B/key",
        "localhost": "curl http://B.cos.R.localhost:8080/key",
        "tls": "curl --connect-to ::127.0.0.1:8443 --cacert ca.pem https://B.cos.R.myqcloud.com/key",
    }
    protocol = ()
    asks_the_system_for_localhost = ()

    def __init__(self, world, way="proxy"):
        super().__init__(world, way)
        scheme = "https" if way in ("connect", "tls") else "http"
        host, self.under = {"mapped": (world.mapped, ""), "path": (world.path_style, f"{world.bucket}/"),
                            "localhost": (f"{world.bucket}.{world.localhost}", "")}.get(way, (world.host, ""))
        self.base = f"{scheme}://{host}/{self.under}"
        # The vendor's signer puts the URL's host, without its port, into the signature.
        self.signer = CosS3Client(CosConfig(Region=world.region, SecretId=world.keys.secret_id,
                                            SecretKey=world.keys.secret_key, Token=world.keys.token, Scheme=scheme,
                                            Domain=host))

    def request(self, method, key="", params=None, data=None, sign=True, headers=()):
        params = params or {}
        options = ["--head"] if method == "HEAD" else ["--request", method]
        for header in headers:
            options += ["--header", header]
        if data is not None:
            options += ["--header", "Content-Type: application/octet-stream"]
        if sign:
            authorization = self.signer.get_auth(Method=method, Bucket=self.world.bucket, Key=self.under + key or "/",
                                                Params=params)
            options += ["--header", f"Authorization: {authorization}"]
            if self.world.keys.token:
                options += ["--header", f"x-cos-security-token: {self.world.keys.token}"]
        url = self.base + quote(key, safe="/-_.~") + (f"?{urlencode(params, quote_via=quote)}" if params else "")
        status, answer, body = fetch(self.world, url, *options, *self.protocol, way=self.way, data=data)
        if "--http2" in self.protocol:
            assert answer[":protocol"] == "HTTP/2"
        if status >= 400:
            code, message, explanation = read_body(body) if body else (None, None, None)
            raise Refused(status, code, message, header=answer.get("x-cos-diagnosis"), explanation=explanation)
        return answer, body

    def put(self, key, data):
        self.request("PUT", key, data=data)

    def get(self, key):
        return self.request("GET", key)[1]

    def range(self, key, first, last):
        return self.request("GET", key, headers=[f"Range: bytes={first}-{last}"])[1]

    def head(self, key):
        return int(self.request("HEAD", key)[0]["content-length"])

    def delete(self, key):
        self.request("DELETE", key)

    def list(self, prefix):
        root = ElementTree.fromstring(self.request("GET", params={"prefix": prefix})[1])
        return [element.text for element in root.iterfind("{*}Contents/{*}Key")]

    def multipart(self, key, data):
        started = ElementTree.fromstring(self.request("POST", key, {"uploads": ""}, data=b"")[1])
        upload, parts = started.findtext("{*}UploadId"), []
        for number, start in enumerate(range(0, len(data), 1 << 20), 1):
            answer, _ = self.request("PUT", key, {"partNumber": str(number), "uploadId": upload},
                                     data=data[start:start + (1 << 20)])
            parts.append(f"<Part><PartNumber>{number}</PartNumber><ETag>{answer['etag']}</ETag></Part>")
        whole = f"<CompleteMultipartUpload>{''.join(parts)}</CompleteMultipartUpload>"
        self.request("POST", key, {"uploadId": upload}, data=whole.encode())

    def presigned(self, key):
        return self.signer.get_presigned_url(Bucket=self.world.bucket, Key=self.under + key, Method="GET", Expired=300)


class CurlHttp2(Curl):
    name = "curl --http2"
    ways = {
        "connect": "curl --http2 --proxy http://127.0.0.1:8080 --cacert ca.pem https://B.cos.R.myqcloud.com/key",
        "tls": "curl --http2 --connect-to ::127.0.0.1:8443 --cacert ca.pem https://B.cos.R.myqcloud.com/key",
    }
    protocol = ("--http2",)
