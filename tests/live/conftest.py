"""coswhy with its defaults, so by https to COS itself."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "clients"))

from programs import binary, free_port, running  # noqa: E402
from world import Keys, World  # noqa: E402

# coswhy must not take these for settings of its own, nor print them.
LIVE = {name: os.environ.get(f"COSWHY_LIVE_{name}") for name in ("BUCKET", "REGION", "SECRET_ID", "SECRET_KEY", "TOKEN")}


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    if not LIVE["BUCKET"]:
        pytest.skip("COSWHY_LIVE_BUCKET is not set (tests/live/README.md)")
    missing = [name for name in ("REGION", "SECRET_ID", "SECRET_KEY") if not LIVE[name]]
    assert not missing, f"not set: {', '.join('COSWHY_LIVE_' + name for name in missing)}"
    folder, listen, admin = tmp_path_factory.mktemp("coswhy"), free_port(), free_port()
    command = [binary(), "serve", "--listen", f"127.0.0.1:{listen}", "--admin", f"127.0.0.1:{admin}"]
    with running(command, listen, folder / "coswhy.log"):
        keys = Keys(LIVE["SECRET_ID"], LIVE["SECRET_KEY"], LIVE["TOKEN"])
        yield World(LIVE["REGION"], LIVE["BUCKET"], keys, listen, admin)


@pytest.fixture
def prefix():
    return "coswhy-test"


from roster import client, key, make  # noqa: E402, F401
