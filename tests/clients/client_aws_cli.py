"""aws-cli 1, the S3 commands of AWS's own command line."""

import json
import sys
from pathlib import Path

from command_line import CommandLine
from s3_address import s3_address

AWS = Path(sys.executable).parent / "aws"
VIRTUAL = "s3 = addressing_style = virtual"


class AwsCli(CommandLine):
    name = "aws-cli"
    modules = ("awscli.clidriver", "awscli.handlers", "awscli.customizations.s3.s3")
    part = 5 << 20
    ways = {
        "proxy": f"http_proxy=http://127.0.0.1:8080 aws --endpoint-url http://cos.R.myqcloud.com s3 …, with {VIRTUAL}",
        "connect": f"https_proxy=http://127.0.0.1:8080 AWS_CA_BUNDLE=ca.pem aws --endpoint-url https://cos.R.myqcloud.com "
                   f"s3 …, with {VIRTUAL}",
        "mapped": f"aws --endpoint-url http://localhost:8080 s3 …, with {VIRTUAL}",
        "path": "aws --endpoint-url http://127.0.0.1:8080 s3 …",
        "localhost": f"aws --endpoint-url http://cos.R.localhost:8080 s3 …, with {VIRTUAL}",
        "tls": "AWS_CA_BUNDLE=ca.pem aws --endpoint-url https://127.0.0.1:8443 s3 …",
    }

    def __init__(self, world, way):
        super().__init__(world, way)
        self.address = s3_address(world, way)
        style = "path" if self.address.path_style else "virtual"
        # Without the last, it would send uploads over https in chunks with a checksum behind them, which COS refuses.
        self.file(f"""[default]
region = {world.region}
s3 =
  addressing_style = {style}
  multipart_threshold = {self.part}
  multipart_chunksize = {self.part}
request_checksum_calculation = {"when_required" if self.address.secure else "when_supported"}
""".encode(), "config")

    def aws(self, *arguments, data=b""):
        keys = self.world.keys
        token = {"AWS_SESSION_TOKEN": keys.token} if keys.token else {}
        return self.run(AWS, "--endpoint-url", self.address.endpoint, *arguments, data=data,
                        AWS_CONFIG_FILE=str(self.folder / "config"), AWS_ACCESS_KEY_ID=keys.secret_id,
                        AWS_SECRET_ACCESS_KEY=keys.secret_key, AWS_MAX_ATTEMPTS="1", AWS_EC2_METADATA_DISABLED="true",
                        **token, **self.address.variables("AWS_CA_BUNDLE"))

    def object(self, key):
        return f"s3://{self.world.bucket}/{key}"

    def put(self, key, data):
        self.aws("s3", "cp", "--quiet", self.file(data), self.object(key))

    multipart = put

    def get(self, key):
        # `s3 cp` asks for the head first, whose refusal says nothing.
        return self.api_get(key)

    def api_get(self, key, *more):
        out = self.folder / "out"
        self.aws("s3api", "get-object", "--bucket", self.world.bucket, "--key", key, *more, out)
        return out.read_bytes()

    def range(self, key, first, last):
        return self.api_get(key, "--range", f"bytes={first}-{last}")

    def list(self, prefix):
        answer = self.aws("s3api", "list-objects-v2", "--bucket", self.world.bucket, "--prefix", prefix)
        return [row["Key"] for row in json.loads(answer)["Contents"]]

    def delete(self, key):
        self.aws("s3", "rm", "--quiet", self.object(key))

    def presigned(self, key):
        return self.aws("s3", "presign", self.object(key), "--expires-in", "300").decode().strip()

    @classmethod
    def missing(cls):
        return None if AWS.exists() else "aws-cli is not installed: tests/run setup"
