"""curl, with signatures by the vendor's SDK: what a person at a terminal does."""

import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import quote, urlencode

from qcloud_cos import CosConfig, CosS3Client

from refused import Refused, read_body


def fetch(world, url, *options, way="proxy", data=None):
    """`(status, headers, body)` of one request through coswhy."""
    address = (["--proxy", world.proxy] if way == "proxy"
               else ["--connect-to", f"::127.0.0.1:{world.proxy_port}"])
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
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        # With --head, curl writes the head where the body would go.
        return int(lines[0].split()[1]), headers, b"" if "--head" in options else body.read_bytes()


class Curl:
    def __init__(self, world, way="proxy"):
        self.world, self.way = world, way
        self.signer = CosS3Client(CosConfig(Region=world.region, SecretId=world.keys.secret_id,
                                            SecretKey=world.keys.secret_key, Token=world.keys.token,
                                            Scheme=world.scheme))

    def request(self, method, key="", params=None, data=None, sign=True, headers=()):
        params = params or {}
        options = ["--head"] if method == "HEAD" else ["--request", method]
        for header in headers:
            options += ["--header", header]
        if data is not None:
            options += ["--header", "Content-Type: application/octet-stream"]
        if sign:
            authorization = self.signer.get_auth(Method=method, Bucket=self.world.bucket, Key=key or "/", Params=params)
            options += ["--header", f"Authorization: {authorization}"]
            if self.world.keys.token:
                options += ["--header", f"x-cos-security-token: {self.world.keys.token}"]
        url = self.world.url(key, urlencode(params, quote_via=quote))
        status, answer, body = fetch(self.world, url, *options, way=self.way, data=data)
        if status >= 400:
            code, message, explanation = read_body(body) if body else (None, None, None)
            raise Refused(status, code, message, header=answer.get("x-cos-diagnosis"), explanation=explanation)
        return answer, body

    def put(self, key, data):
        self.request("PUT", key, data=data)

    def get(self, key):
        return self.request("GET", key)[1]

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
        return self.signer.get_presigned_url(Bucket=self.world.bucket, Key=key, Method="GET", Expired=300)
