"""coscmd, the vendor's command line in Python."""

import re
import sys
from pathlib import Path

from command_line import CommandLine

COSCMD = Path(sys.executable).parent / "coscmd"


class Coscmd(CommandLine):
    name = "coscmd"
    modules = ("coscmd.cos_cmd",)
    # What is no larger it uploads whole, whatever it is told.
    part = 20 << 20
    ways = {
        "proxy": "http_proxy=http://127.0.0.1:8080 coscmd …, with schema = http",
        "connect": "https_proxy=http://127.0.0.1:8080 REQUESTS_CA_BUNDLE=ca.pem coscmd …",
        "mapped": "coscmd …, with endpoint = localhost:8080, schema = http",
        "localhost": "coscmd …, with endpoint = cos.R.localhost:8080, schema = http",
        "tls": "REQUESTS_CA_BUNDLE=ca.pem coscmd …, with endpoint = cos.R.localhost:8443",
    }
    asks_the_system_for_localhost = ("mapped", "localhost", "tls")
    # It asks for the head first, and prints the headers of that refusal, and no code.
    refusal = re.compile("(?P<code>'x-cos-diagnosis')")
    shows_code, shows_diagnosis = False, False

    def __init__(self, world, way):
        super().__init__(world, way)
        keys = world.keys
        endpoint = {"mapped": world.mapped, "localhost": world.localhost,
                    "tls": f"cos.{world.region}.localhost:{world.tls_port}"}.get(way)
        self.file(f"""[common]
secret_id = {keys.secret_id}
secret_key = {keys.secret_key}
{f"token = {keys.token}" if keys.token else ""}
bucket = {world.bucket}
{f"endpoint = {endpoint}" if endpoint else f"region = {world.region}"}
schema = {"https" if way in ("connect", "tls") else "http"}
part_size = 19
multiupload_threshold = 20
retry = 1
auto_switch_domain = False
""".encode(), ".cos.conf")
        trust = {"connect": world.intercept_ca, "tls": world.front_ca}.get(way)
        self.variables = {
            **({"http_proxy": world.proxy} if way == "proxy" else {}),
            **({"https_proxy": world.proxy} if way == "connect" else {}),
            **({"REQUESTS_CA_BUNDLE": str(trust)} if trust else {}),
        }

    def coscmd(self, *arguments):
        return self.run(COSCMD, *arguments, **self.variables)

    def put(self, key, data):
        self.coscmd("upload", self.file(data), key)

    multipart = put

    def get(self, key, headers="{}"):
        out = self.folder / "out"
        self.coscmd("download", "--force", "--headers", headers, key, out)
        return out.read_bytes()

    def list(self, prefix):
        lines = self.coscmd("list", "--recursive", prefix).decode().splitlines()
        return [line.strip().split("   ")[0] for line in lines if line.strip().startswith(prefix)]

    def delete(self, key):
        self.coscmd("delete", "--force", key)

    def presigned(self, key):
        return self.coscmd("signurl", key).decode().strip().removeprefix("b'").removesuffix("'")

    lacks = {"range": "it downloads whole objects"}

    @classmethod
    def missing(cls):
        return None if COSCMD.exists() else "coscmd is not installed: tests/run setup"
