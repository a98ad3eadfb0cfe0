"""q-sign, by the signer of cos-python-sdk-v5: it signs the request as it came once more, at the time and over the
names that the signature says, and must arrive at the same signature."""

import threading
from types import SimpleNamespace
from unittest import mock
from urllib.parse import quote, unquote

from qcloud_cos import CosConfig, cos_auth

# The SDK's signer reads the clock by itself: no two threads may move it at once.
CLOCK = threading.Lock()


def fault(received, secret_keys):
    """What is wrong with the signature, or None."""
    given = received.header("authorization")
    if given is None:
        given = "&".join(f"{name}={unquote(value)}" for name, value in received.pairs if name.startswith("q-"))
    said = dict(pair.partition("=")[::2] for pair in given.split("&"))
    if said.get("q-ak") not in secret_keys:
        return f"the key {said.get('q-ak')} is not known"
    if said["q-sign-time"] != said["q-key-time"]:
        return "this SDK has one time for both"
    names = said["q-header-list"].split(";")
    headers = signed_headers(received, names)
    params = signed_params(received, said["q-url-param-list"].split(";"))
    start, end = map(int, said["q-sign-time"].split(";"))
    # It backdates by a minute.
    now = start + 60
    config = CosConfig(Region="any", SecretId=said["q-ak"], SecretKey=secret_keys[said["q-ak"]])
    signer = cos_auth.CosS3Auth(config, unquote(received.path), params, end - now, sign_host="host" in names)
    request = SimpleNamespace(method=received.method, url=f"http://{received.host}{received.target}", headers=headers)
    with CLOCK, mock.patch.object(cos_auth, "time", SimpleNamespace(time=lambda: now)):
        again = signer(request).headers["Authorization"]
    if again != given:
        return f"the SDK signs {again}, not {given}"
    return None


def encoded(name):
    return quote(name, safe="-_.~").lower()


def signed_headers(received, names):
    """All but the host, which the SDK takes from the URL, without its port."""
    found = {}
    for name, value in received.headers:
        if encoded(name) in names and name.lower() != "host":
            found[name] = found[name] + "," + value if name in found else value
    return found


def signed_params(received, names):
    decoded = {unquote(name): unquote(value) for name, value in received.pairs}
    return {name: value for name, value in decoded.items() if encoded(name) in names}
