"""Chromium: what its devtools export and what its console says."""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from clients import TESTS, presigned
from situations import *  # noqa: F403

OBJECT = "https://@HOST@/hello.txt"
PUT = "<script>fetch('@URL@', {method: 'PUT', headers: {'x-cos-meta-a': '1'}, body: 'x'}).catch((error) => console.error(error))</script>"


def browser(what, html="", visit=None, sign=None):
    """`what`: the HAR, the console's lines, or the text that the tab shows."""
    def run(here):
        url = sign(here) if sign else OBJECT.replace("@HOST@", here.host)
        with tempfile.TemporaryDirectory(prefix="rec-") as home:
            order = {"home": home, "proxy": here.proxy, "html": "<!doctype html><link rel=icon href=data:,>" + html.replace("@URL@", url),
                     "visit": url if visit else None,
                     "referer": visit if isinstance(visit, str) else None}
            modules = (TESTS / "clients/node/node_modules").resolve()
            done = subprocess.run(["node", Path(__file__).parent / "browser.js", json.dumps(order)], capture_output=True, timeout=90,
                                  text=True, env={**os.environ, "NODE_PATH": str(modules)})
            assert done.returncode == 0, done.stderr
        return re.sub(r"localhost:\d{5}", "localhost:5173", json.loads(done.stdout)[what]) + "\n"
    return run


def row(name, how, causes, run, **more):
    return dict(file=name, kind="browser", made=f"Chromium 156, {how}", causes=causes, run=run, **more)


ROWS = [
    row("tab-anonymous.har", "HAR of a tab", ["anonymous-access-denied", "permission-denied"], browser("har", visit=True)),
    row("tab-anonymous.txt", "what the tab shows", ["anonymous-access-denied", "permission-denied"], browser("page", visit=True)),
    row("tab-expired.har", "HAR of a tab", ["signature-expired"], browser("har", visit=True, sign=presigned("hello.txt")), clock=4000),
    row("tab-wrong-key.har", "HAR of a tab", ["signature-secret-wrong", "signature-mismatch"],
        browser("har", visit=True, sign=presigned("hello.txt")), where=wrong_secret),
    row("tab-missing.har", "HAR of a tab", ["key-not-found"], browser("har", visit=True, sign=presigned("none.txt"))),
    row("tab-referer.har", "HAR of a link from another site", ["referer-denied"], browser("har", visit="https://forum.example.com/"),
        where=bucket("referer")),
    row("tab-archived.har", "HAR of a tab", ["object-archived"], browser("har", visit=True), where=bucket("archive")),
    row("tab-arrears.har", "HAR of a tab", ["account-in-arrears"], browser("har", visit=True), where=bucket("arrears")),
    row("fetch-put.har", "HAR of a page that uploads", ["cors-not-allowed"], browser("har", PUT)),
    row("fetch-put-console.txt", "console of a page that uploads", ["cors-not-allowed"], browser("console", PUT)),
    row("fetch-get-console.txt", "console of a page that reads", ["cors-not-allowed"],
        browser("console", "<script>fetch('@URL@').catch((error) => console.error(error))</script>"), where=bucket("public")),
    row("fetch-get-allowed.har", "HAR of a page that reads", ["cors-not-allowed"],
        browser("har", "<script>fetch('@URL@')</script>", sign=presigned("hello.txt"))),
    row("nginx.har", "HAR of a tab", ["not-from-cos"], browser("har", visit=True), answer=NGINX),
]
