"""cos-js-sdk-v5, the vendor's SDK for browsers, in a page that Chromium shows."""

import base64
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

from client import not_installed
from client_curl import Curl
from ordered_process import FOLDER, ask_program, end
from programs import free_port
from vendor_calls import VendorCalls

_browsers = {}


class BrowserSdk(VendorCalls):
    name = "cos-js-sdk-v5 in Chromium"
    ways = {
        "elsewhere": "new COS({Protocol: 'http:'}), "
                     "chromium --host-resolver-rules='MAP *.myqcloud.com 127.0.0.1:8080'",
        "proxy": "new COS({Protocol: 'http:'}), chromium --proxy-server=http://127.0.0.1:8080",
        "connect": "new COS({Protocol: 'https:'}), chromium --proxy-server=http://127.0.0.1:8080",
        "mapped": "new COS({Protocol: 'http:', Domain: 'localhost:8080'})",
        "localhost": "new COS({Protocol: 'http:', Domain: '{Bucket}.cos.{Region}.localhost:8080'})",
        "tls": "new COS({Protocol: 'https:', Domain: '{Bucket}.cos.{Region}.localhost:8443'})",
    }
    # Where it is to give bytes, the SDK does not read a refusal's body; `test_browser.py` has what it does read.
    shows_code = False
    asks_the_system_for_localhost = ()

    def __init__(self, world, way):
        super().__init__(world, way)
        template = "{Bucket}.cos.{Region}.localhost"
        self.options = self.keys_and(**{
            "elsewhere": {"Protocol": "http:"},
            "proxy": {"Protocol": "http:"},
            "connect": {"Protocol": "https:"},
            "mapped": {"Protocol": "http:", "Domain": world.mapped},
            "localhost": {"Protocol": "http:", "Domain": f"{template}:{world.proxy_port}"},
            "tls": {"Protocol": "https:", "Domain": f"{template}:{world.tls_port}"},
        }[way])
        # One Chromium for each set of flags.
        sort = way if way in ("elsewhere", "proxy", "connect") else "direct"
        if (sort, world.proxy_port) not in _browsers:
            _browsers[sort, world.proxy_port] = Browser(world, sort)
        self.browser = _browsers[sort, world.proxy_port]

    def ask(self, order):
        return ask_program(self.browser.command, order)

    def protocol(self):
        """That of the last answer."""
        return self.ask({"call": "protocol"})

    @classmethod
    def stop(cls):
        while _browsers:
            _browsers.popitem()[1].stop()

    @classmethod
    def missing(cls):
        return not_installed("chromium", "certutil", "node")


class Browser:
    def __init__(self, world, sort):
        self.home = tempfile.TemporaryDirectory(prefix="coswhy-chromium-")
        trust(self.home.name, world.front_ca, world.intercept_ca)
        flags = {
            # Whatever is not on this machine is not there.
            "elsewhere": [f"--host-resolver-rules=MAP *.myqcloud.com 127.0.0.1:{world.proxy_port}, "
                          "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
            "direct": ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost"],
        }.get(sort, [f"--proxy-server={world.proxy}"])
        port = free_port()
        order = json.dumps({"home": self.home.name, "port": port, "flags": flags})
        self.command = ("node", FOLDER / "browser.js", order)
        allow_origins(world)

    def stop(self):
        end(self.command)
        self.home.cleanup()


def trust(home, *authorities):
    """As `coswhy ca new` says it for Chrome on Linux."""
    store = Path(home, ".pki/nssdb")
    store.mkdir(parents=True)
    subprocess.run(["certutil", "-d", f"sql:{store}", "-N", "--empty-password"], check=True, stdin=subprocess.DEVNULL)
    for number, authority in enumerate(authorities):
        subprocess.run(["certutil", "-d", f"sql:{store}", "-A", "-t", "C,,", "-n", f"coswhy {number}", "-i", authority],
                       check=True, stdin=subprocess.DEVNULL)


def allow_origins(world):
    """The bucket's CORS rules: the one that the simulator begins with, and one for pages of this machine."""
    methods = "".join(f"<AllowedMethod>{method}</AllowedMethod>" for method in ("GET", "PUT", "POST", "HEAD", "DELETE"))
    rules = "".join(
        f"<CORSRule><AllowedOrigin>{origin}</AllowedOrigin>{methods}<AllowedHeader>*</AllowedHeader>"
        f"<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule>"
        for origin in ("https://app.example.com", "http://127.0.0.1:*"))
    body = f"<CORSConfiguration>{rules}</CORSConfiguration>".encode()
    md5 = base64.b64encode(hashlib.md5(body).digest()).decode()
    Curl(world, "elsewhere").request("PUT", params={"cors": ""}, data=body, headers=[f"Content-MD5: {md5}"])
