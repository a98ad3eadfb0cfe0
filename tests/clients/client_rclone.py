"""rclone with its S3 backend: provider TencentCOS, and Other where the bucket stands in the path."""

import re

from client import not_installed
from command_line import CommandLine
from s3_address import s3_address


class Rclone(CommandLine):
    name = "rclone"
    part = 5 << 20
    ways = {
        "proxy": "provider = TencentCOS, endpoint = http://cos.R.myqcloud.com; http_proxy=http://127.0.0.1:8080",
        "connect": "provider = TencentCOS, endpoint = cos.R.myqcloud.com; https_proxy=http://127.0.0.1:8080, "
                   "--ca-cert ca.pem",
        "mapped": "provider = TencentCOS, endpoint = http://localhost:8080",
        "path": "provider = Other, endpoint = http://127.0.0.1:8080",
        "localhost": "provider = TencentCOS, endpoint = http://cos.R.localhost:8080",
        "tls": "provider = Other, endpoint = https://127.0.0.1:8443; --ca-cert ca.pem",
    }
    # It asks for the head first, whose refusal has no body; --dump headers shows the diagnosis.
    shows_code, shows_diagnosis = False, True
    refusal = re.compile("(?P<code>Forbidden)")

    def __init__(self, world, way):
        super().__init__(world, way)
        self.address = s3_address(world, way)
        keys = world.keys
        self.file(f"""[cos]
type = s3
provider = {"Other" if self.address.path_style else "TencentCOS"}
endpoint = {self.address.endpoint}
region = {world.region}
access_key_id = {keys.secret_id}
secret_access_key = {keys.secret_key}
{f"session_token = {keys.token}" if keys.token else ""}
no_check_bucket = true
upload_cutoff = 5M
chunk_size = 5M
""".encode(), "rclone.conf")

    def rclone(self, *arguments, data=b""):
        trust = ["--ca-cert", self.address.trust] if self.address.trust else []
        return self.run("rclone", "--config", self.folder / "rclone.conf", "--retries", "1", "--low-level-retries", "1",
                        *trust, *arguments, data=data, **self.address.variables("UNUSED"))

    def object(self, key):
        return f"cos:{self.world.bucket}/{key}"

    def put(self, key, data):
        self.rclone("copyto", self.file(data), self.object(key))

    multipart = put

    def get(self, key):
        return self.rclone("cat", "--dump", "headers", self.object(key))

    def range(self, key, first, last):
        return self.rclone("cat", "--offset", first, "--count", last - first + 1, self.object(key))

    def list(self, prefix):
        names = self.rclone("lsf", "--recursive", "--files-only", self.object(prefix)).decode().splitlines()
        return [prefix + name for name in sorted(names)]

    def delete(self, key):
        self.rclone("deletefile", self.object(key))

    def presigned(self, key):
        return self.rclone("link", "--expire", "5m", self.object(key)).decode().strip()

    @classmethod
    def missing(cls):
        return not_installed("rclone")
