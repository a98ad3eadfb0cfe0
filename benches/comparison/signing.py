"""A client's signatures: COS's own as its SDKs make it, and S3's version 4; by one key, good for a day."""

import hashlib
import hmac
import time
from datetime import datetime, timezone

from .peers import HOST, REGION

SECRET_ID = "AKIDcompareOnly000000000000000000001"
SECRET_KEY = "compareOnlySecretKey000000000001"
EMPTY = hashlib.sha256(b"").hexdigest()


def _sha1(key, message):
    return hmac.new(key.encode(), message.encode(), hashlib.sha1).hexdigest()


def _sha256(key, message):
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


class QSign:
    """One GET for a virtual-host style name, Host signed as every SDK does."""

    def __init__(self):
        now = int(time.time())
        self.times = f"{now - 60};{now + 86400}"

    def fields(self, host, path):
        http_string = f"get\n{path}\n\nhost={host.replace(':', '%3A')}\n"
        digest = hashlib.sha1(http_string.encode()).hexdigest()
        signature = _sha1(_sha1(SECRET_KEY, self.times), f"sha1\n{self.times}\n{digest}\n")
        return {"Host": host, "Authorization":
                f"q-sign-algorithm=sha1&q-ak={SECRET_ID}&q-sign-time={self.times}&q-key-time={self.times}"
                f"&q-header-list=host&q-url-param-list=&q-signature={signature}"}


class SigV4:
    """One GET as S3 clients send it: Host, date and payload hash signed."""

    def __init__(self):
        self.date = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")

    def fields(self, host, path):
        day = self.date[:8]
        scope, names = f"{day}/{REGION}/s3/aws4_request", "host;x-amz-content-sha256;x-amz-date"
        request = f"GET\n{path}\n\nhost:{host}\nx-amz-content-sha256:{EMPTY}\nx-amz-date:{self.date}\n\n{names}\n{EMPTY}"
        key = f"AWS4{SECRET_KEY}".encode()
        for part in (day, REGION, "s3", "aws4_request"):
            key = _sha256(key, part)
        digest = hashlib.sha256(request.encode()).hexdigest()
        signature = _sha256(key, f"AWS4-HMAC-SHA256\n{self.date}\n{scope}\n{digest}").hex()
        return {"Host": host, "x-amz-date": self.date, "x-amz-content-sha256": EMPTY, "Authorization":
                f"AWS4-HMAC-SHA256 Credential={SECRET_ID}/{scope}, SignedHeaders={names}, Signature={signature}"}


def settings(folder):
    """What coswhy must know to sign anew: the key, and path style at its own address."""
    file = folder / "secret-key"
    file.write_text(SECRET_KEY)
    file.chmod(0o600)
    return f"""[[keys]]
secret_id = "{SECRET_ID}"
secret_key_file = "{file}"
[[map]]
host = "127.0.0.1"
region = "{REGION}"
"""


class Ask:
    """What a client asks of a proxy: the target and the fields; and what must come out of it at COS's side."""

    def __init__(self, target, fields, wanted):
        self.target, self.fields, self.wanted = target, fields, wanted


def asks(signer, proxy_port):
    """The same object asked for by COS's own name, which passes as it is, and by an address of coswhy's own."""
    bucket = HOST.split(".")[0]
    at_cos = signer.fields(HOST, "/small")
    plain = Ask("/small", at_cos, at_cos["Authorization"])
    if isinstance(signer, QSign):
        target, own = "/small", f"{bucket}.cos.{REGION}.localhost:{proxy_port}"
    else:
        target, own = f"/{bucket}/small", f"127.0.0.1:{proxy_port}"
    return plain, Ask(target, signer.fields(own, target), at_cos["Authorization"])
