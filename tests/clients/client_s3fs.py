"""s3fs: a bucket mounted as a folder, by FUSE."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from client import Client, not_installed
from programs import environment
from refused import Refused, read_body
from s3_address import s3_address

FUSE = Path("/dev/fuse")
_mounts = {}


class S3fs(Client):
    name = "s3fs"
    # From somewhat more than 10 MiB on it uploads in parts of 5 MiB, the last of which has what is left.
    part = 11 << 20
    ways = {
        "proxy": "http_proxy=http://127.0.0.1:8080 s3fs B /mnt -o url=http://cos.R.myqcloud.com",
        "connect": "https_proxy=http://127.0.0.1:8080 CURL_CA_BUNDLE=ca.pem s3fs B /mnt -o url=https://cos.R.myqcloud.com",
        "mapped": "s3fs B /mnt -o url=http://localhost:8080",
        "path": "s3fs B /mnt -o url=http://127.0.0.1:8080 -o use_path_request_style",
        "localhost": "s3fs B /mnt -o url=http://cos.R.localhost:8080",
        "tls": "CURL_CA_BUNDLE=ca.pem s3fs B /mnt -o url=https://127.0.0.1:8443 -o use_path_request_style",
    }
    lacks = {"pre-signed URL": "a file system makes no URLs"}

    def __init__(self, world, way):
        super().__init__(world, way)
        which = (world, way)
        if which not in _mounts:
            _mounts[which] = Mount(world, s3_address(world, way))
        self.mount = _mounts[which]

    def path(self, key):
        return self.mount.path / key

    def put(self, key, data):
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    multipart = put

    def get(self, key):
        return self.path(key).read_bytes()

    def range(self, key, first, last):
        with self.path(key).open("rb", buffering=0) as file:
            file.seek(first)
            return file.read(last - first + 1)

    def list(self, prefix):
        return sorted(str(path.relative_to(self.mount.path))
                      for path in self.path(prefix).rglob("*") if path.is_file())

    def delete(self, key):
        self.path(key).unlink()

    @classmethod
    def stop(cls):
        while _mounts:
            _mounts.popitem()[1].unmount()

    @classmethod
    def missing(cls):
        try:
            os.close(os.open(FUSE, os.O_RDWR))
        except OSError as error:
            return f"{FUSE} can't be used: {error.strerror}"
        return not_installed("s3fs", "fusermount")


class Mount:
    def __init__(self, world, address):
        self.folder = Path(tempfile.mkdtemp(prefix="coswhy-s3fs-"))
        self.path = self.folder / "bucket"
        self.path.mkdir()
        passwords = self.folder / "passwd"
        passwords.write_text(f"{world.keys.secret_id}:{world.keys.secret_key}")
        passwords.chmod(0o600)
        # CURL_CA_BUNDLE is looked at only after a first try without it, and that counts.
        retries = 2 if address.secure else 1
        options = [f"url={address.endpoint}", f"endpoint={world.region}", f"passwd_file={passwords}",
                   "multipart_size=5", "sigv4", f"retries={retries}", "dbglevel=err",
                   *(["use_path_request_style"] if address.path_style else [])]
        self.log = (self.folder / "log").open("wb")
        # In the foreground, so that its end can be waited for.
        self.child = subprocess.Popen(
            ["s3fs", world.bucket, self.path, "-f", *(part for option in options for part in ("-o", option))],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=environment(**address.variables("CURL_CA_BUNDLE")))
        deadline = time.monotonic() + 20
        while not os.path.ismount(self.path):
            if self.child.poll() is not None:
                raise self.refusal()
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def refusal(self):
        """A bucket that can't be listed is not mounted; the log has COS's words."""
        log = (self.folder / "log").read_text()
        self.unmount()
        body = re.search("<\\?xml.*?</Error>", log, re.S)
        assert body, log
        code, message, explanation = read_body(body[0])
        return Refused(403, code, message, explanation=explanation)

    def unmount(self):
        subprocess.run(["fusermount", "-u", self.path], check=False, capture_output=True, stdin=subprocess.DEVNULL)
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.log.close()
        self.path.rmdir()
        shutil.rmtree(self.folder)
