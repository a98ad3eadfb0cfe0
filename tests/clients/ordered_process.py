"""A process (Node.js, Go, Python) that takes JSON orders, one a line, and answers each with a line: starting one a call is
slow."""

import atexit
import base64
import json
import subprocess
from pathlib import Path

from programs import environment
from refused import Refused, read_element

FOLDER = Path(__file__).parent / "node"
_running = {}


def ask(script, order, **variables):
    """What the script answers."""
    return ask_program(("node", FOLDER / script), order, **variables)


def ask_program(command, order, **variables):
    """The answer's result; a refusal is raised. Processes are shared by what they run and in which environment."""
    which = (command, tuple(sorted(variables.items())))
    child = _running.get(which)
    if child is None or child.poll() is not None:
        child = _running[which] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=FOLDER,
            env=environment(**variables))
    child.stdin.write(json.dumps(order) + "\n")
    child.stdin.flush()
    for line in child.stdout:
        # SDKs print things of their own.
        if line.startswith("answer "):
            return _read(json.loads(line.removeprefix("answer ")))
    raise AssertionError(f"{command} ended with {child.wait()}")


def _read(answer):
    if "broken" in answer:
        raise AssertionError(answer["broken"])
    if "refused" in answer:
        refused = answer["refused"]
        element = refused.get("element")
        raise Refused(refused["status"], refused.get("code"), refused.get("message"), header=refused.get("header"),
                      explanation=read_element(element) if element else None)
    return answer["result"]


def encoded(data):
    return base64.b64encode(data).decode()


def decoded(text):
    return base64.b64decode(text)


def end(command):
    """Ends it before the tests do, where what it uses goes away."""
    for which in [which for which in _running if which[0] == command]:
        _close(_running.pop(which))


def _close(child):
    child.stdin.close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()


@atexit.register
def _close_all():
    for child in _running.values():
        _close(child)
