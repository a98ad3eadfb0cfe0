"""Runs Python scripts in forks of a process that has their modules loaded: loading them takes longer than all they do.

As a program, `forked_script.py MODULE...`: reads JSON orders, one a line, and answers each with a line `answer JSON`."""

import contextlib
import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from subprocess import CompletedProcess

from ordered_process import ask_program


def run(modules, script, arguments, data, folder, variables):
    """As subprocess.run would; VARIABLES are the whole environment."""
    with tempfile.TemporaryDirectory(prefix="coswhy-") as streams:
        paths = [Path(streams, name) for name in ("stdin", "stdout", "stderr")]
        paths[0].write_bytes(data)
        order = {"script": str(script), "arguments": arguments, "folder": str(folder), "variables": variables,
                 "streams": [str(path) for path in paths]}
        code = ask_program((sys.executable, __file__, *modules), order)
        return CompletedProcess([script, *arguments], code, paths[1].read_bytes(), paths[2].read_bytes())


def fork(order, set_by_modules):
    """The script's exit code."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = in_the_fork(**order, set_by_modules=set_by_modules)
        finally:
            # Nothing of the parent's is flushed or closed a second time.
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_the_fork(script, arguments, folder, variables, streams, set_by_modules):
    signal.alarm(60)
    for number, path in enumerate(streams):
        stream = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(set_by_modules | variables)
    sys.argv = [script, *arguments]
    sys.stdin, sys.stdout, sys.stderr = (open(number, mode) for number, mode in ((0, "r"), (1, "w"), (2, "w")))
    code = 0
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    return code & 0xff


if __name__ == "__main__":
    before = dict(os.environ)
    for name in sys.argv[1:]:
        importlib.import_module(name)
    added = {name: value for name, value in os.environ.items() if name not in before}
    for line in sys.stdin:
        print(f"answer {json.dumps({'result': fork(json.loads(line), added)})}", flush=True)
