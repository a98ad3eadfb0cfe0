"""Makes the recorded cases again: `tests/.venv/bin/python tests/accuracy/record/run.py [NAME...]`.

Needs what `tests/run setup` installs and a built coswhy. A name is the file's, or how it begins. Each case is one
client against the simulator, or against the answers that `server.py` gives in COS's format."""

import json
import sys
import tempfile
from pathlib import Path

import clients
from certificates import CURVE, issue
from certificates import run as openssl
from programs import binary, free_port, running
from recorded import CASES
from server import Cos

CASES_FOLDER = Path(__file__).resolve().parent.parent / "cases/recorded"


def main(wanted):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        openssl("req", "-x509", *CURVE, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=tests",
                folder=folder)
        names = [name for region in ("ap-guangzhou", "ap-shanghai", "ap-beijing", "accelerate")
                 for name in (f"DNS:*.cos.{region}.myqcloud.com", f"DNS:cos.{region}.myqcloud.com",
                              f"DNS:*.cos-website.{region}.myqcloud.com", f"DNS:*.ci.{region}.myqcloud.com",
                              f"DNS:*.pic.{region}.myqcloud.com")]
        issue(folder, "cos", [*names, "DNS:*.example.com", "DNS:service.cos.myqcloud.com"])
        for offset, its in by_clock().items():
            record(folder, offset, [case for case in its if not wanted or case.file.startswith(tuple(wanted))])
    write_index()


def by_clock():
    sorts = {}
    for case in CASES:
        sorts.setdefault(case.clock, []).append(case)
    return sorts


def record(folder, offset, cases):
    if not cases:
        return
    port = free_port()
    command = [binary(), "simulator", "--listen", f"127.0.0.1:{port}", "--clock-offset", offset]
    with running(command, port, folder / "simulator.out"):
        cos = Cos(port, folder / "cos.pem", folder / "cos.key")
        here = clients.Here(f"http://127.0.0.1:{cos.port}", folder / "ca.pem", simulator=port)
        for case in cases:
            with cos.answering(case.answer):
                text = case.run(case.where(here))
            CASES_FOLDER.mkdir(parents=True, exist_ok=True)
            (CASES_FOLDER / case.file).write_text(text)
            print(f"{case.file}: {len(text)} bytes, {text.strip().splitlines()[-1][:110] if text.strip() else 'NOTHING'}")
        cos.shutdown()


def write_index():
    rows = [{"file": case.file, "causes": case.causes, **({"among": case.among} if case.among else {}),
             "kind": case.kind, "made": case.made} for case in CASES]
    lines = ",\n ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (CASES_FOLDER / "index.json").write_text(f"[\n {lines}\n]\n")


if __name__ == "__main__":
    main(sys.argv[1:])
