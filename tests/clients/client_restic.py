"""restic: backups, encrypted, on minio-go."""

import json
import re

from client import not_installed
from command_line import CommandLine
from s3_address import s3_address

CHUNKS = "it signs chunk by chunk over http"


class Restic(CommandLine):
    name = "restic"
    ways = {
        "proxy": "http_proxy=http://127.0.0.1:8080 restic -o s3.bucket-lookup=dns -r s3:http://cos.R.myqcloud.com/B/backups …",
        "connect": "https_proxy=http://127.0.0.1:8080 restic --cacert ca.pem -o s3.bucket-lookup=dns "
                   "-r s3:https://cos.R.myqcloud.com/B/backups …",
        "tls": "restic --cacert ca.pem -r s3:https://127.0.0.1:8443/B/backups …",
    }
    no = {"mapped": CHUNKS, "path": CHUNKS, "localhost": CHUNKS}
    refusal = re.compile(r"(?P<code>Access Denied)")

    def __init__(self, world, way, folder):
        super().__init__(world, way)
        self.address = s3_address(world, way)
        self.repository = f"s3:{self.address.endpoint}/{world.bucket}/{folder}"

    def restic(self, *arguments, data=b""):
        keys = self.world.keys
        trust = ["--cacert", self.address.trust] if self.address.trust else []
        lookup = [] if self.address.path_style else ["-o", "s3.bucket-lookup=dns"]
        return self.run("restic", "--no-cache", "--repo", self.repository, *trust, *lookup, *arguments, data=data,
                        RESTIC_PASSWORD="a password", AWS_ACCESS_KEY_ID=keys.secret_id,
                        AWS_SECRET_ACCESS_KEY=keys.secret_key, **self.address.variables("UNUSED"))

    def use(self, data):
        """Everything that it does with a bucket; what it gave back."""
        self.restic("init")
        self.restic("backup", "--quiet", "--stdin", "--stdin-filename", "file", data=data)
        given = self.restic("dump", "latest", "file")
        self.restic("forget", "--quiet", "--prune", json.loads(self.restic("snapshots", "--json"))[0]["id"])
        assert json.loads(self.restic("snapshots", "--json")) == []
        return given

    def read(self):
        return self.restic("snapshots")

    @classmethod
    def missing(cls):
        return not_installed("restic")
