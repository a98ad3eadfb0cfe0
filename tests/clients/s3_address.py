"""Where an S3 client is sent by each way in: what all of them have a setting for, each under a name of its own."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class S3Address:
    # SCHEME://HOST[:PORT], without a bucket.
    endpoint: str
    # Whether the bucket stands in the path, and not before the host's name.
    path_style: bool = False
    # coswhy as HTTP proxy.
    proxy: str | None = None
    # What the client must trust.
    trust: Path | None = None

    @property
    def secure(self):
        return self.endpoint.startswith("https:")

    @property
    def host(self):
        """HOST[:PORT]"""
        return self.endpoint.partition("//")[2]

    def variables(self, trusting):
        """Environment variables for the proxy, and TRUSTING for the authority: what most tools read."""
        found = {}
        if self.proxy:
            found["https_proxy" if self.secure else "http_proxy"] = self.proxy
        if self.trust:
            found[trusting] = str(self.trust)
        return found


def s3_address(world, way):
    return {
        "elsewhere": S3Address(f"http://{world.endpoint}"),
        "proxy": S3Address(f"http://{world.endpoint}", proxy=world.proxy),
        "connect": S3Address(f"https://{world.endpoint}", proxy=world.proxy, trust=world.intercept_ca),
        # The bucket's name before it stands for the bucket.
        "mapped": S3Address(f"http://{world.mapped}"),
        "path": S3Address(f"http://{world.path_style}", path_style=True),
        "localhost": S3Address(f"http://{world.localhost}"),
        "tls": S3Address(f"https://127.0.0.1:{world.tls_port}", path_style=True, trust=world.front_ca),
    }[way]
