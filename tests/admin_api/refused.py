"""Requests that the simulated COS refuses, each for another reason."""

import time

HOST = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com"
OWNER = "AKIDdemoOwner00000000000000000000001"


def signed(secret_id, begins=-60, ends=600):
    now = int(time.time())
    times = f"{now + begins};{now + ends}"
    return (f"q-sign-algorithm=sha1&q-ak={secret_id}&q-sign-time={times}&q-key-time={times}"
            f"&q-header-list=host&q-url-param-list=&q-signature={'0' * 40}")


def requests():
    """Method, target, header fields."""
    yield "GET", "/private.txt", {}
    yield "HEAD", "/private.txt", {}
    yield "GET", "/中 文.txt?x-cos-security-token=s3cret&sign=s3cret", {"Cookie": "s3cret"}
    yield "PUT", "/new.txt", {"Authorization": signed(OWNER)}
    yield "GET", "/old.txt", {"Authorization": signed(OWNER, -7200, -3600)}
    yield "GET", "/early.txt", {"Authorization": signed(OWNER, 3600, 7200)}
    yield "GET", "/stranger.txt", {"Authorization": signed("AKIDnobody00000000000000000000000001")}
    yield "GET", "/bad.txt", {"Authorization": "q-sign-algorithm=sha1&q-ak=" + OWNER}
