"""The certificates of a test run: COS's own, that of coswhy's https front, and the authority that opens tunnels."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from programs import binary


@dataclass(frozen=True)
class Certificates:
    # The authority of the next two: what coswhy and its clients are told to trust.
    authority: Path
    cos: Path
    cos_key: Path
    front: Path
    front_key: Path
    # The authority of intercepted tunnels.
    intercept: Path
    intercept_key: Path


def certificates(folder, region):
    run("req", "-x509", *CURVE, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=coswhy tests",
        folder=folder)
    cos = [f"DNS:*.cos.{region}.myqcloud.com", f"DNS:cos.{region}.myqcloud.com"]
    issue(folder, "cos", cos)
    issue(folder, "front", [*cos, f"DNS:*.cos.{region}.localhost", f"DNS:cos.{region}.localhost", "DNS:localhost",
                            "IP:127.0.0.1"])
    subprocess.run([binary(), "ca", "new", folder / "intercept"], check=True, capture_output=True,
                   stdin=subprocess.DEVNULL)
    return Certificates(folder / "ca.pem", folder / "cos.pem", folder / "cos.key", folder / "front.pem",
                        folder / "front.key", folder / "intercept/ca.pem", folder / "intercept/ca-key.pem")


CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def issue(folder, name, names):
    """NAME.pem and NAME.key, a server's certificate for these names."""
    run("req", *CURVE, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", folder=folder)
    (folder / f"{name}.ext").write_text(
        f"basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName={','.join(names)}\n")
    run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
        "-extfile", f"{name}.ext", "-out", f"{name}.pem", folder=folder)


def run(*arguments, folder):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)
