"""deploy/logrotate, by the real logrotate while requests come in: not a line is lost."""

import gzip
import json
import os
import subprocess
import threading

from conftest import ROOT, Running, needs, quiet_environment, run

pytestmark = needs("logrotate")
CONFIGURATION = ROOT / "deploy/logrotate/coswhy"


def installed(tmp_path, pid):
    """The file for another folder, and a systemctl that tells the coswhy of this test."""
    file = tmp_path / "logrotate.conf"
    file.write_text(CONFIGURATION.read_text().replace("/var/log/coswhy", str(tmp_path / "log")))
    file.chmod(0o644)
    systemctl = tmp_path / "bin/systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(
        f'#!/bin/sh\n[ "$*" = "kill --kill-who=main --signal=HUP coswhy.service" ] && kill -HUP {pid}\n'
    )
    systemctl.chmod(0o755)
    environment = os.environ | {"PATH": f"{systemctl.parent}:{os.environ['PATH']}:/usr/sbin"}

    def logrotate(*words):
        done = subprocess.run(
            ["logrotate", "--state", tmp_path / "state", *words, file], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0 and "error" not in done.stderr, done.stderr
        return done.stderr

    return logrotate


def test_not_a_line_is_lost(coswhy, tmp_path):
    folder = tmp_path / "log"
    folder.mkdir(mode=0o750)
    settings = quiet_environment(COSWHY_LOG__FILE=str(folder / "coswhy.log"), COSWHY_LOG__FORMAT="json")
    asked, enough = [], threading.Event()

    def ask(thread):
        while not enough.is_set():
            path = f"/{thread}-{len(asked)}"
            assert running.status(path, host="elsewhere.example") == 421
            asked.append(path)

    with Running([coswhy, "serve"], settings) as running:
        logrotate = installed(tmp_path, running.process.pid)
        assert "rotating pattern" in logrotate("--debug")
        askers = [threading.Thread(target=ask, args=[number]) for number in range(4)]
        for asker in askers:
            asker.start()
        for _ in range(5):
            count = len(asked)
            while len(asked) < count + 50:
                enough.wait(0.01)
            logrotate("--force")
        count = len(asked)
        while len(asked) < count + 50:
            enough.wait(0.01)
        enough.set()
        for asker in askers:
            asker.join()
    files = sorted(folder.iterdir())
    assert len(files) == 6 and sum(file.suffix == ".gz" for file in files) == 4, files
    lines = []
    for file in files:
        opened = gzip.open(file, "rt") if file.suffix == ".gz" else open(file)
        with opened:
            lines += [json.loads(line) for line in opened]
    logged = sorted(line["path"] for line in lines if "path" in line)
    assert logged == sorted(asked)
    print(f"| {len(asked)} requests over 5 rotations")
