"""The Go programs under go/src, built in GOPATH mode: Debian's packages hold the SDKs' sources, and no module proxy is
asked for anything."""

import functools
import os
import subprocess
from pathlib import Path

from client import not_installed
from programs import ROOT, environment

FOLDER = Path(__file__).parent / "go"
SOURCES = Path("/usr/share/gocode")


@functools.cache
def built(name):
    """The program's path. Go's own cache makes a second build cheap."""
    out = ROOT / "target" / "tests-go" / name
    subprocess.run(["go", "build", "-o", out, f"./src/{name}"], cwd=FOLDER, check=True, stdin=subprocess.DEVNULL,
                   env=environment(GO111MODULE="off", GOFLAGS="", GOPATH=f"{FOLDER}{os.pathsep}{SOURCES}"))
    return out


def missing(package):
    """Why a program that imports PACKAGE can't be built here, if it can't."""
    if not (SOURCES / "src" / package).is_dir():
        return f"Debian's package with {package} is not installed"
    return not_installed("go")
