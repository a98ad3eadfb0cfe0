"""What an operator finds afterwards: the log line and the whole explanation, without secrets."""

import json
import re
import time
import urllib.request

import pytest

from client_curl import Curl, fetch
from client_python_sdk import PythonSdk
from refused import Refused, read_header


def lines(log_file, request_id, attempts=50):
    """The log lines of one request; the log may be a moment behind."""
    for _ in range(attempts):
        found = [json.loads(line) for line in log_file.read_text().splitlines() if request_id in line]
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"no log line for {request_id}")


def admin(world, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{world.admin_port}{path}", timeout=10) as answer:
        return json.loads(answer.read())


def test_the_header_leads_to_the_log_line_and_to_the_whole_explanation(world, key, log_file):
    _, headers, _ = fetch(world, world.url(key))
    header = read_header(headers["x-cos-diagnosis"])

    (line,) = lines(log_file, header.id)
    assert line["level"] == "WARN"
    assert (line["status"], line["cause"], line["confidence"]) == (403, header.cause, header.confidence)
    assert (line["method"], line["bucket"], line["key"]) == ("GET", world.bucket, key)
    assert line["cos_request_id"] == headers["x-cos-request-id"]

    newest = admin(world, "/diagnoses")["diagnoses"][0]
    assert (newest["id"], newest["cause"]) == (header.id, header.cause)
    whole = admin(world, f"/diagnoses/{header.id}")
    assert whole["diagnosis"]["cause"] == header.cause
    assert whole["diagnosis"]["checklist"]


def test_no_secret_reaches_the_log(world, key, log_file):
    token = "t0ken" * 20
    mistaken = world.with_keys(secret_key="wr0ng" * 6, token=token)
    for sort in (PythonSdk, Curl):
        with pytest.raises(Refused):
            sort(mistaken, "proxy").get(key)
        sort(world, "proxy").put(key, b"x")
    url = Curl(mistaken).presigned(key)
    _, headers, _ = fetch(world, url)
    lines(log_file, read_header(headers["x-cos-diagnosis"]).id)
    text = log_file.read_text()
    assert world.keys.secret_id not in text
    assert mistaken.keys.secret_key not in text
    assert token not in text
    assert not re.search(r"q-signature=[0-9a-f]{40}", text)
    assert re.search(r"q-signature=([0-9a-f]{40})", url)[1] not in text
