"""What a client is told: which bucket, whose keys, and where coswhy listens."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True)
class Keys:
    secret_id: str
    secret_key: str
    token: str | None = None


# The simulator's own, as `coswhy simulator` prints them.
OWNER = Keys("AKIDdemoOwner00000000000000000000001", "demoOwnerSecretKey00000000000001")
SUB_ACCOUNT = Keys("AKIDdemoSubAccount000000000000000002", "demoSubAccountSecretKey000000002")
TOKEN = "demoSecurityToken_0123456789-abcdefghijklmnopqrstuvwxyz"
TEMPORARY = Keys("AKIDdemoTemporary_000000000000000000000000000-0000000000000000000003",
                 "demoTemporarySecretKey0000000000000000000003", TOKEN)
READER = Keys("AKIDdemoTemporaryReader_00000000000000000000-00000000000000000000004",
              "demoTemporaryReaderSecretKey0000000000000004", TOKEN)


@dataclass(frozen=True)
class World:
    region: str
    bucket: str
    keys: Keys
    proxy_port: int
    admin_port: int
    tls_port: int = 0
    # What a client must trust to speak https: to coswhy's front, and inside intercepted tunnels.
    front_ca: Path | None = None
    intercept_ca: Path | None = None
    # The COS name's scheme as clients say it where nothing else is said. Plain http, for then they hand the whole
    # request to a proxy; coswhy itself goes on to COS by https.
    scheme: str = "http"

    @property
    def proxy(self):
        return f"http://127.0.0.1:{self.proxy_port}"

    @property
    def endpoint(self):
        """The host of the region, to which path-style requests go."""
        return f"cos.{self.region}.myqcloud.com"

    @property
    def host(self):
        return f"{self.bucket}.{self.endpoint}"

    # Addresses of coswhy's own, HOST:PORT; the port of https is another.

    @property
    def mapped(self):
        """Stands for the one bucket that the world begins with."""
        return f"localhost:{self.proxy_port}"

    @property
    def path_style(self):
        """Stands for the region: /BUCKET/key."""
        return f"127.0.0.1:{self.proxy_port}"

    @property
    def localhost(self):
        """The region's name below .localhost: before it stands the bucket, or after it in the path."""
        return f"cos.{self.region}.localhost:{self.proxy_port}"

    def url(self, key="", query=""):
        return f"{self.scheme}://{self.host}/{quote(key, safe='/-_.~')}" + (f"?{query}" if query else "")

    def with_bucket(self, bucket):
        return replace(self, bucket=bucket)

    def as_somebody(self, keys):
        return replace(self, keys=keys)

    def with_keys(self, **changes):
        return replace(self, keys=replace(self.keys, **changes))


# The keys that break signatures and paths in practice.
AWKWARD_KEYS = {
    "space": "two words.txt",
    "plus": "one+one.txt",
    "chinese": "目录/对象.txt",
    "marks": "~'()*.txt",
    "percent": "100%25 sure.txt",
    "all": "a b+c/中文 ~'()*&=@,;:$.txt",
}
