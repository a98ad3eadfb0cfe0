"""s3cmd, from PyPI."""

import re
import sys
from pathlib import Path

from command_line import CommandLine
from s3_address import s3_address

S3CMD = Path(sys.executable).parent / "s3cmd"


class S3cmd(CommandLine):
    name = "s3cmd"
    part = 5 << 20
    ways = {
        "proxy": "host_base = cos.R.myqcloud.com, host_bucket = %(bucket)s.cos.R.myqcloud.com, use_https = False, "
                 "proxy_host = 127.0.0.1, proxy_port = 8080",
        "connect": "host_base = cos.R.myqcloud.com, host_bucket = %(bucket)s.cos.R.myqcloud.com, "
                   "proxy_host = 127.0.0.1, proxy_port = 8080, ca_certs_file = ca.pem",
        "mapped": "host_base = localhost:8080, host_bucket = %(bucket)s.localhost:8080, use_https = False",
        "path": "host_base = 127.0.0.1:8080, host_bucket = 127.0.0.1:8080, use_https = False",
        "localhost": "host_base = cos.R.localhost:8080, host_bucket = %(bucket)s.cos.R.localhost:8080, "
                     "use_https = False",
        "tls": "host_base = 127.0.0.1:8443, host_bucket = 127.0.0.1:8443, ca_certs_file = ca.pem",
    }
    # It asks for the head first, whose refusal has no body.
    refusal = re.compile(r"403 \((?P<code>Forbidden)\)")
    shows_code = False

    def __init__(self, world, way):
        super().__init__(world, way)
        address, keys = s3_address(world, way), world.keys
        proxy_host, _, proxy_port = (address.proxy or "").removeprefix("http://").partition(":")
        self.file(f"""[default]
access_key = {keys.secret_id}
secret_key = {keys.secret_key}
access_token = {keys.token or ""}
bucket_location = {world.region}
host_base = {address.host}
host_bucket = {address.host if address.path_style else f"%(bucket)s.{address.host}"}
use_https = {address.secure}
{f"proxy_host = {proxy_host}" if proxy_host else ""}
{f"proxy_port = {proxy_port}" if proxy_host else ""}
{f"ca_certs_file = {address.trust}" if address.trust else ""}
signature_v2 = False
signurl_use_https = {address.secure}
multipart_chunk_size_mb = 5
max_retries = 1
""".encode(), "s3cfg")

    def s3cmd(self, *arguments):
        return self.run(sys.executable, S3CMD, "--config", self.folder / "s3cfg", *arguments)

    def object(self, key):
        return f"s3://{self.world.bucket}/{key}"

    def put(self, key, data):
        self.s3cmd("put", "--quiet", "--no-guess-mime-type", self.file(data), self.object(key))

    multipart = put

    def get(self, key):
        out = self.folder / "out"
        self.s3cmd("get", "--quiet", "--force", self.object(key), out)
        return out.read_bytes()

    def range(self, key, first, last):
        # It can only go on where a file ends.
        out = self.file(b"." * first, "out")
        self.s3cmd("get", "--quiet", "--continue", self.object(key), out)
        return out.read_bytes()[first:last + 1]

    def list(self, prefix):
        lines = self.s3cmd("ls", "--recursive", self.object(prefix)).decode().splitlines()
        return [line.partition(self.object(""))[2] for line in lines]

    def delete(self, key):
        self.s3cmd("del", "--quiet", self.object(key))

    def presigned(self, key):
        return self.s3cmd("signurl", self.object(key), "+300").decode().strip()

    @classmethod
    def missing(cls):
        return None if S3CMD.exists() else "s3cmd is not installed: tests/run setup"
